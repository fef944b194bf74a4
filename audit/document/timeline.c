/* The plan over time, and what it leaves at its end. */
#include "audit/document/document.h"

static void put_series(cJSON *object, const char *name, const double *values, size_t count)
{
	cJSON *array = member_array(object, name);
	if (!values)
		return;
	for (size_t i = 0; i < count; i++) {
		cJSON *value = member_number_value(values[i]);
		(void)cJSON_AddItemToArray(array, value);
	}
}

/* Each of several loads by itself. */
static void put_loads(const struct members *put, cJSON *object, const struct result *result)
{
	if (result->loads.count < 2)
		return;
	cJSON *array = member_array(object, "loads");
	const struct timeline_result *timeline = &result->timeline;
	const size_t points = timeline->points;
	for (size_t i = 0; i < timeline->load_count; i++) {
		const struct load_series *load = &timeline->loads[i];
		cJSON *item = cJSON_CreateObject();
		(void)cJSON_AddItemToArray(array, item);
		document_load_name(put, item, result, load->load);
		put_series(item, "live", load->live, points);
		put_series(item, "time_wait", load->time_wait, points);
		put_series(item, "opens_per_s", load->opens, points);
	}
}

static void put_end(cJSON *timeline, const struct timeline_result *result)
{
	cJSON *end = member_object(timeline, "end");
	const char *confidence = confidence_name(result->end.confidence);
	member_number(end, "at_s", result->end.at_s);
	member_number(end, "live", result->end.live);
	member_number(end, "time_wait", result->end.time_wait);
	member_number(end, "hold_s", result->end.hold_s);
	(void)cJSON_AddStringToObject(end, "confidence", confidence);
}

void document_timeline(const struct members *put, cJSON *document, const struct result *result)
{
	const struct timeline_result *timeline = &result->timeline;
	const size_t points = timeline->points;
	cJSON *object = member_object(document, "timeline");
	member_number(object, "step_s", timeline->step_s);
	put_end(object, timeline);
	put_series(object, "t", timeline->t, points);
	cJSON *series = member_object(object, "series");
	put_series(series, "live", timeline->live, points);
	put_series(series, "time_wait", timeline->time_wait, points);
	put_series(series, "opens_per_s", timeline->opens, points);
	cJSON *use = member_object(series, "use");
	for (size_t i = 0; i < timeline->use_count; i++) {
		const char *id = timeline->use[i].id;
		const double *values = timeline->use[i].values;
		put_series(use, id, values, points);
	}
	put_loads(put, object, result);
}
