/* Judging one limit: demand against capacity, bounded where facts are missing, over the plan's
 * time. */
#ifndef HEADROOM_MODEL_EVALUATE_H
#define HEADROOM_MODEL_EVALUATE_H

#include "model/names.h"
#include "model/result.h"

/* All instances of the limit's scope, the worst one in ret_resource->worst. Ignored and waived are
 * set from the options. With texts=false formulas and fact lists are left out (for searching). */
void evaluate_limit(const struct situation *situation,
		const struct limit_rule *rule,
		bool texts,
		struct resource *ret_resource);

/* The status of its worst instance alone, which takes a fraction of the time. */
enum status evaluate_status(const struct situation *situation, const struct limit_rule *rule);

/* The capacity of the limit for the first instance that the plan is about, whether or not the limit
 * applies to the plan. NAN: this host has no such limit, or a missing fact that it depends on is
 * not the same at worst and at best. */
double evaluate_capacity(const struct situation *situation, const struct limit_rule *rule);

/* Utilization at each of these moments, at scale 1, into ret_use. NAN where not known. */
void evaluate_use_series(const struct situation *situation,
		const struct judgement *judgement,
		const struct moment *moments,
		size_t count,
		double *ret_use);

/* True if a's outcome is worse than b's: what "the worst instance" means, and the order of binding.
 */
bool evaluate_worse(const struct judgement *a, const struct judgement *b);

#endif
