#include "audit/fix/alerts.h"

#include <math.h>
#include <string.h>

#include "audit/fix/well_formed.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	ALERT_TEXT_CHARS = 200,
	ALERT_COMMAND_CHARS = 2000
};

/* " ports"; an amount of bytes or seconds says its unit itself. */
static const char *alert_unit(struct arena *arena, const cJSON *limit)
{
	if (view_unit(limit, "quantity") != UNIT_COUNT)
		return "";
	return arena_printf(arena, " %s", view_text(arena, limit, "unit", ALERT_TEXT_CHARS));
}

/* The first fix of the ladder for this limit; NULL: the plan needs none. */
static const cJSON *alert_fix(const cJSON *audit, const char *limit)
{
	const cJSON *fix;
	cJSON_ArrayForEach(fix, view_array(audit, "fixes")) {
		if (!view_true(fix, "in_ladder"))
			continue;
		if (strcmp(view_raw(fix, "resource"), limit) == 0)
			return fix;
	}
	return NULL;
}

/* A line for each command. */
static const char *alert_commands(struct arena *arena, const cJSON *commands)
{
	const cJSON *command;
	struct text lines = {0};
	cJSON_ArrayForEach(command, commands) {
		const char *line = view_text(arena, command, "line", ALERT_COMMAND_CHARS);
		if (lines.length)
			text_add(&lines, "\n");
		text_add(&lines, line);
	}
	return text_take(arena, &lines);
}

static const char *alert_source(struct arena *arena, const cJSON *limit)
{
	const cJSON *sources = view_array(limit, "sources");
	const cJSON *first = cJSON_GetArrayItem(sources, 0);
	const char *url = view_text(arena, first, "url", ALERT_COMMAND_CHARS);
	if (text_begins_with(url, "https://"))
		return url;
	return "";
}

static const char *alert_amount(struct arena *arena, const cJSON *limit, const char *member)
{
	double amount = view_number(limit, member);
	if (isnan(amount))
		return "";
	return view_figure(arena, limit, member, view_unit(limit, "quantity"));
}

static struct fix_alert alert_of(struct arena *arena,
		const cJSON *audit,
		const cJSON *limit,
		const char *id)
{
	const cJSON *fix = alert_fix(audit, id);
	return (struct fix_alert){
			.limit = id,
			.title = view_text(arena, limit, "title", ALERT_TEXT_CHARS),
			.unit = alert_unit(arena, limit),
			.demand = alert_amount(arena, limit, "demand"),
			.capacity_text = alert_amount(arena, limit, "capacity"),
			.capacity = view_number(limit, "capacity"),
			.fix = alert_commands(arena, view_array(fix, "commands")),
			.undo = alert_commands(arena, view_array(fix, "undo_commands")),
			.source = alert_source(arena, limit),
	};
}

static bool alert_has(const struct fix_values *values, const char *id)
{
	for (size_t i = 0; i < values->alert_count; i++) {
		if (strcmp(values->alerts[i].limit, id) == 0)
			return true;
	}
	return false;
}

void fix_alerts_from(struct arena *arena, const cJSON *audit, struct fix_values *values)
{
	const cJSON *limit;
	size_t count = view_count(audit, "resources");
	values->target = view_number(audit, "target_utilization");
	values->alerts = arena_alloc(arena, count * sizeof *values->alerts);
	cJSON_ArrayForEach(limit, view_array(audit, "resources")) {
		const char *id = view_text(arena, limit, "id", ALERT_TEXT_CHARS);
		if (document_status(limit) == STATUS_NOT_APPLICABLE)
			continue;
		if (!*id || !well_formed_only(id, "-") || alert_has(values, id))
			continue;
		values->alerts[values->alert_count++] = alert_of(arena, audit, limit, id);
	}
}
