/* Facts that follow from other facts: the usable ephemeral ports, and what a platform rule derives.
 * Run again after every change of a fact. */
#ifndef HEADROOM_MODEL_DERIVE_H
#define HEADROOM_MODEL_DERIVE_H

#include "base/portset.h"
#include "model/fact.h"
#include "model/rule.h"

/* Adds (origin derived): ports.low ports.high ports.width ports.odd_width ports.reserved_in_range
 * ports.blocked_in_range (held by listeners or bound sockets, not reserved) ports.usable,
 * ports.listeners_in_range (count) and ports.listeners_list (text), ports.udp_blocked_in_range, and
 * the names of the platform rules that apply. A missing range makes them missing, with its reason.
 */
void derive_facts(struct facts *facts, const struct rules *rules);

/* The unit of a derived name; false: no such name. */
bool derive_type(const char *name, enum unit *ret_unit);

/* The ports to reserve when the range becomes low..high: those reserved now, every listener in the
 * range, published container ports, and Kubernetes NodePorts (30000-32767) on a node. */
void derive_reserved(const struct facts *facts,
		unsigned low,
		unsigned high,
		struct portset *ret_set);

/* Sets the range to low..high and carries the reserved ports along (origin proposed). */
void derive_set_range(struct facts *facts, unsigned low, unsigned high);

/* The reserved ports; none where they are not known. */
void derive_reserved_now(const struct facts *facts, struct portset *ret_set);
/* A set of ports from a fact's text. An absent fact is the empty set; false: not known. */
bool derive_ports_of(const struct facts *facts, const char *key, struct portset *ret_set);

/* low and high of the range in force; false if it is not known. */
bool derive_range(const struct facts *facts, unsigned *ret_low, unsigned *ret_high);

#endif
