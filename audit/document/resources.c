/* The document's resources and the counters that were hit. */
#include <math.h>
#include <string.h>

#include "audit/document/document.h"
#include "base/array.h"
#include "base/text.h"
#include "model/why/why.h"
#include "probes/host/facts/keys.h"

static void resources_put_rule(const struct members *put,
		cJSON *object,
		const struct judgement *judgement)
{
	const struct limit_rule *rule = judgement->rule;
	const char *severity = "advisory";
	if (judgement->severity == SEVERITY_HARD)
		severity = "hard";
	const char *instance = judgement->instance;
	if (!instance)
		instance = "";
	member_text(put, object, "id", rule->id);
	member_text(put, object, "title", rule->title);
	member_text(put, object, "phrase", limit_phrase(rule));
	if (rule->gloss)
		member_text(put, object, "gloss", rule->gloss);
	member_text(put, object, "status", status_name(judgement->status));
	member_bool(object, "over", judgement->over);
	member_text(put, object, "severity", severity);
	member_text(put, object, "consequence", rule->consequence);
	member_text(put, object, "scope", scope_name(rule->scope));
	member_text(put, object, "instance", instance);
	member_text(put, object, "unit", rule->unit);
	member_text(put, object, "quantity", unit_name(rule->quantity));
	member_bool(object, "divides", rule->divides);
}

struct resource_number {
	const char *name;
	double number;
};

static void put_rows(cJSON *object, const struct resource_number *rows)
{
	for (; rows->name; rows++)
		member_number(object, rows->name, rows->number);
}

/* Of a limit of which nothing is known: what could be safe at best. */
static struct load_point resources_safe(const struct judgement *judgement,
		const struct load_point *plan)
{
	struct load_point safe = {.scale = judgement->max_safe_scale};
	if (judgement->status == STATUS_UNKNOWN && safe.scale <= 0) {
		safe.scale = judgement->at_best_scale;
		safe.at_most = !isnan(safe.scale);
	}
	safe.connections = floor(safe.scale * plan->connections + 1e-6);
	safe.open_rate_per_s = safe.scale * plan->open_rate_per_s;
	return safe;
}

static void put_numbers(cJSON *object,
		const struct judgement *judgement,
		const struct load_point *plan)
{
	const struct resource_number use[] = {
			{"demand", judgement->demand},
			{"kernel_demand", judgement->kernel_demand},
			{"capacity", judgement->capacity},
			{"utilization", judgement->utilization},
			{"max_safe_scale", judgement->max_safe_scale},
			{NULL, 0},
	};
	const struct resource_number times[] = {
			{"target_crossed_at_s", judgement->target_crossed_at_s},
			{"exhausted_at_s", judgement->exhausted_at_s},
			{"at_s", judgement->at_s},
			{NULL, 0},
	};
	member_bool(object, "planning_constant", judgement->planning);
	member_bool(object, "planning_fails", judgement->planning_fails);
	put_rows(object, use);
	const struct load_point safe = resources_safe(judgement, plan);
	(void)member_load(object, "max_safe", &safe, plan, false);
	put_rows(object, times);
}

static void put_formulas(const struct members *put,
		cJSON *object,
		const struct judgement *judgement)
{
	const struct name_list *facts = &judgement->facts;
	const struct name_list *assumed = &judgement->assumed;
	member_text(put, object, "demand_formula", judgement->demand_formula);
	member_text(put, object, "demand_substituted", judgement->demand_substituted);
	member_text(put, object, "demand_words", judgement->demand_words);
	member_text(put, object, "capacity_formula", judgement->capacity_formula);
	member_text(put, object, "capacity_substituted", judgement->capacity_substituted);
	member_text(put, object, "capacity_words", judgement->capacity_words);
	member_texts(put, object, "facts", facts->items, facts->count);
	member_texts(put, object, "assumed", assumed->items, assumed->count);
	member_text(put, object, "reason", judgement->reason);
	document_unread(put, object, judgement);
}

static void resources_put_counters(cJSON *object,
		const struct limit_rule *rule,
		const struct facts *facts)
{
	cJSON *counters = member_object(object, "counters");
	for (size_t i = 0; i < rule->counters.count; i++) {
		const char *key = rule->counters.items[i];
		member_number(counters, key, facts_number(facts, key));
	}
}

static void put_calibrated(const struct members *put,
		cJSON *object,
		const struct judgement *judgement)
{
	const struct calibrated *calibrated = judgement->calibrated;
	if (!calibrated) {
		member_null(object, "calibrated");
		return;
	}
	cJSON *item = member_object(object, "calibrated");
	const char *what = calibrated->quantity;
	enum unit unit = UNIT_COUNT;
	if (what && strstr(what, "bytes"))
		unit = UNIT_BYTES;
	if (!what) {
		what = "capacity";
		unit = judgement->rule->quantity;
	}
	member_text(put, item, "what", what);
	member_text(put, item, "quantity", unit_name(unit));
	member_number(item, "predicted", calibrated->predicted);
	member_number(item, "measured", calibrated->measured);
	member_number(item, "used", calibrated->used);
}

/* What each of several loads adds to the demand. */
static void put_parts(const struct members *put,
		cJSON *object,
		const struct judgement *judgement,
		const struct result *result)
{
	if (!judgement->part_count)
		return;
	cJSON *array = member_array(object, "loads");
	for (size_t i = 0; i < judgement->part_count; i++) {
		const struct load_part *part = &judgement->parts[i];
		cJSON *item = cJSON_CreateObject();
		document_load_name(put, item, result, part->load);
		member_number(item, "demand", part->demand);
		member_text(put, item, "quantity", unit_name(judgement->rule->quantity));
		(void)cJSON_AddItemToArray(array, item);
	}
}

static cJSON *judgement_json(const struct members *put,
		const struct judgement *judgement,
		const struct load_point *plan)
{
	cJSON *object = cJSON_CreateObject();
	const struct limit_rule *rule = judgement->rule;
	resources_put_rule(put, object, judgement);
	put_numbers(object, judgement, plan);
	put_formulas(put, object, judgement);
	member_text(put, object, "why", rule->why);
	member_text(put, object, "error_text", rule->error_text);
	resources_put_counters(object, rule, put->facts);
	member_sources(put, object, rule->sources, rule->source_count);
	member_bool(object, "ignored", judgement->ignored);
	member_bool(object, "waived", judgement->waived);
	put_calibrated(put, object, judgement);
	return object;
}

static void put_numbers_after(cJSON *object, const struct resource *resource)
{
	enum status status = resource->after.status;
	double demand = resource->after.demand;
	double capacity = resource->after.capacity;
	double utilization = resource->after.utilization;
	const char *word = status_name(status);
	cJSON *after = member_object(object, "after");
	cJSON *name = cJSON_CreateStringReference(word);
	(void)member_item(after, "status", name);
	member_number(after, "demand", demand);
	member_number(after, "capacity", capacity);
	member_number(after, "utilization", utilization);
}

/* Its highest safe load with all changes of the ladder in place, where they move it. */
static void put_after(cJSON *object, const struct resource *resource, const struct load_point *plan)
{
	if (!resource->moved)
		return;
	double scale = resource->after_scale;
	const struct load_point safe = {
			.scale = scale,
			.connections = floor(scale * plan->connections + 1e-6),
			.open_rate_per_s = scale * plan->open_rate_per_s,
	};
	(void)member_load(object, "max_safe_after", &safe, plan, true);
	put_numbers_after(object, resource);
}

/* What is said of a limit besides its judgement. */
static void put_around(const struct members *put, cJSON *object, const struct resource *resource)
{
	const struct layer *layer = &resource->held_by;
	document_layer(put, object, layer);
	member_text(put, object, "no_change", resource->no_change);
	document_now(put, object, &resource->now);
}

void document_resources(const struct members *put, cJSON *document, const struct result *result)
{
	cJSON *array = member_array(document, "resources");
	for (size_t i = 0; i < result->resource_count; i++) {
		const struct resource *resource = &result->resources[i];
		cJSON *object = judgement_json(put, &resource->worst, &result->plan);
		(void)cJSON_AddItemToArray(array, object);
		put_parts(put, object, &resource->worst, result);
		put_around(put, object, resource);
		put_after(object, resource, &result->plan);
		if (resource->instance_count < 2)
			continue;
		cJSON *instances = member_array(object, "instances");
		for (size_t k = 0; k < resource->instance_count; k++) {
			const struct judgement *instance = &resource->instances[k];
			cJSON *one = judgement_json(put, instance, &result->plan);
			put_parts(put, one, instance, result);
			(void)cJSON_AddItemToArray(instances, one);
		}
	}
}

/* The judgement of a limit in the first of the holds where it applies. */
static const struct judgement *applying(const struct document_input *input, size_t limit)
{
	const struct judgement *first = &input->holds[0].result->resources[limit].worst;
	for (size_t i = 0; i < input->hold_count; i++) {
		const struct judgement *judgement = &input->holds[i].result->resources[limit].worst;
		if (judgement->status != STATUS_NOT_APPLICABLE)
			return judgement;
	}
	return first;
}

/* Without a workload there is nothing to judge: the capacities stand without demand. */
void document_idle_resources(const struct members *put,
		cJSON *document,
		const struct document_input *input)
{
	cJSON *array = member_array(document, "resources");
	static const struct load_point no_plan = {0};
	for (size_t i = 0; input->hold_count && i < input->holds[0].result->resource_count; i++) {
		struct judgement idle = *applying(input, i);
		idle.status = STATUS_NOT_APPLICABLE;
		idle.over = idle.planning = idle.planning_fails = false;
		idle.reason = "no load test was given";
		idle.demand = idle.kernel_demand = idle.utilization = idle.max_safe_scale = (double)NAN;
		idle.target_crossed_at_s = idle.exhausted_at_s = idle.at_s = (double)NAN;
		idle.demand_formula = NULL;
		idle.demand_substituted = NULL;
		idle.demand_words = NULL;
		idle.assumed.count = 0;
		cJSON *object = judgement_json(put, &idle, &no_plan);
		(void)cJSON_AddItemToArray(array, object);
		put_around(put, object, &input->holds[0].result->resources[i]);
	}
}

static bool listed(const cJSON *hits, const char *counter)
{
	const cJSON *hit;
	cJSON_ArrayForEach(hit, hits) {
		if (!strcmp(cJSON_GetObjectItemCaseSensitive(hit, "counter")->valuestring, counter))
			return true;
	}
	return false;
}

static bool is_hit(const struct fact *fact)
{
	if (fact->status != FACT_KNOWN || !why_counts_hits(fact->key))
		return false;
	return fact->number > 0;
}

static void put_hits(const struct members *put, cJSON *hits, const struct limit_rule *rule)
{
	for (size_t i = 0; i < rule->counters.count; i++) {
		const char *key = rule->counters.items[i];
		const struct fact *fact = facts_get(put->facts, key, "");
		if (!fact || !is_hit(fact) || listed(hits, key))
			continue;
		const char *meaning = arena_printf(put->arena, "limit reached: %s", limit_phrase(rule));
		const struct known_key *known = keys_find(key);
		if (known)
			meaning = known->means;
		cJSON *hit = cJSON_CreateObject();
		member_text(put, hit, "counter", fact->key);
		member_number(hit, "value", fact->number);
		member_text(put, hit, "meaning", meaning);
		member_text(put, hit, "resource", rule->id);
		(void)cJSON_AddItemToArray(hits, hit);
	}
}

void document_hits(const struct members *put, cJSON *document, const struct rules *rules)
{
	cJSON *hits = member_array(document, "hit_since_boot");
	for (size_t i = 0; i < rules->limit_count; i++)
		put_hits(put, hits, &rules->limits[i]);
}
