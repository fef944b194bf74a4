/* What can be said of the places of a tool's figures without a result. */
#include <string.h>

#include "model/tool/names.h"

enum {
	ROWS_MAX = 64,
	FILES_MAX = 16,
	LEAST_TEXT = 2
};

/* One number, and enough text to be found by. */
static bool check_pattern(const char *text, struct error *err)
{
	size_t numbers = 0, bytes = 0;
	bool sign_before = false;
	for (const char *at = text; *at; at++) {
		bool sign = *at == '#' || *at == '*';
		numbers += *at == '#';
		bytes += !sign;
		if (sign && sign_before)
			return error_set(err, "\"%.100s\": two signs side by side", text);
		sign_before = sign;
	}
	if (text[0] == '*')
		return error_set(err, "\"%.100s\": it need not begin with *", text);
	if (numbers != 1)
		return error_set(err, "\"%.100s\": it needs one #, the number", text);
	if (bytes < LEAST_TEXT)
		return error_set(err, "\"%.100s\": less than %d bytes of text", text, LEAST_TEXT);
	return true;
}

static bool check_place(const struct tool_result_row *row, struct error *err)
{
	const char *figure = tool_figure_words[row->figure];
	if (!row->text == !row->json)
		return error_set(err, "results: %s needs \"text\" or \"json\", one of them", figure);
	if (row->json && row->after)
		return error_set(err, "results: \"after\" goes with \"text\" only");
	return !row->text || check_pattern(row->text, err);
}

static bool check_result_file(const struct tool_result_file *file, struct error *err)
{
	if (file->names[0] != '-')
		return error_set(err, "results: \"%.60s\" must begin with a dash", file->names);
	if (file->path && !strstr(file->path, "{}"))
		return error_set(err, "results: \"%.60s\" has no {} for what the option says", file->path);
	return true;
}

bool tool_results_check(const struct tool_results *results, struct error *err)
{
	if (results->row_count > ROWS_MAX || results->file_count > FILES_MAX)
		return error_set(err, "results: at most %d figures and %d files", ROWS_MAX, FILES_MAX);
	for (size_t i = 0; i < results->file_count; i++)
		if (!check_result_file(&results->files[i], err))
			return false;
	for (size_t i = 0; i < results->row_count; i++)
		if (!check_place(&results->rows[i], err))
			return false;
	return true;
}
