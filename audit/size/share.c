#include "audit/size/share.h"

#include <math.h>

#include "audit/size/size.h"
#include "model/load/loads.h"
#include "report/document/member.h"
#include "report/document/verdict.h"

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

static bool is_divided(const struct pipeline *pipeline, const struct result *result)
{
	double hosts = result->hosts_after;
	if (!(hosts > 1))
		return false;
	if (!isfinite(hosts))
		return false;
	/* The command is judged beside what describes it, and nobody divides that. */
	if (pipeline->alone)
		return false;
	return result->group_count == 0;
}

bool share_document(const struct pipeline *pipeline,
		const struct loads *plan,
		const struct result *result,
		cJSON **ret_document,
		struct error *err)
{
	struct arena *arena = pipeline->run->arena;
	struct loads part = loads_copy(arena, plan);
	struct result each;
	*ret_document = NULL;
	if (!is_divided(pipeline, result))
		return true;
	for (size_t i = 0; i < part.count; i++)
		divide_load(arena, &part.items[i], result->hosts_after);
	if (!pipeline_judge(pipeline, &part, &each, err))
		return false;
	if (!(each.hosts_after <= 1))
		return true;
	*ret_document = pipeline_document(pipeline, &each, err);
	return *ret_document != NULL;
}

void share_into_size(cJSON *size, const cJSON *share, double hosts)
{
	cJSON *part = size_document(share);
	cJSON *values = cJSON_DetachItemFromObjectCaseSensitive(part, "values");
	cJSON_DeleteItemFromObjectCaseSensitive(size, "values");
	(void)member_item(size, "values", values);
	cJSON *each = member_object(size, "each");
	member_number(each, "hosts", hosts);
	member_copy(each, "max_safe_after", part, "max_safe_after");
	cJSON_Delete(part);
}
