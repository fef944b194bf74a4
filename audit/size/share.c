#include "audit/size/share.h"

#include <math.h>

#include "audit/size/size.h"
#include "model/load/loads.h"
#include "report/document/member.h"
#include "report/document/view.h"

enum {
	SHARE_MORE_MAX = 16
};

/* Counts are whole: no host gets less than its part. */
static double part_of(double whole, double hosts, enum unit unit)
{
	double part = whole / hosts;
	if (!isfinite(part) || unit != UNIT_COUNT)
		return part;
	return ceil(part - 1e-9);
}

static void divide_stages(struct arena *arena, struct workload *load, double hosts)
{
	size_t count = load->stage_count;
	struct workload_stage *stages = arena_alloc(arena, (count + 1) * sizeof *stages);
	for (size_t i = 0; i < count; i++) {
		struct workload_stage stage = load->stages[i];
		double live = stage.connections;
		double rate = stage.open_rate_per_s;
		stage.connections = part_of(live, hosts, UNIT_COUNT);
		stage.open_rate_per_s = part_of(rate, hosts, UNIT_PER_S);
		stages[i] = stage;
	}
	load->stages = stages;
}

/* Where each connection has a thread, those beside them stay. */
static void divide_threads(struct workload *load, double hosts)
{
	struct workload_value *threads = &load->values[W_THREADS];
	double live = load->values[W_CONNECTIONS].number;
	if (!threads->set || !workload_scales(load, W_THREADS))
		return;
	double others = threads->number - live;
	threads->number = others + part_of(live, hosts, UNIT_COUNT);
}

static void divide_load(struct arena *arena, struct workload *load, double hosts)
{
	divide_threads(load, hosts);
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		enum workload_field field = (enum workload_field)i;
		enum unit unit = workload_rows[i].unit;
		struct workload_value *value = &load->values[i];
		if (!value->set || field == W_THREADS)
			continue;
		if (!workload_scales(load, field))
			continue;
		value->number = part_of(value->number, hosts, unit);
	}
	divide_stages(arena, load, hosts);
}

static void divide_loads(struct arena *arena, struct loads *loads, double hosts)
{
	for (size_t i = 0; i < loads->count; i++) {
		struct workload *load = &loads->items[i];
		divide_load(arena, load, hosts);
		/* A part is on one machine. */
		load->groups = NULL;
		load->group_count = 0;
	}
}

/* Judges 1/hosts of the plan; what the command alone says is divided as what describes it. */
static bool judge_part(const struct pipeline *pipeline,
		const struct loads *plan,
		double hosts,
		bool map,
		struct result *ret_result,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	struct loads part = loads_copy(arena, plan);
	struct pipeline there = *pipeline;
	there.model.map = map;
	divide_loads(arena, &part, hosts);
	if (pipeline->alone) {
		struct workload *alone = arena_alloc(arena, sizeof *alone);
		*alone = *pipeline->alone;
		struct loads command = loads_of(alone);
		divide_loads(arena, &command, hosts);
		there.alone = alone;
	}
	return pipeline_judge(&there, &part, ret_result, err);
}

bool share_document(const struct pipeline *pipeline,
		const struct loads *plan,
		struct size_order *order,
		cJSON **ret_document,
		struct error *err)
{
	struct result each;
	struct size_order asked = *order;
	*ret_document = NULL;
	for (int more = 0; more < SHARE_MORE_MAX && asked.part < 1 && asked.part > 0; more++) {
		if (!judge_part(pipeline, plan, 1 / asked.part, false, &each, err))
			return false;
		if (each.hosts_after <= 1) {
			*order = asked;
			/* A map takes ten times as long: only the part that is ordered gets one. */
			if (!judge_part(pipeline, plan, 1 / asked.part, true, &each, err))
				return false;
			*ret_document = pipeline_document(pipeline, &each, err);
			return *ret_document != NULL;
		}
		order_one_more(&asked);
	}
	return true;
}

/* What each load has on one machine. */
static void share_loads(cJSON *size, const cJSON *share)
{
	cJSON *load;
	cJSON_ArrayForEach(load, cJSON_GetObjectItemCaseSensitive(size, "loads")) {
		const char *name = view_raw(load, "load");
		const cJSON *part = view_find(view_array(share, "loads"), "load", name);
		cJSON_DeleteItemFromObjectCaseSensitive(load, "per_host");
		member_copy(load, "per_host", part, "plan");
	}
}

void share_into_size(cJSON *size, const cJSON *share, double hosts)
{
	cJSON *part = size_document(share);
	cJSON *values = cJSON_DetachItemFromObjectCaseSensitive(part, "values");
	cJSON_DeleteItemFromObjectCaseSensitive(size, "values");
	(void)member_item(size, "values", values);
	cJSON *each = member_object(size, "each");
	member_number(each, "hosts", hosts);
	member_copy(each, "plan", share, "plan");
	member_copy(each, "max_safe_after", part, "max_safe_after");
	cJSON *memory = cJSON_DetachItemFromObjectCaseSensitive(part, "memory");
	(void)member_item(each, "memory", memory);
	share_loads(size, share);
	size_limits(size, share);
	cJSON_Delete(part);
}
