/* Of a command line what is understood is kept, and everything else is hidden. */
#include "probes/plan/command/mask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/text.h"

/* Words are divided by "|". */
static const struct {
	const char *line, *want;
} cases[] = {
		{"wrk|-c400|-t12|-d30s|http://10.0.0.5/", "wrk|-c400|-t12|-d30s|http://10.0.0.5/"},
		{"wrk|-c|400|--latency|-s|run.lua|http://h:80",
				"wrk|-c|400|--latency|-s|run.lua|http://h:80"},
		{"wrk|http://u:p@h/", "wrk|http://***@h/"},
		{"wrk|https://u:p@ss@h/x@y", "wrk|https://***@h/***"},
		{"wrk|http://h/a/b?c=d#e", "wrk|http://h/***?***"},
		{"wrk|http://h?c=d", "wrk|http://h?***"},
		{"wrk|-H|Authorization: Bearer abc|http://h", "wrk|-H|Authorization: ***|http://h"},
		{"wrk|-H|Cookie: a=b; c=d", "wrk|-H|Cookie: ***"},
		{"wrk|-H|X-Anything: abc", "wrk|-H|X-Anything: ***"},
		{"wrk|-H|Connection: close", "wrk|-H|Connection: close"},
		{"wrk|-H|Accept: text/html", "wrk|-H|Accept: text/html"},
		{"wrk|-H|Connection: s3cret", "wrk|-H|Connection: ***"},
		{"x|--password|abc", "x|--password|***"},
		{"x|--password|12345", "x|--password|***"},
		{"x|--password=abc", "x|--password=***"},
		{"x|--token|abc|-c|5", "x|--token|***|-c|5"},
		{"x|--foo|abc", "x|--foo|***"},
		{"x|--foo=abc", "x|--foo=***"},
		{"x|-psecret", "x|-p***"},
		{"sshpass|-p|secret|wrk|-c|5", "sshpass|-p|***|wrk|-c|5"},
		{"ab|-A|user:secret|-C|s=secret", "ab|-A|***|-C|s=***"},
		{"hey|-a|user:secret|-z|30s", "hey|-a|***|-z|30s"},
		{"hey|-d|{\"password\":\"secret\"}", "hey|-d|***"},
		{"hey|-d|a=b&c=d", "hey|-d|a=***"},
		{"vegeta|attack|-rate=2000|-duration=5m|-insecure|-targets|t.txt",
				"vegeta|attack|-rate=2000|-duration=5m|-insecure|-targets|t.txt"},
		{"k6|run|-u|7|-e|API_KEY=abc|-e|TARGET=http://h/|script.js",
				"k6|run|-u|7|-e|API_KEY=***|-e|TARGET=http://h/|script.js"},
		{"env|A=b|N=5|wrk", "env|A=***|N=5|wrk"},
		{"docker|run|--ulimit|nofile=100:200|-p|8080:80|grafana/k6:0.49|run|-",
				"docker|run|--ulimit|nofile=100:200|-p|8080:80|grafana/k6:0.49|run|-"},
		{"sh|-c|hey -a user:SEKRET -z 5s http://h/", "sh|-c|hey -a *** -z 5s http://h/"},
		{"sh|-c|TOKEN=abc wrk -c 5 http://h/", "sh|-c|TOKEN=*** wrk -c 5 http://h/"},
		{"sh|-c|curl -u me:SEKRET http://h/x; wrk -c 5 http://h/",
				"sh|-c|curl -u *** http://h/***; wrk -c 5 http://h/"},
		{"sh|-c|echo \"GET http://10.0.0.5/\" | vegeta attack -rate=5",
				"sh|-c|echo \"GET http://10.0.0.5/\" | vegeta attack -rate=5"},
		{"sh|-c|wrk -H \"X: SEKRET\" $URL", "sh|-c|wrk -H \"X: ***\" $URL"},
		{"sh|-c|wrk $(cat SEKRET)", "sh|-c|***"},
		{"sh|-c|for i in SEKRET; do wrk; done", "sh|-c|***"},
		{"bash|-o|pipefail|-ec|sshpass -pSEKRET wrk", "bash|-o|***|-ec|sshpass -p*** wrk"},
		{"mytool|SEKRET", "mytool|***"},
		{"./run-load.sh|prod", "./run-load.sh|***"},
		{"x||-", "x||-"},
		{"x|/etc/wrk/a.lua|../b/c|eyJhbGciOi.eyJzdWIi.SflKx|/9j/4AAQSkZJRgABAQEASABIAAD",
				"x|/etc/wrk/a.lua|../b/c|***|***"},
		{"x|api.example.com|10.0.0.5:443|[::1]:80|fe80::1|localhost:9",
				"x|api.example.com|10.0.0.5:443|[::1]:80|fe80::1|localhost:9"},
};

static void lines_are_masked(void **state)
{
	(void)state;
	bool failed = false;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *words[40];
		size_t count = 0;
		struct text got = {0};
		char *rest = arena_strdup(arena, cases[i].line);
		bool shell = strstr(cases[i].line, "| vegeta") != NULL;
		for (char *word; (word = strsep(&rest, "|"));)
			words[count++] = word;
		if (shell) { /* the pipe belongs to the text */
			words[count - 2] = arena_printf(arena, "%s|%s", words[count - 2], words[count - 1]);
			count--;
		}
		const struct name_list list = mask_command(arena, words, count);
		for (size_t k = 0; k < list.count; k++)
			text_addf(&got, "%s%s", k ? "|" : "", list.items[k]);
		if (strcmp(text_string(&got), cases[i].want) != 0)
			print_error("want %s\ngot  %s\n", cases[i].want, text_string(&got));
		failed |= strcmp(text_string(&got), cases[i].want) != 0;
		text_release(&got);
	}
	arena_free(arena);
	assert_false(failed);
}

static void own_words_are_kept(void **state)
{
	static const char *const words[] = {"headroom",
			"audit",
			"ws-client",
			"--name",
			"my plan",
			"--url=https://u:p@h/x",
			"--",
			"x",
			"SEKRET"};
	static const char *const want[] = {"headroom",
			"audit",
			"ws-client",
			"--name",
			"my plan",
			"--url=https://***@h/***",
			"--",
			"x",
			"***"};
	(void)state;
	struct arena *arena = arena_new();
	const struct name_list list = mask_own_command(arena, words, COUNT_OF(words));
	assert_int_equal(list.count, COUNT_OF(want));
	for (size_t i = 0; i < list.count; i++)
		assert_string_equal(list.items[i], want[i]);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(lines_are_masked),
			cmocka_unit_test(own_words_are_kept),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
