/* Facts that follow from other facts: the usable ephemeral ports, and what the platform rules
 * derive. Derive them again after every change of a fact. */
#ifndef HEADROOM_MODEL_DERIVE_H
#define HEADROOM_MODEL_DERIVE_H

#include "base/portset.h"
#include "model/fact.h"
#include "model/rule.h"

/* Adds these facts with origin derived: ports.low, ports.high, ports.width, ports.odd_width,
 * ports.usable, ports.reserved_in_range, ports.blocked_in_range (used by listeners or bound
 * sockets, and not reserved), ports.listeners_in_range (a count), ports.listeners_list (a text),
 * ports.udp_blocked_in_range, and the names of the platform rules that apply. If the range is
 * missing, they are missing for the same reason. */
void derive_facts(struct facts *facts, const struct rules *rules);

/* Gives the unit of a derived fact; returns false if no derived fact has this name. */
bool derive_type(const char *name, enum unit *ret_unit);

/* Collects the ports to reserve when the range becomes low..high: those reserved today, every
 * listener in the range, published container ports and, on a Kubernetes node, the NodePorts
 * (30000-32767). */
void derive_reserved(const struct facts *facts,
		unsigned low,
		unsigned high,
		struct portset *ret_set);

/* Sets the range to low..high and adapts the reserved ports to it (origin proposed). */
void derive_set_range(struct facts *facts, unsigned low, unsigned high);

/* Gives the reserved ports, or the empty set if they are not known. */
void derive_reserved_now(const struct facts *facts, struct portset *ret_set);
/* Reads a set of ports from the text of a fact. If the fact is absent, the set is empty. Returns
 * false if the fact is not known. */
bool derive_ports_of(const struct facts *facts, const char *key, struct portset *ret_set);

/* Gives the bounds of the range in force; returns false if it is not known. */
bool derive_range(const struct facts *facts, unsigned *ret_low, unsigned *ret_high);

#endif
