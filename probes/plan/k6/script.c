#include "probes/plan/k6/script.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

enum {
	REACH_BYTES_MAX = 64 * 1024 * 1024,
	CALLS_BACK_MAX = 64
};

struct look {
	struct k6_script *script;
	struct k6_root *root;
	struct js_reach reach;
	struct k6_iteration iteration;
	bool countable;
	bool indirect;
	const struct k6_call *together_at; /* Promise.all(…) */
};

static void place(const struct look *look, const struct k6_call *call, const char **ret)
{
	if (!*ret)
		*ret = js_place(&look->script->program, call->module, call->at);
}

/* sleep(1), or what sleep(randomIntBetween(1, 5)) is at least. */
static double k6_seconds_of(struct look *look, const struct k6_call *call)
{
	struct js_world *world = &look->script->program.world;
	const struct js_tokens *t = &call->module->scope.tokens;
	size_t at = call->argument;
	if (!at)
		return 0;
	if (js_are(t, at, "randomIntBetween ("))
		at += 2;
	const struct js_value *value = js_value_at(world, call->module, at);
	double times = k6_times_always(&look->iteration, call);
	if (value->type != JS_NUMERIC)
		return 0;
	return fmax(0, value->number) * times;
}

/* --- what the calls say ------------------------------------------------------------------ */

/* Requests, one after another or all of a list. */
static void k6_on_http(struct look *look, const struct k6_call *call, double *ret_requests)
{
	struct k6_root *root = look->root;
	double times = k6_times(&look->iteration, call), each = 1;
	place(look, call, &root->http_at);
	k6_hosts_of_call(&look->script->calls, call, &root->hosts, ret_requests);
	if (ret_requests)
		each = *ret_requests;
	if (isfinite(times * each))
		root->requests += times * each;
	else
		look->countable = false;
}

static void k6_on_batch(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	double requests;
	place(look, call, &root->batch_at);
	k6_on_http(look, call, &requests);
	root->batch_longest = fmax(root->batch_longest, requests);
	root->batch_more += fmax(requests, 1) - 1;
}

/* A request that others do not wait for, unless it is waited for at once. */
static void on_async(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	double times = k6_times(&look->iteration, call);
	k6_on_http(look, call, NULL);
	if (k6_is_awaited(&look->iteration, call))
		return;
	root->parallel += times;
	if (!isfinite(times))
		place(look, call, &root->async_at);
}

/* The name before ".connect"; 0: it has none. */
static size_t receiver_of(const struct k6_call *call)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	if (call->at < 2 || !js_is_any(t, call->at - 1, ". ?."))
		return 0;
	if (!js_is_kind(t, call->at - 2, JS_NAME))
		return 0;
	return call->at - 2;
}

static bool same_receiver(const struct k6_call *call, const struct k6_call *other)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	size_t own = receiver_of(call);
	size_t others = receiver_of(other);
	const struct js_token *a = &t->items[own];
	const struct js_token *b = &t->items[others];
	if (!own || !others)
		return false;
	if (a->length != b->length)
		return false;
	return memcmp(t->text + a->start, t->text + b->start, a->length) == 0;
}

/* The calls before this one that are looked at: from the one that is returned on. */
static size_t first_looked_at(const struct look *look, const struct k6_call *call)
{
	size_t index = (size_t)(call - look->script->calls.items);
	if (index < CALLS_BACK_MAX)
		return 0;
	return index - CALLS_BACK_MAX;
}

/* Does a call before this one connect the same client? */
static bool is_reconnect(const struct look *look, const struct k6_call *call)
{
	const struct k6_calls *calls = &look->script->calls;
	const struct js_program *program = &look->script->program;
	size_t i = first_looked_at(look, call);
	for (; &calls->items[i] < call; i++) {
		const struct k6_call *other = &calls->items[i];
		if (other->kind != K6_CALL_GRPC)
			continue;
		if (other->module != call->module)
			continue;
		if (!same_receiver(call, other))
			continue;
		if (js_reaches(program, &look->reach, other->module, other->at))
			return true;
	}
	return false;
}

/* How many ws.connect() stand around this one and wait for it. */
static double nesting_of(const struct look *look, const struct k6_call *call)
{
	const struct k6_calls *calls = &look->script->calls;
	const struct js_tokens *t = &call->module->scope.tokens;
	double levels = 1;
	size_t i = first_looked_at(look, call);
	for (; &calls->items[i] < call; i++) {
		const struct k6_call *other = &calls->items[i];
		if (other->kind != K6_CALL_WEBSOCKET)
			continue;
		if (other->module != call->module)
			continue;
		if (js_pair(t, other->at + 1) > call->at)
			levels++;
	}
	return levels;
}

/* A connection of its own. With `stays` it is open until the iteration ends. */
static void on_connect(struct look *look,
		const struct k6_call *call,
		bool stays,
		const char **ret_each_at)
{
	struct k6_root *root = look->root;
	const char **once_at = &root->websocket_once_at;
	double times = k6_times(&look->iteration, call);
	if (call->kind == K6_CALL_GRPC)
		once_at = &root->grpc_once_at;
	k6_hosts_of_call(&look->script->calls, call, &root->hosts, NULL);
	bool again = false;
	bool counts = true;
	if (call->kind == K6_CALL_GRPC)
		again = is_reconnect(look, call);
	if (again)
		counts = !k6_is_alternative(call);
	if (k6_call_is_once(&look->script->calls, call)) {
		place(look, call, once_at);
		if (!again && isfinite(times))
			root->connects_once += times;
		if (!isfinite(times))
			place(look, call, &root->sockets_at);
		return;
	}
	place(look, call, ret_each_at);
	if (counts)
		root->connects += times;
	if (again || !stays)
		return;
	root->connects_at_once += times;
	if (!isfinite(times))
		place(look, call, &root->sockets_at);
}

/* socket.setTimeout(function () { socket.close(); }, 2000) around token i: its seconds; NAN: none
 * stands there. */
static double closes_after(const struct look *look, const struct k6_call *call, size_t i)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	struct js_world *world = &look->script->program.world;
	size_t at = js_parent(t, i);
	while (at != SIZE_MAX && at > call->at) {
		size_t last = js_expression_end(t, at + 1) + 1;
		bool timed = at && js_is(t, at - 1, "setTimeout") && last < js_pair(t, at);
		if (timed) {
			const struct js_value *value = js_value_at(world, call->module, last);
			if (value->type == JS_NUMERIC)
				return value->number / 1000;
		}
		at = js_parent(t, at);
	}
	return (double)NAN;
}

/* How long a socket is open at least, by the only call that closes it. Where nothing does, its end
 * is not known. */
static void k6_note_life(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	const struct js_tokens *t = &call->module->scope.tokens;
	size_t close = js_pair(t, call->at + 1);
	size_t closes = 0;
	size_t found = 0;
	bool written = false;
	for (size_t i = call->at + 2; i < close; i++) {
		written |= js_is_any(t, i, "=> function");
		if (!js_is(t, i, "close") || !js_is(t, i + 1, "("))
			continue;
		closes++;
		found = i;
	}
	if (written && !closes)
		root->open_ended = true;
	double life = (double)NAN;
	if (closes == 1)
		life = closes_after(look, call, found);
	root->timed |= life > 0;
	if (life > 0)
		root->sleeps_s += life * k6_times_always(&look->iteration, call);
}

static void on_websocket(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	k6_note_life(look, call);
	if (!k6_call_is_once(&look->script->calls, call))
		root->nested = fmax(root->nested, nesting_of(look, call));
	on_connect(look, call, false, &root->websocket_at);
}

static void on_call(struct look *look, const struct k6_call *call)
{
	struct k6_root *root = look->root;
	switch (call->kind) {
	case K6_CALL_HTTP:
		k6_on_http(look, call, NULL);
		break;
	case K6_CALL_BATCH:
		k6_on_batch(look, call);
		break;
	case K6_CALL_ASYNC:
		on_async(look, call);
		break;
	case K6_CALL_PARALLEL:
		look->together_at = call;
		break;
	case K6_CALL_INDIRECT:
		look->countable = false;
		look->indirect = true;
		break;
	case K6_CALL_WEBSOCKET:
		on_websocket(look, call);
		break;
	case K6_CALL_SOCKET:
		on_connect(look, call, true, &root->websocket_at);
		break;
	case K6_CALL_GRPC:
		on_connect(look, call, true, &root->grpc_at);
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
	struct js_scope *scope = &look->iteration.main->scope;
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
		look->iteration.body = i;
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
	look.iteration = (struct k6_iteration){.program = program, .main = program->modules[0]};
	look.iteration.reach = &look.reach;
	*root = (struct k6_root){.name = name};
	js_reach_copy(program, &script->loading, &look.reach);
	if (!js_reach_export(program, &look.reach, look.iteration.main, name))
		reach_all(&look);
	k6_find_body(&look, name);
	for (size_t i = 0; i < script->calls.count; i++) {
		const struct k6_call *call = &script->calls.items[i];
		if (js_reaches(program, &look.reach, call->module, call->at))
			on_call(&look, call);
	}
	if (look.together_at && look.indirect)
		place(&look, look.together_at, &root->async_at);
	if (!look.countable)
		root->requests = 0;
	root->speaks_http = root->http_at || look.indirect;
	bool told = root->hosts.targets.count && !root->hosts.unknown_at;
	if (look.indirect)
		told = false;
	if (!told && root->speaks_http)
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
