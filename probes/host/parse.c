/* Small strict parsers of kernel texts: no sign, no prefix, overflow is a failure. */
#include "probes/host/parse.h"

#include <math.h>
#include <string.h>

static bool parse_digits(const char **cursor, unsigned base, uint64_t *ret_number)
{
	const char *p = *cursor;
	uint64_t number = 0;
	for (;; p++) {
		unsigned char c = (unsigned char)*p;
		unsigned lower = c | 0x20u;
		unsigned digit = base;
		if (c >= '0' && c <= '9')
			digit = c - (unsigned)'0';
		else if (lower >= 'a' && lower <= 'f')
			digit = lower - (unsigned)'a' + 10;
		if (digit >= base)
			break;
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
	bool max = (length == 3 && strncmp(text, "max", 3) == 0) ||
			(length == 9 && strncmp(text, "unlimited", 9) == 0);
	if (max && *host_parse_skip_blanks(text + length) == '\0') {
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
	*cursor = *end ? end + 1 : end;
	*end = '\0';
	return line;
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
	if (!parse_u64(&release, &major) || *release++ != '.' || !parse_u64(&release, &minor))
		return false;
	if (major > 999 || minor > 999)
		return false;
	*ret_version = (double)(major * 1000 + minor);
	return true;
}

bool parse_named(const char *text, const char *name, uint64_t *ret_number, int *ret_line)
{
	size_t length = strlen(name);
	int line = 1;
	for (; *text; line++) {
		if (strncmp(text, name, length) == 0 && text[length] && strchr(": \t", text[length])) {
			const char *value = text + length + (text[length] == ':');
			value += strspn(value, " \t");
			if (ret_line)
				*ret_line = line;
			return parse_u64(&value, ret_number);
		}
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return false;
}
