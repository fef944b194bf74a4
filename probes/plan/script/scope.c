/* Declarations, found in one pass over the tokens. */
#include "probes/plan/script/scope.h"

#include <string.h>

#include "base/array.h"

enum {
	TYPE_TOKENS = 30, /* of a type between parameters and body */
	ASSIGNMENT_STEPS = 2 * 1000 * 1000,
	ARROW_STEPS = 5 * 1000 * 1000
};

struct pass {
	struct arena *arena;
	struct js_scope *scope;
	const struct js_tokens *tokens;
	struct js_binding form; /* what a pattern's names have in common */
	size_t arrow_steps;     /* that looking for the ends of functions may still take */
};

static bool js_is_one_of(const struct js_tokens *t,
		size_t i,
		const char *const *words,
		size_t count)
{
	for (size_t at = 0; at < count; at++) {
		if (js_is(t, i, words[at])) {
			return true;
		}
	}
	return false;
}

/* Does an expression end before token i, which stands on another line than the one before? */
static bool line_ends(const struct js_tokens *t, size_t i)
{
	static const char *const unfinished[] = {
			"return",
			"typeof",
			"await",
			"new",
			"in",
			"of",
			"instanceof",
			"async",
			"as",
			"satisfies",
	};
	static const char *const continued[] = {
			"in",
			"of",
			"instanceof",
			"as",
			"satisfies",
	};
	const struct js_token *last = &t->items[i - 1], *here = &t->items[i];
	if (last->line == here->line) {
		return false;
	}
	bool complete = last->kind != JS_PUNCT || strchr(")]}`", t->text[last->start]) ||
			js_is_any(t, i - 1, "++ --");
	if (last->kind == JS_NAME && js_is_one_of(t, i - 1, unfinished, COUNT_OF(unfinished))) {
		complete = false;
	}
	bool begins = here->kind == JS_NUMBER || here->kind == JS_STRING || js_is_mark(t, i, "{@");
	if (here->kind == JS_NAME) {
		begins = !js_is_one_of(t, i, continued, COUNT_OF(continued));
	}
	return complete && begins;
}

size_t js_expression_end(const struct js_tokens *t, size_t i)
{
	size_t first = i;
	for (; i + 1 < t->count; i++) {
		if (i > first && line_ends(t, i)) {
			return i;
		}
		if (t->items[i].kind != JS_PUNCT) {
			continue;
		}
		if (strchr(",;)]}", t->text[t->items[i].start])) {
			return i;
		}
		if (strchr("([{`", t->text[t->items[i].start])) {
			i = js_pair(t, i);
		}
	}
	return t->count - 1;
}

static struct js_binding *js_bind(struct pass *pass, size_t at)
{
	struct js_scope *scope = pass->scope;
	struct js_binding *all = scope->bindings;
	all = arena_grow(pass->arena, all, scope->count, &scope->capacity, sizeof *all);
	scope->bindings = all;
	struct js_binding *made = &all[scope->count++];
	*made = pass->form;
	made->at = at;
	made->name = js_text(pass->arena, pass->tokens, at);
	return made;
}

/* The part of the file in which a declaration at token i counts: its block, or the loop whose head
 * it stands in. */
static void set_part(struct pass *pass, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	size_t parent = js_parent(t, i), to = t->count;
	pass->form.from = 0;
	if (parent != SIZE_MAX) {
		pass->form.from = parent;
		to = js_pair(t, parent);
		if (js_is(t, parent, "(") && js_is(t, to + 1, "{")) {
			to = js_pair(t, to + 1);
		} else if (js_is(t, parent, "(")) {
			to = js_expression_end(t, to + 1);
		}
	}
	pass->form.to = to;
}

/* The names in "{ a, b: c, d = 1, ...e }": members of what stands behind. Nested patterns give
 * names that stand for nothing known. */
static void bind_pattern(struct pass *pass, size_t open)
{
	const struct js_tokens *t = pass->tokens;
	size_t close = js_pair(t, open);
	bool object = js_is(t, open, "{");
	struct js_binding outer = pass->form;
	for (size_t i = open + 1; i < close; i++) {
		if (js_is_any(t, i, ", ...")) {
			continue;
		}
		bool renamed = object && js_is(t, i + 1, ":");
		size_t name = i;
		if (renamed) {
			name = i + 2;
		}
		pass->form = outer;
		pass->form.member = js_text(pass->arena, t, i);
		if (!object || js_is(t, i - 1, "...")) {
			pass->form.kind = JS_BOUND_VARIABLE;
		}
		if (js_is_mark(t, name, "{[")) {
			pass->form.kind = JS_BOUND_VARIABLE;
			bind_pattern(pass, name);
			name = js_pair(t, name);
		} else if (js_is(t, name + 1, "=")) {
			pass->form.otherwise = name + 2;
			(void)js_bind(pass, name);
		} else if (js_is_kind(t, name, JS_NAME)) {
			(void)js_bind(pass, name);
		}
		i = js_expression_end(t, name);
	}
	pass->form = outer;
}

/* `require("k6/http")`, `await import("…")`: a module under the name that is being declared. */
static const char *js_required(struct pass *pass, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	if (js_is(t, i, "await")) {
		i++;
	}
	if (!js_is_any(t, i, "require import")) {
		return NULL;
	}
	if (!js_is(t, i + 1, "(") || !js_is_kind(t, i + 2, JS_STRING) || !js_is(t, i + 3, ")")) {
		return NULL;
	}
	pass->form.kind = JS_BOUND_IMPORT;
	pass->form.member = "*";
	if (js_is(t, i + 4, ".") && js_is_kind(t, i + 5, JS_NAME)) {
		pass->form.member = js_text(pass->arena, t, i + 5);
	}
	return js_text(pass->arena, t, i + 2);
}

/* The token behind a type that follows a name: "=" or what ends the declaration. */
static size_t skip_type(const struct js_tokens *t, size_t i)
{
	if (js_is(t, i, "!")) {
		i++;
	}
	if (!js_is(t, i, ":")) {
		return i;
	}
	size_t angles = 0;
	for (; i + 1 < t->count; i++) {
		bool comma = js_is(t, i, ",") && !angles;
		if (comma || js_is_mark(t, i, "=;)")) {
			return i;
		}
		angles += js_is(t, i, "<");
		angles -= angles && js_is(t, i, ">");
		if (js_is_mark(t, i, "({[")) {
			i = js_pair(t, i);
		}
	}
	return i;
}

/* const NAME = VALUE, {A, B} = VALUE …; returns the word it begins with. */
static size_t read_declaration(struct pass *pass, size_t begin, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	size_t first = i;
	bool more = true;
	while (more) {
		size_t name = ++i;
		bool pattern = js_is_mark(t, name, "{[");
		if (!pattern && !js_is_kind(t, name, JS_NAME)) {
			return first;
		}
		pass->form = (struct js_binding){.kind = JS_BOUND_VARIABLE, .begin = begin};
		pass->form.constant = js_is(t, first, "const");
		set_part(pass, name);
		i = name + 1;
		if (pattern) {
			i = js_pair(t, name) + 1;
		}
		i = skip_type(t, i);
		size_t end = i;
		if (js_is(t, i, "=")) {
			pass->form.kind = JS_BOUND_VALUE;
			pass->form.value = i + 1;
			end = js_expression_end(t, i + 1);
			pass->form.module = js_required(pass, i + 1);
		}
		pass->form.end = end;
		if (pattern) {
			bind_pattern(pass, name);
		} else {
			(void)js_bind(pass, name);
		}
		more = js_is(t, end, ",") && js_parent(t, end) == js_parent(t, first);
		i = end;
		begin = end;
	}
	return first; /* what it is set to is looked through by the pass */
}

/* Parameters between ( and ): they stand for nothing known where they count. */
static void bind_parameters(struct pass *pass, size_t open, size_t from, size_t to)
{
	const struct js_tokens *t = pass->tokens;
	size_t close = js_pair(t, open);
	pass->form = (struct js_binding){.kind = JS_BOUND_VARIABLE, .from = from, .to = to};
	pass->form.begin = open;
	pass->form.end = close;
	for (size_t i = open + 1; i < close; i++) {
		bool before = js_is_any(t, i - 1, ", ...") || js_is_mark(t, i - 1, "([{");
		if (js_is_kind(t, i, JS_NAME) && before) {
			(void)js_bind(pass, i);
		}
	}
}

/* The "{" of a body, behind the parameters and a type; 0: none. */
static size_t js_find_body(const struct js_tokens *t, size_t close)
{
	size_t i = close + 1;
	if (js_is(t, i, ":")) {
		while (i < close + TYPE_TOKENS && !js_is_any(t, i, "{ ;")) {
			i++;
		}
	}
	if (js_is(t, i, "{")) {
		return i;
	}
	return 0;
}

/* function NAME(…) {…}, from the word function on. */
static void read_function(struct pass *pass, size_t begin, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	size_t name = i + 1;
	if (js_is(t, name, "*")) {
		name++;
	}
	size_t open = name;
	while (open < name + 40 && open + 1 < t->count && !js_is(t, open, "(")) {
		open++; /* behind the name, and a type's parameters */
	}
	if (!js_is(t, open, "(")) {
		return;
	}
	size_t body = js_find_body(t, js_pair(t, open));
	if (!body) {
		return;
	}
	if (open > name && js_is_kind(t, name, JS_NAME)) {
		pass->form = (struct js_binding){.kind = JS_BOUND_FUNCTION, .begin = begin};
		set_part(pass, begin);
		pass->form.value = body;
		pass->form.end = js_pair(t, body) + 1;
		(void)js_bind(pass, name);
	}
	bind_parameters(pass, open, open, js_pair(t, body));
}

static void read_class(struct pass *pass, size_t begin, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	size_t body = i + 1;
	while (body < i + 60 && body + 1 < t->count && !js_is(t, body, "{")) {
		body++;
	}
	if (!js_is_kind(t, i + 1, JS_NAME) || !js_is(t, body, "{")) {
		return;
	}
	pass->form = (struct js_binding){.kind = JS_BOUND_CLASS, .begin = begin};
	set_part(pass, begin);
	pass->form.value = body;
	pass->form.end = js_pair(t, body) + 1;
	(void)js_bind(pass, i + 1);
}

/* At "=>": the parameters before it. */
static void read_arrow(struct pass *pass, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	size_t to = t->count;
	if (js_is(t, i + 1, "{")) {
		to = js_pair(t, i + 1);
	} else if (pass->arrow_steps) {
		to = js_expression_end(t, i + 1);
		pass->arrow_steps -= pass->arrow_steps < to - i ? pass->arrow_steps : to - i;
	}
	if (i && js_is(t, i - 1, ")")) {
		bind_parameters(pass, js_pair(t, i - 1), js_pair(t, i - 1), to);
		return;
	}
	if (!i || !js_is_kind(t, i - 1, JS_NAME)) {
		return;
	}
	pass->form = (struct js_binding){.kind = JS_BOUND_VARIABLE, .from = i - 1, .to = to};
	(void)js_bind(pass, i - 1);
}

/* name(…) {…}: a method. */
static void read_method(struct pass *pass, size_t i)
{
	static const char *const others[] = {
			"if",
			"for",
			"while",
			"switch",
			"function",
			"with",
	};
	const struct js_tokens *t = pass->tokens;
	size_t close = js_pair(t, i + 1);
	size_t parent = js_parent(t, i);
	if (parent == SIZE_MAX || !js_is(t, parent, "{")) {
		return;
	}
	size_t body = js_find_body(t, close);
	if (body && !js_is_one_of(t, i, others, COUNT_OF(others))) {
		bind_parameters(pass, i + 1, i + 1, js_pair(t, body));
	}
}

static void bind_import(struct pass *pass, size_t at, const char *member)
{
	pass->form.member = member;
	(void)js_bind(pass, at);
}

/* { a, b as c, default as d } */
static void bind_imports(struct pass *pass, size_t open)
{
	const struct js_tokens *t = pass->tokens;
	for (size_t i = open + 1; i < js_pair(t, open); i++) {
		if (js_is_any(t, i, ", type")) {
			continue;
		}
		const char *member = js_text(pass->arena, t, i);
		if (js_is(t, i + 1, "as")) {
			i += 2;
		}
		bind_import(pass, i, member);
	}
}

/* import A, { b as c }, * as d from "module"; returns its last token. */
static size_t read_import(struct pass *pass, size_t begin)
{
	const struct js_tokens *t = pass->tokens;
	size_t end = begin + 1;
	while (end + 1 < t->count && !js_is_kind(t, end, JS_STRING) && !js_is(t, end, ";")) {
		end++;
	}
	if (!js_is_kind(t, end, JS_STRING)) {
		return begin;
	}
	pass->form = (struct js_binding){.kind = JS_BOUND_IMPORT, .to = t->count};
	pass->form.begin = begin;
	pass->form.end = end + 1;
	pass->form.module = js_text(pass->arena, t, end);
	if (end == begin + 1) { /* for what it does alone: all of it counts */
		bind_import(pass, end, "*");
		return end;
	}
	for (size_t i = begin + 1; i < end; i++) {
		if (js_is(t, i, "{")) {
			bind_imports(pass, i);
			i = js_pair(t, i);
		} else if (js_are(t, i, "* as")) {
			bind_import(pass, i + 2, "*");
			i += 2;
		} else if (js_is_kind(t, i, JS_NAME) && !js_is_any(t, i, "from type")) {
			bind_import(pass, i, "default");
		}
	}
	return end;
}

static struct js_export *add_export(struct pass *pass, const char *name, size_t begin, size_t end)
{
	struct js_scope *scope = pass->scope;
	struct js_export *all = scope->exports;
	size_t count = scope->export_count;
	all = arena_grow(pass->arena, all, count, &scope->export_capacity, sizeof *all);
	scope->exports = all;
	all[count] = (struct js_export){.name = name};
	all[count].begin = begin;
	all[count].end = end;
	scope->export_count++;
	return &all[count];
}

/* export { a as b, c } [from "module"]; export * [as a] from "module" */
static size_t export_list(struct pass *pass, size_t begin)
{
	const struct js_tokens *t = pass->tokens;
	size_t open = begin + 1;
	size_t close = js_pair(t, open);
	const char *module = NULL;
	if (js_is(t, open, "*")) {
		close = open;
		while (close < open + 2 && !js_is(t, close + 1, "from")) {
			close++;
		}
	}
	if (js_is(t, close + 1, "from") && js_is_kind(t, close + 2, JS_STRING)) {
		module = js_text(pass->arena, t, close + 2);
	}
	if (js_is(t, open, "*")) {
		struct js_export *all = add_export(pass, "*", begin, close);
		all->module = module;
		all->local = "*";
		return close;
	}
	for (size_t i = open + 1; i < close; i++) {
		if (!js_is_kind(t, i, JS_NAME)) {
			continue;
		}
		const char *local = js_text(pass->arena, t, i);
		if (js_is(t, i + 1, "as")) {
			i += 2;
		}
		struct js_export *one = add_export(pass, js_text(pass->arena, t, i), begin, close);
		one->local = local;
		one->module = module;
	}
	return close;
}

/* export default EXPRESSION, or a function or class that may have a name. */
static void export_default(struct pass *pass, size_t begin)
{
	const struct js_tokens *t = pass->tokens;
	size_t value = begin + 2;
	size_t end = js_expression_end(t, value);
	size_t word = value;
	if (js_is(t, word, "async")) {
		word++;
	}
	if (js_is_any(t, word, "function class")) {
		size_t body = word;
		while (body + 1 < t->count && !js_is(t, body, "{")) {
			if (js_is(t, body, "(")) {
				body = js_pair(t, body);
			}
			body++;
		}
		end = js_pair(t, body) + 1;
	}
	struct js_export *made = add_export(pass, "default", value, end);
	bool name_only = js_is_kind(t, value, JS_NAME) && end == value + 1;
	if (name_only) {
		made->local = js_text(pass->arena, t, value);
	}
}

/* `export` in front of a declaration: its names, once they are bound. */
static void export_bound(struct pass *pass, size_t from)
{
	for (size_t i = from; i < pass->scope->count; i++) {
		struct js_binding binding = pass->scope->bindings[i];
		bool top = !binding.from && binding.to == pass->tokens->count;
		if (top) {
			add_export(pass, binding.name, binding.begin, binding.end)->local = binding.name;
		}
	}
}

/* exports.NAME = …, module.exports = …, module.exports.NAME = … */
static void read_common(struct pass *pass, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	const char *name = "default";
	size_t begin = i;
	if (js_are(t, i, "module .")) {
		i += 2;
	}
	if (!js_is(t, i, "exports")) {
		return;
	}
	if (js_is(t, i + 1, ".")) {
		i += 2;
		name = js_text(pass->arena, t, i);
	}
	if (!js_is(t, i + 1, "=")) {
		return;
	}
	size_t end = js_expression_end(t, i + 2);
	struct js_export *made = add_export(pass, name, i + 2, end);
	if (end == i + 3 && js_is_kind(t, i + 2, JS_NAME)) {
		made->local = js_text(pass->arena, t, i + 2);
	}
	made->begin = (made->local ? begin : i + 2);
}

/* Returns the last token that was read; 0: this declares nothing. */
static size_t read_statement(struct pass *pass, size_t begin, size_t i)
{
	static const char *const declares[] = {
			"const",
			"let",
			"var",
	};
	const struct js_tokens *t = pass->tokens;
	size_t word = i;
	if (js_is(t, word, "async")) {
		word++;
	}
	if (js_is_one_of(t, i, declares, COUNT_OF(declares)) && !js_is(t, i + 1, "enum")) {
		return read_declaration(pass, begin, i);
	}
	if (js_is(t, word, "function")) {
		read_function(pass, begin, word);
	} else if (js_is(t, word, "class")) {
		read_class(pass, begin, word);
	} else {
		return 0;
	}
	return word;
}

static size_t read_export(struct pass *pass, size_t begin)
{
	const struct js_tokens *t = pass->tokens;
	size_t from = pass->scope->count;
	if (js_is_mark(t, begin + 1, "{*")) {
		return export_list(pass, begin);
	}
	size_t first = begin + 1;
	bool is_default = js_is(t, first, "default");
	if (is_default) {
		export_default(pass, begin);
		first++;
	}
	size_t last = read_statement(pass, begin, first);
	if (!is_default) {
		export_bound(pass, from);
	}
	if (!last) {
		return begin;
	}
	return last;
}

static bool assigns(const struct js_tokens *t, size_t i)
{
	return js_is_any(t, i, "= += -= *= /= ||= &&= ?\?= ++ --");
}

/* What is done to a name: a = …, a.b[c] = …, a.push(…). */
enum change {
	NOT_CHANGED,
	SET_ANEW,
	MEMBER_SET,
	EXTENDED
};

static enum change change_of(const struct js_tokens *t, size_t i)
{
	size_t at = i + 1;
	if (assigns(t, at)) {
		return SET_ANEW;
	}
	if (js_are(t, i - 1, "delete") || (i >= 4 && js_are(t, i - 4, "Object . assign ("))) {
		return MEMBER_SET;
	}
	while (js_is_mark(t, at, ".[")) {
		if (js_is(t, at, "[")) {
			at = js_pair(t, at) + 1;
			continue;
		}
		if (js_is_any(t, at + 1, "push unshift splice") && js_is(t, at + 2, "(")) {
			return EXTENDED;
		}
		at += 2;
	}
	if (at > i + 1 && assigns(t, at)) {
		return MEMBER_SET;
	}
	return NOT_CHANGED;
}

/* It is not, or holds not only, what it was declared as. */
static void note_change(struct pass *pass, size_t i, size_t *budget)
{
	const struct js_tokens *t = pass->tokens;
	enum change change = change_of(t, i);
	if (change == NOT_CHANGED) {
		return;
	}
	const char *name = js_text(pass->arena, t, i);
	const struct js_binding *found = js_find(pass->scope, name, i, budget);
	if (!found || found->at == i || found->kind != JS_BOUND_VALUE) {
		return;
	}
	struct js_binding *binding = &pass->scope->bindings[found - pass->scope->bindings];
	if (change == MEMBER_SET) {
		binding->changed = true;
	} else if (change == EXTENDED) {
		binding->extended = true;
	} else if (!binding->constant) {
		binding->kind = JS_BOUND_VARIABLE;
	}
}

static size_t js_hash_of(const char *name, size_t length, size_t size)
{
	size_t hash = 5381;
	for (size_t i = 0; i < length; i++) {
		hash = hash * 33 + (unsigned char)name[i];
	}
	return hash & (size - 1);
}

bool js_is_top(const struct js_scope *scope, const struct js_binding *binding)
{
	return !binding->from && binding->to == scope->tokens.count;
}

static void fill_hash(struct arena *arena, struct js_scope *scope)
{
	size_t size = 64;
	while (size < scope->count * 2) {
		size *= 2;
	}
	scope->hash_size = size;
	scope->hash = arena_alloc(arena, size * sizeof *scope->hash);
	scope->top = arena_alloc(arena, size * sizeof *scope->top);
	for (size_t i = 0; i < scope->count; i++) {
		struct js_binding *binding = &scope->bindings[i];
		size_t place = js_hash_of(binding->name, strlen(binding->name), size);
		binding->next = scope->hash[place];
		scope->hash[place] = (uint32_t)(i + 1);
		if (!js_is_top(scope, binding)) {
			continue;
		}
		binding->next_top = scope->top[place];
		scope->top[place] = (uint32_t)(i + 1);
	}
}

static size_t js_read_name(struct pass *pass, size_t i)
{
	const struct js_tokens *t = pass->tokens;
	bool top = js_parent(t, i) == SIZE_MAX;
	if (top && js_is(t, i, "import") && !js_is_any(t, i + 1, "( .")) {
		return read_import(pass, i);
	}
	if (top && js_is(t, i, "export")) {
		return read_export(pass, i);
	}
	if (js_is_any(t, i, "module exports")) {
		read_common(pass, i);
	}
	size_t last = read_statement(pass, i, i);
	if (last) {
		return last;
	}
	if (js_is(t, i + 1, "(")) {
		read_method(pass, i);
	}
	return i;
}

static void keep_inside(size_t *begin, size_t *end, size_t count)
{
	if (*end > count) {
		*end = count;
	}
	if (*begin > *end) {
		*begin = *end;
	}
}

/* Whatever a broken text looked like: no part of a file ends outside of it, or before it begins. */
static void keep_all_inside(struct js_scope *scope)
{
	size_t count = scope->tokens.count;
	for (size_t i = 0; i < scope->count; i++) {
		struct js_binding *b = &scope->bindings[i];
		keep_inside(&b->begin, &b->end, count);
		keep_inside(&b->from, &b->to, count);
		keep_inside(&b->value, &count, count);
		keep_inside(&b->otherwise, &count, count);
	}
	for (size_t i = 0; i < scope->export_count; i++) {
		keep_inside(&scope->exports[i].begin, &scope->exports[i].end, count);
	}
}

void js_scope_read(struct arena *arena, struct js_scope *scope)
{
	struct pass pass = {.arena = arena, .scope = scope, .tokens = &scope->tokens};
	pass.arrow_steps = ARROW_STEPS;
	const struct js_tokens *t = &scope->tokens;
	size_t budget = ASSIGNMENT_STEPS;
	for (size_t i = 0; i + 1 < t->count; i++) {
		if (js_is_free_name(t, i)) {
			i = js_read_name(&pass, i);
		} else if (js_is_kind(t, i, JS_NAME) && js_is(t, i + 1, "(")) {
			read_method(&pass, i);
		} else if (js_is(t, i, "=>")) {
			read_arrow(&pass, i);
		}
	}
	keep_all_inside(scope);
	fill_hash(arena, scope);
	for (size_t i = 0; i + 1 < t->count && budget; i++) {
		if (js_is_free_name(t, i)) {
			note_change(&pass, i, &budget);
		}
	}
	for (size_t i = 0; !budget && i < scope->count; i++) {
		struct js_binding *binding = &scope->bindings[i];
		if (binding->kind == JS_BOUND_VALUE && !binding->constant) {
			binding->kind = JS_BOUND_VARIABLE; /* it may be: not all could be looked at */
		}
	}
}

const struct js_binding *js_find(const struct js_scope *scope,
		const char *name,
		size_t i,
		size_t *budget)
{
	const struct js_binding *best = NULL;
	uint32_t at = scope->hash[js_hash_of(name, strlen(name), scope->hash_size)];
	while (at && *budget) {
		const struct js_binding *b = &scope->bindings[at - 1];
		--*budget;
		bool here = b->from <= i && i < b->to && strcmp(b->name, name) == 0;
		if (here && (!best || b->to - b->from < best->to - best->from)) {
			best = b;
		}
		at = b->next;
	}
	if (!*budget) {
		return NULL;
	}
	return best;
}

static const struct js_binding *js_top_of(const struct js_scope *scope,
		const char *name,
		size_t length)
{
	uint32_t at = scope->top[js_hash_of(name, length, scope->hash_size)];
	for (; at; at = scope->bindings[at - 1].next_top) {
		const struct js_binding *b = &scope->bindings[at - 1];
		if (strlen(b->name) == length && memcmp(b->name, name, length) == 0) {
			return b;
		}
	}
	return NULL;
}

const struct js_binding *js_find_top(const struct js_scope *scope, const char *name)
{
	return js_top_of(scope, name, strlen(name));
}

const struct js_binding *js_find_top_token(const struct js_scope *scope, size_t i)
{
	const struct js_token *token = &scope->tokens.items[i];
	return js_top_of(scope, scope->tokens.text + token->start, token->length);
}

const struct js_export *js_find_export(const struct js_scope *scope, const char *name)
{
	for (size_t i = 0; i < scope->export_count; i++) {
		if (strcmp(scope->exports[i].name, name) == 0) {
			return &scope->exports[i];
		}
	}
	return NULL;
}
