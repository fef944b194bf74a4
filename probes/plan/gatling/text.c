/* The text of a simulation: strings, comments and code told apart, calls and literals found. No
 * language is parsed. */
#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/gatling/gatling.h"

enum {
	CALLS_MAX = 2000,
	TEXT_MAX = 1024 * 1024
};

const char *gatling_where(const struct gatling_text *source, const char *at)
{
	size_t line = 1;
	for (const char *c = source->code; c < at; c++)
		line += *c == '\n';
	return arena_printf(source->arena, "%s:%zu", source->file, line);
}

static void blank(char *code, size_t at)
{
	if (code[at] != '\n')
		code[at] = ' ';
}

/* Blanks a comment; the place behind it. */
static size_t blank_comment(struct gatling_text *source, size_t at)
{
	bool block = source->text[at + 1] == '*';
	size_t i = at;
	for (; i < source->length; i++) {
		if (!block && source->text[i] == '\n')
			break;
		bool ends = block && i > at + 1;
		if (ends && text_begins_with(source->text + i, "*/")) {
			blank(source->code, i);
			blank(source->code, i + 1);
			return i + 2;
		}
		blank(source->code, i);
	}
	return i;
}

/* Blanks what stands in a string, not its quotes; the place behind it. */
static size_t blank_string(struct gatling_text *source, size_t at)
{
	const char *text = source->text;
	char quote = text[at];
	bool triple = text_begins_with(text + at, "\"\"\"");
	size_t i = at + 1;
	if (triple)
		i = at + 3;
	for (; i < source->length; i++) {
		if (triple && text[i] == '"' && text_begins_with(text + i, "\"\"\""))
			return i + 3;
		bool ends = text[i] == quote || text[i] == '\n';
		bool escape = text[i] == '\\' && i + 1 < source->length;
		if (!triple && ends)
			return i + 1;
		if (!triple && escape)
			blank(source->code, i++);
		blank(source->code, i);
	}
	return i;
}

void gatling_text_read(struct gatling_text *ret, const char *text, size_t length)
{
	struct arena *arena = ret->arena;
	if (length > TEXT_MAX)
		length = TEXT_MAX;
	length = strnlen(text, length);
	ret->text = arena_copy(arena, text, length);
	ret->code = arena_copy(arena, text, length);
	ret->length = length;
	ret->missing = arena_alloc(arena, sizeof *ret->missing);
	ret->calls_left = arena_alloc(arena, sizeof *ret->calls_left);
	*ret->calls_left = CALLS_MAX;
	text = ret->text;
	for (size_t i = 0; i < length;) {
		const char *here = text + i;
		bool comment = text_begins_with(here, "//");
		comment |= text_begins_with(here, "/*");
		if (comment)
			i = blank_comment(ret, i);
		else if (text[i] == '"')
			i = blank_string(ret, i);
		else
			i++;
	}
}

static bool is_name_char(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static const char *skip_space(const char *at)
{
	return at + strspn(at, " \t\r\n");
}

const char *gatling_call(const struct gatling_text *source, const char *from, const char *name)
{
	size_t length = strlen(name);
	const char *at = source->code;
	if (from)
		at = from;
	if (!*source->calls_left)
		return NULL;
	--*source->calls_left;
	while ((at = strstr(at, name))) {
		bool whole = at == source->code;
		if (!whole)
			whole = !is_name_char(at[-1]);
		const char *next = skip_space(at + length);
		if (whole && *next == '(')
			return at;
		at += length;
	}
	return NULL;
}

const char *gatling_inside(const struct gatling_text *source, const char *at, const char **ret_end)
{
	const char *open = strchr(at, '(');
	size_t depth = 0;
	(void)source;
	if (!open)
		return NULL;
	for (const char *c = open; *c && c < open + GATLING_INSIDE_MAX; c++) {
		bool opens = strchr("({[", *c);
		bool closes = strchr(")}]", *c);
		depth += opens;
		depth -= closes;
		if (!depth) {
			*ret_end = c;
			return open + 1;
		}
	}
	return NULL;
}

const char *gatling_argument_end(const struct gatling_text *source, const char *at, const char *end)
{
	size_t depth = 0;
	(void)source;
	for (; at < end; at++) {
		bool opens = *at && strchr("({[", *at);
		bool closes = *at && strchr(")}]", *at);
		if (*at == ',' && !depth)
			return at;
		depth += opens;
		depth -= depth && closes;
	}
	return end;
}

/* Seconds of the unit that begins with a word: "seconds", "ofMinutes", "millis"; NAN: it is none.
 */
static double unit_of_word(const char *word, size_t length)
{
	static const struct {
		const char *part;
		double seconds;
	} units[] = {
			{"illi", 1e-3},
			{"inute", 60},
			{"our", 3600},
			{"ay", 86400},
			{"econd", 1},
	};
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		size_t part = strlen(units[i].part);
		for (size_t at = 0; at < length; at++) {
			bool same = !strncasecmp(word + at, units[i].part, part);
			if (same)
				return units[i].seconds;
		}
	}
	return (double)NAN;
}

/* Duration(5, MINUTES), FiniteDuration(5, TimeUnit.MINUTES); NAN: it is no such call. */
static double time_of_call(const struct gatling_text *source, const char *at, const char *end)
{
	const char *close;
	const char *call = gatling_call(source, at, "Duration");
	if (!call || call >= end)
		call = gatling_call(source, at, "FiniteDuration");
	if (!call || call >= end)
		return (double)NAN;
	const char *inside = gatling_inside(source, call, &close);
	if (!inside)
		return (double)NAN;
	if (close > end)
		return (double)NAN;
	const char *comma = gatling_argument_end(source, inside, close);
	size_t length = (size_t)(close - comma);
	if (!length)
		return (double)NAN;
	double number = gatling_number(source, inside, comma);
	return number * unit_of_word(comma, length);
}

/* System.getProperty("m", "2").toInt.minutes, and (a + b).minutes; NAN: it ends with no unit. */
static double time_with_unit(const struct gatling_text *source, const char *at, const char *end)
{
	const char *word = end;
	while (word > at && isalpha((unsigned char)word[-1]))
		word--;
	size_t length = (size_t)(end - word);
	double unit = unit_of_word(word, length);
	if (word < at + 2)
		return (double)NAN;
	if (!strchr(". ", word[-1]))
		return (double)NAN;
	double number = gatling_number(source, at, word - 1);
	return number * unit;
}

/* What follows a number: nothing (seconds), or a unit and nothing else. */
static double unit_behind(const char *at, const char *end)
{
	at += strspn(at, ". \t\r\n");
	if (at >= end)
		return 1;
	const char *rest = at;
	while (rest < end && isalpha((unsigned char)*rest))
		rest++;
	size_t length = (size_t)(rest - at);
	rest += strspn(rest, "() \t\r\n");
	if (rest < end)
		return (double)NAN;
	return unit_of_word(at, length);
}

double gatling_time(const struct gatling_text *source, const char *at, const char *end)
{
	const char *inside;
	const char *close;
	const char *rest;
	double number;
	at = skip_space(at);
	const char *of = strstr(at, "of");
	bool java = of && of < end;
	if (java)
		java = strchr("DMSHdmsh", of[2]) != NULL;
	if (java) {
		inside = gatling_inside(source, of, &close);
		if (!inside)
			return (double)NAN;
		if (close > end)
			return (double)NAN;
		size_t length = (size_t)(inside - of);
		number = gatling_number(source, inside, close);
		return number * unit_of_word(of, length);
	}
	bool literal = gatling_literal(at, end, &number, &rest);
	if (literal)
		return number * unit_behind(rest, end);
	size_t length = 0;
	while (at + length < end && is_name_char(at[length]))
		length++;
	double behind = unit_behind(at + length, end);
	if (length && !isnan(behind)) {
		number = gatling_number(source, at, at + length);
		return number * behind;
	}
	while (end > at && strchr(" \t\r\n", end[-1]))
		end--;
	double seconds = time_of_call(source, at, end);
	if (isnan(seconds))
		seconds = time_with_unit(source, at, end);
	if (isnan(seconds))
		seconds = gatling_number(source, at, end);
	return seconds;
}
