/* How strings and numbers are written: UTF-8, escapes, the grammar of numbers. Nothing passes that
 * cJSON would read as something else. */
#include "base/os/json_literal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"

enum {
	NUMBER_LITERAL_MAX = 63 /* cJSON 1.7 cuts longer ones: parse_number(), number_c_string[64] */
};
static const double number_max = 9007199254740992.0; /* 2^53: above it a double skips integers */

static int hex_digit(int c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* The four digits of "\uXXXX", whose backslash is at `at`; -1 if that is not what is there. */
static int escaped_unit(const struct json_cursor *cursor, size_t at)
{
	int code = 0;
	if (cursor->length - at < 6 || memcmp(cursor->bytes + at, "\\u", 2) != 0)
		return -1;
	for (size_t i = at + 2; i < at + 6; i++) {
		int digit = hex_digit(cursor->bytes[i]);
		if (digit < 0)
			return -1;
		code = code * 16 + digit;
	}
	return code;
}

static bool is_high_surrogate(int code)
{
	return code >= 0xD800 && code <= 0xDBFF;
}

static bool is_low_surrogate(int code)
{
	return code >= 0xDC00 && code <= 0xDFFF;
}

static bool scan_unicode_escape(struct json_cursor *cursor)
{
	int code = escaped_unit(cursor, cursor->at);
	if (code < 0)
		return json_cursor_fail(cursor, "\\u needs four hexadecimal digits");
	if (code == 0)
		return json_cursor_fail(cursor, "a NUL character is not allowed in a string");
	if (is_low_surrogate(code))
		return json_cursor_fail(cursor, "half of a surrogate pair");
	if (is_high_surrogate(code)) {
		if (!is_low_surrogate(escaped_unit(cursor, cursor->at + 6)))
			return json_cursor_fail(cursor, "half of a surrogate pair");
		cursor->at += 6;
	}
	cursor->at += 6;
	return true;
}

/* At the backslash. */
static bool scan_escape(struct json_cursor *cursor)
{
	int c = 0;
	if (cursor->length - cursor->at > 1)
		c = cursor->bytes[cursor->at + 1];
	if (c == 'u')
		return scan_unicode_escape(cursor);
	if (c == 0 || !strchr("\"\\/bfnrt", c))
		return json_cursor_fail(cursor, "unknown escape in a string");
	cursor->at += 2;
	return true;
}

/* One character inside the quotes that is no escape. */
static bool scan_character(struct json_cursor *cursor, int first)
{
	if (first < 0x20)
		return json_cursor_fail(cursor,
				"control character in a string (write \\n, \\t or \\u00XX)");
	const char *rest = (const char *)cursor->bytes + cursor->at;
	uint32_t point;
	size_t length = utf8_decode(rest, cursor->length - cursor->at, &point);
	if (!length)
		return json_cursor_fail(cursor, "not valid UTF-8");
	cursor->at += length;
	return true;
}

bool json_literal_string(struct json_cursor *cursor)
{
	size_t start = cursor->at++;
	for (int c; (c = json_cursor_peek(cursor)) != '"';) {
		if (c < 0) {
			cursor->at = start;
			return json_cursor_fail(cursor, "this string does not end");
		}
		bool valid;
		if (c == '\\')
			valid = scan_escape(cursor);
		else
			valid = scan_character(cursor, c);
		if (!valid)
			return false;
	}
	cursor->at++;
	return true;
}

static size_t skip_digits(struct json_cursor *cursor)
{
	size_t start = cursor->at;
	while (json_cursor_peek(cursor) >= '0' && json_cursor_peek(cursor) <= '9')
		cursor->at++;
	return cursor->at - start;
}

static bool skip_either(struct json_cursor *cursor, int one, int other)
{
	int c = json_cursor_peek(cursor);
	if (c != one && c != other)
		return false;
	cursor->at++;
	return true;
}

/* The grammar of RFC 8259, section 6. */
static bool scan_number_form(struct json_cursor *cursor)
{
	(void)skip_either(cursor, '-', '-');
	size_t start = cursor->at;
	size_t digits = skip_digits(cursor);
	if (!digits)
		return json_cursor_fail(cursor, "a number needs a digit here");
	if (digits > 1 && cursor->bytes[start] == '0') {
		cursor->at = start;
		return json_cursor_fail(cursor, "a number must not begin with 0");
	}
	if (skip_either(cursor, '.', '.') && !skip_digits(cursor))
		return json_cursor_fail(cursor, "a number needs a digit after the point");
	if (!skip_either(cursor, 'e', 'E'))
		return true;
	(void)skip_either(cursor, '+', '-');
	if (!skip_digits(cursor))
		return json_cursor_fail(cursor, "a number needs a digit in its exponent");
	return true;
}

/* Whole numbers are compared as text, since 2^53 + 1 reads as 2^53. */
static bool too_large(const char *literal)
{
	const char *digits = literal + (*literal == '-');
	size_t count = strspn(digits, "0123456789");
	bool whole = digits[count] == '\0';
	if (whole && count == 16 && strcmp(digits, "9007199254740992") > 0)
		return true;
	return !(fabs(strtod(literal, NULL)) <= number_max);
}

bool json_literal_number(struct json_cursor *cursor)
{
	size_t start = cursor->at;
	if (!scan_number_form(cursor))
		return false;
	size_t end = cursor->at, length = end - start;
	cursor->at = start;
	if (length > NUMBER_LITERAL_MAX)
		return json_cursor_fail(cursor, "this number has more than 63 characters");
	char literal[NUMBER_LITERAL_MAX + 1] = "";
	memcpy(literal, cursor->bytes + start, length);
	if (too_large(literal))
		return json_cursor_fail(cursor,
				"this number is above 2^53 (no limit is written \"unlimited\")");
	cursor->at = end;
	return true;
}
