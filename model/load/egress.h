/* The cloud NAT that a load's connections go through: --egress
 * ID[:ips=N][:ports=N][:vms=N][:hold=T]. */
#ifndef HEADROOM_MODEL_LOAD_EGRESS_H
#define HEADROOM_MODEL_LOAD_EGRESS_H

#include "base/arena.h"
#include "base/error.h"
#include "model/rule.h"

struct egress {
	const struct egress_rule *rule; /* NULL: no cloud NAT */
	double ips;
	double ports;  /* for this machine; NAN: as the rule says */
	double vms;    /* machines that share the pool; NAN: not given */
	double hold_s; /* seconds; NAN: as the rule says */
};

/* Reads the plan's field. NULL and "none" mean no cloud NAT. false with err. */
bool egress_read(struct arena *arena,
		const struct rules *rules,
		const char *text,
		struct egress *ret_egress,
		struct error *err);

/* Returns the number of ports that this machine has to one destination. */
double egress_ports(const struct egress *egress);
/* Returns how many seconds a connection keeps its port after it was closed or, with `reset`,
 * reset. */
double egress_hold(const struct egress *egress, bool reset);

/* Reads one row of a table by the size of the pool: "50 1024" means that up to 50 machines have
 * 1,024 ports each. Returns false if the text is not such a row. */
bool egress_row(const char *text, double *ret_vms, double *ret_ports);

#endif
