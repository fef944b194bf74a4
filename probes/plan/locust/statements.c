/* The statements of a Python file: classes, functions, imports, and what is assigned to names. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/locust/script.h"

enum {
	SCOPES_MAX = 64,
	CLASSES_MAX = 500,
	BASES_MAX = 8,
	NAMES_MAX = 2000,
	ALIASES_MAX = 500,
	DOTTED_MAX = 200,
	PARTS_MAX = 8
};

/* What a statement stands in: a class, a function or a loop. */
struct locust_scope {
	unsigned indent;
	int class, function;
	const char *function_name;
	bool task;
	double rounds; /* of the loops around */
};

struct walk {
	struct locust_script *script;
	const struct python *python;
	size_t file;
	struct locust_scope scopes[SCOPES_MAX];
	size_t depth;
	bool task_follows; /* a decorator @task stands before a function */
};

const char *locust_where(const struct locust_script *script, size_t file, size_t token)
{
	const struct locust_file *f = &script->files[file];
	unsigned line = f->python.tokens[token].line;
	return arena_printf(script->arena, "%s:%u", f->path, line);
}

static bool token_is(const struct walk *w, size_t at, const char *text)
{
	return python_at(w->python, at, text);
}

static bool locust_is_name(const struct walk *w, size_t at)
{
	if (at >= w->python->count)
		return false;
	return w->python->tokens[at].kind == PYTHON_NAME;
}

static bool is_either(const struct walk *w, size_t at, const char *one, const char *other)
{
	return token_is(w, at, one) || token_is(w, at, other);
}

static const char *locust_name_at(const struct walk *w, size_t at)
{
	return python_text(w->script->arena, &w->python->tokens[at]);
}

/* np.zeros is numpy.zeros, where numpy is imported as np. */
static const char *imported_as(struct locust_script *script, size_t file, const char *dotted)
{
	size_t first = strcspn(dotted, ".");
	for (size_t i = 0; i < script->alias_count; i++) {
		const struct locust_alias *alias = &script->aliases[i];
		if (alias->file != file || strlen(alias->name) != first)
			continue;
		if (!strncmp(alias->name, dotted, first))
			return arena_printf(script->arena, "%s%s", alias->target, dotted + first);
	}
	return dotted;
}

/* The first token of a dotted name that ends at `last`. */
static size_t dotted_start(const struct python *python, size_t last)
{
	size_t start = last;
	for (size_t parts = 0; parts < PARTS_MAX && start >= 2; parts++) {
		bool dot = python_at(python, start - 1, ".");
		if (!dot || python->tokens[start - 2].kind != PYTHON_NAME)
			break;
		start -= 2;
	}
	return start;
}

const char *locust_dotted(struct locust_script *script, size_t file, size_t last, size_t *ret_start)
{
	const struct python *python = &script->files[file].python;
	size_t start = dotted_start(python, last);
	struct text out = {0};
	if (start && python_at(python, start - 1, "."))
		text_add(&out, ".");
	for (size_t i = start; i <= last; i++) {
		const struct python_token *token = &python->tokens[i];
		text_add_bytes(&out, token->text, token->length);
	}
	*ret_start = start;
	return imported_as(script, file, text_take(script->arena, &out));
}

static const struct locust_scope outermost = {
		.class = LOCUST_NONE,
		.function = LOCUST_NONE,
		.rounds = 1,
};

static struct locust_scope current(const struct walk *w)
{
	if (!w->depth)
		return outermost;
	return w->scopes[w->depth - 1];
}

static void locust_enter(struct walk *w, struct locust_scope scope, size_t token)
{
	scope.indent = w->python->tokens[token].indent;
	if (w->depth < SCOPES_MAX)
		w->scopes[w->depth++] = scope;
}

/* The ":" that ends the head of a class, function or loop. */
static size_t head_end(const struct walk *w, size_t at, size_t end)
{
	for (; at < end; at++) {
		if (python_opens(w->python, at))
			at = python_closing(w->python, at, end);
		else if (token_is(w, at, ":"))
			return at;
	}
	return end;
}

/* class NAME(BASE, module.BASE, metaclass=M) */
static void read_bases(const struct walk *w, size_t open, size_t end, struct name_list *ret)
{
	struct locust_script *script = w->script;
	if (!token_is(w, open, "("))
		return;
	size_t close = python_closing(w->python, open, end), ignored;
	for (size_t at = open + 1; at < close && ret->count < BASES_MAX; at++) {
		size_t stop = python_item_end(w->python, at, close);
		bool keyword = token_is(w, at + 1, "=");
		if (stop > at && locust_is_name(w, stop - 1) && !keyword) {
			const char *base = locust_dotted(script, w->file, stop - 1, &ignored);
			name_list_append(script->arena, ret, base);
		}
		at = stop;
	}
}

static void locust_read_class(struct walk *w, size_t start, size_t end)
{
	struct locust_script *script = w->script;
	if (!locust_is_name(w, start + 1) || script->class_count == CLASSES_MAX)
		return;
	struct locust_class made = {
			.name = locust_name_at(w, start + 1),
			.where = locust_where(script, w->file, start),
			.file = w->file,
			.outer = current(w).class,
			.visible = script->files[w->file].root && !w->depth,
			.start = end,
			.end = w->python->count,
	};
	read_bases(w, start + 2, end, &made.bases);
	struct locust_scope scope = outermost;
	scope.class = (int)script->class_count;
	script->classes = arena_grow(script->arena,
			script->classes,
			script->class_count,
			&script->class_capacity,
			sizeof made);
	script->classes[script->class_count++] = made;
	locust_enter(w, scope, start);
}

static void locust_read_function(struct walk *w, size_t def)
{
	struct locust_scope scope = current(w);
	if (!locust_is_name(w, def + 1))
		return;
	scope.function = ++w->script->functions;
	scope.function_name = locust_name_at(w, def + 1);
	scope.task = w->task_follows;
	scope.rounds = 1;
	locust_enter(w, scope, def);
}

static void add_alias(struct walk *w, const char *name, const char *target)
{
	struct locust_script *script = w->script;
	if (script->alias_count == ALIASES_MAX)
		return;
	script->aliases = arena_grow(script->arena,
			script->aliases,
			script->alias_count,
			&script->alias_capacity,
			sizeof *script->aliases);
	struct locust_alias alias = {
			.name = name,
			.target = target,
			.file = w->file,
	};
	script->aliases[script->alias_count++] = alias;
}

static struct locust_place locust_place_of(const struct walk *w)
{
	struct locust_scope scope = current(w);
	return (struct locust_place){.file = w->file,
			.class = scope.class,
			.function = scope.function,
			.task = scope.task,
			.rounds = scope.rounds,
			.function_name = scope.function_name};
}

static bool ends_module(const struct walk *w, size_t at)
{
	if (is_either(w, at, "import", "as"))
		return true;
	return !locust_is_name(w, at) && !token_is(w, at, ".");
}

/* "a.b.c" from `at` on, with leading dots; *ret_end is behind it. */
static const char *module_name(const struct walk *w, size_t at, size_t end, size_t *ret_end)
{
	struct text out = {0};
	for (; at < end && out.length < DOTTED_MAX; at++) {
		const struct python_token *token = &w->python->tokens[at];
		if (ends_module(w, at))
			break;
		text_add_bytes(&out, token->text, token->length);
	}
	*ret_end = at;
	return text_take(w->script->arena, &out);
}

static void locust_take_module(struct walk *w, const char *module, size_t token)
{
	struct locust_place place = locust_place_of(w);
	locust_note_import(w->script, &place, module, token);
	locust_read_module(w->script, w->file, module);
}

/* "as NAME", or the name as it is. */
static const char *renamed(const struct walk *w, size_t at, const char *name)
{
	if (!token_is(w, at, "as"))
		return name;
	if (!locust_is_name(w, at + 1))
		return name;
	return locust_name_at(w, at + 1);
}

/* import a.b as c, d */
static void locust_read_import(struct walk *w, size_t start, size_t end)
{
	for (size_t at = start + 1; at < end; at++) {
		size_t stop;
		const char *module = module_name(w, at, end, &stop);
		if (token_is(w, stop, "as"))
			add_alias(w, renamed(w, stop, module), module);
		if (*module)
			locust_take_module(w, module, at);
		at = python_item_end(w->python, stop, end);
	}
}

/* from a.b import C, D as E */
static void read_from(struct walk *w, size_t start, size_t end)
{
	struct arena *arena = w->script->arena;
	size_t at;
	const char *module = module_name(w, start + 1, end, &at);
	locust_take_module(w, module, start + 1);
	at += token_is(w, at, "import");
	if (token_is(w, at, "(")) {
		end = python_closing(w->python, at, end);
		at++;
	}
	for (; at < end; at++) {
		size_t stop = python_item_end(w->python, at, end);
		if (locust_is_name(w, at)) {
			const char *name = locust_name_at(w, at);
			const char *target = arena_printf(arena, "%s.%s", module, name);
			add_alias(w, renamed(w, at + 1, name), target);
			locust_take_module(w, target, at);
		} else if (token_is(w, at, "*")) {
			add_alias(w, "*", arena_printf(arena, "%s.*", module));
		}
		at = stop;
	}
}

static void locust_add_name(struct walk *w, struct locust_name made)
{
	struct locust_script *script = w->script;
	if (script->name_count == NAMES_MAX) {
		if (!script->cut_at)
			script->cut_at = made.where;
		return;
	}
	script->names = arena_grow(script->arena,
			script->names,
			script->name_count,
			&script->name_capacity,
			sizeof made);
	script->names[script->name_count++] = made;
}

/* NAME = …, NAME: type = …, self.NAME = …, Class.NAME = … */
static void read_assignment(struct walk *w, size_t start, size_t end)
{
	size_t at = start;
	struct locust_scope scope = current(w);
	struct locust_name made = {
			.class = scope.class,
			.function = scope.function,
			.file = w->file,
	};
	if (!locust_is_name(w, at))
		return;
	if (token_is(w, at + 1, ".") && locust_is_name(w, at + 2)) {
		if (!is_either(w, at, "self", "cls"))
			made.class = locust_class_named(w->script, locust_name_at(w, at));
		if (made.class == LOCUST_NONE)
			return;
		made.function = LOCUST_NONE;
		at += 2;
	}
	size_t equals = at + 1;
	if (token_is(w, equals, ":"))
		while (equals < end && !token_is(w, equals, "="))
			equals++;
	if (equals + 1 >= end || !token_is(w, equals, "="))
		return;
	made.name = locust_name_at(w, at);
	made.start = equals + 1;
	made.end = end;
	made.where = locust_where(w->script, w->file, start);
	locust_add_name(w, made);
}

static void locust_read_statement(struct walk *w, size_t start, size_t end);

/* What stands behind the colon of a head, on the same line. */
static void read_rest(struct walk *w, size_t start, size_t end)
{
	size_t colon = head_end(w, start, end);
	if (colon + 1 < end && w->depth < SCOPES_MAX)
		locust_read_statement(w, colon + 1, end);
}

static void read_loop(struct walk *w, size_t start)
{
	struct locust_scope scope = current(w);
	struct locust_place place = locust_place_of(w);
	if (token_is(w, start, "while"))
		scope.rounds = NAN;
	else
		scope.rounds *= locust_rounds(w->script, &place, start);
	locust_enter(w, scope, start);
}

static void locust_read_simple(struct walk *w, size_t start, size_t end)
{
	if (is_either(w, start, "for", "while"))
		read_loop(w, start);
	else
		read_assignment(w, start, end);
	struct locust_place place = locust_place_of(w);
	locust_read_calls(w->script, &place, start, end);
}

/* @task, @task(3), @locust.task */
static bool is_task(const struct walk *w, size_t at)
{
	if (token_is(w, at + 1, "task"))
		return true;
	if (!token_is(w, at + 2, "."))
		return false;
	return token_is(w, at + 3, "task");
}

static void locust_read_statement(struct walk *w, size_t start, size_t end)
{
	size_t word = start + token_is(w, start, "async");
	if (token_is(w, word, "class")) {
		locust_read_class(w, word, end);
		read_rest(w, word, end);
	} else if (token_is(w, word, "def")) {
		locust_read_function(w, word);
		w->task_follows = false;
		read_rest(w, word, end);
	} else if (token_is(w, word, "@")) {
		w->task_follows |= is_task(w, word);
	} else if (token_is(w, word, "import")) {
		locust_read_import(w, word, end);
	} else if (token_is(w, word, "from")) {
		read_from(w, word, end);
	} else {
		locust_read_simple(w, word, end);
	}
}

/* Leaves the classes, functions and loops whose indentation the statement does not go beyond. */
static void locust_leave(struct walk *w, unsigned indent, size_t at)
{
	for (; w->depth; w->depth--) {
		const struct locust_scope *scope = &w->scopes[w->depth - 1];
		if (scope->indent < indent)
			break;
		if (scope->class == LOCUST_NONE || scope->function != LOCUST_NONE)
			continue;
		w->script->classes[scope->class].end = at;
	}
}

void locust_read_statements(struct locust_script *script, size_t file)
{
	const struct python python = script->files[file].python;
	struct walk w = {
			.script = script,
			.python = &python, /* of its own: an import may move the files */
			.file = file,
	};
	for (size_t at = 0; at < python.count && !script->cut_at;) {
		size_t end = python_statement_end(&python, at);
		if (end > at) {
			locust_leave(&w, python.tokens[at].indent, at);
			locust_read_statement(&w, at, end);
		}
		at = end + 1;
	}
	if (python.cut && !script->cut_at)
		script->cut_at = script->files[file].path;
}
