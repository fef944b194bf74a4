/* What part of a plan's closed connections stays in TIME_WAIT on this host. */
#ifndef HEADROOM_MODEL_CLOSES_CLOSER_H
#define HEADROOM_MODEL_CLOSES_CLOSER_H

#include "model/load/workload.h"
#include "model/rule.h"

enum closer_basis {
	CLOSER_CERTAIN,  /* the plan says who closes */
	CLOSER_STATED,   /* the plan says the client's part */
	CLOSER_MEASURED, /* either side may close; the tool was measured over a network */
	CLOSER_LOOPBACK  /* either side may close; any part from none to all is equally likely */
};

struct closer_shares {
	enum closer_basis basis;
	double usual, highest;        /* shares of all closes, 0 to 1 */
	const struct tool_rule *tool; /* the tool whose figures these are; NULL: there are none */
};

/* Says how often the side of the plan that this host is on closes first. `upstream`: for a proxy's
 * connections to its upstreams. `workload` must be completed. */
struct closer_shares closer_shares_of(const struct rules *rules,
		const struct workload *workload,
		bool upstream);

/* Fills in client_closes if either side may close, and adds it to the assumptions. all
 * (--pessimistic): the client closes every connection first. */
void closer_complete(struct arena *arena,
		const struct rules *rules,
		bool all,
		struct workload *workload,
		struct assumption **assumptions,
		size_t *count);

#endif
