#include "probes/plan/script/builtins.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

static const char environment[] = "__ENV";

const char *js_as_text(struct js_world *world, const struct js_value *value)
{
	switch (value->type) {
	case JS_TEXT:
		return value->text;
	case JS_NUMERIC:
		return arena_printf(world->arena, "%.15g", value->number);
	case JS_BOOLEAN:
		if (value->number != 0)
			return "true";
		return "false";
	default:
		return NULL;
	}
}

bool js_as_number(const struct js_value *value, double *ret)
{
	char *end;
	switch (value->type) {
	case JS_NUMERIC:
	case JS_BOOLEAN:
		*ret = value->number;
		return true;
	case JS_TEXT:
		*ret = strtod(value->text, &end);
		return !value->open && *value->text && !*end && isfinite(*ret);
	default:
		return false;
	}
}

int js_truth(const struct js_value *value)
{
	switch (value->type) {
	case JS_UNKNOWN:
		return -1;
	case JS_UNDEFINED:
		return 0;
	case JS_BOOLEAN:
	case JS_NUMERIC:
		return value->number != 0;
	case JS_TEXT:
		if (!*value->text && value->open)
			return -1;
		return *value->text != '\0';
	default:
		return 1;
	}
}

int js_same(const struct js_value *a, const struct js_value *b)
{
	if (a == b && a->type != JS_UNKNOWN)
		return 1;
	if (a->type == JS_UNKNOWN || b->type == JS_UNKNOWN || a->open || b->open)
		return -1;
	if (a->type != b->type)
		return 0;
	if (a->type == JS_TEXT)
		return strcmp(a->text, b->text) == 0;
	if (a->type == JS_UNDEFINED)
		return 1;
	if (a->type == JS_NUMERIC || a->type == JS_BOOLEAN)
		return a->number == b->number;
	return -1;
}

bool js_is_environment(const struct js_value *value)
{
	return value->type == JS_OBJECT && value->text == environment;
}

/* A function that is known by its name. */
static struct js_value *js_named(struct js_world *world, const char *name)
{
	struct js_value *value = js_value_new(world, JS_FUNCTION);
	value->text = name;
	return value;
}

/* __VU. What is made of it is another value for each VU, even where it is not known here. */
static struct js_value *number_of_vu(struct js_world *world)
{
	struct js_value *value = js_value_new(world, JS_UNKNOWN);
	if (world->vu > 0)
		value->type = JS_NUMERIC;
	value->number = world->vu;
	world->vu_decides = true;
	return value;
}

struct js_value *js_execution(struct js_world *world, const char *name)
{
	static const char *const numbers[] = {
			"idInTest",
			"idInInstance",
	};
	struct js_value *vu = js_value_new(world, JS_OBJECT);
	vu->open = true;
	for (size_t i = 0; i < COUNT_OF(numbers); i++)
		js_value_add(world, vu, numbers[i], number_of_vu(world));
	if (strcmp(name, "vu") == 0)
		return vu;
	struct js_value *module = js_value_new(world, JS_OBJECT);
	module->open = true;
	if (strcmp(name, "*") == 0 || strcmp(name, "default") == 0)
		js_value_add(world, module, "vu", vu);
	return module;
}

struct js_value *js_global(struct js_world *world, const char *name)
{
	if (strcmp(name, "__VU") == 0)
		return number_of_vu(world);
	if (strcmp(name, environment) != 0)
		return js_named(world, name);
	struct js_value *value = js_value_new(world, JS_OBJECT);
	value->text = environment;
	value->open = true;
	return value;
}

struct js_value *js_text_member(struct js_world *world,
		const struct js_value *object,
		const char *name)
{
	static const char *const same[] = {
			"href",
			"origin",
	};
	struct js_value *value = js_value_new(world, JS_UNKNOWN);
	value->missing = object->missing;
	if (object->type == JS_FUNCTION && !object->module)
		return js_named(world, arena_printf(world->arena, "%s.%s", object->text, name));
	bool counted = object->type == JS_LIST && !object->open;
	if (counted && strcmp(name, "length") == 0) {
		value->type = JS_NUMERIC;
		value->number = (double)object->count;
		return value;
	}
	if (object->type != JS_TEXT)
		return value;
	*value = *object;
	for (size_t i = 0; i < COUNT_OF(same); i++)
		if (strcmp(name, same[i]) == 0)
			return value;
	struct js_value *method = js_named(world, arena_printf(world->arena, "text.%s", name));
	js_value_add(world, method, "", value);
	return method;
}

/* A call of something that is known by name. */
struct call {
	struct js_world *world;
	struct js_module *module;
	const struct js_value *self, *arguments;
};

static struct js_value *argument(const struct call *call, size_t i)
{
	if (i < call->arguments->count)
		return call->arguments->members[i].value;
	return js_value_new(call->world, JS_UNDEFINED);
}

static struct js_value *first_argument(const struct call *call)
{
	return argument(call, 0);
}

static struct js_value *js_number_of(const struct call *call)
{
	struct js_value *value = js_value_new(call->world, JS_NUMERIC);
	const struct js_value *given = argument(call, 0);
	if (!js_as_number(given, &value->number))
		value->type = JS_UNKNOWN;
	if (given->type == JS_UNDEFINED)
		value->type = JS_UNDEFINED; /* NaN, which counts as false as well */
	value->missing = given->missing;
	return value;
}

/* parseInt("60s", 10) is 60. */
static struct js_value *js_parsed_number(const struct call *call)
{
	const struct js_value *given = argument(call, 0);
	if (given->type != JS_TEXT || given->open)
		return js_number_of(call);
	char *end;
	struct js_value *value = js_value_new(call->world, JS_NUMERIC);
	value->number = strtod(given->text, &end);
	if (end == given->text || !isfinite(value->number))
		value->type = JS_UNDEFINED;
	return value;
}

static struct js_value *js_parsed_whole(const struct call *call)
{
	struct js_value *value = js_parsed_number(call);
	value->number = trunc(value->number);
	return value;
}

static struct js_value *js_whole_of(const struct call *call)
{
	struct js_value *value = js_number_of(call);
	value->number = trunc(value->number);
	return value;
}

static struct js_value *ceiling_of(const struct call *call)
{
	struct js_value *value = js_number_of(call);
	value->number = ceil(value->number);
	return value;
}

static struct js_value *rounded(const struct call *call)
{
	struct js_value *value = js_number_of(call);
	value->number = floor(value->number + 0.5);
	return value;
}

static struct js_value *js_text_of(const struct call *call)
{
	struct js_value *value = js_value_new(call->world, JS_TEXT);
	const struct js_value *given = argument(call, 0);
	value->text = js_as_text(call->world, given);
	value->open = given->open;
	if (!value->text)
		value->type = JS_UNKNOWN;
	return value;
}

static struct js_value *parsed(const struct call *call)
{
	const struct js_value *given = argument(call, 0);
	if (given->type == JS_TEXT && !given->open)
		return call->world->json(call->world->user, given->text);
	return js_value_new(call->world, JS_UNKNOWN);
}

static struct js_value *js_opened(const struct call *call)
{
	struct js_value *value = js_value_new(call->world, JS_TEXT);
	const struct js_value *given = argument(call, 0);
	if (given->type == JS_TEXT && !given->open)
		value->text = call->world->file(call->world->user, call->module, given->text);
	if (!value->text)
		value->type = JS_UNKNOWN;
	return value;
}

static struct js_value *js_required(const struct call *call)
{
	struct js_value *value = js_value_new(call->world, JS_OBJECT);
	const struct js_value *given = argument(call, 0);
	value->open = true;
	if (given->type == JS_TEXT && !given->open)
		value->space = call->world->import(call->world->user, call->module, given->text);
	return value;
}

static struct js_value *assigned(const struct call *call)
{
	struct js_value *sum = js_value_new(call->world, JS_OBJECT);
	for (size_t i = 0; i < call->arguments->count; i++) {
		const struct js_value *more = argument(call, i);
		if (more->type == JS_UNDEFINED)
			continue;
		sum->open |= more->open || more->type != JS_OBJECT;
		for (size_t j = 0; more->type == JS_OBJECT && j < more->count; j++)
			js_value_add(call->world, sum, more->members[j].name, more->members[j].value);
	}
	sum->open |= call->arguments->open;
	return sum;
}

static struct js_value *itself(const struct call *call)
{
	struct js_value *value = js_value_new(call->world, JS_UNKNOWN);
	*value = *call->self;
	return value;
}

/* "http://h".replace("http", "ws"). A pattern cuts off a slash, or sets another scheme: the host
 * stays. */
static struct js_value *js_replaced(const struct call *call)
{
	struct js_value *value = itself(call);
	const struct js_value *pattern = argument(call, 0);
	const struct js_value *instead = argument(call, 1);
	if (pattern->type != JS_TEXT || pattern->open) {
		value->open = true;
		return value;
	}
	const char *hit = strstr(value->text, pattern->text);
	if (!hit) {
		return value;
	}
	if (instead->type != JS_TEXT || instead->open) {
		value->type = JS_UNKNOWN;
		return value;
	}
	value->text = arena_printf(call->world->arena,
			"%.*s%s%s",
			(int)(hit - value->text),
			value->text,
			instead->text,
			hit + strlen(pattern->text));
	return value;
}

static struct js_value *js_joined(const struct call *call)
{
	struct js_value *value = itself(call);
	for (size_t i = 0; i < call->arguments->count && !value->open; i++) {
		const struct js_value *more = argument(call, i);
		const char *text = js_as_text(call->world, more);
		value->open = !text || more->open;
		if (text)
			value->text = arena_printf(call->world->arena, "%s%s", value->text, text);
	}
	return value;
}

struct js_value *js_call(struct js_world *world,
		struct js_module *module,
		const struct js_value *callee,
		const struct js_value *arguments)
{
	static const struct {
		const char *name;
		struct js_value *(*call)(const struct call *call);
	} known[] = {
			{"JSON.parse", parsed},
			{"open", js_opened},
			{"require", js_required},
			{"Object.assign", assigned},
			{"Object.freeze", first_argument},
			{"Object.seal", first_argument},
			{"Number", js_number_of},
			{"parseFloat", js_parsed_number},
			{"parseInt", js_parsed_whole},
			{"Number.parseInt", js_parsed_whole},
			{"Number.parseFloat", js_parsed_number},
			{"Math.floor", js_whole_of},
			{"Math.trunc", js_whole_of},
			{"Math.ceil", ceiling_of},
			{"Math.round", rounded},
			{"String", js_text_of},
			{"encodeURI", js_text_of},
			{"text.toString", itself},
			{"text.valueOf", itself},
			{"text.trim", itself},
			{"text.trimEnd", itself},
			{"text.replace", js_replaced},
			{"text.replaceAll", js_replaced},
			{"text.concat", js_joined},
	};
	struct call call = {world, module, callee, arguments};
	if (callee->count)
		call.self = callee->members[0].value;
	struct js_value *value = NULL;
	for (size_t i = 0; i < COUNT_OF(known) && !value; i++) {
		if (strcmp(known[i].name, callee->text) == 0)
			value = known[i].call(&call);
	}
	if (!value)
		value = js_value_new(world, JS_UNKNOWN);
	return value;
}

struct js_value *js_url(struct js_world *world, const struct js_value *arguments)
{
	struct js_value *value = js_value_new(world, JS_UNKNOWN);
	for (size_t i = 0; i < arguments->count && i < 2; i++) {
		const struct js_value *given = arguments->members[i].value;
		if (given->type == JS_TEXT && strstr(given->text, "://"))
			return arguments->members[i].value;
		if (given->type != JS_TEXT)
			return value;
	}
	return value;
}
