/* The terminal view without a plan: what the host can carry, what to change first, and how to get a
 * verdict. */
#include <string.h>

#include "report/document/carry.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/script.h"
#include "report/write/terminal_parts.h"

enum {
	CARRY_TITLE = 24,
	CARRY_FIGURE = 16
};

/* One row of the table. */
struct carry_line {
	const char *title;
	const char *now;
	const char *after;
	const char *limits;
};

/* Where there is no room for two limits, the one of now alone. */
static const char *limits_fit(const struct pen *pen, const char *limits, size_t room)
{
	const char *arrow = strstr(limits, " → ");
	if (!arrow || columns_of(limits) <= room)
		return limits;
	size_t length = (size_t)(arrow - limits);
	return arena_copy(pen->arena, limits, length);
}

static void carry_add_line(const struct pen *pen, const struct carry_line *line)
{
	const size_t taken = 4 + CARRY_TITLE + 2 * CARRY_FIGURE;
	const size_t room = pen_width(pen) - taken;
	const char *limits = limits_fit(pen, line->limits, room);
	text_add(pen->out, "  ");
	columns_left(pen->out, pen_fold(pen, line->title), CARRY_TITLE);
	columns_right(pen->out, line->now, CARRY_FIGURE);
	columns_right(pen->out, line->after, CARRY_FIGURE);
	text_add(pen->out, "  ");
	if (columns_of(limits) > room)
		columns_left(pen->out, limits, room);
	else
		text_add(pen->out, pen_fold(pen, limits));
	text_add(pen->out, "\n");
}

/* On a narrow screen a sentence for each. */
static void carry_sentence(const struct pen *pen, const cJSON *hold)
{
	const char *text = arena_printf(pen->arena,
			"%s: %s now, %s after the changes (%s)",
			carry_title(pen->arena, hold),
			carry_now_text(pen->arena, hold),
			carry_after_text(pen->arena, hold),
			carry_limits(pen->arena, hold));
	pen_wrap(pen, "  ", "    ", pen_fold(pen, text));
}

static void carry_sentences(const struct pen *pen)
{
	const cJSON *hold;
	cJSON_ArrayForEach(hold, view_array(pen->document, "holds"))
		carry_sentence(pen, hold);
	text_add(pen->out, "\n");
}

static void carry_rows(const struct pen *pen)
{
	static const struct carry_line head = {
			.title = "safe up to, as a",
			.now = "now",
			.after = "after",
			.limits = "tightest limit",
	};
	const cJSON *hold;
	carry_add_line(pen, &head);
	cJSON_ArrayForEach(hold, view_array(pen->document, "holds")) {
		struct carry_line line = {
				.title = carry_title(pen->arena, hold),
				.now = carry_now_text(pen->arena, hold),
				.after = carry_after_text(pen->arena, hold),
				.limits = carry_limits(pen->arena, hold),
		};
		if (!*line.now)
			line.now = "not known";
		if (strcmp(line.now, line.after) == 0)
			line.after = "same";
		carry_add_line(pen, &line);
	}
	text_add(pen->out, "\n");
}

/* A document of 0.1 has commands, but not in which order for all kinds. */
static void carry_old_commands(const struct pen *pen)
{
	const struct script_place place = {"    ", "    ", script_width(pen->options)};
	const cJSON *hold, *command;
	cJSON_ArrayForEach(hold, view_array(pen->document, "holds")) {
		if (view_count(hold, "fix_commands") == 0)
			continue;
		pen_line(pen, carry_title(pen->arena, hold));
		cJSON_ArrayForEach(command, view_array(hold, "fix_commands"))
			script_add_text(pen->arena, pen->out, view_raw(command, ""), &place);
	}
}

/* What it moves, behind a command that is one line, as a comment of the shell; else below. */
static void carry_add_gain(const struct pen *pen, const cJSON *change, size_t from)
{
	const char *gain = carry_gain(pen->arena, pen->document, change);
	const char *line = pen->out->data + from;
	const char *end = strchr(line, '\n');
	const char *comment = arena_printf(pen->arena, "   # then %s", gain);
	if (!*gain)
		return;
	size_t width = columns_of(line) + columns_of(comment);
	bool alone = end && end[1] == '\0';
	if (!alone || width > pen_width(pen)) {
		pen_wrap(pen, "     then ", "     ", gain);
		return;
	}
	pen->out->length--;
	text_addf(pen->out, "%s\n", comment);
}

static void carry_change(const struct pen *pen, const cJSON *change, unsigned number)
{
	const char *first = arena_printf(pen->arena, "  %-2u ", number);
	const struct script_place place = {first, "     ", script_width(pen->options)};
	const size_t from = pen->out->length;
	const char *say = pen_text(pen, change, "command", 300);
	if (!script_add(pen->arena, pen->out, change, "commands", &place))
		pen_wrap(pen, first, "     ", say);
	carry_add_gain(pen, change, from);
}

static void carry_changes(const struct pen *pen)
{
	const cJSON *change;
	unsigned number = 0;
	if (!view_array(pen->document, "first_changes"))
		carry_old_commands(pen);
	else if (view_count(pen->document, "first_changes") > 0)
		pen_line(pen, "To carry more, in this order (permanent form and undo: -o report.html)");
	cJSON_ArrayForEach(change, view_array(pen->document, "first_changes")) {
		number++;
		carry_change(pen, change, number);
	}
	text_add(pen->out, "\n");
}

/* The limits that could not be judged. */
static void carry_unknown(const struct pen *pen)
{
	struct text line = {0};
	const cJSON *hold, *limit;
	cJSON_ArrayForEach(hold, view_array(pen->document, "holds")) {
		cJSON_ArrayForEach(limit, view_array(hold, "at_most.limits")) {
			const char *id = pen_text(pen, limit, "", 60);
			if (line.length > 0 && strstr(line.data, id))
				continue;
			text_addf(&line, "%s%s", line.length ? ", " : "", id);
		}
	}
	if (line.length > 0)
		pen_paragraph(pen,
				"Not known",
				15,
				arena_printf(pen->arena,
						"%s: run headroom as root, or give what is missing with --set",
						line.data));
	text_release(&line);
}

void terminal_holds(const struct pen *pen)
{
	const size_t least = 4 + CARRY_TITLE + 2 * CARRY_FIGURE + 12;
	if (pen_width(pen) < least)
		carry_sentences(pen);
	else
		carry_rows(pen);
	carry_unknown(pen);
	carry_changes(pen);
}

void terminal_ask_for_plan(const struct pen *pen)
{
	if (!pen->options->presets)
		return;
	pen_line(pen, "To get a verdict, describe the load test (see headroom help workload):");
	text_add(pen->out, "    headroom audit ws-client --connections 15000 --lifetime 60s\n\n");
}

void terminal_other_plans(const struct pen *pen)
{
	if (!pen->options->presets)
		return;
	text_add(pen->out,
			"    headroom audit --role server --connections 15000\n"
			"    headroom audit -- wrk -t4 -c400 -d60s http://10.0.0.5/\n");
}
