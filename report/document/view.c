/* Getters over the audit document. They read; they neither compute nor fail. */
#include "report/document/view.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

static const cJSON *view_member(const cJSON *node, const char *name, size_t length)
{
	if (!cJSON_IsObject(node))
		return NULL;
	const cJSON *child;
	cJSON_ArrayForEach(child, node) {
		if (child->string && strlen(child->string) == length &&
				!memcmp(child->string, name, length))
			return child;
	}
	return NULL;
}

const cJSON *view_get(const cJSON *node, const char *path)
{
	while (node && *path) {
		size_t length = strcspn(path, ".");
		node = view_member(node, path, length);
		path += length + (path[length] == '.');
	}
	return node;
}

const cJSON *view_array(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	return cJSON_IsArray(found) ? found : NULL;
}

const cJSON *view_object(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	return cJSON_IsObject(found) ? found : NULL;
}

size_t view_count(const cJSON *node, const char *path)
{
	const cJSON *array = view_array(node, path);
	return array ? (size_t)cJSON_GetArraySize(array) : 0;
}

double view_number(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	if (cJSON_IsNumber(found))
		return found->valuedouble;
	if (cJSON_IsString(found) && !strcmp(found->valuestring, "unlimited"))
		return (double)INFINITY;
	return (double)NAN;
}

bool view_true(const cJSON *node, const char *path)
{
	return cJSON_IsTrue(view_get(node, path));
}

const char *view_raw(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	return cJSON_IsString(found) && found->valuestring ? found->valuestring : "";
}

const char *view_text(struct arena *arena, const cJSON *node, const char *path, size_t max_chars)
{
	const char *raw = view_raw(node, path);
	return text_clean(arena, raw, strlen(raw), max_chars);
}

const char *view_figure_of(struct arena *arena, double value, enum unit unit)
{
	char figure[NUMBER_TEXT_MAX];
	return arena_strdup(arena, text_number(figure, value, unit));
}

const char *view_figure(struct arena *arena, const cJSON *node, const char *path, enum unit unit)
{
	return view_figure_of(arena, view_number(node, path), unit);
}

const char *view_value(struct arena *arena, const cJSON *node, const char *path, enum unit unit)
{
	const cJSON *found = view_get(node, path);
	if (cJSON_IsBool(found))
		return cJSON_IsTrue(found) ? "yes" : "no";
	if (cJSON_IsString(found) && strcmp(found->valuestring, "unlimited") != 0)
		return view_text(arena, node, path, 0);
	return view_figure(arena, node, path, unit == UNIT_TEXT ? UNIT_COUNT : unit);
}

enum unit view_unit(const cJSON *node, const char *path)
{
	enum unit unit = UNIT_COUNT;
	return unit_from_name(view_raw(node, path), &unit) ? unit : UNIT_COUNT;
}

const cJSON *view_find(const cJSON *array, const char *name, const char *value)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array) {
		if (!strcmp(view_raw(item, name), value))
			return item;
	}
	return NULL;
}

const cJSON *view_resource(const cJSON *document, const char *id)
{
	return view_find(view_array(document, "resources"), "id", id);
}

const cJSON *view_leading_resource(const cJSON *document)
{
	const cJSON *resource = view_resource(document, view_raw(document, "binding.resource"));
	if (resource && *view_raw(document, "binding.resource"))
		return resource;
	const cJSON *resources = view_array(document, "resources");
	resource = view_find(resources, "status", "fail");
	return resource ? resource : view_find(resources, "status", "unknown");
}

const char *view_fact_unit(const cJSON *document, const char *key)
{
	const cJSON *fact = view_find(view_array(document, "facts"), "key", key);
	return fact ? view_raw(fact, "unit") : "count";
}
