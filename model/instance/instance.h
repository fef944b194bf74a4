/* One instance of a limit: a listener, a destination, an Erlang node, a process, or the host; and
 * the loads of the plan that use it together. */
#ifndef HEADROOM_MODEL_INSTANCE_INSTANCE_H
#define HEADROOM_MODEL_INSTANCE_INSTANCE_H

#include "model/situation.h"

/* One that the host may have and that is not among the facts: nothing is known of it. */
#define INSTANCE_UNLISTED "not listed"

/* A load that uses it, and its own name for it: the destination as it spells it. */
struct member {
	const struct load *load;
	const char *name;
};

struct instance {
	const char *name;             /* the name that is shown; "" where the scope has no instances */
	const struct member *members; /* the first one's settings count where only one can */
	size_t member_count;          /* at least 1 */
	bool binds;                   /* its first member calls bind() before connect() */
	bool alike;                   /* a socket in TIME_WAIT of one takes as much as of another */
	const char *unsure; /* a destination of another load that may be the same; NULL: none */
};

struct instances {
	struct instance *items;
	size_t count; /* at least 1 */
};

#endif
