/* Finds addresses and process ids in a line of a log. */
#ifndef HEADROOM_MODEL_WHY_PLACE_H
#define HEADROOM_MODEL_WHY_PLACE_H

#include "model/why/plain.h"

struct why_place {
	const char *host; /* name or address without brackets; NULL: none */
	unsigned port;    /* 0: none */
};

/* Finds the destination of the line's call and the source address that it asked for. If the line
 * does not say, host is NULL and port is 0; a port may be known without a host (":31002"). */
void why_places(struct arena *arena,
		const struct plain *line,
		struct why_place *ret_to,
		struct why_place *ret_local);

/* Returns the PID in "pid 4711", "nginx[4711]:" or "pid=4711"; 0: none. */
long why_pid(const struct plain *line);

#endif
