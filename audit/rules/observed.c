/* Reads what is observed of a limit, and looks for names in its formulas that nothing has. */
#include "audit/rules/observed.h"

#include "base/suggest.h"
#include "model/watch/observation.h"

bool observed_unknown(struct reader *reader, const cJSON *value, const char *name)
{
	char question[SUGGEST_MAX];
	suggest_question(question, name, observed_names());
	return json_error(reader->json,
			value,
			reader->err,
			"unknown observation \"%.60s\"%s",
			name,
			question);
}

static bool take_refused(struct reader *reader, const cJSON *value, struct rule_observed *observed)
{
	if (!take_text(reader, value, "refused", &observed->refused))
		return false;
	enum observed what = observed_find(observed->refused);
	if (what == OBSERVED)
		return observed_unknown(reader, value, observed->refused);
	if (observed_counts(what))
		return true;
	return json_error(reader->json,
			value,
			reader->err,
			"\"refused\" must be an observation that counts, such as listen_overflows");
}

static bool take_observed_members(struct reader *reader,
		const cJSON *object,
		struct limit_rule *limit)
{
	struct rule_observed *observed = &limit->observed;
	const cJSON *used = cJSON_GetObjectItemCaseSensitive(object, "used");
	const cJSON *refused = cJSON_GetObjectItemCaseSensitive(object, "refused");
	if (!used)
		return json_error(reader->json, object, reader->err, "\"observed\" needs \"used\"");
	if (!take_expr(reader, used, "used", &observed->used))
		return false;
	if (!take_expr_member(reader, object, "own", &observed->own))
		return false;
	if (!take_expr_member(reader, object, "capacity", &observed->capacity))
		return false;
	if (refused && !take_refused(reader, refused, observed))
		return false;
	return true;
}

bool take_observed(struct reader *reader, const cJSON *value, struct limit_rule *limit)
{
	static const char *const names[] = {"used", "own", "capacity", "refused", NULL};
	if (!cJSON_IsObject(value))
		return take_expr(reader, value, "observed", &limit->observed.used);
	if (!json_check_members(reader->json, value, names, reader->err))
		return false;
	return take_observed_members(reader, value, limit);
}
