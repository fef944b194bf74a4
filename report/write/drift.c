/* What changed between two audits, as text: in the terminal view of an audit that was compared with
 * an earlier one, and for headroom history diff. */
#include <math.h>
#include <string.h>

#include "report/document/load.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/terminal_parts.h"

enum {
	LABEL_COLUMNS = 17,
	VALUE_CHARS = 60,
	SHORT_ROWS = 12
};

static const char *drift_value_of(const struct pen *pen, const cJSON *fact, const char *side)
{
	const cJSON *value = view_get(fact, side);
	if (!value || cJSON_IsNull(value) || (cJSON_IsString(value) && !*value->valuestring))
		return "nothing";
	const char *text = view_value(pen->arena, fact, side, view_unit(fact, "unit"));
	return pen_fold(pen, text_clean(pen->arena, text, strlen(text), VALUE_CHARS));
}

/* Values of the plan may be lists and objects. */
static const char *plan_value(const struct pen *pen, const cJSON *field, const char *side)
{
	const cJSON *value = view_get(field, side);
	if (!value || cJSON_IsNull(value))
		return "nothing";
	if (cJSON_IsNumber(value)) {
		char figure[NUMBER_TEXT_MAX];
		return arena_strdup(pen->arena, text_plain_number(figure, value->valuedouble));
	}
	char *printed = cJSON_PrintUnformatted(value);
	const char *text = printed ? text_clean(pen->arena, printed, strlen(printed), VALUE_CHARS) : "";
	cJSON_free(printed);
	return pen_fold(pen, text);
}

static const char *drift_joined(const struct pen *pen, const cJSON *texts)
{
	struct text line = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, texts)
		text_addf(&line, "%s%s", line.length ? ", " : "", pen_text(pen, item, "", 80));
	return text_take(pen->arena, &line);
}

/* "pass (hypothetical)" */
static const char *drift_verdict_of(const struct pen *pen, const cJSON *side)
{
	const char *verdict = pen_text(pen, side, "verdict", 20);
	if (view_number(side, "hypothetical") > 0)
		return arena_printf(pen->arena, "%s (hypothetical)", verdict);
	return verdict;
}

static void drift_add_verdict(const struct pen *pen, const cJSON *drift)
{
	const char *from = drift_verdict_of(pen, view_object(drift, "from"));
	const char *to = drift_verdict_of(pen, view_object(drift, "to"));
	const char *safe = document_safe_text(pen->arena, view_object(drift, "from"));
	const char *safe_now = document_safe_text(pen->arena, view_object(drift, "to"));
	if (strcmp(from, to) != 0)
		pen_paragraph(pen,
				"Verdict",
				LABEL_COLUMNS,
				arena_printf(pen->arena, "%s, was %s", to, from));
	if (strcmp(safe, safe_now) != 0)
		pen_paragraph(pen,
				"Highest safe",
				LABEL_COLUMNS,
				arena_printf(pen->arena,
						"%s, was %s",
						*safe_now ? safe_now : "not known",
						*safe ? safe : "not known"));
}

static void write_drift_add_limit(const struct pen *pen, const cJSON *limit)
{
	const char *because = drift_joined(pen, view_array(limit, "because"));
	const char *from = pen_text(pen, limit, "from.status", 20),
			   *to = pen_text(pen, limit, "to.status", 20);
	const char *status = strcmp(from, to) ? arena_printf(pen->arena, ", %s, was %s", to, from) : "";
	pen_paragraph(pen,
			"Limit",
			LABEL_COLUMNS,
			arena_printf(pen->arena,
					"%s: use %s, was %s%s%s%s",
					pen_text(pen, limit, "title", 60),
					view_figure(pen->arena, limit, "to.utilization", UNIT_RATIO),
					view_figure(pen->arena, limit, "from.utilization", UNIT_RATIO),
					status,
					*because ? "; because of " : "",
					because));
}

static void write_drift_add_fact(const struct pen *pen, const cJSON *fact)
{
	const char *key = pen_text(pen, fact, "key", 80),
			   *instance = pen_text(pen, fact, "instance", 60);
	pen_paragraph(pen,
			view_true(fact, "moved") ? "Setting" : "Also",
			LABEL_COLUMNS,
			arena_printf(pen->arena,
					"%s%s%s: %s, was %s",
					key,
					*instance ? " " : "",
					instance,
					drift_value_of(pen, fact, "to"),
					drift_value_of(pen, fact, "from")));
}

static void add_plan(const struct pen *pen, const cJSON *field)
{
	pen_paragraph(pen,
			"Plan",
			LABEL_COLUMNS,
			arena_printf(pen->arena,
					"%s: %s, was %s",
					pen_text(pen, field, "field", 60),
					plan_value(pen, field, "to"),
					plan_value(pen, field, "from")));
}

static void add_each(const struct pen *pen,
		const cJSON *array,
		void (*add)(const struct pen *, const cJSON *))
{
	const cJSON *item;
	size_t shown = 0, count = (size_t)cJSON_GetArraySize(array);
	cJSON_ArrayForEach(item, array) {
		if (shown++ == SHORT_ROWS && !pen->options->all && count > SHORT_ROWS + 1) {
			pen_paragraph(pen,
					"",
					LABEL_COLUMNS,
					arena_printf(pen->arena, "%zu more: --all", count - SHORT_ROWS));
			return;
		}
		add(pen, item);
	}
}

static void drift_add_head(const struct pen *pen, const cJSON *drift)
{
	double id = view_number(drift, "from.id");
	const char *number = isnan(id) ? "" : arena_printf(pen->arena, "%.0f, ", id);
	const char *host = pen_text(pen, drift, "from.host", 60),
			   *host_now = pen_text(pen, drift, "to.host", 60);
	const char *whose = strcmp(host, host_now)
			? arena_printf(pen->arena, " of another host, %s", host)
			: "";
	pen_line(pen,
			arena_printf(pen->arena,
					"%s since audit %s%s%s",
					view_true(drift, "same") ? "Nothing changed that matters" : "Changed",
					number,
					pen_text(pen, drift, "from.created", 40),
					whose));
}

/* Said once: what only one of two versions reads is no change of the host. */
static const char *rules_text(const struct pen *pen, const cJSON *drift)
{
	static const char changed[] = "the rules have changed since";
	double of_one = view_number(drift, "of_one_version");
	if (!(of_one > 0))
		return changed;
	return arena_printf(pen->arena,
			"%s; %s that only one of the two versions reads are not compared",
			changed,
			view_figure_of(pen->arena, of_one, UNIT_COUNT));
}

static void drift_add_part(const struct pen *pen)
{
	const cJSON *drift = view_object(pen->document, "drift");
	double others = view_number(drift, "restless");
	if (!drift)
		return;
	drift_add_head(pen, drift);
	drift_add_verdict(pen, drift);
	add_each(pen, view_array(drift, "plan"), add_plan);
	add_each(pen, view_array(drift, "limits"), write_drift_add_limit);
	add_each(pen, view_array(drift, "facts"), write_drift_add_fact);
	if (view_true(drift, "rules_changed"))
		pen_paragraph(pen, "Rules", LABEL_COLUMNS, rules_text(pen, drift));
	if (others > 0 && pen->options->all)
		pen_paragraph(pen,
				"Left out",
				LABEL_COLUMNS,
				arena_printf(pen->arena,
						"%.0f values that change by themselves (counters, sockets, free memory)",
						others));
}

void terminal_drift(const struct pen *pen)
{
	drift_add_part(pen);
	if (view_object(pen->document, "drift"))
		text_add(pen->out, "\n");
}

void write_drift(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	drift_add_part(&pen);
	if (page.length)
		text_add(out, options->ascii ? columns_to_ascii(options->arena, page.data) : page.data);
	text_release(&page);
}
