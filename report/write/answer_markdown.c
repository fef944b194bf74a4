/* The pages of report/answer/ for a ticket or a pull request. */
#include <string.h>

#include "report/answer/answer.h"
#include "report/document/command_line.h"
#include "report/document/request.h"
#include "report/document/view.h"
#include "report/write/markup.h"
#include "report/write/write.h"

enum {
	MARKDOWN_ROWS_MAX = 60
};

struct answer_sheet {
	struct arena *arena;
	struct text *out;
};

/* The texts of a page are clean; none of them may begin a new line of the table. */
static const char *sheet_of(const struct answer_sheet *sheet, const cJSON *node, const char *path)
{
	return view_text(sheet->arena, node, path, 0);
}

static void sheet_say(const struct answer_sheet *sheet, const char *before, const char *text)
{
	if (*text == '\0')
		return;
	text_add(sheet->out, before);
	markup_add_markdown(sheet->out, text);
}

static void sheet_member(const struct answer_sheet *sheet,
		const char *before,
		const cJSON *node,
		const char *path)
{
	const char *text = sheet_of(sheet, node, path);
	sheet_say(sheet, before, text);
}

static void sheet_paragraph(const struct answer_sheet *sheet, const char *text)
{
	if (*text == '\0')
		return;
	markup_add_markdown(sheet->out, text);
	text_add(sheet->out, "\n\n");
}

static void sheet_pair(const struct answer_sheet *sheet, const char *name, const char *value)
{
	sheet_say(sheet, "* ", name);
	sheet_say(sheet, ": ", value);
	text_add(sheet->out, "\n");
}

static void sheet_code(const struct answer_sheet *sheet, const char *language, const cJSON *lines)
{
	struct text text = {0};
	const cJSON *line;
	if (!lines)
		return;
	cJSON_ArrayForEach(line, lines) {
		const char *shown = sheet_of(sheet, line, "");
		text_addf(&text, "%s\n", shown);
	}
	struct arena *arena = sheet->arena;
	const char *code = text_take(arena, &text);
	markup_add_code(arena, sheet->out, language, code);
}

static void sheet_columns(const struct answer_sheet *sheet, const cJSON *columns)
{
	const cJSON *column;
	text_add(sheet->out, "|");
	cJSON_ArrayForEach(column, columns) {
		sheet_member(sheet, " ", column, "title");
		text_add(sheet->out, " |");
	}
	text_add(sheet->out, "\n");
	cJSON_ArrayForEach(column, columns) {
		const char *class = view_raw(column, "class");
		bool right = strcmp(class, "num") == 0;
		text_add(sheet->out, right ? "|--:" : "|---");
	}
	text_add(sheet->out, "|\n");
}

static void sheet_row(const struct answer_sheet *sheet, const cJSON *row)
{
	const cJSON *cell;
	sheet_member(sheet, "| ", row, "name");
	cJSON_ArrayForEach(cell, view_array(row, "cells")) {
		text_add(sheet->out, " | ");
		sheet_member(sheet, "", cell, "text");
	}
	text_add(sheet->out, " |\n");
}

static void sheet_table(const struct answer_sheet *sheet, const cJSON *part)
{
	const cJSON *row, *columns = view_array(part, "columns");
	if (!columns)
		return;
	sheet_columns(sheet, columns);
	cJSON_ArrayForEach(row, view_array(part, "rows"))
		sheet_row(sheet, row);
	text_add(sheet->out, "\n");
}

static void sheet_block(const struct answer_sheet *sheet, const cJSON *block)
{
	const cJSON *commands = view_array(block, "commands");
	const cJSON *lines = view_array(block, "lines");
	sheet_member(sheet, "**", block, "label");
	text_add(sheet->out, ":**");
	sheet_member(sheet, " ", block, "text");
	text_add(sheet->out, "\n\n");
	sheet_code(sheet, "sh", commands);
	sheet_code(sheet, "", lines);
}

static void sheet_steps(const struct answer_sheet *sheet, const cJSON *part)
{
	const cJSON *step, *block;
	int number = 0;
	cJSON_ArrayForEach(step, view_array(part, "steps")) {
		const char *title = sheet_of(sheet, step, "title");
		number++;
		text_addf(sheet->out, "### %d. ", number);
		sheet_paragraph(sheet, title);
		cJSON_ArrayForEach(block, view_array(step, "blocks"))
			sheet_block(sheet, block);
	}
}

static void sheet_facts(const struct answer_sheet *sheet, const cJSON *part)
{
	const cJSON *item;
	const cJSON *facts = view_array(part, "facts");
	cJSON_ArrayForEach(item, facts) {
		const char *name = sheet_of(sheet, item, "name");
		const char *value = sheet_of(sheet, item, "value");
		sheet_pair(sheet, name, value);
	}
	if (facts)
		text_add(sheet->out, "\n");
}

static void sheet_left(const struct answer_sheet *sheet, const cJSON *part)
{
	double left = view_number(part, "left");
	if (left > 0)
		text_addf(sheet->out,
				"%s more in the document (JSON).\n\n",
				view_figure_of(sheet->arena, left, UNIT_COUNT));
}

static void sheet_part(const struct answer_sheet *sheet, const cJSON *part)
{
	const cJSON *item;
	text_add(sheet->out, "## ");
	sheet_paragraph(sheet, sheet_of(sheet, part, "title"));
	const size_t head = sheet->out->length;
	cJSON_ArrayForEach(item, view_array(part, "texts"))
		sheet_paragraph(sheet, sheet_of(sheet, item, "text"));
	sheet_table(sheet, part);
	sheet_steps(sheet, part);
	sheet_facts(sheet, part);
	sheet_left(sheet, part);
	if (sheet->out->length == head)
		sheet_paragraph(sheet, "This is a chart: see the report in HTML or PDF.");
}

static void sheet_tile(const struct answer_sheet *sheet, const cJSON *tile)
{
	const char *text = sheet_of(sheet, tile, "text");
	const char *value = sheet_of(sheet, tile, "strong");
	if (*text)
		value = arena_printf(sheet->arena, "%s (%s)", value, text);
	const char *name = sheet_of(sheet, tile, "name");
	sheet_pair(sheet, name, value);
}

static void sheet_head(const struct answer_sheet *sheet, const cJSON *document, const cJSON *page)
{
	const cJSON *item;
	const char *request = document_request_text(sheet->arena, document);
	text_add(sheet->out, "# ");
	sheet_paragraph(sheet, sheet_of(sheet, page, "question"));
	const char *answer = sheet_of(sheet, page, "answer");
	sheet_member(sheet, "", page, "kind");
	sheet_say(sheet, " · ", request);
	sheet_member(sheet, " · ", page, "note");
	sheet_member(sheet, " · ", document, "created");
	text_add(sheet->out, "\n\n**");
	sheet_member(sheet, "", page, "badge.word");
	text_add(sheet->out, "** ");
	sheet_paragraph(sheet, answer);
	cJSON_ArrayForEach(item, view_array(page, "answers"))
		sheet_paragraph(sheet, sheet_of(sheet, item, "text"));
	cJSON_ArrayForEach(item, view_array(page, "tiles"))
		sheet_tile(sheet, item);
	text_add(sheet->out, "\n");
}

void write_answer_markdown(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	const struct answer_sheet sheet = {options->arena, out};
	const char *line = document_command_line(options->arena, document);
	const cJSON *part;
	cJSON *page = cJSON_CreateObject();
	answer_page(options->arena, document, MARKDOWN_ROWS_MAX, page);
	sheet_head(&sheet, document, page);
	cJSON_ArrayForEach(part, view_array(page, "parts"))
		sheet_part(&sheet, part);
	if (*line) {
		text_add(out, "## Reproduce\n\n");
		markup_add_code(options->arena, out, "sh", line);
	}
	cJSON_Delete(page);
}

static void summary_line_of(const struct answer_sheet *sheet, const char *text)
{
	if (*text)
		text_addf(sheet->out, "%s\n", text);
}

void write_answer_summary(const cJSON *document,
		const struct write_options *options,
		struct text *out)
{
	const struct answer_sheet sheet = {options->arena, out};
	const char *request = document_request_text(options->arena, document);
	const char *line = document_command_line(options->arena, document);
	const cJSON *item;
	cJSON *page = cJSON_CreateObject();
	answer_page(options->arena, document, 1, page);
	text_addf(out, "%s: %s\n", sheet_of(&sheet, page, "kind"), sheet_of(&sheet, page, "question"));
	text_addf(out,
			"%s: %s\n",
			sheet_of(&sheet, page, "badge.word"),
			sheet_of(&sheet, page, "answer"));
	cJSON_ArrayForEach(item, view_array(page, "answers"))
		summary_line_of(&sheet, sheet_of(&sheet, item, "text"));
	summary_line_of(&sheet, request);
	summary_line_of(&sheet, line);
	cJSON_Delete(page);
}
