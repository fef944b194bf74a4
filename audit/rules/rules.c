/* The set of rules: built-in files, directories, overriding by id, the version of it all.
 * How one object is read: read.c. What formulas may say: check.c. */
#include "audit/rules/rules.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/rules/built_in.h"
#include "audit/rules/member.h"
#include "audit/rules/observed.h"
#include "audit/rules/read.h"
#include "base/embed.h"
#include "base/hash.h"
#include "base/list.h"
#include "base/os/file.h"
#include "base/os/open.h"
#include "base/sort.h"
#include "base/text.h"

enum {
	RULE_FILE_MAX = 4 * 1024 * 1024,
	VERSION_DIGITS = 12
};

/* Loading in progress. */
struct loader {
	struct arena *arena;
	struct rules *rules;
	struct rule_extras *extras;
	struct sha256 hash;
	struct error *err;
};

/* One row per kind: where its array stands in the set, and the size of an element. */
struct slot {
	void *items; /* where the pointer to the array stands; read and written as bytes, being of any
	                type */
	size_t *count, *capacity, size;
};

static struct slot slot_of(struct rules *rules, struct rule_extras *extras, enum rule_kind kind)
{
	size_t *capacity = &extras->capacities[kind];
	switch (kind) {
	case RULE_LIMIT:
		return (struct slot){&rules->limits, &rules->limit_count, capacity, sizeof *rules->limits};
	case RULE_FIX:
		return (struct slot){&rules->fixes, &rules->fix_count, capacity, sizeof *rules->fixes};
	case RULE_MYTH:
		return (struct slot){&rules->myths, &rules->myth_count, capacity, sizeof *rules->myths};
	case RULE_EGRESS:
		return (struct slot){&rules->egress, &rules->egress_count, capacity, sizeof *rules->egress};
	case RULE_PLATFORM:
		return (struct slot){&rules->platforms,
				&rules->platform_count,
				capacity,
				sizeof *rules->platforms};
	case RULE_TOOL:
		return (struct slot){&rules->tools, &rules->tool_count, capacity, sizeof *rules->tools};
	case RULE_CAUSE:
		return (struct slot){&rules->causes, &rules->cause_count, capacity, sizeof *rules->causes};
	case RULE_WORD:
		return (struct slot){&rules->words, &rules->word_count, capacity, sizeof *rules->words};
	case RULE_TEXT:
		return (struct slot){&rules->texts, &rules->text_count, capacity, sizeof *rules->texts};
	case RULE_PROGRAM:
		return (struct slot){&rules->programs,
				&rules->program_count,
				capacity,
				sizeof *rules->programs};
	default:
		return (struct slot){&extras->presets,
				&extras->preset_count,
				capacity,
				sizeof *extras->presets};
	}
}

static char *slot_items(const struct slot *slot)
{
	char *items;
	memcpy(&items, slot->items, sizeof items);
	return items;
}

/* Every rule begins with its id: the position of the one with this id, or the count. */
static size_t find_id(const struct slot *slot, const char *id)
{
	for (size_t i = 0; i < *slot->count; i++) {
		const char *found;
		memcpy(&found, slot_items(slot) + i * slot->size, sizeof found);
		if (strcmp(found, id) == 0)
			return i;
	}
	return *slot->count;
}

static void rules_put_rule(struct arena *arena,
		const struct slot *slot,
		const char *id,
		const union any_rule *rule)
{
	size_t at = find_id(slot, id);
	void *items = slot_items(slot);
	if (at == *slot->count) {
		items = arena_grow(arena, items, at, slot->capacity, slot->size);
		memcpy(slot->items, &items, sizeof items);
		++*slot->count;
	}
	memcpy((char *)items + at * slot->size, rule, slot->size);
}

static struct rule_item *find_item(const struct rule_extras *extras,
		enum rule_kind kind,
		const char *id)
{
	for (size_t i = 0; i < extras->item_count; i++) {
		if (extras->items[i].kind == kind && strcmp(extras->items[i].id, id) == 0)
			return &extras->items[i];
	}
	return NULL;
}

static void put_item(struct arena *arena, struct rule_extras *extras, struct rule_item item)
{
	struct rule_item *old = find_item(extras, item.kind, item.id);
	if (old) {
		item.replaces = old->replaces || old->layer == 0;
		*old = item;
		return;
	}
	extras->items = arena_grow(arena,
			extras->items,
			extras->item_count,
			&extras->item_capacity,
			sizeof item);
	extras->items[extras->item_count++] = item;
}

/* The examples of a rule that is overridden say nothing about its successor. */
static void drop_examples(struct rule_extras *extras, enum rule_kind kind, const char *id)
{
	size_t kept = 0;
	for (size_t i = 0; i < extras->example_count; i++) {
		const struct rule_example *example = &extras->examples[i];
		if (example->kind != kind || strcmp(example->id, id) != 0)
			extras->examples[kept++] = *example;
	}
	extras->example_count = kept;
}

static void put_examples(struct reader *reader,
		struct rule_extras *extras,
		const cJSON *object,
		enum rule_kind kind,
		const char *id)
{
	const cJSON *item;
	drop_examples(extras, kind, id);
	cJSON_ArrayForEach(item, cJSON_GetObjectItemCaseSensitive(object, "examples")) {
		extras->examples = arena_grow(reader->arena,
				extras->examples,
				extras->example_count,
				&extras->example_capacity,
				sizeof *extras->examples);
		extras->examples[extras->example_count++] = (struct rule_example){
				.kind = kind,
				.id = id,
				.name = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "name")),
				.source = reader->json,
				.node = item,
				.collected = cJSON_GetObjectItemCaseSensitive(item, "collected"),
				.facts = cJSON_GetObjectItemCaseSensitive(item, "facts"),
				.workload = cJSON_GetObjectItemCaseSensitive(item, "workload"),
				.options = cJSON_GetObjectItemCaseSensitive(item, "options"),
				.command = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "command")),
				.written = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "written")),
				.files = cJSON_GetObjectItemCaseSensitive(item, "files"),
				.line = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(item, "line")),
				.expect = cJSON_GetObjectItemCaseSensitive(item, "expect"),
		};
	}
}

static bool take_object(struct reader *reader,
		const char *name,
		const cJSON *object,
		struct rules *rules,
		struct rule_extras *extras)
{
	union any_rule rule;
	enum rule_kind kind;
	if (!rule_read_object(reader, object, &kind, &rule))
		return false;
	if (kind == RULE_LIMIT && !observed_check_names(reader, object, &rule.limit))
		return false;
	const char *origin = "built in";
	if (extras->layer)
		origin = arena_strdup(reader->arena, name);
	const char *id = rule.limit.id,
			   *title = rule.limit.title; /* every kind begins with these two */
	const struct rule_item *old = find_item(extras, kind, id);
	if (old && old->layer == extras->layer)
		return json_error(reader->json,
				object,
				reader->err,
				"the %s \"%s\" is defined twice (also in %s)",
				rule_kind_name(kind),
				id,
				old->origin);
	if (kind == RULE_LIMIT)
		rule.limit.origin = origin;
	if (kind == RULE_WORKLOAD)
		rule.preset.source = reader->json;
	struct slot slot = slot_of(rules, extras, kind);
	rules_put_rule(reader->arena, &slot, id, &rule);
	put_item(reader->arena,
			extras,
			(struct rule_item){.kind = kind,
					.id = id,
					.title = title,
					.origin = origin,
					.layer = extras->layer});
	put_examples(reader, extras, object, kind, id);
	return true;
}

/* The rules of one document, which becomes the extras'. NULL: could not be read. */
static bool take_document(struct arena *arena,
		const char *name,
		struct json *json,
		struct rules *rules,
		struct rule_extras *extras,
		struct error *err)
{
	if (!json)
		return false;
	extras->documents = arena_grow(arena,
			extras->documents,
			extras->document_count,
			&extras->document_capacity,
			sizeof(struct json *));
	extras->documents[extras->document_count++] = json;
	struct reader reader = {.arena = arena, .json = json, .err = err};
	const cJSON *root = json_root(json), *item;
	if (!cJSON_IsArray(root))
		return take_object(&reader, name, root, rules, extras);
	cJSON_ArrayForEach(item, root) {
		if (!take_object(&reader, name, item, rules, extras))
			return false;
	}
	return true;
}

bool rules_read(struct arena *arena,
		const char *name,
		const char *bytes,
		size_t length,
		struct rules *rules,
		struct rule_extras *extras,
		struct error *err)
{
	return take_document(arena, name, json_read(name, bytes, length, err), rules, extras, err);
}

static bool rules_take_bytes(struct loader *loader,
		const char *name,
		const char *bytes,
		size_t length)
{
	return rules_read(loader->arena,
			name,
			bytes,
			length,
			loader->rules,
			loader->extras,
			loader->err);
}

static bool is_rule_file(const char *path)
{
	if (!text_begins_with(path, "rules/") || text_begins_with(path, "rules/catalogue/"))
		return false;
	if (text_begins_with(path, "rules/images/"))
		return false;
	return text_ends_with(path, ".json");
}

/* The built-in rules from their files: with examples and positions. */
static bool load_embedded(struct loader *loader)
{
	for (size_t i = 0; i < embedded_count; i++) {
		const struct embedded_file *file = &embedded_files[i];
		if (is_rule_file(file->path) &&
				!rules_take_bytes(loader, file->path, (const char *)file->bytes, file->size))
			return false;
	}
	return true;
}

static void *copy_array(struct arena *arena, const void *items, size_t count, size_t size)
{
	return arena_copy(arena, items, count * size);
}

/* The built-in rules as the build has read them. The arrays are copied, since rules of directories
 * are put into them. */
static void take_built_in(struct loader *loader)
{
	struct rule_extras *extras = loader->extras;
	*loader->rules = built_in_rules;
	*extras = built_in_extras;
	for (int kind = 0; kind < RULE_KINDS; kind++) {
		struct slot slot = slot_of(loader->rules, extras, (enum rule_kind)kind);
		void *items = copy_array(loader->arena, slot_items(&slot), *slot.count, slot.size);
		memcpy(slot.items, &items, sizeof items);
		*slot.capacity = *slot.count;
	}
	extras->items =
			copy_array(loader->arena, extras->items, extras->item_count, sizeof *extras->items);
	extras->item_capacity = extras->item_count;
}

static void note_file(struct loader *loader, const char *path, const struct text *bytes)
{
	struct rule_extras *extras = loader->extras;
	char *digest = arena_alloc(loader->arena, SHA256_HEX_MAX);
	(void)sha256_hex(text_string(bytes), bytes->length, digest);
	extras->files = arena_grow(loader->arena,
			extras->files,
			extras->file_count,
			&extras->file_capacity,
			sizeof *extras->files);
	extras->files[extras->file_count++] = (struct rule_file){path, digest};
}

static bool load_file(struct loader *loader, const char *path)
{
	const char *why;
	__attribute__((cleanup(file_close_fd))) int fd = open_regular(path, &why);
	if (fd < 0)
		return error_set(loader->err, "%.300s: %s", path, why);
	__attribute__((cleanup(text_release))) struct text bytes = {0};
	bool good = file_read_all(fd, RULE_FILE_MAX, &bytes);
	if (!good && errno == EFBIG)
		return error_set(loader->err,
				"%.300s is larger than 4 MiB, too large for a rule file",
				path);
	if (!good)
		return error_set(loader->err, "cannot read %.300s", path);
	sha256_add(&loader->hash, text_string(&bytes), bytes.length);
	note_file(loader, path, &bytes);
	return rules_take_bytes(loader, path, text_string(&bytes), bytes.length);
}

/* Regular files *.json of the directory, and of its directories. ENOENT and ENOTDIR are the
 * caller's. */
static int list_files(struct arena *arena, const char *path, int levels, struct name_list *list)
{
	__attribute__((cleanup(file_close_directory))) DIR *dir = file_open_directory(path);
	if (!dir)
		return errno;
	for (struct dirent *entry; (entry = readdir(dir));) {
		struct stat status;
		if (entry->d_name[0] == '.')
			continue;
		const char *inner = arena_printf(arena, "%s/%s", path, entry->d_name);
		if (stat(inner, &status) != 0)
			status.st_mode = S_IFREG; /* a link to nowhere: reading it says so */
		if (S_ISDIR(status.st_mode) && levels > 0) {
			int problem = list_files(arena, inner, levels - 1, list);
			if (problem)
				return problem;
		} else if (S_ISREG(status.st_mode) && text_ends_with(entry->d_name, ".json")) {
			name_list_append(arena, list, inner);
		}
	}
	return 0;
}

/* `required`: the user named it. A directory of the search path may be absent, or in a home that is
 * not ours. */
static bool load_dir(struct loader *loader, const char *path, bool required)
{
	struct name_list list = {0};
	loader->extras->layer++;
	int problem = list_files(loader->arena, path, 1, &list);
	if (problem && (required || (problem != ENOENT && problem != ENOTDIR && problem != EACCES)))
		return error_set(loader->err, "rules directory %.300s: %s", path, strerror(problem));
	sort_names(list.items, list.count);
	for (size_t i = 0; i < list.count; i++) {
		if (!load_file(loader, list.items[i]))
			return false;
	}
	return true;
}

/* The user's own directory; NULL if the environment names none. */
static const char *user_dir(struct arena *arena)
{
	const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	if (config && *config == '/')
		return arena_printf(arena, "%s/headroom/rules.d", config);
	return home && *home == '/' ? arena_printf(arena, "%s/.config/headroom/rules.d", home) : NULL;
}

bool rules_load(struct arena *arena,
		const char *const *dirs,
		size_t dir_count,
		bool examples,
		struct rules *ret,
		struct rule_extras *extras,
		struct error *err)
{
	struct loader loader = {.arena = arena, .rules = ret, .extras = extras, .err = err};
	const char *own = user_dir(arena);
	*ret = (struct rules){0};
	*extras = (struct rule_extras){0};
	sha256_init(&loader.hash);
	sha256_add(&loader.hash, embedded_rules_digest, sizeof embedded_rules_digest);
	if (!examples)
		take_built_in(&loader);
	else if (!load_embedded(&loader))
		return false;
	if (!load_dir(&loader, "/etc/headroom/rules.d", false) ||
			(own && !load_dir(&loader, own, false)))
		return false;
	for (size_t i = 0; i < dir_count; i++) {
		if (!load_dir(&loader, dirs[i], true))
			return false;
	}
	unsigned char digest[SHA256_BYTES];
	sha256_finish(&loader.hash, digest);
	ret->digest = hex_encode(digest, sizeof digest, arena_alloc(arena, SHA256_HEX_MAX));
	ret->version = arena_copy(arena, ret->digest, VERSION_DIGITS);
	return true;
}
