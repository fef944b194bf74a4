/* headroom.why/1 on a terminal. */
#include <math.h>
#include <string.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/pen.h"
#include "report/write/script.h"
#include "report/write/why_page.h"

enum {
	INDENT = 13,
	ID_CHARS = 60
};

/* A sentence that begins in the first column. */
static void say_cause(const struct pen *pen, const struct why_block *block)
{
	const char *label = pen_fold(pen, block->label);
	const char *text = pen_fold(pen, block->text);
	const char *first = arena_printf(pen->arena, "%s  ", label);
	pen_tone(pen, block->tone);
	pen_tone(pen, TONE_STRONG);
	pen_wrap(pen, first, "  ", text);
	pen_plain(pen);
}

static const char indent[] = "             ";

/* Broken only where a shell takes the lines together again. */
static void say_command(const struct pen *pen, const struct why_block *block)
{
	struct text first = {0};
	text_add(&first, "  ");
	columns_left(&first, block->label, INDENT - 2);
	const struct script_place place = {
			.first = text_take(pen->arena, &first),
			.rest = indent,
			.width = script_width(pen->options),
	};
	script_add_text(pen->arena, pen->out, block->text, &place);
}

static void say_file(const struct pen *pen, const struct why_block *block)
{
	text_add(pen->out, "  ");
	columns_left(pen->out, block->label, INDENT - 2);
	text_addf(pen->out, "%s:\n", block->text);
	const char *begin = arena_printf(pen->arena, "%s  ", indent);
	script_add_file(pen->arena, pen->out, block->file, begin);
}

/* Without a text, a title is an empty line. */
static void say_title(const struct pen *pen, const struct why_block *block)
{
	text_add(pen->out, "\n");
	if (*block->text == '\0')
		return;
	text_add(pen->out, pen_fold(pen, block->text));
	text_add(pen->out, "\n");
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
		say_title(pen, block);
		return;
	case WHY_BLOCK_COMMAND:
		say_command(pen, block);
		return;
	case WHY_BLOCK_FILE:
		say_file(pen, block);
		return;
	case WHY_BLOCK_LINE:
		if (block->label)
			pen_paragraph(pen, block->label, INDENT, block->text);
		else
			pen_line(pen, block->text);
		return;
	}
}

static bool is_member(const cJSON *node, const char *path, const char *value)
{
	return strcmp(view_raw(node, path), value) == 0;
}

/* Where most of the calls that failed of this cause went; "": it is not known. */
static const char *failed_to(struct arena *arena, const cJSON *document, const char *id)
{
	const cJSON *row;
	const cJSON *rows = view_array(document, "calls.rows");
	cJSON_ArrayForEach(row, rows) {
		if (is_member(row, "cause", id))
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

static void add_hit_before(const cJSON *document, struct text *out)
{
	size_t hit = why_hit_before(document);
	if (hit > 0)
		text_addf(out, " since_boot=%zu", hit);
}

/* How much of the limit is in use, where that says something. */
static void add_use(const cJSON *cause, struct text *out)
{
	double used = view_number(cause, "now.used");
	double capacity = view_number(cause, "now.capacity");
	if (isnan(used) || isinf(capacity))
		return;
	if (!(capacity > 0))
		return;
	text_add(out, " ");
	view_add_share(out, used / capacity);
}

static const char *destination_of(struct arena *arena,
		const cJSON *document,
		const cJSON *cause,
		bool unseen)
{
	const char *to = "";
	if (unseen)
		to = failed_to(arena, document, view_raw(cause, "id"));
	if (*to)
		return to;
	if (is_member(cause, "scope", "destination"))
		return view_text(arena, cause, "now.by", ID_CHARS);
	return "";
}

static void add_found(struct arena *arena,
		const cJSON *document,
		const cJSON *cause,
		struct text *out)
{
	/* Calls may fail where the looks did not go: then the use here says nothing. */
	bool failing = is_member(cause, "strength", "failing-now");
	bool full = is_member(cause, "now.state", "full");
	bool unseen = failing && !full;
	const char *id = view_text(arena, cause, "id", ID_CHARS);
	const char *to = destination_of(arena, document, cause, unseen);
	text_add(out, id);
	if (!unseen)
		add_use(cause, out);
	if (*to)
		text_addf(out, " destination=%s", to);
}

void write_why_line(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const cJSON *causes = view_array(document, "causes");
	const cJSON *cause = cJSON_GetArrayItem(causes, 0);
	text_add(out, "headroom: WHY ");
	if (is_member(document, "answer", "found"))
		add_found(arena, document, cause, out);
	else
		text_add(out, view_text(arena, document, "answer", ID_CHARS));
	why_add_assumed(document, out);
	add_hit_before(document, out);
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
