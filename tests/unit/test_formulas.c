/* Runs tests/formulas.test: three lines per case (expression; bindings; result), a blank line
 * between. Every case is also printed canonically, parsed again and evaluated again. Bindings:
 * name=value; the value is a number with a unit, 'text', true, false, v6.9, or ? with a unit name
 * (?bool) for a name without a value. HEADROOM_FORMULAS or argv[1] names another file. */
#include "model/expr/expr.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

enum {
	BINDINGS_MAX = 16,
	LEAST_CASES = 80
};

struct bindings {
	struct {
		char name[64], text[64];
		enum unit unit;
		struct value value;
	} items[BINDINGS_MAX];
	size_t count;
};

static bool lookup(void *context, const char *name, struct value *ret_value)
{
	const struct bindings *bindings = context;
	for (size_t i = 0; i < bindings->count; i++) {
		if (strcmp(bindings->items[i].name, name) == 0) {
			*ret_value = bindings->items[i].value;
			return true;
		}
	}
	return false;
}

static bool type_of(void *context, const char *name, enum unit *ret_unit)
{
	const struct bindings *bindings = context;
	for (size_t i = 0; i < bindings->count; i++) {
		if (strcmp(bindings->items[i].name, name) == 0) {
			*ret_unit = bindings->items[i].unit;
			return true;
		}
	}
	return false;
}

static void bind_number(struct bindings *bindings, const char *text)
{
	static const enum unit units[] =
			{UNIT_COUNT, UNIT_SECONDS, UNIT_PER_S, UNIT_BYTES, UNIT_RATIO, UNIT_BOOL, UNIT_VERSION};
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		struct error err;
		double number;
		if (unit_parse(text, units[i], &number, &err)) {
			struct value value = units[i] == UNIT_BOOL ? value_bool(number != 0)
													   : value_number(number, units[i]);
			bindings->items[bindings->count].value = value;
			bindings->items[bindings->count].unit = units[i];
			return;
		}
	}
	fail_msg("bad binding \"%s\"", text);
}

static void bind(struct bindings *bindings, char *word)
{
	char *text = strchr(word, '=');
	assert_non_null(text);
	assert_true(bindings->count < BINDINGS_MAX);
	*text++ = '\0';
	(void)snprintf(bindings->items[bindings->count].name, 64, "%s", word);
	char *copy = bindings->items[bindings->count].text;
	(void)snprintf(copy, 64, "%s", *text == '\'' ? text + 1 : text);
	if (*text == '?') {
		enum unit unit = UNIT_COUNT;
		if (text[1])
			assert_true(unit_from_name(text + 1, &unit));
		bindings->items[bindings->count].unit = unit;
		bindings->items[bindings->count].value = value_unknown(NULL);
	} else if (*text == '\'') {
		copy[strcspn(copy, "'")] = '\0';
		bindings->items[bindings->count].unit = UNIT_TEXT;
		bindings->items[bindings->count].value = value_text(copy);
	} else {
		bind_number(bindings, copy);
	}
	bindings->count++;
}

static void describe(const struct value *value, struct text *out)
{
	char number[NUMBER_TEXT_MAX];
	if (value->kind == VALUE_UNKNOWN)
		text_addf(out, "unknown: %s", value->missing);
	else if (value->kind == VALUE_TEXT)
		text_add(out, value->text);
	else if (value->kind == VALUE_BOOL)
		text_add(out, value->number != 0 ? "true" : "false");
	else
		text_addf(out,
				"%s%s%s",
				text_plain_number(number, value->number),
				value->unit == UNIT_COUNT ? "" : " ",
				value->unit == UNIT_COUNT ? "" : unit_name(value->unit));
}

static void check_round_trip(struct arena *arena,
		const struct expr *expr,
		const struct expr_env *env,
		int line)
{
	struct text once = {0}, twice = {0}, before = {0}, after = {0};
	struct error err = {0};
	expr_print(expr, false, &once);
	const struct expr *again = expr_parse(arena, once.data, &err);
	if (!again)
		fail_msg("line %d: printed as \"%s\", which is refused: %s", line, once.data, err.text);
	expr_print(again, false, &twice);
	assert_string_equal(once.data, twice.data);
	struct value a = expr_eval(expr, env), b = expr_eval(again, env);
	describe(&a, &before);
	describe(&b, &after);
	assert_string_equal(before.data, after.data);
	text_release(&once);
	text_release(&twice);
	text_release(&before);
	text_release(&after);
}

static void run_case(const char *text, struct bindings *bindings, const char *expected, int line)
{
	struct arena *arena = arena_new();
	struct text got = {0};
	struct error err = {0};
	enum unit unit;
	struct expr_env env = {.lookup = lookup, .context = bindings};
	const struct expr *expr = expr_parse(arena, text, &err);
	if (!expr || !expr_check(expr, type_of, bindings, &unit, &err)) {
		text_addf(&got, "error: %s", err.text);
	} else {
		struct value value = expr_eval(expr, &env);
		describe(&value, &got);
		check_round_trip(arena, expr, &env, line);
		if (value.kind != VALUE_UNKNOWN && value.unit != unit)
			fail_msg("line %d: checked as %s, evaluated as %s",
					line,
					unit_name(unit),
					unit_name(value.unit));
	}
	if (strcmp(got.data, expected) != 0)
		fail_msg("line %d: %s\n  expected %s\n  got      %s", line, text, expected, got.data);
	text_release(&got);
	arena_free(arena);
}

static bool read_line(FILE *file, char *line, size_t size)
{
	if (!fgets(line, (int)size, file))
		return false;
	line[strcspn(line, "\n")] = '\0';
	return true;
}

static void formulas_give_their_results(void **state)
{
	FILE *file = fopen(*state, "r");
	if (!file)
		fail_msg("cannot open %s", (const char *)*state);
	char text[2048], words[1024], expected[1024], blank[16] = "";
	int cases = 0;
	while (read_line(file, text, sizeof text)) {
		struct bindings bindings = {.count = 0};
		int line = cases * 4 + 1;
		assert_true(
				read_line(file, words, sizeof words) && read_line(file, expected, sizeof expected));
		char *rest = words;
		for (char *word; (word = strsep(&rest, " "));) {
			if (*word)
				bind(&bindings, word);
		}
		run_case(text, &bindings, expected, line);
		cases++;
		if (!read_line(file, blank, sizeof blank))
			break;
		if (*blank)
			fail_msg("line %d must be blank", line + 3);
	}
	(void)fclose(file);
	assert_true(cases >= LEAST_CASES);
}

int main(int argc, char **argv)
{
	const char *given = argc > 1 ? argv[1] : getenv("HEADROOM_FORMULAS");
	static char path[4096] = "tests/formulas.test";
	if (given)
		(void)snprintf(path, sizeof path, "%s", given);
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_prestate(formulas_give_their_results, path),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
