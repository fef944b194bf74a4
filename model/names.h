/* The names in formulas: facts, fields of the plan, series over the plan's time, terms of a rule
 * ("let"), and a few of the model's own. */
#ifndef HEADROOM_MODEL_NAMES_H
#define HEADROOM_MODEL_NAMES_H

#include "model/expr/affine.h"
#include "model/instance/instance.h"

/* What a missing fact is taken for. */
enum missing_mode {
	MISSING_UNKNOWN,
	MISSING_UNSEEN, /* unknown, even if the rule says what its absence means */
	MISSING_WORST,
	MISSING_BEST
};

/* Names resolved for one limit (or NULL: a fix or myth), one instance: the context of an expr_env.
 */
struct names;
/* For the loads that use this instance of the limit. Outside of sum() names are those of the
 * first. */
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
/* Is the condition true? What is not known may be. */
bool names_may_hold(struct names *names, const struct expr *condition);
/* Evaluates at this scale and moment from now on. */
void names_move(struct names *names, double scale, struct moment moment);
/* From now on the kernel's timers end as late as they may, by tcp.time_wait_slack_s and
 * tcp.fin_wait2_slack_s. */
void names_carry_slack(struct names *names);
/* From now on the kernel keeps all that it would keep, tcp_max_tw_buckets or not. */
void names_keep_all(struct names *names);
/* Did the last formula or sum use a series that had its most? */
bool names_capped(const struct names *names);
/* Does any series that was used have one? */
bool names_may_cap(const struct names *names);
/* Writes the formula as a sum of multiples of the plan's series and the scale. Returns false if it
 * is not such a sum. */
bool names_affine(struct names *names, const struct expr *expr, struct affine *ret_affine);
/* Its value at the moment and scale. */
double names_sum(struct names *names, const struct affine *affine);
/* The series of the i-th atom of a sum, counted from 1, and the seconds that it is summed up over
 * (NAN: its value now). NULL: there is none. */
struct plan_series;
const struct plan_series *names_atom(const struct names *names, int i, double *ret_seconds);
/* How many loads there are, and the i-th of them. */
size_t names_loads(const struct names *names);
const struct load *names_load(const struct names *names, size_t i);
/* The windows that formulas looked back over so far on the course of the i-th load: the second
 * argument of last(), in seconds. */
const double *names_windows(const struct names *names, size_t i, size_t *ret_count);
/* Fact keys looked up so far, and those that were missing (distinct). */
const struct name_list *names_used(const struct names *names);
const struct name_list *names_missing(const struct names *names);

/* The static unit of a name for expr_check. context: struct names_scope. */
struct names_scope {
	const struct rule_let *lets; /* names visible so far */
	const enum unit *let_units;
	size_t let_count;
	expr_type_fn fact_type; /* of fact keys; gets fact_context */
	void *fact_context;
};
bool names_type(void *context, const char *name, enum unit *ret_unit);

#endif
