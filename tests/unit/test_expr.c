/* Formulas: the printers, integration, limits of the parser, names. Results are in
 * tests/formulas.test. */
#include "model/expr/expr.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

#define TIMES " \xc3\x97 "
#define MINUS "\xe2\x88\x92"

static int make_arena(void **state)
{
	*state = arena_new();
	return 0;
}

static int free_arena(void **state)
{
	arena_free(*state);
	return 0;
}

/* The names of these tests. `fast` is a rate that changes: its last 10 s held 123. */
static const struct {
	const char *name;
	enum value_kind kind;
	double number;
	enum unit unit;
	const char *text;
} names[] = {
		{"live", VALUE_NUMBER, 15000, UNIT_COUNT, NULL},
		{"closes", VALUE_NUMBER, 250, UNIT_PER_S, NULL},
		{"fast", VALUE_NUMBER, 50, UNIT_PER_S, NULL},
		{"hold", VALUE_NUMBER, 60, UNIT_SECONDS, NULL},
		{"one", VALUE_NUMBER, 1, UNIT_COUNT, NULL},
		{"debt", VALUE_NUMBER, -5, UNIT_COUNT, NULL},
		{"hidden", VALUE_UNKNOWN, 0, UNIT_COUNT, NULL},
		{"hidden_bool", VALUE_UNKNOWN, 0, UNIT_BOOL, NULL},
		{"on", VALUE_BOOL, 1, UNIT_BOOL, NULL},
		{"bind", VALUE_TEXT, 0, UNIT_TEXT, "none"},
		{"sys.page", VALUE_NUMBER, 4096, UNIT_BYTES, NULL},
		{"open.max", VALUE_NUMBER, INFINITY, UNIT_COUNT, NULL},
};

static bool lookup(void *context, const char *name, struct value *ret_value)
{
	(void)context;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i].name, name) == 0) {
			*ret_value = (struct value){.kind = names[i].kind,
					.number = names[i].number,
					.text = names[i].text,
					.unit = names[i].unit};
			return true;
		}
	}
	return false;
}

static bool type_of(void *context, const char *name, enum unit *ret_unit)
{
	(void)context;
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i].name, name) == 0) {
			*ret_unit = names[i].unit;
			return true;
		}
	}
	return false;
}

static bool integrate(void *context,
		const char *rate,
		double seconds,
		double *ret_sum,
		bool *ret_steady)
{
	(void)context;
	*ret_steady = strcmp(rate, "fast") != 0;
	*ret_sum = *ret_steady ? 250 * seconds : 12.3 * seconds;
	return true;
}

static const struct expr_env env = {.lookup = lookup, .integrate = integrate};

static const struct expr *parse(struct arena *arena, const char *text)
{
	struct error err = {0};
	const struct expr *expr = expr_parse(arena, text, &err);
	if (!expr)
		fail_msg("%s: %s", text, err.text);
	return expr;
}

/* Columns: as written, canonical, pretty, numbers put in, pretty of what was put in. NULL: not
 * checked. */
static const struct {
	const char *text, *canonical, *pretty, *values, *chosen;
} prints[] = {
		{"live+closes*hold",
				"live + closes * hold",
				"live + closes" TIMES "hold",
				"15,000 + 250/s" TIMES "60 s",
				"live + closes" TIMES "hold"},
		{"live + last(closes,hold)",
				"live + last(closes, hold)",
				"live + closes" TIMES "hold",
				"15,000 + 250/s" TIMES "60 s",
				"live + closes" TIMES "hold"},
		{"live + last(fast, 10 s)",
				"live + last(fast, 10 s)",
				"live + fast" TIMES "10 s",
				"15,000 + 123",
				"live + fast in the last 10 s"},
		{"last(fast, 10 s) * 2",
				"last(fast, 10 s) * 2",
				"fast" TIMES "10 s" TIMES "2",
				"123" TIMES "2",
				"(fast in the last 10 s)" TIMES "2"},
		{"last(fast, 10 s) + live", NULL, NULL, "123 + 15,000", "(fast in the last 10 s) + live"},
		{"last(closes, hold + 2 s)",
				NULL,
				"closes" TIMES "(hold + 2 s)",
				"250/s" TIMES "(60 s + 2 s)",
				NULL},
		{"live / last(closes, hold)", NULL, "live / (closes" TIMES "hold)", NULL, NULL},
		{"((1))+(2*3)", "1 + 2 * 3", "1 + 2" TIMES "3", NULL, NULL},
		{"1-(2-3)", "1 - (2 - 3)", "1 " MINUS " (2 " MINUS " 3)", NULL, NULL},
		{"1+(2-3)", "1 + (2 - 3)", "1 + 2 " MINUS " 3", NULL, NULL},
		{"(1-2)-3", "1 - 2 - 3", "1 " MINUS " 2 " MINUS " 3", NULL, NULL},
		{"8/(4/2)", "8 / (4 / 2)", "8 / (4 / 2)", NULL, NULL},
		{"8*(4/2)", "8 * (4 / 2)", "8" TIMES "4 / 2", NULL, NULL},
		{"-(1+2)", "-(1 + 2)", MINUS "(1 + 2)", NULL, NULL},
		{"-live*2", "-live * 2", MINUS "live" TIMES "2", NULL, NULL},
		{"60s + 2 m", "60 s + 2 m", "60 s + 2 m", "60 s + 2 m", NULL},
		{"75 % * 15k", "75% * 15k", "75%" TIMES "15,000", NULL, NULL},
		{"4.25KiB", "4.25 KiB", "4.25 KiB", "4.25 KiB", NULL},
		{"250/s + 1k/s", "250/s + 1k/s", "250/s + 1k/s", NULL, NULL},
		{"20000 ms", "20000 ms", "20,000 ms", NULL, NULL},
		{"a<=b&&!c||d==e",
				"a <= b && !c || d == e",
				"a \xe2\x89\xa4 b and not c or d = e",
				NULL,
				NULL},
		{"(a||b)&&c", "(a || b) && c", "(a or b) and c", NULL, NULL},
		{"bind == none", "bind == none", "bind = none", "none = none", NULL},
		{"bind == 'no port'", "bind == 'no port'", "bind = no port", NULL, NULL},
		{"kernel>=v6.9", "kernel >= v6.9", "kernel \xe2\x89\xa5 v6.9", NULL, NULL},
		{"min(live,unlimited)",
				"min(live, unlimited)",
				"min(live, unlimited)",
				"min(15,000, unlimited)",
				NULL},
		{"live + open.max", NULL, "live + open.max", "15,000 + unlimited", NULL},
		{"if(on, live, hidden)", "if(on, live, hidden)", "if(on, live, hidden)", "15,000", "live"},
		{"2 * if(on, live + 1, 7)", NULL, NULL, "2" TIMES "(15,000 + 1)", "2" TIMES "(live + 1)"},
		{"if(hidden_bool, 1, 2)", NULL, NULL, "if(?, 1, 2)", "if(hidden_bool, 1, 2)"},
		{"one * live", "one * live", "one" TIMES "live", "15,000", "live"},
		{"live * one / one", NULL, "live" TIMES "one / one", "15,000", "live"},
		{"live * if(on, 1, 2) + hidden", NULL, NULL, "15,000 + ?", "live + hidden"},
		{"1 / live", NULL, NULL, "1 / 15,000", "1 / live"},
		{"live * 1 s", NULL, NULL, "15,000" TIMES "1 s", "live" TIMES "1 s"},
		{"live - debt", NULL, NULL, "15,000 " MINUS " (" MINUS "5)", "live " MINUS " debt"},
		{"live + debt", NULL, NULL, "15,000 + (" MINUS "5)", NULL},
		{"ceil(live / sys.page)", NULL, NULL, "ceil(15,000 / 4 KiB)", NULL},
		{"known(hidden)", "known(hidden)", "known(hidden)", NULL, NULL},
};

static void check_print(const struct expr *expr, int column, const char *expected)
{
	struct text out = {0};
	if (!expected)
		return;
	if (column < 2)
		expr_print(expr, column == 1, &out);
	else if (column == 2)
		expr_print_values(expr, &env, &out);
	else
		expr_print_for(expr, &env, &out);
	assert_string_equal(out.data, expected);
	text_release(&out);
}

static void formulas_print(void **state)
{
	for (size_t i = 0; i < COUNT_OF(prints); i++) {
		const struct expr *expr = parse(*state, prints[i].text);
		check_print(expr, 0, prints[i].canonical);
		check_print(expr, 1, prints[i].pretty);
		check_print(expr, 2, prints[i].values);
		check_print(expr, 3, prints[i].chosen);
	}
}

static void the_check_keeps_the_print(void **state)
{
	const struct expr *expr = parse(*state, "bind == none && live > 1");
	enum unit unit = UNIT_TEXT;
	struct error err = {0};
	assert_true(expr_check(expr, type_of, NULL, &unit, &err));
	assert_int_equal(unit, UNIT_BOOL);
	check_print(expr, 0, "bind == none && live > 1");
	assert_true(expr_eval(expr, &env).number == 1);
}

static void rates_are_integrated(void **state)
{
	struct value value = expr_eval(parse(*state, "live + last(fast, 10 s)"), &env);
	assert_int_equal(value.kind, VALUE_NUMBER);
	assert_true(value.number == 15123);
	assert_int_equal(value.unit, UNIT_COUNT);
	value = expr_eval(parse(*state, "last(fast, nowhere)"), &env);
	assert_int_equal(value.kind, VALUE_UNKNOWN);
	assert_string_equal(value.missing, "nowhere");
}

static void collect(void *context, const char *name, bool word)
{
	text_addf(context, word ? "(%s) " : "%s ", name);
}

static void names_are_listed(void **state)
{
	struct text out = {0};
	const struct expr *expr = parse(*state,
			"if(bind == none, last(closes, hold), known(x.y)) + live");
	struct error err = {0};
	expr_names(expr, collect, &out);
	assert_string_equal(out.data, "bind (none) closes hold x.y live ");
	text_clear(&out);
	expr = parse(*state, "if(bind == none, last(closes, hold), live)");
	enum unit unit;
	assert_true(expr_check(expr, type_of, NULL, &unit, &err));
	expr_names(expr, collect, &out);
	assert_string_equal(out.data, "bind closes hold live ");
	text_release(&out);
}

static void refused(struct arena *arena, const char *text, const char *expected)
{
	struct error err = {0};
	assert_null(expr_parse(arena, text, &err));
	assert_int_equal(err.kind, ERROR_INPUT);
	assert_non_null(strstr(err.text, expected));
}

static void fill(char *out, const char *piece, size_t times)
{
	for (size_t i = 0; i < times; i++)
		memcpy(out + i * strlen(piece), piece, strlen(piece) + 1);
}

static void bounds_hold(void **state)
{
	char text[4096];
	fill(text, "(", 100);
	refused(*state, text, "nested too deeply");
	fill(text, "-", 100);
	refused(*state, text, "nested too deeply");
	fill(text, "ceil(", 100);
	refused(*state, text, "nested too deeply");
	fill(text, "1+", 600);
	refused(*state, text, "too many parts");
	fill(text, "1000000000", 210);
	refused(*state, text, "too long");
	fill(text, "9", 400);
	refused(*state, text, "too large");
	refused(*state, "\xff", "UTF-8");
	refused(*state, "'a\001'", "column 3: a control character");
	refused(*state, "", "unexpected end");
	refused(*state, "1 + \033", "column 5: unexpected sign");
	fill(text, "1+", 250);
	strcat(text, "1");
	assert_true(expr_eval(parse(*state, text), &env).number == 251);
	fill(text, "(", 63);
	strcat(text, "1");
	fill(text + 64, ")", 63);
	assert_true(expr_eval(parse(*state, text), &env).number == 1);
}

static void overflow_is_unknown(void **state)
{
	char text[2048] = "1";
	for (int i = 0; i < 25; i++)
		strcat(text, " * 9007199254740992");
	struct value value = expr_eval(parse(*state, text), &env);
	assert_int_equal(value.kind, VALUE_UNKNOWN);
	assert_string_equal(value.missing, "a number too large");
}

static const char *say_word(void *context, const char *name)
{
	static const char *const words[][2] = {
			{"live", "connections"},
			{"one", "hosts"},
			{"closes", "closes"},
			{"hold", "in TIME_WAIT"},
			{"sys.page", "(sys.page)"},
	};
	(void)context;
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(words[i][0], name) == 0)
			return words[i][1];
	}
	return NULL;
}

/* "debt" is written as a formula: the context. */
static const struct expr *say_meaning(void *context, const char *name)
{
	if (strcmp(name, "debt") == 0)
		return context;
	return NULL;
}

static void formulas_are_said_in_words(void **state)
{
	static const struct {
		const char *text;
		enum expr_said said;
		const char *words;
	} cases[] = {
			{"10 + one * live + 0", EXPR_SAID_SUM, "10 + 15,000 connections"},
			{"live", EXPR_SAID_ONE, "15,000 connections"},
			{"one", EXPR_SAID_ONE, "1 host"},
			{"min(live, 20000)", EXPR_SAID_ONE, "15,000 connections"},
			{"max(live, 20000)", EXPR_UNSAID, NULL},
			{"if(on, live, hidden) - 0", EXPR_SAID_ONE, "15,000 connections"},
			{"last(closes, hold)",
					EXPR_SAID_ONE,
					"15,000 in TIME_WAIT (250 closes/s" TIMES "60 s)"},
			{"last(closes, hold) * 512 B", EXPR_SAID_SUM, "15,000 in TIME_WAIT" TIMES "512 B"},
			{"last(closes, 10 s)", EXPR_SAID_SUM, "250 closes/s" TIMES "10 s"},
			{"last(fast, hold)", EXPR_SAID_ONE, "738 in TIME_WAIT"},
			{"(live + 2) / 3", EXPR_SAID_SUM, "(15,000 connections + 2) \xc3\xb7 3"},
			{"live - (one + 2)", EXPR_SAID_SUM, "15,000 connections " MINUS " (1 host + 2)"},
			{"sys.page", EXPR_SAID_ONE, "4 KiB (sys.page)"},
			{"debt", EXPR_SAID_SUM, "1 host + 15,000 connections"},
			{"live + hidden", EXPR_UNSAID, NULL},
			{"live * 0", EXPR_UNSAID, NULL},
	};
	const struct expr_words words = {
			.word = say_word,
			.meaning = say_meaning,
			.context = (void *)(uintptr_t)parse(*state, "one + live"),
	};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		__attribute__((cleanup(text_release))) struct text out = {0};
		const struct expr *expr = parse(*state, cases[i].text);
		enum expr_said said = expr_print_words(expr, &env, &words, &out);
		if (said != cases[i].said)
			fail_msg("%s: %d, %s", cases[i].text, (int)said, text_string(&out));
		if (cases[i].words)
			assert_string_equal(text_string(&out), cases[i].words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(formulas_print, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(the_check_keeps_the_print, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(rates_are_integrated, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(names_are_listed, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(bounds_hold, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(formulas_are_said_in_words, make_arena, free_arena),
			cmocka_unit_test_setup_teardown(overflow_is_unknown, make_arena, free_arena),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
