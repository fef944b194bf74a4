/* Reads the names of a limit. Does not know facts: the check of all rules does. */
#include "audit/rules/named.h"

static bool no_text(struct reader *reader, const cJSON *value)
{
	static const char missing[] = "\"named\": \"text\" is missing";
	return json_error(reader->json, value, reader->err, missing);
}

static bool take_name(struct reader *reader, const cJSON *value, struct rule_name *name)
{
	static const char *const members[] = {
			"when",
			"text",
			NULL,
	};
	if (!want_object(reader, value, "named"))
		return false;
	if (!json_check_members(reader->json, value, members, reader->err))
		return false;
	if (!take_expr_member(reader, value, "when", &name->when))
		return false;
	if (!take_member(reader, value, "text", &name->text))
		return false;
	if (!name->text)
		return no_text(reader, value);
	return true;
}

static bool take_names(struct reader *reader, const cJSON *list, struct rule_name *names)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		if (!take_name(reader, item, names))
			return false;
		names++;
	}
	return true;
}

bool take_named(struct reader *reader, const cJSON *value, struct limit_rule *limit)
{
	static const char wanted[] = "\"named\" must be a list";
	size_t count = (size_t)cJSON_GetArraySize(value);
	struct rule_name *names;
	if (!cJSON_IsArray(value))
		return json_error(reader->json, value, reader->err, wanted);
	names = arena_alloc(reader->arena, (count + 1) * sizeof *names);
	limit->names = names;
	limit->name_count = count;
	return take_names(reader, value, names);
}
