/* What the gate did and saw, in the terminal view: the sentence, and the peaks predicted and seen.
 * 80 columns. */
#include <math.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/terminal_parts.h"

enum {
	TITLE_COLUMNS = 34,
	NUMBER_COLUMNS = 14
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

static void add_compared(const struct pen *pen)
{
	const cJSON *row;
	pen_tone(pen, TONE_QUIET);
	text_add(pen->out, "     ");
	columns_left(pen->out, "at its peak", TITLE_COLUMNS);
	columns_right(pen->out, "predicted", NUMBER_COLUMNS);
	columns_right(pen->out, "seen", NUMBER_COLUMNS);
	pen_plain(pen);
	text_add(pen->out, "\n");
	cJSON_ArrayForEach(row, view_array(pen->document, "gate.observed.compared")) {
		text_add(pen->out, "     ");
		columns_left(pen->out, pen_text(pen, row, "title", TITLE_COLUMNS), TITLE_COLUMNS);
		terminal_gate_add_number(pen, row, "predicted", UNIT_COUNT);
		terminal_gate_add_number(pen, row, "seen", UNIT_COUNT);
		text_add(pen->out, "\n");
	}
}

void terminal_gate(const struct pen *pen)
{
	const cJSON *gate = view_object(pen->document, "gate"), *remark;
	if (!view_true(gate, "ran"))
		return;
	bool watched = *view_raw(gate, "sentence") != '\0'; /* then it is the headline */
	pen_paragraph(pen,
			"The run",
			17,
			arena_printf(pen->arena,
					"status %s after %s (%s)%s",
					view_figure(pen->arena, gate, "child_status", UNIT_COUNT),
					view_figure(pen->arena, gate, "run_s", UNIT_SECONDS),
					pen_text(pen, gate, "reason", 200),
					watched ? "" : "; not watched"));
	const char *result = pen_text(pen, gate, "result.text", 400);
	if (*result)
		pen_paragraph(pen, "Its result", 17, result);
	if (view_count(gate, "observed.compared"))
		add_compared(pen);
	cJSON_ArrayForEach(remark, view_array(gate, "observed.remarks"))
		columns_wrap(pen->out, "     ", "     ", pen_text(pen, remark, "text", 300), PEN_WIDTH);
	text_add(pen->out, "\n");
}
