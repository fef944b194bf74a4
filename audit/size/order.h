/* What to order: how many machines, of which type if a catalogue names one, and the largest part of
 * the plan that one of them gets. The text, JSON and file outputs all use this. */
#ifndef HEADROOM_AUDIT_SIZE_ORDER_H
#define HEADROOM_AUDIT_SIZE_ORDER_H

#include "audit/size/machine.h"

struct size_order {
	const struct machine_fit *type; /* NULL: neither a provider nor a catalogue was named */
	double hosts;                   /* NAN: more of them do not help, or it is not known */
	double part;                    /* of the plan, the largest that one gets; NAN */
	const struct result *result;    /* what it comes from */
};

/* Judges the plan on the type to order, where there is one: *result and the pipeline's facts are
 * those of that type afterwards. */
bool order_judge(struct pipeline *pipeline,
		const struct loads *plan,
		const struct machine_sizing *sizing,
		struct result *result,
		struct error *err);

/* The order for the plan that order_judge judged. */
struct size_order order_of(const struct options *options,
		const struct machine_sizing *sizing,
		const struct result *result);

/* Adds one machine. Used if rounding up to whole connections makes a share too large. */
void order_one_more(struct size_order *order);

/* "order": {hosts, provider, type, arch, vcpus, memory_bytes}: what every output takes its numbers
 * from, and "hosts_needed.after_fixes" with it. */
void order_into_size(struct arena *arena, cJSON *size, const struct size_order *order);

#endif
