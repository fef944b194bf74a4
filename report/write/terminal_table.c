/* The terminal view's table of limits, its coverage line, and the table of what a host holds. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "report/write/columns.h"
#include "report/write/terminal.h"

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

static void terminal_table_add_rows(const struct terminal *t,
		struct rows *rows,
		bool (*wanted)(const cJSON *),
		bool sorted)
{
	const cJSON *resource, *resources = view_array(t->document, "resources");
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

static const char *safe_up_to(const struct terminal *t, const cJSON *resource)
{
	const struct load_point load = document_load(view_object(resource, "max_safe"));
	enum load_says says = load_says(&load);
	if (says == LOAD_SAYS_UNLIMITED || isinf(view_number(resource, "max_safe_scale")))
		return "unlimited";
	if (says == LOAD_SAYS_RATE)
		return view_figure_of(t->arena, load.open_rate_per_s, UNIT_PER_S);
	return view_figure_of(t->arena, load.connections, UNIT_COUNT);
}

/* "1,466 %"; from 10,000 % on the digits say nothing more. */
static const char *terminal_table_use_of(const struct terminal *t, const cJSON *resource)
{
	double use = view_number(resource, "utilization");
	if (use >= 100)
		return ">9999 %";
	return view_figure_of(t->arena, use, UNIT_RATIO);
}

static void terminal_table_add_row(const struct terminal *t, const cJSON *resource)
{
	const struct status_row *status = &statuses[document_status(resource)];
	enum unit unit = view_unit(resource, "quantity");
	text_add(t->out, "  ");
	terminal_tone(t, status->tone);
	text_add(t->out, t->options->ascii ? status->ascii_mark : status->mark);
	terminal_plain(t);
	text_add(t->out, "  ");
	columns_left(t->out, terminal_text(t, resource, "title", 60), NAME_COLUMNS);
	columns_right(t->out,
			terminal_fold(t, view_figure(t->arena, resource, "demand", unit)),
			NEED_COLUMNS);
	columns_right(t->out,
			terminal_fold(t, view_figure(t->arena, resource, "capacity", unit)),
			HAVE_COLUMNS);
	columns_right(t->out, terminal_fold(t, terminal_table_use_of(t, resource)), USE_COLUMNS);
	columns_right(t->out, terminal_fold(t, safe_up_to(t, resource)), SAFE_COLUMNS);
	if (*terminal_table_remark(resource))
		text_addf(t->out, "  %s", terminal_table_remark(resource));
	text_add(t->out, "\n");
}

/* Why a row has no numbers; under the row, so that it cannot be overlooked. */
static void add_reason(const struct terminal *t, const cJSON *resource)
{
	enum status status = document_status(resource);
	bool without_numbers = status == STATUS_UNKNOWN || status == STATUS_NOT_APPLICABLE;
	const char *reason = terminal_text(t, resource, "reason", 400);
	if (*reason && without_numbers)
		columns_wrap(t->out, "     ", "     ", reason, TERMINAL_WIDTH);
}

static void terminal_table_add_header(const struct terminal *t)
{
	terminal_tone(t, TONE_QUIET);
	text_add(t->out, "     ");
	columns_left(t->out, "limit", NAME_COLUMNS);
	columns_right(t->out, "needed", NEED_COLUMNS);
	columns_right(t->out, "available", HAVE_COLUMNS);
	columns_right(t->out, "use", USE_COLUMNS);
	columns_right(t->out, "safe up to", SAFE_COLUMNS);
	terminal_plain(t);
	text_add(t->out, "\n");
}

static void terminal_table_add_rest(const struct terminal *t, size_t passes, size_t idle)
{
	struct text line = {0};
	if (passes)
		text_addf(&line, "%zu more pass", passes);
	if (idle)
		text_addf(&line, "%s%zu %s not apply", passes ? ", " : "", idle, idle == 1 ? "does" : "do");
	if (passes || idle)
		text_addf(t->out, "  %s  %s: --all\n", t->options->ascii ? "." : "…", line.data);
	text_release(&line);
}

/* "13 of 16 limits judged; node conntrack not visible from here; CPU and bandwidth not judged" */
static void add_coverage(const struct terminal *t)
{
	struct text line = {0};
	const cJSON *coverage = view_object(t->document, "coverage"), *item;
	text_addf(&line,
			"%s of %s limits judged",
			view_figure(t->arena, coverage, "judged", UNIT_COUNT),
			view_figure(t->arena, coverage, "total", UNIT_COUNT));
	cJSON_ArrayForEach(item, view_array(coverage, "not_visible"))
		text_addf(&line, "; %s not visible from here", terminal_text(t, item, "", 80));
	size_t left = view_count(coverage, "not_judged");
	bool first = true;
	cJSON_ArrayForEach(item, view_array(coverage, "not_judged")) {
		text_addf(&line,
				"%s%s",
				first               ? "; "
						: left == 1 ? " and "
									: ", ",
				terminal_text(t, item, "", 40));
		first = false;
		left--;
	}
	if (!first)
		text_add(&line, " not judged");
	terminal_line(t, line.data);
	text_release(&line);
}

static void planning_note(const struct terminal *t)
{
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(t->document, "resources")) {
		if (!view_true(resource, "planning_fails"))
			continue;
		terminal_line(t,
				arena_printf(t->arena,
						"constant: %s fails only by the planning constant; the kernel itself needs "
						"%s "
						"(--planning-constants off)",
						view_text(t->arena, resource, "title", 60),
						view_figure(t->arena,
								resource,
								"kernel_demand",
								view_unit(resource, "quantity"))));
	}
}

void terminal_table(const struct terminal *t)
{
	size_t total = view_count(t->document, "resources");
	struct rows rows = {arena_alloc(t->arena, (total + 1) * sizeof(const cJSON *)), 0};
	terminal_table_add_rows(t, &rows, always_shown, true);
	size_t loud = rows.count;
	terminal_table_add_rows(t, &rows, is_pass, true);
	size_t judged = rows.count;
	terminal_table_add_rows(t, &rows, is_idle, false);
	size_t passes = judged - loud,
		   shown = loud >= SHORT_TABLE_ROWS ? loud + (passes > 0) : SHORT_TABLE_ROWS;
	if (shown > judged)
		shown = judged;
	if (t->options->all)
		shown = rows.count;
	terminal_table_add_header(t);
	for (size_t i = 0; i < shown; i++) {
		terminal_table_add_row(t, rows.items[i]);
		add_reason(t, rows.items[i]);
	}
	if (!t->options->all)
		terminal_table_add_rest(t, judged - shown, rows.count - judged);
	add_coverage(t);
	planning_note(t);
	text_add(t->out, "\n");
}

static void add_hold(const struct terminal *t, const cJSON *hold)
{
	const char *safe = document_load_text(t->arena, view_object(hold, "max_safe"));
	const char *after = document_load_text(t->arena, view_object(hold, "after_fixes"));
	const char *binds = terminal_text(t, hold, "binds_title", 60);
	if (!*safe)
		safe = "unknown";
	terminal_tone(t, TONE_STRONG);
	columns_wrap(t->out, "  ", "  ", terminal_text(t, hold, "title", 70), TERMINAL_WIDTH);
	terminal_plain(t);
	if (*view_raw(hold, "description"))
		columns_wrap(t->out,
				"    ",
				"    ",
				terminal_text(t, hold, "description", 200),
				TERMINAL_WIDTH);
	columns_wrap(t->out, "    safe up to    ", "                  ", safe, TERMINAL_WIDTH);
	if (*binds)
		columns_wrap(t->out, "    binds first   ", "                  ", binds, TERMINAL_WIDTH);
	if (*after && strcmp(after, safe) != 0)
		columns_wrap(t->out, "    after fixes   ", "                  ", after, TERMINAL_WIDTH);
	const cJSON *command;
	cJSON_ArrayForEach(command, view_array(hold, "fix_commands"))
		columns_wrap_shell(t->out,
				"      ",
				"        ",
				terminal_text(t, command, "", 300),
				TERMINAL_WIDTH);
	text_add(t->out, "\n");
}

static void add_presets(const struct terminal *t)
{
	struct text names = {0};
	for (const char *const *preset = t->options->presets; preset && *preset; preset++)
		text_addf(&names, "%s%s", names.length ? "  " : "", *preset);
	terminal_line(t,
			"For a verdict, name the load test: a ready workload, its numbers, or a file.");
	text_add(t->out,
			"    headroom audit ws-client --connections 15000\n"
			"    headroom audit --role server --connections 20k --lifetime 60s\n"
			"    headroom audit ./plan.json\n");
	if (names.length)
		terminal_paragraph(t, "ready:", 10, names.data);
	text_add(t->out, "\n");
	text_release(&names);
}

void terminal_holds(const struct terminal *t)
{
	const cJSON *hold;
	cJSON_ArrayForEach(hold, view_array(t->document, "holds"))
		add_hold(t, hold);
	if (t->options->presets)
		add_presets(t);
}
