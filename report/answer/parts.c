/* Adds to a page; judges nothing. */
#include "report/answer/parts.h"

#include <stdarg.h>
#include <string.h>

#include "base/array.h"
#include "report/document/view.h"
#include "report/write/command.h"
#include "report/write/script.h"

enum {
	SAID_CHARS = 1000
};

void answer_put(cJSON *object, const char *name, const char *text)
{
	if (object && *text)
		(void)cJSON_AddStringToObject(object, name, text);
}

/* The list of this name, which is made where there is none. */
static cJSON *parts_list(cJSON *object, const char *name)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(object, name);
	if (!list)
		list = cJSON_AddArrayToObject(object, name);
	return list;
}

static cJSON *parts_add(cJSON *object, const char *name)
{
	cJSON *item = cJSON_CreateObject();
	(void)cJSON_AddItemToArray(parts_list(object, name), item);
	return item;
}

/* --- head ------------------------------------------------------------------------------------ */

void answer_head(const struct answer *a, const char *kind, const char *question)
{
	answer_put(a->page, "kind", kind);
	answer_put(a->page, "question", question);
}

void answer_note(const struct answer *a, const char *text)
{
	answer_put(a->page, "note", text);
}

void answer_badge(const struct answer *a, const char *word, const char *kind, const char *verdict)
{
	cJSON *badge = cJSON_AddObjectToObject(a->page, "badge");
	answer_put(badge, "word", word);
	answer_put(badge, "kind", kind);
	answer_put(badge, "verdict", verdict);
}

void answer_is(const struct answer *a, const char *text)
{
	answer_put(a->page, "answer", text);
}

void answer_also(const struct answer *a, const char *text)
{
	if (*text)
		answer_put(parts_add(a->page, "answers"), "text", text);
}

void answer_tile(const struct answer *a, const char *name, const char *strong, const char *text)
{
	cJSON *tile = parts_add(a->page, "tiles");
	answer_put(tile, "name", name);
	answer_put(tile, "strong", strong);
	answer_put(tile, "text", text);
}

/* --- parts ----------------------------------------------------------------------------------- */

cJSON *answer_part(const struct answer *a, const char *id, const char *title)
{
	cJSON *part = parts_add(a->page, "parts");
	answer_put(part, "id", id);
	answer_put(part, "title", title);
	return part;
}

void answer_chart(cJSON *part, const char *name)
{
	answer_put(part, "chart", name);
}

void answer_text(cJSON *part, const char *text)
{
	if (*text)
		answer_put(parts_add(part, "texts"), "text", text);
}

void answer_fact(cJSON *part, const char *name, const char *value)
{
	if (*value == '\0')
		return;
	cJSON *fact = parts_add(part, "facts");
	answer_put(fact, "name", name);
	answer_put(fact, "value", value);
}

void answer_facts(const struct answer *a, cJSON *part, const char *name, const cJSON *texts)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, texts) {
		const char *text = answer_said(a, item, "");
		answer_fact(part, name, text);
	}
}

void answer_table(cJSON *part, const char *caption, const struct answer_column *columns)
{
	answer_put(part, "caption", caption);
	for (; columns->title; columns++) {
		cJSON *column = parts_add(part, "columns");
		answer_put(column, "title", columns->title);
		answer_put(column, "class", columns->class);
	}
}

/* How many rows a part leaves out. */
static void parts_leave_out(cJSON *part)
{
	cJSON *left = cJSON_GetObjectItemCaseSensitive(part, "left");
	if (left)
		cJSON_SetNumberValue(left, left->valuedouble + 1);
	else
		(void)cJSON_AddNumberToObject(part, "left", 1);
}

/* A list of ten thousand is not counted anew for each of its rows. */
static bool parts_is_full(const struct answer *a, cJSON *part, const char *list)
{
	if (!view_get(part, "left") && view_count(part, list) < a->rows_max)
		return false;
	parts_leave_out(part);
	return true;
}

cJSON *answer_row(const struct answer *a, cJSON *part, const char *name)
{
	if (parts_is_full(a, part, "rows"))
		return NULL;
	cJSON *row = parts_add(part, "rows");
	answer_put(row, "name", name);
	(void)cJSON_AddArrayToObject(row, "cells");
	return row;
}

void answer_cell(const cJSON *part, cJSON *row, const char *text)
{
	if (!row)
		return;
	int at = (int)view_count(row, "cells") + 1;
	const cJSON *column = cJSON_GetArrayItem(view_array(part, "columns"), at);
	cJSON *cell = parts_add(row, "cells");
	answer_put(cell, "label", view_raw(column, "title"));
	answer_put(cell, "class", view_raw(column, "class"));
	answer_put(cell, "text", text);
}

cJSON *answer_row_of(const struct answer *a,
		cJSON *part,
		const char *name,
		const cJSON *node,
		const char *const *paths)
{
	cJSON *row = answer_row(a, part, name);
	for (; row && *paths; paths++) {
		const char *text = answer_said(a, node, *paths);
		answer_cell(part, row, answer_or_dash(text));
	}
	return row;
}

void answer_rows(const struct answer *a,
		cJSON *part,
		const cJSON *items,
		const char *name,
		const char *const *paths)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, items) {
		const char *text = answer_said(a, item, name);
		(void)answer_row_of(a, part, text, item, paths);
	}
}

/* --- steps ----------------------------------------------------------------------------------- */

cJSON *answer_step(const struct answer *a, cJSON *part, const char *title)
{
	if (parts_is_full(a, part, "steps"))
		return NULL;
	cJSON *step = parts_add(part, "steps");
	answer_put(step, "title", title);
	return step;
}

static cJSON *parts_block(cJSON *step, const char *label)
{
	if (!step)
		return NULL;
	cJSON *block = parts_add(step, "blocks");
	answer_put(block, "label", label);
	return block;
}

void answer_step_text(cJSON *step, const char *label, const char *text)
{
	if (*text)
		answer_put(parts_block(step, label), "text", text);
}

void answer_step_texts(const struct answer *a,
		cJSON *step,
		const cJSON *node,
		const struct answer_label *rows)
{
	for (; rows->label; rows++) {
		const char *text = answer_said(a, node, rows->path);
		answer_step_text(step, rows->label, text);
	}
}

void answer_step_each(const struct answer *a, cJSON *step, const char *label, const cJSON *texts)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, texts) {
		const char *text = answer_said(a, item, "");
		answer_step_text(step, label, text);
	}
}

static void parts_line(cJSON *block, const char *name, const char *line)
{
	if (block)
		(void)cJSON_AddItemToArray(parts_list(block, name), cJSON_CreateString(line));
}

/* What cannot be shown as it is, is no command any more. */
static const char *parts_shown(const struct answer *a, const char *line)
{
	const char *shown = text_clean(a->arena, line, strlen(line), 0);
	if (strcmp(line, shown) != 0)
		return "# a command with characters that cannot be shown is left out here";
	return shown;
}

/* A text may be several commands, a line each. */
static void parts_lines(const struct answer *a, cJSON *block, const cJSON *commands)
{
	const char *at = view_raw(commands, "");
	while (*at) {
		size_t length = strcspn(at, "\n");
		const char *line = arena_copy(a->arena, at, length);
		parts_line(block, "commands", parts_shown(a, line));
		at += length;
		at += strspn(at, "\n");
	}
}

void answer_step_line(const struct answer *a, cJSON *step, const char *label, const cJSON *line)
{
	parts_lines(a, parts_block(step, label), line);
}

void answer_step_commands(const struct answer *a,
		cJSON *step,
		const char *label,
		const cJSON *commands)
{
	const cJSON *command;
	cJSON *block = NULL;
	cJSON_ArrayForEach(command, commands) {
		if (!block)
			block = parts_block(step, label);
		if (cJSON_IsString(command))
			parts_lines(a, block, command);
		else
			parts_line(block, "commands", command_shown(a->arena, command));
	}
}

/* Options of an engine's command line may be broken where a shell allows it, lines of a file
 * nowhere. */
static bool parts_is_options(const char *kind)
{
	static const char *const engines[] = {"docker", "podman", "nerdctl"};
	for (size_t i = 0; i < COUNT_OF(engines); i++)
		if (strcmp(kind, engines[i]) == 0)
			return true;
	return false;
}

void answer_step_file(const struct answer *a, cJSON *step, const char *label, const cJSON *file)
{
	const cJSON *line;
	const char *kind = answer_said(a, file, "kind");
	const char *path = view_text(a->arena, file, "path", 0);
	const char *list = "lines";
	if (parts_is_options(kind))
		list = "commands";
	cJSON *block = parts_block(step, label);
	answer_put(block, "text", script_file_place(a->arena, kind, path));
	cJSON_ArrayForEach(line, view_array(file, "lines"))
		parts_line(block, list, view_text(a->arena, line, "", 0));
}

/* --- words ----------------------------------------------------------------------------------- */

const char *answer_said(const struct answer *a, const cJSON *node, const char *path)
{
	return view_text(a->arena, node, path, SAID_CHARS);
}

const char *answer_of(const struct answer *a, const char *path)
{
	return answer_said(a, a->root, path);
}

double answer_number(const struct answer *a, const char *path)
{
	return view_number(a->root, path);
}

const cJSON *answer_list(const struct answer *a, const char *path)
{
	return view_array(a->root, path);
}

const cJSON *answer_object(const struct answer *a, const char *path)
{
	return view_object(a->root, path);
}

const char *answer_arrow(const struct answer *a, const char *from, const char *to)
{
	if (strcmp(from, to) == 0)
		return to;
	return answer_printf(a, "%s → %s", from, to);
}

const char *answer_printf(const struct answer *a, const char *format, ...)
{
	va_list arguments;
	va_start(arguments, format);
	const char *text = arena_vprintf(a->arena, format, arguments);
	va_end(arguments);
	return text;
}

const char *answer_figure(const struct answer *a,
		const cJSON *node,
		const char *path,
		enum unit unit)
{
	return view_figure(a->arena, node, path, unit);
}

const char *answer_count(const struct answer *a, double number)
{
	return view_figure_of(a->arena, number, UNIT_COUNT);
}

const char *answer_plural(const struct answer *a, double count, const char *noun)
{
	const char *figure = view_figure_of(a->arena, count, UNIT_COUNT);
	const char *plural = "s";
	if (count >= 1 && count <= 1)
		plural = "";
	return arena_printf(a->arena, "%s %s%s", figure, noun, plural);
}

const char *answer_or_dash(const char *text)
{
	if (*text == '\0')
		return "–";
	return text;
}
