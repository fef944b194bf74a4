/* Reads untrusted JSON strictly. A first scan records positions and checks UTF-8, duplicate
 * members, depth, trailing text, NUL in strings and numbers that cJSON would misread; then cJSON
 * parses. */
#ifndef HEADROOM_BASE_OS_JSON_H
#define HEADROOM_BASE_OS_JSON_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/hash.h"

struct json; /* the tree and the positions of its values */

enum {
	JSON_BYTES_MAX = 64 * 1024 * 1024
};

/* Makes cJSON allocate all memory with base/memory.h, so that it never returns NULL for lack of
 * memory. Call it once at the start of main. */
void json_use_checked_memory(void);

/* Reads JSON text; free the result with json_free. Errors begin with `name` ("plan.json"), which is
 * kept by reference. Returns NULL with err: "plan.json:3:14: duplicate member \"connections\"". */
struct json *json_read(const char *name, const char *bytes, size_t length, struct error *err);
/* The same for JSON that is built into the program and was checked at build time: without the scan
 * and without positions (every node is on line 1). */
struct json *json_read_built_in(const char *name,
		const char *bytes,
		size_t length,
		struct error *err);
/* Reads a regular file, or standard input for "-"; at most JSON_BYTES_MAX. */
struct json *json_read_file(const char *path, struct error *err);
/* Reads an open descriptor to its end. */
struct json *json_read_descriptor(const char *name, int fd, struct error *err);
/* Reads a regular file that must not lead out of the directory `dir` (open_below()). */
struct json *json_read_below(int dir, const char *path, struct error *err);
/* Writes the SHA-256 of the document's bytes in hexadecimal. Returns out. */
const char *json_digest(const struct json *json, char out[SHA256_HEX_MAX]);
void json_free(struct json *json);
/* For __attribute__((cleanup(…))): free the document, or a cJSON tree. NULL is ignored. */
void json_close(struct json **json);
void json_close_tree(cJSON **tree);
const cJSON *json_root(const struct json *json);

/* Positions. The node must belong to this document; finding its position takes constant time. */

/* error_set with "name:line:column: " of this node in front. Always returns false. */
bool json_error(const struct json *json,
		const cJSON *node,
		struct error *err,
		const char *format,
		...) __attribute__((format(printf, 4, 5)));

/* The same, with the position of the member's name. */
bool json_error_of_name(const struct json *json,
		const cJSON *member,
		struct error *err,
		const char *text);

/* Returns the line of a node, from 1. */
size_t json_line(const struct json *json, const cJSON *node);
/* Returns "name:line" of a node, in the arena. */
const char *json_where(const struct json *json, const cJSON *node, struct arena *arena);

/* Returns false with err if `object` has a member that is not in `names` (NULL-terminated); the
 * error suggests the nearest name. */
bool json_check_members(const struct json *json,
		const cJSON *object,
		const char *const *names,
		struct error *err);

/* Read a member of this type. An absent member leaves *ret unchanged and is no error. Strings are
 * copied into the arena. json_number accepts "unlimited" as INFINITY; numbers above 2^53 are
 * errors. Return false with err. */
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
/* For a whole number from 0 to 2^32 - 1. */
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
