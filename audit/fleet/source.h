/* Sources of hosts for a fleet: directories, files, tar files, standard input. */
#ifndef HEADROOM_AUDIT_FLEET_SOURCE_H
#define HEADROOM_AUDIT_FLEET_SOURCE_H

#include "audit/fleet/item.h"
#include "base/arena.h"
#include "base/error.h"

/* Reads a word of the command line: a path or "-", possibly with "ROLE:" in front. false with
 * err. */
bool fleet_source_named(struct arena *arena,
		const char *word,
		struct fleet_source *ret_source,
		struct error *err);

/* Copies standard input to a file without a name, so that it can be read twice. A regular file
 * needs no copy. */
bool fleet_source_keep(struct fleet_source *source, struct error *err);

/* Reads the whole source. Problems go to sink->problem. */
void fleet_source_read(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink);

/* Returns true for a directory or a file that cannot be a plan; for the first word of the command
 * line. */
bool fleet_source_is_plain(const char *word);

#endif
