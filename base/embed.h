/* The files of rules/ and templates/ and the JSON Schemas of docs/, built into the program and
 * sorted by path in C order. */
#ifndef HEADROOM_BASE_EMBED_H
#define HEADROOM_BASE_EMBED_H

#include <stddef.h>

struct embedded_file {
	const char *path;           /* "rules/limits/ephemeral-ports.json" */
	const unsigned char *bytes; /* followed by a 0 that `size` does not count */
	size_t size;
};

/* Ends with an entry of NULLs that embedded_count does not count. */
extern const struct embedded_file embedded_files[];
extern const size_t embedded_count;
/* SHA-256 over the rule files in this order. */
extern const unsigned char embedded_rules_digest[32];

/* Returns the file with this path, or NULL if there is no such file. */
const struct embedded_file *embedded_find(const char *path);

#endif
