/* Applying a fix hypothetically: facts and plan as they would be. */
#ifndef HEADROOM_MODEL_CHANGE_H
#define HEADROOM_MODEL_CHANGE_H

#include "model/evaluate.h"

/* A host and a plan, before or after some fixes. */
struct state {
	const struct facts *facts; /* derived */
	struct workload workload;  /* completed */
};

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

/* The state after `fix` with `value` (what it means: fix->target). `instance` is the judged
 * instance. */
struct state change_apply(struct arena *arena,
		const struct rules *rules,
		const struct state *state,
		const struct fix_rule *fix,
		const char *instance,
		double value);

/* The value in force of what the fix changes; NAN: not known. */
double change_current(const struct state *state, const struct fix_rule *fix, const char *instance);

/* The smallest value of the fix with which the limit no longer fails, rounded as the fix says; the
 * most it can do if that is not enough. false: the fix does not apply or does not help. */
bool change_find(const struct rules *rules,
		const struct state *state,
		const struct model_options *options,
		const struct fix_rule *fix,
		const struct limit_rule *rule,
		const char *instance,
		double *ret_value);

#endif
