/* Resolves host names to addresses like the vantage process would. */
#ifndef HEADROOM_PROBES_HOST_TARGET_RESOLVE_H
#define HEADROOM_PROBES_HOST_TARGET_RESOLVE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	RESOLVE_MAX = 256 /* names; further ones are not resolved */
};

struct resolved_name {
	const char *name;
	const char *addresses; /* "10.0.0.1 fd00::1"; NULL: none */
	const char *why;       /* why there is no result; NULL: there is one */
	bool late;             /* because no answer came in time */
};

/* Resolves all names at once, in the network and mount namespaces of `pid` (0: the current ones).
 * Waits at most 0.5 s in total. */
void resolve_names(struct arena *arena, int pid, struct resolved_name *names, size_t count);
/* Does the same from the text of a hosts file (hosts(5)). */
void resolve_from_hosts(struct arena *arena,
		const char *text,
		struct resolved_name *names,
		size_t count);

#endif
