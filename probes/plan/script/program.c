/* Modules, and what runs of them: names are followed from declaration to declaration. That finds
 * what may run, and now and then a little more. */
#include "probes/plan/script/program.h"

#include <string.h>

#include "base/text.h"

enum {
	BUDGET = 2 * 1000 * 1000
};

/* --- modules ----------------------------------------------------------------------------- */

/* The folder of one file and the name in it as one path, without "./" and "x/../". */
static const char *join_path(struct arena *arena, const char *file, const char *name)
{
	const char *slash = strrchr(file, '/');
	const char *folder = "";
	if (slash && *name != '/') {
		folder = arena_copy(arena, file, (size_t)(slash - file) + 1);
	}
	char *path = arena_printf(arena, "%s%s", folder, name), *to = path;
	for (const char *from = path; *from;) {
		bool at_start = to == path || to[-1] == '/';
		char *before = to;
		if (at_start && text_begins_with(from, "./")) {
			from += 2;
			continue;
		}
		if (at_start && to > path + 1 && text_begins_with(from, "../")) {
			for (before--; before > path && before[-1] != '/';) {
				before--;
			}
			if (strncmp(before, "../", 3) != 0) {
				to = before;
				from += 3;
				continue;
			}
		}
		*to++ = *from++;
	}
	*to = '\0';
	return path;
}

static bool js_is_own(const char *name)
{
	return text_begins_with(name, "./") || text_begins_with(name, "../") || *name == '/';
}

static struct js_module *add_module(struct js_program *program,
		const char *path,
		const char *text,
		size_t length)
{
	struct js_module *module = js_module_read(program->arena, path, text, strnlen(text, length));
	program->cut |= module->scope.tokens.cut;
	program->modules[program->count++] = module;
	return module;
}

static struct js_module *js_find_module(struct js_program *program, const char *path)
{
	for (size_t i = 0; i < program->count; i++) {
		if (strcmp(program->modules[i]->path, path) == 0) {
			return program->modules[i];
		}
	}
	return NULL;
}

/* As written, else with what TypeScript lets one leave out. */
static struct js_module *import(void *user, const struct js_module *from, const char *name)
{
	static const char *const endings[] = {
			"",
			".js",
			".ts",
			"/index.js",
			"/index.ts",
	};
	struct js_program *program = user;
	const char *bytes;
	size_t length;
	if (!name || !js_is_own(name)) {
		return NULL;
	}
	const char *base = join_path(program->arena, from->path, name);
	for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
		const char *path = arena_printf(program->arena, "%s%s", base, endings[i]);
		struct js_module *module = js_find_module(program, path);
		if (module) {
			return module;
		}
		if (program->count == JS_MODULES_MAX) {
			break;
		}
		if (program->outside.read(program->outside.user, path, &bytes, &length)) {
			return add_module(program, path, bytes, length);
		}
	}
	program->unread = base;
	return NULL;
}

static const char *js_open_file(void *user, const struct js_module *from, const char *name)
{
	struct js_program *program = user;
	const char *bytes, *path = join_path(program->arena, from->path, name);
	size_t length;
	if (program->outside.read(program->outside.user, path, &bytes, &length)) {
		return bytes;
	}
	return NULL;
}

static const char *environment_of(void *user, const char *name)
{
	struct js_program *program = user;
	return program->outside.environment(program->outside.user, name);
}

static struct js_value *parse_json(void *user, const char *text)
{
	struct js_program *program = user;
	return program->outside.json(program->outside.user, &program->world, text);
}

static void import_all(struct js_program *program, struct js_module *module)
{
	const struct js_scope *scope = &module->scope;
	for (size_t i = 0; i < scope->count; i++) {
		if (scope->bindings[i].kind == JS_BOUND_IMPORT) {
			(void)import(program, module, scope->bindings[i].module);
		}
	}
	for (size_t i = 0; i < scope->export_count; i++) {
		if (scope->exports[i].module) {
			(void)import(program, module, scope->exports[i].module);
		}
	}
}

void js_program_read(struct js_program *program, const char *path, const char *text, size_t length)
{
	struct js_world *world = &program->world;
	*world = (struct js_world){.arena = program->arena, .user = program, .budget = BUDGET};
	world->environment = environment_of;
	world->file = js_open_file;
	world->import = import;
	world->json = parse_json;
	(void)add_module(program, join_path(program->arena, "", path), text, length);
	for (size_t i = 0; i < program->count; i++) {
		import_all(program, program->modules[i]);
	}
}

const char *js_place(const struct js_program *program, const struct js_module *module, size_t i)
{
	uint32_t line = module->scope.tokens.items[i].line;
	return arena_printf(program->arena, "%s:%u", module->path, line);
}

/* --- what runs --------------------------------------------------------------------------- */

static unsigned char *tokens_of(const struct js_program *program,
		const struct js_reach *reach,
		const struct js_module *module)
{
	for (size_t i = 0; i < program->count; i++) {
		if (program->modules[i] == module) {
			return reach->tokens[i];
		}
	}
	return NULL;
}

struct range {
	struct js_module *module;
	size_t begin, end;
};

/* Ranges that are still to be looked through. */
struct work {
	struct js_program *program;
	struct js_reach *reach;
	struct range *ranges;
	size_t count, capacity;
};

static void push(struct work *work, struct js_module *module, size_t begin, size_t end)
{
	struct range *ranges = work->ranges;
	unsigned char *tokens = tokens_of(work->program, work->reach, module);
	if (!tokens || begin >= end || tokens[end - 1] == 2) {
		return;
	}
	ranges = arena_grow(work->program->arena, ranges, work->count, &work->capacity, sizeof *ranges);
	work->ranges = ranges;
	ranges[work->count++] = (struct range){module, begin, end};
	tokens[end - 1] = 2; /* it is under way */
}

static bool push_export(struct work *work, struct js_module *module, const char *name, int depth);

static bool push_import(struct work *work,
		struct js_module *module,
		const char *specifier,
		const char *name,
		int depth)
{
	struct js_module *other = import(work->program, module, specifier);
	if (!other || depth > 20) {
		return false;
	}
	if (strcmp(name, "*") != 0) {
		return push_export(work, other, name, depth + 1);
	}
	for (size_t i = 0; i < other->scope.export_count; i++) {
		(void)push_export(work, other, other->scope.exports[i].name, depth + 1);
	}
	return true;
}

static void push_binding(struct work *work,
		struct js_module *module,
		const struct js_binding *binding,
		int depth)
{
	if (binding->kind == JS_BOUND_IMPORT && binding->module) {
		(void)push_import(work, module, binding->module, binding->member, depth);
	} else {
		push(work, module, binding->begin, binding->end);
	}
}

static bool push_export(struct work *work, struct js_module *module, const char *name, int depth)
{
	const struct js_scope *scope = &module->scope;
	const struct js_export *export = js_find_export(scope, name);
	bool found = false;
	if (!export) {
		for (size_t i = 0; i < scope->export_count && strcmp(name, "*") != 0; i++) {
			if (strcmp(scope->exports[i].name, "*") == 0) {
				found |= push_import(work, module, scope->exports[i].module, name, depth);
			}
		}
		return found;
	}
	if (export->module) {
		return push_import(work, module, export->module, export->local, depth);
	}
	const struct js_binding *binding = NULL;
	if (export->local) {
		binding = js_find_top(scope, export->local);
	}
	if (binding) {
		push_binding(work, module, binding, depth);
	} else {
		push(work, module, export->begin, export->end);
	}
	return true;
}

/* The key of an object is no name of its own. */
static bool is_key(const struct js_tokens *t, size_t i)
{
	if (!js_is(t, i + 1, ":") || !i) {
		return false;
	}
	return js_is_mark(t, i - 1, "{,");
}

static void look_through(struct work *work, const struct range *range)
{
	struct js_module *module = range->module;
	const struct js_tokens *t = &module->scope.tokens;
	unsigned char *tokens = tokens_of(work->program, work->reach, module);
	memset(tokens + range->begin, 1, range->end - range->begin);
	tokens[range->end - 1] = 2;
	for (size_t i = range->begin; i < range->end; i++) {
		if (!js_is_free_name(t, i) || is_key(t, i)) {
			continue;
		}
		const struct js_binding *binding = js_find_top_token(&module->scope, i);
		if (binding) {
			push_binding(work, module, binding, 0);
		}
	}
}

static void js_finish(struct work *work)
{
	while (work->count) {
		const struct range range = work->ranges[--work->count];
		look_through(work, &range);
	}
}

/* All of the file but what is declared at its top. */
static void mark_loading(struct work *work, struct js_module *module)
{
	const struct js_scope *scope = &module->scope;
	size_t count = scope->tokens.count;
	unsigned char *tokens = tokens_of(work->program, work->reach, module);
	memset(tokens, 1, count);
	for (size_t i = 0; i < scope->count; i++) {
		const struct js_binding *b = &scope->bindings[i];
		if (js_is_top(scope, b)) {
			memset(tokens + b->begin, 0, b->end - b->begin);
		}
	}
	for (size_t i = 0; i < scope->export_count; i++) {
		const struct js_export *export = &scope->exports[i];
		memset(tokens + export->begin, 0, export->end - export->begin);
	}
	for (size_t i = 0; i < count; i++) {
		size_t begin = i;
		while (i < count && tokens[i] == 1) {
			i++;
		}
		push(work, module, begin, i);
	}
}

void js_reach_begin(struct js_program *program, struct js_reach *ret)
{
	struct work work = {.program = program, .reach = ret};
	for (size_t i = 0; i < program->count; i++) {
		ret->tokens[i] = arena_alloc(program->arena, program->modules[i]->scope.tokens.count);
	}
	for (size_t i = 0; i < program->count; i++) {
		mark_loading(&work, program->modules[i]);
	}
	js_finish(&work);
}

void js_reach_copy(struct js_program *program, const struct js_reach *reach, struct js_reach *ret)
{
	for (size_t i = 0; i < program->count; i++) {
		size_t count = program->modules[i]->scope.tokens.count;
		ret->tokens[i] = arena_alloc(program->arena, count);
		memcpy(ret->tokens[i], reach->tokens[i], count);
	}
}

void js_reach_add(struct js_program *program,
		struct js_reach *reach,
		struct js_module *module,
		size_t begin,
		size_t end)
{
	struct work work = {.program = program, .reach = reach};
	push(&work, module, begin, end);
	js_finish(&work);
}

bool js_reach_export(struct js_program *program,
		struct js_reach *reach,
		struct js_module *module,
		const char *name)
{
	struct work work = {.program = program, .reach = reach};
	bool found = push_export(&work, module, name, 0);
	js_finish(&work);
	return found;
}

bool js_reaches(const struct js_program *program,
		const struct js_reach *reach,
		const struct js_module *module,
		size_t i)
{
	const unsigned char *tokens = tokens_of(program, reach, module);
	return tokens && tokens[i];
}
