/* Fuzz harness of the formulas. The property: what parses is printed, parses again, prints the same
 * and evaluates alike; no input gives NaN; printers and check take anything that parsed. */
#include "model/expr/expr.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* A value and a unit for every name, from its bytes; some names have none, some do not exist. */
static unsigned hash_of(const char *name)
{
	unsigned hash = 5381;
	for (; *name; name++)
		hash = hash * 33 + (unsigned char)*name;
	return hash;
}

static bool type_of(void *context, const char *name, enum unit *ret_unit)
{
	(void)context;
	unsigned hash = hash_of(name);
	*ret_unit = (enum unit)(hash % 8);
	return hash % 31 != 0;
}

static bool lookup(void *context, const char *name, struct value *ret_value)
{
	static const double numbers[] = {0, 1, -3, 0.1, 28232, 1e300, INFINITY, 4096};
	enum unit unit;
	unsigned hash = hash_of(name);
	if (!type_of(context, name, &unit))
		return false;
	if (hash % 7 == 0)
		*ret_value = value_unknown(name);
	else if (unit == UNIT_BOOL)
		*ret_value = value_bool(hash % 2);
	else if (unit == UNIT_TEXT)
		*ret_value = value_text(hash % 2 ? "none" : "client");
	else
		*ret_value = value_number(numbers[hash / 8 % 8], unit);
	return true;
}

static bool integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	(void)context;
	*ret_steady = hash_of(rate) % 3 != 0;
	*ret_sum = seconds * 2;
	return hash_of(rate) % 5 != 0;
}

static void demand(bool truth, const char *what, const char *text)
{
	if (truth)
		return;
	(void)fprintf(stderr, "property broken: %s\n%s\n", what, text);
	abort();
}

static bool alike(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind || a->unit != b->unit)
		return false;
	if (a->kind == VALUE_UNKNOWN || a->kind == VALUE_TEXT) {
		const char *x = a->kind == VALUE_TEXT ? a->text : a->missing;
		const char *y = b->kind == VALUE_TEXT ? b->text : b->missing;
		return x && y && strcmp(x, y) == 0;
	}
	return !isnan(a->number) && a->number == b->number;
}

static void check_prints(const struct expr *expr, const struct expr_env *env)
{
	struct text out = {0};
	expr_print(expr, true, &out);
	expr_print_values(expr, env, &out);
	expr_print_for(expr, env, &out);
	demand(text_is_utf8(out.data, out.length), "a print is not UTF-8", out.data);
	text_release(&out);
}

static void check_formula(struct arena *arena, const struct expr *expr, const struct expr_env *env)
{
	struct text once = {0}, twice = {0};
	struct error err = {0};
	enum unit unit;
	bool typed = expr_check(expr, type_of, NULL, &unit, &err);
	struct value value = expr_eval(expr, env);
	expr_print(expr, false, &once);
	check_prints(expr, env);
	demand(!typed || value.kind != VALUE_NUMBER || (unit != UNIT_BOOL && unit != UNIT_TEXT),
			"a checked formula gave another kind",
			once.data);
	if (once.length <= EXPR_TEXT_MAX) {
		const struct expr *again = expr_parse(arena, once.data, &err);
		demand(again != NULL, "the canonical print is refused", once.data);
		struct value second = expr_eval(again, env);
		expr_print(again, false, &twice);
		demand(strcmp(once.data, twice.data) == 0,
				"the canonical print is no fixed point",
				once.data);
		demand(alike(&value, &second), "the canonical print evaluates otherwise", once.data);
	}
	text_release(&once);
	text_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct expr_env env = {.lookup = lookup, .integrate = integrate};
	struct arena *arena = arena_new();
	struct error err = {0};
	const struct expr *expr = expr_parse(arena, arena_copy(arena, (const char *)data, size), &err);
	if (expr)
		check_formula(arena, expr, &env);
	else
		demand(strncmp(err.text, "column ", 7) == 0, "an error names no column", err.text);
	arena_free(arena);
	return 0;
}
