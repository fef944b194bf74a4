/* Reads how much of a limit is in use now. Does not know facts: the check of all rules does. */
#include "audit/rules/now.h"

static bool take_formulas(struct reader *reader, const cJSON *value, struct rule_now *now)
{
	struct {
		const char *name;
		const struct expr **field;
	} const rows[] = {
			{"when", &now->when},
			{"used", &now->used},
			{"capacity", &now->capacity},
			{"sure", &now->sure},
			{NULL, NULL},
	};
	for (size_t i = 0; rows[i].name; i++) {
		const char *name = rows[i].name;
		if (!take_expr_member(reader, value, name, rows[i].field))
			return false;
	}
	return true;
}

static bool take_texts(struct reader *reader, const cJSON *value, struct rule_now *now)
{
	struct {
		const char *name, **field;
	} const rows[] = {
			{"each", &now->each},
			{"refused", &now->refused},
			{"by", &now->by},
			{NULL, NULL},
	};
	for (size_t i = 0; rows[i].name; i++) {
		const char *name = rows[i].name;
		if (!take_member(reader, value, name, rows[i].field))
			return false;
	}
	return true;
}

static bool take_one(struct reader *reader, const cJSON *value, struct rule_now *now)
{
	static const char *const names[] = {
			"each",
			"when",
			"used",
			"capacity",
			"sure",
			"refused",
			"by",
			NULL,
	};
	if (!want_object(reader, value, "now"))
		return false;
	if (!json_check_members(reader->json, value, names, reader->err))
		return false;
	if (!take_formulas(reader, value, now))
		return false;
	return take_texts(reader, value, now);
}

static bool take_list(struct reader *reader, const cJSON *value, struct limit_rule *limit)
{
	const cJSON *item;
	size_t count = (size_t)cJSON_GetArraySize(value);
	struct rule_now *now;
	limit->nows = arena_alloc(reader->arena, count * sizeof *now);
	limit->now_count = count;
	now = limit->nows;
	cJSON_ArrayForEach(item, value) {
		if (!take_one(reader, item, now))
			return false;
		now++;
	}
	return true;
}

bool take_now(struct reader *reader, const cJSON *value, struct limit_rule *limit)
{
	if (cJSON_IsString(value))
		return take_text(reader, value, "now", &limit->now_hidden);
	if (cJSON_IsArray(value))
		return take_list(reader, value, limit);
	limit->nows = arena_alloc(reader->arena, sizeof *limit->nows);
	limit->now_count = 1;
	return take_one(reader, value, limit->nows);
}
