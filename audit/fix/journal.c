/* The journal as JSON. Contents of files are in hexadecimal, because a file may hold any bytes. The
 * journal is read strictly, because --undo writes as root what it says. */
#include "audit/fix/journal.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "audit/fix/own_file.h"
#include "audit/fix/sysctl.h"
#include "audit/fix/well_formed.h"
#include "base/array.h"
#include "base/ascii.h"
#include "base/hash.h"
#include "base/os/json.h"
#include "base/text.h"
#include "report/document/member.h"
#include "report/document/view.h"

#define JOURNAL_PARENT "/var/lib/headroom"

static const char journal_schema[] = "headroom.journal/2";
static const char schema_without_digest[] = "headroom.journal/1"; /* of version 0.1 */
static const struct journal empty_journal = {.plan = "", .date = "", .tool = ""};
static const double whole_max = 9007199254740991.0; /* 2^53 - 1: exact as a double */

static const char *const kind_names[] = {
		[ENTRY_SYSCTL] = "sysctl",
		[ENTRY_FILE] = "file",
		[ENTRY_DIRECTORY] = "directory",
};

struct entry *journal_find(const struct journal *journal, enum entry_kind kind, const char *name)
{
	for (size_t i = 0; i < journal->count; i++) {
		struct entry *entry = &journal->items[i];
		if (entry->kind == kind && !strcmp(entry->name, name))
			return entry;
	}
	return NULL;
}

static struct entry *add_entry(struct arena *arena, struct journal *journal)
{
	journal->items = arena_grow(arena,
			journal->items,
			journal->count,
			&journal->capacity,
			sizeof *journal->items);
	struct entry *added = &journal->items[journal->count++];
	*added = (struct entry){0};
	return added;
}

static void add_after(struct arena *arena, struct entry *entry, const char *after)
{
	entry->after = arena_grow(arena,
			entry->after,
			entry->after_count,
			&entry->after_capacity,
			sizeof *entry->after);
	entry->after[entry->after_count++] = after;
}

static void drop_after(struct entry *entry, const char *after)
{
	size_t kept = 0;
	for (size_t i = 0; i < entry->after_count; i++) {
		const char *text = entry->after[i];
		if (strcmp(text, after) != 0)
			entry->after[kept++] = text;
	}
	entry->after_count = kept;
}

/* Somebody changed it since the last --apply: that state is what --undo goes back to from now on.
 */
static void respect_foreign(struct entry *entry, const struct content *found)
{
	entry->foreign = entry_state_of(entry, found) == STATE_FOREIGN;
	if (!entry->foreign)
		return;
	entry->before = *found;
	entry->after_count = 0;
}

void journal_note(struct arena *arena,
		struct journal *journal,
		enum entry_kind kind,
		const char *name,
		const struct content *found,
		const char *after)
{
	struct entry *entry = journal_find(journal, kind, name);
	if (!entry) {
		entry = add_entry(arena, journal);
		entry->kind = kind;
		entry->name = name;
		entry->before = *found;
	} else if (kind != ENTRY_DIRECTORY) {
		respect_foreign(entry, found);
	}
	entry->pending = true;
	entry->found = *found;
	if (!after)
		return;
	drop_after(entry, after); /* a text written before becomes the newest again */
	add_after(arena, entry, after);
}

static const char *hex_of(struct arena *arena, const char *bytes, size_t length)
{
	char *out = arena_alloc(arena, length * 2 + 1);
	return hex_encode(bytes, length, out);
}

/* false: not hexadecimal. */
static bool journal_bytes_of(struct arena *arena,
		const cJSON *node,
		const char **ret_bytes,
		size_t *ret_length)
{
	if (!cJSON_IsString(node))
		return false;
	const char *hex = node->valuestring;
	size_t length = strlen(hex) / 2;
	if (strlen(hex) % 2)
		return false;
	char *out = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++) {
		int high = ascii_hex_value(hex[2 * i]);
		int low = ascii_hex_value(hex[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (char)(high << 4 | low);
	}
	*ret_bytes = out;
	*ret_length = length;
	return true;
}

static void journal_put_text(cJSON *object, const char *name, const char *text)
{
	(void)member_item(object, name, cJSON_CreateString(text));
}

static void add_hex(struct arena *arena, cJSON *array, const char *text)
{
	const char *hex = hex_of(arena, text, strlen(text));
	(void)cJSON_AddItemToArray(array, cJSON_CreateString(hex));
}

static cJSON *entry_json(struct arena *arena, const struct entry *entry)
{
	cJSON *item = cJSON_CreateObject();
	const struct content *before = &entry->before;
	journal_put_text(item, "kind", kind_names[entry->kind]);
	journal_put_text(item, "name", entry->name);
	member_bool(item, "existed", before->exists);
	journal_put_text(item, "before", hex_of(arena, before->bytes, before->length));
	member_number(item, "mode", before->mode);
	member_number(item, "uid", before->uid);
	member_number(item, "gid", before->gid);
	member_number(item, "modified_s", (double)before->modified.tv_sec);
	member_number(item, "modified_ns", (double)before->modified.tv_nsec);
	cJSON *after = member_array(item, "after");
	for (size_t i = 0; i < entry->after_count; i++)
		add_hex(arena, after, entry->after[i]);
	return item;
}

/* Of all members but itself, printed without blanks. */
static void digest_of(const cJSON *tree, char ret_hex[SHA256_HEX_MAX])
{
	cJSON *rest = cJSON_Duplicate(tree, true);
	cJSON_DeleteItemFromObjectCaseSensitive(rest, "digest");
	char *text = cJSON_PrintUnformatted(rest);
	(void)sha256_hex(text, strlen(text), ret_hex);
	cJSON_free(text);
	cJSON_Delete(rest);
}

bool journal_write(int root, struct arena *arena, const struct journal *journal, struct error *err)
{
	__attribute__((cleanup(json_close_tree))) cJSON *tree = cJSON_CreateObject();
	journal_put_text(tree, "schema", journal_schema);
	journal_put_text(tree, "plan", journal->plan);
	journal_put_text(tree, "date", journal->date);
	journal_put_text(tree, "tool", journal->tool);
	cJSON *entries = member_array(tree, "entries");
	for (size_t i = 0; i < journal->count; i++) {
		const struct entry *entry = &journal->items[i];
		(void)cJSON_AddItemToArray(entries, entry_json(arena, entry));
	}
	char digest[SHA256_HEX_MAX];
	digest_of(tree, digest);
	journal_put_text(tree, "digest", digest);
	char *text = cJSON_Print(tree);
	const struct content content = {
			.exists = true,
			.bytes = text,
			.length = strlen(text),
			.mode = 0600,
	};
	bool ok = file_below_root_write(root, arena, JOURNAL_PATH, &content, false, err);
	cJSON_free(text);
	return ok;
}

/* A whole number from 0 to `most`; false: the member is none. */
static bool read_whole(const cJSON *item, const char *name, double most, double *ret_value)
{
	double value = view_number(item, name);
	*ret_value = value;
	return value >= 0 && value <= most && value == floor(value);
}

/* What --apply itself changes: four files, the directories they are in, and kernel settings that
 * headroom knows. A journal may have been written by someone else, and --undo obeys it as root. */
static bool may_be_changed(struct arena *arena, const struct entry *entry)
{
	switch (entry->kind) {
	case ENTRY_SYSCTL:
		return sysctl_is_known(arena, entry->name);
	case ENTRY_FILE:
		return own_file_is_path(entry->name);
	case ENTRY_DIRECTORY:
		break;
	}
	return own_file_is_directory(entry->name);
}

static bool may_be_written(const struct entry *entry, const char *value)
{
	return entry->kind != ENTRY_SYSCTL || well_formed_value(value);
}

static bool read_kind(const cJSON *item, enum entry_kind *ret_kind)
{
	for (size_t i = 0; i < COUNT_OF(kind_names); i++) {
		*ret_kind = (enum entry_kind)i;
		if (!strcmp(kind_names[i], view_raw(item, "kind")))
			return true;
	}
	return false;
}

static bool read_before(struct arena *arena, const cJSON *item, struct content *ret_before)
{
	double mode, uid, gid, seconds, ns;
	bool good = read_whole(item, "mode", 0777, &mode);
	good &= read_whole(item, "uid", UINT32_MAX, &uid);
	good &= read_whole(item, "gid", UINT32_MAX, &gid);
	good &= read_whole(item, "modified_s", whole_max, &seconds);
	good &= read_whole(item, "modified_ns", 999999999, &ns);
	if (!good)
		return false;
	ret_before->exists = view_true(item, "existed");
	ret_before->mode = (mode_t)mode;
	ret_before->uid = (uid_t)uid;
	ret_before->gid = (gid_t)gid;
	ret_before->modified.tv_sec = (time_t)seconds;
	ret_before->modified.tv_nsec = (long)ns;
	const cJSON *bytes = view_get(item, "before");
	return journal_bytes_of(arena, bytes, &ret_before->bytes, &ret_before->length);
}

static bool journal_read_entry(struct arena *arena, const cJSON *item, struct entry *ret_entry)
{
	ret_entry->name = view_text(arena, item, "name", 0);
	if (!read_kind(item, &ret_entry->kind))
		return false;
	if (!may_be_changed(arena, ret_entry))
		return false;
	if (!read_before(arena, item, &ret_entry->before))
		return false;
	if (!may_be_written(ret_entry, ret_entry->before.bytes))
		return false;
	const cJSON *node;
	cJSON_ArrayForEach(node, view_array(item, "after")) {
		const char *after;
		size_t length;
		if (!journal_bytes_of(arena, node, &after, &length))
			return false;
		if (!may_be_written(ret_entry, after))
			return false;
		add_after(arena, ret_entry, after);
	}
	return true;
}

static bool read_entries(struct arena *arena,
		const struct json *json,
		struct journal *journal,
		struct error *err)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(json_root(json), "entries")) {
		struct entry *entry = add_entry(arena, journal);
		if (!journal_read_entry(arena, item, entry))
			return json_error(json, item, err, "this entry is damaged, so nothing was changed");
	}
	return true;
}

/* --undo does as root what the journal says, so it must have been written by root; without
 * privileges, by this user. */
static bool check_owner(const char *path, const struct content *found, struct error *err)
{
	bool owned = found->uid == 0 || found->uid == geteuid();
	if (owned && !(found->mode & (S_IWGRP | S_IWOTH)))
		return true;
	return error_set(err,
			"%s is not trusted, so nothing was changed: it belongs to UID %u with mode %03o; root "
			"must own it, and nobody else may write to it",
			path,
			(unsigned)found->uid,
			(unsigned)found->mode);
}

static bool check_directories(int root, struct error *err)
{
	static const char *const paths[] = {JOURNAL_PARENT, JOURNAL_DIRECTORY};
	for (size_t i = 0; i < COUNT_OF(paths); i++) {
		struct content found;
		if (!directory_below_root_look(root, paths[i], &found))
			continue;
		if (!check_owner(paths[i], &found, err))
			return false;
	}
	return true;
}

/* A changed byte would be restored as it is, so the digest has to fit. */
static bool check_digest(const struct json *json, struct error *err)
{
	const cJSON *tree = json_root(json);
	char digest[SHA256_HEX_MAX];
	if (strcmp(view_raw(tree, "schema"), schema_without_digest) == 0)
		return true;
	digest_of(tree, digest);
	if (strcmp(view_raw(tree, "digest"), digest) == 0)
		return true;
	return json_error(json,
			tree,
			err,
			"the journal is damaged (its checksum is wrong), so nothing was changed");
}

static bool check_schema(const struct json *json, struct error *err)
{
	const char *named = view_raw(json_root(json), "schema");
	if (!strcmp(named, journal_schema) || !strcmp(named, schema_without_digest))
		return true;
	return error_set(err,
			"%s has the schema \"%.60s\", but this version reads %s; use the headroom that wrote "
			"it",
			JOURNAL_PATH,
			named,
			journal_schema);
}

bool journal_read(int root, struct arena *arena, struct journal *ret_journal, struct error *err)
{
	struct content content;
	*ret_journal = empty_journal;
	if (!check_directories(root, err))
		return false;
	if (!file_below_root_read(root, arena, JOURNAL_PATH, &content, err))
		return false;
	if (!content.exists)
		return true;
	if (!check_owner(JOURNAL_PATH, &content, err))
		return false;
	__attribute__((cleanup(json_close))) struct json *json =
			json_read(JOURNAL_PATH, content.bytes, content.length, err);
	if (!json || !check_schema(json, err) || !check_digest(json, err))
		return false;
	const cJSON *tree = json_root(json);
	ret_journal->exists = true;
	ret_journal->plan = view_text(arena, tree, "plan", 200);
	ret_journal->date = view_text(arena, tree, "date", 40);
	ret_journal->tool = view_text(arena, tree, "tool", 100);
	return read_entries(arena, json, ret_journal, err);
}

void journal_remove_directories(int root, struct arena *arena)
{
	directory_below_root_remove(root, arena, JOURNAL_DIRECTORY);
	directory_below_root_remove(root, arena, JOURNAL_PARENT);
}

bool journal_remove(int root, struct arena *arena, struct error *err)
{
	if (!file_below_root_remove(root, arena, JOURNAL_PATH, err))
		return false;
	journal_remove_directories(root, arena);
	return true;
}

int journal_lock(int root, struct arena *arena, struct error *err)
{
	static const struct {
		const char *path;
		mode_t mode;
	} directories[] = {
			{"/var", 0755},
			{"/var/lib", 0755},
			{JOURNAL_PARENT, 0700},
			{JOURNAL_DIRECTORY, 0700},
	};
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		const char *path = directories[i].path;
		mode_t mode = directories[i].mode;
		if (!directory_below_root_make(root, arena, path, mode, err))
			return -1;
	}
	int fd = directory_below_root_open(root, JOURNAL_DIRECTORY, err);
	if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) == 0)
		return fd;
	const char *why = strerror(errno);
	if (errno == EWOULDBLOCK)
		why = "another headroom fix is running; try again when it has ended";
	(void)error_fail(err, "%s: %s", JOURNAL_DIRECTORY, why);
	(void)close(fd);
	return -1;
}
