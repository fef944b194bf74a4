/* The MANIFEST of a snapshot: which files could not be read when it was made, and why. Since 0.2 it
 * also names files that did not exist, and says so in its first line. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_MANIFEST_H
#define HEADROOM_PROBES_HOST_SOURCE_MANIFEST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

struct manifest_entry {
	const char *path;
	int error; /* an errno, never 0 */
};

/* {0} is an empty manifest. Its entries live in the arena given to the functions. */
struct manifest {
	struct manifest_entry *entries;
	size_t count, capacity;
	bool cut;          /* it had more lines than are kept, so no file is known to be absent */
	bool names_absent; /* a file missing in the tree and not named here was not collected */
};

/* Adds lines "path errno", separated by a blank or a tab; errno is a name or a number. An unknown
 * errno counts as EIO, so that the file is not taken as absent. */
void manifest_read(struct manifest *manifest, struct arena *arena, const char *text, size_t length);
/* Parses one line in place. Returns false for an empty line or a comment. */
bool manifest_parse_line(char *line, const char **ret_path, int *ret_error);

/* Returns a name such as "EACCES", or NULL for an errno that reading a file does not give. */
const char *manifest_errno_name(int number);
/* Returns the errno name as manifest_errno_name spells it, or NULL if it is not one of those. */
const char *manifest_errno_like(const char *name);
/* Adds a line. A path that is already named keeps its errno. */
void manifest_add(struct manifest *manifest, struct arena *arena, const char *path, int error);
/* Returns the errno of `path`, or 0 if it is not named. */
int manifest_error(const struct manifest *manifest, const char *path);
/* Appends the lines in the form that manifest_read accepts. */
void manifest_print(const struct manifest *manifest, struct text *text);

#endif
