/* Members of the audit document. Knows the document's conventions, not its shape. */
#include "report/document/member.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/view.h"

cJSON *member_item(cJSON *object, const char *name, cJSON *item)
{
	(void)cJSON_AddItemToObjectCS(object, name, item);
	return item;
}

cJSON *member_object(cJSON *object, const char *name)
{
	return member_item(object, name, cJSON_CreateObject());
}

cJSON *member_array(cJSON *object, const char *name)
{
	return member_item(object, name, cJSON_CreateArray());
}

void member_copy(cJSON *object, const char *name, const cJSON *from, const char *path)
{
	const cJSON *found = view_get(from, path);
	if (found)
		(void)member_item(object, name, cJSON_Duplicate(found, true));
	else
		member_null(object, name);
}

void member_null(cJSON *object, const char *name)
{
	(void)member_item(object, name, cJSON_CreateNull());
}

cJSON *member_number_value(double value)
{
	if (isnan(value))
		return cJSON_CreateNull();
	if (isinf(value))
		return cJSON_CreateStringReference("unlimited");
	return cJSON_CreateNumber(value);
}

void member_number(cJSON *object, const char *name, double value)
{
	(void)member_item(object, name, member_number_value(value));
}

void member_bool(cJSON *object, const char *name, bool value)
{
	(void)member_item(object, name, cJSON_CreateBool(value));
}

cJSON *member_text_value(const struct members *put, const char *text)
{
	if (!text)
		return cJSON_CreateNull();
	size_t length = strlen(text);
	if (!text_is_utf8(text, length))
		text = text_clean(put->arena, text, length, 0);
	return cJSON_CreateStringReference(text);
}

void member_text(const struct members *put, cJSON *object, const char *name, const char *text)
{
	(void)member_item(object, name, member_text_value(put, text));
}

void member_texts(const struct members *put,
		cJSON *object,
		const char *name,
		const char *const *texts,
		size_t count)
{
	cJSON *array = member_array(object, name);
	for (size_t i = 0; i < count; i++)
		(void)cJSON_AddItemToArray(array, member_text_value(put, texts[i]));
}

void member_sources(const struct members *put,
		cJSON *object,
		const struct rule_source *sources,
		size_t count)
{
	cJSON *array = member_array(object, "sources");
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "title", sources[i].title);
		member_text(put, item, "url", sources[i].url);
		(void)cJSON_AddItemToArray(array, item);
	}
}

void member_ids(cJSON *object, const char *name, const struct name_list *ids)
{
	if (!ids || !ids->count)
		return;
	cJSON *array = member_array(object, name);
	for (size_t i = 0; i < ids->count; i++)
		(void)cJSON_AddItemToArray(array, cJSON_CreateStringReference(ids->items[i]));
}

cJSON *member_load(cJSON *object,
		const char *name,
		const struct load_point *point,
		const struct load_point *plan,
		bool with_scale)
{
	double connections = point->connections;
	double rate = point->open_rate_per_s;
	bool unknown = isnan(connections) && isnan(rate);
	/* A number is told only where the plan has one of its kind. */
	if (!(plan->connections > 0))
		connections = (double)NAN;
	if (!unknown && !(plan->open_rate_per_s > 0))
		rate = 0;
	cJSON *load = member_object(object, name);
	if (with_scale)
		member_number(load, "scale", point->scale);
	member_number(load, "connections", connections);
	member_number(load, "open_rate_per_s", rate);
	if (point->at_most)
		member_bool(load, "at_most", true);
	member_ids(load, "without", point->without);
	return load;
}
