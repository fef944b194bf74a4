/* The terminal view's table of limits, and its coverage line. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "report/document/coverage.h"
#include "report/document/load.h"
#include "report/document/question.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/now.h"
#include "report/write/terminal_parts.h"

enum {
	CERTAIN_ROWS = 2, /* of what fails, that are always there */
	FAILING_ROWS = 3, /* that are there if there is any room */
	USUAL_ROWS = 5,   /* of a short table, if there are as many */
	REASON_LINES = 1,
	COVERAGE_LINES = 2
};

/* On a narrow screen a row has neither the last column nor room for a remark. */
enum {
	MARK_COLUMNS = 5,
	NAME_COLUMNS = 22,
	NAME_COLUMNS_MOST = 40,
	FIGURE_COLUMNS = 11,
	USE_COLUMNS = 8,
	REMARK_COLUMNS = 12,
	NARROW_COLUMNS = 80
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

static bool table_is_narrow(const struct pen *pen)
{
	return pen_width(pen) < NARROW_COLUMNS;
}

static size_t table_name_columns(const struct pen *pen)
{
	size_t taken = MARK_COLUMNS + 2 * FIGURE_COLUMNS + USE_COLUMNS;
	size_t width = pen_width(pen);
	if (!table_is_narrow(pen))
		taken += FIGURE_COLUMNS + REMARK_COLUMNS;
	if (width < taken + NAME_COLUMNS)
		return NAME_COLUMNS;
	if (width > taken + NAME_COLUMNS_MOST)
		return NAME_COLUMNS_MOST;
	return width - taken;
}

static bool table_has_fact(const cJSON *resource, const char *key)
{
	const cJSON *fact;
	const cJSON *facts = view_array(resource, "facts");
	cJSON_ArrayForEach(fact, facts) {
		const char *name = view_raw(fact, "");
		if (strcmp(name, key) == 0)
			return true;
	}
	return false;
}

static const char *table_remark_of_pass(const cJSON *resource)
{
	const char *id = view_raw(resource, "id");
	bool queue = strcmp(id, "accept-queue") == 0;
	if (view_object(resource, "calibrated"))
		return "measured";
	/* The runtime raises its soft limit to it. */
	if (table_has_fact(resource, "process.fds_below_hard"))
		return "hard limit";
	if (!queue)
		return "";
	/* A server empties its queue all the time. */
	if (view_number(resource, "demand") == 0)
		return "no burst";
	return "";
}

/* A word or two about the row, at most 10 columns. */
static const char *terminal_table_remark(const cJSON *resource)
{
	if (view_true(resource, "ignored"))
		return "ignored";
	if (view_true(resource, "waived"))
		return "waived";
	if (view_true(resource, "planning_fails"))
		return "by rule";
	switch (document_status(resource)) {
	case STATUS_FAIL:
		return view_true(resource, "over") ? "" : "in reserve";
	case STATUS_WARN:
		return "only warns";
	case STATUS_UNKNOWN:
		return "not known";
	case STATUS_NOT_APPLICABLE:
		if (document_is_unsaid(resource))
			return "not stated";
		return "n/a";
	case STATUS_PASS:
		break;
	}
	return table_remark_of_pass(resource);
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

/* "106%", "15×" */
static const char *terminal_table_use_of(const struct pen *pen, const cJSON *resource)
{
	double use = view_number(resource, "utilization");
	if (use >= 99999)
		return ">99999×";
	return view_figure_of(pen->arena, use, UNIT_RATIO);
}

/* The limit, and the port of the listener that it is about. */
static const char *terminal_table_name(const struct pen *pen, const cJSON *resource)
{
	const char *title = pen_text(pen, resource, "title", 60);
	const char *scope = view_raw(resource, "scope");
	const char *port = strrchr(pen_text(pen, resource, "instance", 60), ':');
	const char *remark = terminal_table_remark(resource);
	if (document_is_kernel_part(pen->document, resource))
		title = arena_printf(pen->arena, "%s (kernel only)", title);
	if (strcmp(view_raw(resource, "unit"), "pages") == 0)
		title = arena_printf(pen->arena, "%s (pages)", title);
	if (port && strcmp(scope, "listener") == 0)
		title = arena_printf(pen->arena, "%s %s", title, port);
	if (*remark && table_is_narrow(pen))
		title = arena_printf(pen->arena, "%s (%s)", title, remark);
	return title;
}

static void table_add_figure(const struct pen *pen, const char *figure, size_t columns)
{
	columns_right(pen->out, pen_fold(pen, figure), columns);
}

static void terminal_table_add_row(const struct pen *pen, const cJSON *resource)
{
	const struct status_row *status = &statuses[document_status(resource)];
	enum unit unit = view_unit(resource, "quantity");
	const char *remark = terminal_table_remark(resource);
	text_add(pen->out, "  ");
	pen_tone(pen, status->tone);
	text_add(pen->out, pen->options->ascii ? status->ascii_mark : status->mark);
	pen_plain(pen);
	text_add(pen->out, "  ");
	columns_left(pen->out, terminal_table_name(pen, resource), table_name_columns(pen));
	table_add_figure(pen, view_needed(pen->arena, resource), FIGURE_COLUMNS);
	table_add_figure(pen, view_figure(pen->arena, resource, "capacity", unit), FIGURE_COLUMNS);
	table_add_figure(pen, terminal_table_use_of(pen, resource), USE_COLUMNS);
	if (!table_is_narrow(pen)) {
		table_add_figure(pen, safe_up_to(pen, resource), FIGURE_COLUMNS);
		if (*remark)
			text_addf(pen->out, "  %s", remark);
	}
	text_add(pen->out, "\n");
}

static void table_add_line(const struct pen *pen, const char *text)
{
	pen_wrap(pen, "     ", "     ", text);
}

/* Why a row has no numbers; under the row, so that it cannot be overlooked. */
static const char *table_reason(const struct pen *pen, const cJSON *resource)
{
	enum status status = document_status(resource);
	bool without_numbers = status == STATUS_UNKNOWN || status == STATUS_NOT_APPLICABLE;
	/* What could not be read has lines of its own, with the way out. */
	bool unread = status == STATUS_UNKNOWN && view_count(resource, "unread");
	if (!without_numbers || (unread && !pen->options->all))
		return "";
	return pen_text(pen, resource, "reason", 400);
}

/* What is in use of a limit that the plan does not need: only where everything is shown. */
static void add_now(const struct pen *pen, const cJSON *resource)
{
	bool idle = document_status(resource) == STATUS_NOT_APPLICABLE;
	const struct now_limit limit = now_limit_of(pen, resource);
	if (!pen->options->all || !idle || isnan(limit.now.used))
		return;
	const char *sentence = now_sentence(pen->arena, &limit);
	if (strcmp(view_raw(resource, "id"), "accept-queue") == 0)
		sentence = arena_printf(pen->arena, "%s (the backlog and 1 more)", sentence);
	table_add_line(pen, sentence);
}

static void terminal_table_add_header(const struct pen *pen)
{
	pen_tone(pen, TONE_QUIET);
	text_add(pen->out, "     ");
	columns_left(pen->out, "limit", table_name_columns(pen));
	columns_right(pen->out, "needs", FIGURE_COLUMNS);
	columns_right(pen->out, "allows", FIGURE_COLUMNS);
	columns_right(pen->out, "use", USE_COLUMNS);
	if (!table_is_narrow(pen))
		columns_right(pen->out, "safe up to", FIGURE_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, "\n");
}

/* What decides comes first, then what is excused or advisory, then what passes. */
static const struct table_kind {
	enum status status;
	bool excused;
	enum sheet_noun noun;
	enum rank first, later;
} kinds[] = {
		{STATUS_FAIL, false, NOUN_FAILING, RANK_MUST, RANK_ROW},
		{STATUS_UNKNOWN, false, NOUN_UNKNOWN, RANK_MUST, RANK_ROW},
		{STATUS_FAIL, true, NOUN_FAILING, RANK_ANSWER, RANK_ROW},
		{STATUS_UNKNOWN, true, NOUN_UNKNOWN, RANK_ANSWER, RANK_ROW},
		{STATUS_WARN, false, NOUN_WARNING, RANK_WARNING, RANK_ROW},
		{STATUS_WARN, true, NOUN_WARNING, RANK_WARNING, RANK_ROW},
		{STATUS_PASS, false, NOUN_PASSING, RANK_OTHER, RANK_NEVER},
		{STATUS_PASS, true, NOUN_PASSING, RANK_ROW, RANK_ROW},
		{STATUS_NOT_APPLICABLE, false, NOUN_IDLE, RANK_NEVER, RANK_NEVER},
		{STATUS_NOT_APPLICABLE, true, NOUN_IDLE, RANK_ROW, RANK_ROW},
};

struct table {
	struct sheet *sheet;
	const cJSON **rows;
	size_t shown;
};

static size_t table_rows_of(const struct pen *pen,
		const struct table_kind *kind,
		const cJSON **rows)
{
	const cJSON *resource;
	size_t count = 0;
	cJSON_ArrayForEach(resource, view_array(pen->document, "resources")) {
		bool excused = view_true(resource, "ignored") || view_true(resource, "waived");
		if (document_status(resource) == kind->status && excused == kind->excused)
			rows[count++] = resource;
	}
	if (kind->status != STATUS_NOT_APPLICABLE)
		qsort(rows, count, sizeof *rows, by_use);
	return count;
}

static enum rank table_rank(const struct table *table, const struct table_kind *kind, size_t index)
{
	bool bad = kind->status == STATUS_FAIL || kind->status == STATUS_UNKNOWN;
	if (bad && index >= CERTAIN_ROWS)
		return index < FAILING_ROWS ? RANK_ANSWER : kind->later;
	if (bad)
		return kind->first;
	return table->shown < USUAL_ROWS ? kind->first : kind->later;
}

/* "Needs 15,000 connections + 15,000 in TIME_WAIT (250 closes/s × 60 s)": why a plan needs more
 * ports than it has connections. "" for other limits, where none waits, and where it has no place
 * on one line. */
static const char *table_sum(const struct pen *pen, const cJSON *resource)
{
	const size_t indent = 5;
	if (document_status(resource) != STATUS_FAIL)
		return "";
	if (strcmp(view_raw(resource, "id"), "ephemeral-ports") != 0)
		return "";
	const char *words = pen_text(pen, resource, "demand_words", 160);
	const char *total = strstr(words, " = "); /* the row has it */
	if (!total || !strstr(words, "TIME_WAIT"))
		return "";
	words = arena_copy(pen->arena, words, (size_t)(total - words));
	words = arena_printf(pen->arena, "Needs %s", words);
	if (columns_of(words) + indent > pen_width(pen))
		return "";
	return words;
}

/* A row, and under it what is to be said of it. */
static void table_add(struct table *table, const struct table_kind *kind, size_t index)
{
	const struct pen pen = sheet_pen(table->sheet);
	const cJSON *resource = table->rows[index];
	enum rank rank = table_rank(table, kind, index);
	const char *reason = table_reason(&pen, resource);
	const char *parts = load_parts_text(pen.arena, resource);
	const char *sum = table_sum(&pen, resource);
	enum sheet_noun noun = kind->noun;
	if (document_is_unsaid(resource))
		noun = NOUN_UNSAID;
	terminal_table_add_row(&pen, resource);
	sheet_counted(table->sheet, rank, 0, noun, 1);
	if (pen.options->all && *parts)
		table_add_line(&pen, parts);
	if (*reason)
		table_add_line(&pen, reason);
	if (*sum)
		table_add_line(&pen, sum);
	add_now(&pen, resource);
	sheet_block(table->sheet, rank == RANK_MUST ? RANK_DETAIL : RANK_NEVER, REASON_LINES);
	table->shown++;
}

/* --calibrate takes one load, and facts of a file or an image cannot be measured here. */
static bool basis_can_measure(const cJSON *document)
{
	const cJSON *word;
	if (view_count(document, "loads"))
		return false;
	cJSON_ArrayForEach(word, view_array(document, "command_line"))
		if (text_begins_with(view_raw(word, ""), "--facts") ||
				text_begins_with(view_raw(word, ""), "--image"))
			return false;
	return true;
}

/* What of the table is measured. */
static void table_add_measured(const struct pen *pen)
{
	struct text line = {0};
	const char *between = "Measured: ";
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(pen->document, "resources")) {
		if (!view_object(resource, "calibrated"))
			continue;
		text_addf(&line, "%s%s", between, pen_text(pen, resource, "title", 60));
		between = ", ";
	}
	if (*between == ',')
		text_add(&line, "; the rest: calculated.");
	else
		text_add(&line, "Calculated: no measurement could be compared with it.");
	pen_line(pen, text_string(&line));
	text_release(&line);
}

static void basis_add(const struct pen *pen, struct text *line)
{
	if (view_count(pen->document, "calibration"))
		return; /* table_add_measured() */
	if (view_true(pen->document, "gate.ran"))
		text_add(line, "The run was measured; limits and changes are calculated.");
	else if (!basis_can_measure(pen->document))
		text_add(line, "Calculated, not measured.");
	else
		text_add(line, "Calculated, not measured: --calibrate checks it here in about 3 s.");
}

static void coverage_add_not_judged(const struct pen *pen, struct text *line)
{
	const cJSON *item, *list = view_array(pen->document, "coverage.not_judged");
	const char *between = "; ";
	size_t left = (size_t)cJSON_GetArraySize(list);
	cJSON_ArrayForEach(item, list) {
		text_addf(line, "%s%s", between, pen_text(pen, item, "", 40));
		between = --left == 1 ? " and " : ", ";
	}
	if (*between != ';')
		text_add(line, " unchecked");
}

/* "13 of 16 limits judged; CPU about 3.4 of 2 cores (estimate); node conntrack not visible from
 * here; CPU and bandwidth not judged. Calculated, not measured." */
static void add_coverage(const struct pen *pen)
{
	struct text line = {0};
	const cJSON *coverage = view_object(pen->document, "coverage"), *item;
	text_addf(&line,
			"%s of %s limits checked",
			view_figure(pen->arena, coverage, "judged", UNIT_COUNT),
			view_figure(pen->arena, coverage, "total", UNIT_COUNT));
	size_t hidden = view_count(coverage, "not_visible");
	if (hidden > 1 && !pen->options->all)
		text_addf(&line, "; %zu values not visible from here", hidden);
	else
		cJSON_ArrayForEach(item, view_array(coverage, "not_visible"))
			text_addf(&line, "; %s not visible from here", pen_text(pen, item, "", 80));
	coverage_add_estimates(pen->arena, coverage, &line);
	coverage_add_not_judged(pen, &line);
	text_add(&line, ". ");
	basis_add(pen, &line);
	pen_line(pen, line.data);
	text_release(&line);
}

static void planning_note(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *resource;
	cJSON_ArrayForEach(resource, view_array(pen.document, "resources")) {
		if (!view_true(resource, "planning_fails"))
			continue;
		pen_line(&pen,
				arena_printf(pen.arena,
						"by rule: %s fails only by a planning rule; the kernel itself needs %s "
						"(--planning-constants off)",
						view_text(pen.arena, resource, "title", 60),
						view_figure(pen.arena,
								resource,
								"kernel_demand",
								view_unit(resource, "quantity"))));
		sheet_block(sheet, RANK_DETAIL, 2);
	}
}

void terminal_table(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	size_t total = view_count(pen.document, "resources");
	struct table table = {sheet, arena_alloc(pen.arena, (total + 1) * sizeof(const cJSON *)), 0};
	bool passes = document_verdict(pen.document) == VERDICT_PASS;
	terminal_table_add_header(&pen);
	sheet_block(sheet, passes ? RANK_OTHER : RANK_MUST, 0);
	for (size_t kind = 0; kind < sizeof kinds / sizeof *kinds; kind++) {
		size_t count = table_rows_of(&pen, &kinds[kind], table.rows);
		for (size_t i = 0; i < count; i++)
			table_add(&table, &kinds[kind], i);
	}
	add_coverage(&pen);
	sheet_block(sheet, RANK_MUST, COVERAGE_LINES + table_is_narrow(&pen));
	if (view_count(pen.document, "calibration"))
		table_add_measured(&pen);
	sheet_block(sheet, RANK_MUST, 1);
	planning_note(sheet);
}
