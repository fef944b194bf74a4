/* The document's workload: the completed plan as headroom.workload/1, and one line about it for people. */
#include <math.h>
#include <string.h>

#include "audit/document.h"
#include "model/text.h"

/* The object a field belongs to: "upstream.X" is nested. */
static cJSON *parent_of(cJSON *object, const char **name)
{
	const char *dot = strchr(*name, '.');
	if (!dot)
		return object;
	*name = dot + 1;
	cJSON *parent = cJSON_GetObjectItemCaseSensitive(object, "upstream");
	return parent ? parent : member_object(object, "upstream");
}

static void put_field(const struct members *put, cJSON *object, enum workload_field field,
                      const struct workload_value *value)
{
	const char *name = workload_rows[field].name;
	cJSON *parent = parent_of(object, &name);
	if (value->list)
		member_texts(put, parent, name, value->list, (size_t)value->number);
	else if (value->text)
		member_text(put, parent, name, value->text);
	else
		member_number(parent, name, value->number);
}

static void put_stages(cJSON *object, const struct workload *workload)
{
	cJSON *array = member_array(object, "stages");
	for (size_t i = 0; i < workload->stage_count; i++) {
		const struct workload_stage *stage = &workload->stages[i];
		cJSON *item = cJSON_CreateObject();
		member_number(item, "duration_s", stage->duration_s);
		if (!isnan(stage->connections))
			member_number(item, "connections", stage->connections);
		if (!isnan(stage->open_rate_per_s))
			member_number(item, "open_rate_per_s", stage->open_rate_per_s);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void put_groups(const struct members *put, cJSON *object, const struct workload *workload)
{
	cJSON *array = member_array(object, "groups");
	for (size_t i = 0; i < workload->group_count; i++) {
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "name", workload->groups[i].name);
		member_number(item, "share", workload->groups[i].share);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void put_origins(const struct members *put, cJSON *object, const struct workload *workload)
{
	cJSON *origins = member_object(object, "origins");
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		const struct workload_value *value = &workload->values[i];
		if (!value->set || value->assumed || !value->from)
			continue;
		cJSON *origin = member_object(origins, workload_rows[i].name);
		member_text(put, origin, "confidence", confidence_name(value->confidence));
		member_text(put, origin, "from", value->from);
	}
}

cJSON *document_workload(const struct members *put, const struct workload *workload)
{
	cJSON *object = cJSON_CreateObject();
	member_text(put, object, "schema", "headroom.workload/1");
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		bool plain = workload_rows[i].kind != FIELD_STAGES && workload_rows[i].kind != FIELD_GROUPS;
		if (workload->values[i].set && plain)
			put_field(put, object, (enum workload_field)i, &workload->values[i]);
	}
	if (workload->stage_count)
		put_stages(object, workload);
	if (workload->group_count)
		put_groups(put, object, workload);
	member_text(put, object, "confidence", confidence_name(workload->confidence));
	put_origins(put, object, workload);
	return object;
}

const char *document_workload_title(struct arena *arena, const struct workload *workload)
{
	char figure[NUMBER_TEXT_MAX];
	struct text title = {0};
	const struct workload_value *values = workload->values;
	text_add(&title, values[W_ROLE].text ? values[W_ROLE].text : "plan");
	if (values[W_NAME].text)
		text_addf(&title, " %s", values[W_NAME].text);
	if (values[W_CONNECTIONS].set && values[W_CONNECTIONS].number > 0)
		text_addf(&title, " · %s connections", text_number(figure, values[W_CONNECTIONS].number, UNIT_COUNT));
	if (values[W_OPEN_RATE].set && values[W_OPEN_RATE].number > 0)
		text_addf(&title, " · %s new/s", text_number(figure, values[W_OPEN_RATE].number, UNIT_COUNT));
	else if (values[W_RAMP_RATE].set && values[W_RAMP_RATE].number > 0)
		text_addf(&title, " · ramp %s new/s", text_number(figure, values[W_RAMP_RATE].number, UNIT_COUNT));
	if (workload->stage_count)
		text_addf(&title, " · %zu stages", workload->stage_count);
	const char *copy = arena_strdup(arena, title.data);
	text_release(&title);
	return copy;
}
