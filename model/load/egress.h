/* The cloud NAT that a load goes out through: --egress ID[:ips=N][:ports=N][:vms=N][:hold=T]. */
#ifndef HEADROOM_MODEL_LOAD_EGRESS_H
#define HEADROOM_MODEL_LOAD_EGRESS_H

#include "base/arena.h"
#include "base/error.h"
#include "model/rule.h"

struct egress {
	const struct egress_rule *rule; /* NULL: none */
	double ips;
	double ports;  /* allocated to this machine; NAN: by the rule */
	double vms;    /* machines that share the pool; NAN: not said */
	double hold_s; /* NAN: by the rule */
};

/* `text`: the field of the plan. NULL and "none" mean that the load uses no cloud NAT. */
bool egress_read(struct arena *arena,
		const struct rules *rules,
		const char *text,
		struct egress *ret_egress,
		struct error *err);

/* Ports that this machine has towards one destination. */
double egress_ports(const struct egress *egress);
/* How long a closed connection keeps its port; `reset`: it was reset. */
double egress_hold(const struct egress *egress, bool reset);

/* One row of a table by the size of the pool, "50 1024": up to 50 machines have 1,024 ports each.
 * Returns false if the text is not such a row. */
bool egress_row(const char *text, double *ret_vms, double *ret_ports);

#endif
