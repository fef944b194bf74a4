/* Reads the values that members of rules have in common. */
#include "audit/rules/take.h"

#include "base/text.h"

bool want_object(struct reader *reader, const cJSON *value, const char *name)
{
	if (cJSON_IsObject(value))
		return true;
	return json_error(reader->json, value, reader->err, "\"%s\" must be an object {…}", name);
}

bool want_array(struct reader *reader, const cJSON *value, const char *name)
{
	if (cJSON_IsArray(value))
		return true;
	return json_error(reader->json, value, reader->err, "\"%s\" must be a list […]", name);
}

bool take_text(struct reader *reader, const cJSON *value, const char *name, const char **ret)
{
	if (!cJSON_IsString(value) || !*value->valuestring)
		return json_error(reader->json,
				value,
				reader->err,
				"\"%s\" must be a text in quotes, not empty",
				name);
	*ret = arena_strdup(reader->arena, value->valuestring);
	return true;
}

bool take_member(struct reader *reader, const cJSON *object, const char *name, const char **ret)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!value)
		return true;
	return take_text(reader, value, name, ret);
}

/* NULL: it is neither a text nor a number nor a truth. */
static const char *take_formula(const cJSON *value, char number[NUMBER_TEXT_MAX])
{
	if (cJSON_IsString(value))
		return value->valuestring;
	if (cJSON_IsNumber(value))
		return text_plain_number(number, value->valuedouble);
	if (cJSON_IsTrue(value))
		return "true";
	if (cJSON_IsFalse(value))
		return "false";
	return NULL;
}

bool take_expr(struct reader *reader, const cJSON *value, const char *name, const struct expr **ret)
{
	char number[NUMBER_TEXT_MAX];
	struct error inner = {0};
	const char *text = take_formula(value, number);
	if (!text)
		return json_error(reader->json,
				value,
				reader->err,
				"\"%s\" must be a formula in quotes",
				name);
	*ret = expr_parse(reader->arena, text, &inner);
	if (*ret)
		return true;
	return json_error(reader->json, value, reader->err, "the formula \"%s\", %s", name, inner.text);
}

bool take_expr_member(struct reader *reader,
		const cJSON *object,
		const char *name,
		const struct expr **ret)
{
	const cJSON *value = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!value)
		return true;
	return take_expr(reader, value, name, ret);
}
