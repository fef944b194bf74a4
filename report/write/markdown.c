/* Markdown for a ticket or a pull request: verdict, table of limits, fixes, findings, assumptions.
 * Text of the host is escaped so that it can neither break the table nor bring in markup. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "report/document/badge.h"
#include "report/document/coverage.h"
#include "report/document/load.h"
#include "report/document/notes.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/foreign.h"
#include "report/write/markup.h"
#include "report/write/script.h"
#include "report/write/write.h"

/* A comment of GitHub holds 65,536 characters, of Jira 32,767: what is more is counted. */
enum {
	FIXES_MAX = 12,
	ITEMS_MAX = 20,
	HEADLINE_CHARS = 600
};

struct markdown {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

static const char *escaped(const struct markdown *m, const char *text)
{
	struct text out = {0};
	markup_add_markdown(&out, text);
	return text_take(m->arena, &out);
}

static const char *string(const struct markdown *m,
		const cJSON *node,
		const char *path,
		size_t max_chars)
{
	return escaped(m, view_text(m->arena, node, path, max_chars));
}

static void code_block(const struct markdown *m, const char *language, const char *code)
{
	markup_add_code(m->arena, m->out, language, code);
}

/* The shapes that the charts draw: a color alone, or an emoji that a tracker replaces, would say
 * less. */
static const char *const marks[] = {
		[STATUS_PASS] = "✓",
		[STATUS_FAIL] = "✗",
		[STATUS_WARN] = "△",
		[STATUS_UNKNOWN] = "◇",
		[STATUS_NOT_APPLICABLE] = "–",
};

static const char *const verdict_marks[] = {
		[VERDICT_PASS] = "✓ ",
		[VERDICT_FAIL] = "✗ ",
		[VERDICT_UNKNOWN] = "◇ ",
		[VERDICT_NONE] = "",
};

static const char *markdown_load(const struct markdown *m, const cJSON *node, const char *path)
{
	return document_load_text(m->arena, view_object(node, path));
}

static void markdown_add_item(const struct markdown *m, const char *label, const char *text)
{
	if (*text)
		text_addf(m->out, "* %s: %s\n", label, text);
}

static const char *markdown_share(const struct markdown *m, double scale)
{
	if (!isfinite(scale))
		return "";
	return arena_printf(m->arena, " (%s of the plan)", view_figure_of(m->arena, scale, UNIT_RATIO));
}

static void markdown_add_safe(const struct markdown *m)
{
	const char *safe = document_safe_text(m->arena, m->document);
	const struct load_point point = document_safe(m->arena, m->document);
	if (!*safe)
		return;
	text_addf(m->out, "* Highest safe: %s%s\n", safe, markdown_share(m, point.scale));
}

/* A host without limits does not break: there is no such line then. */
static void markdown_add_breaks(const struct markdown *m)
{
	const cJSON *breaks = view_object(m->document, "breaks");
	const struct load_point at = document_load(m->arena, breaks);
	double at_s = view_number(breaks, "at_s");
	enum load_says says = load_says(&at);
	if (says == LOAD_SAYS_NOTHING)
		return;
	if (says == LOAD_SAYS_UNLIMITED)
		return;
	text_addf(m->out,
			"* Breaks at: %s%s",
			load_text(m->arena, &at, ", "),
			markdown_share(m, at.scale));
	if (isfinite(at_s))
		text_addf(m->out, ", %s after the start", view_figure_of(m->arena, at_s, UNIT_SECONDS));
	text_add(m->out, "\n");
}

static const char *binds_of(const struct markdown *m)
{
	const cJSON *resource = view_resource(m->document, view_raw(m->document, "binding.resource"));
	enum unit unit = view_unit(resource, "quantity");
	if (!view_object(m->document, "binding"))
		return "";
	return arena_printf(m->arena,
			"%s, %s needed, %s available (%s)",
			string(m, m->document, "binding.title", 80),
			view_figure(m->arena, resource, "demand", unit),
			view_figure(m->arena, resource, "capacity", unit),
			view_figure(m->arena, resource, "utilization", UNIT_RATIO));
}

static const char *markdown_hosts_of(const struct markdown *m)
{
	const char *hosts = document_hosts_text(m->arena, m->document);
	double after = view_number(m->document, "hosts_needed.after_fixes");
	if (!*hosts)
		return "";
	if (isnan(after))
		return arena_printf(m->arena, "%s today", hosts);
	return arena_printf(m->arena,
			"%s today, %s after the fixes",
			hosts,
			view_figure_of(m->arena, after, UNIT_COUNT));
}

/* What to know before believing the numbers. */
static void markdown_add_notes(const struct markdown *m)
{
	const struct notes notes = document_notes(m->arena, m->document);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		markdown_add_item(m, note->label, escaped(m, note->text));
	}
}

/* Each of several loads. */
static void markdown_add_loads(const struct markdown *m)
{
	const cJSON *load;
	bool gated = view_object(m->document, "gate") != NULL;
	cJSON_ArrayForEach(load, view_array(m->document, "loads")) {
		const char *title = string(m, load, "title", 200);
		const char *safe = document_load_text(m->arena, view_object(load, "max_safe"));
		text_addf(m->out, "  * %s", title);
		if (gated)
			text_addf(m->out, " (%s)", load_in_gate(load));
		if (*safe)
			text_addf(m->out, "; safe: %s", safe);
		text_add(m->out, "\n");
	}
}

static void markdown_add_coverage(const struct markdown *m)
{
	const cJSON *coverage = view_object(m->document, "coverage"), *item;
	const char *between = "; ";
	text_addf(m->out,
			"* %s of %s limits judged",
			view_figure(m->arena, coverage, "judged", UNIT_COUNT),
			view_figure(m->arena, coverage, "total", UNIT_COUNT));
	coverage_add_estimates(m->arena, coverage, m->out);
	cJSON_ArrayForEach(item, view_array(coverage, "not_judged")) {
		text_addf(m->out, "%s%s", between, string(m, item, "", 40));
		between = " and ";
	}
	if (view_count(coverage, "not_judged"))
		text_add(m->out, " not judged");
	text_add(m->out, "\n");
}

static void markdown_add_head(const struct markdown *m)
{
	enum verdict verdict = document_verdict(m->document);
	text_addf(m->out,
			"## %sheadroom: %s\n\n**%s**\n\n",
			verdict_marks[badge_verdict(m->document)],
			badge_text(m->arena, m->document),
			string(m, m->document, "headline", HEADLINE_CHARS));
	text_addf(m->out,
			"* Host: %s, %s\n",
			string(m, m->document, "host.name", 80),
			string(m, m->document, "host.kernel", 80));
	markdown_add_item(m, "For", escaped(m, document_request_text(m->arena, m->document)));
	markdown_add_item(m, "Plan", string(m, m->document, "workload_title", 200));
	markdown_add_loads(m);
	markdown_add_item(m, "Binds first", binds_of(m));
	markdown_add_safe(m);
	markdown_add_breaks(m);
	markdown_add_item(m, "Hosts", markdown_hosts_of(m));
	markdown_add_notes(m);
	if (verdict != VERDICT_NONE)
		markdown_add_coverage(m);
	text_add(m->out, "\n");
}

static const char *markdown_note_of(const cJSON *resource)
{
	if (view_true(resource, "ignored"))
		return " (ignored)";
	if (view_true(resource, "waived"))
		return " (waived)";
	return "";
}

static const char *markdown_row_safe(const struct markdown *m, const cJSON *resource)
{
	const char *figure = view_figure(m->arena, resource, "max_safe.connections", UNIT_COUNT);
	if (!view_true(resource, "max_safe.at_most"))
		return figure;
	return arena_printf(m->arena, "at most %s", figure);
}

static void markdown_add_row(const struct markdown *m, const cJSON *resource)
{
	enum unit unit = view_unit(resource, "quantity");
	text_addf(m->out,
			"| %s %s%s | %s | %s | %s%s | %s | %s |\n",
			marks[document_status(resource)],
			string(m, resource, "status", 20),
			markdown_note_of(resource),
			string(m, resource, "title", 80),
			view_figure(m->arena, resource, "demand", unit),
			view_figure(m->arena, resource, "capacity", unit),
			view_object(resource, "calibrated") ? " (measured)" : "",
			view_figure(m->arena, resource, "utilization", UNIT_RATIO),
			markdown_row_safe(m, resource));
}

static void markdown_add_not_applicable(const struct markdown *m, const cJSON *resources)
{
	const cJSON *resource;
	const char *before = "Not applicable: ";
	const char *end = "";
	cJSON_ArrayForEach(resource, resources) {
		if (document_status(resource) != STATUS_NOT_APPLICABLE)
			continue;
		text_addf(m->out, "%s%s", before, string(m, resource, "title", 80));
		before = ", ";
		end = ".\n\n";
	}
	text_add(m->out, end);
}

/* What needs reading first; limits that do not apply in one line. */
static void markdown_add_table(const struct markdown *m)
{
	static const enum status order[] = {STATUS_FAIL, STATUS_UNKNOWN, STATUS_WARN, STATUS_PASS};
	const cJSON *resource, *resources = view_array(m->document, "resources");
	if (!view_count(m->document, "resources") || document_verdict(m->document) == VERDICT_NONE)
		return;
	text_add(m->out,
			"| status | limit | needed | available | use | safe up to "
			"|\n|---|---|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < COUNT_OF(order); i++)
		cJSON_ArrayForEach(resource, resources)
			if (document_status(resource) == order[i])
				markdown_add_row(m, resource);
	text_add(m->out, "\n");
	markdown_add_not_applicable(m, resources);
}

static const char *markdown_joined(const struct markdown *m, const cJSON *texts)
{
	struct text line = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, texts)
		text_addf(&line, "%s%s", line.length ? ", " : "", string(m, item, "", 80));
	return text_take(m->arena, &line);
}

/* Where limits could not be judged: the most that could be safe, and which limits those are. */
static void add_unknown_hold(const struct markdown *m, const cJSON *hold)
{
	text_addf(m->out,
			"| %s | at most %s | not known: %s | |\n",
			string(m, hold, "title", 80),
			markdown_load(m, hold, "at_most.max_safe"),
			markdown_joined(m, view_array(hold, "at_most.limits")));
}

static void add_hold(const struct markdown *m, const cJSON *hold)
{
	if (view_count(hold, "at_most.limits") > 0) {
		add_unknown_hold(m, hold);
		return;
	}
	text_addf(m->out,
			"| %s | %s | %s | %s |\n",
			string(m, hold, "title", 80),
			markdown_load(m, hold, "max_safe"),
			string(m, hold, "binds_title", 80),
			markdown_load(m, hold, "after_fixes"));
}

static void add_holds(const struct markdown *m)
{
	const cJSON *hold;
	if (!view_count(m->document, "holds"))
		return;
	text_add(m->out, "| as | safe up to | binds first | after the fixes |\n|---|---|---|---|\n");
	cJSON_ArrayForEach(hold, view_array(m->document, "holds"))
		add_hold(m, hold);
	text_add(m->out, "\n");
}

static void markdown_add_rest(const struct markdown *m, size_t count, size_t shown)
{
	if (count > shown)
		text_addf(m->out, "%zu more in the audit document.\n\n", count - shown);
}

/* "fail, 106 %: 30,000 of 28,232". */
static const char *moved_side(const struct markdown *m, const cJSON *limit, const char *side)
{
	enum unit unit = view_unit(limit, "quantity");
	const cJSON *at = view_object(limit, side);
	return arena_printf(m->arena,
			"%s, %s: %s of %s",
			string(m, at, "status", 20),
			view_figure(m->arena, at, "utilization", UNIT_RATIO),
			view_figure(m->arena, at, "demand", unit),
			view_figure(m->arena, at, "capacity", unit));
}

/* Values of the plan may be lists and objects. */
static const char *fact_side(const struct markdown *m, const cJSON *fact, const char *side)
{
	const cJSON *value = view_get(fact, side);
	if (cJSON_IsArray(value) || cJSON_IsObject(value)) {
		char *printed = cJSON_PrintUnformatted(value);
		const char *list = escaped(m,
				printed ? text_clean(m->arena, printed, strlen(printed), 80) : "");
		cJSON_free(printed);
		return list;
	}
	bool nothing = !value || cJSON_IsNull(value) || (cJSON_IsString(value) && !*value->valuestring);
	const char *text = nothing ? "nothing"
							   : view_value(m->arena, fact, side, view_unit(fact, "unit"));
	return escaped(m, text_clean(m->arena, text, strlen(text), 80));
}

static void add_moved(const struct markdown *m, const cJSON *drift)
{
	const cJSON *item;
	if (view_count(drift, "limits"))
		text_add(m->out, "| limit | was | is | because of |\n|---|---|---|---|\n");
	cJSON_ArrayForEach(item, view_array(drift, "limits"))
		text_addf(m->out,
				"| %s | %s | %s | %s |\n",
				string(m, item, "title", 80),
				moved_side(m, item, "from"),
				moved_side(m, item, "to"),
				markdown_joined(m, view_array(item, "because")));
	text_add(m->out, view_count(drift, "limits") ? "\n" : "");
}

/* The plan and the settings that changed; those that moved a limit stand first in the document. */
static void add_changed(const struct markdown *m, const cJSON *drift)
{
	const cJSON *item;
	size_t shown = 0, count = view_count(drift, "plan") + view_count(drift, "facts");
	cJSON_ArrayForEach(item, view_array(drift, "plan"))
		if (shown < ITEMS_MAX && ++shown)
			text_addf(m->out,
					"* Plan, %s: %s, was %s\n",
					string(m, item, "field", 60),
					fact_side(m, item, "to"),
					fact_side(m, item, "from"));
	cJSON_ArrayForEach(item, view_array(drift, "facts")) {
		const char *instance = string(m, item, "instance", 60);
		if (shown < ITEMS_MAX && ++shown)
			text_addf(m->out,
					"* %s%s%s: %s, was %s%s\n",
					string(m, item, "key", 80),
					*instance ? " " : "",
					instance,
					fact_side(m, item, "to"),
					fact_side(m, item, "from"),
					view_true(item, "moved") ? " (moved a limit)" : "");
	}
	text_add(m->out, shown ? "\n" : "");
	markdown_add_rest(m, count, shown);
}

static void markdown_add_drift(const struct markdown *m)
{
	const cJSON *drift = view_object(m->document, "drift");
	if (!drift)
		return;
	const char *host = string(m, drift, "from.host", 60),
			   *was = string(m, drift, "from.verdict", 20),
			   *is = string(m, drift, "to.verdict", 20);
	bool other = strcmp(host, string(m, drift, "to.host", 60)) != 0;
	text_addf(m->out,
			"### What changed since %s%s%s\n\n",
			string(m, drift, "from.created", 40),
			other ? " on another host, " : "",
			other ? host : "");
	if (view_true(drift, "same"))
		text_add(m->out, "Nothing that matters.\n\n");
	else
		text_addf(m->out,
				"Verdict: %s, %s%s. Safe up to: %s, was %s.%s\n\n",
				is,
				strcmp(is, was) ? "was " : "as before",
				strcmp(is, was) ? was : "",
				document_safe_text(m->arena, view_object(drift, "to")),
				document_safe_text(m->arena, view_object(drift, "from")),
				view_true(drift, "rules_changed") ? " The rules have changed since." : "");
	add_moved(m, drift);
	add_changed(m, drift);
}

/* One line of plain text, one of code that may be pasted. */
static void add_detail(const struct markdown *m,
		const cJSON *fix,
		const char *label,
		const char *member)
{
	const char *text = string(m, fix, member, 300);
	if (*text)
		text_addf(m->out, "%s: %s\n\n", label, text);
}

/* A path as code, from which it can be copied; where there is none, the kind. */
static const char *place_of(const struct markdown *m, const cJSON *file, const char *kind)
{
	const char *path = view_text(m->arena, file, "path", 0);
	if (!*path)
		return kind;
	if (strchr(path, '`'))
		return escaped(m, path);
	return arena_printf(m->arena, "`%s`", path);
}

/* Lines of files, and of manifests: never broken. */
static void markdown_add_files(const struct markdown *m, const cJSON *fix)
{
	const cJSON *file;
	cJSON_ArrayForEach(file, view_array(fix, "files")) {
		struct text lines = {0};
		const char *kind = string(m, file, "kind", 40);
		if (!strcmp(kind, "workload"))
			continue;
		text_addf(m->out, "To keep it (%s):\n\n", place_of(m, file, kind));
		script_add_file(m->arena, &lines, file, "");
		code_block(m, "", text_string(&lines));
		text_release(&lines);
	}
}

/* What may be pasted stands in a block. false: there is nothing of the kind. */
static bool markdown_add_script(const struct markdown *m, const cJSON *fix, const char *name)
{
	static const struct script_place place = {
			.first = "",
			.rest = "",
			.width = SIZE_MAX,
	};
	struct text lines = {0};
	bool any = script_add(m->arena, &lines, fix, name, &place);
	if (any)
		code_block(m, "sh", text_string(&lines));
	text_release(&lines);
	return any;
}

/* What is to be done in words stands in none. */
static void markdown_add_commands(const struct markdown *m, const cJSON *fix)
{
	const char *say = string(m, fix, "say", 400);
	if (!markdown_add_script(m, fix, "commands") && !*say)
		say = string(m, fix, "command", 400);
	if (*say)
		text_addf(m->out, "%s\n\n", say);
}

static void add_undo(const struct markdown *m, const cJSON *fix)
{
	if (view_count(fix, "undo_commands") == 0) {
		add_detail(m, fix, "Undo", "undo_say");
		return;
	}
	text_add(m->out, "Undo:\n\n");
	(void)markdown_add_script(m, fix, "undo_commands");
	add_detail(m, fix, "Then", "undo_say");
}

static void markdown_add_title(const struct markdown *m, const cJSON *fix, const char *label)
{
	const char *after = markdown_load(m, fix, "gain.after");
	text_addf(m->out, "**%s %s**", label, string(m, fix, "title", 200));
	if (view_true(fix, "changes_test"))
		text_add(m->out, " (changes the test)");
	if (*after)
		text_addf(m->out, ": safe up to %s", after);
	if (*after && view_true(fix, "gain.fits"))
		text_add(m->out, "; the plan fits");
	text_add(m->out, "\n\n");
}

static void markdown_add_fix(const struct markdown *m, const cJSON *fix, const char *label)
{
	markdown_add_title(m, fix, label);
	if (!view_true(fix, "changes_test"))
		add_detail(m, fix, "Held by", "held_by.text");
	markdown_add_commands(m, fix);
	markdown_add_files(m, fix);
	add_detail(m, fix, "Restart", "restart");
	add_undo(m, fix);
	add_detail(m, fix, "Note", "note");
	add_detail(m, fix, "Risk", "risk");
}

static const char *fix_label(const struct markdown *m, const cJSON *fix, size_t number)
{
	if (view_true(fix, "advisory"))
		return "Against a warning:";
	if (!view_true(fix, "in_ladder"))
		return "Or:";
	return arena_printf(m->arena, "%zu.", number);
}

/* What fails, and no change is enough for. */
static void markdown_add_unhelped(const struct markdown *m)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(m->document, "resources")) {
		const char *why = string(m, limit, "no_change", 400);
		if (*why)
			text_addf(m->out, "**%s**: %s\n\n", string(m, limit, "title", 60), why);
	}
}

static void markdown_add_fixes(const struct markdown *m)
{
	const cJSON *fix;
	size_t count = view_count(m->document, "fixes"), number = 0;
	markdown_add_unhelped(m);
	if (!count)
		return;
	text_add(m->out, "### Fixes\n\n");
	cJSON_ArrayForEach(fix, view_array(m->document, "fixes")) {
		if (number == FIXES_MAX)
			break;
		number++;
		markdown_add_fix(m, fix, fix_label(m, fix, number));
	}
	markdown_add_rest(m, count, number);
}

static void markdown_add_list(const struct markdown *m,
		const char *title,
		const char *array,
		const char *label,
		const char *text)
{
	const cJSON *item;
	if (!view_count(m->document, array))
		return;
	text_addf(m->out, "### %s\n\n", title);
	size_t shown = 0;
	cJSON_ArrayForEach(item, view_array(m->document, array)) {
		if (shown == ITEMS_MAX)
			break;
		shown++;
		bool plain = !view_object(item, "");
		text_addf(m->out,
				"* %s%s%s\n",
				plain ? string(m, item, "", 80) : string(m, item, label, 80),
				plain ? "" : ": ",
				plain ? "" : string(m, item, text, 0));
	}
	text_add(m->out, "\n");
	markdown_add_rest(m, view_count(m->document, array), shown);
}

static void markdown_add_foreign(const struct markdown *m)
{
	const cJSON *item;
	if (!view_count(m->document, "foreign"))
		return;
	text_add(m->out, "### Not built in\n\n");
	cJSON_ArrayForEach(item, view_array(m->document, "foreign"))
		text_addf(m->out, "* %s\n", escaped(m, foreign_line(m->arena, item)));
	text_add(m->out, "\n");
}

static const char *measured_figure(const struct markdown *m, const cJSON *row, const char *name)
{
	bool bytes = !strcmp(view_raw(row, "unit"), "bytes");
	return isnan(view_number(row, name))
			? "–"
			: view_figure(m->arena, row, name, bytes ? UNIT_BYTES : UNIT_COUNT);
}

static void markdown_add_calibration(const struct markdown *m)
{
	const cJSON *row;
	if (!view_count(m->document, "calibration"))
		return;
	text_add(m->out,
			"### Measured on this kernel\n\n| calibrator | predicted | measured | difference | "
			"stopped by | "
			"comparable |\n|---|--:|--:|--:|---|---|\n");
	cJSON_ArrayForEach(row, view_array(m->document, "calibration")) {
		const char *reason = string(m, row, "reason", 300);
		bool least = !strcmp(view_raw(row, "prediction"), "at-least");
		text_addf(m->out,
				"| %s | %s%s | %s | %s | %s | %s%s%s |\n",
				string(m, row, "id", 40),
				least ? "at least " : "",
				measured_figure(m, row, "predicted"),
				measured_figure(m, row, "measured"),
				measured_figure(m, row, "difference"),
				string(m, row, "stopped_by", 40),
				view_true(row, "comparable") ? "yes" : "no",
				*reason ? ": " : "",
				reason);
	}
	text_add(m->out, "\n");
}

static void markdown_add_milestones(const struct markdown *m)
{
	const cJSON *row, *item;
	cJSON_ArrayForEach(row, view_array(m->document, "calibration")) {
		if (!view_count(row, "milestones"))
			continue;
		text_addf(m->out,
				"| %s: connections | open after | per second |\n|--:|--:|--:|\n",
				string(m, row, "id", 40));
		cJSON_ArrayForEach(item, view_array(row, "milestones")) {
			bool reached = !isnan(view_number(item, "reached_s"));
			text_addf(m->out,
					"| %s | %s | %s |\n",
					view_figure(m->arena, item, "connections", UNIT_COUNT),
					reached ? view_figure(m->arena, item, "reached_s", UNIT_SECONDS)
							: "not reached",
					reached ? view_figure(m->arena, item, "rate_per_s", UNIT_PER_S) : "–");
		}
		text_add(m->out, "\n");
	}
}

static void markdown_add_assumptions(const struct markdown *m)
{
	const cJSON *item;
	if (!view_count(m->document, "assumptions"))
		return;
	text_add(m->out, "### Assumed\n\n");
	cJSON_ArrayForEach(item, view_array(m->document, "assumptions")) {
		const char *load = string(m, item, "load", 80);
		text_addf(m->out,
				"* %s%s%s = %s (%s)\n",
				load,
				*load ? ": " : "",
				string(m, item, "field", 80),
				escaped(m, view_value(m->arena, item, "value", UNIT_COUNT)),
				string(m, item, "source", 200));
	}
	text_add(m->out, "\n");
}

/* Of rare looks a peak is at least what they showed. */
static const char *markdown_seen(const struct markdown *m, const cJSON *row)
{
	const char *seen = view_figure(m->arena, row, "seen", UNIT_COUNT);
	if (!view_true(row, "at_least"))
		return seen;
	return arena_printf(m->arena,
			"at least %s (seen every %s)",
			seen,
			view_figure(m->arena, m->document, "gate.observed.every_s", UNIT_SECONDS));
}

static void markdown_add_gate(const struct markdown *m)
{
	const cJSON *row, *gate = view_object(m->document, "gate");
	if (!gate)
		return;
	text_add(m->out, "### The run\n\n");
	if (!view_true(gate, "ran"))
		text_addf(m->out, "Not run: %s.\n\n", string(m, gate, "reason", 200));
	else
		text_addf(m->out,
				"It ended after %s with status %s (%s).\n\n",
				view_figure(m->arena, gate, "run_s", UNIT_SECONDS),
				view_figure(m->arena, gate, "child_status", UNIT_COUNT),
				string(m, gate, "reason", 200));
	const char *result = string(m, gate, "result.text", 400);
	if (*result)
		text_addf(m->out, "%s\n\n", result);
	if (!view_count(gate, "observed.compared"))
		return;
	text_add(m->out, "| at its peak | predicted | seen |\n|---|--:|--:|\n");
	cJSON_ArrayForEach(row, view_array(gate, "observed.compared"))
		text_addf(m->out,
				"| %s | %s | %s |\n",
				string(m, row, "title", 80),
				view_figure(m->arena, row, "predicted", UNIT_COUNT),
				markdown_seen(m, row));
	text_add(m->out, "\n");
}

static const char *markdown_basis(const cJSON *document)
{
	bool measured = view_count(document, "calibration") > 0;
	if (view_true(document, "gate.ran"))
		return "The run was measured; limits and fixes are modelled.";
	if (measured)
		return "Modelled where not marked as measured.";
	return "Modelled, not measured.";
}

void write_markdown(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct markdown m = {document, options->arena, out};
	markdown_add_head(&m);
	markdown_add_gate(&m);
	markdown_add_table(&m);
	add_holds(&m);
	markdown_add_drift(&m);
	markdown_add_fixes(&m);
	markdown_add_calibration(&m);
	markdown_add_milestones(&m);
	markdown_add_list(&m, "Findings", "findings", "severity", "text");
	markdown_add_list(&m, "Hit since boot", "hit_since_boot", "counter", "meaning");
	markdown_add_foreign(&m);
	markdown_add_assumptions(&m);
	text_addf(out,
			"headroom %s, %s. %s\n",
			string(&m, document, "tool.version", 40),
			string(&m, document, "created", 40),
			markdown_basis(document));
}
