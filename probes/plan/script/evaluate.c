/* Expressions by recursive descent: each reader takes what it understands and leaves pos behind it;
 * whoever called it goes on behind the expression, whether it was understood or not. */
#include "probes/plan/script/evaluate.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/script/builtins.h"

enum {
	DEPTH_MAX = 60,
	TEXT_MAX = 64 * 1024
};

struct reading {
	struct js_world *world;
	struct js_module *module;
	const struct js_tokens *t;
	size_t pos;
};

static struct js_value *read_expression(struct reading *r);
static struct js_value *read_unary(struct reading *r);
static struct js_value *call_function(struct reading *r, const struct js_value *function);

struct js_module *js_module_read(struct arena *arena,
		const char *path,
		const char *text,
		size_t length)
{
	struct js_module *module = arena_alloc(arena, sizeof *module);
	struct js_scope *scope = &module->scope;
	module->path = path;
	js_tokens_read(arena, text, length, &scope->tokens);
	js_scope_read(arena, scope);
	module->values = arena_alloc(arena, (scope->count + 1) * sizeof *module->values);
	module->busy = arena_alloc(arena, (scope->count + 1) * sizeof *module->busy);
	return module;
}

static struct js_value *make(struct reading *r, enum js_type type, size_t at)
{
	struct js_value *value = js_value_new(r->world, type);
	value->module = r->module;
	value->at = (uint32_t)at;
	value->line = r->t->items[at].line;
	return value;
}

static struct js_value *unknown(struct reading *r)
{
	return make(r, JS_UNKNOWN, r->pos);
}

static struct js_value *make_text(struct reading *r, size_t at, const char *text)
{
	struct js_value *value = make(r, JS_TEXT, at);
	value->text = text;
	return value;
}

static bool js_here(const struct reading *r, const char *word)
{
	return js_is(r->t, r->pos, word);
}

/* Behind the bracket that stands here. */
static void leave_bracket(struct reading *r)
{
	size_t pair = js_pair(r->t, r->pos);
	r->pos = r->t->count - 1;
	if (pair + 1 < r->t->count) {
		r->pos = pair + 1;
	}
}

/* --- what a name stands for -------------------------------------------------------------- */

static struct js_value *env_member(struct reading *r, const char *name)
{
	struct js_world *world = r->world;
	const char *set = world->environment(world->user, name);
	if (set) {
		return make_text(r, r->pos, set);
	}
	struct js_value *value = make(r, JS_UNDEFINED, r->pos);
	value->missing = name;
	return value;
}

static struct js_value *member_of(struct reading *r, struct js_value *object, const char *name)
{
	struct js_world *world = r->world;
	if (js_is_environment(object)) {
		return env_member(r, name);
	}
	if (object->space) {
		return js_value_exported(world, object->space, name);
	}
	if (object->type != JS_OBJECT) {
		return js_text_member(world, object, name);
	}
	struct js_value *found = js_member(object, name);
	if (found) {
		return found;
	}
	if (object->open) {
		return unknown(r);
	}
	return make(r, JS_UNDEFINED, r->pos);
}

static struct js_value *imported(struct reading *r, const struct js_binding *binding)
{
	struct js_world *world = r->world;
	struct js_module *other = world->import(world->user, r->module, binding->module);
	if (!other) {
		return unknown(r);
	}
	if (strcmp(binding->member, "*") != 0) {
		return js_value_exported(world, other, binding->member);
	}
	struct js_value *space = make(r, JS_OBJECT, binding->at);
	space->space = other;
	space->open = true;
	return space;
}

/* What an object holds whose members are set later is not known; a list holds more. */
static struct js_value *as_changed(struct reading *r,
		const struct js_binding *binding,
		const struct js_value *value)
{
	struct js_value *changed = js_value_new(r->world, value->type);
	bool holds = value->type == JS_OBJECT || value->type == JS_LIST;
	*changed = *value;
	changed->open |= holds;
	if (holds && binding->changed) {
		return unknown(r);
	}
	return changed;
}

static struct js_value *declared(struct reading *r, const struct js_binding *binding)
{
	struct reading inner = *r;
	inner.pos = binding->value;
	if (binding->kind == JS_BOUND_FUNCTION) {
		return make(&inner, JS_FUNCTION, binding->value);
	}
	if (binding->kind == JS_BOUND_IMPORT) {
		return imported(r, binding);
	}
	if (binding->kind != JS_BOUND_VALUE || !binding->value) {
		struct js_value *variable = unknown(r);
		variable->variable = binding;
		return variable;
	}
	struct js_value *value = js_value_at(r->world, r->module, binding->value);
	if (binding->changed || binding->extended) {
		value = as_changed(&inner, binding, value);
	}
	if (!binding->member) {
		return value;
	}
	value = member_of(&inner, value, binding->member);
	if (value->type == JS_UNDEFINED && binding->otherwise) {
		return js_value_at(r->world, r->module, binding->otherwise);
	}
	return value;
}

static struct js_value *bound(struct reading *r, const struct js_binding *binding)
{
	struct js_module *module = r->module;
	size_t index = (size_t)(binding - module->scope.bindings);
	const struct js_binding *assumed = r->world->assumed;
	if (assumed == binding) {
		return r->world->assumed_value;
	}
	if (module->values[index] && !assumed) {
		return module->values[index];
	}
	if (module->busy[index]) {
		return unknown(r);
	}
	bool decides = r->world->vu_decides;
	r->world->vu_decides = false;
	module->busy[index] = true;
	struct js_value *value = declared(r, binding);
	module->busy[index] = false;
	if (!r->world->vu_decides && !assumed) {
		module->values[index] = value; /* else it is another one for the next VU */
	}
	r->world->vu_decides |= decides;
	return value;
}

static struct js_value *exported_by(struct js_world *world,
		struct js_module *module,
		const struct js_export *export)
{
	struct reading r = {world, module, &module->scope.tokens, export->begin};
	struct js_module *other = module;
	if (export->module) {
		other = world->import(world->user, module, export->module);
		if (!other) {
			return unknown(&r);
		}
		return js_value_exported(world, other, export->local);
	}
	if (!export->local) {
		return js_value_at(world, module, export->begin);
	}
	const struct js_binding *binding = js_find_top(&module->scope, export->local);
	if (!binding) {
		return unknown(&r);
	}
	return bound(&r, binding);
}

struct js_value *js_value_exported(struct js_world *world,
		struct js_module *module,
		const char *name)
{
	struct reading r = {world, module, &module->scope.tokens, 0};
	const struct js_export *export = js_find_export(&module->scope, name);
	if (world->depth >= DEPTH_MAX || !world->budget) {
		return unknown(&r);
	}
	world->depth++;
	struct js_value *value = unknown(&r);
	if (export) {
		value = exported_by(world, module, export);
	} else {
		for (size_t i = 0; i < module->scope.export_count; i++) {
			const struct js_export *all = &module->scope.exports[i];
			struct js_module *other = NULL;
			if (strcmp(all->name, "*") == 0 && all->module) {
				other = world->import(world->user, module, all->module);
			}
			if (other && value->type == JS_UNKNOWN) {
				value = js_value_exported(world, other, name);
			}
		}
	}
	world->depth--;
	return value;
}

/* --- primaries --------------------------------------------------------------------------- */

/* What is unknown for the same reason. */
static void js_blame(struct js_value *value, const struct js_value *cause)
{
	value->missing = cause->missing;
	value->variable = cause->variable;
	value->module = cause->module;
}

static struct js_value *unknown_as(struct reading *r, const struct js_value *cause)
{
	struct js_value *value = unknown(r);
	js_blame(value, cause);
	return value;
}

static void js_append(struct reading *r, struct js_value *to, const struct js_value *more)
{
	if (to->open || to->type != JS_TEXT) {
		return;
	}
	const char *text = js_as_text(r->world, more);
	if (!text || strlen(to->text) + strlen(text) > TEXT_MAX) {
		to->open = true;
		js_blame(to, more);
		return;
	}
	to->text = arena_printf(r->world->arena, "%s%s", to->text, text);
	to->open = more->type == JS_TEXT && more->open;
}

/* `…${a}…`: a text, known as far as what comes first is known. */
static struct js_value *read_template(struct reading *r)
{
	size_t close = js_pair(r->t, r->pos);
	struct js_value *value = make_text(r, r->pos, "");
	for (size_t i = r->pos + 1; i < close; i++) {
		if (js_is_kind(r->t, i, JS_STRING)) {
			js_append(r, value, make_text(r, i, js_text(r->world->arena, r->t, i)));
			continue;
		}
		struct js_value *part = js_value_at(r->world, r->module, i + 1);
		if (i == r->pos + 2 && !*value->text && !js_as_text(r->world, part)) {
			value->type = JS_UNKNOWN; /* nothing of it is known */
			js_blame(value, part);
		}
		js_append(r, value, part);
		i = js_pair(r->t, i);
	}
	leave_bracket(r);
	return value;
}

/* Adds all of a list or an object that is spread, or leaves the new one open. */
static void js_spread(struct reading *r, struct js_value *to, const struct js_value *from)
{
	bool plain = from->type == JS_LIST || from->type == JS_OBJECT;
	if (from->type == JS_UNDEFINED) {
		return;
	}
	to->open |= !plain || from->open;
	for (size_t i = 0; plain && i < from->count; i++) {
		js_value_add(r->world, to, from->members[i].name, from->members[i].value);
	}
}

static struct js_value *read_list(struct reading *r)
{
	struct js_value *list = make(r, JS_LIST, r->pos);
	size_t close = js_pair(r->t, r->pos);
	for (size_t i = r->pos + 1; i < close && r->world->budget; i++) {
		bool spreads = js_is(r->t, i, "...");
		i += spreads;
		struct js_value *item = js_value_at(r->world, r->module, i);
		if (spreads) {
			js_spread(r, list, item);
		} else {
			js_value_add(r->world, list, "", item);
		}
		i = js_expression_end(r->t, i);
	}
	list->open |= !r->world->budget;
	leave_bracket(r);
	return list;
}

/* [name]: value. Returns the token behind it. */
static size_t read_computed(struct reading *r, struct js_value *object, size_t i)
{
	size_t behind = js_pair(r->t, i) + 1;
	const struct js_value *name = js_value_at(r->world, r->module, i + 1);
	bool known = name->type == JS_TEXT && !name->open && js_is(r->t, behind, ":");
	if (!known) {
		object->open = true;
		return js_expression_end(r->t, i);
	}
	js_value_add(r->world, object, name->text, js_value_at(r->world, r->module, behind + 1));
	return js_expression_end(r->t, behind + 1);
}

/* One entry of an object, whose key begins at token i. Returns the token behind it. */
static size_t js_read_entry(struct reading *r, struct js_value *object, size_t i)
{
	struct js_world *world = r->world;
	const struct js_tokens *t = r->t;
	if (js_is(t, i, "...")) {
		js_spread(r, object, js_value_at(world, r->module, i + 1));
		return js_expression_end(t, i + 1);
	}
	if (js_is(t, i, "[")) {
		return read_computed(r, object, i);
	}
	const char *name = js_text(world->arena, t, i);
	if (js_is(t, i + 1, ":")) {
		js_value_add(world, object, name, js_value_at(world, r->module, i + 2));
		return js_expression_end(t, i + 2);
	}
	bool shorthand = js_is_mark(t, i + 1, ",}");
	struct reading inner = *r;
	inner.pos = i;
	if (shorthand) {
		js_value_add(world, object, name, js_value_at(world, r->module, i));
	} else {
		js_value_add(world, object, name, unknown(&inner)); /* a method */
	}
	size_t end = js_expression_end(t, i);
	while (js_is_mark(t, end, "({")) {
		end = js_pair(t, end) + 1;
	}
	return end;
}

static struct js_value *js_read_object(struct reading *r)
{
	struct js_value *object = make(r, JS_OBJECT, r->pos);
	size_t close = js_pair(r->t, r->pos);
	size_t i = r->pos + 1;
	while (i < close && r->world->budget) {
		i = js_read_entry(r, object, i);
		if (i < close && !js_is(r->t, i, ",")) {
			i++;
		}
		if (js_is(r->t, i, ",")) {
			i++;
		}
	}
	object->open |= !r->world->budget;
	leave_bracket(r);
	return object;
}

static struct js_value *js_read_number(struct reading *r)
{
	struct js_value *value = make(r, JS_NUMERIC, r->pos);
	const char *written = js_text(r->world->arena, r->t, r->pos);
	char *copy = arena_strdup(r->world->arena, written), *to = copy;
	for (; *written; written++) {
		if (*written != '_') {
			*to++ = *written;
		}
	}
	*to = '\0';
	value->number = strtod(copy, &to);
	if (*to) {
		value->type = JS_UNKNOWN;
	}
	r->pos++;
	return value;
}

/* A function that is written here: its body begins behind "=>", or is the next "{". */
static struct js_value *read_function_here(struct reading *r, size_t body)
{
	struct js_value *value = make(r, JS_FUNCTION, body);
	size_t end = js_expression_end(r->t, r->pos);
	if (end <= body) {
		end = js_expression_end(r->t, body);
	}
	r->pos = end;
	return value;
}

static struct js_value *read_bracket(struct reading *r)
{
	size_t close = js_pair(r->t, r->pos);
	if (js_is(r->t, close + 1, "=>")) {
		return read_function_here(r, close + 2);
	}
	struct js_value *value = js_value_at(r->world, r->module, r->pos + 1);
	leave_bracket(r);
	return value;
}

/* function (…) {…} */
static struct js_value *read_function_word(struct reading *r)
{
	size_t i = r->pos + 1;
	while (i + 1 < r->t->count && !js_is(r->t, i, "(")) {
		i++;
	}
	return read_function_here(r, js_pair(r->t, i) + 1);
}

/* new URL(…), new SharedArray(name, function) */
static struct js_value *read_new(struct reading *r)
{
	size_t name = ++r->pos;
	while (js_is_kind(r->t, r->pos, JS_NAME) || js_here(r, ".")) {
		r->pos++;
	}
	if (!js_here(r, "(")) {
		return unknown(r);
	}
	struct js_value *arguments = read_list(r);
	bool shared = js_is(r->t, name, "SharedArray") && arguments->count == 2;
	if (shared && arguments->members[1].value->type == JS_FUNCTION) {
		return call_function(r, arguments->members[1].value);
	}
	if (js_is(r->t, name, "URL")) {
		return js_url(r->world, arguments);
	}
	return unknown(r);
}

static struct js_value *js_read_word(struct reading *r)
{
	static const struct {
		const char *word;
		enum js_type type;
		double number;
	} words[] = {
			{"true", JS_BOOLEAN, 1},
			{"false", JS_BOOLEAN, 0},
			{"null", JS_UNDEFINED, 0},
			{"undefined", JS_UNDEFINED, 0},
	};
	size_t at = r->pos;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (!js_here(r, words[i].word)) {
			continue;
		}
		r->pos++;
		struct js_value *value = make(r, words[i].type, at);
		value->number = words[i].number;
		return value;
	}
	if (js_here(r, "new")) {
		return read_new(r);
	}
	if (js_here(r, "async") && js_is_kind(r->t, at + 1, JS_NAME)) {
		r->pos++;
	}
	if (js_here(r, "function")) {
		return read_function_word(r);
	}
	if (js_is(r->t, r->pos + 1, "=>")) {
		return read_function_here(r, r->pos + 2);
	}
	const char *name = js_text(r->world->arena, r->t, r->pos);
	const struct js_binding *binding = js_find(&r->module->scope, name, r->pos, &r->world->budget);
	r->pos++;
	if (!binding) {
		return js_global(r->world, name);
	}
	if (binding->kind == JS_BOUND_IMPORT && strcmp(binding->module, "k6/execution") == 0) {
		return js_execution(r->world, binding->member);
	}
	return bound(r, binding);
}

static struct js_value *read_primary(struct reading *r)
{
	switch (r->t->items[r->pos].kind) {
	case JS_NAME:
		return js_read_word(r);
	case JS_NUMBER:
		return js_read_number(r);
	case JS_STRING:
		r->pos++;
		return make_text(r, r->pos - 1, js_text(r->world->arena, r->t, r->pos - 1));
	case JS_PUNCT:
		if (js_here(r, "`")) {
			return read_template(r);
		}
		if (js_here(r, "[")) {
			return read_list(r);
		}
		if (js_here(r, "{")) {
			return js_read_object(r);
		}
		if (js_here(r, "(")) {
			return read_bracket(r);
		}
		break;
	case JS_END:
	case JS_REGEX:
		break;
	}
	struct js_value *value = unknown(r);
	r->pos++;
	return value;
}

/* --- what follows a primary -------------------------------------------------------------- */

/* What a function gives back: its expression, or what its only `return` says. */
static struct js_value *call_function(struct reading *r, const struct js_value *function)
{
	struct js_module *module = (struct js_module *)(size_t)function->module;
	const struct js_tokens *t = &module->scope.tokens;
	size_t body = function->at, returns = 0, found = 0;
	if (!js_is(t, body, "{")) {
		return js_value_at(r->world, module, body);
	}
	for (size_t i = body + 1; i < js_pair(t, body) && r->world->budget; i++) {
		r->world->budget--;
		if (js_is(t, i, "return") && js_is_free_name(t, i)) {
			returns++;
			found = i;
		}
	}
	if (returns != 1 || js_parent(t, found) != body) {
		return unknown(r);
	}
	return js_value_at(r->world, module, found + 1);
}

static struct js_value *js_read_call(struct reading *r, struct js_value *callee)
{
	bool knows = callee->type == JS_FUNCTION;
	if (knows && callee->module) {
		leave_bracket(r); /* what it is given stays unknown inside */
		return call_function(r, callee);
	}
	struct js_value *arguments = read_list(r);
	if (knows) {
		return js_call(r->world, r->module, callee, arguments);
	}
	return unknown(r);
}

static struct js_value *read_index(struct reading *r, struct js_value *object)
{
	struct js_value *index = js_value_at(r->world, r->module, r->pos + 1);
	leave_bracket(r);
	if (object->type == JS_LIST && index->type == JS_NUMERIC) {
		double at = index->number;
		if (at >= 0 && at < (double)object->count) {
			return object->members[(size_t)at].value;
		}
	}
	if (index->type == JS_TEXT && !index->open) {
		return member_of(r, object, index->text);
	}
	return unknown(r);
}

static struct js_value *read_member(struct reading *r, struct js_value *object)
{
	const char *name = js_text(r->world->arena, r->t, r->pos);
	return member_of(r, object, name);
}

static struct js_value *read_postfix(struct reading *r)
{
	struct js_value *value = read_primary(r);
	for (;;) {
		if (js_here(r, ".") || js_here(r, "?.")) {
			r->pos++;
			if (!js_is_kind(r->t, r->pos, JS_NAME)) {
				continue;
			}
			value = read_member(r, value);
			r->pos++;
		} else if (js_here(r, "(")) {
			value = js_read_call(r, value);
		} else if (js_here(r, "[")) {
			value = read_index(r, value);
		} else if (js_here(r, "`")) { /* http.url`…` is its template */
			value = read_template(r);
		} else if (js_here(r, "!") && !js_is(r->t, r->pos + 1, "=")) {
			r->pos++;
		} else {
			return value;
		}
	}
}

/* Too deep: the rest of it is left out. */
static struct js_value *give_up(struct reading *r)
{
	struct js_value *value = unknown(r);
	r->pos = r->t->count - 1;
	return value;
}

/* --- operators --------------------------------------------------------------------------- */

static struct js_value *make_number(struct reading *r, double number)
{
	struct js_value *value = make(r, JS_NUMERIC, r->pos);
	value->number = number;
	if (!isfinite(number)) {
		value->type = JS_UNKNOWN;
	}
	return value;
}

/* !a, -a, typeof a … */
static struct js_value *read_prefixed(struct reading *r)
{
	static const char *const prefixes[] = {
			"!",
			"-",
			"+",
			"typeof",
			"await",
			"void",
			"~",
	};
	for (size_t i = 0; i < COUNT_OF(prefixes); i++) {
		if (!js_here(r, prefixes[i])) {
			continue;
		}
		r->pos++;
		struct js_value *value = read_unary(r);
		double number = NAN;
		bool is_number = js_as_number(value, &number);
		if (*prefixes[i] == 'a') {
			return value;
		}
		if (*prefixes[i] == '-' && is_number) {
			return make_number(r, -number);
		}
		if (*prefixes[i] == '+' && is_number) {
			return make_number(r, number);
		}
		return unknown(r);
	}
	return read_postfix(r);
}

static struct js_value *read_unary(struct reading *r)
{
	struct js_world *world = r->world;
	if (world->depth >= DEPTH_MAX || !world->budget) {
		return give_up(r);
	}
	world->depth++;
	struct js_value *value = read_prefixed(r);
	world->depth--;
	return value;
}

static struct js_value *read_product(struct reading *r)
{
	struct js_value *left = read_unary(r);
	while (js_here(r, "*") || js_here(r, "/") || js_here(r, "%")) {
		char operation = r->t->text[r->t->items[r->pos].start];
		r->pos++;
		struct js_value *right = read_unary(r);
		double a, b;
		if (!js_as_number(left, &a) || !js_as_number(right, &b)) {
			left = unknown(r);
		} else if (operation == '*') {
			left = make_number(r, a * b);
		} else if (operation == '/') {
			left = make_number(r, a / b);
		} else {
			left = make_number(r, fmod(a, b));
		}
	}
	return left;
}

static struct js_value *js_add(struct reading *r, struct js_value *left, struct js_value *right)
{
	double a, b;
	bool texts = left->type == JS_TEXT || right->type == JS_TEXT;
	if (!texts && js_as_number(left, &a) && js_as_number(right, &b)) {
		return make_number(r, a + b);
	}
	const char *first = js_as_text(r->world, left);
	if (!first || (!texts && right->type != JS_UNKNOWN)) {
		return unknown_as(r, left);
	}
	struct js_value *sum = make_text(r, r->pos, first);
	sum->open = left->type == JS_TEXT && left->open;
	js_append(r, sum, right);
	return sum;
}

static struct js_value *js_read_sum(struct reading *r)
{
	struct js_value *left = read_product(r);
	while (js_here(r, "+") || js_here(r, "-")) {
		bool plus = js_here(r, "+");
		r->pos++;
		struct js_value *right = read_product(r);
		double a, b;
		if (plus) {
			left = js_add(r, left, right);
		} else if (js_as_number(left, &a) && js_as_number(right, &b)) {
			left = make_number(r, a - b);
		} else {
			left = unknown(r);
		}
	}
	return left;
}

static struct js_value *js_compare(struct reading *r,
		size_t operation,
		struct js_value *a,
		struct js_value *b)
{
	int same = js_same(a, b);
	bool equal = js_is_any(r->t, operation, "=== ==");
	bool differs = js_is_any(r->t, operation, "!== !=");
	if (same < 0 || (!equal && !differs)) {
		return unknown(r);
	}
	struct js_value *value = make(r, JS_BOOLEAN, operation);
	value->number = equal == (same == 1);
	return value;
}

static struct js_value *js_read_comparison(struct reading *r)
{
	static const char *const operations[] = {
			"===",
			"!==",
			"==",
			"!=",
			"<=",
			">=",
			"<",
			">",
			"in",
			"instanceof",
	};
	struct js_value *left = js_read_sum(r);
	for (size_t i = 0; i < COUNT_OF(operations); i++) {
		if (!js_here(r, operations[i])) {
			continue;
		}
		size_t operation = r->pos++;
		left = js_compare(r, operation, left, js_read_sum(r));
		i = 0;
	}
	return left;
}

/* a || b, a ?? b, a && b: which of the two it is, where that is known. */
static struct js_value *js_read_choice(struct reading *r)
{
	struct js_value *left = js_read_comparison(r);
	while (js_here(r, "||") || js_here(r, "?\?") || js_here(r, "&&")) {
		char operation = r->t->text[r->t->items[r->pos].start];
		r->pos++;
		struct js_value *right = js_read_comparison(r);
		int truth = js_truth(left);
		if (operation == '?') {
			truth = left->type != JS_UNDEFINED;
			if (left->type == JS_UNKNOWN) {
				truth = -1;
			}
		}
		if (operation == '&' && truth >= 0) {
			truth = !truth;
		}
		if (truth == 0) {
			left = right;
		} else if (truth < 0) {
			left = unknown_as(r, left);
		}
	}
	return left;
}

/* a ? b : c, from the "?" on. */
static struct js_value *read_conditional(struct reading *r, struct js_value *value)
{
	int truth = js_truth(value);
	r->pos++;
	struct js_value *yes = read_expression(r);
	if (!js_here(r, ":")) {
		return unknown(r);
	}
	r->pos++;
	struct js_value *no = read_expression(r);
	if (truth < 0 && js_same(yes, no) != 1) {
		return unknown(r);
	}
	if (truth == 0) {
		return no;
	}
	return yes;
}

static struct js_value *read_expression(struct reading *r)
{
	struct js_value *value = js_read_choice(r);
	if (!js_here(r, "?")) {
		return value;
	}
	if (r->world->depth >= DEPTH_MAX) {
		return give_up(r);
	}
	r->world->depth++;
	value = read_conditional(r, value);
	r->world->depth--;
	return value;
}
struct js_value *js_value_at(struct js_world *world, struct js_module *module, size_t i)
{
	struct reading r = {world, module, &module->scope.tokens, i};
	if (world->depth >= DEPTH_MAX || !world->budget || i + 1 >= r.t->count) {
		r.pos = r.t->count - 1;
		return unknown(&r);
	}
	world->depth++;
	struct js_value *value = read_expression(&r);
	world->depth--;
	if (!value->line) {
		value->line = r.t->items[i].line;
	}
	bool typed = js_here(&r, "as") || js_here(&r, "satisfies");
	if (r.pos < js_expression_end(r.t, i) && !typed) {
		r.pos = i;
		return unknown(&r); /* it goes on with something that is not understood */
	}
	return value;
}
