/* The way of a connection through a fleet: client, NAT or proxy, server. The narrowest end says how
 * much of the plan goes through. */
#ifndef HEADROOM_MODEL_FLEET_PATH_H
#define HEADROOM_MODEL_FLEET_PATH_H

#include "base/arena.h"
#include "model/fleet/fleet.h"
#include "model/load/loads.h"
#include "model/rule.h"

enum path_end {
	PATH_CLIENT,
	PATH_NAT, /* what all hosts of an end go out through together (--egress) */
	PATH_PROXY,
	PATH_SERVER,
	PATH_ENDS
};

/* How far something goes: a multiple of what it was asked. */
struct path_reach {
	double scale;      /* INFINITY: nothing stops it; NAN: not known */
	bool at_most;      /* a limit that is not known may make it less */
	const char *limit; /* the id of the limit that stops it; NULL: none */
};

/* A judged host; or one that could not be judged, which makes the reach of its end "at most". */
struct path_host {
	enum fleet_role role;
	bool judged;
	double part;                  /* of the whole plan, as its share says */
	double connections;           /* its share; NAN: not known */
	struct path_reach now, after; /* as multiples of its share; after: with its fixes */
	/* The same of the limits that all hosts of its end use up together, where its share alone was
	 * judged against the whole of it; limit NULL: none. */
	struct path_reach shared_now, shared_after;
};

struct path_stage {
	bool given;            /* false: no host, not judged */
	enum fleet_role role;  /* of its hosts: FLEET_BOTH where each is client and server */
	size_t hosts, unknown; /* unknown: of them, those that could not be judged */
	double least, most;    /* connections on each; NAN: not known */
	size_t narrowest_now, narrowest_after; /* the place of the host that stops it */
	struct path_reach now, after;          /* as multiples of the whole plan */
};

struct path {
	struct path_stage stages[PATH_ENDS];
	/* The end that stops first; PATH_ENDS: none is known to stop. */
	enum path_end narrowest_now, narrowest_after;
	/* Of the whole path. at_most also where a client or server end has no hosts. */
	struct path_reach now, after;
};

const char *path_end_name(enum path_end end); /* "client" "nat" "proxy" "server" */

struct path path_through(const struct path_host *hosts, size_t count);

/* Do the hosts of this plan share the ports of one cloud NAT? Not where the provider gives each
 * machine its own. */
bool path_shares_egress(struct arena *arena, const struct rules *rules, const struct loads *plan);

#endif
