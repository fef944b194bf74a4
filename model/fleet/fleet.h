/* Hosts that carry a plan together, at both ends of its connections. */
#ifndef HEADROOM_MODEL_FLEET_FLEET_H
#define HEADROOM_MODEL_FLEET_FLEET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/list.h"

/* Which end of the plan's connections a host is. */
enum fleet_role {
	FLEET_CLIENT,
	FLEET_PROXY, /* accepts the clients' connections and opens connections to the servers */
	FLEET_SERVER,
	FLEET_BOTH, /* client and server run on the same machine */
	FLEET_ROLES,
	FLEET_UNSAID = FLEET_ROLES /* the plan itself says it */
};

const char *fleet_role_name(enum fleet_role role); /* "client"; NULL for FLEET_UNSAID */
bool fleet_role_from_name(const char *name, enum fleet_role *ret);

struct fleet_host {
	const char *name;
	enum fleet_role role;
	double weight; /* relative to hosts of the same role; 1 by default; 0: on standby, no load */
	const char *group; /* name of the host's group; NULL: none */
	/* The part of the whole plan that the host can carry within the target: 0.25 is a quarter. NAN:
	 * not known. Used for FLEET_BY_CAPACITY only. */
	double capacity;
};

enum fleet_way {
	FLEET_BY_WEIGHT,  /* as load tools divide a test */
	FLEET_BY_CAPACITY /* by weight, but none gets more than its capacity while another has room */
};

struct fleet {
	const struct fleet_host *hosts;
	size_t count;
	enum fleet_way way;
	/* The words of the command that the plan's last load was read from (`-- wrk …`). The shares are
	 * then numbers that this command can run. NULL: there is no command. */
	const struct name_list *command;
};

#endif
