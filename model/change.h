/* Tries a fix without making it: the facts and the plan as they would be after it. */
#ifndef HEADROOM_MODEL_CHANGE_H
#define HEADROOM_MODEL_CHANGE_H

#include "model/evaluate.h"
#include "model/state.h"

struct all_limits {
	struct resource *items; /* one per rule, in rule order */
	size_t count;
	const struct judgement *binding; /* the hard limit that counts and has the lowest finite
	                                    highest-safe scale; NULL: none */
	double safe_scale; /* lowest of the limits that count, even of those about which nothing is
	                      known; INFINITY: none is finite */
	/* The same, but limits about which nothing is known count at their best: an upper bound where
	 * at_most is set. */
	double most_scale;
	bool at_most;                    /* there are limits about which nothing is known */
	const struct name_list *without; /* ids of the limits that --ignore leaves out; NULL: none */
};

/* Judges every limit in this state; with `texts` it adds formulas and fact lists. false with err if
 * the plan has an error. */
bool state_judge(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		bool texts,
		struct situation *ret_situation,
		struct all_limits *ret_limits,
		struct error *err);

/* Judges one limit only, which is faster: for searching. */
struct judgement state_judge_one(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct limit_rule *rule);

/* Returns true if the limit bounds the load: it is hard, applies and is not ignored. A waiver makes
 * no difference here. */
bool judgement_counts(const struct judgement *judgement);
/* Returns true if the limit also takes part in the verdict: it counts and is not waived. */
bool judgement_decides(const struct judgement *judgement);

/* A fix to try: for this instance of the limit and, if it changes the plan, for this load of it. */
struct trial_fix {
	const struct fix_rule *rule;
	const char *instance;
	size_t load;
};

/* Returns the state after the fix sets its target (fix->rule->target) to `value`. */
struct state change_apply(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct trial_fix *fix,
		double value);

/* Returns the current value of what the fix changes, or NAN if it is not known. */
double change_current(const struct state *state, const struct trial_fix *fix);

/* Chooses a value for the fix when no plan says how much is needed: `wanted`, rounded as the fix
 * rule says and limited to what the fix can reach. A fix that can set only one value gives that
 * value. Returns false if the fix does not apply or changes nothing. */
bool change_reach(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct trial_fix *fix,
		double wanted,
		double *ret_value);

/* Finds the smallest value, rounded as the fix rule says, with which the limit no longer fails. If
 * no value is enough, gives the highest that the fix can reach. Returns false if the fix does not
 * apply or does not help. */
bool change_find(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct trial_fix *fix,
		const struct limit_rule *rule,
		double *ret_value);

#endif
