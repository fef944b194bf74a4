/* The calls of k6's modules. Sources (k6 2.2.0): internal/js/jsmodules.go, the modules' names;
 * js/modules/k6/{http,ws,grpc}. */
#include "probes/plan/k6/calls.h"

#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"

enum {
	CALLS_MAX = 20000,
	GUARD_LEVELS = 12
};

struct found {
	struct k6_calls *calls;
	struct js_module *module;
	const struct js_tokens *t;
	bool grpc; /* some module of the program speaks gRPC */
};

static void add_call(struct found *f, enum k6_call_kind kind, size_t at, size_t argument)
{
	struct k6_calls *calls = f->calls;
	struct arena *arena = calls->program->arena;
	struct k6_call *items = calls->items;
	if (calls->count == CALLS_MAX) {
		return;
	}
	items = arena_grow(arena, items, calls->count, &calls->capacity, sizeof *items);
	calls->items = items;
	items[calls->count] = (struct k6_call){.kind = kind, .module = f->module};
	items[calls->count].at = at;
	items[calls->count].argument = argument;
	calls->count++;
}

/* The first token of argument `index` of the call whose "(" stands at `open`; 0: it has none. */
static size_t argument_at(const struct js_tokens *t, size_t open, size_t index)
{
	size_t close = js_pair(t, open);
	size_t at = open + 1;
	for (; index && at < close; index--) {
		at = js_expression_end(t, at) + 1;
	}
	if (at >= close) {
		return 0;
	}
	return at;
}

/* --- HTTP -------------------------------------------------------------------------------- */

static const struct method {
	const char *name;
	enum k6_call_kind kind;
	size_t address; /* which argument */
} methods[] = {
		{"get", K6_CALL_HTTP, 0},
		{"post", K6_CALL_HTTP, 0},
		{"put", K6_CALL_HTTP, 0},
		{"patch", K6_CALL_HTTP, 0},
		{"del", K6_CALL_HTTP, 0},
		{"head", K6_CALL_HTTP, 0},
		{"options", K6_CALL_HTTP, 0},
		{"request", K6_CALL_HTTP, 1},
		{"asyncRequest", K6_CALL_ASYNC, 1},
		{"batch", K6_CALL_BATCH, 0},
};

static const struct method *find_method(const struct js_tokens *t, size_t at, const char *name)
{
	for (size_t i = 0; i < COUNT_OF(methods); i++) {
		if (name && strcmp(methods[i].name, name) == 0) {
			return &methods[i];
		}
		if (!name && js_is(t, at, methods[i].name)) {
			return &methods[i];
		}
	}
	return NULL;
}

/* The method's name, or what stands for it, is token `at`. */
static void k6_on_method(struct found *f, const struct method *method, size_t at)
{
	if (js_is(f->t, at + 1, "(")) {
		add_call(f, method->kind, at, argument_at(f->t, at + 1, method->address));
	} else {
		add_call(f, K6_CALL_INDIRECT, at, 0); /* under another name from here on */
	}
}

/* A mention of the module or of one of its functions. */
static void k6_on_http(struct found *f, size_t at, const char *member)
{
	const struct js_tokens *t = f->t;
	const struct method *method = NULL;
	bool whole = strcmp(member, "*") == 0 || strcmp(member, "default") == 0;
	if (!whole) {
		method = find_method(t, at, member);
		if (method) {
			k6_on_method(f, method, at);
		}
		return;
	}
	if (js_are(t, at + 1, ". default")) {
		at += 2;
	}
	if (js_is_any(t, at + 1, ". ?.")) {
		method = find_method(t, at + 2, NULL);
		if (method) {
			k6_on_method(f, method, at + 2);
		}
		return;
	}
	size_t behind = 0;
	if (js_is(t, at + 1, "[")) {
		behind = js_pair(t, at + 1) + 1;
	}
	if (behind && js_is(t, behind, "(")) {
		add_call(f, K6_CALL_HTTP, at, argument_at(t, behind, 0));
	} else {
		add_call(f, K6_CALL_INDIRECT, at, 0);
	}
}

/* --- the other modules ------------------------------------------------------------------- */

static void on_ws(struct found *f, size_t at, const char *member)
{
	if (strcmp(member, "*") == 0 || strcmp(member, "default") == 0) {
		if (!js_are(f->t, at + 1, ". connect")) {
			return;
		}
		at += 2;
	} else if (strcmp(member, "connect") != 0) {
		return;
	}
	if (js_is(f->t, at + 1, "(")) {
		add_call(f, K6_CALL_WEBSOCKET, at, argument_at(f->t, at + 1, 0));
	}
}

static void on_websockets(struct found *f, size_t at, const char *member)
{
	const struct js_tokens *t = f->t;
	if (strcmp(member, "*") == 0 || strcmp(member, "default") == 0) {
		if (!js_are(t, at + 1, ". WebSocket")) {
			return;
		}
		at += 2;
	} else if (strcmp(member, "WebSocket") != 0) {
		return;
	}
	if (js_is(t, at + 1, "(")) {
		add_call(f, K6_CALL_SOCKET, at, argument_at(t, at + 1, 0));
	}
}

static void on_sleep(struct found *f, size_t at, const char *member)
{
	const struct js_tokens *t = f->t;
	bool whole = strcmp(member, "*") == 0 || strcmp(member, "default") == 0;
	if (whole && js_are(t, at + 1, ". sleep")) {
		at += 2;
	} else if (strcmp(member, "sleep") != 0) {
		return;
	}
	if (js_is(t, at + 1, "(")) {
		add_call(f, K6_CALL_SLEEP, at, argument_at(t, at + 1, 0));
	}
}

static void on_browser(struct found *f, size_t at, const char *member)
{
	(void)member;
	add_call(f, K6_CALL_BROWSER, at, 0);
}

static void on_foreign(struct found *f, size_t at, const char *member)
{
	(void)member;
	add_call(f, K6_CALL_FOREIGN, at, 0);
}

static void on_indirect(struct found *f, size_t at, const char *member)
{
	(void)member;
	add_call(f, K6_CALL_INDIRECT, at, 0);
}

/* gRPC clients are told by their connect(), see on_connect(). */
static void on_nothing(struct found *f, size_t at, const char *member)
{
	(void)f, (void)at, (void)member;
}

/* A file of the script's own that cannot be read may make requests. */
static void on_own(struct found *f, size_t at, const char *member)
{
	const struct js_binding *binding = js_find_top_token(&f->module->scope, at);
	struct js_world *world = &f->calls->program->world;
	(void)member;
	if (!world->import(world->user, f->module, binding->module)) {
		add_call(f, K6_CALL_INDIRECT, at, 0);
	}
}

static const struct {
	const char *name; /* a name that ends with "%" is how it begins */
	void (*mention)(struct found *f, size_t at, const char *member);
} modules[] = {
		{"k6/http", k6_on_http},
		{"k6/ws", on_ws},
		{"k6/websockets", on_websockets},
		{"k6/experimental/websockets", on_websockets},
		{"k6/browser%", on_browser},
		{"k6/experimental/browser", on_browser},
		{"k6/x/browser%", on_browser},
		{"k6/net/grpc", on_nothing},
		{"k6/experimental/grpc", on_nothing},
		{"k6/experimental/redis", on_foreign},
		{"k6/x/faker%", on_nothing},
		{"k6/x/dotenv", on_nothing},
		{"k6/x/yaml", on_nothing},
		{"k6/x/toml", on_nothing},
		{"k6/x/exec", on_nothing},
		{"k6/x/file", on_nothing},
		{"k6/x/read", on_nothing},
		{"k6/x/%", on_foreign},
		{"k6", on_sleep},
		{"k6/%", on_nothing},
		{"https://jslib.k6.io/httpx/%", on_indirect},
		{"https://jslib.k6.io/aws/%", on_indirect},
		{"https://jslib.k6.io/%", on_nothing},
		{"./%", on_own},
		{"../%", on_own},
		{"/%", on_own},
};

static bool k6_is_named(const char *pattern, const char *name)
{
	size_t length = strlen(pattern);
	if (pattern[length - 1] == '%') {
		return strncmp(pattern, name, length - 1) == 0;
	}
	return strcmp(pattern, name) == 0;
}

static bool is_grpc(const char *module)
{
	return strcmp(module, "k6/net/grpc") == 0 || strcmp(module, "k6/experimental/grpc") == 0;
}

static void on_import(struct found *f, size_t at, const struct js_binding *binding)
{
	size_t before = f->calls->count;
	for (size_t i = 0; i < COUNT_OF(modules); i++) {
		if (!k6_is_named(modules[i].name, binding->module)) {
			continue;
		}
		modules[i].mention(f, at, binding->member);
		if (f->calls->count > before) {
			f->calls->items[before].foreign = binding->module;
		}
		return;
	}
	on_indirect(f, at, binding->member); /* somebody else's module: it may do anything */
}

/* …connect(…) and …close() of what is no WebSocket, where gRPC is spoken. */
static void on_member(struct found *f, size_t at)
{
	const struct js_tokens *t = f->t;
	if (!f->grpc || !js_is(t, at + 1, "(")) {
		return;
	}
	if (js_is(t, at, "close")) {
		add_call(f, K6_CALL_GRPC_CLOSE, at, 0);
	}
	if (!js_is(t, at, "connect")) {
		return;
	}
	const struct js_binding *binding = NULL;
	if (at >= 2 && js_is_free_name(t, at - 2)) {
		binding = js_find_top_token(&f->module->scope, at - 2);
	}
	bool known = binding && binding->kind == JS_BOUND_IMPORT;
	if (!known) {
		add_call(f, K6_CALL_GRPC, at, argument_at(t, at + 1, 0));
	}
}

static bool has_text(const struct js_tokens *t, size_t at, const char *text)
{
	const struct js_token *token = &t->items[at];
	bool word = token->kind == JS_STRING || token->kind == JS_NAME;
	if (!word || token->length != strlen(text)) {
		return false;
	}
	return strncasecmp(t->text + token->start, text, token->length) == 0;
}

/* "Connection": "close" */
static void on_key(struct found *f, size_t at)
{
	const struct js_tokens *t = f->t;
	if (!has_text(t, at, "connection")) {
		return;
	}
	size_t value = at + 1;
	if (js_is(t, value, "]")) {
		value++;
	}
	if (!js_is_any(t, value, ": =")) {
		return;
	}
	if (js_is_kind(t, value + 1, JS_STRING) && has_text(t, value + 1, "close")) {
		add_call(f, K6_CALL_CLOSE, at, 0);
	}
}

static void on_free_name(struct found *f, size_t at)
{
	const struct js_binding *binding = js_find_top_token(&f->module->scope, at);
	if (js_is(f->t, at, "Promise") && js_is(f->t, at + 2, "all")) {
		add_call(f, K6_CALL_PARALLEL, at, 0);
	}
	if (!binding || binding->kind != JS_BOUND_IMPORT || !binding->module) {
		return;
	}
	bool declares = at >= binding->begin && at < binding->end;
	if (!declares) {
		on_import(f, at, binding);
	}
}

static void find_in(struct found *f)
{
	const struct js_tokens *t = f->t;
	for (size_t i = 0; i + 1 < t->count; i++) {
		if (js_is_free_name(t, i)) {
			on_free_name(f, i);
		} else if (js_is_kind(t, i, JS_NAME)) {
			on_member(f, i);
		}
		on_key(f, i);
	}
}

static bool speaks_grpc(const struct js_program *program)
{
	for (size_t i = 0; i < program->count; i++) {
		const struct js_scope *scope = &program->modules[i]->scope;
		for (size_t j = 0; j < scope->count; j++) {
			if (scope->bindings[j].kind == JS_BOUND_IMPORT && is_grpc(scope->bindings[j].module)) {
				return true;
			}
		}
	}
	return false;
}

void k6_calls_find(struct js_program *program, struct k6_calls *ret)
{
	*ret = (struct k6_calls){.program = program};
	struct found f = {.calls = ret, .grpc = speaks_grpc(program)};
	for (size_t i = 0; i < program->count; i++) {
		f.module = program->modules[i];
		f.t = &f.module->scope.tokens;
		find_in(&f);
	}
}

/* --- once for each VU -------------------------------------------------------------------- */

/* Does a condition ask for the first iteration, for a variable of the module, or whether the client
 * is connected? */
static bool asks_once(const struct k6_call *call, size_t begin, size_t end)
{
	static const char *const words[] = {
			"__ITER",
			"iterationInScenario",
			"iterationInInstance",
			"connected",
			"isConnected",
	};
	const struct js_scope *scope = &call->module->scope;
	const struct js_tokens *t = &scope->tokens;
	for (size_t i = begin; i < end; i++) {
		for (size_t w = 0; w < COUNT_OF(words); w++) {
			if (js_is(t, i, words[w])) {
				return true;
			}
		}
		if (!js_is_free_name(t, i)) {
			continue;
		}
		const struct js_binding *binding = js_find_top_token(scope, i);
		bool variable = binding && !js_is(t, binding->begin, "const") &&
				binding->kind == JS_BOUND_VARIABLE;
		if (variable) {
			return true;
		}
	}
	return false;
}

/* `if (…)` whose ")" stands right before token i. */
static bool under_condition(const struct k6_call *call, size_t i)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	if (!i || !js_is(t, i - 1, ")")) {
		return false;
	}
	size_t open = js_pair(t, i - 1);
	return open && js_is(t, open - 1, "if") && asks_once(call, open + 1, i - 1);
}

/* The first token of the statement that token i is in, in the same block. */
static size_t statement_begin(const struct js_tokens *t, size_t i)
{
	while (i) {
		if (js_is_mark(t, i - 1, ";{}")) {
			return i;
		}
		if (js_is(t, i - 1, ")") && js_pair(t, i - 1) && js_pair(t, i - 1) < i) {
			size_t open = js_pair(t, i - 1);
			if (js_is_any(t, open - 1, "if for")) {
				return i;
			}
			i = open;
			continue;
		}
		if (t->items[i - 1].line != t->items[i].line && t->items[i].kind == JS_NAME &&
				t->items[i - 1].kind != JS_PUNCT) {
			return i;
		}
		if (js_is_mark(t, i - 1, "([")) {
			return i;
		}
		i--;
	}
	return i;
}

/* if (__ITER > 0) return; earlier in the same block, and the like of it. */
static bool left_before(const struct k6_call *call, size_t block, size_t i)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	for (size_t at = block + 1; at < i; at++) {
		bool condition = js_are(t, at, "if (");
		if (!condition) {
			continue;
		}
		size_t close = js_pair(t, at + 1);
		size_t first = close + 1;
		if (js_is(t, first, "{")) {
			first++;
		}
		if (js_is(t, first, "return") && asks_once(call, at + 2, close)) {
			return true;
		}
		at = close;
	}
	return false;
}

static bool is_guarded(const struct k6_call *call)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	size_t at = call->at;
	for (int level = 0; level < GUARD_LEVELS; level++) {
		size_t begin = statement_begin(t, at), block = js_parent(t, at);
		bool chained = false;
		bool arrow = false;
		for (size_t i = begin; i < at; i++) {
			chained |= js_is_any(t, i, "&& || ?");
			arrow |= js_is(t, i, "=>");
		}
		if (under_condition(call, begin) || (chained && asks_once(call, begin, at))) {
			return true;
		}
		if (block == SIZE_MAX) {
			return level == 0 && !arrow; /* when the script is loaded */
		}
		if (js_is(t, block, "{") && left_before(call, block, at)) {
			return true;
		}
		at = block;
		if (js_is(t, block, "{") && under_condition(call, block)) {
			return true;
		}
	}
	return false;
}

/* Is there a call of the function, and is every one of them guarded? */
static bool callers_guarded(const struct k6_calls *calls, const struct js_binding *function)
{
	size_t found = 0;
	for (size_t m = 0; m < calls->program->count; m++) {
		struct k6_call caller = {.module = calls->program->modules[m]};
		const struct js_tokens *t = &caller.module->scope.tokens;
		for (size_t i = 0; i + 1 < t->count; i++) {
			if (!js_is(t, i, function->name) || !js_is(t, i + 1, "(")) {
				continue;
			}
			if (js_is(t, i - 1, "function")) {
				continue;
			}
			caller.at = i;
			found++;
			if (!is_guarded(&caller)) {
				return false;
			}
		}
	}
	return found > 0;
}

bool k6_call_is_once(const struct k6_calls *calls, const struct k6_call *call)
{
	const struct js_scope *scope = &call->module->scope;
	struct js_world *world = &calls->program->world;
	size_t work = scope->tokens.count / 16 + scope->count;
	if (is_guarded(call)) {
		return true;
	}
	if (world->budget <= work) {
		return false;
	}
	world->budget -= work;
	for (size_t i = 0; i < scope->count; i++) {
		const struct js_binding *b = &scope->bindings[i];
		bool around = js_is_top(scope, b) && b->begin < call->at && call->at < b->end;
		if (around && b->kind != JS_BOUND_CLASS) {
			return callers_guarded(calls, b);
		}
	}
	return false;
}
