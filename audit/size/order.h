/* What to order: how many machines, of which type if a catalogue has one, and the largest part of
 * the plan that one of them gets. All outputs (text, JSON, files) use this. */
#ifndef HEADROOM_AUDIT_SIZE_ORDER_H
#define HEADROOM_AUDIT_SIZE_ORDER_H

#include "audit/size/machine.h"

struct size_order {
	const struct machine_fit *type; /* NULL: neither a provider nor a catalogue was named */
	double hosts;                   /* NAN: more hosts do not help, or not known */
	double part;                    /* largest part of the plan for one machine; NAN: not known */
	const struct result *result;    /* the result that it is based on */
};

/* Judges the plan on the type to order, if there is one: *result and the pipeline's facts then
 * belong to that type. false with err. */
bool order_judge(struct pipeline *pipeline,
		const struct loads *plan,
		const struct machine_sizing *sizing,
		struct result *result,
		struct error *err);

/* Returns the order for the plan that order_judge judged. */
struct size_order order_of(const struct options *options,
		const struct machine_sizing *sizing,
		const struct result *result);

/* Adds one machine. Used if rounding up to whole connections makes a share too large. */
void order_one_more(struct size_order *order);

/* Adds "order": {hosts, provider, type, arch, vcpus, memory_bytes}, from which every output takes
 * its numbers, and sets "hosts_needed.after_fixes". */
void order_into_size(struct arena *arena, cJSON *size, const struct size_order *order);

#endif
