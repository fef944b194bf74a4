/* Secrets of a command line are masked, and nothing else is. */
#include "probes/plan/command/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"

static const struct {
	const char *before, *word, *want;
} cases[] = {
		{"wrk", "-c400", "-c400"},
		{"wrk", "http://h:80/?a=b", "http://h:80/?a=b"},
		{"wrk", "http://u:p@h/", "http://***@h/"},
		{"wrk", "https://u:p@ss@h/x@y", "https://***@h/x@y"},
		{"-H", "Authorization: Bearer abc", "Authorization: ***"},
		{"-H", "Cookie: a=b; c=d", "Cookie: ***"},
		{"-H", "X-Auth-Token: abc", "X-Auth-Token: ***"},
		{"-H", "Accept: text/html", "Accept: text/html"},
		{"-e", "API_TOKEN=abc", "API_TOKEN=***"},
		{"-e", "TARGET=http://h/", "TARGET=http://h/"},
		{"-A", "user:secret", "***"},
		{"-a", "user:secret", "***"},
		{"-A", "Agent", "Agent"},
		{"-c",
				"wrk -H 'Authorization: Bearer x' http://u:p@h/",
				"wrk -H 'Authorization: ***' http://***@h/"},
		{"-c", "TOKEN=abc wrk -c 5 http://h/", "TOKEN=*** wrk -c 5 http://h/"},
		{"-c", "PASSWORD=\"a b\" wrk http://h/", "PASSWORD=\"***\" wrk http://h/"},
		{"x", "--password=abc", "--password=***"},
		{"x", "", ""},
};

static void words_are_masked(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		char *words[] = {arena_strdup(arena, cases[i].before), arena_strdup(arena, cases[i].word)};
		assert_string_equal(plan_masked(arena, words, 2, 1), cases[i].want);
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(words_are_masked)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
