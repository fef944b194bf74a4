/* The MANIFEST of a snapshot: which files could not be read when it was made, and why. Since 0.2 it
 * names those that did not exist, too, and says so in its first line. */
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

/* {0} is an empty one. Its entries live in the arena that the calls below are given. */
struct manifest {
	struct manifest_entry *entries;
	size_t count, capacity;
	bool cut;          /* it had more lines than are kept: nothing is known to be absent */
	bool names_absent; /* what the tree lacks and this does not name was not collected */
};

/* Adds the lines "path errno" of the text: a blank or a tab between them, errno a name or a number.
 * An unknown errno counts as EIO, so that the file is not taken to be absent. */
void manifest_read(struct manifest *manifest, struct arena *arena, const char *text, size_t length);
/* Parses one line in place. false: it is empty or a comment. */
bool manifest_parse_line(char *line, const char **ret_path, int *ret_error);

/* "EACCES"; NULL: none of those that reading a file gives. */
const char *manifest_errno_name(int number);
/* The name as written in that list, or NULL if the list does not have it. */
const char *manifest_errno_like(const char *name);
/* Adds a line. A path that is named already keeps its errno. */
void manifest_add(struct manifest *manifest, struct arena *arena, const char *path, int error);
/* The errno of `path`; 0: none is named. */
int manifest_error(const struct manifest *manifest, const char *path);
/* Appends the lines that manifest_read takes. */
void manifest_print(const struct manifest *manifest, struct text *text);

#endif
