/* Untrusted JSON, read strictly: a scan with positions first (UTF-8, duplicate members, depth,
 * trailing text, numbers cJSON would misread, NUL in strings), then cJSON. */
#ifndef HEADROOM_BASE_OS_JSON_H
#define HEADROOM_BASE_OS_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

struct json; /* the tree with the positions of its values */

enum {
	JSON_BYTES_MAX = 64 * 1024 * 1024
};

/* Makes cJSON take all its memory from base/memory.h, so that cJSON never returns NULL for lack of
 * memory. Call it once, first thing in main. */
void json_use_checked_memory(void);

/* `name` is what errors begin with ("plan.json"); kept by reference. NULL on error:
 * "plan.json:3:14: duplicate member \"connections\"". */
struct json *json_read(const char *name, const char *bytes, size_t length, struct error *err);
/* The same for what is built into the program and was checked when it was built: no scan, no
 * positions (each node is on line 1). */
struct json *json_read_built_in(const char *name,
		const char *bytes,
		size_t length,
		struct error *err);
/* Reads a regular file, or "-": standard input; at most JSON_BYTES_MAX. */
struct json *json_read_file(const char *path, struct error *err);
/* Reads what is open already, to its end. */
struct json *json_read_descriptor(const char *name, int fd, struct error *err);
/* Reads a regular file that may not lead out of the directory (open_below()). */
struct json *json_read_below(int dir, const char *path, struct error *err);
/* The SHA-256 of the bytes of the document, in hexadecimal. Returns out. */
const char *json_digest(const struct json *json, char out[SHA256_HEX_MAX]);
void json_free(struct json *json);
/* For __attribute__((cleanup(…))): frees the document, or a tree of cJSON. NULL is left alone. */
void json_close(struct json **json);
void json_close_tree(cJSON **tree);
const cJSON *json_root(const struct json *json);

/* All positions: of nodes of this document only; each is found at once, without a search. */

/* error_set with "name:line:column: " of this node in front. Always false. */
bool json_error(const struct json *json,
		const cJSON *node,
		struct error *err,
		const char *format,
		...) __attribute__((format(printf, 4, 5)));

/* The same with the place of the name of this member. */
bool json_error_of_name(const struct json *json,
		const cJSON *member,
		struct error *err,
		const char *text);

/* The line of a node, from 1. */
size_t json_line(const struct json *json, const cJSON *node);
/* "name:line" of a node, for provenance; in the arena. */
const char *json_where(const struct json *json, const cJSON *node, struct arena *arena);

/* Fails on a member of `object` not in `names` (NULL-terminated); says the nearest name. */
bool json_check_members(const struct json *json,
		const cJSON *object,
		const char *const *names,
		struct error *err);

/* Typed members; absent members leave *ret untouched and succeed. Strings are copied into the
 * arena. json_number accepts the string "unlimited" as INFINITY. Values above 2^53 are errors. */
bool json_string(const struct json *json,
		const cJSON *object,
		const char *name,
		struct arena *arena,
		const char **ret,
		struct error *err);
bool json_number(const struct json *json,
		const cJSON *object,
		const char *name,
		double *ret,
		struct error *err);
/* A whole number from 0 to 2^32 - 1. */
bool json_uint32(const struct json *json,
		const cJSON *object,
		const char *name,
		uint32_t *ret,
		struct error *err);
bool json_bool(const struct json *json,
		const cJSON *object,
		const char *name,
		bool *ret,
		struct error *err);

#endif
