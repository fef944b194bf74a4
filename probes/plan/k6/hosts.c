#include "probes/plan/k6/hosts.h"

#include <ctype.h>
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/plan.h"

enum {
	TARGETS_MAX = 256,
	CALL_SITES_MAX = 200,
	LEVELS_MAX = 12
};

struct search {
	struct js_program *program;
	struct js_world *world;
	struct k6_hosts *hosts;
	struct js_module *module; /* of the call, with its token */
	size_t at;
	int depth;         /* of functions that hand their parameters on */
	size_t vu;         /* whose addresses they are */
	size_t expression; /* the first token of the address; 0: it stands elsewhere */
};

static bool k6_take_value(struct search *search, const struct js_value *value);

static void not_known(struct search *search, const struct js_value *value)
{
	struct k6_hosts *hosts = search->hosts;
	if (!hosts->missing) {
		hosts->missing = value->missing;
	}
	if (!hosts->unknown_at) {
		hosts->unknown_at = js_place(search->program, search->module, search->at);
	}
}

/* The scheme's length in "https://…"; 0: it is none that k6 connects to. */
static size_t scheme_length(const char *text)
{
	static const char *const schemes[] = {
			"http://",
			"https://",
			"ws://",
			"wss://",
	};
	for (size_t i = 0; i < COUNT_OF(schemes); i++) {
		if (strncasecmp(text, schemes[i], strlen(schemes[i])) == 0) {
			return strlen(schemes[i]);
		}
	}
	return 0;
}

/* What follows is not known: may it still belong to the host? A path begins with a slash, so only a
 * host that is visibly cut off is taken for one that goes on. */
static bool host_goes_on(const char *text, size_t length)
{
	return !length || strchr(".-:@_", text[length - 1]);
}

/* A host that one VU talks to, and others may not. */
static void note_vu(struct search *search, const char *target)
{
	struct k6_hosts *hosts = search->hosts;
	struct arena *arena = search->program->arena;
	if (!search->world->vu_decides || hosts->by_vu.count >= TARGETS_MAX) {
		return;
	}
	name_list_add_once(arena, &hosts->by_vu, target);
	if (search->vu <= K6_VUS_TRIED) {
		name_list_add_once(arena, &hosts->of_vu[search->vu - 1], target);
	}
}

static bool k6_add_address(struct search *search, const char *text, bool open)
{
	struct k6_hosts *hosts = search->hosts;
	struct arena *arena = search->program->arena;
	struct error ignored;
	size_t scheme = scheme_length(text);
	size_t host = strcspn(text + scheme, "/?#\\");
	if (!scheme || (open && !text[scheme + host] && host_goes_on(text + scheme, host))) {
		return false;
	}
	const char *url = arena_copy(arena, text, scheme + host);
	const char *target = plan_url_target(arena, url, &ignored);
	if (!target) {
		return false;
	}
	bool tls = plan_url_is_tls(url);
	hosts->tls |= tls;
	hosts->plain |= !tls;
	if (hosts->targets.count < TARGETS_MAX) {
		name_list_add_once(arena, &hosts->targets, target);
	}
	if (tolower((unsigned char)*url) == 'h' && hosts->kept.count < TARGETS_MAX) {
		name_list_add_once(arena, &hosts->kept, target);
	}
	note_vu(search, target);
	if (tls && hosts->encrypted.count < TARGETS_MAX) {
		name_list_add_once(arena, &hosts->encrypted, target);
	}
	return true;
}

/* --- what a function is given where it is called ----------------------------------------- */

/* The name of the function whose parameters begin at token `open`; 0: it has none. */
static size_t function_name(const struct js_tokens *t, size_t open)
{
	size_t before = open - 1;
	if (!open) {
		return 0;
	}
	if (js_is(t, before, "async")) {
		before--;
	}
	if (js_is_mark(t, before, "=:")) {
		before--; /* const name = (…) =>, name: (…) => */
	} else if (js_is(t, before, "function")) {
		before -= 2; /* name = function (…) */
	}
	if (js_is_kind(t, before, JS_NAME)) {
		return before;
	}
	return 0;
}

/* Which parameter it is; SIZE_MAX: a part of one. */
static size_t parameter_index(const struct js_tokens *t, size_t open, size_t name)
{
	size_t index = 0;
	for (size_t at = open + 1; at <= name;) {
		if (at == name) {
			return index;
		}
		at = js_expression_end(t, at) + 1;
		index++;
	}
	return SIZE_MAX;
}

static size_t nth_argument(const struct js_tokens *t, size_t open, size_t index)
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

/* `http://${host}/x`, where host is what the function is given. */
static bool take_assumed(struct search *search,
		const struct js_value *value,
		struct js_value *given)
{
	struct js_world *world = search->world;
	if (world->assumed) {
		return false;
	}
	world->assumed = value->variable;
	world->assumed_value = given;
	const struct js_value *made = js_value_at(world, search->module, search->expression);
	world->assumed = NULL;
	return made->type == JS_TEXT && k6_add_address(search, made->text, made->open);
}

/* One call of a function that hands its parameter on. */
static bool take_site(struct search *search,
		const struct js_value *value,
		struct js_module *module,
		size_t open,
		size_t index)
{
	size_t at = nth_argument(&module->scope.tokens, open, index);
	struct search inner = *search;
	if (!at) {
		return false;
	}
	inner.module = module;
	inner.at = at;
	inner.depth++;
	struct js_value *given = js_value_at(search->world, module, at);
	if (value->type == JS_TEXT && search->expression) {
		return take_assumed(search, value, given);
	}
	inner.expression = at;
	return k6_take_value(&inner, given);
}

static bool same_name(const struct js_tokens *a, size_t i, const struct js_tokens *b, size_t j)
{
	const struct js_token *first = &a->items[i], *second = &b->items[j];
	if (second->kind != JS_NAME || first->length != second->length) {
		return false;
	}
	return memcmp(a->text + first->start, b->text + second->start, first->length) == 0;
}

/* http.post(…) is no call of a function of the script's own that is named post. */
static bool is_of_library(const struct js_module *module, size_t i)
{
	const struct js_tokens *t = &module->scope.tokens;
	if (i < 2 || !js_is_any(t, i - 1, ". ?.") || !js_is_free_name(t, i - 2)) {
		return false;
	}
	const struct js_binding *object = js_find_top_token(&module->scope, i - 2);
	return object && object->kind == JS_BOUND_IMPORT && object->module && *object->module != '.';
}

/* All calls of the function whose parameter this is. True if there is one, and each says where it
 * leads. */
static bool take_callers(struct search *search, const struct js_value *value)
{
	const struct js_tokens *own = &value->module->scope.tokens;
	size_t open = value->variable->begin, sites = 0, known = 0;
	if (!js_is(own, open, "(") || search->depth > 3) {
		return false;
	}
	size_t work = own->count / 64 + 1;
	if (search->world->budget <= work) {
		return false;
	}
	search->world->budget -= work;
	size_t name = function_name(own, open);
	size_t index = parameter_index(own, open, value->variable->at);
	if (!name || index == SIZE_MAX) {
		return false;
	}
	for (size_t m = 0; m < search->program->count; m++) {
		struct js_module *module = search->program->modules[m];
		const struct js_tokens *t = &module->scope.tokens;
		for (size_t i = 0; i + 1 < t->count && sites < CALL_SITES_MAX; i++) {
			bool called = same_name(own, name, t, i) && js_is(t, i + 1, "(");
			if (!called || (t == own && i + 1 == open) || is_of_library(module, i)) {
				continue;
			}
			sites++;
			known += take_site(search, value, module, i + 1, index);
		}
	}
	return sites && known == sites;
}

/* --- values ------------------------------------------------------------------------------ */

/* A request of http.batch(): an address, [method, address, …] or {url: …}. */
static bool take_request(struct search *search, const struct js_value *request)
{
	const struct js_value *address = request;
	if (request->type == JS_LIST && request->count > 1) {
		address = request->members[1].value;
	}
	if (request->type == JS_OBJECT) {
		address = js_member(request, "url");
	}
	return address && k6_take_value(search, address);
}

static bool k6_take_value(struct search *search, const struct js_value *value)
{
	if (value->type == JS_TEXT && k6_add_address(search, value->text, value->open)) {
		return true;
	}
	if (value->variable && take_callers(search, value)) {
		return true;
	}
	if (value->type != JS_UNDEFINED || value->missing) {
		not_known(search, value);
	}
	return false;
}

static void take_batch(struct search *search, const struct js_value *requests)
{
	bool plain = requests->type == JS_LIST || requests->type == JS_OBJECT;
	if (!plain || requests->open || !requests->count) {
		not_known(search, requests);
	}
	for (size_t i = 0; plain && i < requests->count; i++) {
		if (!take_request(search, requests->members[i].value)) {
			not_known(search, requests);
		}
	}
}

/* "host:50051", "dns:///host:50051" */
static void take_grpc(struct search *search, const struct js_value *value)
{
	struct arena *arena = search->program->arena;
	struct error ignored;
	const char *target = NULL;
	if (value->type == JS_TEXT && !value->open) {
		const char *text = value->text, *slashes = strstr(text, "///");
		if (slashes) {
			text = slashes + 3;
		}
		target = plan_url_target(arena, text, &ignored);
	}
	if (!target) {
		not_known(search, value);
		return;
	}
	name_list_add_once(arena, &search->hosts->targets, target);
	note_vu(search, target);
	search->hosts->plain = true; /* or not: its closes were not measured over TLS */
}

/* Is a list written out in the call, or under a name that nothing but the call uses? Whoever else
 * has it may add to it. */
static bool is_only_here(struct search *search, size_t at)
{
	const struct js_tokens *t = &search->module->scope.tokens;
	size_t uses = 0, work = t->count / 16 + 1;
	if (js_is_any(t, at, "[ {")) {
		return true;
	}
	if (!js_is_kind(t, at, JS_NAME) || search->world->budget <= work) {
		return false;
	}
	search->world->budget -= work;
	for (size_t i = 0; i + 1 < t->count && uses < 3; i++) {
		uses += same_name(t, at, t, i);
	}
	return uses == 2;
}

static double take_call(struct search *search, const struct k6_call *call)
{
	struct js_value nothing = {.type = JS_UNKNOWN};
	const struct js_value *value = &nothing;
	if (call->argument) {
		value = js_value_at(search->world, call->module, call->argument);
	}
	search->expression = 0;
	if (call->kind != K6_CALL_BATCH && call->kind != K6_CALL_GRPC) {
		search->expression = call->argument;
	}
	if (call->kind == K6_CALL_GRPC) {
		take_grpc(search, value);
	} else if (call->kind == K6_CALL_BATCH) {
		take_batch(search, value);
	} else if (!k6_take_value(search, value)) {
		not_known(search, value);
	}
	bool listed = value->type == JS_LIST || value->type == JS_OBJECT;
	if (!listed || value->open || !value->count || !is_only_here(search, call->argument)) {
		return INFINITY;
	}
	return (double)value->count;
}

void k6_hosts_of_call(struct k6_calls *calls,
		const struct k6_call *call,
		struct k6_hosts *hosts,
		double *ret_requests)
{
	struct js_program *program = calls->program;
	struct js_world *world = &program->world;
	struct search search = {.program = program, .world = world, .hosts = hosts};
	size_t last = 1;
	search.module = call->module;
	search.at = call->at;
	world->vu_decides = false;
	search.vu = 1;
	world->vu = 1;
	double requests = take_call(&search, call);
	/* Where it depends on __VU, what other VUs are given, until nothing new comes. */
	for (size_t vu = 2; world->vu_decides && vu <= TARGETS_MAX && world->budget; vu++) {
		size_t before = hosts->by_vu.count;
		search.vu = vu;
		world->vu = (double)vu;
		(void)take_call(&search, call);
		if (hosts->by_vu.count > before) {
			last = vu;
		}
		if (vu >= last + K6_VUS_TRIED) {
			break;
		}
	}
	world->vu = 0;
	world->vu_decides = false;
	if (ret_requests) {
		*ret_requests = requests;
	}
}

double k6_hosts_of_others(const struct k6_hosts *hosts)
{
	size_t most = 0;
	for (size_t i = 0; i < K6_VUS_TRIED; i++) {
		if (hosts->of_vu[i].count > most) {
			most = hosts->of_vu[i].count;
		}
	}
	return (double)(hosts->by_vu.count - most);
}

/* --- addresses that are written out ------------------------------------------------------ */

static bool k6_word_is(const struct js_tokens *t, size_t i, const char *const *words, size_t count)
{
	const struct js_token *token = &t->items[i];
	if (token->kind != JS_NAME && token->kind != JS_STRING) {
		return false;
	}
	for (size_t w = 0; w < count; w++) {
		bool same = strlen(words[w]) == token->length;
		if (same && strncasecmp(t->text + token->start, words[w], token->length) == 0) {
			return true;
		}
	}
	return false;
}

/* Is it an argument of a call that makes no request? */
static bool is_said(const struct js_tokens *t, size_t first)
{
	static const char *const calls[] = {
			"log",
			"info",
			"warn",
			"error",
			"debug",
			"fail",
			"require",
	};
	size_t open = js_parent(t, first);
	if (open == SIZE_MAX || !open || !js_is(t, open, "(")) {
		return false;
	}
	return k6_word_is(t, open - 1, calls, COUNT_OF(calls));
}

/* Is token i the "{" of an object with something else than addresses of requests? */
static bool is_aside(const struct js_tokens *t, size_t i)
{
	static const char *const keys[] = {
			"headers",
			"header",
			"tags",
			"cookies",
			"ext",
	};
	bool value = i >= 2 && js_is(t, i, "{") && js_is_mark(t, i - 1, ":=");
	return value && k6_word_is(t, i - 2, keys, COUNT_OF(keys));
}

/* Is what it is called never used again? */
static bool is_dead(const struct js_tokens *t, size_t first)
{
	size_t uses = 0;
	if (first < 3 || !js_is(t, first - 1, "=") || !js_is_any(t, first - 3, "const let var")) {
		return false;
	}
	for (size_t i = 0; i + 1 < t->count && uses < 2; i++) {
		uses += same_name(t, first - 2, t, i);
	}
	return uses == 1;
}

static bool is_written_aside(const struct js_tokens *t, size_t first)
{
	static const char *const keys[] = {
			"referer",
			"referrer",
			"origin",
			"user-agent",
			"user_agent",
			"useragent",
			"xmlns",
			"schema",
			"$schema",
			"docs",
			"redirect_uri",
			"redirectUri",
			"@context",
	};
	static const char *const compared[] = {
			"===",
			"==",
			"!==",
			"!=",
			"case",
	};
	bool value = first >= 2 && js_is(t, first - 1, ":");
	if (value && k6_word_is(t, first - 2, keys, COUNT_OF(keys))) {
		return true;
	}
	for (size_t i = 0; first && i < COUNT_OF(compared); i++) {
		if (js_is(t, first - 1, compared[i]) || js_is(t, first + 1, compared[i])) {
			return true;
		}
	}
	if (is_said(t, first)) {
		return true;
	}
	size_t at = js_parent(t, first);
	for (int level = 0; at != SIZE_MAX && level < LEVELS_MAX; level++) {
		bool body = at && js_is(t, at, "(") && js_is(t, at - 1, "stringify");
		if (body || is_aside(t, at)) {
			return true;
		}
		at = js_parent(t, at);
	}
	return is_dead(t, first);
}

/* __ENV.NAME || "…" */
static bool is_only_default(const struct js_tokens *t, size_t first)
{
	if (first < 4 || !(js_is(t, first - 1, "||") || js_is(t, first - 1, "?\?"))) {
		return false;
	}
	return js_is(t, first - 4, "__ENV") && js_is(t, first - 3, ".");
}

/* Does this string begin with a scheme? Then the expression that begins with it is an address. */
static void take_written(struct search *search, size_t i)
{
	struct js_module *module = search->module;
	const struct js_tokens *t = &module->scope.tokens;
	const struct js_token *token = &t->items[i];
	char start[9] = "";
	for (size_t c = 0; c < token->length && c < sizeof start - 1; c++) {
		start[c] = t->text[token->start + c];
	}
	if (!scheme_length(start)) {
		return;
	}
	size_t first = i;
	if (i && js_is(t, i - 1, "`")) {
		first = i - 1;
	}
	if (is_written_aside(t, first)) {
		return;
	}
	search->at = i;
	if (is_only_default(t, first)) {
		first -= 4;
	}
	const struct js_value *value = js_value_at(search->world, module, first);
	bool known = value->type == JS_TEXT && k6_add_address(search, value->text, value->open);
	if (!known && !k6_add_address(search, js_text(search->program->arena, t, i), first != i)) {
		not_known(search, value);
	}
}

void k6_hosts_written(struct js_program *program,
		const struct js_reach *reach,
		struct k6_hosts *hosts)
{
	struct search search = {.program = program, .world = &program->world, .hosts = hosts};
	for (size_t m = 0; m < program->count; m++) {
		search.module = program->modules[m];
		const struct js_tokens *t = &search.module->scope.tokens;
		for (size_t i = 0; i + 1 < t->count; i++) {
			bool here = js_is_kind(t, i, JS_STRING) && js_reaches(program, reach, search.module, i);
			if (here && hosts->targets.count < TARGETS_MAX) {
				take_written(&search, i);
			}
		}
	}
}
