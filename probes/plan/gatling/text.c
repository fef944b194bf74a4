/* The text of a simulation: strings, comments and code told apart, calls and literals found. No
 * language is parsed. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/gatling/gatling.h"

enum {
	NAMES_DEPTH = 4,
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
		if (!triple && (text[i] == quote || text[i] == '\n'))
			return i + 1;
		if (!triple && text[i] == '\\' && i + 1 < source->length)
			blank(source->code, i++);
		blank(source->code, i);
	}
	return i;
}

void gatling_text_read(struct arena *arena,
		const struct plan_command *command,
		const char *file,
		const char *text,
		size_t length,
		struct gatling_text *ret)
{
	if (length > TEXT_MAX)
		length = TEXT_MAX;
	length = strnlen(text, length);
	*ret = (struct gatling_text){.arena = arena, .command = command, .file = file};
	ret->text = arena_copy(arena, text, length);
	ret->code = arena_copy(arena, text, length);
	ret->length = length;
	ret->calls_left = arena_alloc(arena, sizeof *ret->calls_left);
	*ret->calls_left = CALLS_MAX;
	text = ret->text;
	for (size_t i = 0; i < length;) {
		bool line = text_begins_with(text + i, "//");
		bool block = text_begins_with(text + i, "/*");
		if (line || block)
			i = blank_comment(ret, i);
		else if (text[i] == '"')
			i = blank_string(ret, i);
		else
			i++;
	}
}

static bool is_digit(char c)
{
	return isdigit((unsigned char)c);
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
		bool whole = at == source->code || !is_name_char(at[-1]);
		if (whole && *skip_space(at + length) == '(')
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
		depth += *c == '(' || *c == '{' || *c == '[';
		depth -= *c == ')' || *c == '}' || *c == ']';
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
		if (*at == ',' && !depth)
			return at;
		depth += *at == '(' || *at == '{' || *at == '[';
		depth -= depth && (*at == ')' || *at == '}' || *at == ']');
	}
	return end;
}

const char *gatling_string(const struct gatling_text *source, const char *at, const char *end)
{
	at = skip_space(at);
	if (at >= end || *at != '"')
		return NULL;
	const char *text = source->text + (at - source->code) + 1;
	size_t length = strcspn(text, "\"\n");
	const char *string = arena_copy(source->arena, text, length);
	if (strpbrk(string, "$#{\\"))
		return NULL;
	return string;
}

/* A number at the beginning of the text, its end behind it; 1_000 and 10L are numbers, too. */
static bool literal_number(const char *at, const char *end, double *ret, const char **ret_rest)
{
	char digits[32] = "";
	size_t count = 0;
	struct error ignored;
	for (; at < end && count + 1 < sizeof digits; at++) {
		bool point = *at == '.' && is_digit(at[1]);
		if (memchr(digits, '.', count))
			point = false;
		if (is_digit(*at) || point)
			digits[count++] = *at;
		else if (*at != '_')
			break;
	}
	digits[count] = '\0';
	if (count && at < end && strchr("LlFfDd", *at) && !is_name_char(at[1]))
		at++;
	*ret_rest = at;
	return count && quantity_read(digits, &quantity_decimal, ret, &ignored);
}

static const char *jvm_property(const struct gatling_text *source, const char *name)
{
	const struct plan_command *command = source->command;
	const char *found = NULL;
	size_t length = strlen(name);
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		if (strncmp(word, "-D", 2) == 0 && strncmp(word + 2, name, length) == 0 &&
				word[2 + length] == '=')
			found = word + 3 + length;
	}
	return found;
}

static double number_of_text(const char *text)
{
	struct error ignored;
	double number;
	if (!quantity_read(text, &quantity_decimal, &number, &ignored))
		return (double)NAN;
	return number;
}

static double expression_number(const struct gatling_text *source,
		const char *at,
		const char *end,
		unsigned depth);

/* Integer.getInteger("users", 10), System.getProperty("users", "10"): the property of the command,
 * else the default. */
static double property_number(const struct gatling_text *source,
		const char *at,
		const char *end,
		unsigned depth)
{
	static const char *const calls[] = {"getInteger", "getLong", "getProperty", "getOrElse"};
	const char *inside = NULL;
	const char *close = end;
	for (size_t i = 0; i < COUNT_OF(calls) && !inside; i++) {
		const char *call = gatling_call(source, at, calls[i]);
		if (call && call < end)
			inside = gatling_inside(source, call, &close);
	}
	const char *name = NULL;
	if (inside)
		name = gatling_string(source, inside, close);
	if (!name)
		return (double)NAN;
	const char *said = jvm_property(source, name);
	const char *comma = gatling_argument_end(source, inside, close);
	if (said)
		return number_of_text(said);
	if (comma >= close)
		return (double)NAN;
	const char *fallback = gatling_string(source, comma + 1, close);
	if (fallback)
		return number_of_text(fallback);
	return expression_number(source, comma + 1, close, depth);
}

/* "val users = 100", "int users = 100;": the one place that gives the name a value. */
static double value_of_name(const struct gatling_text *source,
		const char *name,
		size_t length,
		unsigned depth)
{
	const char *value = NULL;
	const char *at = strstr(source->code, name);
	for (; at; at = strstr(at + length, name)) {
		const char *next = skip_space(at + length);
		bool whole = !is_name_char(at[length]);
		if (at > source->code && is_name_char(at[-1]))
			whole = false;
		if (whole && *next == ':' && next[1] != ':')
			next = skip_space(next + 1 + strcspn(next + 1, "=\n;,)"));
		if (!whole || *next != '=' || next[1] == '=' || next[1] == '>')
			continue;
		if (value)
			return (double)NAN;
		value = next + 1;
	}
	if (!value)
		return (double)NAN;
	return expression_number(source, value, value + strcspn(value, "\n;"), depth);
}

static double expression_number(const struct gatling_text *source,
		const char *at,
		const char *end,
		unsigned depth)
{
	const char *rest;
	double number;
	at = skip_space(at);
	while (end > at && strchr(" \t\r\n", end[-1]))
		end--;
	if (depth > NAMES_DEPTH || at >= end)
		return (double)NAN;
	if (literal_number(at, end, &number, &rest)) {
		rest = skip_space(rest);
		if (rest >= end || strncmp(rest, ".to", 3) == 0)
			return number;
		return (double)NAN;
	}
	size_t length = 0;
	while (at + length < end && is_name_char(at[length]))
		length++;
	if (length && at + length == end) {
		const char *name = arena_copy(source->arena, at, length);
		return value_of_name(source, name, length, depth + 1);
	}
	return property_number(source, at, end, depth + 1);
}

double gatling_number(const struct gatling_text *source, const char *at, const char *end)
{
	return expression_number(source, at, end, 0);
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
		const char *found = strstr(word, units[i].part);
		if (found && found < word + length)
			return units[i].seconds;
	}
	return (double)NAN;
}

/* What follows a number: nothing (seconds), or a unit and nothing else. */
static double unit_behind(const char *at, const char *end)
{
	at += strspn(at, ". \t\r\n");
	if (at >= end)
		return 1;
	size_t length = 0;
	while (at + length < end && isalpha((unsigned char)at[length]))
		length++;
	const char *rest = at + length;
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
	if (of && of < end && strchr("DMSHdmsh", of[2])) {
		inside = gatling_inside(source, of, &close);
		if (!inside || close > end)
			return (double)NAN;
		return gatling_number(source, inside, close) * unit_of_word(of, (size_t)(inside - of));
	}
	if (literal_number(at, end, &number, &rest))
		return number * unit_behind(rest, end);
	size_t length = 0;
	while (at + length < end && is_name_char(at[length]))
		length++;
	double behind = unit_behind(at + length, end);
	if (!isnan(behind))
		return gatling_number(source, at, at + length) * behind;
	return gatling_number(source, at, end);
}
