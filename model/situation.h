/* A host and a plan together: where the names in formulas get their values. */
#ifndef HEADROOM_MODEL_SITUATION_H
#define HEADROOM_MODEL_SITUATION_H

#include "model/fact.h"
#include "model/load/timeline.h"
#include "model/load/workload.h"
#include "model/options.h"
#include "model/result.h"
#include "model/rule.h"

struct situation {
	struct arena *arena;
	const struct rules *rules;
	const struct facts *facts;       /* derived */
	const struct workload *workload; /* completed */
	const struct model_options *options;
	struct timeline down, up;         /* the plan, and a proxy's upstream side */
	const struct egress_rule *egress; /* NULL: none */
	double egress_ips;
	double share_here, up_share_here; /* part of the closes that this side starts */
};

/* Fails on an unknown --egress. facts must have been derived. */
bool situation_build(struct arena *arena,
		const struct rules *rules,
		const struct facts *facts,
		const struct workload *workload,
		const struct model_options *options,
		struct situation *ret_situation,
		struct error *err);

/* What a missing fact is taken for. */
enum missing_mode {
	MISSING_UNKNOWN,
	MISSING_WORST,
	MISSING_BEST
};

/* Names resolved for one limit (or NULL: a fix or myth), one instance: the context of an expr_env.
 */
struct names;
struct names *names_new(const struct situation *situation,
		const struct limit_rule *rule,
		const char *instance,
		enum missing_mode mode);
struct expr_env names_env(struct names *names);
void names_move(struct names *names,
		double scale,
		double t); /* evaluates at this scale and second from now on */
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

/* "… {name} …" with values put in: names of facts, of the plan, or of `extra` (pairs,
 * NULL-terminated; may be NULL), which come first. An unknown value prints as "?". */
const char *situation_fill(const struct situation *situation,
		const char *text,
		const char *const *extra);

#endif
