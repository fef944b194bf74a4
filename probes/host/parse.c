/* Small strict parsers of kernel texts: numbers have no sign and no prefix, and a number that does
 * not fit is an error. */
#include "probes/host/parse.h"

#include <math.h>
#include <string.h>

#include "base/text.h"

/* The value of a digit, or a number that is no digit in any base. */
static unsigned parse_digit(char c)
{
	if (c >= '0' && c <= '9')
		return (unsigned)(c - '0');
	if (c >= 'a' && c <= 'f')
		return (unsigned)(c - 'a') + 10;
	if (c >= 'A' && c <= 'F')
		return (unsigned)(c - 'A') + 10;
	return UINT32_MAX;
}

static bool parse_digits(const char **cursor, unsigned base, uint64_t *ret_number)
{
	const char *p = *cursor;
	uint64_t number = 0;
	for (unsigned digit; (digit = parse_digit(*p)) < base; p++) {
		if (number > (UINT64_MAX - digit) / base)
			return false;
		number = number * base + digit;
	}
	if (p == *cursor)
		return false;
	*cursor = p;
	*ret_number = number;
	return true;
}

bool parse_u64(const char **cursor, uint64_t *ret_number)
{
	return parse_digits(cursor, 10, ret_number);
}

bool parse_hex(const char **cursor, uint64_t *ret_number)
{
	return parse_digits(cursor, 16, ret_number);
}

static const char *host_parse_skip_blanks(const char *text)
{
	return text + strspn(text, " \t\r\n");
}

bool parse_whole(const char *text, uint64_t *ret_number)
{
	text = host_parse_skip_blanks(text);
	return parse_u64(&text, ret_number) && *host_parse_skip_blanks(text) == '\0';
}

bool parse_field(const char *text, int field, uint64_t *ret_number)
{
	for (int i = 0; i <= field; i++) {
		text = host_parse_skip_blanks(text);
		if (!parse_u64(&text, ret_number) || !strchr(" \t\r\n", *text))
			return false;
	}
	return true;
}

bool parse_to_double(uint64_t number, bool huge, double *ret_number)
{
	if (number <= UINT64_C(1) << 53) {
		*ret_number = (double)number;
		return true;
	}
	*ret_number = INFINITY;
	return huge && number >= UINT64_C(1) << 62;
}

bool parse_limit(const char *text, double *ret_number)
{
	uint64_t number;
	text = host_parse_skip_blanks(text);
	size_t length = strcspn(text, " \t\r\n");
	bool max = length == 3 && text_begins_with(text, "max");
	bool unlimited = length == 9 && text_begins_with(text, "unlimited");
	bool last = *host_parse_skip_blanks(text + length) == '\0';
	if (last && (max || unlimited)) {
		*ret_number = INFINITY;
		return true;
	}
	return parse_whole(text, &number) && parse_to_double(number, true, ret_number);
}

char *parse_word(char **cursor)
{
	char *word = *cursor + strspn(*cursor, " \t\r\n");
	if (*word == '\0')
		return NULL;
	char *end = word + strcspn(word, " \t\r\n");
	if (*end)
		*end++ = '\0';
	*cursor = end;
	return word;
}

char *parse_line(char **cursor)
{
	char *line = *cursor;
	if (*line == '\0')
		return NULL;
	char *end = line + strcspn(line, "\n");
	if (*end)
		*end++ = '\0';
	*cursor = end;
	return line;
}

const char *parse_next_line(const char *text)
{
	text += strcspn(text, "\n");
	if (*text == '\n')
		text++;
	return text;
}

bool parse_list_has(const char *list, const char *word)
{
	size_t length = strlen(word);
	const char *item = list;
	while (item) {
		const char *comma = strchr(item, ',');
		size_t size = strcspn(item, ",");
		if (size == length && strncmp(item, word, length) == 0)
			return true;
		item = comma;
		if (item)
			item++;
	}
	return false;
}

char *parse_trim(char *text)
{
	text += strspn(text, " \t\r\n");
	size_t length = strlen(text);
	while (length > 0 && strchr(" \t\r\n", text[length - 1]))
		text[--length] = '\0';
	return text;
}

bool parse_kernel_version(const char *release, double *ret_version)
{
	uint64_t major, minor;
	if (!parse_u64(&release, &major) || *release != '.')
		return false;
	release++;
	if (!parse_u64(&release, &minor))
		return false;
	if (major > 999 || minor > 999)
		return false;
	*ret_version = (double)(major * 1000 + minor);
	return true;
}

/* The text behind "name:" or "name " at the start of a line; NULL: the line has another name. */
static const char *parse_after_name(const char *line, const char *name)
{
	size_t length = strlen(name);
	if (strncmp(line, name, length) != 0)
		return NULL;
	line += length;
	if (*line == ':')
		return line + 1;
	if (*line == ' ' || *line == '\t')
		return line;
	return NULL;
}

bool parse_named(const char *text, const char *name, uint64_t *ret_number, int *ret_line)
{
	for (int line = 1; *text; line++) {
		const char *value = parse_after_name(text, name);
		if (value) {
			value += strspn(value, " \t");
			if (ret_line)
				*ret_line = line;
			return parse_u64(&value, ret_number);
		}
		text = parse_next_line(text);
	}
	return false;
}
