/* What is used of each limit, from samples; how much there is, from the rules. */
#include "model/watch/watched.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "model/evaluate.h"

/* Limits of a host that have no rule: nothing in a plan says how much processor time it takes, so
 * no plan can be judged by them. Each is a fact, or one processor. */
struct own_limit {
	const char *id, *title, *phrase, *unit;
	enum observed used;
	const char *fact; /* the capacity; NULL: 1 */
	bool processor, loses;
};

static const struct own_limit own_limits[] = {
		{"cpu", "CPU", "CPU", "cores", O_CPU_S, "host.cpus", true, true},
		{"thread-cpu",
				"CPU (busiest thread)",
				"CPU of its busiest thread",
				"core",
				O_THREAD_CPU_S,
				NULL,
				true,
				true},
};

/* --- which limits there are
 * ------------------------------------------------------------------------- */

static enum watched_side watched_side_of(const struct limit_rule *rule)
{
	if (rule->scope == SCOPE_LISTENER)
		return WATCHED_BY_SERVERS;
	if (rule->scope == SCOPE_DESTINATION)
		return WATCHED_BY_CLIENTS;
	return WATCHED_BY_ALL;
}

/* Is something lost where all of it is used? Not where a plan may use all of it. */
static bool watched_loses(const struct limit_rule *rule)
{
	return strcmp(rule->consequence, "degrade") != 0 && !rule->target;
}

static struct watched_limit watched_of_rule(const struct situation *situation,
		const struct limit_rule *rule)
{
	struct watched_limit limit = {
			.id = rule->id,
			.title = rule->title,
			.phrase = limit_phrase(rule),
			.unit = rule->unit,
			.quantity = rule->quantity,
			.loses = watched_loses(rule),
			.hard = rule->severity == SEVERITY_HARD,
			.side = watched_side_of(rule),
			.scope = rule->scope,
			.refused = OBSERVED,
			.capacity = evaluate_capacity(situation, rule),
			.used = OBSERVED,
			.observed = &rule->observed,
			.names = names_new(situation, rule, "", MISSING_UNKNOWN),
	};
	if (rule->observed.refused)
		limit.refused = observed_find(rule->observed.refused);
	return limit;
}

static struct watched_limit watched_own(const struct situation *situation,
		const struct own_limit *own)
{
	struct watched_limit limit = {
			.id = own->id,
			.title = own->title,
			.phrase = own->phrase,
			.unit = own->unit,
			.scope = SCOPE_HOST,
			.processor = own->processor,
			.loses = own->loses,
			.refused = OBSERVED,
			.capacity = 1,
			.used = own->used,
	};
	if (own->fact)
		limit.capacity = facts_number(situation->facts, own->fact);
	return limit;
}

struct watched_limits watched_limits_of(const struct situation *situation)
{
	const struct rules *rules = situation->rules;
	struct watched_limits limits = {0};
	size_t most = rules->limit_count + COUNT_OF(own_limits);
	limits.items = arena_alloc(situation->arena, most * sizeof *limits.items);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		if (rule->observed.used)
			limits.items[limits.count++] = watched_of_rule(situation, rule);
	}
	for (size_t i = 0; i < COUNT_OF(own_limits); i++) {
		/* A rule of the same id has more to say. */
		if (!watched_find(&limits, own_limits[i].id))
			limits.items[limits.count++] = watched_own(situation, &own_limits[i]);
	}
	return limits;
}

const struct watched_limit *watched_find(const struct watched_limits *limits, const char *id)
{
	for (size_t i = 0; i < limits->count; i++)
		if (!strcmp(limits->items[i].id, id))
			return &limits->items[i];
	return NULL;
}

int watched_reuse(const struct facts *facts)
{
	double reuse = facts_number(facts, "net.ipv4.tcp_tw_reuse");
	bool timestamps = facts_number(facts, "net.ipv4.tcp_timestamps") > 0;
	if (timestamps && reuse == 1)
		return 1;
	if (timestamps && reuse == 2)
		return 2;
	return 0;
}

/* --- what is used of one
 * ---------------------------------------------------------------------------- */

/* The names in a formula of `observed`: observations first, then what any formula of the rule may
 * name. */
struct watched_names {
	struct expr_env plan;
	const struct observation *before, *now;
};

static bool watched_lookup(void *context, const char *name, struct value *ret_value)
{
	const struct watched_names *names = context;
	enum observed what = observed_find(name);
	if (what == OBSERVED)
		return names->plan.lookup(names->plan.context, name, ret_value);
	double number = observed_value(what, names->before, names->now);
	if (isnan(number))
		*ret_value = value_unknown(name);
	else
		*ret_value = value_number(number, observed_unit(what));
	return true;
}

static bool watched_integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	const struct watched_names *names = context;
	return names->plan.integrate(names->plan.context, rate, seconds, ret_sum, ret_steady);
}

/* NAN: there is no formula, or it gives no number. */
static double watched_number(struct watched_names *names, const struct expr *formula)
{
	const struct expr_env env = {
			.lookup = watched_lookup,
			.integrate = watched_integrate,
			.context = names,
	};
	if (!formula)
		return (double)NAN;
	struct value value = expr_eval(formula, &env);
	if (value.kind != VALUE_NUMBER)
		return (double)NAN;
	return value.number;
}

struct watched_use watched_use(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now)
{
	struct watched_use use = {.capacity = limit->capacity, .own = (double)NAN};
	if (limit->observed) {
		struct watched_names names = {names_env(limit->names), before, now};
		double capacity = watched_number(&names, limit->observed->capacity);
		use.used = watched_number(&names, limit->observed->used);
		use.own = watched_number(&names, limit->observed->own);
		if (!isnan(capacity))
			use.capacity = capacity;
	} else {
		use.used = observed_value(limit->used, before, now);
		use.own = use.used;
	}
	use.ratio = use.used / use.capacity;
	if (isinf(use.capacity) && !isnan(use.used))
		use.ratio = 0;
	return use;
}

static bool watched_refuses(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now)
{
	if (limit->refused == OBSERVED)
		return false;
	return observed_value(limit->refused, before, now) > 0;
}

static bool watched_was_full(const struct watched_limit *limit, const struct observation *before)
{
	if (!before)
		return false;
	return watched_use(limit, NULL, before).ratio >= 1;
}

enum present_state watched_state(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now,
		double target)
{
	double ratio = watched_use(limit, before, now).ratio;
	bool queue = limit->scope == SCOPE_LISTENER;
	if (isnan(ratio))
		return PRESENT_UNKNOWN;
	if (ratio < target)
		return PRESENT_FREE;
	if (watched_refuses(limit, before, now))
		return PRESENT_FULL;
	if (queue && !watched_was_full(limit, before))
		return PRESENT_UNKNOWN;
	if (ratio >= 1)
		return PRESENT_FULL;
	return PRESENT_NEAR;
}
