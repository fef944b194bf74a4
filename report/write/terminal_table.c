/* The terminal view's table of limits, its coverage line, and the table of what a host holds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/document/coverage.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/now.h"
#include "report/write/script.h"
#include "report/write/terminal_parts.h"

/* How many rows the short table shows at least, if there are as many. */
enum {
	SHORT_TABLE_ROWS = 5
};

/* 5 for the mark and 10 for the remark make it 80. */
enum {
	NAME_COLUMNS = 24,
	NEED_COLUMNS = 11,
	HAVE_COLUMNS = 11,
	USE_COLUMNS = 8,
	SAFE_COLUMNS = 11
};

static const struct status_row {
	const char *mark, *ascii_mark;
	enum tone tone;
} statuses[] = {
		[STATUS_PASS] = {"✓", "+", TONE_GOOD},
		[STATUS_WARN] = {"!", "!", TONE_CARE},
		[STATUS_FAIL] = {"✗", "x", TONE_BAD},
		[STATUS_UNKNOWN] = {"?", "?", TONE_CARE},
		[STATUS_NOT_APPLICABLE] = {"·", "-", TONE_QUIET},
};

/* One word about the row, at most 8 columns. */
static const char *terminal_table_remark(const cJSON *resource)
{
	if (view_true(resource, "ignored"))
		return "ignored";
	if (view_true(resource, "waived"))
		return "waived";
	if (view_true(resource, "planning_fails"))
		return "constant";
	switch (document_status(resource)) {
	case STATUS_FAIL:
		return view_true(resource, "over") ? "over" : "reserve";
	case STATUS_WARN:
		return "advisory";
	case STATUS_UNKNOWN:
		return "unknown";
	case STATUS_NOT_APPLICABLE:
		return "n/a";
	case STATUS_PASS:
		break;
	}
	return view_object(resource, "calibrated") ? "measured" : "";
}

static bool always_shown(const cJSON *resource)
{
	enum status status = document_status(resource);
	if (status == STATUS_FAIL || status == STATUS_WARN || status == STATUS_UNKNOWN)
		return true;
	return view_true(resource, "ignored") || view_true(resource, "waived");
}

static int by_use(const void *a, const void *b)
{
	double x = view_number(*(const cJSON *const *)a, "utilization");
	double y = view_number(*(const cJSON *const *)b, "utilization");
	if (isnan(x))
		x = -1;
	if (isnan(y))
		y = -1;
	return (x < y) - (x > y);
}

struct rows {
	const cJSON **items;
	size_t count;
};

static void terminal_table_add_rows(const struct pen *pen,
		struct rows *rows,
		bool (*wanted)(const cJSON *),
		bool sorted)
{
	const cJSON *resource, *resources = view_array(pen->document, "resources");
	size_t begin = rows->count;
	cJSON_ArrayForEach(resource, resources) {
		if (wanted(resource))
			rows->items[rows->count++] = resource;
	}
	if (sorted)
		qsort(rows->items + begin, rows->count - begin, sizeof *rows->items, by_use);
}

static bool is_pass(const cJSON *resource)
{
	return document_status(resource) == STATUS_PASS && !always_shown(resource);
}

static bool is_idle(const cJSON *resource)
{
	return document_status(resource) == STATUS_NOT_APPLICABLE && !always_shown(resource);
}

/* Of a limit that is not known: what it allows at best. */
static const char *safe_at_most(const struct pen *pen, const char *figure, bool unlimited)
{
	if (unlimited || strcmp(figure, "–") == 0)
		return "–";
	return arena_printf(pen->arena, "≤ %s", figure);
}

static const char *safe_up_to(const struct pen *pen, const cJSON *resource)
{
	const struct load_point load = document_load(pen->arena, view_object(resource, "max_safe"));
	enum load_says says = load_says(&load);
	bool unlimited = says == LOAD_SAYS_UNLIMITED || isinf(view_number(resource, "max_safe_scale"));
	const char *figure = "unlimited";
	if (!unlimited && says == LOAD_SAYS_RATE)
		figure = view_figure_of(pen->arena, load.open_rate_per_s, UNIT_PER_S);
	else if (!unlimited)
		figure = view_figure_of(pen->arena, load.connections, UNIT_COUNT);
	if (load.at_most)
		return safe_at_most(pen, figure, unlimited);
	return figure;
}

/* "1,466 %"; from 10,000 % on the digits say nothing more. */
static const char *terminal_table_use_of(const struct pen *pen, const cJSON *resource)
{
	double use = view_number(resource, "utilization");
	if (use >= 100)
		return ">9999 %";
	return view_figure_of(pen->arena, use, UNIT_RATIO);
}

/* The limit, and the port of the listener that it is about. */
static const char *terminal_table_name(const struct pen *pen, const cJSON *resource)
{
	const char *title = pen_text(pen, resource, "title", 60);
	const char *scope = view_raw(resource, "scope");
	const char *port = strrchr(pen_text(pen, resource, "instance", 60), ':');
	if (!port || strcmp(scope, "listener") != 0)
		return title;
	return arena_printf(pen->arena, "%s %s", title, port);
}

static void terminal_table_add_row(const struct pen *pen, const cJSON *resource)
{
	const struct status_row *status = &statuses[document_status(resource)];
	enum unit unit = view_unit(resource, "quantity");
	text_add(pen->out, "  ");
	pen_tone(pen, status->tone);
	text_add(pen->out, pen->options->ascii ? status->ascii_mark : status->mark);
	pen_plain(pen);
	text_add(pen->out, "  ");
	columns_left(pen->out, terminal_table_name(pen, resource), NAME_COLUMNS);
	columns_right(pen->out,
			pen_fold(pen, view_figure(pen->arena, resource, "demand", unit)),
			NEED_COLUMNS);
	columns_right(pen->out,
			pen_fold(pen, view_figure(pen->arena, resource, "capacity", unit)),
			HAVE_COLUMNS);
	columns_right(pen->out, pen_fold(pen, terminal_table_use_of(pen, resource)), USE_COLUMNS);
	columns_right(pen->out, pen_fold(pen, safe_up_to(pen, resource)), SAFE_COLUMNS);
	if (*terminal_table_remark(resource))
		text_addf(pen->out, "  %s", terminal_table_remark(resource));
	text_add(pen->out, "\n");
}

/* Why a row has no numbers; under the row, so that it cannot be overlooked. */
static void add_reason(const struct pen *pen, const cJSON *resource)
{
	enum status status = document_status(resource);
	bool without_numbers = status == STATUS_UNKNOWN || status == STATUS_NOT_APPLICABLE;
	/* The notes say which files could not be read, and the way out. */
	if (status == STATUS_UNKNOWN && view_count(resource, "unread") && !pen->options->all)
		return;
	const char *reason = pen_text(pen, resource, "reason", 400);
	if (*reason && without_numbers)
		columns_wrap(pen->out, "     ", "     ", reason, PEN_WIDTH);
}

/* What each of several loads needs of it: only where everything is shown. */
static void add_parts(const struct pen *pen, const cJSON *resource)
{
	const char *parts = load_parts_text(pen->arena, resource);
	if (pen->options->all && *parts)
		columns_wrap(pen->out, "     ", "     ", parts, PEN_WIDTH);
}

/* What is in use of a limit that the plan does not need: only where everything is shown. */
static void add_now(const struct pen *pen, const cJSON *resource)
{
	bool idle = document_status(resource) == STATUS_NOT_APPLICABLE;
	const struct now_limit limit = now_limit_of(pen, resource);
	if (!pen->options->all || !idle || isnan(limit.now.used))
		return;
	columns_wrap(pen->out, "     ", "     ", now_sentence(pen->arena, &limit), PEN_WIDTH);
}

static void terminal_table_add_header(const struct pen *pen)
{
	pen_tone(pen, TONE_QUIET);
	text_add(pen->out, "     ");
	columns_left(pen->out, "limit", NAME_COLUMNS);
	columns_right(pen->out, "needed", NEED_COLUMNS);
	columns_right(pen->out, "available", HAVE_COLUMNS);
	columns_right(pen->out, "use", USE_COLUMNS);
	columns_right(pen->out, "safe up to", SAFE_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, "\n");
}

static void terminal_table_add_rest(const struct pen *pen, size_t passes, size_t idle)
{
	struct text line = {0};
	if (passes)
		text_addf(&line, "%zu more pass", passes);
	if (idle)
		text_addf(&line, "%s%zu %s not apply", passes ? ", " : "", idle, idle == 1 ? "does" : "do");
	if (passes || idle)
		text_addf(pen->out, "  %s  %s: --all\n", pen->options->ascii ? "." : "…", line.data);
	text_release(&line);
}

/* "13 of 16 limits judged; CPU about 3.4 of 2 cores (estimate); node conntrack not visible from
 * here; CPU and bandwidth not judged" */
static void add_coverage(const struct pen *pen)
{
	struct text line = {0};
	const cJSON *coverage = view_object(pen->document, "coverage"), *item;
	text_addf(&line,
			"%s of %s limits judged",
			view_figure(pen->arena, coverage, "judged", UNIT_COUNT),
			view_figure(pen->arena, coverage, "total", UNIT_COUNT));
	cJSON_ArrayForEach(item, view_array(coverage, "not_visible"))
		text_addf(&line, "; %s not visible from here", pen_text(pen, item, "", 80));
	coverage_add_estimates(pen->arena, coverage, &line);
	size_t left = view_count(coverage, "not_judged");
	bool first = true;
	cJSON_ArrayForEach(item, view_array(coverage, "not_judged")) {
		text_addf(&line,
				"%s%s",
				first               ? "; "
						: left == 1 ? " and "
									: ", ",
				pen_text(pen, item, "", 40));
		first = false;
		left--;
	}
	if (!first)
		text_add(&line, " not judged");
	pen_line(pen, line.data);
	text_release(&line);
}

static void planning_note(const struct pen *pen)
{
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(pen->document, "resources")) {
		if (!view_true(resource, "planning_fails"))
			continue;
		pen_line(pen,
				arena_printf(pen->arena,
						"constant: %s fails only by the planning constant; the kernel itself needs "
						"%s "
						"(--planning-constants off)",
						view_text(pen->arena, resource, "title", 60),
						view_figure(pen->arena,
								resource,
								"kernel_demand",
								view_unit(resource, "quantity"))));
	}
}

void terminal_table(const struct pen *pen)
{
	size_t total = view_count(pen->document, "resources");
	struct rows rows = {arena_alloc(pen->arena, (total + 1) * sizeof(const cJSON *)), 0};
	terminal_table_add_rows(pen, &rows, always_shown, true);
	size_t loud = rows.count;
	terminal_table_add_rows(pen, &rows, is_pass, true);
	size_t judged = rows.count;
	terminal_table_add_rows(pen, &rows, is_idle, false);
	size_t passes = judged - loud,
		   shown = loud >= SHORT_TABLE_ROWS ? loud + (passes > 0) : SHORT_TABLE_ROWS;
	if (shown > judged)
		shown = judged;
	if (pen->options->all)
		shown = rows.count;
	terminal_table_add_header(pen);
	for (size_t i = 0; i < shown; i++) {
		terminal_table_add_row(pen, rows.items[i]);
		add_parts(pen, rows.items[i]);
		add_reason(pen, rows.items[i]);
		add_now(pen, rows.items[i]);
	}
	if (!pen->options->all)
		terminal_table_add_rest(pen, judged - shown, rows.count - judged);
	add_coverage(pen);
	planning_note(pen);
	text_add(pen->out, "\n");
}

/* The limits that could not be judged, and how to let them be seen. */
static void hold_add_unknown(const struct pen *pen, const cJSON *hold)
{
	static const char label[] = "    not known     ";
	static const char blank[] = "                  ";
	static const char way[] = ": run headroom as root, or give what is missing with --set";
	const char *separator = "";
	struct text line = {0};
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(hold, "at_most.limits")) {
		text_add(&line, separator);
		text_add(&line, pen_text(pen, limit, "", 60));
		separator = ", ";
	}
	text_add(&line, way);
	columns_wrap(pen->out, label, blank, line.data, PEN_WIDTH);
	text_release(&line);
}

/* What is safe, or the most that could be. */
static const char *hold_safe(const struct pen *pen, const cJSON *hold)
{
	const char *safe = document_safe_text(pen->arena, hold);
	if (!*safe)
		return "unknown";
	return safe;
}

/* A row of a hold; none without a text. */
static void hold_add_row(const struct pen *pen, const char *label, const char *text)
{
	static const char rest[] = "                  ";
	if (*text)
		columns_wrap(pen->out, label, rest, text, PEN_WIDTH);
}

static void hold_add_commands(const struct pen *pen, const cJSON *hold)
{
	const struct script_place place = {
			.first = "      ",
			.rest = "      ",
			.width = script_width(pen->options),
	};
	const cJSON *command;
	const cJSON *commands = view_array(hold, "fix_commands");
	cJSON_ArrayForEach(command, commands) {
		const char *lines = view_raw(command, "");
		script_add_text(pen->arena, pen->out, lines, &place);
	}
	text_add(pen->out, "\n");
}

static void add_hold(const struct pen *pen, const cJSON *hold)
{
	bool unknown = view_count(hold, "at_most.limits") > 0;
	const char *safe = hold_safe(pen, hold);
	const char *after = document_load_text(pen->arena, view_object(hold, "after_fixes"));
	const char *binds = pen_text(pen, hold, "binds_title", 60);
	const char *title = pen_text(pen, hold, "title", 70);
	const char *description = pen_text(pen, hold, "description", 200);
	if (unknown || strcmp(after, safe) == 0)
		after = "";
	if (unknown)
		binds = "";
	pen_tone(pen, TONE_STRONG);
	columns_wrap(pen->out, "  ", "  ", title, PEN_WIDTH);
	pen_plain(pen);
	if (*description)
		columns_wrap(pen->out, "    ", "    ", description, PEN_WIDTH);
	hold_add_row(pen, "    safe up to    ", safe);
	if (unknown)
		hold_add_unknown(pen, hold);
	hold_add_row(pen, "    binds first   ", binds);
	hold_add_row(pen, "    after fixes   ", after);
	hold_add_commands(pen, hold);
}

static void add_presets(const struct pen *pen)
{
	struct text names = {0};
	for (const char *const *preset = pen->options->presets; preset && *preset; preset++)
		text_addf(&names, "%s%s", names.length ? "  " : "", *preset);
	pen_line(pen, "For a verdict, name the load test: a ready workload, its numbers, or a file.");
	text_add(pen->out,
			"    headroom audit ws-client --connections 15000\n"
			"    headroom audit --role server --connections 20k --lifetime 60s\n"
			"    headroom audit ./plan.json\n");
	if (names.length)
		pen_paragraph(pen, "ready:", 10, names.data);
	text_add(pen->out, "\n");
	text_release(&names);
}

void terminal_holds(const struct pen *pen)
{
	const cJSON *hold;
	cJSON_ArrayForEach(hold, view_array(pen->document, "holds"))
		add_hold(pen, hold);
	if (pen->options->presets)
		add_presets(pen);
}
