/* Members of the audit document. Knows the document's conventions, not its shape. */
#include "audit/put.h"

#include <math.h>
#include <string.h>

#include "model/text.h"

cJSON *put_item(cJSON *object, const char *name, cJSON *item)
{
	(void)cJSON_AddItemToObjectCS(object, name, item);
	return item;
}

cJSON *put_object(cJSON *object, const char *name)
{
	return put_item(object, name, cJSON_CreateObject());
}

cJSON *put_array(cJSON *object, const char *name)
{
	return put_item(object, name, cJSON_CreateArray());
}

void put_null(cJSON *object, const char *name)
{
	(void)put_item(object, name, cJSON_CreateNull());
}

cJSON *put_number_value(double value)
{
	if (isnan(value))
		return cJSON_CreateNull();
	return isinf(value) ? cJSON_CreateStringReference("unlimited") : cJSON_CreateNumber(value);
}

void put_number(cJSON *object, const char *name, double value)
{
	(void)put_item(object, name, put_number_value(value));
}

void put_bool(cJSON *object, const char *name, bool value)
{
	(void)put_item(object, name, cJSON_CreateBool(value));
}

cJSON *put_text_value(const struct put *put, const char *text)
{
	if (!text)
		return cJSON_CreateNull();
	size_t length = strlen(text);
	if (!text_is_utf8(text, length))
		text = text_clean(put->arena, text, length, 0);
	return cJSON_CreateStringReference(text);
}

void put_text(const struct put *put, cJSON *object, const char *name, const char *text)
{
	(void)put_item(object, name, put_text_value(put, text));
}

void put_texts(const struct put *put, cJSON *object, const char *name, const char *const *texts, size_t count)
{
	cJSON *array = put_array(object, name);
	for (size_t i = 0; i < count; i++)
		(void)cJSON_AddItemToArray(array, put_text_value(put, texts[i]));
}

void put_sources(const struct put *put, cJSON *object, const struct rule_source *sources, size_t count)
{
	cJSON *array = put_array(object, "sources");
	for (size_t i = 0; i < count; i++) {
		cJSON *item = cJSON_CreateObject();
		put_text(put, item, "title", sources[i].title);
		put_text(put, item, "url", sources[i].url);
		(void)cJSON_AddItemToArray(array, item);
	}
}

cJSON *put_load(cJSON *object, const char *name, const struct load_point *point, const struct load_point *plan,
                bool with_scale)
{
	cJSON *load = put_object(object, name);
	if (with_scale)
		put_number(load, "scale", point->scale);
	put_number(load, "connections", plan->connections > 0 ? point->connections : (double)NAN);
	put_number(load, "open_rate_per_s", plan->open_rate_per_s > 0 ? point->open_rate_per_s : 0);
	return load;
}
