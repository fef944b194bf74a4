/* The terminal view: the answer first, then the numbers, the limits, what else is to be known, and
 * next to the last line the fix. Without --all it has at most 24 lines of 80 columns.
 * terminal_parts.h lists its parts. */
#include "base/text.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/terminal_parts.h"

enum {
	MEASURED_LINES = 4,
	DRIFT_LINES = 5
};

/* Text that ends with a blank line, as one block without it. */
static void terminal_whole(struct sheet *sheet,
		void (*write)(const struct pen *),
		enum rank rank,
		size_t lines)
{
	const struct pen pen = sheet_pen(sheet);
	write(&pen);
	if (pen.out->length > 1)
		pen.out->data[--pen.out->length] = '\0';
	sheet_section(sheet);
	sheet_block(sheet, rank, lines);
}

static void terminal_with_plan(struct sheet *sheet)
{
	terminal_answer(sheet);
	terminal_load(sheet);
	sheet_section(sheet);
	terminal_run(sheet);
	sheet_section(sheet);
	terminal_table(sheet);
	sheet_rest_here(sheet);
	terminal_whole(sheet, terminal_calibration, RANK_MUST, MEASURED_LINES);
	terminal_whole(sheet, terminal_drift, RANK_MUST, DRIFT_LINES);
	sheet_section(sheet);
	terminal_remarks(sheet);
	sheet_section(sheet);
	terminal_unread(sheet);
	sheet_section(sheet);
	terminal_fixes(sheet);
}

/* What a host carries: nothing is left out of it. */
static void terminal_without_plan(struct sheet *sheet)
{
	terminal_answer(sheet);
	terminal_whole(sheet, terminal_holds, RANK_MUST, 0);
	terminal_whole(sheet, terminal_ask_for_plan, RANK_MUST, 0);
	const struct pen pen = sheet_pen(sheet);
	terminal_other_plans(&pen);
	sheet_block(sheet, RANK_OTHER, 0);
	terminal_unread(sheet);
	terminal_whole(sheet, terminal_calibration, RANK_MUST, 0);
	terminal_whole(sheet, terminal_drift, RANK_MUST, 0);
	sheet_section(sheet);
	terminal_remarks(sheet);
	sheet_rest_here(sheet);
}

void write_terminal(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	struct sheet *sheet = sheet_new(&pen);
	if (document_verdict(document) == VERDICT_NONE)
		terminal_without_plan(sheet);
	else
		terminal_with_plan(sheet);
	sheet_write(sheet);
	write_summary_line(document, options->arena, &page);
	text_add(out, options->ascii ? columns_to_ascii(options->arena, page.data) : page.data);
	text_release(&page);
}
