/* Lines of text, by the places that a rule names: "# requests in", "Socket errors: connect #". */
#include <string.h>

#include "base/ascii.h"
#include "probes/result/forms.h"

/* Between the pieces of a pattern: nothing, anything, or the number. */
struct place {
	const char *bytes;
	size_t length;
	size_t at;
};

static const char *find_piece(const char *bytes, size_t length, const char *text, size_t wanted)
{
	if (wanted == 0)
		return bytes;
	return memmem(bytes, length, text, wanted);
}

static bool line_has(const char *line, size_t length, const char *text)
{
	return find_piece(line, length, text, strlen(text)) != NULL;
}

static bool is_number_byte(char c)
{
	return (c >= '0' && c <= '9') || c == '.' || c == ',' || c == 'k' || c == 'M';
}

/* "# requests": the number stands right before the place. */
static bool number_ends_at(const char *line, size_t end, double *ret_number)
{
	size_t begin = end;
	while (begin > 0 && is_number_byte(line[begin - 1]))
		begin--;
	while (begin < end && (line[begin] < '0' || line[begin] > '9'))
		begin++;
	return begin < end && result_number_at(line + begin, end - begin, ret_number) > 0;
}

static size_t count_blanks(const char *line, size_t length)
{
	size_t count = 0;
	while (count < length && (line[count] == ' ' || line[count] == '\t'))
		count++;
	return count;
}

static bool take_sign(struct place *place, char sign, bool time, double *number)
{
	size_t left = place->length - place->at;
	if (sign != '#')
		return true;
	place->at += count_blanks(place->bytes + place->at, left);
	left = place->length - place->at;
	const char *from = place->bytes + place->at;
	size_t taken;
	if (time)
		taken = result_time_at(from, left, number);
	else
		taken = result_number_at(from, left, number);
	place->at += taken;
	return taken > 0;
}

/* The rest of a pattern, from its first sign on. */
static bool match_signs(struct place *place, const char *pattern, bool time, double *number)
{
	while (*pattern) {
		char sign = *pattern++;
		if (!take_sign(place, sign, time, number))
			return false;
		size_t wanted = strcspn(pattern, "#*");
		const char *from = place->bytes + place->at;
		size_t left = place->length - place->at;
		const char *next = find_piece(from, left, pattern, wanted);
		if (!next || (sign == '#' && next != from))
			return false;
		place->at = (size_t)(next - place->bytes) + wanted;
		pattern += wanted;
	}
	return true;
}

static bool row_match(const struct tool_result_row *row,
		const char *line,
		size_t length,
		double *ret_number)
{
	const char *pattern = row->text;
	bool before = pattern[0] == '#';
	bool time = row->figure == RESULT_SECONDS;
	if (before)
		pattern++;
	size_t wanted = strcspn(pattern, "#*");
	const char *first = find_piece(line, length, pattern, wanted);
	if (!first)
		return false;
	struct place place = {line, length, (size_t)(first - line) + wanted};
	if (before && !number_ends_at(line, (size_t)(first - line), ret_number))
		return false;
	return match_signs(&place, pattern + wanted, time, ret_number);
}

static bool has_letter(const char *line, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if (ascii_is_letter(line[i]) || ascii_is_digit(line[i]))
			return true;
	return false;
}

/* A section begins behind its title, and ends with the first empty line behind some text. */
static bool counts_here(struct line_form *form, size_t i, const char *line, size_t length)
{
	const struct tool_result_row *row = &form->results->rows[i];
	enum line_section *section = &form->sections[i];
	if (!row->after)
		return true;
	if (line_has(line, length, row->after)) {
		*section = SECTION_TITLE;
		return false;
	}
	if (has_letter(line, length) && *section == SECTION_TITLE)
		*section = SECTION_INSIDE;
	if (length == 0 && *section == SECTION_INSIDE)
		*section = SECTION_NONE;
	return *section == SECTION_INSIDE;
}

static void line_take_row(const struct line_form *form,
		const struct tool_result_row *row,
		const char *line,
		size_t length)
{
	double number = 0;
	struct score *score = form->score;
	if (row->unless && line_has(line, length, row->unless))
		return;
	if (!row_match(row, line, length, &number))
		return;
	score_take(score, row, number);
	if (row->figure == RESULT_ERRORS && row->after) /* a list of kinds, and no total */
		score_cause(score, line, length, number);
}

void line_form_add(struct line_form *form, const char *line, size_t length)
{
	const struct tool_results *results = form->results;
	while (length > 0 && (line[length - 1] == '\r' || line[length - 1] == ' '))
		length--;
	for (size_t i = 0; i < results->row_count && i < RESULT_ROWS_MAX; i++) {
		const struct tool_result_row *row = &results->rows[i];
		if (row->text && counts_here(form, i, line, length))
			line_take_row(form, row, line, length);
	}
}
