/* The terminal view's fixes: the steps that make the plan fit, what no setting helps, and what else
 * is possible. */
#include <stdint.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/script.h"
#include "report/write/terminal_parts.h"

enum {
	STEPS = 3,        /* that are shown without --all */
	GAIN_COLUMN = 46, /* where what follows a short command begins */
	DETAIL_LINES = 1,
	UNHELPED_LINES = 2,
	COMMAND_LINES = 3 /* of the commands of one change, without --all */
};

/* What to type; else what to do, in words. A document of 0.1 has one text for both. */
static void add_command(const struct pen *pen, const char *first, const cJSON *fix)
{
	const struct script_place place = {first, "     ", script_width(pen->options)};
	const char *say = pen_text(pen, fix, "say", 300);
	pen_tone(pen, TONE_STRONG);
	if (script_add(pen->arena, pen->out, fix, "commands", &place)) {
		pen_plain(pen);
		return;
	}
	if (!*say)
		say = pen_text(pen, fix, "command", 0);
	if (!*say)
		say = pen_text(pen, fix, "title", 200);
	columns_wrap(pen->out, first, "     ", say, pen_width(pen));
	pen_plain(pen);
}

/* Adds "; " and the text without its full stop. */
static void add_clause(struct text *line, const char *text)
{
	size_t length = strlen(text);
	if (length && text[length - 1] == '.')
		length--;
	if (!length)
		return;
	if (line->length)
		text_add(line, "; ");
	text_add_bytes(line, text, length);
}

/* Who holds the limit, unless the first look at the command tells. */
static const char *layer_of_fix(const struct pen *pen, const cJSON *fix)
{
	const char *layer = view_raw(fix, "held_by.layer");
	static const char *const plain[] = {
			"",
			"kernel",
			"load-test",
			"network-namespace",
	};
	if (view_true(fix, "changes_test"))
		return "changes the test";
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (strcmp(layer, plain[i]) == 0)
			return "";
	const char *text = pen_text(pen, fix, "held_by.text", 160);
	return arena_printf(pen->arena, "held by %s", text);
}

/* A load of nothing: another limit lets none pass, whatever is done about this one. */
static bool is_no_load(const cJSON *fix, const char *load)
{
	const cJSON *node = view_object(fix, load);
	double connections = view_number(node, "connections");
	double rate = view_number(node, "open_rate_per_s");
	if (rate > 0)
		return false;
	return connections == 0;
}

/* "15,740": connections, or new ones per second. */
static const char *gain_load(const struct pen *pen, const cJSON *fix)
{
	const struct load_point load = document_load(pen->arena, view_object(fix, "gain.after"));
	const char *figure = load_text(pen->arena, &load, ", ");
	enum load_says says = load_says(&load);
	if (load.at_most || load.without || (says != LOAD_SAYS_BOTH && says != LOAD_SAYS_CONNECTIONS))
		return figure;
	return view_figure_of(pen->arena, load.connections, UNIT_COUNT);
}

/* "then safe up to 15,740: fits" */
static const char *gain_of(const struct pen *pen, const cJSON *fix)
{
	const char *after = gain_load(pen, fix);
	const cJSON *mended = view_resource(pen->document, view_raw(fix, "resource"));
	const char *own = pen_text(pen, mended, "title", 60);
	const char *fits = "";
	if (view_true(fix, "gain.fits"))
		fits = ": fits";
	if (view_true(fix, "gain.after.at_most"))
		return *after ? arena_printf(pen->arena, "then %s", after) : "";
	if (*after && !is_no_load(fix, "gain.after"))
		return arena_printf(pen->arena, "then safe up to %s%s", after, fits);
	if (view_true(fix, "gain.fits"))
		return "then the plan fits";
	if (view_true(fix, "gain.enough"))
		return arena_printf(pen->arena, "enough for %s", own);
	return "";
}

/* What else is to be known about a change. */
static const char *detail_of(const struct pen *pen, const cJSON *fix)
{
	struct text line = {0};
	const cJSON *limit = view_resource(pen->document, view_raw(fix, "gain.next"));
	const char *next = pen_text(pen, limit, "title", 60);
	const char *restart = pen_text(pen, fix, "restart", 160);
	if (view_count(fix, "commands"))
		add_clause(&line, pen_text(pen, fix, "say", 300));
	add_clause(&line, pen_text(pen, fix, "note", 200));
	add_clause(&line, layer_of_fix(pen, fix));
	if (*restart && !text_begins_with(restart, "nothing"))
		add_clause(&line, arena_printf(pen->arena, "restart: %s", restart));
	if (*next && !view_true(fix, "gain.fits"))
		add_clause(&line, arena_printf(pen->arena, "next limit: %s", next));
	return text_take(pen->arena, &line);
}

/* Commands that would fill the screen are named instead: they stand in --all, never half of them. */
static void fixes_add_named(const struct pen *pen, const cJSON *fix, const char *first)
{
	size_t commands = view_count(fix, "commands");
	const char *title = pen_text(pen, fix, "title", 200);
	const char *more = "a long command: --all";
	if (commands > 1)
		more = arena_printf(pen->arena, "%zu commands: --all", commands);
	const char *line = arena_printf(pen->arena, "%s (%s)", title, more);
	columns_wrap(pen->out, first, "     ", line, pen_width(pen));
}

static size_t fixes_lines(const struct pen *pen)
{
	size_t lines = 0;
	for (const char *at = text_string(pen->out); *at; at++)
		lines += *at == '\n';
	return lines;
}

static void fixes_add_commands(const struct pen *pen, const cJSON *fix, const char *first)
{
	add_command(pen, first, fix);
	if (pen->options->all || fixes_lines(pen) <= COMMAND_LINES)
		return;
	text_clear(pen->out);
	fixes_add_named(pen, fix, first);
}

/* The command and what follows it on one line; false: they need more. */
static bool fixes_add_one_line(const struct pen *pen,
		const cJSON *fix,
		const char *first,
		const char *gain)
{
	struct write_options plain = *pen->options;
	struct text draft = {0};
	const struct pen colorless = {pen->document, &plain, pen->arena, &draft};
	plain.color = false;
	fixes_add_commands(&colorless, fix, first);
	bool one_line = fixes_lines(&colorless) == 1;
	const char *command = text_take(pen->arena, &draft);
	size_t wide = columns_of(command) - one_line; /* without the line feed */
	if (!one_line || wide + 2 > GAIN_COLUMN || GAIN_COLUMN + columns_of(gain) > pen_width(pen))
		return false;
	pen_tone(pen, TONE_STRONG);
	text_add_bytes(pen->out, command, strlen(command) - 1);
	pen_plain(pen);
	columns_left(pen->out, "", GAIN_COLUMN - wide);
	text_addf(pen->out, "%s\n", gain);
	return true;
}

/* The command, and beside it or below it what follows; the pen has written nothing yet. */
static void fixes_add_command(const struct pen *pen, const cJSON *fix, const char *first)
{
	const char *gain = pen_fold(pen, gain_of(pen, fix));
	if (*gain && fixes_add_one_line(pen, fix, first, gain))
		return;
	fixes_add_commands(pen, fix, first);
	if (*gain)
		columns_wrap(pen->out, "     ", "     ", gain, pen_width(pen));
}

struct fix_list {
	const char *title;
	bool in_ladder, advisory;
	enum sheet_noun noun;
	enum rank first, later;
	size_t most;
};

static void fixes_add(struct sheet *sheet,
		const struct fix_list *list,
		const cJSON *fix,
		size_t number)
{
	const struct pen pen = sheet_pen(sheet);
	const char *first = arena_printf(pen.arena, "  %-2zu ", number);
	enum rank rank = number == 1 ? list->first : list->later;
	enum rank detail_rank = rank == RANK_MUST || rank == RANK_STEP ? RANK_DETAIL : RANK_NEVER;
	const char *detail = detail_of(&pen, fix);
	if (number > list->most)
		rank = detail_rank = RANK_NEVER;
	fixes_add_command(&pen, fix, first);
	sheet_counted(sheet, rank, 0, list->noun, 1);
	if (*detail)
		columns_wrap(pen.out, "     ", "     ", pen_fold(&pen, detail), pen_width(&pen));
	sheet_block(sheet, detail_rank, DETAIL_LINES);
}

/* The changes of one kind under their title. */
static void fixes_add_list(struct sheet *sheet, const struct fix_list *list)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *fix;
	size_t number = 0;
	cJSON_ArrayForEach(fix, view_array(pen.document, "fixes")) {
		if (view_true(fix, "in_ladder") != list->in_ladder)
			continue;
		if (view_true(fix, "advisory") != list->advisory)
			continue;
		if (!number++) {
			pen_line(&pen, list->title);
			sheet_block(sheet, list->first, 2);
		}
		fixes_add(sheet, list, fix, number);
	}
}

static const char *fixes_title(const struct pen *pen, size_t ladder)
{
	const char *more = pen->options->all ? "" : " (lasting form and undo: -o report.html)";
	const char *what = "Fix";
	const char *order = "";
	if (document_verdict(pen->document) == VERDICT_PASS)
		what = "More room";
	if (ladder > 1)
		order = ", in this order";
	return arena_printf(pen->arena, "%s%s%s", what, order, more);
}

/* What fails, and no change is enough for. */
static size_t fixes_add_unhelped(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *limit;
	size_t count = 0;
	cJSON_ArrayForEach(limit, view_array(pen.document, "resources")) {
		const char *why = pen_text(&pen, limit, "no_change", 400);
		const char *title = pen_text(&pen, limit, "title", 60);
		if (!*why)
			continue;
		const char *line = arena_printf(pen.arena, "%s: %s", title, why);
		columns_wrap(pen.out, "  ", "     ", line, pen_width(&pen));
		sheet_block(sheet, count++ < STEPS ? RANK_MUST : RANK_DETAIL, UNHELPED_LINES);
	}
	return count;
}

void terminal_fixes(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	size_t ladder = view_count(pen.document, "ladder");
	const char *title = fixes_title(&pen, ladder);
	size_t steps = pen.options->all ? SIZE_MAX : STEPS;
	struct fix_list alternatives =
			{"Or instead", false, false, NOUN_ALTERNATIVE, RANK_OTHER, RANK_OTHER, steps};
	bool unknown = document_verdict(pen.document) == VERDICT_UNKNOWN;
	enum rank first = unknown ? RANK_STEP : RANK_MUST;
	const struct fix_list lists[] = {
			{title, true, false, NOUN_STEP, first, RANK_STEP, steps},
			{"Against the warnings", false, true, NOUN_ALTERNATIVE, RANK_OTHER, RANK_OTHER, steps},
	};
	fixes_add_list(sheet, &lists[0]);
	size_t unhelped = fixes_add_unhelped(sheet);
	if (!ladder && !unhelped) {
		alternatives.title = "Fix (each on its own)";
		alternatives.first = RANK_MUST;
	}
	fixes_add_list(sheet, &alternatives);
	fixes_add_list(sheet, &lists[1]);
}
