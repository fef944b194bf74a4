/* Judges the later plan on mixtures of the two audits' facts. The rules are today's, calibration is
 * not repeated: the question is only whether a fact makes a difference. */
#include "audit/history/drift_cause.h"

#include <math.h>
#include <string.h>

#include "audit/run/pipeline.h"
#include "probes/host/facts/json_read.h"
#include "probes/plan/workload_json.h"
#include "report/document/view.h"

/* Less than this part of the whole move is what changes from minute to minute. */
static const double share_that_counts = 0.05;

/* The plan judged with one key of the one audit and everything else of the other. */
struct mixture {
	const char *key;
	bool good;
	struct result result;
};

struct drift_cause {
	const struct run *run;
	struct rules rules;
	struct rule_extras extras;
	struct workload workload;
	struct model_options model;
	const cJSON *facts[2];       /* before, after */
	struct mixture *mixtures[2]; /* the first of each: nothing mixed in */
	size_t counts[2], capacities[2];
};

/* Derived facts are derived anew. */
static void drift_cause_add_facts(cJSON *array, const cJSON *facts, const char *key, bool of_key)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, facts)
		if (strcmp(view_raw(fact, "origin"), "derived") != 0 &&
				(key && !strcmp(view_raw(fact, "key"), key)) == of_key)
			(void)cJSON_AddItemReferenceToArray(array, (cJSON *)(uintptr_t)fact);
}

static struct facts *mix(const struct drift_cause *cause, size_t side, const char *key)
{
	struct arena *arena = cause->run->arena;
	struct host_info info = {0};
	struct error ignored = {0};
	cJSON *document = cJSON_CreateObject();
	(void)cJSON_AddStringToObject(document, "schema", "headroom.facts/1");
	cJSON *array = cJSON_AddArrayToObject(document, "facts");
	drift_cause_add_facts(array, cause->facts[side], key, false);
	if (key)
		drift_cause_add_facts(array, cause->facts[!side], key, true);
	char *printed = cJSON_PrintUnformatted(document);
	cJSON_Delete(document);
	struct json *json = printed ? json_read("facts", printed, strlen(printed), &ignored) : NULL;
	cJSON_free(printed);
	struct facts *facts = facts_new(arena);
	bool good = json && facts_from_json(arena, json, facts, &info, &ignored);
	json_free(json);
	if (!good)
		return NULL;
	facts_sort(facts);
	return facts;
}

static const struct mixture *drift_cause_judge(struct drift_cause *cause,
		size_t side,
		const char *key)
{
	struct arena *arena = cause->run->arena;
	struct error ignored = {0};
	for (size_t i = 0; i < cause->counts[side]; i++)
		if (!strcmp(cause->mixtures[side][i].key, key ? key : ""))
			return &cause->mixtures[side][i];
	cause->mixtures[side] = arena_grow(arena,
			cause->mixtures[side],
			cause->counts[side],
			&cause->capacities[side],
			sizeof **cause->mixtures);
	struct mixture *mixture = &cause->mixtures[side][cause->counts[side]++];
	*mixture = (struct mixture){.key = key ? key : ""};
	struct facts *facts = mix(cause, side, key);
	mixture->good = facts &&
			model_run(arena,
					&cause->rules,
					facts,
					&cause->workload,
					&cause->model,
					&mixture->result,
					&ignored);
	return mixture;
}

/* The plan as it can be read again: "unlimited" is only ever what a runtime does by itself, and is
 * completed anew. */
static char *print_plan(const cJSON *document)
{
	cJSON *object = cJSON_Duplicate(view_object(document, "workload"), true);
	cJSON *member = object ? object->child : NULL;
	while (member) {
		cJSON *next = member->next;
		if (cJSON_IsString(member) && !strcmp(member->valuestring, "unlimited"))
			cJSON_Delete(cJSON_DetachItemViaPointer(object, member));
		member = next;
	}
	char *printed = object ? cJSON_PrintUnformatted(object) : NULL;
	cJSON_Delete(object);
	return printed;
}

static bool drift_cause_read_plan(struct drift_cause *cause, const cJSON *document)
{
	char *printed = print_plan(document);
	struct error ignored = {0};
	struct json *json = printed ? json_read("plan", printed, strlen(printed), &ignored) : NULL;
	bool good = json &&
			workload_from_json(cause->run->arena,
					json,
					json_root(json),
					"the audit",
					&cause->workload,
					&ignored);
	cJSON_free(printed);
	json_free(json);
	return good;
}

struct drift_cause *drift_cause_new(const struct run *run, const cJSON *before, const cJSON *after)
{
	struct drift_cause *cause = arena_alloc(run->arena, sizeof *cause);
	struct error ignored = {0};
	double target = view_number(after, "target_utilization");
	*cause = (struct drift_cause){.run = run,
			.facts = {view_array(before, "facts"), view_array(after, "facts")}};
	cause->model = (struct model_options){.target = target > 0 && target <= 1 ? target : 1,
			.planning_constants = view_true(after, "planning_constants")};
	if (!drift_cause_read_plan(cause, after) ||
			!pipeline_rules(run, false, &cause->rules, &cause->extras, &ignored))
		return NULL;
	if (drift_cause_judge(cause, 0, NULL)->good && drift_cause_judge(cause, 1, NULL)->good)
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

static const struct judgement *drift_cause_find(const struct mixture *mixture, const char *limit)
{
	for (size_t i = 0; mixture->good && i < mixture->result.resource_count; i++)
		if (!strcmp(mixture->result.resources[i].worst.rule->id, limit))
			return &mixture->result.resources[i].worst;
	return NULL;
}

/* A change in use; infinite where one of them is not known. */
static double distance(const struct judgement *a, const struct judgement *b)
{
	double left = a->utilization, right = b->utilization;
	if (isnan(left) || isnan(right))
		return isnan(left) && isnan(right) ? 0 : (double)INFINITY;
	return left <= right && left >= right ? 0 : fabs(left - right);
}

bool drift_cause_moves(struct drift_cause *cause, const char *key, const char *limit, bool undone)
{
	const struct judgement *before = drift_cause_find(drift_cause_judge(cause, 0, NULL), limit),
						   *after = drift_cause_find(drift_cause_judge(cause, 1, NULL), limit);
	const struct judgement *mixed = drift_cause_find(drift_cause_judge(cause, undone, key), limit),
						   *pure = undone ? after : before;
	if (!before || !after || !mixed)
		return false;
	double effect = distance(pure, mixed), whole = distance(before, after);
	return mixed->status != pure->status || (effect > 0 && effect >= share_that_counts * whole);
}
