#include "probes/plan/k6/script.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

enum {
	LEVELS_MAX = 24,
	REACH_BYTES_MAX = 64 * 1024 * 1024,
	CALLS_DEEP_MAX = 3
};

struct look {
	struct k6_script *script;
	struct k6_root *root;
	struct js_reach reach;
	struct js_module *main;
	size_t body, body_end; /* of the function, in main; 0: not found */
	bool countable;
	bool indirect;
};

static void place(const struct look *look, const struct k6_call *call, const char **ret)
{
	if (!*ret)
		*ret = js_place(&look->script->program, call->module, call->at);
}

/* --- how often in an iteration ----------------------------------------------------------- */

/* Does a bracket around a call repeat it, or hand it to somebody who may? */
static bool k6_repeats(const struct js_tokens *t, size_t bracket)
{
	static const char *const loops[] = {
			"for",
			"while",
			"do",
			"else",
	};
	static const char *const plain[] = {
			"group",
			"check",
			"if",
			"else",
			"try",
			"catch",
			"finally",
	};
	size_t before = bracket - 1;
	if (!bracket)
		return true;
	if (js_is(t, bracket, "{") && js_is(t, before, "=>"))
		return false; /* whose call is the next bracket */
	if (js_is(t, bracket, "{") && js_is(t, before, ")"))
		before = js_pair(t, before) - 1;
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (js_is(t, before, plain[i]))
			return false;
	for (size_t i = 0; i < COUNT_OF(loops); i++)
		if (js_is(t, before, loops[i]))
			return true;
	if (js_is(t, bracket, "("))
		return js_is_kind(t, before, JS_NAME);
	return js_is(t, bracket, "{") && !js_is_any(t, before, "; }");
}

/* for (…) and while (…) without a block: what they repeat is not told from the rest. */
static bool has_open_loop(const struct look *look)
{
	static const char *const loops[] = {
			"for",
			"while",
	};
	const struct js_tokens *t = &look->main->scope.tokens;
	for (size_t i = look->body + 1; i < look->body_end; i++)
		for (size_t w = 0; w < COUNT_OF(loops); w++)
			if (js_is(t, i, loops[w]) && js_is(t, i + 1, "(") &&
					!js_is(t, js_pair(t, i + 1) + 1, "{"))
				return true;
	return false;
}

/* The function of the top that token i of the script is in, if it is called at one place alone:
 * that place. SIZE_MAX: there is none, or there are several. */
static size_t only_caller(const struct look *look, size_t i)
{
	const struct js_scope *scope = &look->main->scope;
	const struct js_tokens *t = &scope->tokens;
	const struct js_binding *function = NULL;
	size_t found = SIZE_MAX;
	for (size_t b = 0; b < scope->count; b++) {
		const struct js_binding *binding = &scope->bindings[b];
		bool around = binding->begin < i && i < binding->end && js_is_top(scope, binding);
		if (around && binding->kind != JS_BOUND_CLASS) {
			function = binding;
		}
	}
	for (size_t at = 0; function && at < t->count; at++) {
		bool named = js_is(t, at, function->name) && at != function->at;
		if (!named) {
			continue;
		}
		if (found != SIZE_MAX || !js_is(t, at + 1, "(")) {
			return SIZE_MAX;
		}
		found = at;
	}
	return found;
}

/* Is token i reached at most once in an iteration? With `always`: exactly once. */
static bool is_single_at(const struct look *look, size_t i, bool always, int depth)
{
	const struct js_tokens *t = &look->main->scope.tokens;
	size_t at = js_parent(t, i);
	for (int level = 0; level < LEVELS_MAX; level++) {
		if (at == look->body) {
			return true;
		}
		bool outermost = at != SIZE_MAX && js_parent(t, at) == SIZE_MAX;
		if (outermost && js_is(t, at, "{") && depth < CALLS_DEEP_MAX) {
			size_t caller = only_caller(look, i);
			return caller != SIZE_MAX && is_single_at(look, caller, always, depth + 1);
		}
		if (at == SIZE_MAX || (always && js_is(t, at, "{")) || k6_repeats(t, at)) {
			return false;
		}
		at = js_parent(t, at);
	}
	return false;
}

static bool is_single(const struct look *look, const struct k6_call *call, bool always)
{
	if (call->module != look->main || !look->body) {
		return false;
	}
	return is_single_at(look, call->at, always, 0);
}

/* sleep(1), or what sleep(randomIntBetween(1, 5)) is at least. */
static double k6_seconds_of(const struct look *look, const struct k6_call *call)
{
	struct js_world *world = &look->script->program.world;
	const struct js_tokens *t = &call->module->scope.tokens;
	size_t at = call->argument;
	if (!at || !is_single(look, call, true))
		return 0;
	if (js_are(t, at, "randomIntBetween ("))
		at += 2;
	const struct js_value *value = js_value_at(world, call->module, at);
	if (value->type != JS_NUMERIC || value->number < 0)
		return 0;
	return value->number;
}

/* --- what the calls say ------------------------------------------------------------------ */

static void on_connect(struct look *look,
		const struct k6_call *call,
		const char **each_at,
		const char **once_at)
{
	k6_hosts_of_call(&look->script->calls, call, &look->root->hosts);
	if (k6_call_is_once(&look->script->calls, call))
		place(look, call, once_at);
	else
		place(look, call, each_at);
}

static void k6_on_http(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	place(look, call, &root->http_at);
	root->requests++;
	if (!is_single(look, call, false))
		look->countable = false;
	k6_hosts_of_call(&look->script->calls, call, &root->hosts);
}

static void on_call(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	switch (call->kind) {
	case K6_CALL_HTTP:
		k6_on_http(look, call);
		break;
	case K6_CALL_BATCH:
		look->countable = false;
		place(look, call, &root->batch_at);
		k6_on_http(look, call);
		break;
	case K6_CALL_ASYNC:
		look->countable = false;
		place(look, call, &root->async_at);
		k6_on_http(look, call);
		break;
	case K6_CALL_PARALLEL:
		place(look, call, &root->async_at);
		break;
	case K6_CALL_INDIRECT:
		look->countable = false;
		look->indirect = true;
		break;
	case K6_CALL_WEBSOCKET:
		on_connect(look, call, &root->websocket_at, &root->websocket_once_at);
		break;
	case K6_CALL_SOCKET:
		root->sockets++;
		if (root->sockets > 1 || !is_single(look, call, false)) {
			place(look, call, &root->sockets_at);
		}
		on_connect(look, call, &root->websocket_at, &root->websocket_once_at);
		break;
	case K6_CALL_GRPC:
		on_connect(look, call, &root->grpc_at, &root->grpc_once_at);
		break;
	case K6_CALL_GRPC_CLOSE:
		root->grpc_closes = true;
		break;
	case K6_CALL_BROWSER:
		place(look, call, &root->browser_at);
		break;
	case K6_CALL_FOREIGN:
		place(look, call, &root->foreign_at);
		root->foreign = call->foreign;
		break;
	case K6_CALL_SLEEP:
		root->sleeps_s += k6_seconds_of(look, call);
		break;
	case K6_CALL_CLOSE:
		place(look, call, &root->close_header_at);
		break;
	}
}

/* The body of the function that is exported, in the script itself. */
static void k6_find_body(struct look *look, const char *name)
{
	struct js_scope *scope = &look->main->scope;
	const struct js_export *export = js_find_export(scope, name);
	if (!export || export->module)
		return;
	size_t begin = export->begin;
	size_t end = export->end;
	const struct js_binding *binding = NULL;
	if (export->local)
		binding = js_find_top(scope, export->local);
	if (binding && binding->kind != JS_BOUND_IMPORT) {
		begin = binding->begin;
		end = binding->end;
	}
	for (size_t i = begin; i < end; i++) {
		if (js_is(&scope->tokens, i, "(")) {
			i = scope->tokens.items[i].pair;
			continue;
		}
		if (!js_is(&scope->tokens, i, "{"))
			continue;
		look->body = i;
		look->body_end = scope->tokens.items[i].pair;
		return;
	}
}

/* Is there no function that k6 would run, as in a bundle whose text is all one call? Then all of it
 * may run. */
static void reach_all(struct look *look)
{
	struct js_program *program = &look->script->program;
	for (size_t i = 0; i < program->count; i++)
		memset(look->reach.tokens[i], 1, program->modules[i]->scope.tokens.count);
	look->indirect = true;
}

static void k6_look_at(struct k6_script *script, struct k6_root *root, const char *name)
{
	struct js_program *program = &script->program;
	struct look look = {.script = script, .root = root, .countable = true};
	look.main = program->modules[0];
	*root = (struct k6_root){.name = name};
	js_reach_copy(program, &script->loading, &look.reach);
	if (!js_reach_export(program, &look.reach, look.main, name))
		reach_all(&look);
	k6_find_body(&look, name);
	for (size_t i = 0; i < script->calls.count; i++) {
		const struct k6_call *call = &script->calls.items[i];
		if (js_reaches(program, &look.reach, call->module, call->at))
			on_call(&look, call);
	}
	bool open_loop = has_open_loop(&look);
	if (open_loop && root->sockets && !root->sockets_at)
		root->sockets_at = root->websocket_at;
	if (!look.countable || open_loop)
		root->requests = 0;
	bool told = root->hosts.targets.count && !root->hosts.unknown_at && !look.indirect;
	bool silent = !root->http_at && !look.indirect;
	if (!told && !silent)
		k6_hosts_written(program, &look.reach, &root->hosts);
}

void k6_script_read(struct arena *arena,
		const char *path,
		const char *text,
		size_t length,
		struct k6_script *script)
{
	script->program.arena = arena;
	js_program_read(&script->program, path, text, length);
	k6_calls_find(&script->program, &script->calls);
	size_t tokens = 1;
	for (size_t i = 0; i < script->program.count; i++)
		tokens += script->program.modules[i]->scope.tokens.count;
	script->roots_max = REACH_BYTES_MAX / tokens + 2;
	if (script->roots_max > K6_ROOTS_MAX)
		script->roots_max = K6_ROOTS_MAX;
	js_reach_begin(&script->program, &script->loading);
	script->read = true;
	script->root_count = 0;
}

const struct k6_root *k6_script_root(struct k6_script *script, const char *name)
{
	static const char all[] = "";
	if (script->root_count + 1 >= script->roots_max)
		name = all;
	for (size_t i = 0; i < script->root_count; i++)
		if (strcmp(script->roots[i].name, name) == 0)
			return &script->roots[i];
	struct k6_root *root = &script->roots[script->root_count++];
	k6_look_at(script, root, name);
	return root;
}
