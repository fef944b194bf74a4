/* Addresses and process ids that a line of a log names. */
#ifndef HEADROOM_MODEL_WHY_PLACE_H
#define HEADROOM_MODEL_WHY_PLACE_H

#include "model/why/plain.h"

struct why_place {
	const char *host; /* name or address, without brackets; NULL: none */
	unsigned port;    /* 0: none */
};

/* Where the line's call went to, and the source address that it asked for. If the line does not
 * say, host is NULL and port 0; a port may be known without a host (":31002"). */
void why_places(struct arena *arena,
		const struct plain *line,
		struct why_place *ret_to,
		struct why_place *ret_local);

/* "pid 4711", "nginx[4711]:", "pid=4711"; 0: none. */
long why_pid(const struct plain *line);

#endif
