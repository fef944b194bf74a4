/* What changed between two audits, as text: in the terminal view of an audit that was compared with
 * an earlier one, and for headroom history diff. */
#include <math.h>
#include <string.h>

#include "report/write/terminal.h"

enum {
	LABEL_COLUMNS = 17,
	VALUE_CHARS = 60,
	SHORT_ROWS = 12
};

static const char *drift_value_of(const struct terminal *t, const cJSON *fact, const char *side)
{
	const cJSON *value = view_get(fact, side);
	if (!value || cJSON_IsNull(value) || (cJSON_IsString(value) && !*value->valuestring))
		return "nothing";
	const char *text = view_value(t->arena, fact, side, view_unit(fact, "unit"));
	return terminal_fold(t, text_clean(t->arena, text, strlen(text), VALUE_CHARS));
}

/* Values of the plan may be lists and objects. */
static const char *plan_value(const struct terminal *t, const cJSON *field, const char *side)
{
	const cJSON *value = view_get(field, side);
	if (!value || cJSON_IsNull(value))
		return "nothing";
	if (cJSON_IsNumber(value)) {
		char figure[NUMBER_TEXT_MAX];
		return arena_strdup(t->arena, text_plain_number(figure, value->valuedouble));
	}
	char *printed = cJSON_PrintUnformatted(value);
	const char *text = printed ? text_clean(t->arena, printed, strlen(printed), VALUE_CHARS) : "";
	cJSON_free(printed);
	return terminal_fold(t, text);
}

static const char *drift_joined(const struct terminal *t, const cJSON *texts)
{
	struct text line = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, texts)
		text_addf(&line, "%s%s", line.length ? ", " : "", terminal_text(t, item, "", 80));
	return text_take(t->arena, &line);
}

static void drift_add_verdict(const struct terminal *t, const cJSON *drift)
{
	const char *from = terminal_text(t, drift, "from.verdict", 20),
			   *to = terminal_text(t, drift, "to.verdict", 20);
	const char *safe = document_load_text(t->arena, view_object(drift, "from.max_safe"));
	const char *safe_now = document_load_text(t->arena, view_object(drift, "to.max_safe"));
	if (strcmp(from, to) != 0)
		terminal_paragraph(t,
				"Verdict",
				LABEL_COLUMNS,
				arena_printf(t->arena, "%s, was %s", to, from));
	if (strcmp(safe, safe_now) != 0)
		terminal_paragraph(t,
				"Highest safe",
				LABEL_COLUMNS,
				arena_printf(t->arena,
						"%s, was %s",
						*safe_now ? safe_now : "not known",
						*safe ? safe : "not known"));
}

static void write_drift_add_limit(const struct terminal *t, const cJSON *limit)
{
	const char *because = drift_joined(t, view_array(limit, "because"));
	const char *from = terminal_text(t, limit, "from.status", 20),
			   *to = terminal_text(t, limit, "to.status", 20);
	const char *status = strcmp(from, to) ? arena_printf(t->arena, ", %s, was %s", to, from) : "";
	terminal_paragraph(t,
			"Limit",
			LABEL_COLUMNS,
			arena_printf(t->arena,
					"%s: use %s, was %s%s%s%s",
					terminal_text(t, limit, "title", 60),
					view_figure(t->arena, limit, "to.utilization", UNIT_RATIO),
					view_figure(t->arena, limit, "from.utilization", UNIT_RATIO),
					status,
					*because ? "; because of " : "",
					because));
}

static void write_drift_add_fact(const struct terminal *t, const cJSON *fact)
{
	const char *key = terminal_text(t, fact, "key", 80),
			   *instance = terminal_text(t, fact, "instance", 60);
	terminal_paragraph(t,
			view_true(fact, "moved") ? "Setting" : "Also",
			LABEL_COLUMNS,
			arena_printf(t->arena,
					"%s%s%s: %s, was %s",
					key,
					*instance ? " " : "",
					instance,
					drift_value_of(t, fact, "to"),
					drift_value_of(t, fact, "from")));
}

static void add_plan(const struct terminal *t, const cJSON *field)
{
	terminal_paragraph(t,
			"Plan",
			LABEL_COLUMNS,
			arena_printf(t->arena,
					"%s: %s, was %s",
					terminal_text(t, field, "field", 60),
					plan_value(t, field, "to"),
					plan_value(t, field, "from")));
}

static void add_each(const struct terminal *t,
		const cJSON *array,
		void (*add)(const struct terminal *, const cJSON *))
{
	const cJSON *item;
	size_t shown = 0, count = (size_t)cJSON_GetArraySize(array);
	cJSON_ArrayForEach(item, array) {
		if (shown++ == SHORT_ROWS && !t->options->all && count > SHORT_ROWS + 1) {
			terminal_paragraph(t,
					"",
					LABEL_COLUMNS,
					arena_printf(t->arena, "%zu more: --all", count - SHORT_ROWS));
			return;
		}
		add(t, item);
	}
}

static void drift_add_head(const struct terminal *t, const cJSON *drift)
{
	double id = view_number(drift, "from.id");
	const char *number = isnan(id) ? "" : arena_printf(t->arena, "%.0f, ", id);
	const char *host = terminal_text(t, drift, "from.host", 60),
			   *host_now = terminal_text(t, drift, "to.host", 60);
	const char *whose = strcmp(host, host_now)
			? arena_printf(t->arena, " of another host, %s", host)
			: "";
	terminal_line(t,
			arena_printf(t->arena,
					"%s since audit %s%s%s",
					view_true(drift, "same") ? "Nothing changed that matters" : "Changed",
					number,
					terminal_text(t, drift, "from.created", 40),
					whose));
}

static void drift_add_part(const struct terminal *t)
{
	const cJSON *drift = view_object(t->document, "drift");
	double others = view_number(drift, "restless");
	if (!drift)
		return;
	drift_add_head(t, drift);
	drift_add_verdict(t, drift);
	add_each(t, view_array(drift, "plan"), add_plan);
	add_each(t, view_array(drift, "limits"), write_drift_add_limit);
	add_each(t, view_array(drift, "facts"), write_drift_add_fact);
	if (view_true(drift, "rules_changed"))
		terminal_paragraph(t, "Rules", LABEL_COLUMNS, "the rules are others than then");
	if (others > 0 && t->options->all)
		terminal_paragraph(t,
				"Left out",
				LABEL_COLUMNS,
				arena_printf(t->arena,
						"%.0f values that change by themselves (counters, sockets, free memory)",
						others));
}

void terminal_drift(const struct terminal *t)
{
	drift_add_part(t);
	if (view_object(t->document, "drift"))
		text_add(t->out, "\n");
}

void write_drift(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct terminal t = {document, options, options->arena, &page};
	drift_add_part(&t);
	if (page.length)
		text_add(out, options->ascii ? columns_to_ascii(options->arena, page.data) : page.data);
	text_release(&page);
}
