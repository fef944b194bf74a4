/* Text buffers, cleaning of host strings, and the formatter of numbers. Knows no locale and no
 * terminal. */
#include "base/text.h"

#include <assert.h>
#include <math.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/memory.h"
#include "base/utf8.h"

#define REPLACEMENT "\xef\xbf\xbd" /* U+FFFD */
#define ELLIPSIS    "\xe2\x80\xa6" /* U+2026 */
#define MINUS       "\xe2\x88\x92" /* U+2212 */
#define DASH        "\xe2\x80\x93" /* U+2013 */

enum {
	FIRST_BYTES_OF_TEXT = 64
};

/* Room for `more` bytes and the NUL behind them. */
static void text_reserve(struct text *text, size_t more)
{
	if (text->capacity - text->length > more)
		return;
	size_t wanted = text->capacity;
	if (!wanted)
		wanted = FIRST_BYTES_OF_TEXT;
	while (wanted - text->length <= more && wanted < SIZE_MAX / 4)
		wanted *= 2;
	if (wanted - text->length <= more)
		memory_exhausted();
	text->data = memory_resize(text->data, wanted);
	text->capacity = wanted;
}

void text_add_bytes(struct text *text, const char *bytes, size_t length)
{
	text_reserve(text, length);
	if (length)
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
	text_add_bytes(text, more, strlen(more));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args, again;
	va_start(args, format);
	va_copy(again, args);
	text_reserve(text, 0);
	/* Most of the time it fits into what is there. */
	size_t room = text->capacity - text->length;
	int length = vsnprintf(text->data + text->length, room, format, args);
	if (length >= 0 && (size_t)length >= room) {
		text_reserve(text, (size_t)length);
		(void)vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
	}
	if (length >= 0)
		text->length += (size_t)length;
	text->data[text->length] = '\0';
	va_end(again);
	va_end(args);
}

void text_clear(struct text *text)
{
	text->length = 0;
	if (text->data)
		text->data[0] = '\0';
}

void text_release(struct text *text)
{
	free(text->data);
	*text = (struct text){0};
}

const char *text_string(const struct text *text)
{
	if (!text->data)
		return "";
	assert(text->length < text->capacity && text->data[text->length] == '\0');
	return text->data;
}

char *text_take(struct arena *arena, struct text *text)
{
	char *copy = arena_copy(arena, text_string(text), text->length);
	text_release(text);
	return copy;
}

bool text_begins_with(const char *text, const char *start)
{
	return strncmp(text, start, strlen(start)) == 0;
}

bool text_ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t end_length = strlen(end);
	return length > end_length && strcmp(text + length - end_length, end) == 0;
}

/* Four digits for up to three bytes: 24 bits in pieces of six, missing bytes as "=". */
static void text_add_base64_group(struct text *text, const unsigned char *bytes, size_t length)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	uint32_t bits = (uint32_t)bytes[0] << 16;
	if (length > 1)
		bits |= (uint32_t)bytes[1] << 8;
	if (length > 2)
		bits |= bytes[2];
	char group[4] = {digits[bits >> 18], digits[bits >> 12 & 63], '=', '='};
	if (length > 1)
		group[2] = digits[bits >> 6 & 63];
	if (length > 2)
		group[3] = digits[bits & 63];
	text_add_bytes(text, group, sizeof group);
}

void text_add_base64(struct text *text, const void *bytes, size_t length)
{
	const unsigned char *next = bytes;
	for (; length >= 3; length -= 3, next += 3)
		text_add_base64_group(text, next, 3);
	if (length)
		text_add_base64_group(text, next, length);
}

bool text_is_utf8(const char *bytes, size_t length)
{
	uint32_t point;
	for (size_t at = 0, step; at < length; at += step) {
		step = utf8_decode(bytes + at, length - at, &point);
		if (!step)
			return false;
	}
	return true;
}

/* Characters that must not reach a terminal or a report: they hide or reorder what is shown. */
static bool text_is_hidden(uint32_t point)
{
	static const struct {
		uint32_t first, last;
	} ranges[] = {
			{0x00, 0x1f},       /* C0 controls */
			{0x7f, 0x9f},       /* DEL, C1 controls */
			{0xad, 0xad},       /* soft hyphen */
			{0x34f, 0x34f},     /* grapheme joiner */
			{0x61c, 0x61c},     /* Arabic letter mark */
			{0x180e, 0x180e},   /* Mongolian vowel separator */
			{0x200b, 0x200f},   /* zero width, direction marks */
			{0x2028, 0x202e},   /* line and paragraph separators, bidi embeddings */
			{0x2060, 0x206f},   /* word joiner, bidi isolates */
			{0xfe00, 0xfe0f},   /* variation selectors */
			{0xfeff, 0xfeff},   /* byte order mark */
			{0xfff9, 0xfffb},   /* interlinear annotation */
			{0xfffe, 0xffff},   /* not characters; XML forbids them */
			{0xe0000, 0xe01ef}, /* tags, variation selectors */
	};
	for (size_t i = 0; i < COUNT_OF(ranges); i++) {
		if (point >= ranges[i].first && point <= ranges[i].last)
			return true;
	}
	return false;
}

/* "::name", where the name cannot be a part of an IPv6 address (docs.github.com, workflow
 * commands).
 */
static bool is_github_command(const char *bytes, size_t length)
{
	bool address = true;
	size_t at = 2;
	for (; at < length && (ascii_is_letter(bytes[at]) || bytes[at] == '-'); at++)
		address &= ascii_hex_value(bytes[at]) >= 0;
	return at > 2 && !address;
}

/* "##vso[", "##teamcity[", "##[" (Azure Pipelines, TeamCity, and the older form of GitHub). */
static bool is_bracket_command(const char *bytes, size_t length)
{
	size_t at = 2;
	while (at < length && ascii_is_letter(bytes[at]))
		at++;
	return at < length && bytes[at] == '[';
}

bool text_is_runner_command(const char *bytes, size_t length)
{
	if (length < 3 || bytes[0] != bytes[1])
		return false;
	if (bytes[0] == ':')
		return is_github_command(bytes, length);
	return bytes[0] == '#' && is_bracket_command(bytes, length);
}

/* Writes one character of a text that is being cleaned. Returns the number of bytes written. */
static size_t put_cleaned(char *out, uint32_t point, const char *bytes, size_t length)
{
	if (point == '\t' || point == '\n') {
		*out = ' ';
		return 1;
	}
	/* Bytes that are not UTF-8 come as U+FFFD, too. */
	if (point == 0xfffd || text_is_hidden(point)) {
		memcpy(out, REPLACEMENT, 3);
		return 3;
	}
	memcpy(out, bytes, length);
	return length;
}

char *text_clean(struct arena *arena, const char *raw, size_t length, size_t max_chars)
{
	/* A replacement may take three bytes where there was one. A text that is cut off has at most
	 * four bytes for each character, and the ellipsis. */
	size_t bound = length * 3;
	if (max_chars && max_chars < length)
		bound = max_chars * UTF8_MAX + strlen(ELLIPSIS);
	char *out = arena_alloc(arena, bound + 1);
	size_t used = 0, chars = 0;
	for (size_t at = 0, step; at < length; at += step) {
		if (max_chars && chars == max_chars) {
			memcpy(out + used, ELLIPSIS, strlen(ELLIPSIS));
			break;
		}
		uint32_t point;
		step = utf8_next(raw + at, length - at, &point);
		used += put_cleaned(out + used, point, raw + at, step);
		if (text_is_runner_command(raw + at, length - at))
			out[used++] = ' ';
		chars++;
		assert(used <= bound);
	}
	return out;
}

enum {
	DIGITS_MAX = 40
};

/* Most numbers are whole, and printf takes ten times as long for a double. */
static void put_whole(char out[DIGITS_MAX], unsigned long long value)
{
	char backwards[DIGITS_MAX];
	size_t count = 0, used = 0;
	do {
		backwards[count++] = (char)('0' + value % 10);
		value /= 10;
	} while (value > 0);
	while (count > 0)
		out[used++] = backwards[--count];
	out[used] = '\0';
}

/* Digits of a value >= 0 with at most `decimals`, trailing zeros dropped, thousands grouped. */
static void put_decimal(char out[NUMBER_TEXT_MAX], double value, int decimals, bool group)
{
	if (value >= 1e21) { /* beyond any quantity of a host; the buffer would not hold the groups */
		(void)snprintf(out, NUMBER_TEXT_MAX, "%.3g", value);
		return;
	}
	char digits[DIGITS_MAX];
	if (value < 1e15 && value == floor(value))
		put_whole(digits, (unsigned long long)value);
	else
		(void)snprintf(digits, sizeof digits, "%.*f", decimals, value);
	char *point = strchr(digits, '.');
	if (point) {
		char *end = point + strlen(point);
		while (end[-1] == '0')
			*--end = '\0';
		if (end == point + 1)
			*point = '\0';
	}
	size_t whole = strcspn(digits, "."), used = 0;
	for (size_t i = 0; digits[i]; i++) {
		if (group && i && i < whole && (whole - i) % 3 == 0)
			out[used++] = ',';
		out[used++] = digits[i];
	}
	out[used] = '\0';
}

/* One decimal; below 1, as many as two significant digits need. */
static int decimals_of_count(double value)
{
	static const struct {
		double below;
		int decimals;
	} rows[] = {{0.001, 5}, {0.01, 4}, {0.1, 3}, {1, 2}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (value < rows[i].below)
			return rows[i].decimals;
	}
	return 1;
}

static void text_put_count(char out[NUMBER_TEXT_MAX], double value)
{
	if (value > 0 && value < 0.0001)
		(void)snprintf(out, NUMBER_TEXT_MAX, "<0.0001");
	else
		put_decimal(out, value, decimals_of_count(value), true);
}

static void text_put_unit(char out[NUMBER_TEXT_MAX], const char *unit)
{
	(void)strncat(out, unit, NUMBER_TEXT_MAX - strlen(out) - 1);
}

static void text_put_bytes(char out[NUMBER_TEXT_MAX], double value)
{
	static const char *const units[] = {" B", " KiB", " MiB", " GiB", " TiB", " PiB"};
	/* From here on the next unit is used: 1023.5 would be rounded to 1,024 bytes. */
	double most = 1023.5;
	size_t step = 0;
	int decimals = 0;
	while (step + 1 < COUNT_OF(units) && value >= most) {
		value /= 1024;
		step++;
		most = 1023.95; /* would be rounded to 1,024.0 */
	}
	if (step > 0)
		decimals = 1;
	if (step > 0 && value < 9.995)
		decimals = 2;
	put_decimal(out, value, decimals, true);
	text_put_unit(out, units[step]);
}

/* Long times that are whole hours or days: timeouts of the kernel. False: it is not one. */
static bool put_long_time(char out[NUMBER_TEXT_MAX], double seconds)
{
	static const struct {
		double least, size;
		const char *name;
	} rows[] = {{172800, 86400, " days"}, {3600, 3600, " h"}};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		double count = seconds / rows[i].size;
		if (seconds < rows[i].least || count != floor(count))
			continue;
		put_decimal(out, count, 0, true);
		text_put_unit(out, rows[i].name);
		return true;
	}
	return false;
}

static void put_seconds(char out[NUMBER_TEXT_MAX], double value)
{
	if (put_long_time(out, value))
		return;
	const char *name = " s";
	if (value > 0 && value < 0.0009995) { /* 999.5 would be rounded to 1,000 */
		value *= 1e6;
		name = " \xc2\xb5s";
	} else if (value > 0 && value < 0.9995) {
		value *= 1e3;
		name = " ms";
	}
	int decimals = 1;
	if (value >= 100)
		decimals = 0;
	put_decimal(out, value, decimals, true);
	text_put_unit(out, name);
}

/* Three significant digits; a whole number keeps all of its own. */
static void put_rate(char out[NUMBER_TEXT_MAX], double value)
{
	int decimals = 0;
	if (value < 9.995)
		decimals = 2;
	else if (value < 99.95)
		decimals = 1;
	if (value < 1)
		text_put_count(out, value);
	else
		put_decimal(out, value, decimals, true);
	text_put_unit(out, "/s");
}

/* At most one decimal, and none from 100.5 per cent on. What lies above a threshold must not look
 * as if it had just reached it: above 100 per cent it never says "100%", and above 75 never "75%".
 */
static void put_percent(char out[NUMBER_TEXT_MAX], double value)
{
	if (value > 0 && value < 0.01) {
		(void)snprintf(out, NUMBER_TEXT_MAX, "<1%%");
		return;
	}
	double percent = value * 100;
	double shown = round(percent);
	if (percent < 100.5)
		shown = round(percent * 10) / 10;
	bool looks_full = percent > 100 && shown <= 100;
	bool looks_on_target = percent > 75 && shown <= 75;
	if (looks_full || looks_on_target)
		shown += 0.1;
	put_decimal(out, shown, 1, true);
	text_put_unit(out, "%");
}

/* A use of many times a limit is read as a multiple: "1,466%" takes a moment. It is a need, so it
 * is rounded up. */
static void put_ratio(char out[NUMBER_TEXT_MAX], double value)
{
	const double many = 9.995; /* 999.5 per cent would be rounded to 1,000 */
	const double hair = 1e-9;
	if (value < many) {
		put_percent(out, value);
		return;
	}
	text_put_count(out, ceil(value - hair));
	text_put_unit(out, "\xc3\x97");
}

static void text_put_value(char out[NUMBER_TEXT_MAX], double value, enum unit unit)
{
	static const char *const yes_or_no[] = {"no", "yes"};
	switch (unit) {
	case UNIT_BYTES:
		text_put_bytes(out, value);
		break;
	case UNIT_SECONDS:
		put_seconds(out, value);
		break;
	case UNIT_RATIO:
		put_ratio(out, value);
		break;
	case UNIT_BOOL:
		(void)snprintf(out, NUMBER_TEXT_MAX, "%s", yes_or_no[value != 0]);
		break;
	case UNIT_VERSION:
		(void)snprintf(out, NUMBER_TEXT_MAX, "%.0f.%.0f", floor(value / 1000), fmod(value, 1000));
		break;
	case UNIT_PER_S:
		put_rate(out, value);
		break;
	case UNIT_COUNT:
	case UNIT_TEXT:
		text_put_count(out, value);
		break;
	}
}

/* The value without its sign, behind `sign`. */
static void put_signed(char out[NUMBER_TEXT_MAX], const char *sign, const char *positive)
{
	int room = NUMBER_TEXT_MAX - 1 - (int)strlen(sign);
	(void)snprintf(out, NUMBER_TEXT_MAX, "%s%.*s", sign, room, positive);
}

const char *text_number(char out[NUMBER_TEXT_MAX], double value, enum unit unit)
{
	char positive[NUMBER_TEXT_MAX];
	bool negative = value < 0 && unit != UNIT_BOOL;
	const char *sign = "";
	if (value < 0)
		sign = MINUS;
	if (isnan(value)) {
		(void)snprintf(out, NUMBER_TEXT_MAX, "%s", DASH);
	} else if (isinf(value) && unit == UNIT_RATIO) {
		put_signed(out, sign, "over"); /* something of nothing: there is no number for it */
	} else if (isinf(value)) {
		put_signed(out, sign, "unlimited");
	} else if (negative) {
		text_put_value(positive, -value, unit);
		put_signed(out, sign, positive);
	} else {
		text_put_value(out, value, unit);
	}
	return out;
}

const char *text_percent(char out[NUMBER_TEXT_MAX], double share)
{
	char positive[NUMBER_TEXT_MAX];
	if (!isfinite(share))
		return text_number(out, share, UNIT_RATIO);
	if (share >= 0) {
		put_percent(out, share);
		return out;
	}
	put_percent(positive, -share);
	put_signed(out, MINUS, positive);
	return out;
}

const char *text_plain_number(char out[NUMBER_TEXT_MAX], double value)
{
	char positive[NUMBER_TEXT_MAX];
	const char *sign = "";
	if (value < 0)
		sign = "-";
	if (isnan(value)) {
		(void)snprintf(out, NUMBER_TEXT_MAX, "unknown");
		return out;
	}
	if (isinf(value)) {
		put_signed(out, sign, "unlimited");
		return out;
	}
	put_decimal(positive, fabs(value), 6, false);
	if (strcmp(positive, "0") == 0)
		sign = "";
	put_signed(out, sign, positive);
	return out;
}
