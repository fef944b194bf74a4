/* What the gate did and saw, in the terminal view: the sentence, and the peaks predicted and seen.
 * 80 columns. */
#include <math.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/terminal_parts.h"

enum {
	TITLE_COLUMNS = 34,
	NUMBER_COLUMNS = 14,
	SEEN_COLUMNS = 20
};

static void terminal_gate_add_number(const struct pen *pen,
		const cJSON *row,
		const char *name,
		enum unit unit)
{
	columns_right(pen->out,
			isnan(view_number(row, name)) ? pen_fold(pen, "–")
										  : pen_fold(pen, view_figure(pen->arena, row, name, unit)),
			NUMBER_COLUMNS);
}

/* Of rare looks a peak is at least what they showed. */
static void terminal_gate_add_seen(const struct pen *pen, const cJSON *row)
{
	const char *seen = view_figure(pen->arena, row, "seen", UNIT_COUNT);
	if (isnan(view_number(row, "seen")))
		seen = "–";
	else if (view_true(row, "at_least"))
		seen = arena_printf(pen->arena, "at least %s", seen);
	columns_right(pen->out, pen_fold(pen, seen), SEEN_COLUMNS);
}

static void add_compared(const struct pen *pen)
{
	bool rare = false;
	const cJSON *row;
	pen_tone(pen, TONE_QUIET);
	text_add(pen->out, "     ");
	columns_left(pen->out, "at its peak", TITLE_COLUMNS);
	columns_right(pen->out, "predicted", NUMBER_COLUMNS);
	columns_right(pen->out, "seen", SEEN_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, "\n");
	cJSON_ArrayForEach(row, view_array(pen->document, "gate.observed.compared")) {
		text_add(pen->out, "     ");
		columns_left(pen->out, pen_text(pen, row, "title", TITLE_COLUMNS), TITLE_COLUMNS);
		terminal_gate_add_number(pen, row, "predicted", UNIT_COUNT);
		terminal_gate_add_seen(pen, row);
		text_add(pen->out, "\n");
		rare |= view_true(row, "at_least");
	}
	if (rare)
		text_addf(pen->out,
				"     (sampled every %s)\n",
				pen_fold(pen,
						view_figure(pen->arena,
								pen->document,
								"gate.observed.every_s",
								UNIT_SECONDS)));
}

void terminal_run(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *gate = view_object(pen.document, "gate"), *remark;
	if (!view_true(gate, "ran"))
		return;
	bool watched = *view_raw(gate, "sentence") != '\0'; /* then it is the headline */
	pen_paragraph(&pen,
			"The run",
			17,
			arena_printf(pen.arena,
					"exit status %s after %s (%s)%s",
					view_figure(pen.arena, gate, "child_status", UNIT_COUNT),
					view_figure(pen.arena, gate, "run_s", UNIT_SECONDS),
					pen_text(&pen, gate, "reason", 200),
					watched ? "" : "; not watched"));
	sheet_block(sheet, RANK_MUST, 2);
	const char *result = pen_text(&pen, gate, "result.text", 400);
	if (*result)
		pen_paragraph(&pen, "Its result", 17, result);
	sheet_block(sheet, RANK_ANSWER, 3);
	if (view_count(gate, "observed.compared"))
		add_compared(&pen);
	sheet_block(sheet, RANK_ROW, 0);
	cJSON_ArrayForEach(remark, view_array(gate, "observed.remarks")) {
		pen_wrap(&pen, "     ", "     ", pen_text(&pen, remark, "text", 300));
		sheet_counted(sheet, RANK_DETAIL, 2, NOUN_NOTE, 1);
	}
}
