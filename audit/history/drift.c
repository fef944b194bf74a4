/* Compares two documents. drift_cause.c finds out which change moved which limit. What changes by
 * itself from minute to minute, such as counters, sockets and free memory, is listed only if it
 * moved a limit. */
#include "audit/history/drift.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/history/drift_cause.h"
#include "base/array.h"
#include "base/text.h"
#include "model/restless.h"
#include "report/document/badge.h"
#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

/* A limit has moved if its status changed, or its use by this ratio of the limit. */
static const double use_moved = 0.01;

struct moved_fact {
	const char *key, *instance;
	const cJSON *from, *to; /* the facts; NULL: that audit does not have it */
	const cJSON *fact;      /* `to` if there is one, else `from` */
	bool moved;             /* the change explains why a limit moved */
};

struct drift {
	struct arena *arena;
	struct drift_cause *cause; /* NULL: the plan cannot be judged again */
	const cJSON *before, *after;
	bool other_version; /* the two forms of the document are not the same */
	size_t of_one;      /* facts that only one of the two versions reads */
	struct moved_fact *changes;
	size_t count, capacity;
};

static bool same_rules(const cJSON *before, const cJSON *after)
{
	return !strcmp(view_raw(before, "digest.rules"), view_raw(after, "digest.rules"));
}

static int drift_order(const cJSON *a, const cJSON *b)
{
	int order = strcmp(view_raw(a, "key"), view_raw(b, "key"));
	if (order != 0)
		return order;
	return strcmp(view_raw(a, "instance"), view_raw(b, "instance"));
}

static int drift_by_key(const void *a, const void *b)
{
	const cJSON *const *left = a;
	const cJSON *const *right = b;
	return drift_order(*left, *right);
}

/* The document's facts by key and instance, with NULL at the end. */
static const cJSON **sorted_facts(struct arena *arena, const cJSON *document)
{
	size_t count = view_count(document, "facts"), i = 0;
	const cJSON **facts = arena_alloc(arena, (count + 1) * sizeof(cJSON *));
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(document, "facts"))
		facts[i++] = fact;
	assert(i == count);
	qsort(facts, count, sizeof(cJSON *), drift_by_key);
	return facts;
}

static bool drift_same_value(const cJSON *a, const cJSON *b)
{
	if (strcmp(view_raw(a, "status"), view_raw(b, "status")) != 0)
		return false;
	return cJSON_Compare(view_get(a, "value"), view_get(b, "value"), true);
}

static void drift_add_change(struct drift *drift, const cJSON *from, const cJSON *to)
{
	drift->changes = arena_grow(drift->arena,
			drift->changes,
			drift->count,
			&drift->capacity,
			sizeof *drift->changes);
	struct moved_fact *change = &drift->changes[drift->count++];
	*change = (struct moved_fact){.from = from, .to = to, .fact = to};
	if (!to)
		change->fact = from;
	change->key = view_raw(change->fact, "key");
	change->instance = view_raw(change->fact, "instance");
}

/* A fact that the other audit does not have. Where that is of another version, it may not have
 * looked: nothing says that the host changed. */
static void drift_add_single(struct drift *drift, const cJSON *from, const cJSON *to)
{
	if (drift->other_version)
		drift->of_one++;
	else
		drift_add_change(drift, from, to);
}

static bool is_null(const cJSON *fact)
{
	const cJSON *value = view_get(fact, "value");
	return !value || cJSON_IsNull(value);
}

/* Why a value is not known is told in other words by another version. */
static bool is_change(const struct drift *drift, const cJSON *before, const cJSON *after)
{
	if (drift_same_value(before, after))
		return false;
	return !drift->other_version || !is_null(before) || !is_null(after);
}

/* Walks both lists at once, the smaller key first. */
static void drift_compare_facts(struct drift *drift)
{
	const cJSON **before = sorted_facts(drift->arena, drift->before);
	const cJSON **after = sorted_facts(drift->arena, drift->after);
	while (*before && *after) {
		int order = drift_order(*before, *after);
		if (order < 0) {
			drift_add_single(drift, *before++, NULL);
		} else if (order > 0) {
			drift_add_single(drift, NULL, *after++);
		} else {
			if (is_change(drift, *before, *after))
				drift_add_change(drift, *before, *after);
			before++;
			after++;
		}
	}
	while (*before)
		drift_add_single(drift, *before++, NULL);
	while (*after)
		drift_add_single(drift, NULL, *after++);
}

static bool is_derived(const struct moved_fact *change)
{
	return !strcmp(view_raw(change->fact, "origin"), "derived");
}

/* What a derived value was derived from, if that changed as well; else the change itself. */
static struct moved_fact *origin_of(struct drift *drift, struct moved_fact *change)
{
	if (!is_derived(change))
		return change;
	const char *from = view_raw(change->fact, "where");
	for (size_t i = 0; i < drift->count; i++) {
		if (!strcmp(drift->changes[i].key, from))
			return &drift->changes[i];
	}
	return change;
}

static bool named_in(const cJSON *texts, const char *text)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, texts) {
		if (cJSON_IsString(item) && !strcmp(item->valuestring, text))
			return true;
	}
	return false;
}

static void drift_add_name(cJSON *texts, const char *text)
{
	if (!named_in(texts, text))
		cJSON_AddItemToArray(texts, cJSON_CreateString(text));
}

/* Why a limit moved is explained best by a setting, less well by what was derived from settings,
 * and least by what changes anyway. */
enum tier {
	TIER_SETTING,
	TIER_DERIVED,
	TIER_RESTLESS,
	TIERS
};

static enum tier tier_of(const struct moved_fact *change)
{
	if (fact_is_restless(change->key))
		return TIER_RESTLESS;
	if (is_derived(change))
		return TIER_DERIVED;
	return TIER_SETTING;
}

/* One limit of both audits that moved. */
struct moved_limit {
	const cJSON *from, *to;
	bool plan_changed, rules_changed;
	cJSON *because; /* keys of the facts that moved it */
};

/* Did either audit read this fact for the limit? */
static bool was_read(const struct moved_fact *change, const struct moved_limit *limit)
{
	const cJSON *before = view_array(limit->from, "facts");
	const cJSON *after = view_array(limit->to, "facts");
	return named_in(before, change->key) || named_in(after, change->key);
}

static bool is_explained(const struct moved_limit *limit)
{
	return cJSON_GetArraySize(limit->because) > 0;
}

static void blame(struct moved_fact *change, const struct moved_limit *limit)
{
	change->moved = true;
	drift_add_name(limit->because, change->key);
}

/* Blames the changes that make a difference when they are tried alone: taken out of the later audit
 * if `undone`, else put into the earlier one. */
static void try_round(struct drift *drift, const struct moved_limit *limit, bool undone)
{
	const char *id = view_raw(limit->to, "id");
	for (size_t i = 0; i < drift->count; i++) {
		struct moved_fact *change = &drift->changes[i];
		struct moved_fact *origin = origin_of(drift, change);
		if (!was_read(change, limit))
			continue;
		if (limit->plan_changed && fact_is_restless(origin->key))
			continue;
		if (drift_cause_moves(drift->cause, origin->key, id, undone))
			blame(origin, limit);
	}
}

static void try_facts(struct drift *drift, const struct moved_limit *limit)
{
	try_round(drift, limit, true);
	if (!is_explained(limit))
		try_round(drift, limit, false);
}

static void guess_tier(struct drift *drift, const struct moved_limit *limit, enum tier tier)
{
	for (size_t i = 0; i < drift->count; i++) {
		struct moved_fact *change = &drift->changes[i];
		struct moved_fact *origin = origin_of(drift, change);
		if (tier_of(origin) == tier && was_read(change, limit))
			blame(origin, limit);
	}
}

/* Where the changes cannot be tried: blames all of the best tier that has any. */
static void guess_facts(struct drift *drift, const struct moved_limit *limit)
{
	enum tier end = TIERS;
	if (limit->plan_changed)
		end = TIER_DERIVED;
	for (enum tier tier = TIER_SETTING; tier < end; tier++) {
		if (!is_explained(limit))
			guess_tier(drift, limit, tier);
	}
}

static bool has_moved(const cJSON *from, const cJSON *to)
{
	double before = view_number(from, "utilization");
	double after = view_number(to, "utilization");
	if (document_status(from) != document_status(to))
		return true;
	if (isnan(before) || isnan(after))
		return isnan(before) != isnan(after);
	if (isinf(before) && isinf(after))
		return false; /* their difference is not a number */
	return fabs(before - after) >= use_moved;
}

static void add_figures(cJSON *object, const char *name, const cJSON *limit)
{
	static const char *const figures[] = {
			"status",
			"over",
			"demand",
			"capacity",
			"utilization",
			"max_safe_scale",
	};
	cJSON *side = member_object(object, name);
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		member_copy(side, figures[i], limit, figures[i]);
}

static void explain_limit(struct drift *drift, const struct moved_limit *limit)
{
	if (drift->cause)
		try_facts(drift, limit);
	bool guess = !limit->plan_changed && !limit->rules_changed && !is_explained(limit);
	if (!drift->cause || guess)
		guess_facts(drift, limit);
	if (limit->plan_changed)
		drift_add_name(limit->because, "plan");
	if (limit->rules_changed && !is_explained(limit))
		drift_add_name(limit->because, "rules");
}

static void drift_add_limit(struct drift *drift,
		cJSON *limits,
		const cJSON *from,
		const cJSON *to,
		bool plan_changed)
{
	static const char *const names[] = {
			"id",
			"title",
			"quantity",
	};
	cJSON *object = cJSON_CreateObject();
	(void)cJSON_AddItemToArray(limits, object);
	for (size_t i = 0; i < COUNT_OF(names); i++)
		member_copy(object, names[i], to, names[i]);
	add_figures(object, "from", from);
	add_figures(object, "to", to);
	const struct moved_limit limit = {
			.from = from,
			.to = to,
			.plan_changed = plan_changed,
			.rules_changed = !same_rules(drift->before, drift->after),
			.because = member_array(object, "because"),
	};
	explain_limit(drift, &limit);
}

static void compare_limits(struct drift *drift, cJSON *result, bool plan_changed)
{
	cJSON *limits = member_array(result, "limits");
	const cJSON *to;
	cJSON_ArrayForEach(to, view_array(drift->after, "resources")) {
		const cJSON *from = view_resource(drift->before, view_raw(to, "id"));
		if (from && has_moved(from, to))
			drift_add_limit(drift, limits, from, to, plan_changed);
	}
}

static void drift_add_fact(cJSON *facts, const struct moved_fact *change)
{
	cJSON *fact = cJSON_CreateObject();
	(void)cJSON_AddItemToArray(facts, fact);
	(void)cJSON_AddStringToObject(fact, "key", change->key);
	(void)cJSON_AddStringToObject(fact, "instance", change->instance);
	member_copy(fact, "unit", change->fact, "unit");
	member_copy(fact, "from", change->from, "value");
	member_copy(fact, "to", change->to, "value");
	member_bool(fact, "moved", change->moved);
}

/* First the changes that moved a limit, then the other settings. Of the rest only the number. */
static void drift_add_facts(const struct drift *drift, cJSON *result)
{
	cJSON *facts = member_array(result, "facts");
	double others = 0;
	for (size_t i = 0; i < drift->count; i++) {
		if (drift->changes[i].moved)
			drift_add_fact(facts, &drift->changes[i]);
	}
	for (size_t i = 0; i < drift->count; i++) {
		const struct moved_fact *change = &drift->changes[i];
		if (change->moved)
			continue;
		if (tier_of(change) == TIER_SETTING)
			drift_add_fact(facts, change);
		else
			others++;
	}
	member_number(result, "restless", others);
}

/* Members of the plan that say where it is from, not what it is. */
static bool about_origin(const char *member)
{
	static const char *const members[] = {
			"schema",
			"origins",
			"confidence",
	};
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		if (!strcmp(member, members[i]))
			return true;
	}
	return false;
}

static void add_field(cJSON *fields, const char *name, const cJSON *before, const cJSON *after)
{
	cJSON *field = cJSON_CreateObject();
	(void)cJSON_AddItemToArray(fields, field);
	(void)cJSON_AddStringToObject(field, "field", name);
	member_copy(field, "from", before, "");
	member_copy(field, "to", after, "");
}

/* A member of the later plan that nobody gave: another version fills in something else, and the
 * plan is the same all the same. */
static bool is_filled_in(const struct drift *drift, const cJSON *after, const cJSON *member)
{
	if (!drift->other_version || !member)
		return false;
	const cJSON *origin = view_get(view_object(after, "origins"), member->string);
	return cJSON_Compare(view_get(origin, "completed"), member, true);
}

/* 0.1 did not say how a plan starts: its connections were there from the first second. */
static bool says_it_now(const struct drift *drift, const char *name, const cJSON *after)
{
	if (!drift->other_version || strcmp(name, "start") != 0)
		return false;
	return cJSON_IsString(after) && strcmp(after->valuestring, "steady") == 0;
}

/* One load of the two plans, or all of them where there is one. */
struct compared_load {
	const char *name; /* in front of each field; "": there is one */
	const cJSON *before, *after;
	cJSON *fields;
};

static void compare_member(const struct drift *drift,
		const struct compared_load *load,
		const char *name)
{
	const cJSON *before = cJSON_GetObjectItemCaseSensitive(load->before, name);
	const cJSON *after = cJSON_GetObjectItemCaseSensitive(load->after, name);
	bool same = cJSON_Compare(before, after, true);
	if (about_origin(name) || same || is_filled_in(drift, load->after, after))
		return;
	if (!before && says_it_now(drift, name, after))
		return;
	const char *shown = name;
	if (*load->name)
		shown = arena_printf(drift->arena, "%s: %s", load->name, name);
	add_field(load->fields, shown, before, after);
}

/* First the members of the earlier plan that changed or went, then the new ones. */
static void compare_load(const struct drift *drift, const struct compared_load *load)
{
	const cJSON *member;
	cJSON_ArrayForEach(member, load->before)
		compare_member(drift, load, member->string);
	cJSON_ArrayForEach(member, load->after) {
		if (!cJSON_GetObjectItemCaseSensitive(load->before, member->string))
			compare_member(drift, load, member->string);
	}
}

static size_t count_loads(const cJSON *plan)
{
	size_t count = view_count(plan, "loads");
	return count ? count : plan != NULL;
}

/* Each load with the one at its place; where there are more of them or fewer, that says it all. */
static void compare_loads(const struct drift *drift,
		const cJSON *before,
		const cJSON *after,
		cJSON *fields)
{
	const size_t count = count_loads(after);
	if (count_loads(before) != count) {
		cJSON *field = cJSON_CreateObject();
		(void)cJSON_AddItemToArray(fields, field);
		(void)cJSON_AddStringToObject(field, "field", "loads");
		member_number(field, "from", (double)count_loads(before));
		member_number(field, "to", (double)count);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const cJSON *row = cJSON_GetArrayItem(view_array(drift->after, "loads"), (int)i);
		const struct compared_load load = {
				.name = view_text(drift->arena, row, "load", 60),
				.before = cJSON_GetArrayItem(view_array(before, "loads"), (int)i),
				.after = cJSON_GetArrayItem(view_array(after, "loads"), (int)i),
				.fields = fields,
		};
		compare_load(drift, &load);
	}
}

static void compare_plans(const struct drift *drift, cJSON *result)
{
	const cJSON *before = view_object(drift->before, "workload");
	const cJSON *after = view_object(drift->after, "workload");
	const struct compared_load whole = {"", before, after, member_array(result, "plan")};
	if (view_count(before, "loads") || view_count(after, "loads"))
		compare_loads(drift, before, after, whole.fields);
	else
		compare_load(drift, &whole);
}

static void drift_add_side(cJSON *result, const char *name, const cJSON *document, double id)
{
	static const char *const members[] =
			{"created", "verdict", "headline", "binding", "max_safe", "at_most", "tool"};
	cJSON *side = member_object(result, name);
	for (size_t i = 0; i < COUNT_OF(members); i++)
		member_copy(side, members[i], document, members[i]);
	member_copy(side, "host", document, "host.name");
	member_copy(side, "workload", document, "workload.name");
	member_number(side, "hypothetical", (double)badge_hypothetical(document));
	if (id > 0)
		member_number(side, "id", id);
}

static bool drift_is_empty(const struct drift *drift, const cJSON *result)
{
	static const char *const parts[] = {"plan", "limits", "facts"};
	for (size_t i = 0; i < COUNT_OF(parts); i++) {
		if (view_count(result, parts[i]))
			return false;
	}
	return document_verdict(drift->before) == document_verdict(drift->after);
}

cJSON *drift_new(const struct run *run, const cJSON *before, const cJSON *after, double before_id)
{
	struct drift drift = {.arena = run->arena, .before = before, .after = after};
	cJSON *result = cJSON_CreateObject();
	drift.other_version = strcmp(view_raw(before, "schema"), view_raw(after, "schema")) != 0;
	drift_add_side(result, "from", before, before_id);
	drift_add_side(result, "to", after, 0);
	drift_compare_facts(&drift);
	compare_plans(&drift, result);
	if (drift.count)
		drift.cause = drift_cause_new(run, before, after);
	bool plan_changed = view_count(result, "plan") > 0;
	compare_limits(&drift, result, plan_changed);
	drift_cause_close(&drift.cause);
	drift_add_facts(&drift, result);
	member_number(result, "of_one_version", (double)drift.of_one);
	member_bool(result, "rules_changed", !same_rules(before, after));
	member_bool(result, "same", drift_is_empty(&drift, result));
	return result;
}
