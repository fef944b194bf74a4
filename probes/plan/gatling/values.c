/* What an expression of a simulation says: literals, names that stand for one, properties and
 * variables with their defaults, sums. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/gatling/gatling.h"

enum {
	NAMES_DEPTH = 6
};

/* An expression: a range of the code. */
struct span {
	const struct gatling_text *source;
	const char *at, *end;
	unsigned depth;
};

static bool gatling_is_digit(char c)
{
	return isdigit((unsigned char)c);
}

static bool gatling_in_name(char c)
{
	return isalnum((unsigned char)c) || c == '_';
}

static struct span gatling_span(const struct gatling_text *source, const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at))
		at++;
	while (end > at && strchr(" \t\r\n", end[-1]))
		end--;
	return (struct span){.source = source, .at = at, .end = end};
}

static struct span deeper(const struct span *span, const char *at, const char *end)
{
	struct span inner = gatling_span(span->source, at, end);
	inner.depth = span->depth + 1;
	return inner;
}

bool gatling_literal(const char *at, const char *end, double *ret, const char **ret_rest)
{
	char digits[32] = "";
	size_t count = 0;
	struct error ignored;
	for (; at < end && count + 1 < sizeof digits; at++) {
		bool point = *at == '.' && gatling_is_digit(at[1]);
		if (memchr(digits, '.', count))
			point = false;
		if (gatling_is_digit(*at) || point)
			digits[count++] = *at;
		else if (*at != '_')
			break;
	}
	digits[count] = '\0';
	if (count && at < end && strchr("LlFfDd", *at) && !gatling_in_name(at[1]))
		at++;
	*ret_rest = at;
	return count && quantity_read(digits, &quantity_decimal, ret, &ignored);
}

/* --- properties and variables ------------------------------------------------------------ */

/* -DNAME=VALUE among words, or in a text of such words. */
static const char *property_in(struct arena *arena, const char *word, const char *name)
{
	size_t length = strlen(name);
	const char *found = NULL;
	for (const char *at = word; (at = strstr(at, "-D")); at += 2) {
		bool named = strncmp(at + 2, name, length) == 0 && at[2 + length] == '=';
		const char *value = at + 3 + length;
		if (named)
			found = arena_copy(arena, value, strcspn(value, " "));
	}
	return found;
}

static const char *jvm_property(const struct gatling_text *source, const char *name)
{
	const struct plan_command *command = source->command;
	const char *options = plan_environment(source->context, command, "JAVA_OPTS");
	const char *found = NULL;
	if (options)
		found = property_in(source->arena, options, name);
	for (size_t i = 1; i < command->count; i++) {
		const char *said = NULL;
		if (text_begins_with(command->words[i], "-D"))
			said = property_in(source->arena, command->words[i], name);
		if (said)
			found = said;
	}
	return found;
}

/* A call that reads a property or a variable: what it is named, what it has, what stands for it. */
struct setting {
	const char *said;           /* NULL: it is not set */
	const char *fallback, *end; /* the expression of its default; NULL: there is none */
};

/* The first call of a name in the expression; NULL: there is none. */
static const char *call_in(const struct span *span, const char *name, const char **ret_close)
{
	const char *call = gatling_call(span->source, span->at, name);
	if (!call || call >= span->end)
		return NULL;
	return gatling_inside(span->source, call, ret_close);
}

/* max(…, 100) of a setting is not the setting. */
static bool is_computed(const struct span *span)
{
	static const char *const functions[] = {
			"max",
			"min",
			"pow",
			"abs",
			"ceil",
			"floor",
			"map",
	};
	const char *close;
	for (size_t i = 0; i < COUNT_OF(functions); i++)
		if (call_in(span, functions[i], &close))
			return true;
	return false;
}

/* Integer.getInteger("users", 10), System.getProperty("users", "10"), sys.env.getOrElse("users",
 * "10"), Option(System.getProperty("users")).getOrElse("10"). False: it is no such call. */
static bool read_setting(const struct span *span, struct setting *ret)
{
	static const struct {
		const char *name;
		bool variable;
	} calls[] = {
			{"getInteger", false},
			{"getLong", false},
			{"getBoolean", false},
			{"getProperty", false},
			{"props", false},
			{"getenv", true},
			{"env", true},
			{"getOrElse", false},
			{"getOrDefault", false},
			{"propOrElse", false},
	};
	const struct gatling_text *source = span->source;
	const char *inside = NULL, *close = span->end, *name = NULL;
	bool variable = false;
	if (is_computed(span))
		return false;
	for (size_t i = 0; i < COUNT_OF(calls) && !name; i++) {
		inside = call_in(span, calls[i].name, &close);
		if (inside)
			name = gatling_string(source, inside, close);
		variable = calls[i].variable;
	}
	if (!name)
		return false;
	const char *map = strstr(span->at, "env.");
	const char *map_of_java = strstr(span->at, "getenv()");
	variable |= (map && map < inside) || (map_of_java && map_of_java < inside);
	*ret = (struct setting){.end = close};
	if (variable)
		ret->said = plan_environment(source->context, source->command, name);
	else
		ret->said = jvm_property(source, name);
	const char *comma = gatling_argument_end(source, inside, close);
	if (comma < close)
		ret->fallback = comma + 1;
	struct span rest = deeper(span, close, span->end);
	if (!ret->fallback)
		ret->fallback = call_in(&rest, "getOrElse", &ret->end);
	if (!ret->fallback)
		ret->fallback = call_in(&rest, "orElse", &ret->end);
	if (!ret->said && !ret->fallback && !*source->missing)
		*source->missing = arena_printf(source->arena,
				variable ? "the environment's %s (env %s=VALUE …)" : "the property %s (-D%s=VALUE)",
				name,
				name);
	return true;
}

/* --- names ------------------------------------------------------------------------------- */

/* The one place that gives the name a value: "val users = 100", "int users = 100;", "def users =".
 * False: there is none, or there are several. */
static bool value_of_name(const struct span *span, const char *name, struct span *ret)
{
	const struct gatling_text *source = span->source;
	size_t length = strlen(name);
	const char *value = NULL;
	for (const char *at = strstr(source->code, name); at; at = strstr(at + length, name)) {
		const char *next = at + length + strspn(at + length, " \t\r\n");
		bool whole = !gatling_in_name(at[length]);
		if (at > source->code && gatling_in_name(at[-1]))
			whole = false;
		if (whole && *next == ':' && next[1] != ':') {
			next += 1 + strcspn(next + 1, "=\n;,)");
			next += strspn(next, " \t\r\n");
		}
		if (!whole || *next != '=' || next[1] == '=' || next[1] == '>')
			continue;
		if (value)
			return false;
		value = next + 1;
	}
	if (!value || span->depth > NAMES_DEPTH)
		return false;
	value += strspn(value, " \t\r\n");
	*ret = deeper(span, value, value + strcspn(value, "\n;"));
	return true;
}

/* The name that the whole expression is, or "" . */
static const char *name_of(const struct span *span)
{
	size_t length = 0;
	while (span->at + length < span->end && gatling_in_name(span->at[length]))
		length++;
	if (!length || span->at + length != span->end)
		return "";
	return arena_copy(span->source->arena, span->at, length);
}

/* --- texts ------------------------------------------------------------------------------- */

static const char *text_of_span(const struct span *span);

/* "http://$host:${port}": what stands for a name is put in; NULL: it is not known. */
static const char *interpolated(const struct span *span, const char *from, size_t length)
{
	struct text out = {0};
	struct arena *arena = span->source->arena;
	const char *end = from + length;
	for (const char *at = from; at < end;) {
		size_t plain = strcspn(at, "$");
		if (plain > (size_t)(end - at))
			plain = (size_t)(end - at);
		text_add_bytes(&out, at, plain);
		at += plain;
		if (at == end)
			break;
		bool braces = at[1] == '{';
		at += 1 + braces;
		size_t name = 0;
		while (at + name < end && gatling_in_name(at[name]))
			name++;
		struct span inner;
		const char *value = NULL;
		if (name && value_of_name(span, arena_copy(arena, at, name), &inner))
			value = text_of_span(&inner);
		at += name;
		if (!value || (braces && *at != '}')) {
			text_release(&out);
			return NULL;
		}
		text_add(&out, value);
		at += braces;
	}
	return text_take(arena, &out);
}

const char *gatling_string(const struct gatling_text *source, const char *at, const char *end)
{
	while (at < end && strchr(" \t\r\n", *at))
		at++;
	if (at >= end || *at != '"')
		return NULL;
	const char *text = source->text + (at - source->code) + 1;
	size_t length = strcspn(text, "\"\n");
	const char *string = arena_copy(source->arena, text, length);
	if (strpbrk(string, "$#{\\"))
		return NULL;
	return string;
}

/* A term of "http://" + host + ":" + port. */
static const char *text_of_term(const struct span *span)
{
	const struct gatling_text *source = span->source;
	const char *literal = gatling_string(source, span->at, span->end);
	struct setting setting;
	struct span inner;
	double number;
	const char *rest;
	if (literal || span->at >= span->end)
		return literal;
	bool scala = *span->at == 's' && span->at[1] == '"';
	if (scala || *span->at == '"') {
		const char *text = source->text + (span->at - source->code) + 1 + scala;
		return interpolated(span, text, strcspn(text, "\"\n"));
	}
	if (gatling_literal(span->at, span->end, &number, &rest))
		return arena_copy(source->arena, span->at, (size_t)(rest - span->at));
	const char *name = name_of(span);
	if (*name) {
		if (!value_of_name(span, name, &inner))
			return NULL;
		return text_of_span(&inner);
	}
	if (!read_setting(span, &setting))
		return NULL;
	if (setting.said || !setting.fallback)
		return setting.said;
	inner = deeper(span, setting.fallback, setting.end);
	return text_of_span(&inner);
}

/* The end of a term: the sign on its own level that is one of these. */
static const char *term_end(const struct span *span, const char *signs)
{
	size_t depth = 0;
	for (const char *at = span->at; at < span->end; at++) {
		bool first = at == span->at;
		if (!depth && !first && strchr(signs, *at))
			return at;
		depth += *at == '(' || *at == '{' || *at == '[';
		depth -= depth && (*at == ')' || *at == '}' || *at == ']');
	}
	return span->end;
}

static const char *text_of_span(const struct span *span)
{
	struct text out = {0};
	struct span rest = *span;
	if (span->depth > NAMES_DEPTH)
		return NULL;
	while (rest.at < rest.end) {
		const char *end = term_end(&rest, "+");
		struct span term = deeper(span, rest.at, end);
		const char *text = text_of_term(&term);
		if (!text) {
			text_release(&out);
			return NULL;
		}
		text_add(&out, text);
		rest.at = end + (end < rest.end);
	}
	return text_take(span->source->arena, &out);
}

const char *gatling_text_of(const struct gatling_text *source, const char *at, const char *end)
{
	const struct span span = gatling_span(source, at, end);
	return text_of_span(&span);
}

/* --- numbers ----------------------------------------------------------------------------- */

static double number_of_text(const char *text)
{
	struct error ignored;
	double number;
	if (!quantity_read(text, &quantity_decimal, &number, &ignored))
		return (double)NAN;
	return number;
}

static double number_of_span(const struct span *span);

static double number_of_term(const struct span *span)
{
	const char *rest;
	double number;
	struct span inner;
	struct setting setting;
	if (span->depth > NAMES_DEPTH || span->at >= span->end)
		return (double)NAN;
	if (*span->at == '(' && span->end[-1] == ')') {
		inner = deeper(span, span->at + 1, span->end - 1);
		return number_of_span(&inner);
	}
	if (gatling_literal(span->at, span->end, &number, &rest)) {
		rest += strspn(rest, " \t\r\n");
		if (rest >= span->end || strncmp(rest, ".to", 3) == 0)
			return number;
		return (double)NAN;
	}
	const char *name = name_of(span);
	if (*name) {
		if (!value_of_name(span, name, &inner))
			return (double)NAN;
		return number_of_span(&inner);
	}
	const char *to = strstr(span->at, ".to");
	inner = *span;
	if (to && to < span->end) {
		inner.end = to;
		name = name_of(&inner);
		inner.depth++;
		if (*name)
			return number_of_term(&inner); /* users.toDouble */
	}
	const char *literal = gatling_string(span->source, span->at, span->end);
	if (literal)
		return number_of_text(literal);
	if (!read_setting(span, &setting))
		return (double)NAN;
	if (setting.said)
		return number_of_text(setting.said);
	if (!setting.fallback)
		return (double)NAN;
	inner = deeper(span, setting.fallback, setting.end);
	return number_of_span(&inner);
}

static double number_of_product(const struct span *span)
{
	struct span rest = *span;
	double product = 1;
	char sign = '*';
	while (rest.at < rest.end) {
		const char *end = term_end(&rest, "*/");
		struct span term = deeper(span, rest.at, end);
		term.depth = span->depth;
		double number = number_of_term(&term);
		if (sign == '*')
			product *= number;
		else
			product /= number;
		if (end >= rest.end)
			return product;
		sign = *end;
		rest.at = end + 1;
	}
	return (double)NAN;
}

static double number_of_span(const struct span *span)
{
	struct span rest = *span;
	double sum = 0;
	char sign = '+';
	while (rest.at < rest.end) {
		const char *end = term_end(&rest, "+-");
		struct span term = deeper(span, rest.at, end);
		term.depth = span->depth;
		double number = number_of_product(&term);
		if (sign == '+')
			sum += number;
		else
			sum -= number;
		if (end >= rest.end)
			return sum;
		sign = *end;
		rest.at = end + 1;
	}
	return (double)NAN;
}

double gatling_number(const struct gatling_text *source, const char *at, const char *end)
{
	const struct span span = gatling_span(source, at, end);
	double number = number_of_span(&span);
	if (!isfinite(number))
		return (double)NAN;
	return number;
}
