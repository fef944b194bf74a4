/* JSON documents from bytes or files. A strict scan of the bytes comes first, which also notes
 * where each value stands; then cJSON builds the tree. Does not know any document's members. */
#include "base/os/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/os/file.h"
#include "base/os/json_scan.h"
#include "base/os/open.h"
#include "base/text.h"

struct json {
	const char *name;
	char *bytes;
	size_t length;
	cJSON *root;
	struct json_position *positions; /* of the tree's values in document order; may be NULL */
	size_t count;
};

void json_use_checked_memory(void)
{
	cJSON_Hooks hooks = {.malloc_fn = memory_get, .free_fn = free};
	cJSON_InitHooks(&hooks);
}

/* 1-based line and column (in characters) of a byte. */
static void locate(const char *bytes, size_t at, size_t *ret_line, size_t *ret_column)
{
	*ret_line = 1;
	*ret_column = 1;
	for (size_t i = 0; i < at; i++) {
		bool continues = ((unsigned char)bytes[i] & 0xC0) == 0x80; /* a character begun before */
		if (bytes[i] == '\n') {
			++*ret_line;
			*ret_column = 1;
		} else if (!continues) {
			++*ret_column;
		}
	}
}

/* The text may quote the document: control characters in it must not reach a terminal. */
static bool error_at(const char *name,
		const char *bytes,
		size_t at,
		struct error *err,
		const char *text)
{
	size_t line, column;
	locate(bytes, at, &line, &column);
	struct arena *arena = arena_new();
	const char *clean = text_clean(arena, text, strlen(text), 0);
	error_set(err, "%.300s:%zu:%zu: %s", name, line, column, clean);
	arena_free(arena);
	return false;
}

/* Numbers the values in document order, which is the order of the scan's positions. The number goes
 * into `valueint`: cJSON sets it for numbers only and marks it as deprecated, nothing of headroom
 * reads it in these trees, and so the position of a node is found without a search. */
static void number_values(cJSON *value, int *next)
{
	for (; value; value = value->next) {
		value->valueint = (*next)++;
		number_values(value->child, next);
	}
}

/* The beginning of the document for no node and for a document without positions. */
static struct json_position position_of(const struct json *json, const cJSON *node)
{
	if (node && node->valueint >= 0 && (size_t)node->valueint < json->count)
		return json->positions[node->valueint];
	return (struct json_position){.line = 1};
}

bool json_error(const struct json *json,
		const cJSON *node,
		struct error *err,
		const char *format,
		...)
{
	char text[sizeof err->text];
	va_list args;
	va_start(args, format);
	(void)vsnprintf(text, sizeof text, format, args);
	va_end(args);
	return error_at(json->name, json->bytes, position_of(json, node).value_at, err, text);
}

bool json_error_of_name(const struct json *json,
		const cJSON *member,
		struct error *err,
		const char *text)
{
	return error_at(json->name, json->bytes, position_of(json, member).name_at, err, text);
}

size_t json_line(const struct json *json, const cJSON *node)
{
	return position_of(json, node).line;
}

const char *json_where(const struct json *json, const cJSON *node, struct arena *arena)
{
	return arena_printf(arena, "%s:%zu", json->name, json_line(json, node));
}

static int json_compare_names(const void *a, const void *b)
{
	const cJSON *const *left = a, *const *right = b;
	return strcmp((*left)->string, (*right)->string);
}

static size_t count_members(const cJSON *object)
{
	size_t count = 0;
	for (const cJSON *member = object->child; member; member = member->next)
		count++;
	return count;
}

/* A name that two members have, compared after unescaping; NULL if there is none. Sorted, so that
 * large objects cost little more than small ones. */
static const char *twice_used_name(const cJSON *object)
{
	size_t count = count_members(object), i = 0;
	if (count < 2)
		return NULL;
	const cJSON **members = memory_get(count * sizeof(const cJSON *));
	for (const cJSON *member = object->child; member; member = member->next)
		members[i++] = member;
	qsort(members, count, sizeof(const cJSON *), json_compare_names);
	const char *name = NULL;
	for (i = 1; i < count && !name; i++) {
		if (strcmp(members[i - 1]->string, members[i]->string) == 0)
			name = members[i]->string;
	}
	free(members);
	return name;
}

/* The second member of a name that two have; NULL if there is none. */
static const cJSON *find_duplicate(const cJSON *object)
{
	const char *name = twice_used_name(object);
	if (!name)
		return NULL;
	bool seen = false;
	for (const cJSON *member = object->child; member; member = member->next) {
		if (strcmp(member->string, name) != 0)
			continue;
		if (seen)
			return member;
		seen = true;
	}
	return NULL;
}

static bool check_duplicates(const struct json *json, const cJSON *tree, struct error *err)
{
	const cJSON *duplicate = NULL;
	if (cJSON_IsObject(tree))
		duplicate = find_duplicate(tree);
	if (duplicate) {
		char text[200];
		(void)snprintf(text, sizeof text, "duplicate member \"%.120s\"", duplicate->string);
		return json_error_of_name(json, duplicate, err, text);
	}
	for (const cJSON *child = tree->child; child; child = child->next) {
		if (child->child && !check_duplicates(json, child, err))
			return false;
	}
	return true;
}

static struct json *json_new(const char *name, const char *bytes, size_t length, struct error *err)
{
	struct json *json = memory_new(sizeof *json);
	json->bytes = memory_get(length + 1);
	memcpy(json->bytes, bytes, length);
	json->length = length;
	json->bytes[length] = '\0';
	json->name = name;
	json->root = cJSON_ParseWithLength(json->bytes, length + 1);
	if (json->root)
		return json;
	error_fail(err, "%.300s: cJSON refuses what the scan accepts", name);
	json_free(json);
	return NULL;
}

struct json *json_read_built_in(const char *name,
		const char *bytes,
		size_t length,
		struct error *err)
{
	return json_new(name, bytes, length, err);
}

static struct json *json_from_scan(const char *name, struct json_scan *scan, struct error *err)
{
	const char *bytes = (const char *)scan->cursor.bytes;
	int values = 0;
	if (!json_scan_document(scan)) {
		error_at(name, bytes, scan->cursor.at, err, scan->cursor.problem);
		return NULL;
	}
	struct json *json = json_new(name, bytes, scan->cursor.length, err);
	if (!json)
		return NULL;
	json->positions = scan->positions;
	json->count = scan->count;
	scan->positions = NULL;
	number_values(json->root, &values);
	if (check_duplicates(json, json->root, err))
		return json;
	json_free(json);
	return NULL;
}

static struct json *json_too_large(const char *name, struct error *err)
{
	error_set(err, "%.300s: larger than 64 MiB", name);
	return NULL;
}

struct json *json_read(const char *name, const char *bytes, size_t length, struct error *err)
{
	if (length > JSON_BYTES_MAX)
		return json_too_large(name, err);
	struct json_scan scan = {.cursor = {.bytes = (const unsigned char *)bytes, .length = length}};
	struct json *json = json_from_scan(name, &scan, err);
	free(scan.positions);
	return json;
}

struct json *json_read_descriptor(const char *name, int fd, struct error *err)
{
	__attribute__((cleanup(text_release))) struct text text = {0};
	text_add(&text, ""); /* an empty file has bytes, too: none */
	if (file_read_all(fd, JSON_BYTES_MAX, &text))
		return json_read(name, text.data, text.length, err);
	if (errno == EFBIG)
		return json_too_large(name, err);
	error_set(err, "%.300s: %s", name, strerror(errno));
	return NULL;
}

/* Reads and closes what was opened; fd -1: it was not, and `why` says why. */
static struct json *json_read_opened(const char *path, int fd, const char *why, struct error *err)
{
	if (fd < 0) {
		error_set(err, "%.300s: %s", path, why);
		return NULL;
	}
	struct json *json = json_read_descriptor(path, fd, err);
	file_close_fd(&fd);
	return json;
}

struct json *json_read_file(const char *path, struct error *err)
{
	const char *why;
	if (strcmp(path, "-") == 0)
		return json_read_descriptor("standard input", STDIN_FILENO, err);
	int fd = open_regular(path, &why);
	return json_read_opened(path, fd, why, err);
}

struct json *json_read_below(int dir, const char *path, struct error *err)
{
	const char *why;
	int fd = open_below(dir, path, &why);
	return json_read_opened(path, fd, why, err);
}

const char *json_digest(const struct json *json, char out[SHA256_HEX_MAX])
{
	return sha256_hex(json->bytes, json->length, out);
}

void json_free(struct json *json)
{
	if (!json)
		return;
	cJSON_Delete(json->root);
	free(json->positions);
	free(json->bytes);
	free(json);
}

void json_close(struct json **json)
{
	json_free(*json);
}

void json_close_tree(cJSON **tree)
{
	cJSON_Delete(*tree);
}

const cJSON *json_root(const struct json *json)
{
	return json->root;
}
