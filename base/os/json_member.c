/* Members of an object by name: which ones are known, and what they must be. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/os/json.h"
#include "base/suggest.h"

static bool is_listed(const char *name, const char *const *names)
{
	for (; *names; names++) {
		if (strcmp(name, *names) == 0)
			return true;
	}
	return false;
}

static bool unknown_member(const struct json *json,
		const cJSON *member,
		const char *const *names,
		struct error *err)
{
	char text[400], hint[200] = "";
	const char *nearest = suggest_name(member->string, names);
	if (nearest)
		(void)snprintf(hint, sizeof hint, "; did you mean \"%s\"?", nearest);
	(void)snprintf(text, sizeof text, "unknown member \"%.120s\"%s", member->string, hint);
	return json_error_of_name(json, member, err, text);
}

bool json_check_members(const struct json *json,
		const cJSON *object,
		const char *const *names,
		struct error *err)
{
	if (!cJSON_IsObject(object))
		return json_error(json, object, err, "expected an object {…}");
	for (const cJSON *member = object->child; member; member = member->next) {
		if (!is_listed(member->string, names))
			return unknown_member(json, member, names, err);
	}
	return true;
}

bool json_string(const struct json *json,
		const cJSON *object,
		const char *name,
		struct arena *arena,
		const char **ret,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!member)
		return true;
	if (!cJSON_IsString(member))
		return json_error(json, member, err, "\"%s\" must be a text in quotes", name);
	*ret = arena_strdup(arena, member->valuestring);
	return true;
}

bool json_number(const struct json *json,
		const cJSON *object,
		const char *name,
		double *ret,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!member)
		return true;
	if (cJSON_IsString(member) && strcmp(member->valuestring, "unlimited") == 0) {
		*ret = INFINITY;
		return true;
	}
	if (!cJSON_IsNumber(member))
		return json_error(json, member, err, "\"%s\" must be a number (or \"unlimited\")", name);
	*ret = member->valuedouble;
	return true;
}

bool json_uint32(const struct json *json,
		const cJSON *object,
		const char *name,
		uint32_t *ret,
		struct error *err)
{
	static const char problem[] = "\"%s\" must be a whole number below 2^32";
	double number = *ret;
	if (!json_number(json, object, name, &number, err))
		return false;
	bool fits = number >= 0 && number <= UINT32_MAX;
	if (!fits || floor(number) < number)
		return json_error(json, object, err, problem, name);
	*ret = (uint32_t)number;
	return true;
}

bool json_bool(const struct json *json,
		const cJSON *object,
		const char *name,
		bool *ret,
		struct error *err)
{
	const cJSON *member = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!member)
		return true;
	if (!cJSON_IsBool(member))
		return json_error(json, member, err, "\"%s\" must be true or false", name);
	*ret = cJSON_IsTrue(member);
	return true;
}
