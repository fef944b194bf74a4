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
	COMMAND_LINES = 3,     /* of the commands of one change, without --all */
	LONE_COMMAND_LINES = 5 /* of the only change */
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
	pen_wrap(pen, first, "     ", say);
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

/* Whose limit it is, unless the first look at the command tells. */
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
	return arena_printf(pen->arena, "belongs to %s", text);
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
	const cJSON *after = view_object(fix, "gain.after");
	const struct load_point load = document_load(pen->arena, after);
	/* A plan that is given by its rate has far fewer connections: then both numbers are said. */
	bool churns = load.open_rate_per_s > load.connections;
	bool plain = !load.at_most && !load.without && !churns;
	switch (load_says(&load)) {
	case LOAD_SAYS_BOTH:
	case LOAD_SAYS_CONNECTIONS:
		if (plain)
			return view_figure_of(pen->arena, load.connections, UNIT_COUNT);
		break;
	case LOAD_SAYS_NOTHING:
	case LOAD_SAYS_RATE:
	case LOAD_SAYS_UNLIMITED:
		break;
	}
	return load_text(pen->arena, &load, ", ");
}

/* Beside the ladder: it replaces a part of it at most. */
static bool is_other(const cJSON *fix)
{
	return !view_true(fix, "in_ladder") && !view_true(fix, "advisory");
}

/* "then safe up to 15,740: fits" */
static const char *gain_of(const struct pen *pen, const cJSON *fix)
{
	struct arena *arena = pen->arena;
	const char *after = gain_load(pen, fix);
	bool at_most = view_true(fix, "gain.after.at_most");
	bool fits = view_true(fix, "gain.fits");
	if (at_most && !*after)
		return "";
	if (at_most)
		return arena_printf(arena, "then %s", after);
	if (is_no_load(fix, "gain.after"))
		after = "";
	if (*after && fits)
		return arena_printf(arena, "then safe up to %s: fits", after);
	if (*after && is_other(fix))
		return arena_printf(arena, "not enough alone: safe up to %s", after);
	if (*after)
		return arena_printf(arena, "then safe up to %s", after);
	if (fits)
		return "then the plan fits";
	if (!view_true(fix, "gain.enough"))
		return "";
	const char *id = view_raw(fix, "resource");
	const cJSON *mended = view_resource(pen->document, id);
	const char *own = pen_fold(pen, view_phrase(arena, mended));
	return arena_printf(arena, "enough for %s", own);
}

/* "restart: the program", unlike "restart: nothing" or what says nothing. */
static bool is_restart(const char *clause)
{
	if (text_begins_with(clause, "restart: nothing"))
		return false;
	return strcmp(clause, "restart: ") != 0;
}

/* What else is to be known about a change. */
static const char *detail_of(const struct pen *pen, const cJSON *fix)
{
	struct text line = {0};
	const char *id = view_raw(fix, "gain.next");
	const cJSON *limit = view_resource(pen->document, id);
	const char *next = pen_fold(pen, view_phrase(pen->arena, limit));
	const char *restart = pen_text(pen, fix, "restart", 160);
	const char *say = pen_text(pen, fix, "say", 300);
	const char *note = pen_text(pen, fix, "note", 200);
	if (view_count(fix, "commands"))
		add_clause(&line, say);
	add_clause(&line, note);
	restart = arena_printf(pen->arena, "restart: %s", restart);
	/* What is said has the restart in it; without it, the restart must not be cut. */
	const char *layer = layer_of_fix(pen, fix);
	bool is_said = *say && view_count(fix, "commands") > 0;
	if (is_said)
		add_clause(&line, layer);
	if (is_restart(restart))
		add_clause(&line, restart);
	if (!is_said)
		add_clause(&line, layer);
	next = arena_printf(pen->arena, "next limit: %s", next);
	if (limit && !view_true(fix, "gain.fits"))
		add_clause(&line, next);
	return text_take(pen->arena, &line);
}

/* Commands that would fill the screen are named instead: they stand in --all, never half of them.
 */
static void fixes_add_named(const struct pen *pen, const cJSON *fix, const char *first)
{
	size_t commands = view_count(fix, "commands");
	const char *title = pen_text(pen, fix, "title", 200);
	const char *more = "a long command: --all";
	if (commands > 1)
		more = arena_printf(pen->arena, "%zu commands: --all", commands);
	const char *line = arena_printf(pen->arena, "%s (%s)", title, more);
	pen_wrap(pen, first, "     ", line);
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
	size_t most = COMMAND_LINES;
	if (view_count(pen->document, "ladder") == 1)
		most = LONE_COMMAND_LINES;
	add_command(pen, first, fix);
	if (pen->options->all || fixes_lines(pen) <= most)
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
	gain = arena_printf(pen->arena, "# %s", gain); /* whoever copies the line runs no more */
	size_t wide = columns_of(command) - one_line;  /* without the line feed */
	size_t end = GAIN_COLUMN + columns_of(gain);
	if (!one_line || wide + 2 > GAIN_COLUMN)
		return false;
	if (end > pen_width(pen))
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
		pen_wrap(pen, "     ", "     ", gain);
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
	const char *detail = detail_of(&pen, fix);
	enum rank detail_rank = RANK_NEVER;
	enum rank rank = list->later;
	if (number == 1)
		rank = list->first;
	if (number > list->most)
		rank = RANK_NEVER;
	if (rank <= RANK_STEP)
		detail_rank = RANK_WARNING;
	fixes_add_command(&pen, fix, first);
	sheet_counted(sheet, rank, 0, list->noun, 1);
	if (*detail)
		pen_wrap(&pen, "     ", "     ", detail);
	sheet_block(sheet, detail_rank, DETAIL_LINES);
}

/* The changes of one kind under their title. */
static void fixes_add_list(struct sheet *sheet, const struct fix_list *list)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *fix;
	size_t number = 0;
	const cJSON *fixes = view_array(pen.document, "fixes");
	cJSON_ArrayForEach(fix, fixes) {
		bool in_ladder = view_true(fix, "in_ladder");
		bool advisory = view_true(fix, "advisory");
		if (in_ladder != list->in_ladder)
			continue;
		if (advisory != list->advisory)
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
	const char *more = " (permanent form and undo: headroom fix)";
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
	const cJSON *limits = view_array(pen.document, "resources");
	enum rank rank = RANK_MUST;
	size_t count = 0;
	cJSON_ArrayForEach(limit, limits) {
		const char *why = pen_text(&pen, limit, "no_change", 400);
		const char *title = pen_text(&pen, limit, "title", 60);
		if (!*why)
			continue;
		const char *line = arena_printf(pen.arena, "%s: %s", title, why);
		pen_wrap(&pen, "  ", "     ", line);
		sheet_block(sheet, rank, UNHELPED_LINES);
		if (++count == STEPS)
			rank = RANK_DETAIL;
	}
	return count;
}

void terminal_fixes(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	size_t ladder = view_count(pen.document, "ladder");
	const char *title = fixes_title(&pen, ladder);
	size_t most = STEPS;
	if (pen.options->all)
		most = SIZE_MAX;
	struct fix_list steps = {
			.title = title,
			.in_ladder = true,
			.noun = NOUN_STEP,
			.first = RANK_MUST,
			.later = RANK_STEP,
			.most = most,
	};
	struct fix_list alternatives = {
			.title = "Alternatives",
			.noun = NOUN_ALTERNATIVE,
			.first = RANK_OTHER,
			.later = RANK_OTHER,
			.most = most,
	};
	struct fix_list against_warnings = alternatives;
	against_warnings.title = "Optional (for the warnings)";
	against_warnings.advisory = true;
	if (document_verdict(pen.document) == VERDICT_UNKNOWN)
		steps.first = RANK_STEP;
	if (ladder)
		alternatives.title = "Alternatives (each in place of a step for the same limit)";
	fixes_add_list(sheet, &steps);
	size_t unhelped = fixes_add_unhelped(sheet);
	if (!ladder && !unhelped) {
		alternatives.title = "Fix (each on its own)";
		alternatives.first = RANK_MUST;
	}
	fixes_add_list(sheet, &alternatives);
	fixes_add_list(sheet, &against_warnings);
}
