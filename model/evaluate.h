/* Judges one limit over the plan's time: demand against capacity, with bounds where facts are
 * missing. */
#ifndef HEADROOM_MODEL_EVALUATE_H
#define HEADROOM_MODEL_EVALUATE_H

#include "model/names.h"
#include "model/result.h"

/* Judges all instances of the limit; ret_resource->worst is the worst of them. The options say
 * whether the limit is ignored or waived. Without `texts` the formulas and fact lists are left out,
 * which is faster: for searching. */
void evaluate_limit(const struct situation *situation,
		const struct limit_rule *rule,
		bool texts,
		struct resource *ret_resource);

/* Returns the status of the worst instance alone, in a fraction of the time. */
enum status evaluate_status(const struct situation *situation, const struct limit_rule *rule);

/* Returns the capacity of the limit for the plan's first instance, even if the limit does not apply
 * to the plan. NAN: this host has no such limit, or a missing fact leaves the capacity open. */
double evaluate_capacity(const struct situation *situation, const struct limit_rule *rule);

/* Writes the utilization (1 is 100%) at each moment into ret_use, at scale 1; NAN where it is not
 * known. */
void evaluate_use_series(const struct situation *situation,
		const struct judgement *judgement,
		const struct moment *moments,
		size_t count,
		double *ret_use);

/* Returns true if a's outcome is worse than b's. This order defines the worst instance and the
 * limit reached first. */
bool evaluate_worse(const struct judgement *a, const struct judgement *b);

#endif
