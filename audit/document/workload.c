/* The completed plan for people: a line about it, and about each of its loads. The plan itself is
 * written by probes/plan. */

#include <math.h>

#include "audit/document/document.h"
#include "base/text.h"
#include "model/ladder/ladder.h"
#include "report/document/load.h"

/* NAN where the plan does not give the field, or gives 0. */
static double workload_known(const struct workload_value *value)
{
	if (value->set && value->number > 0)
		return value->number;
	return (double)NAN;
}

static void workload_add_load(struct arena *arena,
		const struct workload_value *values,
		struct text *title)
{
	double rate = workload_known(&values[W_OPEN_RATE]);
	double ramp_rate = workload_known(&values[W_RAMP_RATE]);
	const struct load_point load = {
			.connections = workload_known(&values[W_CONNECTIONS]),
			.open_rate_per_s = rate,
	};
	const struct load_point ramp = {
			.connections = (double)NAN,
			.open_rate_per_s = ramp_rate,
	};
	if (load_says(&load) != LOAD_SAYS_NOTHING) {
		const char *text = load_text(arena, &load, " · ");
		text_addf(title, " · %s", text);
	}
	if (isnan(rate) && !isnan(ramp_rate)) {
		const char *text = load_text(arena, &ramp, "");
		text_addf(title, " · ramp %s", text);
	}
}

const char *document_workload_title(struct arena *arena, const struct workload *workload)
{
	struct text title = {0};
	const struct workload_value *values = workload->values;
	const char *role = values[W_ROLE].text;
	const char *name = values[W_NAME].text;
	if (!role)
		role = "plan";
	text_add(&title, role);
	if (name)
		text_addf(&title, " %s", name);
	workload_add_load(arena, values, &title);
	if (workload->stage_count)
		text_addf(&title, " · %zu stages", workload->stage_count);
	return text_take(arena, &title);
}

const char *document_plan_title(struct arena *arena, const struct result *result)
{
	const struct loads *plan = &result->loads;
	if (plan->count == 1)
		return document_workload_title(arena, &plan->items[0]);
	const char *name = loads_plan_name(arena, plan);
	const char *load = load_text(arena, &result->plan, " · ");
	return arena_printf(arena, "%s · %s", name, load);
}

void document_load_name(const struct members *put,
		cJSON *object,
		const struct result *result,
		size_t at)
{
	const char *name = loads_name(put->arena, &result->loads, at);
	member_text(put, object, "load", name);
}

/* So much of the plan, of one of its loads. */
static struct load_point point_of(const struct result *result, size_t at, double scale)
{
	struct workload *load = &result->loads.items[at];
	struct loads one = loads_of(load);
	one.peak_connections = load->peak_connections;
	return load_at(&one, scale);
}

/* What one of several hosts gets, where its number is known. */
static void put_share(cJSON *row, const struct result *result, size_t at, double hosts)
{
	const struct load_point whole = point_of(result, at, 1);
	if (!(hosts >= 1) || !isfinite(hosts)) {
		member_null(row, "per_host");
		return;
	}
	const struct load_point share = {
			.connections = ceil(whole.connections / hosts - 1e-9),
			.open_rate_per_s = whole.open_rate_per_s / hosts,
	};
	(void)member_load(row, "per_host", &share, &whole, false);
}

static cJSON *load_row(const struct members *put, const struct document_input *input, size_t at)
{
	const struct result *result = input->result;
	const struct workload *load = &result->loads.items[at];
	const struct load_point whole = point_of(result, at, 1);
	const struct load_point safe = point_of(result, at, result->max_safe.scale);
	const struct load_point breaks = point_of(result, at, result->breaks.scale);
	bool last = at + 1 == result->loads.count;
	cJSON *row = cJSON_CreateObject();
	document_load_name(put, row, result, at);
	const char *title = document_workload_title(put->arena, load);
	member_text(put, row, "title", title);
	member_bool(row, "command", input->has_command && last);
	(void)member_load(row, "plan", &whole, &whole, false);
	(void)member_load(row, "max_safe", &safe, &whole, false);
	(void)member_load(row, "breaks", &breaks, &whole, false);
	put_share(row, result, at, result->hosts_after);
	return row;
}

void document_loads(const struct members *put, cJSON *document, const struct document_input *input)
{
	const size_t count = input->result->loads.count;
	if (count < 2)
		return;
	cJSON *array = member_array(document, "loads");
	for (size_t i = 0; i < count; i++) {
		cJSON *row = load_row(put, input, i);
		(void)cJSON_AddItemToArray(array, row);
	}
}
