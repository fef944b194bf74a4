/* Hosts that carry a plan together, at both ends of its connections. */
#ifndef HEADROOM_MODEL_FLEET_FLEET_H
#define HEADROOM_MODEL_FLEET_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

/* What a host is in the connections of the plan. */
enum fleet_role {
	FLEET_CLIENT,
	FLEET_PROXY, /* takes the clients' connections, and opens its own to the servers */
	FLEET_SERVER,
	FLEET_BOTH, /* client and server run on the same machine */
	FLEET_ROLES,
	FLEET_UNSAID = FLEET_ROLES /* as the plan itself says */
};

const char *fleet_role_name(enum fleet_role role); /* "client"; NULL: unsaid */
bool fleet_role_from_name(const char *name, enum fleet_role *ret);

struct fleet_host {
	const char *name;
	enum fleet_role role;
	double weight; /* relative to hosts of the same role; 1 by default; 0: on standby, gets nothing
	                */
	const char *group; /* NULL: none */
	/* How much of the whole plan it carries within the target: 0.25 is a quarter. NAN: not known.
	 * Only FLEET_BY_CAPACITY asks for it. */
	double capacity;
};

enum fleet_way {
	FLEET_BY_WEIGHT,  /* as load tools divide a test */
	FLEET_BY_CAPACITY /* by weight, but none gets more than it carries as long as another has room
	                   */
};

struct fleet {
	const struct fleet_host *hosts;
	size_t count;
	enum fleet_way way;
	/* The words of the command that the plan's last load was read from (`-- wrk …`), so that the
	 * shares are such as it can run; NULL: none. */
	const struct name_list *command;
};

#endif
