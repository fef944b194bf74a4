/* One instance of a limit (a listener, a destination, an Erlang node, a process, or the host) and
 * the loads of the plan that use it together. */
#ifndef HEADROOM_MODEL_INSTANCE_INSTANCE_H
#define HEADROOM_MODEL_INSTANCE_INSTANCE_H

#include "model/situation.h"

/* The name of an instance that the host may have although no fact lists it. Nothing is known about
 * it. */
#define INSTANCE_UNLISTED "not listed"

/* A load that uses the instance, and the name that this load gives it: a destination as the plan
 * spells it. */
struct member {
	const struct load *load;
	const char *name;
};

struct instance {
	const char *name;             /* the name to show; "" if the limit has no named instances */
	const struct member *members; /* where only one load's settings can count, those of the first */
	size_t member_count;          /* at least 1 */
	bool binds;                   /* its first member calls bind() before connect() */
	bool alike; /* a TIME_WAIT socket of one load uses as much of it as one of another load */
	const char *unsure; /* a destination of another load that may be the same host; NULL: none */
};

struct instances {
	struct instance *items;
	size_t count; /* at least 1 */
};

#endif
