/* What the gate did and saw, in the terminal view: the sentence, and the peaks predicted and seen.
 * 80 columns. */
#include <math.h>

#include "report/write/columns.h"
#include "report/write/terminal.h"

enum {
	TITLE_COLUMNS = 34,
	NUMBER_COLUMNS = 14
};

static void terminal_gate_add_number(const struct terminal *t,
		const cJSON *row,
		const char *name,
		enum unit unit)
{
	columns_right(t->out,
			isnan(view_number(row, name))
					? terminal_fold(t, "–")
					: terminal_fold(t, view_figure(t->arena, row, name, unit)),
			NUMBER_COLUMNS);
}

static void add_compared(const struct terminal *t)
{
	const cJSON *row;
	terminal_tone(t, TONE_QUIET);
	text_add(t->out, "     ");
	columns_left(t->out, "at its peak", TITLE_COLUMNS);
	columns_right(t->out, "predicted", NUMBER_COLUMNS);
	columns_right(t->out, "seen", NUMBER_COLUMNS);
	terminal_plain(t);
	text_add(t->out, "\n");
	cJSON_ArrayForEach(row, view_array(t->document, "gate.observed.compared")) {
		text_add(t->out, "     ");
		columns_left(t->out, terminal_text(t, row, "title", TITLE_COLUMNS), TITLE_COLUMNS);
		terminal_gate_add_number(t, row, "predicted", UNIT_COUNT);
		terminal_gate_add_number(t, row, "seen", UNIT_COUNT);
		text_add(t->out, "\n");
	}
}

void terminal_gate(const struct terminal *t)
{
	const cJSON *gate = view_object(t->document, "gate"), *remark;
	if (!view_true(gate, "ran"))
		return;
	const char *sentence = terminal_text(t, gate, "sentence", 400);
	terminal_paragraph(t, "The run", 17, *sentence ? sentence : "not watched");
	terminal_paragraph(t,
			"Status",
			17,
			arena_printf(t->arena,
					"%s after %s (%s)",
					view_figure(t->arena, gate, "child_status", UNIT_COUNT),
					view_figure(t->arena, gate, "run_s", UNIT_SECONDS),
					terminal_text(t, gate, "reason", 200)));
	if (view_count(gate, "observed.compared"))
		add_compared(t);
	cJSON_ArrayForEach(remark, view_array(gate, "observed.remarks"))
		columns_wrap(t->out,
				"     ",
				"     ",
				terminal_text(t, remark, "text", 300),
				TERMINAL_WIDTH);
	text_add(t->out, "\n");
}
