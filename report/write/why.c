/* headroom.why/1 on a terminal. */
#include <math.h>
#include <string.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/pen.h"
#include "report/write/why_page.h"

enum {
	INDENT = 13,
	ID_CHARS = 60
};

/* A sentence that begins in the first column. */
static void say_cause(const struct pen *pen, const struct why_block *block)
{
	const char *first = arena_printf(pen->arena, "%s  ", pen_fold(pen, block->label));
	pen_tone(pen, block->tone);
	pen_tone(pen, TONE_STRONG);
	columns_wrap(pen->out, first, "  ", pen_fold(pen, block->text), PEN_WIDTH);
	pen_plain(pen);
}

/* Never folded: it is pasted as it stands. */
static void say_command(const struct pen *pen, const struct why_block *block)
{
	text_add(pen->out, "  ");
	columns_left(pen->out, block->label, INDENT - 2);
	text_addf(pen->out, "%s\n", block->text);
}

static void say_block(const struct pen *pen, const struct why_block *block)
{
	switch (block->kind) {
	case WHY_BLOCK_CAUSE:
		say_cause(pen, block);
		return;
	case WHY_BLOCK_NAME:
		text_addf(pen->out, "%s\n", pen_fold(pen, block->text));
		return;
	case WHY_BLOCK_TITLE:
		text_addf(pen->out, *block->text ? "\n%s\n" : "\n%s", pen_fold(pen, block->text));
		return;
	case WHY_BLOCK_COMMAND:
		say_command(pen, block);
		return;
	case WHY_BLOCK_LINE:
		if (block->label)
			pen_paragraph(pen, block->label, INDENT, block->text);
		else
			pen_line(pen, block->text);
		return;
	}
}

/* Where most of the calls that failed of this cause went; "": it is not known. */
static const char *failed_to(struct arena *arena, const cJSON *document, const char *id)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "calls.rows")) {
		if (strcmp(view_raw(row, "cause"), id) == 0)
			return view_text(arena, row, "to", ID_CHARS);
	}
	return "";
}

static void why_add_assumed(const cJSON *document, struct text *out)
{
	size_t assumed = view_count(document, "hypothetical");
	if (assumed > 0)
		text_addf(out, " hypothetical=%zu", assumed);
}

void write_why_line(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const cJSON *cause = cJSON_GetArrayItem(view_array(document, "causes"), 0);
	if (strcmp(view_raw(document, "answer"), "found") != 0) {
		text_addf(out, "headroom: WHY %s", view_text(arena, document, "answer", ID_CHARS));
		why_add_assumed(document, out);
		text_add(out, "\n");
		return;
	}
	double used = view_number(cause, "now.used"), capacity = view_number(cause, "now.capacity");
	bool failing = strcmp(view_raw(cause, "strength"), "failing-now") == 0;
	bool full = strcmp(view_raw(cause, "now.state"), "full") == 0;
	text_addf(out, "headroom: WHY %s", view_text(arena, cause, "id", ID_CHARS));
	/* Calls may fail where the looks did not go: then the use here says nothing. */
	if (capacity > 0 && !isinf(capacity) && !isnan(used) && (full || !failing)) {
		text_add(out, " ");
		view_add_share(out, used / capacity);
	}
	const char *to = failing && !full ? failed_to(arena, document, view_raw(cause, "id")) : "";
	if (*to)
		text_addf(out, " destination=%s", to);
	else if (strcmp(view_raw(cause, "scope"), "destination") == 0 && *view_raw(cause, "now.by"))
		text_addf(out, " destination=%s", view_text(arena, cause, "now.by", ID_CHARS));
	why_add_assumed(document, out);
	text_add(out, "\n");
}

void write_why(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct pen pen = {document, options, options->arena, out};
	const struct why_page page = why_page_of(options->arena, document, options->all);
	for (size_t i = 0; i < page.count; i++)
		say_block(&pen, &page.blocks[i]);
	write_why_line(document, options, out);
}
