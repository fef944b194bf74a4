/* What calibrators should find on this host for this plan, from the same rules and facts as the
 * verdict, before any of them runs; and what they must know of the plan to push the same limits.
 * Unknown numbers are NAN. */
#ifndef HEADROOM_MODEL_EXPECTATION_H
#define HEADROOM_MODEL_EXPECTATION_H

#include <stdbool.h>

struct situation;
struct result;

struct expectation {
	double usable_ports; /* of one pool */
	double destinations, sources;
	double pools;         /* how many pools of ports the plan's bind mode has */
	double hold_s;        /* how long a close keeps a port */
	double nofile;        /* descriptors a process of the plan may have */
	double open_below;    /* … and has already */
	double backlog;       /* of the plan's listener */
	double queue;         /* completed connections that wait */
	const char *listener; /* instance of the limit that it is about; NULL: the plan has none */
	double entries_per_connection;
	double connection_bytes;  /* kernel memory of one idle socket */
	double planning_constant; /* entries per connection by the planning constant; 0: none applies */
};

void expectation_make(const struct situation *situation,
		const struct result *result,
		struct expectation *ret_expectation);

/* The prediction for one calibrator, in its own unit, and how many pools it counts together. NAN:
 * none. */
double expectation_of(const struct expectation *expectation,
		const char *calibrator,
		double *ret_parts);

#endif
