/* What an expression of a locustfile stands for, where that is written out: literals, names that
 * were assigned, environment variables with their defaults, sums. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/ascii.h"
#include "base/text.h"
#include "probes/plan/locust/script.h"

enum {
	DEPTH_MAX = 12,
	TEXT_MAX = 2000,
	DIGITS_MAX = 32
};

/* One expression: a range of tokens, and whose names count. */
struct expression {
	struct locust_script *script;
	const struct python *python;
	size_t at, end;
	struct locust_name scope;
	unsigned depth;
};

/* A name as it stands in an expression, with what follows it. */
struct mention {
	const char *dotted;
	size_t open, close; /* of the call or index behind it; open 0: none */
};

static const struct locust_text unknown_text = {"", true};

static const struct python_token *token_at(const struct expression *e)
{
	return &e->python->tokens[e->at];
}

static bool at_sign(const struct expression *e, const char *sign)
{
	return e->at < e->end && python_at(e->python, e->at, sign);
}

static struct expression inside(const struct expression *e, size_t start, size_t end)
{
	struct expression inner = *e;
	inner.at = start;
	inner.end = end;
	inner.depth++;
	return inner;
}

static struct expression expression_of(struct locust_script *script,
		const struct locust_name *at,
		unsigned depth)
{
	struct expression e = {
			.script = script,
			.python = &script->files[at->file].python,
			.at = at->start,
			.end = at->end,
			.scope = *at,
			.depth = depth,
	};
	return e;
}

/* False once the work has become too much: such a value is not known. */
static bool may_go_on(const struct expression *e)
{
	if (e->depth > DEPTH_MAX || !e->script->budget)
		return false;
	e->script->budget--;
	return true;
}

/* Goes behind a closing bracket. */
static void locust_leave_bracket(struct expression *e, size_t close)
{
	e->at = close + 1;
	if (e->at > e->end)
		e->at = e->end;
}

/* The value of a dotted name: self.X, cls.X and Class.X are the class's, module.X a module's. */
static const struct locust_name *locust_named(const struct expression *e, const char *dotted)
{
	const struct locust_script *script = e->script;
	const struct locust_name *found;
	const char *last = locust_last_part(dotted);
	int class = LOCUST_NONE;
	if (last == dotted)
		return locust_lookup(script, last, e->scope.class, e->scope.function);
	size_t length = (size_t)(last - dotted) - 1;
	const char *owner = arena_copy(script->arena, dotted, length);
	if (!strcmp(owner, "self") || !strcmp(owner, "cls"))
		class = e->scope.class;
	else
		class = locust_class_named(script, owner);
	found = locust_attribute(script, class, last);
	if (found)
		return found;
	return locust_lookup(script, last, LOCUST_NONE, LOCUST_NONE);
}

/* The expression that a name was given. False: none is known, or it would be too much. */
static bool enter_name(const struct expression *e, const char *dotted, struct expression *ret)
{
	const struct locust_name *found = locust_named(e, dotted);
	if (!found)
		return false;
	*ret = expression_of(e->script, found, e->depth + 1);
	return may_go_on(ret);
}

/* Reads a.b.c at the expression's place, and finds the bracket behind it. */
static struct mention read_mention(struct expression *e)
{
	const struct python *python = e->python;
	struct mention mention = {.dotted = ""};
	size_t last = e->at, ignored;
	while (last + 2 < e->end && python_at(python, last + 1, ".")) {
		if (python->tokens[last + 2].kind != PYTHON_NAME)
			break;
		last += 2;
	}
	mention.dotted = locust_dotted(e->script, e->scope.file, last, &ignored);
	e->at = last + 1;
	if (!at_sign(e, "(") && !at_sign(e, "["))
		return mention;
	mention.open = e->at;
	mention.close = python_closing(python, e->at, e->end);
	locust_leave_bracket(e, mention.close);
	return mention;
}

static bool locust_is_one_of(const char *const *list, const char *name)
{
	for (; *list; list++)
		if (!strcmp(*list, name))
			return true;
	return false;
}

static bool reads_environment(const char *dotted)
{
	static const char *const names[] = {
			"os.getenv",
			"os.environ.get",
			"os.environ",
			"getenv",
			"environ.get",
			"environ",
			NULL,
	};
	return locust_is_one_of(names, dotted);
}

/* Calls that leave a value what it is. */
static bool is_conversion(const char *dotted)
{
	static const char *const names[] = {
			"str",
			"int",
			"float",
			"round",
			NULL,
	};
	return locust_is_one_of(names, dotted);
}

static struct locust_text text_sum(struct expression *e);

/* The first variable that is not set, and has no default. */
static void note_missing(struct locust_script *script, const char *name)
{
	if (!script->missing)
		script->missing = name;
}

/* A variable of the environment is read as the tool will see it. */
static struct locust_text locust_variable(const struct expression *e, const struct mention *call)
{
	struct locust_script *script = e->script;
	struct arena *arena = script->arena;
	size_t name = call->open + 1;
	const struct python_token *token = &e->python->tokens[name];
	struct locust_text value = unknown_text;
	if (name >= call->close || token->kind != PYTHON_STRING)
		return value;
	const char *variable = python_text(arena, token);
	const char *text = plan_variable(script->context, script->command, variable, script->plan);
	if (text) {
		value.text = text;
		value.open = false;
		return value;
	}
	size_t comma = python_item_end(e->python, name, call->close);
	if (comma >= call->close) {
		note_missing(script, variable);
		return value;
	}
	struct expression otherwise = inside(e, comma + 1, call->close);
	if (python_at(e->python, comma + 2, "="))
		otherwise.at += 2; /* default="…" */
	if (!may_go_on(&otherwise))
		return value;
	return text_sum(&otherwise);
}

/* The name in braces, "" if there is more than a name. */
static const char *name_in_braces(const struct expression *e, const char *start, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		bool name = ascii_is_name(start[i]) || start[i] == '.';
		if (!name)
			return "";
	}
	return arena_copy(e->script->arena, start, length);
}

/* 'NAME' or "NAME" at the place, which moves behind it; NULL: no such thing. */
static const char *quoted_in(const struct expression *e, const char **at, const char *end)
{
	const char *from = *at;
	while (from < end && strchr(" ,", *from))
		from++;
	if (from == end || !strchr("'\"", *from))
		return NULL;
	const char *close = memchr(from + 1, *from, (size_t)(end - from - 1));
	if (!close)
		return NULL;
	*at = close + 1;
	return arena_copy(e->script->arena, from + 1, (size_t)(close - from) - 1);
}

/* os.environ.get('NAME', 'default') in braces. */
static struct locust_text variable_in_braces(const struct expression *e,
		const char *start,
		size_t length)
{
	struct locust_script *script = e->script;
	const char *end = start + length, *at = start;
	while (at < end && (ascii_is_name(*at) || *at == '.'))
		at++;
	const char *called = arena_copy(script->arena, start, (size_t)(at - start));
	if (at == end || !strchr("([", *at) || !reads_environment(called))
		return unknown_text;
	at++;
	const char *name = quoted_in(e, &at, end);
	if (!name)
		return unknown_text;
	const char *text = plan_variable(script->context, script->command, name, script->plan);
	if (!text) {
		const char *number = at + strspn(at, ", ");
		text = quoted_in(e, &at, end);
		size_t digits = strspn(number, "0123456789");
		if (!text && number < end && digits)
			text = arena_copy(script->arena, number, digits);
	}
	if (!text) {
		note_missing(script, name);
		return unknown_text;
	}
	return (struct locust_text){text, false};
}

/* f"{BASE}/x": the names in braces are put in, up to the first that is not known. */
static struct locust_text locust_formatted(const struct expression *e,
		const struct python_token *token)
{
	struct text out = {0};
	const char *at = token->text, *end = at + token->length;
	bool open = false;
	while (at < end && !open && out.length < TEXT_MAX) {
		size_t left = (size_t)(end - at);
		const char *brace = memchr(at, '{', left);
		if (!brace) {
			text_add_bytes(&out, at, left);
			break;
		}
		text_add_bytes(&out, at, (size_t)(brace - at));
		const char *close = memchr(brace, '}', (size_t)(end - brace));
		if (!close)
			close = brace + 1;
		size_t length = (size_t)(close - brace) - 1;
		struct expression inner;
		struct locust_text value = unknown_text;
		if (enter_name(e, name_in_braces(e, brace + 1, length), &inner))
			value = text_sum(&inner);
		else
			value = variable_in_braces(e, brace + 1, length);
		text_add(&out, value.text);
		open = value.open;
		at = close + 1;
	}
	return (struct locust_text){text_take(e->script->arena, &out), open};
}

/* Strings that follow each other are one. */
static struct locust_text literal(struct expression *e)
{
	struct arena *arena = e->script->arena;
	struct text out = {0};
	bool open = false;
	for (; e->at < e->end && !open; e->at++) {
		const struct python_token *token = token_at(e);
		if (token->kind != PYTHON_STRING)
			break;
		struct locust_text piece = {python_text(arena, token), false};
		if (token->formatted)
			piece = locust_formatted(e, token);
		text_add(&out, piece.text);
		open = piece.open || out.length > TEXT_MAX;
	}
	return (struct locust_text){text_take(arena, &out), open};
}

/* What a name stands for, or a call of one. */
static struct locust_text text_name(struct expression *e)
{
	struct mention mention = read_mention(e);
	struct expression inner;
	if (mention.open && reads_environment(mention.dotted))
		return locust_variable(e, &mention);
	if (!mention.open) {
		if (!enter_name(e, mention.dotted, &inner))
			return unknown_text;
		return text_sum(&inner);
	}
	inner = inside(e, mention.open + 1, mention.close);
	if (!is_conversion(mention.dotted) || !may_go_on(&inner))
		return unknown_text;
	return text_sum(&inner);
}

static void cut_before(struct expression *e, struct locust_text *text, const char *sign)
{
	size_t certain = strcspn(text->text, sign);
	text->text = arena_copy(e->script->arena, text->text, certain);
	text->open = true;
}

/* .rstrip("/") leaves the host as it is; after .format(…) only what stands before a brace counts.
 */
static void apply_methods(struct expression *e, struct locust_text *text)
{
	static const char *const harmless[] = {
			"strip",
			"rstrip",
			"lstrip",
			"lower",
			"removesuffix",
			NULL,
	};
	while (at_sign(e, ".") && e->at + 2 < e->end) {
		const char *name = python_text(e->script->arena, token_at(e) + 1);
		e->at += 2;
		if (!at_sign(e, "(")) {
			cut_before(e, text, text->text);
			return;
		}
		locust_leave_bracket(e, python_closing(e->python, e->at, e->end));
		if (!strcmp(name, "format"))
			cut_before(e, text, "{");
		else if (!locust_is_one_of(harmless, name))
			cut_before(e, text, text->text);
	}
}

static struct locust_text text_term(struct expression *e)
{
	const struct python_token *token = token_at(e);
	struct locust_text text = unknown_text;
	if (token->kind == PYTHON_STRING) {
		text = literal(e);
	} else if (token->kind == PYTHON_NUMBER) {
		text.text = python_text(e->script->arena, token);
		text.open = false;
		e->at++;
	} else if (python_is(token, "None")) {
		text.open = false;
		e->at++;
	} else if (token->kind == PYTHON_NAME) {
		text = text_name(e);
	} else if (python_is(token, "(")) {
		size_t close = python_closing(e->python, e->at, e->end);
		struct expression inner = inside(e, e->at + 1, close);
		if (may_go_on(&inner))
			text = text_sum(&inner);
		locust_leave_bracket(e, close);
	} else {
		e->at = e->end;
	}
	apply_methods(e, &text);
	if (at_sign(e, "%"))
		cut_before(e, &text, "%");
	return text;
}

/* "a" + b, a or "b". */
static struct locust_text text_sum(struct expression *e)
{
	struct text out = {0};
	bool open = e->at >= e->end;
	while (e->at < e->end && may_go_on(e)) {
		struct locust_text term = text_term(e);
		text_add(&out, term.text);
		open = term.open || out.length > TEXT_MAX;
		bool sum = at_sign(e, "+") && !open;
		bool otherwise = at_sign(e, "or") && !out.length;
		if (!sum && !otherwise)
			break;
		e->at++;
	}
	if (at_sign(e, "if")) {
		text_clear(&out);
		open = true;
	}
	return (struct locust_text){text_take(e->script->arena, &out), open};
}

struct locust_text locust_text_of(struct locust_script *script, const struct locust_name *at)
{
	struct expression e = expression_of(script, at, 0);
	return text_sum(&e);
}

static double number_sum(struct expression *e);

/* The whole text as a number. */
static double number_written(const char *text)
{
	char *stop = NULL;
	if (!*text)
		return NAN;
	double number = strtod(text, &stop);
	if (*stop)
		return NAN;
	return number;
}

/* A name, or int(…) of something. */
static double number_name(struct expression *e)
{
	struct mention mention = read_mention(e);
	struct expression inner;
	if (!mention.open) {
		if (!enter_name(e, mention.dotted, &inner))
			return NAN;
		return number_sum(&inner);
	}
	if (reads_environment(mention.dotted)) {
		struct locust_text text = locust_variable(e, &mention);
		if (text.open)
			return NAN;
		return number_written(text.text);
	}
	inner = inside(e, mention.open + 1, mention.close);
	if (!is_conversion(mention.dotted) || !may_go_on(&inner))
		return NAN;
	return number_sum(&inner);
}

/* 1_000, and "1000" as int("1000") takes it. */
static double number_literal(struct expression *e)
{
	const struct python_token *token = token_at(e);
	char digits[DIGITS_MAX] = "";
	size_t count = 0;
	e->at++;
	if (token->kind != PYTHON_NUMBER && token->kind != PYTHON_STRING)
		return NAN;
	if (token->length >= DIGITS_MAX)
		return NAN;
	for (size_t i = 0; i < token->length; i++)
		if (token->text[i] != '_')
			digits[count++] = token->text[i];
	return number_written(digits);
}

static double number_factor(struct expression *e)
{
	double sign = 1;
	for (; at_sign(e, "-"); e->at++)
		sign = -sign;
	if (e->at >= e->end || !may_go_on(e))
		return NAN;
	if (token_at(e)->kind == PYTHON_NAME)
		return sign * number_name(e);
	if (!at_sign(e, "("))
		return sign * number_literal(e);
	size_t close = python_closing(e->python, e->at, e->end);
	struct expression inner = inside(e, e->at + 1, close);
	locust_leave_bracket(e, close);
	if (!may_go_on(&inner))
		return NAN;
	return sign * number_sum(&inner);
}

static double number_product(struct expression *e)
{
	double product = number_factor(e);
	for (;;) {
		bool times = at_sign(e, "*");
		bool whole = at_sign(e, "//");
		bool over = whole || at_sign(e, "/");
		if (!times && !over)
			return product;
		e->at++;
		double factor = number_factor(e);
		if (times)
			product *= factor;
		else
			product /= factor;
		if (whole)
			product = floor(product);
	}
}

static double number_sum(struct expression *e)
{
	double sum = number_product(e);
	for (;;) {
		bool plus = at_sign(e, "+");
		if (!plus && !at_sign(e, "-"))
			break;
		e->at++;
		double more = number_product(e);
		if (plus)
			sum += more;
		else
			sum -= more;
	}
	if (e->at < e->end)
		return NAN; /* a comparison, a condition … */
	return sum;
}

double locust_number_of(struct locust_script *script, const struct locust_name *at)
{
	struct expression e = expression_of(script, at, 0);
	double number = number_sum(&e);
	if (!isfinite(number))
		return NAN;
	return number;
}
