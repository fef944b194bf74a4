/* The journal as JSON. Contents are hexadecimal: files hold any bytes. It is read strictly: it
 * decides what is written as root. */
#include "audit/fix/journal.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/hash.h"
#include "base/os/json.h"
#include "report/document/view.h"

static const char *const kind_names[] =
		{[ENTRY_SYSCTL] = "sysctl", [ENTRY_FILE] = "file", [ENTRY_DIRECTORY] = "directory"};

struct entry *journal_find(const struct journal *journal, enum entry_kind kind, const char *name)
{
	for (size_t i = 0; i < journal->count; i++)
		if (journal->items[i].kind == kind && !strcmp(journal->items[i].name, name))
			return &journal->items[i];
	return NULL;
}

struct entry *journal_note(struct arena *arena,
		struct journal *journal,
		enum entry_kind kind,
		const char *name,
		const struct content *before,
		const char *after)
{
	struct entry *entry = journal_find(journal, kind, name);
	if (!entry) {
		journal->items = arena_grow(arena,
				journal->items,
				journal->count,
				&journal->capacity,
				sizeof *entry);
		entry = &journal->items[journal->count++];
		*entry = (struct entry){.kind = kind, .name = name, .before = *before};
	}
	for (size_t i = 0; after && i < entry->after_count; i++)
		if (!strcmp(entry->after[i], after))
			entry->after[i] = "\x7f"; /* moved to the end; nothing equals this */
	entry->pending = true;
	if (!after)
		return entry;
	entry->after = arena_grow(arena,
			entry->after,
			entry->after_count,
			&entry->after_capacity,
			sizeof *entry->after);
	entry->after[entry->after_count++] = after;
	return entry;
}

static const char *hex_of(struct arena *arena, const char *bytes, size_t length)
{
	return hex_encode(bytes, length, arena_alloc(arena, length * 2 + 1));
}

static bool journal_bytes_of(struct arena *arena,
		const cJSON *node,
		const char **ret_bytes,
		size_t *ret_length)
{
	const char *hex = cJSON_IsString(node) ? node->valuestring : NULL;
	size_t length = hex ? strlen(hex) : 1;
	if (length % 2)
		return false;
	char *out = arena_alloc(arena, length / 2 + 1);
	for (size_t i = 0; i < length; i += 2) {
		int high = ascii_hex_value(hex[i]);
		int low = ascii_hex_value(hex[i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i / 2] = (char)(high << 4 | low);
	}
	*ret_bytes = out;
	*ret_length = length / 2;
	return true;
}

static cJSON *entry_json(struct arena *arena, const struct entry *entry)
{
	cJSON *item = cJSON_CreateObject();
	const struct content *before = &entry->before;
	(void)cJSON_AddStringToObject(item, "kind", kind_names[entry->kind]);
	(void)cJSON_AddStringToObject(item, "name", entry->name);
	(void)cJSON_AddBoolToObject(item, "existed", before->exists);
	(void)cJSON_AddStringToObject(item, "before", hex_of(arena, before->bytes, before->length));
	(void)cJSON_AddNumberToObject(item, "mode", before->mode);
	(void)cJSON_AddNumberToObject(item, "uid", before->uid);
	(void)cJSON_AddNumberToObject(item, "gid", before->gid);
	(void)cJSON_AddNumberToObject(item, "modified_s", (double)before->modified.tv_sec);
	(void)cJSON_AddNumberToObject(item, "modified_ns", (double)before->modified.tv_nsec);
	cJSON *after = cJSON_AddArrayToObject(item, "after");
	for (size_t i = 0; i < entry->after_count; i++)
		if (entry->after[i][0] != 0x7f)
			(void)cJSON_AddItemToArray(after,
					cJSON_CreateString(hex_of(arena, entry->after[i], strlen(entry->after[i]))));
	return item;
}

bool journal_write(int root, struct arena *arena, const struct journal *journal, struct error *err)
{
	cJSON *tree = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(tree, "schema", "headroom.journal/1");
	(void)cJSON_AddStringToObject(tree, "plan", journal->plan);
	(void)cJSON_AddStringToObject(tree, "date", journal->date);
	(void)cJSON_AddStringToObject(tree, "tool", journal->tool);
	cJSON *entries = cJSON_AddArrayToObject(tree, "entries");
	for (size_t i = 0; i < journal->count; i++)
		(void)cJSON_AddItemToArray(entries, entry_json(arena, &journal->items[i]));
	char *text = cJSON_Print(tree);
	const struct content content = {.exists = true,
			.bytes = text,
			.length = strlen(text),
			.mode = 0600};
	bool ok = file_below_root_write(root, arena, JOURNAL_PATH, &content, false, err);
	cJSON_free(text);
	cJSON_Delete(tree);
	return ok;
}

static double whole(const cJSON *item, const char *name, double most)
{
	double value = view_number(item, name);
	return value >= 0 && value <= most && value == floor(value) ? value : NAN;
}

/* Only what --apply itself could have written: no path of somebody else's. */
static bool allowed(const struct entry *entry)
{
	const char *name = entry->name;
	if (strstr(name, "..") || strlen(name) > 300)
		return false;
	if (entry->kind == ENTRY_SYSCTL)
		return *name && !strchr(name, '/');
	return !strncmp(name, "/etc/", 5);
}

static bool journal_read_entry(struct arena *arena, const cJSON *item, struct entry *ret_entry)
{
	struct entry entry = {.name = view_text(arena, item, "name", 0)};
	size_t kind = 0, length;
	while (kind < 3 && strcmp(kind_names[kind], view_raw(item, "kind")) != 0)
		kind++;
	double mode = whole(item, "mode", 07777);
	double uid = whole(item, "uid", 4294967295.0), gid = whole(item, "gid", 4294967295.0);
	double seconds = whole(item, "modified_s", 9007199254740991.0),
		   ns = whole(item, "modified_ns", 999999999);
	entry.kind = (enum entry_kind)kind;
	if (kind == 3 || isnan(mode) || isnan(uid) || isnan(gid) || isnan(seconds) || isnan(ns) ||
			!allowed(&entry))
		return false;
	entry.before = (struct content){.exists = view_true(item, "existed"),
			.mode = (mode_t)mode,
			.uid = (uid_t)uid,
			.gid = (gid_t)gid,
			.modified = {.tv_sec = (time_t)seconds, .tv_nsec = (long)ns}};
	if (!journal_bytes_of(arena,
				view_get(item, "before"),
				&entry.before.bytes,
				&entry.before.length))
		return false;
	const cJSON *after;
	cJSON_ArrayForEach(after, view_array(item, "after")) {
		entry.after = arena_grow(arena,
				entry.after,
				entry.after_count,
				&entry.after_capacity,
				sizeof *entry.after);
		if (!journal_bytes_of(arena, after, &entry.after[entry.after_count++], &length))
			return false;
	}
	*ret_entry = entry;
	return true;
}

bool journal_read(int root, struct arena *arena, struct journal *ret_journal, struct error *err)
{
	struct content content;
	*ret_journal = (struct journal){.plan = "", .date = "", .tool = ""};
	if (!file_below_root_read(root, arena, JOURNAL_PATH, &content, err))
		return false;
	if (!content.exists)
		return true;
	__attribute__((cleanup(json_close))) struct json *json =
			json_read(JOURNAL_PATH, content.bytes, content.length, err);
	if (!json)
		return false;
	const cJSON *tree = json_root(json), *item;
	if (strcmp(view_raw(tree, "schema"), "headroom.journal/1") != 0)
		return error_set(err,
				JOURNAL_PATH ": its schema is \"%.60s\", this version reads headroom.journal/1",
				view_raw(tree, "schema"));
	ret_journal->exists = true;
	ret_journal->plan = view_text(arena, tree, "plan", 200);
	ret_journal->date = view_text(arena, tree, "date", 40);
	ret_journal->tool = view_text(arena, tree, "tool", 100);
	cJSON_ArrayForEach(item, view_array(tree, "entries")) {
		struct entry entry;
		if (!journal_read_entry(arena, item, &entry))
			return json_error(json, item, err, "this entry is damaged: nothing is changed");
		ret_journal->items = arena_grow(arena,
				ret_journal->items,
				ret_journal->count,
				&ret_journal->capacity,
				sizeof entry);
		ret_journal->items[ret_journal->count++] = entry;
	}
	return true;
}

bool journal_remove(int root, struct arena *arena, struct error *err)
{
	if (!file_below_root_remove(root, arena, JOURNAL_PATH, err))
		return false;
	directory_below_root_remove(root, arena, JOURNAL_DIRECTORY);
	directory_below_root_remove(root, arena, "/var/lib/headroom");
	return true;
}

int journal_lock(int root, struct arena *arena, bool create, struct error *err)
{
	static const char *const directories[] = {"/var",
			"/var/lib",
			"/var/lib/headroom",
			JOURNAL_DIRECTORY};
	for (size_t i = 0; create && i < COUNT_OF(directories); i++)
		if (!directory_below_root_make(root, arena, directories[i], i < 2 ? 0755 : 0700, err))
			return -1;
	int fd = directory_below_root_open(root, JOURNAL_DIRECTORY, err);
	if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
		(void)error_fail(err,
				"%s: %s",
				JOURNAL_DIRECTORY,
				errno == EWOULDBLOCK ? "another headroom fix is at work; wait for it"
									 : strerror(errno));
		(void)close(fd);
		return -1;
	}
	return fd;
}
