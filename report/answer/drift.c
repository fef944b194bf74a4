/* headroom.drift/1: what changed between two audits. */
#include <math.h>
#include <string.h>

#include "report/answer/kinds.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	DRIFT_VALUE_CHARS = 200
};

/* --- values ---------------------------------------------------------------------------------- */

/* Values of a fact, and those of a plan, which may be lists and objects. */
static const char *drift_value(const struct answer *a, const cJSON *node, const char *side)
{
	const cJSON *value = view_get(node, side);
	enum unit unit = view_unit(node, "unit");
	if (!value || cJSON_IsNull(value))
		return "nothing";
	if (!cJSON_IsArray(value) && !cJSON_IsObject(value))
		return view_value(a->arena, node, side, unit);
	char *printed = cJSON_PrintUnformatted(value);
	const char *text = "";
	if (printed)
		text = text_clean(a->arena, printed, strlen(printed), DRIFT_VALUE_CHARS);
	cJSON_free(printed);
	return text;
}

static const char *drift_use(const struct answer *a, const cJSON *limit, const char *path)
{
	const char *use = answer_figure(a, limit, path, UNIT_RATIO);
	return answer_or_dash(use);
}

static const char *drift_because(const struct answer *a, const cJSON *limit)
{
	const cJSON *item;
	const char *text = "";
	cJSON_ArrayForEach(item, view_array(limit, "because")) {
		const char *comma = "";
		const char *own = answer_said(a, item, "");
		if (*text)
			comma = ", ";
		text = answer_printf(a, "%s%s%s", text, comma, own);
	}
	return answer_or_dash(text);
}

static const char *drift_safe(const struct answer *a, const char *side)
{
	const cJSON *audit = answer_object(a, side);
	const char *safe = document_safe_text(a->arena, audit);
	if (*safe)
		return safe;
	return "not known";
}

/* --- head ------------------------------------------------------------------------------------ */

static void drift_head(const struct answer *a)
{
	double id = answer_number(a, "drift.from.id");
	const char *host = answer_of(a, "drift.to.host");
	const char *plan = answer_of(a, "drift.to.workload");
	const char *question = "What has changed since the earlier audit?";
	if (isfinite(id))
		question = answer_printf(a, "What has changed since audit %.0f?", id);
	answer_head(a, "Comparison", question);
	host = answer_printf(a, "%s · %s", host, plan);
	answer_note(a, host);
}

static void drift_badge(const struct answer *a)
{
	const cJSON *to = answer_object(a, "drift.to");
	enum verdict verdict = document_verdict(to);
	const char *word = "CHANGED";
	if (view_true(a->root, "drift.same"))
		word = "NO CHANGE";
	const char *kind = answer_of(a, "drift.to.verdict");
	const char *tone = verdict_name(verdict);
	answer_badge(a, word, kind, tone);
}

static const char *drift_answer(const struct answer *a)
{
	const cJSON *limits = answer_list(a, "drift.limits");
	const cJSON *limit = cJSON_GetArrayItem(limits, 0);
	if (view_true(a->root, "drift.same"))
		return "Nothing changed that matters.";
	if (!limit)
		return "Values changed, and no limit's use with them.";
	const char *title = answer_said(a, limit, "title");
	const char *from = drift_use(a, limit, "from.utilization");
	const char *to = drift_use(a, limit, "to.utilization");
	const char *because = drift_because(a, limit);
	return answer_printf(a, "%s: use %s, was %s. Because of: %s.", title, to, from, because);
}

static void drift_tiles(const struct answer *a)
{
	const char *from = answer_of(a, "drift.from.verdict");
	const char *to = answer_of(a, "drift.to.verdict");
	const char *before = answer_of(a, "drift.from.created");
	const char *after = answer_of(a, "drift.to.created");
	const char *safe = drift_safe(a, "drift.from");
	const char *now = drift_safe(a, "drift.to");
	const char *was = answer_printf(a, "was %s", safe);
	to = answer_arrow(a, from, to);
	before = answer_printf(a, "with %s", before);
	answer_tile(a, "Verdict, then → now", to, "");
	answer_tile(a, "Safe load now", now, was);
	answer_tile(a, "Audits compared", after, before);
}

/* --- tables ---------------------------------------------------------------------------------- */

static void drift_limits(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Limit", ""},
			{"Use, then → now", "num"},
			{"Status, then → now", ""},
			{"Because of", ""},
			{NULL, NULL},
	};
	const cJSON *limit;
	if (view_count(a->root, "drift.limits") == 0)
		return;
	cJSON *part = answer_part(a, "limits", "Limits whose use changed");
	answer_table(part, "With the settings that moved them", columns);
	cJSON_ArrayForEach(limit, answer_list(a, "drift.limits")) {
		const char *from = drift_use(a, limit, "from.utilization");
		const char *to = drift_use(a, limit, "to.utilization");
		const char *was = answer_said(a, limit, "from.status");
		const char *is = answer_said(a, limit, "to.status");
		const char *title = answer_said(a, limit, "title");
		cJSON *row = answer_row(a, part, title);
		answer_cell(part, row, answer_arrow(a, from, to));
		answer_cell(part, row, answer_arrow(a, was, is));
		answer_cell(part, row, drift_because(a, limit));
	}
}

static void drift_sides(const struct answer *a, const cJSON *part, cJSON *row, const cJSON *node)
{
	const char *from = drift_value(a, node, "from");
	const char *to = drift_value(a, node, "to");
	answer_cell(part, row, from);
	answer_cell(part, row, to);
}

static void drift_plan(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Value of the plan", ""},
			{"Then", ""},
			{"Now", ""},
			{NULL, NULL},
	};
	const cJSON *field;
	if (view_count(a->root, "drift.plan") == 0)
		return;
	cJSON *part = answer_part(a, "plan", "The plan");
	answer_table(part, "What is asked of the host now", columns);
	cJSON_ArrayForEach(field, answer_list(a, "drift.plan")) {
		const char *name = answer_said(a, field, "field");
		cJSON *row = answer_row(a, part, name);
		drift_sides(a, part, row, field);
	}
}

static void drift_fact(const struct answer *a, cJSON *part, const cJSON *fact)
{
	const char *key = answer_said(a, fact, "key");
	const char *instance = answer_said(a, fact, "instance");
	const char *moved = "no";
	if (*instance)
		key = answer_printf(a, "%s %s", key, instance);
	if (view_true(fact, "moved"))
		moved = "yes";
	cJSON *row = answer_row(a, part, key);
	drift_sides(a, part, row, fact);
	answer_cell(part, row, moved);
}

static void drift_facts(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Value", ""},
			{"Then", ""},
			{"Now", ""},
			{"Moved a limit", ""},
			{NULL, NULL},
	};
	const cJSON *fact;
	if (view_count(a->root, "drift.facts") == 0)
		return;
	cJSON *part = answer_part(a, "settings", "Values of the host");
	answer_table(part, "Those that changed", columns);
	cJSON_ArrayForEach(fact, answer_list(a, "drift.facts"))
		drift_fact(a, part, fact);
}

static void drift_trust(const struct answer *a)
{
	cJSON *part = answer_part(a, "trust", "How far to trust this");
	double restless = answer_number(a, "drift.restless");
	double of_one = answer_number(a, "drift.of_one_version");
	const char *rules = "the same for both audits";
	if (view_true(a->root, "drift.rules_changed"))
		rules = "they have changed since the earlier audit";
	answer_fact(part, "Rules", rules);
	if (of_one > 0)
		answer_fact(part,
				"Not compared",
				answer_printf(a,
						"%s that only one version reads",
						answer_plural(a, of_one, "value")));
	if (restless > 0)
		answer_fact(part,
				"Left out",
				answer_printf(a,
						"%s that change all the time (counters, sockets, free memory)",
						answer_plural(a, restless, "value")));
	double later = answer_number(a, "drift.to.hypothetical");
	double earlier = answer_number(a, "drift.from.hypothetical");
	const char *label = "Hypothetical";
	if (later > 0)
		answer_fact(part, label, "the later audit assumes values, it did not read them");
	if (earlier > 0)
		answer_fact(part, label, "the earlier audit assumes values, it did not read them");
}

/* A verdict's sentence, where there is one. */
static void drift_says(const struct answer *a, const char *when, const char *sentence)
{
	const char *text = "";
	if (*sentence)
		text = answer_printf(a, "%s: %s", when, sentence);
	answer_also(a, text);
}

void answer_drift(const struct answer *a)
{
	const char *was = answer_of(a, "drift.from.headline");
	const char *is = answer_of(a, "drift.to.headline");
	drift_head(a);
	drift_badge(a);
	answer_is(a, drift_answer(a));
	drift_says(a, "Now", is);
	if (strcmp(was, is) != 0)
		drift_says(a, "Then", was);
	drift_tiles(a);
	drift_limits(a);
	drift_plan(a);
	drift_facts(a);
	drift_trust(a);
}
