/* The members of a tar file as documents and snapshot trees. */
#ifndef HEADROOM_AUDIT_FLEET_ARCHIVE_H
#define HEADROOM_AUDIT_FLEET_ARCHIVE_H

#include "audit/fleet/item.h"
#include "base/arena.h"

struct archive_input {
	const struct fleet_source *source;
	const char *shown; /* names it in errors */
	const char *name;  /* the host, where a single tree is all there is */
	int fd;            /* stays the caller's */
	const char *first; /* bytes that were read already */
	size_t first_length;
};

/* What is wrong with it goes to sink->problem. */
void archive_read(struct arena *arena,
		const struct archive_input *input,
		const struct item_sink *sink);

/* Do these first bytes of a file begin a tar file, packed or not? */
bool archive_begins(const char *bytes, size_t length);

#endif
