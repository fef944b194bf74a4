/* Markdown for a ticket or a pull request: verdict, table of limits, fixes, findings, assumptions.
 * Text of the host is escaped so that it can neither break the table nor bring in markup. */
#include <math.h>
#include <string.h>

#include "report/write/view.h"
#include "report/write/write.h"

struct markdown {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

/* Escapes what Markdown or the HTML inside it would act on. */
static const char *escaped(const struct markdown *m, const char *text)
{
	struct text out = {0};
	for (const char *at = text; *at; at++) {
		if (*at == '<')
			text_add(&out, "&lt;");
		else if (*at == '&')
			text_add(&out, "&amp;");
		else {
			if (strchr("\\`*_[]#|~>!@", *at))
				text_add(&out, "\\");
			text_add_bytes(&out, at, 1);
		}
	}
	const char *copy = arena_strdup(m->arena, out.data ? out.data : "");
	text_release(&out);
	return copy;
}

static const char *string(const struct markdown *m, const cJSON *node, const char *path, size_t max_chars)
{
	return escaped(m, view_text(m->arena, node, path, max_chars));
}

/* A code block with a fence longer than any run of backquotes in it. */
static void code_block(const struct markdown *m, const char *language, const char *code)
{
	size_t longest = 2, run = 0;
	for (const char *at = code; *at; at++) {
		run = *at == '`' ? run + 1 : 0;
		longest = run > longest ? run : longest;
	}
	char *fence = arena_alloc(m->arena, longest + 2);
	memset(fence, '`', longest + 1);
	text_addf(m->out, "%s%s\n", fence, language);
	while (*code) {
		size_t length = strcspn(code, "\n");
		text_addf(m->out, "%s\n", text_clean(m->arena, code, length, 0));
		code += length + (code[length] == '\n');
	}
	text_addf(m->out, "%s\n\n", fence);
}

static const char *load_of(const struct markdown *m, const cJSON *point)
{
	double connections = view_number(point, "connections"), rate = view_number(point, "open_rate_per_s");
	const char *live = view_figure_of(m->arena, connections, UNIT_COUNT);
	if (isnan(rate) || !(rate > 0))
		return isnan(connections) ? "" : arena_printf(m->arena, "%s connections", live);
	const char *opens = view_figure_of(m->arena, rate, UNIT_COUNT);
	return isnan(connections) ? arena_printf(m->arena, "%s new/s", opens)
	                          : arena_printf(m->arena, "%s connections, %s new/s", live, opens);
}

static void add_head(const struct markdown *m)
{
	static const char *const words[][2] = {{"pass", "PASS"}, {"fail", "FAIL"}, {"none", "AUDIT"}};
	const char *word = "UNKNOWN", *verdict = view_raw(m->document, "verdict");
	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		word = strcmp(words[i][0], verdict) ? word : words[i][1];
	text_addf(m->out, "## headroom: %s\n\n**%s**\n\n", word, string(m, m->document, "headline", 300));
	text_addf(m->out, "* Host: %s, %s\n", string(m, m->document, "host.name", 80),
	          string(m, m->document, "host.kernel", 80));
	if (*view_raw(m->document, "workload_title"))
		text_addf(m->out, "* Plan: %s\n", string(m, m->document, "workload_title", 200));
	if (view_object(m->document, "binding"))
		text_addf(m->out, "* Binds first: %s\n", string(m, m->document, "binding.title", 80));
	const char *safe = load_of(m, view_object(m->document, "max_safe"));
	if (*safe)
		text_addf(m->out, "* Highest safe: %s\n", safe);
	text_addf(m->out, "* %s of %s limits judged\n\n",
	          view_figure(m->arena, m->document, "coverage.judged", UNIT_COUNT),
	          view_figure(m->arena, m->document, "coverage.total", UNIT_COUNT));
}

static void add_row(const struct markdown *m, const cJSON *resource)
{
	enum unit unit = view_unit(resource, "quantity");
	text_addf(m->out, "| %s | %s | %s | %s%s | %s | %s |\n", string(m, resource, "status", 20),
	          string(m, resource, "title", 80), view_figure(m->arena, resource, "demand", unit),
	          view_figure(m->arena, resource, "capacity", unit),
	          view_object(resource, "calibrated") ? " (measured)" : "",
	          view_figure(m->arena, resource, "utilization", UNIT_RATIO),
	          view_figure(m->arena, resource, "max_safe.connections", UNIT_COUNT));
}

static void add_table(const struct markdown *m)
{
	const cJSON *resource;
	if (!view_count(m->document, "resources") || !strcmp(view_raw(m->document, "verdict"), "none"))
		return;
	text_add(m->out, "| status | limit | needed | available | use | safe up to |\n|---|---|--:|--:|--:|--:|\n");
	cJSON_ArrayForEach(resource, view_array(m->document, "resources"))
		add_row(m, resource);
	text_add(m->out, "\n");
}

static void add_holds(const struct markdown *m)
{
	const cJSON *hold;
	if (!view_count(m->document, "holds"))
		return;
	text_add(m->out, "| as | safe up to | binds first | after the fixes |\n|---|---|---|---|\n");
	cJSON_ArrayForEach(hold, view_array(m->document, "holds"))
		text_addf(m->out, "| %s | %s | %s | %s |\n", string(m, hold, "title", 80),
		          load_of(m, view_object(hold, "max_safe")), string(m, hold, "binds_title", 80),
		          load_of(m, view_object(hold, "after_fixes")));
	text_add(m->out, "\n");
}

static void add_fixes(const struct markdown *m)
{
	const cJSON *fix;
	if (!view_count(m->document, "fixes"))
		return;
	text_add(m->out, "### Fixes\n\n");
	cJSON_ArrayForEach(fix, view_array(m->document, "fixes")) {
		const char *after = load_of(m, view_object(fix, "gain.after"));
		text_addf(m->out, "**%s**", string(m, fix, "title", 200));
		if (*after)
			text_addf(m->out, ": safe up to %s", after);
		text_add(m->out, "\n\n");
		code_block(m, "sh", view_raw(fix, "command"));
	}
}

static void add_list(const struct markdown *m, const char *title, const char *array, const char *label,
                     const char *text)
{
	const cJSON *item;
	if (!view_count(m->document, array))
		return;
	text_addf(m->out, "### %s\n\n", title);
	cJSON_ArrayForEach(item, view_array(m->document, array)) {
		bool plain = !view_object(item, "");
		text_addf(m->out, "* %s%s%s\n", plain ? string(m, item, "", 80) : string(m, item, label, 80),
		          plain ? "" : ": ", plain ? "" : string(m, item, text, 0));
	}
	text_add(m->out, "\n");
}

static const char *measured_figure(const struct markdown *m, const cJSON *row, const char *name)
{
	bool bytes = !strcmp(view_raw(row, "unit"), "bytes");
	return isnan(view_number(row, name)) ? "–" : view_figure(m->arena, row, name, bytes ? UNIT_BYTES : UNIT_COUNT);
}

static void add_calibration(const struct markdown *m)
{
	const cJSON *row;
	if (!view_count(m->document, "calibration"))
		return;
	text_add(m->out, "### Measured on this kernel\n\n| calibrator | predicted | measured | difference | stopped by | "
	                 "comparable |\n|---|--:|--:|--:|---|---|\n");
	cJSON_ArrayForEach(row, view_array(m->document, "calibration")) {
		const char *reason = string(m, row, "reason", 300);
		bool least = !strcmp(view_raw(row, "prediction"), "at-least");
		text_addf(m->out, "| %s | %s%s | %s | %s | %s | %s%s%s |\n", string(m, row, "id", 40),
		          least ? "at least " : "", measured_figure(m, row, "predicted"), measured_figure(m, row, "measured"),
		          measured_figure(m, row, "difference"), string(m, row, "stopped_by", 40),
		          view_true(row, "comparable") ? "yes" : "no", *reason ? ": " : "", reason);
	}
	text_add(m->out, "\n");
}

static void add_milestones(const struct markdown *m)
{
	const cJSON *row, *item;
	cJSON_ArrayForEach(row, view_array(m->document, "calibration")) {
		if (!view_count(row, "milestones"))
			continue;
		text_addf(m->out, "| %s: connections | open after | per second |\n|--:|--:|--:|\n", string(m, row, "id", 40));
		cJSON_ArrayForEach(item, view_array(row, "milestones")) {
			bool reached = !isnan(view_number(item, "reached_s"));
			text_addf(m->out, "| %s | %s | %s |\n", view_figure(m->arena, item, "connections", UNIT_COUNT),
			          reached ? view_figure(m->arena, item, "reached_s", UNIT_SECONDS) : "not reached",
			          reached ? view_figure(m->arena, item, "rate_per_s", UNIT_PER_S) : "–");
		}
		text_add(m->out, "\n");
	}
}

static void add_assumptions(const struct markdown *m)
{
	const cJSON *item;
	if (!view_count(m->document, "assumptions"))
		return;
	text_add(m->out, "### Assumed\n\n");
	cJSON_ArrayForEach(item, view_array(m->document, "assumptions"))
		text_addf(m->out, "* %s = %s (%s)\n", string(m, item, "field", 80),
		          escaped(m, view_value(m->arena, item, "value", UNIT_COUNT)), string(m, item, "source", 200));
	text_add(m->out, "\n");
}

void write_markdown(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct markdown m = {document, options->arena, out};
	add_head(&m);
	add_table(&m);
	add_holds(&m);
	add_fixes(&m);
	add_calibration(&m);
	add_milestones(&m);
	add_list(&m, "Findings", "findings", "severity", "text");
	add_list(&m, "Hit since boot", "hit_since_boot", "counter", "meaning");
	add_list(&m, "Waived", "waivers", "id", "justification");
	add_list(&m, "Ignored", "ignored", "", "");
	add_assumptions(&m);
	text_addf(out, "headroom %s, %s.%s\n", string(&m, document, "tool.version", 40),
	          string(&m, document, "created", 40),
	          view_count(document, "calibration") ? " Modelled where not marked as measured."
	                                              : " Modelled, not measured.");
}
