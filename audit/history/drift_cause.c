/* Judges the later plan on mixtures of the two audits' facts. It takes the rules of today and does
 * not calibrate again, because the question is only whether a fact makes a difference. */
#include "audit/history/drift_cause.h"

#include <math.h>
#include <string.h>

#include "audit/run/pipeline.h"
#include "probes/host/facts/json.h"
#include "probes/host/facts/json_read.h"
#include "probes/plan/workload_json.h"
#include "report/document/view.h"

/* A fact that accounts for less than this part of the whole move is not blamed for it: that much
 * changes from minute to minute. */
static const double share_that_counts = 0.05;

/* The plan judged with the facts of one audit, but those with this key of the other audit. */
struct mixture {
	const char *key; /* "": all facts of one audit */
	bool good;       /* it could be judged */
	struct result result;
};

struct drift_cause {
	const struct run *run;
	struct rules rules;
	struct rule_extras extras;
	struct loads plan;
	struct model_options model;
	const cJSON *facts[2];       /* of the earlier and of the later audit */
	struct mixture *mixtures[2]; /* made so far from the facts of each */
	size_t counts[2], capacities[2];
};

/* Adds the facts with this key, or those with any other. Derived facts are left out: they are
 * derived anew from the others. */
static void drift_cause_add_facts(cJSON *array, const cJSON *facts, const char *key, bool of_key)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, facts) {
		bool has_key = !strcmp(view_raw(fact, "key"), key);
		if (has_key != of_key || !strcmp(view_raw(fact, "origin"), "derived"))
			continue;
		(void)cJSON_AddItemReferenceToArray(array, (cJSON *)(uintptr_t)fact);
	}
}

/* A tree read again as from a file, which checks it and knows its positions. */
static struct json *read_again(const char *name, const cJSON *tree)
{
	struct error ignored = {0};
	char *printed = cJSON_PrintUnformatted(tree);
	struct json *json = json_read(name, printed, strlen(printed), &ignored);
	cJSON_free(printed);
	return json;
}

/* NULL if the document's facts are not such as headroom writes. */
static struct facts *mix(const struct drift_cause *cause, size_t side, const char *key)
{
	struct arena *arena = cause->run->arena;
	struct host_info info = {0};
	struct error ignored = {0};
	__attribute__((cleanup(json_close_tree))) cJSON *document = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(document, "schema", FACTS_SCHEMA);
	(void)cJSON_AddStringToObject(document, "collected", "complete"); /* as far as it was judged */
	cJSON *array = cJSON_AddArrayToObject(document, "facts");
	drift_cause_add_facts(array, cause->facts[side], key, false);
	drift_cause_add_facts(array, cause->facts[!side], key, true);
	__attribute__((cleanup(json_close))) struct json *json = read_again("facts", document);
	struct facts *facts = facts_new(arena);
	if (!json)
		return NULL;
	if (!facts_from_json(arena, json, facts, &info, &ignored))
		return NULL;
	facts_sort(facts);
	return facts;
}

static const struct mixture *find_mixture(const struct drift_cause *cause,
		size_t side,
		const char *key)
{
	for (size_t i = 0; i < cause->counts[side]; i++) {
		if (!strcmp(cause->mixtures[side][i].key, key))
			return &cause->mixtures[side][i];
	}
	return NULL;
}

static struct mixture *add_mixture(struct drift_cause *cause, size_t side)
{
	cause->mixtures[side] = arena_grow(cause->run->arena,
			cause->mixtures[side],
			cause->counts[side],
			&cause->capacities[side],
			sizeof **cause->mixtures);
	size_t last = cause->counts[side]++;
	return &cause->mixtures[side][last];
}

/* Each mixture is judged once. */
static const struct mixture *drift_cause_judge(struct drift_cause *cause,
		size_t side,
		const char *key)
{
	struct error ignored = {0};
	const struct mixture *known = find_mixture(cause, side, key);
	if (known)
		return known;
	struct mixture *mixture = add_mixture(cause, side);
	*mixture = (struct mixture){.key = key};
	const struct facts *facts = mix(cause, side, key);
	if (facts)
		mixture->good = model_run(cause->run->arena,
				&cause->rules,
				facts,
				&cause->plan,
				&cause->model,
				&mixture->result,
				&ignored);
	return mixture;
}

/* Drops what stands as "unlimited" in a completed plan: only a runtime's own limits do, a plan
 * cannot say so, and the model completes them again. */
static void drop_unlimited(cJSON *plan)
{
	for (cJSON *member = plan->child, *next; member; member = next) {
		next = member->next;
		if (cJSON_IsString(member) && !strcmp(member->valuestring, "unlimited"))
			cJSON_Delete(cJSON_DetachItemViaPointer(plan, member));
	}
	cJSON *load;
	cJSON_ArrayForEach(load, cJSON_GetObjectItemCaseSensitive(plan, "loads"))
		drop_unlimited(load);
}

static bool drift_cause_read_plan(struct drift_cause *cause, const cJSON *document)
{
	struct error ignored = {0};
	const cJSON *given = view_object(document, "workload");
	if (!given)
		return false;
	__attribute__((cleanup(json_close_tree))) cJSON *plan = cJSON_Duplicate(given, true);
	drop_unlimited(plan);
	__attribute__((cleanup(json_close))) struct json *json = read_again("plan", plan);
	if (!json)
		return false;
	return loads_from_json(cause->run->arena,
			json,
			json_root(json),
			"the audit",
			&cause->plan,
			&ignored);
}

static double target_of(const cJSON *document)
{
	double target = view_number(document, "target_utilization");
	if (target > 0 && target <= 1)
		return target;
	return 1;
}

struct drift_cause *drift_cause_new(const struct run *run, const cJSON *before, const cJSON *after)
{
	struct drift_cause *cause = arena_alloc(run->arena, sizeof *cause);
	struct error ignored = {0};
	cause->run = run;
	cause->facts[0] = view_array(before, "facts");
	cause->facts[1] = view_array(after, "facts");
	cause->model.target = target_of(after);
	cause->model.planning_constants = view_true(after, "planning_constants");
	if (!drift_cause_read_plan(cause, after))
		return NULL;
	if (!pipeline_rules(run, false, &cause->rules, &cause->extras, &ignored))
		return NULL;
	const struct mixture *before_alone = drift_cause_judge(cause, 0, "");
	const struct mixture *after_alone = drift_cause_judge(cause, 1, "");
	if (before_alone->good && after_alone->good)
		return cause;
	drift_cause_close(&cause);
	return NULL;
}

void drift_cause_close(struct drift_cause **cause)
{
	if (RUN_FREES && *cause)
		rule_extras_release(&(*cause)->extras);
	*cause = NULL;
}

/* NULL: not judged, or no such limit. */
static const struct judgement *drift_cause_find(const struct mixture *mixture, const char *limit)
{
	if (!mixture->good)
		return NULL;
	for (size_t i = 0; i < mixture->result.resource_count; i++) {
		const struct judgement *worst = &mixture->result.resources[i].worst;
		if (!strcmp(worst->rule->id, limit))
			return worst;
	}
	return NULL;
}

/* How far the use of a limit is apart; infinite if only one of them is known. */
static double distance(const struct judgement *a, const struct judgement *b)
{
	double left = a->utilization, right = b->utilization;
	if (isnan(left) && isnan(right))
		return 0;
	if (isnan(left) || isnan(right))
		return INFINITY;
	if (isinf(left) && isinf(right))
		return 0; /* their difference is not a number */
	return fabs(left - right);
}

bool drift_cause_moves(struct drift_cause *cause, const char *key, const char *limit, bool undone)
{
	const struct judgement *pure[2];
	for (size_t side = 0; side < 2; side++) {
		const struct mixture *alone = drift_cause_judge(cause, side, "");
		pure[side] = drift_cause_find(alone, limit);
	}
	const struct mixture *mixture = drift_cause_judge(cause, undone, key);
	const struct judgement *mixed = drift_cause_find(mixture, limit);
	if (!pure[0] || !pure[1] || !mixed)
		return false;
	if (mixed->status != pure[undone]->status)
		return true;
	double effect = distance(pure[undone], mixed);
	double whole = distance(pure[0], pure[1]);
	return effect > 0 && effect >= share_that_counts * whole;
}
