#include "probes/plan/k6/often.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

enum {
	LEVELS_MAX = 24,
	CALLS_DEEP_MAX = 4,
	BACK_MAX = 200
};

/* What a bracket does with what stands in it. */
enum often {
	OFTEN_ONCE,
	OFTEN_MAYBE, /* once or not at all */
	OFTEN_MANY,
	OFTEN_CALLED /* the body of a function: whoever is given it decides */
};

struct ascent {
	struct k6_iteration *iteration;
	struct js_module *module;
	const struct js_tokens *t;
	int depth;    /* of functions that call each other */
	bool maybe;   /* a condition stands around it */
	bool awaited; /* only calls with `await` before them count */
};

static bool k6_word_before(const struct js_tokens *t, size_t i, const char *words)
{
	return i && js_is_any(t, i - 1, words);
}

/* "{" of a function, of a loop, of a condition, or of an object. */
static enum often brace_often(const struct js_tokens *t, size_t brace)
{
	if (!brace)
		return OFTEN_ONCE;
	if (js_is_any(t, brace - 1, "=>"))
		return OFTEN_CALLED;
	if (js_is_any(t, brace - 1, "else catch"))
		return OFTEN_MAYBE;
	if (js_is(t, brace - 1, "do"))
		return OFTEN_MANY;
	if (!js_is(t, brace - 1, ")"))
		return OFTEN_ONCE; /* try, finally, a block, an object */
	size_t open = js_pair(t, brace - 1);
	if (!open || open >= brace)
		return OFTEN_MANY;
	if (k6_word_before(t, open, "if switch catch"))
		return OFTEN_MAYBE;
	if (k6_word_before(t, open, "function *"))
		return OFTEN_CALLED;
	if (open > 1 && js_is_kind(t, open - 1, JS_NAME) && js_is(t, open - 2, "function"))
		return OFTEN_CALLED;
	return OFTEN_MANY; /* for, while, a method */
}

/* "(" of a call, of a condition, or around an expression. */
static enum often paren_often(const struct js_tokens *t, size_t open, bool in_function)
{
	static const char at_once[] = "group check describe connect";
	bool loop = k6_word_before(t, open, "for while");
	if (loop)
		return OFTEN_MANY;
	if (!in_function || k6_word_before(t, open, at_once))
		return OFTEN_ONCE;
	return OFTEN_MANY;
}

/* Does `=>` stand between the bracket and token i: a function without braces? In the arguments of a
 * call there may be one, where that would take too long to see. */
static bool behind_arrow(const struct js_tokens *t, size_t bracket, size_t i)
{
	bool block = js_is(t, bracket, "{");
	for (int steps = 0; i > bracket + 1; steps++) {
		i--;
		if (steps == BACK_MAX)
			return !block;
		if (js_is(t, i, "=>"))
			return true;
		if (js_is_mark(t, i, ",;") || (block && js_is(t, i, "}")))
			return false;
		bool closes = js_is_mark(t, i, ")]}") && js_pair(t, i) < i && js_pair(t, i) > bracket;
		if (closes)
			i = js_pair(t, i);
	}
	return false;
}

/* The "(" of the loop without a block whose statement token i is; 0: there is none. */
static size_t loop_around(const struct js_tokens *t, size_t bracket, size_t i)
{
	for (int steps = 0; i > bracket + 1 && steps < BACK_MAX; steps++) {
		i--;
		if (js_is_mark(t, i, ";{}"))
			return 0;
		bool closes = js_is_mark(t, i, ")]") && js_pair(t, i) < i && js_pair(t, i) > bracket;
		if (!closes)
			continue;
		i = js_pair(t, i);
		if (k6_word_before(t, i, "for while"))
			return i;
	}
	return 0;
}

static double k6_times_at(struct ascent *ascent, size_t i);

/* The function of the top of the file that token i is in; NULL: none. */
static const struct js_binding *function_around(struct ascent *ascent, size_t i)
{
	const struct js_scope *scope = &ascent->module->scope;
	const struct js_binding *found = ascent->iteration->counted;
	struct js_world *world = &ascent->iteration->program->world;
	size_t work = scope->count / 16 + 1;
	bool here = found && ascent->iteration->counted_in == ascent->module;
	if (here && found->begin < i && i < found->end)
		return found;
	found = NULL;
	if (world->budget <= work)
		return NULL;
	world->budget -= work;
	for (size_t b = 0; b < scope->count; b++) {
		const struct js_binding *binding = &scope->bindings[b];
		bool around = binding->begin < i && i < binding->end && js_is_top(scope, binding);
		if (around && binding->kind != JS_BOUND_CLASS && binding->kind != JS_BOUND_IMPORT)
			found = binding;
	}
	return found;
}

/* One call of a function, or a mention of it: handed on, it may be called at will. */
static double times_of_site(struct ascent *from, struct js_module *module, size_t at)
{
	struct ascent site = *from;
	site.module = module;
	site.t = &module->scope.tokens;
	site.depth++;
	if (!js_is(site.t, at + 1, "("))
		return INFINITY;
	if (from->awaited && !k6_word_before(site.t, at, "await"))
		return INFINITY;
	double times = k6_times_at(&site, at);
	from->maybe |= site.maybe;
	return times;
}

/* Is token i the name of the function where a call, or something else, may begin: not its
 * declaration, an import or an export? */
static bool is_site(const struct ascent *ascent,
		const struct js_binding *function,
		struct js_module *module,
		size_t i)
{
	const struct js_tokens *t = &module->scope.tokens;
	if (!js_is(t, i, function->name))
		return false;
	if (module == ascent->module && i == function->at)
		return false; /* inside of itself it is one: as often as it likes */
	size_t bracket = js_parent(t, i);
	bool top = bracket == SIZE_MAX;
	bool called = js_is(t, i + 1, "(");
	if (top && !called)
		return false; /* export default name; */
	if (!top && k6_word_before(t, bracket, "import export"))
		return false;
	if (!js_is_free_name(t, i)) {
		const struct js_binding *space = NULL;
		if (called && i > 1 && js_is_free_name(t, i - 2))
			space = js_find_top_token(&module->scope, i - 2);
		if (!space || space->kind != JS_BOUND_IMPORT || *space->module != '.')
			return false;
	}
	return js_reaches(ascent->iteration->program, ascent->iteration->reach, module, i);
}

static double sum_of_sites(struct ascent *ascent, const struct js_binding *function)
{
	struct js_program *program = ascent->iteration->program;
	double sum = 0;
	size_t sites = 0;
	for (size_t m = 0; m < program->count; m++) {
		struct js_module *module = program->modules[m];
		const struct js_tokens *t = &module->scope.tokens;
		size_t work = t->count / 16 + 1;
		if (program->world.budget <= work)
			return INFINITY;
		program->world.budget -= work;
		for (size_t at = 0; at + 1 < t->count && isfinite(sum); at++) {
			if (!is_site(ascent, function, module, at))
				continue;
			sites++;
			sum += times_of_site(ascent, module, at);
		}
	}
	if (!sites)
		return 1; /* k6 itself calls it */
	return sum;
}

/* All calls of a function that run, in all modules. */
static double times_of_callers(struct ascent *ascent, const struct js_binding *function)
{
	struct k6_iteration *iteration = ascent->iteration;
	if (ascent->depth >= CALLS_DEEP_MAX)
		return INFINITY;
	if (iteration->counted == function && iteration->counted_awaited == ascent->awaited) {
		ascent->maybe |= iteration->counted_maybe;
		return iteration->counted_times;
	}
	bool before = ascent->maybe;
	ascent->maybe = false;
	double times = sum_of_sites(ascent, function);
	iteration->counted = function;
	iteration->counted_in = ascent->module;
	iteration->counted_awaited = ascent->awaited;
	iteration->counted_maybe = ascent->maybe;
	iteration->counted_times = times;
	ascent->maybe |= before;
	return times;
}

/* Of token i, which stands in no other bracket of the file than `brace`. */
static double times_at_top(struct ascent *ascent, size_t brace, size_t i)
{
	const struct js_binding *function = function_around(ascent, i);
	bool loading = brace == SIZE_MAX;
	if (loading && !(function && behind_arrow(ascent->t, function->begin, i)))
		return 1;
	if (!function)
		return INFINITY;
	return times_of_callers(ascent, function);
}

static bool is_loop(const struct js_tokens *t, size_t brace)
{
	if (!js_is(t, brace, "{") || !brace)
		return false;
	if (js_is(t, brace - 1, "do"))
		return true;
	size_t open = js_pair(t, brace - 1);
	return js_is(t, brace - 1, ")") && open < brace && k6_word_before(t, open, "for while await");
}

/* How often `for (let i = 0; i < 5; i++)`, whose "(" it is, goes round at most; INFINITY: not
 * known.
 */
static double rounds_of_loop(struct ascent *ascent, size_t open)
{
	const struct js_tokens *t = ascent->t;
	struct js_world *world = &ascent->iteration->program->world;
	size_t name = open + 2;
	size_t sign = name + 5;
	bool counts = js_is(t, open - 1, "for");
	counts &= js_is_any(t, open + 1, "let var");
	counts &= js_is(t, name + 1, "=");
	counts &= js_is(t, name + 3, ";");
	counts &= js_is_any(t, sign, "< <=");
	if (!counts)
		return INFINITY;
	size_t end = js_expression_end(t, sign + 1);
	bool one = js_is(t, end + 1, "++");
	one |= js_is(t, end + 2, "++");
	if (!one || !js_is(t, end, ";"))
		return INFINITY;
	const struct js_value *first = js_value_at(world, ascent->module, name + 2);
	const struct js_value *last = js_value_at(world, ascent->module, sign + 1);
	if (first->type != JS_NUMERIC)
		return INFINITY;
	if (last->type != JS_NUMERIC)
		return INFINITY;
	ascent->maybe = true; /* it may be left before */
	return fmax(0, last->number - first->number + js_is(t, sign, "<="));
}

/* Of a loop's block. */
static double rounds_of_block(struct ascent *ascent, size_t brace)
{
	size_t open = js_pair(ascent->t, brace - 1);
	if (!js_is(ascent->t, brace - 1, ")") || !open || open >= brace)
		return INFINITY;
	return rounds_of_loop(ascent, open);
}

/* From token i outwards to the body of what the VU runs. */
static double k6_times_at(struct ascent *ascent, size_t i)
{
	const struct k6_iteration *iteration = ascent->iteration;
	const struct js_tokens *t = ascent->t;
	bool in_function = false;
	size_t inner = i;
	double rounds = 1;
	for (int level = 0; level < LEVELS_MAX && isfinite(rounds); level++) {
		size_t at = js_parent(t, inner);
		size_t bracket = at;
		if (at == SIZE_MAX)
			bracket = 0;
		size_t loop = 0;
		if (!ascent->awaited && !is_loop(t, inner)) /* whose block was counted */
			loop = loop_around(t, bracket, inner);
		if (loop)
			rounds *= rounds_of_loop(ascent, loop);
		in_function |= at != SIZE_MAX && behind_arrow(t, at, inner);
		bool body = ascent->module == iteration->main;
		body &= at && at == iteration->body;
		bool top = at == SIZE_MAX;
		if (!top && js_is(t, at, "{"))
			top = js_parent(t, at) == SIZE_MAX;
		if (in_function && (body || top))
			return INFINITY; /* a function in a function: who knows who calls it */
		if (body)
			return rounds;
		if (top)
			return rounds * times_at_top(ascent, at, i);
		enum often often = OFTEN_ONCE;
		if (js_is(t, at, "{"))
			often = brace_often(t, at);
		if (js_is(t, at, "(")) {
			often = paren_often(t, at, in_function);
			in_function = false;
		}
		bool around = is_loop(t, at);
		if (around && !ascent->awaited)
			rounds *= rounds_of_block(ascent, at);
		if (around)
			often = OFTEN_ONCE; /* counted; or one round waits for the other */
		if (often == OFTEN_MANY)
			return INFINITY;
		ascent->maybe |= often == OFTEN_MAYBE;
		in_function |= often == OFTEN_CALLED;
		inner = at;
	}
	return INFINITY;
}

static struct ascent k6_ascend(struct k6_iteration *iteration, const struct k6_call *call)
{
	struct ascent ascent = {.iteration = iteration, .module = call->module};
	ascent.t = &call->module->scope.tokens;
	return ascent;
}

double k6_times(struct k6_iteration *iteration, const struct k6_call *call)
{
	struct ascent ascent = k6_ascend(iteration, call);
	return k6_times_at(&ascent, call->at);
}

double k6_times_always(struct k6_iteration *iteration, const struct k6_call *call)
{
	struct ascent ascent = k6_ascend(iteration, call);
	double times = k6_times_at(&ascent, call->at);
	if (!iteration->body || ascent.maybe || !isfinite(times))
		return 0;
	return times;
}

/* The first token of `http.asyncRequest`, whose last is the call. */
static size_t begin_of_callee(const struct js_tokens *t, size_t at)
{
	while (at > 1 && js_is_any(t, at - 1, ". ?."))
		at -= 2;
	return at;
}

bool k6_is_awaited(struct k6_iteration *iteration, const struct k6_call *call)
{
	struct ascent ascent = k6_ascend(iteration, call);
	ascent.awaited = true;
	size_t begin = begin_of_callee(ascent.t, call->at);
	bool handed_on = k6_word_before(ascent.t, begin, "await return =>");
	return handed_on && isfinite(k6_times_at(&ascent, call->at));
}

bool k6_is_alternative(const struct k6_call *call)
{
	const struct js_tokens *t = &call->module->scope.tokens;
	size_t block = js_parent(t, call->at);
	if (k6_word_before(t, begin_of_callee(t, call->at), "else"))
		return true;
	return block != SIZE_MAX && js_is(t, block, "{") && k6_word_before(t, block, "else");
}
