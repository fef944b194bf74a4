/* Positions only: nothing is copied, decoded or followed without a check of its bounds. */
#include "report/pdf/finish_scan.h"

#include <string.h>

enum {
	ENTRY_BYTES = 20,
	TAIL_BYTES = 64,
	OBJECTS_MAX = 4 * 1000 * 1000
}; /* ISO 32000-1, 7.5.4: 20 bytes an entry */

static const struct span nothing = {0, 0};

/* ISO 32000-1, 7.2.2 */
static const char kinds[256] = {
		[' '] = 'b',
		['\t'] = 'b',
		['\r'] = 'b',
		['\n'] = 'b',
		['\f'] = 'b',
		['\0'] = 'b',
		['('] = 'd',
		[')'] = 'd',
		['<'] = 'd',
		['>'] = 'd',
		['['] = 'd',
		[']'] = 'd',
		['{'] = 'd',
		['}'] = 'd',
		['/'] = 'd',
		['%'] = 'd',
};

static bool is_blank(char letter)
{
	return kinds[(unsigned char)letter] == 'b';
}

static bool is_delimiter(char letter)
{
	return kinds[(unsigned char)letter] == 'd';
}

static bool is_digit(char letter)
{
	return letter >= '0' && letter <= '9';
}

static size_t finish_scan_skip_blanks(const struct pdf_file *file, size_t at, size_t limit)
{
	while (at < limit && is_blank(file->bytes[at]))
		at++;
	return at;
}

static bool starts_with(const struct pdf_file *file, size_t at, size_t limit, const char *text)
{
	size_t length = strlen(text);
	return at <= limit && length <= limit - at && memcmp(file->bytes + at, text, length) == 0;
}

/* Digits only; false where there are none or too many. */
static bool finish_scan_read_number(const struct pdf_file *file,
		size_t *at,
		size_t limit,
		size_t *ret_number)
{
	enum {
		DIGITS_MAX = 10
	};
	size_t first = *at, number = 0;
	while (*at < limit && *at - first < DIGITS_MAX && is_digit(file->bytes[*at]))
		number = number * 10 + (size_t)(file->bytes[(*at)++] - '0');
	*ret_number = number;
	return *at > first && (*at == limit || !is_digit(file->bytes[*at]));
}

/* "(…)" with nested pairs and escapes; `at` is behind the first parenthesis. */
static size_t finish_scan_skip_string(const struct pdf_file *file, size_t at, size_t limit)
{
	for (size_t depth = 1; at < limit; at++) {
		char letter = file->bytes[at];
		if (letter == '\\')
			at++;
		else if (letter == '(')
			depth++;
		else if (letter == ')' && --depth == 0)
			return at + 1;
	}
	return limit + 1; /* it does not end */
}

/* Behind the token at `at`; more than `limit` if it does not end before. */
static size_t skip_token(const struct pdf_file *file, size_t at, size_t limit)
{
	char letter = file->bytes[at];
	if (starts_with(file, at, limit, "<<") || starts_with(file, at, limit, ">>"))
		return at + 2;
	if (letter == '(')
		return finish_scan_skip_string(file, at + 1, limit);
	if (letter == '<') {
		const char *end = memchr(file->bytes + at, '>', limit - at);
		return end ? (size_t)(end - file->bytes) + 1 : limit + 1;
	}
	if (is_delimiter(letter) && letter != '/')
		return at + 1;
	for (at++; at < limit && !is_blank(file->bytes[at]) && !is_delimiter(file->bytes[at]);)
		at++;
	return at;
}

/* Behind " 0 R" if the number that ends at `at` begins a reference, else `at`. */
static size_t skip_reference(const struct pdf_file *file, size_t at, size_t limit)
{
	size_t next = finish_scan_skip_blanks(file, at, limit), generation;
	if (next == at || !finish_scan_read_number(file, &next, limit, &generation))
		return at;
	size_t letter = finish_scan_skip_blanks(file, next, limit);
	bool ends = letter + 1 >= limit || is_blank(file->bytes[letter + 1]) ||
			is_delimiter(file->bytes[letter + 1]);
	return letter > next && letter < limit && file->bytes[letter] == 'R' && ends ? letter + 1 : at;
}

static bool opens(const struct pdf_file *file, size_t at, size_t limit)
{
	return file->bytes[at] == '[' || starts_with(file, at, limit, "<<");
}

struct span pdf_value(const struct pdf_file *file, size_t at, size_t limit)
{
	struct span value = {finish_scan_skip_blanks(file, at, limit), 0};
	size_t depth = 0;
	at = value.start;
	do {
		at = finish_scan_skip_blanks(file, at, limit);
		if (at >= limit)
			return nothing;
		bool closes = file->bytes[at] == ']' || starts_with(file, at, limit, ">>");
		if (closes && depth == 0)
			return nothing;
		depth += opens(file, at, limit);
		depth -= closes;
		at = skip_token(file, at, limit);
		if (at > limit)
			return nothing;
	} while (depth > 0);
	value.end = is_digit(file->bytes[value.start]) ? skip_reference(file, at, limit) : at;
	return value;
}

bool pdf_is(const struct pdf_file *file, struct span value, const char *text)
{
	size_t length = strlen(text);
	return value.end - value.start == length &&
			memcmp(file->bytes + value.start, text, length) == 0;
}

bool pdf_is_dictionary(const struct pdf_file *file, struct span value)
{
	return value.end - value.start >= 4 && starts_with(file, value.start, value.end, "<<");
}

bool pdf_is_array(const struct pdf_file *file, struct span value)
{
	return value.end - value.start >= 2 && file->bytes[value.start] == '[';
}

struct span pdf_member(const struct pdf_file *file, struct span dictionary, const char *name)
{
	if (!pdf_is_dictionary(file, dictionary))
		return nothing;
	size_t limit = dictionary.end - 2;
	for (size_t at = dictionary.start + 2; at < limit;) {
		struct span key = pdf_value(file, at, limit), value = pdf_value(file, key.end, limit);
		if (key.end == key.start || value.end == value.start || file->bytes[key.start] != '/')
			return nothing;
		if (pdf_is(file, key, name))
			return value;
		at = value.end;
	}
	return nothing;
}

size_t pdf_reference(const struct pdf_file *file, struct span value)
{
	size_t at = value.start, number;
	if (value.end <= value.start || file->bytes[value.end - 1] != 'R' ||
			!finish_scan_read_number(file, &at, value.end, &number))
		return 0;
	return number < file->count && file->objects[number].offset ? number : 0;
}

/* --- the cross-reference table ------------------------------------------------------------------
 */

static bool find_table(struct pdf_file *file, struct error *err)
{
	static const char word[] = "startxref";
	size_t tail = file->size > TAIL_BYTES ? file->size - TAIL_BYTES : 0, at = file->size;
	while (at > tail && !starts_with(file, at, file->size, word))
		at--;
	size_t number = at + sizeof word - 1;
	if (!starts_with(file, at, file->size, word))
		return error_fail(err, "the PDF does not end with startxref");
	number = finish_scan_skip_blanks(file, number, file->size);
	if (!finish_scan_read_number(file, &number, file->size, &file->table) || file->table >= at)
		return error_fail(err, "the PDF's startxref does not lead into the file");
	return true;
}

/* "N 0 obj" and the value behind it, before the table. */
static bool read_object(struct pdf_file *file, size_t number, struct error *err)
{
	struct pdf_object *object = &file->objects[number];
	size_t at = object->offset, own, generation;
	bool good = at < file->table && finish_scan_read_number(file, &at, file->table, &own) &&
			own == number;
	at = finish_scan_skip_blanks(file, at, file->table);
	good = good && finish_scan_read_number(file, &at, file->table, &generation) && generation == 0;
	at = finish_scan_skip_blanks(file, at, file->table);
	if (!good || !starts_with(file, at, file->table, "obj"))
		return error_fail(err, "object %zu of the PDF is not where its table says", number);
	object->value = pdf_value(file, at + 3, file->table);
	file->scanned += object->value.end - object->value.start;
	return (object->value.end > object->value.start && file->scanned <= file->size) ||
			error_fail(err, "object %zu of the PDF has no end, or the objects overlap", number);
}

/* "OOOOOOOOOO GGGGG n \n" */
static bool finish_scan_read_entry(struct pdf_file *file,
		size_t number,
		size_t at,
		struct error *err)
{
	size_t offset, generation, next = at;
	bool good = finish_scan_read_number(file, &next, at + 10, &offset) &&
			file->bytes[at + 10] == ' ';
	next = at + 11;
	good = good && finish_scan_read_number(file, &next, at + 16, &generation);
	char kind = file->bytes[at + 17];
	if (!good || (kind != 'n' && kind != 'f') || (kind == 'n' && offset == 0))
		return error_fail(err, "entry %zu of the PDF's table cannot be read", number);
	if (kind == 'f')
		return true;
	file->objects[number].offset = offset;
	return read_object(file, number, err);
}

static bool read_table(struct pdf_file *file, struct arena *arena, struct error *err)
{
	size_t at = file->table, first, count;
	if (!starts_with(file, at, file->size, "xref"))
		return error_fail(err, "the PDF has no cross-reference table where startxref says");
	at = finish_scan_skip_blanks(file, at + 4, file->size);
	bool good = finish_scan_read_number(file, &at, file->size, &first) && first == 0;
	at = finish_scan_skip_blanks(file, at, file->size);
	good = good && finish_scan_read_number(file, &at, file->size, &count) && count > 0 &&
			count <= OBJECTS_MAX;
	at = finish_scan_skip_blanks(file, at, file->size);
	if (!good || count > (file->size - at) / ENTRY_BYTES)
		return error_fail(err, "the PDF's cross-reference table is cut off or of another kind");
	file->objects = arena_alloc(arena, count * sizeof *file->objects);
	file->count = count;
	for (size_t i = 0; i < count; i++, at += ENTRY_BYTES)
		if (!finish_scan_read_entry(file, i, at, err))
			return false;
	at = finish_scan_skip_blanks(file, at, file->size);
	if (!starts_with(file, at, file->size, "trailer"))
		return error_fail(err, "the PDF has no trailer behind its table");
	file->trailer = pdf_value(file, at + 7, file->size);
	return pdf_is_dictionary(file, file->trailer) ||
			error_fail(err, "the PDF's trailer is no dictionary");
}

bool pdf_file_read(struct pdf_file *file,
		struct arena *arena,
		const char *bytes,
		size_t size,
		struct error *err)
{
	*file = (struct pdf_file){.bytes = bytes, .size = size};
	if (!starts_with(file, 0, size, "%PDF-1."))
		return error_fail(err, "the file does not begin as a PDF");
	if (!find_table(file, err) || !read_table(file, arena, err))
		return false;
	if (pdf_member(file, file->trailer, "/Prev").end ||
			pdf_member(file, file->trailer, "/Encrypt").end ||
			pdf_member(file, file->trailer, "/XRefStm").end)
		return error_fail(err, "the PDF has more than one part, or is encrypted");
	return true;
}
