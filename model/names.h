/* Names in formulas: facts, fields of the plan, series over the plan's time, terms that a rule
 * defines ("let"), and some that the model defines itself (own_names.h). */
#ifndef HEADROOM_MODEL_NAMES_H
#define HEADROOM_MODEL_NAMES_H

#include "model/expr/affine.h"
#include "model/instance/instance.h"

/* What a formula uses for a fact that is missing. */
enum missing_mode {
	MISSING_UNKNOWN,
	MISSING_UNSEEN, /* unknown, even if the rule gives a value for an absent fact */
	MISSING_WORST,
	MISSING_BEST
};

/* The names as one limit (NULL: a fix or a myth) and one instance see them: the context of an
 * expr_env. Lives in the arena of the situation. */
struct names;
/* For all loads that use this instance. Outside of sum(), names mean the first of them. */
struct names *names_of(const struct situation *situation,
		const struct limit_rule *rule,
		const struct instance *instance,
		enum missing_mode mode);
/* For one load. */
struct names *names_of_load(const struct situation *situation,
		const struct load *load,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode);
/* For the first load. */
struct names *names_new(const struct situation *situation,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode);
struct expr_env names_env(struct names *names);
/* Returns true if the condition is true or unknown. */
bool names_may_hold(struct names *names, const struct expr *condition);
/* Sets the scale and moment for the evaluations that follow. */
void names_move(struct names *names, double scale, struct moment moment);
/* From now on the kernel's timers end as late as they can: later by tcp.time_wait_slack_s and
 * tcp.fin_wait2_slack_s. */
void names_carry_slack(struct names *names);
/* From now on the ceiling of tcp_max_tw_buckets is ignored. */
void names_keep_all(struct names *names);
/* Returns true if the last formula or sum used a series that had reached its ceiling. */
bool names_capped(const struct names *names);
/* Returns true if a series that was used has a ceiling. */
bool names_may_cap(const struct names *names);
/* Writes the formula as a sum of multiples of the scale and of the plan's series. Returns false if
 * it is not such a sum. */
bool names_affine(struct names *names, const struct expr *expr, struct affine *ret_affine);
/* Returns the value of the sum at the current moment and scale. */
double names_sum(struct names *names, const struct affine *affine);
/* Returns the series of the i-th atom of a sum, counted from 1, or NULL if there is none.
 * *ret_seconds: it is totaled over so many seconds; NAN: its current value counts. */
struct plan_series;
const struct plan_series *names_atom(const struct names *names, int i, double *ret_seconds);
/* Return the number of loads, and the i-th load. */
size_t names_loads(const struct names *names);
const struct load *names_load(const struct names *names, size_t i);
/* Returns the different windows that formulas passed to last() so far, in seconds, for the i-th
 * load. */
const double *names_windows(const struct names *names, size_t i, size_t *ret_count);
/* Return the keys of the facts looked up so far, and of those that were missing, each once. */
const struct name_list *names_used(const struct names *names);
const struct name_list *names_missing(const struct names *names);

/* For expr_check: names_type gives the unit of a name and returns false if there is no such name.
 * Its context is a struct names_scope. */
struct names_scope {
	const struct rule_let *lets; /* the names defined so far */
	const enum unit *let_units;
	size_t let_count;
	expr_type_fn fact_type; /* gives the unit of a fact; called with fact_context */
	void *fact_context;
};
bool names_type(void *context, const char *name, enum unit *ret_unit);

#endif
