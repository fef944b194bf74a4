/* Getters over the audit document. They read; they neither compute nor fail. */
#include "report/document/view.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

enum {
	PHRASE_CHARS = 60
};

static bool view_is_named(const cJSON *node, const char *name, size_t length)
{
	if (!node->string || strlen(node->string) != length)
		return false;
	return memcmp(node->string, name, length) == 0;
}

static const cJSON *view_member(const cJSON *node, const char *name, size_t length)
{
	if (!cJSON_IsObject(node))
		return NULL;
	const cJSON *child;
	cJSON_ArrayForEach(child, node) {
		if (view_is_named(child, name, length))
			return child;
	}
	return NULL;
}

const cJSON *view_get(const cJSON *node, const char *path)
{
	while (node && *path) {
		size_t length = strcspn(path, ".");
		node = view_member(node, path, length);
		path += length;
		if (*path == '.')
			path++;
	}
	return node;
}

const cJSON *view_array(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	if (!cJSON_IsArray(found))
		return NULL;
	return found;
}

const cJSON *view_object(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	if (!cJSON_IsObject(found))
		return NULL;
	return found;
}

size_t view_count(const cJSON *node, const char *path)
{
	const cJSON *array = view_array(node, path);
	if (!array)
		return 0;
	return (size_t)cJSON_GetArraySize(array);
}

static bool view_is_unlimited(const cJSON *value)
{
	return cJSON_IsString(value) && strcmp(value->valuestring, "unlimited") == 0;
}

double view_number(const cJSON *node, const char *path)
{
	const cJSON *found = view_get(node, path);
	if (cJSON_IsNumber(found))
		return found->valuedouble;
	if (view_is_unlimited(found))
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
	if (!cJSON_IsString(found) || !found->valuestring)
		return "";
	return found->valuestring;
}

const char *view_text(struct arena *arena, const cJSON *node, const char *path, size_t max_chars)
{
	const char *raw = view_raw(node, path);
	return text_clean(arena, raw, strlen(raw), max_chars);
}

const char *view_phrase(struct arena *arena, const cJSON *limit)
{
	const char *phrase = view_text(arena, limit, "phrase", PHRASE_CHARS);
	if (*phrase)
		return phrase;
	return view_text(arena, limit, "title", PHRASE_CHARS);
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

const char *view_needed(struct arena *arena, const cJSON *limit)
{
	enum unit unit = view_unit(limit, "quantity");
	double needed = view_number(limit, "demand");
	if (unit == UNIT_COUNT)
		needed = ceil(needed);
	return view_figure_of(arena, needed, unit);
}

const char *view_value(struct arena *arena, const cJSON *node, const char *path, enum unit unit)
{
	const cJSON *found = view_get(node, path);
	if (cJSON_IsTrue(found))
		return "yes";
	if (cJSON_IsFalse(found))
		return "no";
	if (cJSON_IsString(found) && !view_is_unlimited(found))
		return view_text(arena, node, path, 0);
	if (unit == UNIT_TEXT)
		unit = UNIT_COUNT;
	return view_figure(arena, node, path, unit);
}

void view_add_share(struct text *out, double share)
{
	char figure[NUMBER_TEXT_MAX];
	for (const char *at = text_percent(figure, share); *at; at++) {
		if (*at != ' ' && *at != ',' && (unsigned char)*at < 0x80)
			text_add_bytes(out, at, 1);
	}
}

enum unit view_unit(const cJSON *node, const char *path)
{
	enum unit unit = UNIT_COUNT;
	(void)unit_from_name(view_raw(node, path), &unit);
	return unit;
}

const cJSON *view_find(const cJSON *array, const char *name, const char *value)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, array) {
		if (strcmp(view_raw(item, name), value) == 0)
			return item;
	}
	return NULL;
}

const cJSON *view_resource(const cJSON *document, const char *id)
{
	return view_find(view_array(document, "resources"), "id", id);
}

const char *view_fact_unit(const cJSON *document, const char *key)
{
	const cJSON *fact = view_find(view_array(document, "facts"), "key", key);
	if (!fact)
		return "count";
	return view_raw(fact, "unit");
}
