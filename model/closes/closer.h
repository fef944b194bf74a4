/* Which part of a plan's closed connections stays in TIME_WAIT on this host. */
#ifndef HEADROOM_MODEL_CLOSES_CLOSER_H
#define HEADROOM_MODEL_CLOSES_CLOSER_H

#include "model/load/workload.h"
#include "model/rule.h"

enum closer_basis {
	CLOSER_CERTAIN,  /* the plan says who closes */
	CLOSER_STATED,   /* the plan says the client's part */
	CLOSER_MEASURED, /* either side may close: what was measured of the tool over a network */
	CLOSER_LOOPBACK  /* either side may close, and nothing between 0 and all is more likely */
};

struct closer_shares {
	enum closer_basis basis;
	double usual, highest;        /* 0..1 of the closes */
	const struct tool_rule *tool; /* whose figures they are; NULL: there are none */
};

/* Who closes first, on the side of the plan that this host is on. `upstream`: for a proxy's
 * connections to its upstreams. `workload` must be completed. */
struct closer_shares closer_shares_of(const struct rules *rules,
		const struct workload *workload,
		bool upstream);

/* Fills in client_closes where either side may close, and adds it to the assumptions. all: the
 * worst case is judged. */
void closer_complete(struct arena *arena,
		const struct rules *rules,
		bool all,
		struct workload *workload,
		struct assumption **assumptions,
		size_t *count);

#endif
