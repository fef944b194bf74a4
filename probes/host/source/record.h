/* Keeping what was read as a snapshot tree, and the MANIFEST of what could not be read. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_RECORD_H
#define HEADROOM_PROBES_HOST_SOURCE_RECORD_H

#include "probes/host/source/source.h"

/* Reads DIR/MANIFEST: lines "path errno", blank or tab between, errno a name or a number. Lines
 * that make no sense count as EIO for that path: what they name is not trusted to be absent. */
void manifest_read(struct source *source);
/* Parses one line in place. false: it is empty or a comment. */
bool manifest_parse_line(char *line, const char **ret_path, int *ret_error);

void record_link(struct source *source, const char *path, const char *target);

#endif
