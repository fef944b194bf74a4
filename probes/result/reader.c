/* Which form the bytes have: text, in which documents may stand, rows, or vegeta's own. */
#include "probes/result/reader.h"

#include <math.h>
#include <string.h>

#include "base/ascii.h"
#include "probes/result/gob_form.h"

enum {
	BEGIN_BYTES = 64 /* that tell what it is */
};

struct result_reader {
	const struct tool_results *results;
	struct score score;
	struct line_form lines;
	struct json_form json;
	struct csv_form csv;
	struct rows rows;
	struct gob_form gob;
	char begin[BEGIN_BYTES];
	size_t begin_length;
	char line[RESULT_LINE_MAX];
	size_t line_length;
	bool decided, is_gob, in_json, has_json, after_line, skips_line, deaf;
};

/* --- JSON --- */

static void take_json_row(struct result_reader *reader,
		const struct tool_result_row *row,
		const struct json_form *form,
		const struct json_value *value)
{
	const char *name = "";
	double number = value->number;
	if (form->depth > 0)
		name = form->names[form->depth - 1];
	bool is_cause = value->kind == JSON_TEXT && row->figure == RESULT_ERRORS;
	if (value->kind == JSON_TRUTH || (row->unless && strstr(name, row->unless)))
		return;
	if (is_cause) {
		score_cause(&reader->score, value->text, value->length, 1);
		return;
	}
	if (value->kind == JSON_TEXT && result_number_at(value->text, value->length, &number) == 0)
		return;
	score_take(&reader->score, row, number);
	if (row->figure == RESULT_ERRORS)
		score_cause(&reader->score, name, strlen(name), number);
}

static bool has_documents(const struct result_reader *reader)
{
	return reader->rows.form == FORM_K6 || reader->rows.form == FORM_VEGETA;
}

static void reader_on_value(void *context,
		const struct json_form *form,
		const struct json_value *value)
{
	struct result_reader *reader = context;
	const struct tool_results *results = reader->results;
	for (size_t i = 0; i < results->row_count && i < RESULT_ROWS_MAX; i++) {
		const struct tool_result_row *row = &results->rows[i];
		if (row->json && json_form_is_at(form, row->json))
			take_json_row(reader, row, form, value);
	}
	if (has_documents(reader))
		rows_take_value(&reader->rows, form, value);
}

static void on_document(void *context)
{
	struct result_reader *reader = context;
	if (has_documents(reader))
		rows_take_document(&reader->rows);
}

static void json_begin(struct result_reader *reader)
{
	reader->json = (struct json_form){
			.value = reader_on_value,
			.end = on_document,
			.context = reader,
	};
}

/* How many of the bytes belong to the document. */
static size_t reader_add_json(struct result_reader *reader, const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length && reader->in_json) {
		json_form_add(&reader->json, bytes + at, 1);
		at++;
		reader->in_json = reader->json.depth > 0 && !reader->json.broken;
	}
	return at;
}

/* --- lines and rows --- */

static void on_row(void *context, const struct csv_form *form)
{
	struct result_reader *reader = context;
	rows_take_cells(&reader->rows, form);
}

static void reader_end_line(struct result_reader *reader)
{
	size_t length = reader->line_length;
	reader->line_length = 0;
	reader->after_line = true;
	if (reader->skips_line) {
		reader->skips_line = false;
		return;
	}
	line_form_add(&reader->lines, reader->line, length);
	if (reader->rows.form == FORM_JMETER && memchr(reader->line, '<', length))
		rows_take_line(&reader->rows, reader->line, length);
}

/* All up to the end of the line. */
static size_t reader_add_line(struct result_reader *reader, const char *bytes, size_t length)
{
	const char *end = memchr(bytes, '\n', length);
	size_t part = length, room = sizeof reader->line - reader->line_length;
	if (end)
		part = (size_t)(end - bytes);
	size_t keep = part;
	if (keep > room)
		keep = room;
	memcpy(reader->line + reader->line_length, bytes, keep);
	reader->line_length += keep;
	reader->after_line = false;
	size_t taken = part + (end != NULL);
	if (reader->rows.form != FORM_NONE && !reader->skips_line)
		csv_form_add(&reader->csv, bytes, taken);
	if (end)
		reader_end_line(reader);
	return taken;
}

static bool begins_json(const struct result_reader *reader, const char *bytes)
{
	if (!reader->has_json || !reader->after_line || reader->skips_line)
		return false;
	return *bytes == '{' || (*bytes == '[' && reader->json.documents == 0);
}

static void reader_add_text(struct result_reader *reader, const char *bytes, size_t length)
{
	size_t at = 0;
	while (at < length) {
		if (reader->in_json) {
			at += reader_add_json(reader, bytes + at, length - at);
		} else if (begins_json(reader, bytes + at)) {
			json_begin(reader);
			reader->in_json = true;
		} else {
			at += reader_add_line(reader, bytes + at, length - at);
		}
	}
}

/* --- all of it --- */

static bool names_json(const struct tool_results *results)
{
	for (size_t i = 0; i < results->row_count; i++)
		if (results->rows[i].json)
			return true;
	return results->form == FORM_K6 || results->form == FORM_VEGETA;
}

struct result_reader *result_open(struct arena *arena, const struct tool_results *results)
{
	struct result_reader *reader = arena_alloc(arena, sizeof *reader);
	reader->results = results;
	reader->has_json = names_json(results);
	reader->after_line = true;
	score_init(&reader->score);
	reader->lines = (struct line_form){.results = results, .score = &reader->score};
	reader->csv.row = on_row;
	reader->csv.context = reader;
	rows_init(&reader->rows, results->form, &reader->score);
	reader->gob.rows = &reader->rows;
	return reader;
}

static void result_dispatch(struct result_reader *reader, const char *bytes, size_t length)
{
	if (reader->deaf)
		return;
	if (reader->is_gob)
		gob_form_add(&reader->gob, bytes, length);
	else
		reader_add_text(reader, bytes, length);
}

static void result_decide(struct result_reader *reader)
{
	if (reader->decided)
		return;
	reader->decided = true;
	if (reader->rows.form == FORM_VEGETA)
		reader->is_gob = gob_form_begins(reader->begin, reader->begin_length);
	result_dispatch(reader, reader->begin, reader->begin_length);
}

void result_add(struct result_reader *reader, const char *bytes, size_t length)
{
	if (!reader->decided) {
		size_t room = sizeof reader->begin - reader->begin_length;
		size_t part = length;
		if (part > room)
			part = room;
		memcpy(reader->begin + reader->begin_length, bytes, part);
		reader->begin_length += part;
		bytes += part;
		length -= part;
		if (reader->begin_length == sizeof reader->begin)
			result_decide(reader);
	}
	if (length > 0)
		result_dispatch(reader, bytes, length);
}

void result_skip(struct result_reader *reader)
{
	result_decide(reader);
	reader->deaf = reader->is_gob || (reader->in_json && !has_documents(reader));
	reader->in_json = false;
	reader->line_length = 0;
	reader->skips_line = true;
	reader->after_line = false;
	csv_form_drop(&reader->csv);
}

bool result_is_whole_only(const struct result_reader *reader)
{
	return reader->deaf;
}

/* What one source ends with; another may follow. */
static void result_finish(struct result_reader *reader)
{
	result_decide(reader);
	if (reader->line_length > 0)
		reader_end_line(reader);
	csv_form_end(&reader->csv);
	rows_end(&reader->rows);
}

void result_next(struct result_reader *reader)
{
	result_finish(reader);
	reader->decided = reader->is_gob = reader->in_json = reader->deaf = false;
	reader->skips_line = false;
	reader->begin_length = 0;
	reader->after_line = true;
	csv_form_drop(&reader->csv);
}

/* A document that did not end says nothing of what it would have said. */
static bool is_cut_off(const struct result_reader *reader)
{
	bool cut = reader->json.broken || reader->in_json;
	return cut && reader->score.by_json;
}

bool result_end(struct result_reader *reader, struct tool_result *ret_result)
{
	result_finish(reader);
	bool cut = is_cut_off(reader);
	score_absent(&reader->score, reader->results);
	for (size_t i = 0; i < RESULT_FIGURES; i++)
		ret_result->figures[i] = reader->score.figures[i];
	ret_result->cause = score_most(&reader->score);
	return reader->score.found && !cut;
}
