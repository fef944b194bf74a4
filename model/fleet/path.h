/* The path of a connection through a fleet: client, NAT or proxy, server. The end that can carry
 * least decides how much of the plan gets through. */
#ifndef HEADROOM_MODEL_FLEET_PATH_H
#define HEADROOM_MODEL_FLEET_PATH_H

#include "base/arena.h"
#include "model/fleet/fleet.h"
#include "model/load/loads.h"
#include "model/rule.h"

enum path_end {
	PATH_CLIENT,
	PATH_NAT, /* the address that all hosts of an end share for outgoing connections (--egress) */
	PATH_PROXY,
	PATH_SERVER,
	PATH_ENDS
};

/* How much a host, an end or the path can carry, as a multiple of its load. */
struct path_reach {
	double scale;      /* INFINITY: without limit; NAN: not known */
	bool at_most;      /* a limit that is not known may lower it */
	const char *limit; /* the id of the limit that is reached first; NULL: none */
};

/* One host. If it could not be judged, what its end can carry is known only as "at most". */
struct path_host {
	enum fleet_role role;
	bool judged;
	double part;                  /* its share of the whole plan, 0 to 1 */
	double connections;           /* connections in its share; NAN: not known */
	struct path_reach now, after; /* as multiples of its share, today and after its fixes */
	/* The same for limits that all hosts of this end share, such as a NAT. Judged with this host's
	 * share alone against the whole limit. `limit` is NULL if there is no such limit. */
	struct path_reach shared_now, shared_after;
};

struct path_stage {
	bool given;            /* false: this end has no host and was not judged */
	enum fleet_role role;  /* role of its hosts: FLEET_BOTH if each is client and server,
	                          FLEET_UNSAID if they differ */
	size_t hosts, unknown; /* unknown: the number of hosts that could not be judged */
	double least, most;    /* fewest and most connections on one host; NAN: not known */
	size_t narrowest_now, narrowest_after; /* index of the host that can carry least of its share */
	struct path_reach now, after;          /* as multiples of the whole plan */
};

struct path {
	struct path_stage stages[PATH_ENDS];
	/* The end that can carry least; PATH_ENDS: none is known to limit the plan. */
	enum path_end narrowest_now, narrowest_after;
	/* What the whole path can carry. at_most is set also if there are no clients or no servers. */
	struct path_reach now, after;
};

const char *path_end_name(enum path_end end); /* "client" "nat" "proxy" "server" */

struct path path_through(const struct path_host *hosts, size_t count);

/* Returns true if the hosts of this plan share the ports of one cloud NAT. If the provider gives
 * each machine its separate ports, they do not. */
bool path_shares_egress(struct arena *arena, const struct rules *rules, const struct loads *plan);

#endif
