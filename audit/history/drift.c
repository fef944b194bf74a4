/* Compares two documents; which change moved which limit is tried in drift_cause.c. What changes by
 * itself from minute to minute (counters, sockets, free memory) counts only where it moved a limit.
 */
#include "audit/history/drift.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/history/drift_cause.h"
#include "base/array.h"
#include "report/document/member.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

/* What the host does, in contrast to how it is set: keys that begin so. */
static const char *const restless[] = {
		"arp.",
		"cgroup.memory.current",
		"cgroup.memory.file",
		"cgroup.pids.current",
		"conntrack.drop",
		"conntrack.early_drop",
		"conntrack.insert_failed",
		"destination.",
		"fs.file-nr.",
		"host.uptime",
		"listener.queue",
		"memory.available",
		"memory.free",
		"neighbours.",
		"net.netfilter.nf_conntrack_count",
		"netstat.",
		"ports.connected_in_range",
		"process.",
		"snmp.",
		"sockets.",
		"sockstat.",
		"softnet.",
		"threads.running",
		"vantage.",
};

/* A limit has moved when its status, or one percent of its use, has. */
static const double use_moved = 0.01;

struct moved_fact {
	const char *key, *instance;
	const cJSON *from, *to; /* facts; NULL: not there */
	bool moved;             /* it explains a limit's move */
};

struct drift {
	struct arena *arena;
	struct drift_cause *cause; /* NULL: not to be judged again */
	const cJSON *before, *after;
	struct moved_fact *changes;
	size_t count, capacity;
};

static int drift_by_key(const void *a, const void *b)
{
	const cJSON *left = *(const cJSON *const *)a, *right = *(const cJSON *const *)b;
	int order = strcmp(view_raw(left, "key"), view_raw(right, "key"));
	return order ? order : strcmp(view_raw(left, "instance"), view_raw(right, "instance"));
}

static const cJSON **sorted_facts(struct arena *arena, const cJSON *document, size_t *ret_count)
{
	size_t count = view_count(document, "facts"), i = 0;
	const cJSON **facts = arena_alloc(arena, (count + 1) * sizeof(cJSON *)), *fact;
	cJSON_ArrayForEach(fact, view_array(document, "facts"))
		facts[i++] = fact;
	qsort(facts, i, sizeof(cJSON *), drift_by_key);
	*ret_count = i;
	return facts;
}

static bool drift_same_value(const cJSON *a, const cJSON *b)
{
	return cJSON_Compare(view_get(a, "value"), view_get(b, "value"), true) &&
			!strcmp(view_raw(a, "status"), view_raw(b, "status"));
}

static void drift_add_change(struct drift *drift, const cJSON *from, const cJSON *to)
{
	const cJSON *fact = from ? from : to;
	drift->changes = arena_grow(drift->arena,
			drift->changes,
			drift->count,
			&drift->capacity,
			sizeof *drift->changes);
	drift->changes[drift->count++] = (struct moved_fact){.key = view_raw(fact, "key"),
			.instance = view_raw(fact, "instance"),
			.from = from,
			.to = to};
}

static void drift_compare_facts(struct drift *drift)
{
	size_t a_count, b_count, a = 0, b = 0;
	const cJSON **before = sorted_facts(drift->arena, drift->before, &a_count);
	const cJSON **after = sorted_facts(drift->arena, drift->after, &b_count);
	while (a < a_count || b < b_count) {
		int order = a == a_count ? 1 : b == b_count ? -1 : drift_by_key(&before[a], &after[b]);
		if (order < 0)
			drift_add_change(drift, before[a++], NULL);
		else if (order > 0)
			drift_add_change(drift, NULL, after[b++]);
		else {
			if (!drift_same_value(before[a], after[b]))
				drift_add_change(drift, before[a], after[b]);
			a++, b++;
		}
	}
}

static bool is_restless(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(restless); i++)
		if (!strncmp(key, restless[i], strlen(restless[i])))
			return true;
	return false;
}

/* What a derived value was derived from, where that changed too; else itself. */
static struct moved_fact *origin_of(struct drift *drift, struct moved_fact *change)
{
	const cJSON *fact = change->to ? change->to : change->from;
	if (strcmp(view_raw(fact, "origin"), "derived") != 0)
		return change;
	for (size_t i = 0; i < drift->count; i++)
		if (!strcmp(drift->changes[i].key, view_raw(fact, "where")))
			return &drift->changes[i];
	return change;
}

static bool named_in(const cJSON *texts, const char *text)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, texts)
		if (cJSON_IsString(item) && !strcmp(item->valuestring, text))
			return true;
	return false;
}

static void drift_add_name(cJSON *texts, const char *text)
{
	if (!named_in(texts, text))
		cJSON_AddItemToArray(texts, cJSON_CreateString(text));
}

/* Settings explain a limit's move better than what was derived from them, and that better than what
 * moves anyway. */
enum tier {
	TIER_SETTING,
	TIER_DERIVED,
	TIER_RESTLESS,
	TIERS
};

static bool is_derived(const struct moved_fact *change)
{
	return !strcmp(view_raw(change->to ? change->to : change->from, "origin"), "derived");
}

static enum tier tier_of(const struct moved_fact *change)
{
	return is_restless(change->key) ? TIER_RESTLESS
			: is_derived(change)    ? TIER_DERIVED
									: TIER_SETTING;
}

static bool was_read(const struct moved_fact *change, const cJSON *from, const cJSON *to)
{
	return named_in(view_array(from, "facts"), change->key) ||
			named_in(view_array(to, "facts"), change->key);
}

static void blame(struct moved_fact *change, cJSON *because)
{
	change->moved = true;
	drift_add_name(because, change->key);
}

/* Of the changed facts that either audit read for this limit, those that make the difference. */
static void try_facts(struct drift *drift,
		const cJSON *from,
		const cJSON *to,
		bool plan_changed,
		cJSON *because)
{
	for (int undone = 1; undone >= 0 && !cJSON_GetArraySize(because); undone--)
		for (size_t i = 0; i < drift->count; i++) {
			struct moved_fact *change = &drift->changes[i], *origin = origin_of(drift, change);
			if (was_read(change, from, to) && !(plan_changed && is_restless(origin->key)) &&
					drift_cause_moves(drift->cause, origin->key, view_raw(to, "id"), undone))
				blame(origin, because);
		}
}

/* Where that cannot be tried: those of the best tier that has any. */
static void guess_facts(struct drift *drift,
		const cJSON *from,
		const cJSON *to,
		bool plan_changed,
		cJSON *because)
{
	enum tier last = plan_changed ? TIER_DERIVED : TIERS;
	for (enum tier tier = TIER_SETTING; tier < last && !cJSON_GetArraySize(because); tier++)
		for (size_t i = 0; i < drift->count; i++) {
			struct moved_fact *change = &drift->changes[i], *origin = origin_of(drift, change);
			if (tier_of(origin) == tier && was_read(change, from, to))
				blame(origin, because);
		}
}

static bool differs(double a, double b)
{
	return isnan(a) != isnan(b) || (!isnan(a) && a != b);
}

static bool has_moved(const cJSON *from, const cJSON *to)
{
	double a = view_number(from, "utilization"), b = view_number(to, "utilization");
	if (document_status(from) != document_status(to))
		return true;
	return differs(a, b) && !(fabs(a - b) < use_moved);
}

static void add_figures(cJSON *object, const char *name, const cJSON *limit)
{
	static const char *const figures[] = {"status", "over", "demand", "capacity", "utilization"};
	cJSON *side = cJSON_AddObjectToObject(object, name);
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		member_copy(side, figures[i], limit, figures[i]);
}

static void drift_add_limit(struct drift *drift,
		cJSON *limits,
		const cJSON *from,
		const cJSON *to,
		bool plan_changed)
{
	cJSON *limit = cJSON_CreateObject();
	cJSON_AddItemToArray(limits, limit);
	member_copy(limit, "id", to, "id");
	member_copy(limit, "title", to, "title");
	member_copy(limit, "quantity", to, "quantity");
	add_figures(limit, "from", from);
	add_figures(limit, "to", to);
	cJSON *because = cJSON_AddArrayToObject(limit, "because");
	if (drift->cause)
		try_facts(drift, from, to, plan_changed, because);
	if (!drift->cause || (!plan_changed && !cJSON_GetArraySize(because)))
		guess_facts(drift, from, to, plan_changed, because);
	if (plan_changed)
		drift_add_name(because, "plan");
}

static void compare_limits(struct drift *drift, cJSON *result, bool plan_changed)
{
	cJSON *limits = cJSON_AddArrayToObject(result, "limits");
	const cJSON *to;
	cJSON_ArrayForEach(to, view_array(drift->after, "resources")) {
		const cJSON *from = view_resource(drift->before, view_raw(to, "id"));
		if (from && has_moved(from, to))
			drift_add_limit(drift, limits, from, to, plan_changed);
	}
}

static void drift_add_fact(cJSON *facts, const struct moved_fact *change)
{
	const cJSON *shown = change->to ? change->to : change->from;
	cJSON *fact = cJSON_CreateObject();
	cJSON_AddItemToArray(facts, fact);
	cJSON_AddStringToObject(fact, "key", change->key);
	cJSON_AddStringToObject(fact, "instance", change->instance);
	member_copy(fact, "unit", shown, "unit");
	member_copy(fact, "from", change->from, "value");
	member_copy(fact, "to", change->to, "value");
	cJSON_AddBoolToObject(fact, "moved", change->moved);
}

/* Those that moved a limit, then the other settings; the number of the rest. */
static void drift_add_facts(struct drift *drift, cJSON *result)
{
	cJSON *facts = cJSON_AddArrayToObject(result, "facts");
	double others = 0;
	for (int round = 0; round < 2; round++)
		for (size_t i = 0; i < drift->count; i++) {
			struct moved_fact *change = &drift->changes[i];
			bool here = change->moved == !round;
			if (here && (change->moved || tier_of(change) == TIER_SETTING))
				drift_add_fact(facts, change);
			else if (here)
				others++;
		}
	member_number(result, "restless", others);
}

/* Members of the plan that say where it is from, not what it is. */
static bool about_origin(const char *member)
{
	return !strcmp(member, "schema") || !strcmp(member, "origins") || !strcmp(member, "confidence");
}

static void compare_plans(const struct drift *drift, cJSON *result)
{
	cJSON *plan = cJSON_AddArrayToObject(result, "plan");
	const cJSON *before = view_object(drift->before, "workload"),
				*after = view_object(drift->after, "workload");
	for (int side = 0; side < 2; side++) {
		const cJSON *member;
		cJSON_ArrayForEach(member, (side ? after : before)) {
			const cJSON *other = cJSON_GetObjectItemCaseSensitive(side ? before : after,
					member->string);
			if (about_origin(member->string) || (side && other) ||
					cJSON_Compare(member, other, true))
				continue;
			cJSON *field = cJSON_CreateObject();
			cJSON_AddItemToArray(plan, field);
			cJSON_AddStringToObject(field, "field", member->string);
			member_copy(field, "from", before, member->string);
			member_copy(field, "to", after, member->string);
		}
	}
}

static void drift_add_side(cJSON *result, const char *name, const cJSON *document, double id)
{
	static const char *const members[] =
			{"created", "verdict", "headline", "binding", "max_safe", "tool"};
	cJSON *side = cJSON_AddObjectToObject(result, name);
	for (size_t i = 0; i < COUNT_OF(members); i++)
		member_copy(side, members[i], document, members[i]);
	member_copy(side, "host", document, "host.name");
	member_copy(side, "workload", document, "workload.name");
	if (id > 0)
		member_number(side, "id", id);
}

cJSON *drift_new(const struct run *run, const cJSON *before, const cJSON *after, double before_id)
{
	struct drift drift = {.arena = run->arena, .before = before, .after = after};
	cJSON *result = cJSON_CreateObject();
	drift_add_side(result, "from", before, before_id);
	drift_add_side(result, "to", after, 0);
	drift_compare_facts(&drift);
	compare_plans(&drift, result);
	drift.cause = drift.count ? drift_cause_new(run, before, after) : NULL;
	compare_limits(&drift, result, view_count(result, "plan") > 0);
	drift_cause_close(&drift.cause);
	drift_add_facts(&drift, result);
	member_bool(result,
			"rules_changed",
			strcmp(view_raw(before, "digest.rules"), view_raw(after, "digest.rules")) != 0);
	member_bool(result,
			"same",
			!view_count(result, "plan") && !view_count(result, "limits") &&
					!view_count(result, "facts") &&
					document_verdict(before) == document_verdict(after));
	return result;
}
