/* Reads the members of a tar file as documents and snapshot trees. */
#ifndef HEADROOM_AUDIT_FLEET_ARCHIVE_H
#define HEADROOM_AUDIT_FLEET_ARCHIVE_H

#include "audit/fleet/item.h"
#include "base/arena.h"

struct archive_input {
	const struct fleet_source *source;
	const char *shown; /* names it in errors */
	const char *name;  /* the host's name if the file contains only a single tree */
	int fd;            /* the caller closes it */
	const char *first; /* bytes that were already read from fd */
	size_t first_length;
};

/* Reports all problems of the file through sink->problem. */
void archive_read(struct arena *arena,
		const struct archive_input *input,
		const struct item_sink *sink);

/* Returns true if a tar file, compressed or not, may begin with these bytes. */
bool archive_begins(const char *bytes, size_t length);

#endif
