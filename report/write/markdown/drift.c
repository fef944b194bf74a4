/* What changed since an earlier audit. */
#include <string.h>

#include "base/text.h"
#include "report/document/load.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"

enum {
	VALUE_CHARS = 80
};

static const char *drift_text(const struct markdown *m, const cJSON *node, const char *path)
{
	return markdown_string(m, node, path, VALUE_CHARS);
}

/* "fail, 106%: 30,000 of 28,232". */
static const char *moved_side(const struct markdown *m, const cJSON *limit, const char *side)
{
	enum unit unit = view_unit(limit, "quantity");
	const cJSON *at = view_object(limit, side);
	struct arena *arena = m->arena;
	const char *use = view_figure(arena, at, "utilization", UNIT_RATIO);
	return arena_printf(arena,
			"%s, %s: %s of %s",
			drift_text(m, at, "status"),
			markdown_escaped(m, use),
			view_figure(arena, at, "demand", unit),
			view_figure(arena, at, "capacity", unit));
}

/* A list or an object as JSON. */
static const char *fact_printed(const struct markdown *m, const cJSON *value)
{
	char *printed = cJSON_PrintUnformatted(value);
	if (!printed)
		return "";
	const char *text = text_clean(m->arena, printed, strlen(printed), VALUE_CHARS);
	cJSON_free(printed);
	return markdown_escaped(m, text);
}

static bool fact_is_nothing(const cJSON *value)
{
	if (!value || cJSON_IsNull(value))
		return true;
	return cJSON_IsString(value) && *value->valuestring == '\0';
}

/* Values of the plan may be lists and objects. */
static const char *fact_side(const struct markdown *m, const cJSON *fact, const char *side)
{
	const cJSON *value = view_get(fact, side);
	enum unit unit = view_unit(fact, "unit");
	if (cJSON_IsArray(value) || cJSON_IsObject(value))
		return fact_printed(m, value);
	if (fact_is_nothing(value))
		return "nothing";
	const char *text = view_value(m->arena, fact, side, unit);
	text = text_clean(m->arena, text, strlen(text), VALUE_CHARS);
	return markdown_escaped(m, text);
}

static void drift_add_moved(const struct markdown *m, const cJSON *drift)
{
	static const char head[] = "| limit | was | is | because of |\n|---|---|---|---|\n";
	const char *before = head, *end = "";
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(drift, "limits")) {
		const cJSON *because = view_array(item, "because");
		text_addf(m->out,
				"%s| %s | %s | %s | %s |\n",
				before,
				drift_text(m, item, "title"),
				moved_side(m, item, "from"),
				moved_side(m, item, "to"),
				markdown_joined(m, because));
		before = "";
		end = "\n";
	}
	text_add(m->out, end);
}

static void drift_add_plan(const struct markdown *m, const cJSON *item)
{
	text_addf(m->out,
			"* Plan, %s: %s, was %s\n",
			drift_text(m, item, "field"),
			fact_side(m, item, "to"),
			fact_side(m, item, "from"));
}

static void drift_add_fact(const struct markdown *m, const cJSON *item)
{
	const char *instance = drift_text(m, item, "instance");
	const char *key = drift_text(m, item, "key");
	const char *moved = "";
	if (*instance)
		key = arena_printf(m->arena, "%s %s", key, instance);
	if (view_true(item, "moved"))
		moved = " (moved a limit)";
	text_addf(m->out,
			"* %s: %s, was %s%s\n",
			key,
			fact_side(m, item, "to"),
			fact_side(m, item, "from"),
			moved);
}

typedef void add_change(const struct markdown *m, const cJSON *item);

/* How many of the list were written, of those that may still be. */
static size_t drift_add_each(const struct markdown *m,
		const cJSON *list,
		size_t most,
		add_change *add)
{
	size_t count = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		if (count == most)
			break;
		add(m, item);
		count++;
	}
	return count;
}

/* The plan and the settings that changed; those that moved a limit stand first in the document. */
static void drift_add_changed(const struct markdown *m, const cJSON *drift)
{
	const cJSON *plan = view_array(drift, "plan");
	const cJSON *facts = view_array(drift, "facts");
	size_t count = view_count(drift, "plan") + view_count(drift, "facts");
	size_t shown = drift_add_each(m, plan, MARKDOWN_ITEMS_MAX, drift_add_plan);
	shown += drift_add_each(m, facts, MARKDOWN_ITEMS_MAX - shown, drift_add_fact);
	if (shown)
		text_add(m->out, "\n");
	markdown_rest(m, count, shown);
}

static void drift_add_verdict(const struct markdown *m, const cJSON *drift)
{
	const char *was = drift_text(m, drift, "from.verdict");
	const char *is = drift_text(m, drift, "to.verdict");
	const cJSON *to = view_object(drift, "to");
	const cJSON *from = view_object(drift, "from");
	const char *rules = "";
	if (view_true(drift, "same")) {
		text_add(m->out, "Nothing that matters.\n\n");
		return;
	}
	if (view_true(drift, "rules_changed"))
		rules = " The rules have changed since.";
	if (strcmp(is, was) == 0)
		text_addf(m->out, "Verdict: %s, as before.", is);
	else
		text_addf(m->out, "Verdict: %s, was %s.", is, was);
	text_addf(m->out,
			" Safe up to: %s, was %s.%s\n\n",
			document_safe_text(m->arena, to),
			document_safe_text(m->arena, from),
			rules);
}

void markdown_drift(const struct markdown *m)
{
	const cJSON *drift = view_object(m->document, "drift");
	const char *host = drift_text(m, drift, "from.host");
	const char *same_host = drift_text(m, drift, "to.host");
	const char *when = drift_text(m, drift, "from.created");
	if (!drift)
		return;
	const char *title = arena_printf(m->arena, "What changed since %s", when);
	if (strcmp(host, same_host) != 0)
		title = arena_printf(m->arena, "%s on another host, %s", title, host);
	markdown_fold(m, title);
	drift_add_verdict(m, drift);
	drift_add_moved(m, drift);
	drift_add_changed(m, drift);
	markdown_unfold(m);
}
