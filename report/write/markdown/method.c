/* What was assumed, and what was measured. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/assumed.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"

static const char *measured_figure(const struct markdown *m, const cJSON *row, const char *name)
{
	enum unit unit = UNIT_COUNT;
	if (strcmp(view_raw(row, "unit"), "bytes") == 0)
		unit = UNIT_BYTES;
	return view_figure(m->arena, row, name, unit);
}

static const char *measured_comparable(const struct markdown *m, const cJSON *row)
{
	const char *reason = markdown_string(m, row, "reason", 300);
	const char *word = "no";
	if (view_true(row, "comparable"))
		word = "yes";
	if (*reason)
		return arena_printf(m->arena, "%s: %s", word, reason);
	return word;
}

static void measured_add_row(const struct markdown *m, const cJSON *row)
{
	const char *least = "";
	if (strcmp(view_raw(row, "prediction"), "at-least") == 0)
		least = "at least ";
	text_addf(m->out,
			"| %s | %s%s | %s | %s | %s | %s |\n",
			markdown_string(m, row, "id", 40),
			least,
			measured_figure(m, row, "predicted"),
			measured_figure(m, row, "measured"),
			measured_figure(m, row, "difference"),
			markdown_string(m, row, "stopped_by", 40),
			measured_comparable(m, row));
}

static void markdown_add_calibration(const struct markdown *m)
{
	static const char head[] =
			"Measured on this kernel:\n\n"
			"| calibrator | predicted | measured | difference | stopped by | comparable |\n"
			"|---|--:|--:|--:|---|---|\n";
	const cJSON *row, *rows = view_array(m->document, "calibration");
	if (cJSON_GetArraySize(rows) == 0)
		return;
	text_add(m->out, head);
	cJSON_ArrayForEach(row, rows) {
		measured_add_row(m, row);
	}
	text_add(m->out, "\n");
}

static void milestones_add(const struct markdown *m, const cJSON *item)
{
	const char *connections = view_figure(m->arena, item, "connections", UNIT_COUNT);
	const char *when = view_figure(m->arena, item, "reached_s", UNIT_SECONDS);
	const char *rate = view_figure(m->arena, item, "rate_per_s", UNIT_PER_S);
	if (isnan(view_number(item, "reached_s"))) {
		when = "not reached";
		rate = "–";
	}
	text_addf(m->out, "| %s | %s | %s |\n", connections, when, rate);
}

static void markdown_add_milestones(const struct markdown *m)
{
	const cJSON *row, *item;
	cJSON_ArrayForEach(row, view_array(m->document, "calibration")) {
		const char *id = markdown_string(m, row, "id", 40);
		if (!view_count(row, "milestones"))
			continue;
		text_addf(m->out, "| %s: connections | open after | per second |\n", id);
		text_add(m->out, "|--:|--:|--:|\n");
		cJSON_ArrayForEach(item, view_array(row, "milestones")) {
			milestones_add(m, item);
		}
		text_add(m->out, "\n");
	}
}

static void assumptions_add(const struct markdown *m, const cJSON *item)
{
	const struct assumed said = document_assumed(m->arena, item);
	const char *load = markdown_string(m, item, "load", 80);
	const char *name = markdown_escaped(m, said.name);
	const char *value = markdown_escaped(m, said.value);
	const char *why = markdown_escaped(m, said.why);
	const char *flag = "";
	if (*load)
		name = arena_printf(m->arena, "%s: %s", load, name);
	if (*said.flag)
		flag = arena_printf(m->arena, "`%s`", said.flag);
	text_addf(m->out, "| %s | %s | %s | %s |\n", name, value, why, flag);
}

static void markdown_add_assumptions(const struct markdown *m)
{
	const cJSON *item, *list = view_array(m->document, "assumptions");
	if (cJSON_GetArraySize(list) == 0)
		return;
	text_add(m->out,
			"Assumed, because the plan does not say; the option states it:\n\n"
			"| assumption | value | why | option |\n|---|---|---|---|\n");
	cJSON_ArrayForEach(item, list) {
		assumptions_add(m, item);
	}
	text_add(m->out, "\n");
}

void markdown_method(const struct markdown *m)
{
	size_t assumed = view_count(m->document, "assumptions");
	size_t measured = view_count(m->document, "calibration");
	if (!assumed && !measured)
		return;
	markdown_fold(m, "Method and assumptions");
	markdown_add_calibration(m);
	markdown_add_milestones(m);
	markdown_add_assumptions(m);
	markdown_unfold(m);
}
