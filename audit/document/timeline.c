/* The plan over time, and what it leaves at its end. */
#include "audit/document/document.h"

static void put_series(cJSON *object, const char *name, const double *values, size_t count)
{
	cJSON *array = member_array(object, name);
	for (size_t i = 0; values && i < count; i++)
		(void)cJSON_AddItemToArray(array, member_number_value(values[i]));
}

/* Each of several loads by itself. */
static void put_loads(const struct members *put, cJSON *timeline, const struct result *result)
{
	if (result->loads.count < 2)
		return;
	cJSON *array = member_array(timeline, "loads");
	for (size_t i = 0; i < result->timeline.load_count; i++) {
		const struct load_series *load = &result->timeline.loads[i];
		const size_t points = result->timeline.points;
		cJSON *item = cJSON_CreateObject();
		(void)cJSON_AddItemToArray(array, item);
		document_load_name(put, item, result, load->load);
		put_series(item, "live", load->live, points);
		put_series(item, "time_wait", load->time_wait, points);
		put_series(item, "opens_per_s", load->opens, points);
	}
}

void document_timeline(const struct members *put, cJSON *document, const struct result *result)
{
	const struct timeline_result *timeline = &result->timeline;
	cJSON *object = member_object(document, "timeline");
	member_number(object, "step_s", timeline->step_s);
	cJSON *end = member_object(object, "end");
	member_number(end, "at_s", timeline->end.at_s);
	member_number(end, "live", timeline->end.live);
	member_number(end, "time_wait", timeline->end.time_wait);
	member_number(end, "hold_s", timeline->end.hold_s);
	(void)cJSON_AddStringToObject(end, "confidence", confidence_name(timeline->end.confidence));
	put_series(object, "t", timeline->t, timeline->points);
	cJSON *series = member_object(object, "series");
	put_series(series, "live", timeline->live, timeline->points);
	put_series(series, "time_wait", timeline->time_wait, timeline->points);
	put_series(series, "opens_per_s", timeline->opens, timeline->points);
	cJSON *use = member_object(series, "use");
	for (size_t i = 0; i < timeline->use_count; i++)
		put_series(use, timeline->use[i].id, timeline->use[i].values, timeline->points);
	put_loads(put, object, result);
}
