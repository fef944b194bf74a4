/* Applying a fix hypothetically: facts and plan as they would be. */
#ifndef HEADROOM_MODEL_CHANGE_H
#define HEADROOM_MODEL_CHANGE_H

#include "model/evaluate.h"
#include "model/state.h"

struct all_limits {
	struct resource *items; /* one per rule, in rule order */
	size_t count;
	const struct judgement
			*binding;  /* hard, counted, lowest highest-safe scale below infinity; NULL: none */
	double safe_scale; /* of all that count, those included of which nothing is known; INFINITY */
	/* The same with those of which nothing is known as good as they can be: a bound from above, if
	 * there are any. */
	double most_scale;
	bool at_most;                    /* there are */
	const struct name_list *without; /* ids of the limits that --ignore leaves out; NULL: none */
};

/* Judges every limit in this state. */
bool state_judge(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		bool texts,
		struct situation *ret_situation,
		struct all_limits *ret_limits,
		struct error *err);

/* Judges one limit only: for searching. */
struct judgement state_judge_one(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct limit_rule *rule);

/* True if the limit bounds the load: hard, applicable, not ignored. A waiver changes no number. */
bool judgement_counts(const struct judgement *judgement);
/* True if it takes part in the verdict as well: it is not waived. */
bool judgement_decides(const struct judgement *judgement);

/* A fix that is tried: for which instance of the limit, and for which load of the plan, if it
 * changes one. */
struct trial_fix {
	const struct fix_rule *rule;
	const char *instance;
	size_t load;
};

/* The state after the fix with `value` (what it means: fix->rule->target). */
struct state change_apply(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct trial_fix *fix,
		double value);

/* The value in force of what the fix changes; NAN: not known. */
double change_current(const struct state *state, const struct trial_fix *fix);

/* Finds a value of the fix without a plan that says how much is needed: `wanted`, rounded as the
 * fix says, and at most what the fix can do. For a fix that sets one fixed value, it is that value.
 * Returns false if the fix does not apply or changes nothing. */
bool change_reach(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct trial_fix *fix,
		double wanted,
		double *ret_value);

/* The smallest value of the fix with which the limit no longer fails, rounded as the fix says; the
 * most it can do if that is not enough. false: the fix does not apply or does not help. */
bool change_find(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct trial_fix *fix,
		const struct limit_rule *rule,
		double *ret_value);

#endif
