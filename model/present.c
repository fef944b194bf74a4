/* Present use. The formulas of the rule's member "now" are evaluated for each instance of its fact,
 * and the fullest one is kept. */
#include "model/present.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/missing.h"
#include "model/names.h"
#include "model/text/template.h"

/* Of more instances, those with the largest number are looked at. */
enum {
	INSTANCES_MAX = 256
};

static const double unseen = (double)NAN;

/* A limit whose present use is looked for, and the best answer so far. */
struct look {
	const struct situation *s;
	const struct limit_rule *rule;
	struct present found;
	const struct rule_now *now; /* of `found` */
	const char *instance;       /* of `found` */
	struct use *uses;           /* each that was counted, if `every` */
	size_t use_count, use_room;
	bool every;
	const struct name_list *only; /* destinations; NULL: all instances */
};

/* One of the instances that were looked at. */
struct use {
	struct present present;
	const struct rule_now *now;
	const char *instance;
};

static double present_number(const struct expr *formula, const struct expr_env *env)
{
	if (!formula)
		return unseen;
	struct value value = expr_eval(formula, env);
	if (value.kind != VALUE_NUMBER)
		return unseen;
	return value.number;
}

static bool present_holds(const struct expr *condition, const struct expr_env *env)
{
	if (!condition)
		return true;
	struct value value = expr_eval(condition, env);
	return value.kind == VALUE_BOOL && value.number != 0;
}

static const struct expr *present_capacity(const struct limit_rule *rule,
		const struct rule_now *now)
{
	if (now->capacity)
		return now->capacity;
	if (rule->observed.capacity)
		return rule->observed.capacity;
	return rule->capacity;
}

double present_ratio(const struct present *present)
{
	if (isnan(present->used) || isnan(present->capacity))
		return unseen;
	if (present->used <= 0 || isinf(present->capacity))
		return 0;
	if (present->capacity <= 0)
		return INFINITY;
	return present->used / present->capacity;
}

static bool present_is_counted(const struct present *present)
{
	return !isnan(present->used) && !isnan(present->capacity);
}

static enum present_state present_judge(const struct present *present, double target)
{
	if (!present_is_counted(present))
		return PRESENT_UNKNOWN;
	double ratio = present_ratio(present);
	if (ratio >= 1)
		return PRESENT_FULL;
	if (ratio >= target)
		return PRESENT_NEAR;
	return PRESENT_FREE;
}

/* Of the instance, or of the host. */
static const struct fact *present_fact(const struct look *look,
		const char *key,
		const char *instance)
{
	const struct fact *own = facts_get(look->s->facts, key, instance);
	if (own)
		return own;
	return facts_get(look->s->facts, key, "");
}

static double present_refused(const struct look *look,
		const struct rule_now *now,
		const char *instance)
{
	if (!now->refused)
		return unseen;
	const struct fact *fact = present_fact(look, now->refused, instance);
	if (!fact || fact->status != FACT_KNOWN)
		return unseen;
	return fact->number;
}

/* Fuller than the other. What one look cannot tell comes before what is free, if it is fuller; what
 * is not known comes last. */
static bool present_fuller(const struct present *a, const struct present *b)
{
	bool stands_out = a->state >= PRESENT_NEAR || b->state >= PRESENT_NEAR;
	if (stands_out && a->state != b->state)
		return a->state > b->state;
	if (!present_is_counted(b))
		return present_is_counted(a);
	return present_ratio(a) > present_ratio(b);
}

static const char *present_by(const struct look *look);

/* Two members of the rule may see the same thing: the process that is judged is among those with
 * the most open files. It is named once. */
static bool is_the_found_one(const struct look *look,
		const struct rule_now *now,
		const char *instance)
{
	struct look other = *look;
	other.now = now;
	other.instance = instance;
	const char *by = present_by(look);
	return by && *by && strcmp(by, present_by(&other)) == 0;
}

/* Keeps the fullest, and counts those that are in its state. */
static void present_take(struct look *look,
		const struct rule_now *now,
		const char *instance,
		struct present *present)
{
	const struct present *before = &look->found;
	bool first = !look->now;
	bool same = !first && present->state == before->state && present->state >= PRESENT_NEAR;
	if (same)
		same = !is_the_found_one(look, now, instance);
	size_t others = before->others + same;
	if (before->reason)
		present->reason = before->reason;
	if (!first && !present_fuller(present, before)) {
		look->found.others = others;
		look->found.reason = present->reason;
		return;
	}
	if (same)
		present->others = others;
	look->found = *present;
	look->now = now;
	look->instance = instance;
}

static void look_keep(struct look *look,
		const struct rule_now *now,
		const char *instance,
		const struct present *present)
{
	if (!look->every || !present_is_counted(present))
		return;
	look->uses = arena_grow(look->s->arena,
			look->uses,
			look->use_count,
			&look->use_room,
			sizeof *look->uses);
	look->uses[look->use_count++] = (struct use){*present, now, instance};
}

static void look_at(struct look *look, const struct rule_now *now, const char *instance)
{
	static const char momentary[] = "one sample cannot tell whether it is full";
	struct names *names = names_new(look->s, look->rule, instance, MISSING_UNSEEN);
	const struct expr_env env = names_env(names);
	if (!present_holds(now->when, &env))
		return;
	struct present present = {
			.used = present_number(now->used, &env),
			.capacity = present_number(present_capacity(look->rule, now), &env),
			.refused = present_refused(look, now, instance),
	};
	present.state = present_judge(&present, look->s->options->target);
	present.none = !now->used;
	if (!now->used)
		present.reason = "nothing on the host shows how much is in use";
	else if (present.state == PRESENT_UNKNOWN) {
		present.missing = names_missing(names);
		present.reason = missing_list(look->s, instance, present.missing);
	}
	if (present.state >= PRESENT_NEAR && !present_holds(now->sure, &env)) {
		present.state = PRESENT_UNKNOWN;
		present.reason = momentary;
	}
	look_keep(look, now, instance, &present);
	present_take(look, now, instance, &present);
}

/* A list that is empty: is that known? */
static void look_for_none(struct look *look, const struct rule_now *now)
{
	struct names *names = names_new(look->s, look->rule, "", MISSING_UNSEEN);
	const struct expr_env env = names_env(names);
	if (look->found.reason || !present_holds(now->when, &env))
		return;
	if (facts_list_state(look->s->facts, now->each) == LIST_SKIPPED)
		look->found.reason = arena_printf(look->s->arena, "%s was not collected", now->each);
}

static int by_number(const void *a, const void *b)
{
	const struct fact *left = *(const struct fact *const *)a;
	const struct fact *right = *(const struct fact *const *)b;
	if (left->number != right->number)
		return (left->number < right->number) - (left->number > right->number);
	return strcmp(left->instance, right->instance);
}

static const char *destination_of(const char *instance)
{
	const char *arrow = strchr(instance, '>');
	if (arrow)
		return arrow + 1;
	return instance;
}

/* Is this instance looked at? */
static bool is_wanted(const struct look *look, const char *instance)
{
	const struct name_list *processes = look->s->options->processes;
	if (processes && look->rule->scope == SCOPE_PROCESS)
		return name_list_has(processes, instance);
	return !look->only || name_list_has(look->only, destination_of(instance));
}

static void look_at_each(struct look *look, const struct rule_now *now)
{
	const struct facts *facts = look->s->facts;
	size_t first;
	size_t count = facts_instances(facts, now->each, &first);
	size_t room = count + 1;
	const struct fact **all = arena_alloc(look->s->arena, room * sizeof *all);
	size_t wanted = 0;
	for (size_t i = 0; i < count; i++) {
		if (is_wanted(look, facts->items[first + i]->instance))
			all[wanted++] = facts->items[first + i];
	}
	count = wanted;
	if (count > INSTANCES_MAX) {
		qsort(all, count, sizeof *all, by_number);
		count = INSTANCES_MAX;
	}
	for (size_t i = 0; i < count; i++)
		look_at(look, now, all[i]->instance);
	if (count == 0)
		look_for_none(look, now);
}

/* --- which instance it is ------------------------------------------------------------------- */

/* Do sockets of another source address go to this destination, too? */
static bool has_other_source(const struct look *look)
{
	const struct facts *facts = look->s->facts;
	size_t first, same = 0;
	size_t count = facts_instances(facts, look->now->each, &first);
	const char *to = destination_of(look->instance);
	for (size_t i = first; i < first + count; i++) {
		const char *other = facts->items[i]->instance;
		if (strcmp(destination_of(other), to) == 0)
			same++;
	}
	return same > 1;
}

/* "10.0.0.1>10.0.0.2:80" is the destination alone where there is no other source. */
static const char *shown_instance(const struct look *look)
{
	struct arena *arena = look->s->arena;
	const char *to = destination_of(look->instance);
	if (to == look->instance || !has_other_source(look))
		return to;
	const size_t length = (size_t)(to - look->instance) - 1;
	const char *from = arena_copy(arena, look->instance, length);
	return arena_printf(arena, "%s from %s", to, from);
}

static const char *present_by(const struct look *look)
{
	const struct template_values values = {
			.arena = look->s->arena,
			.facts = look->s->facts,
			.instance = look->instance,
			.shown = shown_instance(look),
	};
	return template_fill(&values, look->now->by);
}

static void look_at_all(struct look *look)
{
	const struct limit_rule *rule = look->rule;
	look->found = (struct present){.used = unseen, .capacity = unseen, .refused = unseen};
	for (size_t i = 0; i < rule->now_count; i++) {
		const struct rule_now *now = &rule->nows[i];
		if (now->each)
			look_at_each(look, now);
		else
			look_at(look, now, "");
	}
}

struct present present_of(const struct situation *situation, const struct limit_rule *rule)
{
	struct look look = {.s = situation, .rule = rule};
	look_at_all(&look);
	if (look.now) {
		look.found.by = present_by(&look);
		look.found.instance = look.instance;
	}
	if (look.now || look.found.reason)
		return look.found;
	look.found.none = true;
	look.found.reason = "none was found on this host";
	if (rule->now_hidden)
		look.found.reason = rule->now_hidden;
	return look.found;
}

struct present present_towards(const struct situation *situation,
		const struct limit_rule *rule,
		const struct name_list *destinations)
{
	struct look look = {.s = situation, .rule = rule, .only = destinations};
	look_at_all(&look);
	if (look.now && look.instance[0]) {
		look.found.by = present_by(&look);
		look.found.instance = look.instance;
	} else {
		look.found.by = destinations->items[0];
	}
	if (look.now || look.found.reason)
		return look.found;
	/* No socket goes there: the ports are free, as many as there are for any destination. */
	look.found.capacity = present_of(situation, rule).capacity;
	look.found.used = 0;
	look.found.state = present_judge(&look.found, situation->options->target);
	return look.found;
}

/* Less than 0: the left one comes first. */
static int by_use(const void *a, const void *b)
{
	const struct use *left = a, *right = b;
	double more = present_ratio(&right->present);
	double than = present_ratio(&left->present);
	if (more != than)
		return (more > than) - (more < than);
	return strcmp(left->instance, right->instance);
}

/* Two members of a rule may see the same thing. */
static bool is_named_already(const struct present *instances, size_t count, const char *by)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(instances[i].by, by) == 0)
			return true;
	return false;
}

size_t present_instances(const struct situation *situation,
		const struct limit_rule *rule,
		size_t most,
		struct present *ret_instances)
{
	struct look look = {.s = situation, .rule = rule, .every = true};
	size_t count = 0;
	look_at_all(&look);
	if (look.use_count > 1)
		qsort(look.uses, look.use_count, sizeof *look.uses, by_use);
	for (size_t i = 0; i < look.use_count && count < most; i++) {
		const struct use *use = &look.uses[i];
		look.now = use->now;
		look.instance = use->instance;
		const char *by = present_by(&look);
		if (!by || !*by || is_named_already(ret_instances, count, by))
			continue;
		ret_instances[count] = use->present;
		ret_instances[count].instance = use->instance;
		ret_instances[count++].by = by;
	}
	return count;
}

void present_all(const struct situation *situation, struct resource *resources)
{
	const struct rules *rules = situation->rules;
	for (size_t i = 0; i < rules->limit_count; i++)
		resources[i].now = present_of(situation, &rules->limits[i]);
}

const char *present_state_name(enum present_state state)
{
	static const char *const names[] = {
			[PRESENT_UNKNOWN] = NULL,
			[PRESENT_FREE] = "free",
			[PRESENT_NEAR] = "nearly-full",
			[PRESENT_FULL] = "full",
	};
	return names[state];
}
