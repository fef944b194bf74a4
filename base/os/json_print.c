/* The form is that of cJSON 1.7 (print_value and below), so that documents stay the same. */
#include "base/os/json_print.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/decimal.h"

static const double number_max = 9007199254740992.0; /* 2^53: json_read() takes no more */

struct printer {
	struct text *out; /* the final NUL is added at the very end */
	bool lines;
	unsigned depth;
};

static void json_print_tree(struct printer *printer, const cJSON *tree);

/* Most of the work is here: no call for what fits. */
static inline void json_print_byte(struct text *out, char byte)
{
	if (out->capacity - out->length < 2)
		text_add_bytes(out, &byte, 1);
	else
		out->data[out->length++] = byte;
}

/* Below 10^15 "%.15g" prints whole numbers as their digits. Minus zero has a sign: not here. */
static bool json_is_plain_whole(double number)
{
	if (!(fabs(number) < 1e15) || number != trunc(number))
		return false;
	return number != 0 || !signbit(number);
}

static void json_print_digits(struct text *out, bool negative, const struct decimal *decimal)
{
	char digits[32];
	size_t at = sizeof digits;
	uint64_t rest = decimal->digits;
	for (int written = 0; rest > 0 || written <= decimal->decimals; written++) {
		if (written == decimal->decimals && written > 0)
			digits[--at] = '.';
		digits[--at] = (char)('0' + rest % 10);
		rest /= 10;
	}
	if (negative)
		digits[--at] = '-';
	text_add_bytes(out, digits + at, sizeof digits - at);
}

/* Whether the decimal, read again, is the number, but for the last bit. Digits and power are exact
 * as doubles, so their quotient is what strtod would find. */
static bool json_reads_back(const struct decimal *decimal, double number)
{
	double power = 1;
	for (int i = 0; i < decimal->decimals; i++)
		power *= 10;
	double read = (double)decimal->digits / power;
	return fabs(read - number) <= fmax(read, number) * DBL_EPSILON;
}

/* Fifteen digits if they say the number, else seventeen, which say every number. */
static bool json_print_decimal(struct text *out, double number)
{
	struct decimal decimal;
	double size = fabs(number);
	if (!decimal_of(size, 15, &decimal))
		return false;
	if (!json_reads_back(&decimal, size))
		(void)decimal_of(size, 17, &decimal);
	json_print_digits(out, number < 0, &decimal);
	return true;
}

/* The same for numbers of any size. */
static void json_print_by_printf(struct text *out, double number)
{
	char digits[32];
	(void)snprintf(digits, sizeof digits, "%.15g", number);
	double read = strtod(digits, NULL);
	if (fabs(read - number) > fmax(fabs(read), fabs(number)) * DBL_EPSILON)
		(void)snprintf(digits, sizeof digits, "%.17g", number);
	text_add(out, digits);
}

static void json_print_number(struct text *out, double number)
{
	if (!isfinite(number)) {
		text_add(out, "null");
		return;
	}
	number = fmax(fmin(number, number_max), -number_max);
	if (json_is_plain_whole(number)) {
		struct decimal whole = {.digits = (uint64_t)fabs(number)};
		json_print_digits(out, number < 0, &whole);
		return;
	}
	if (!json_print_decimal(out, number))
		json_print_by_printf(out, number);
}

/* The letter behind the backslash, '\0' for a byte that is written as \u00XX. */
static char json_escape_of(unsigned char byte)
{
	switch (byte) {
	case '"':
	case '\\':
		return (char)byte;
	case '\b':
		return 'b';
	case '\f':
		return 'f';
	case '\n':
		return 'n';
	case '\r':
		return 'r';
	case '\t':
		return 't';
	default:
		return '\0';
	}
}

static void json_print_escape(struct text *out, unsigned char byte)
{
	char letter = json_escape_of(byte);
	if (letter) {
		json_print_byte(out, '\\');
		json_print_byte(out, letter);
	} else {
		text_addf(out, "\\u%04x", byte);
	}
}

/* How many bytes from here on stand for themselves. */
static size_t json_plain_length(const char *text)
{
	for (size_t length = 0;; length++) {
		unsigned char byte = (unsigned char)text[length];
		if (byte > '\\') /* most are small letters */
			continue;
		if (byte < 0x20 || byte == '"' || byte == '\\')
			return length;
		if (byte == '#' && length > 0 && text[length - 1] == '#')
			return length;
	}
}

static void json_print_string(struct text *out, const char *text)
{
	json_print_byte(out, '"');
	for (;;) {
		size_t length = json_plain_length(text);
		text_add_bytes(out, text, length);
		text += length;
		if (!*text)
			break;
		json_print_escape(out, (unsigned char)*text++);
	}
	json_print_byte(out, '"');
}

static void json_print_tabs(struct printer *printer)
{
	for (unsigned i = 0; i < printer->depth; i++)
		json_print_byte(printer->out, '\t');
}

static void json_print_array(struct printer *printer, const cJSON *array)
{
	json_print_byte(printer->out, '[');
	printer->depth++; /* what is in a list stands one tab further in, though the list has no lines
	                   */
	for (const cJSON *item = array->child; item; item = item->next) {
		json_print_tree(printer, item);
		if (!item->next)
			break;
		json_print_byte(printer->out, ',');
		if (printer->lines)
			json_print_byte(printer->out, ' ');
	}
	printer->depth--;
	json_print_byte(printer->out, ']');
}

static void json_print_member(struct printer *printer, const cJSON *member)
{
	if (printer->lines)
		json_print_tabs(printer);
	json_print_string(printer->out, member->string);
	json_print_byte(printer->out, ':');
	if (printer->lines)
		json_print_byte(printer->out, '\t');
	json_print_tree(printer, member);
	if (member->next)
		json_print_byte(printer->out, ',');
	if (printer->lines)
		json_print_byte(printer->out, '\n');
}

static void json_print_object(struct printer *printer, const cJSON *object)
{
	json_print_byte(printer->out, '{');
	if (printer->lines)
		json_print_byte(printer->out, '\n');
	printer->depth++;
	for (const cJSON *member = object->child; member; member = member->next)
		json_print_member(printer, member);
	printer->depth--;
	if (printer->lines)
		json_print_tabs(printer);
	json_print_byte(printer->out, '}');
}

static void json_print_tree(struct printer *printer, const cJSON *tree)
{
	switch (tree->type & 0xFF) { /* the higher bits are flags */
	case cJSON_Object:
		json_print_object(printer, tree);
		break;
	case cJSON_Array:
		json_print_array(printer, tree);
		break;
	case cJSON_String:
		json_print_string(printer->out, tree->valuestring);
		break;
	case cJSON_Number:
		json_print_number(printer->out, tree->valuedouble);
		break;
	case cJSON_True:
		text_add(printer->out, "true");
		break;
	case cJSON_False:
		text_add(printer->out, "false");
		break;
	default:
		text_add(printer->out, "null");
		break;
	}
}

void json_print(const cJSON *tree, struct text *out)
{
	struct printer printer = {.out = out};
	json_print_tree(&printer, tree);
	text_add(out, "");
}

void json_print_lines(const cJSON *tree, struct text *out)
{
	struct printer printer = {.out = out, .lines = true};
	json_print_tree(&printer, tree);
	text_add(out, "");
}
