/* Lines of logs: what they come from, and what they name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "tests/unit/why_test.h"

static const char *plain(const char *line)
{
	return plain_line(arena, line, strlen(line)).text;
}

static void test_plain(void **state)
{
	(void)state;
	assert_string_equal(plain("  A\t b\n\nC  "), "a b c");
	assert_string_equal(plain("\x1b[31;1mRed\x1b[0m"), "red");
	assert_string_equal(plain("\\u001b[31mRed\\x1b[0m#033[0m"), "red");
	assert_string_equal(plain("{\"a\":\"x\\ny\\\"z\"}"), "{'a':'x y'z'}");
	assert_string_equal(plain("Can\xe2\x80\x99t \\u2018x\\u2019 \xc2\xa0y"), "can't 'x' y");
	assert_string_equal(plain("D\xc3\x89J\xc3\x80"), "d\xc3\xa9j\xc3\xa0");
	assert_string_equal(plain("a#012b #1"), "a b #1");
	assert_string_equal(plain(""), "");
	assert_string_equal(plain("\\u12"), "\\u12");
	assert_string_equal(plain("\xff\xe2\x80"), "\xff\xe2\x80");
}

static bool holds(const char *pattern_text, const char *text, struct pattern_match *match)
{
	struct pattern pattern;
	const char *why;
	struct plain line = plain_line(arena, text, strlen(text));
	struct grams grams;
	if (!pattern_read(arena, pattern_text, &pattern, &why))
		fail_msg("%s: %s", pattern_text, why);
	bool found = pattern_find(&pattern, &line, 0, match);
	grams_of(&line, &grams);
	/* What is in the line must not be ruled out. */
	if (found)
		assert_true(grams_may_hold(&grams, pattern_marks(&pattern)));
	return found;
}

static void test_pattern(void **state)
{
	struct pattern_match match;
	(void)state;
	assert_true(holds("open files", "Too many OPEN   files", &match));
	assert_false(holds("open file", "too many open files", &match));
	assert_true(holds("open file*", "too many open files", &match));
	assert_false(holds("accept", "unacceptable accepted", &match));
	assert_true(holds("accept", "unacceptable: accept4 accept", &match));
	assert_true(holds("emfile", "UV_EMFILE", &match));
	assert_true(holds("limit # reached", "file-max limit 1,000 reached", &match));
	assert_true(match.numbers[0] == 1000);
	assert_false(holds("limit # reached", "file-max limit 0 reached", &match));
	assert_false(holds("limit # reached", "limit x reached limit", &match));
	assert_true(holds("# times the queue", "    812 times the queue", &match));
	assert_true(match.numbers[0] == 812 && match.start == 0);
	assert_false(holds("# times the queue", "0 times the queue", &match));
	assert_true(holds("read*timeout #", "connect 0, read 7, write 0, timeout 12", &match));
	assert_true(match.numbers[0] == 12);
	assert_true(holds("errno #", "errno 98", &match));
}

static void test_pattern_gap(void **state)
{
	struct pattern_match match;
	char line[2000];
	(void)state;
	(void)snprintf(line, sizeof line, "begin%*send", PATTERN_GAP - 2, " ");
	assert_true(holds("begin*end", line, &match));
	memset(line, '.', sizeof line);
	memcpy(line, "begin", 5);
	memcpy(line + sizeof line - 6, " end", 5);
	assert_false(holds("begin*end", line, &match));
}

static void test_pattern_refused(void **state)
{
	static const char *const bad[] =
			{"", "ab", "a*bcd", "abc*#", "abc**d", "abc##d", "*", "#", "abc*b*c*d*e*f*g"};
	struct pattern pattern;
	const char *why;
	char long_text[300];
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		why = NULL;
		if (pattern_read(arena, bad[i], &pattern, &why))
			fail_msg("%s is taken", bad[i]);
		assert_non_null(why);
	}
	memset(long_text, 'x', sizeof long_text);
	long_text[sizeof long_text - 1] = '\0';
	assert_false(pattern_read(arena, long_text, &pattern, &why));
}

/* A line, and the addresses that it names. */
static const struct place_case {
	const char *line, *to;
	unsigned to_port;
	const char *local;
	unsigned local_port;
} place_cases[] = {
		{"dial tcp 10.0.0.5:5432: socket: x", "10.0.0.5", 5432, NULL, 0},
		{"dial tcp: lookup x", NULL, 0, NULL, 0},
		{"Connect EADDRNOTAVAIL 127.0.0.1:80 - Local (0.0.0.0:0)", "127.0.0.1", 80, "0.0.0.0", 0},
		{"read tcp 10.0.0.1:4711->10.0.0.5:80: x", "10.0.0.5", 80, "10.0.0.1", 4711},
		{"connect ECONNREFUSED ::1:5432", "::1", 5432, NULL, 0},
		{"dial tcp [fd00::1]:443: connect: x", "fd00::1", 443, NULL, 0},
		{"listen EADDRINUSE: address already in use :::31002", NULL, 0, "::", 31002},
		{"listen tcp :8080: bind: address already in use", NULL, 0, NULL, 8080},
		{"TCP listening socket *:6379: bind: x", NULL, 0, NULL, 6379},
		{"connect() failed (111: x), client: 10.0.0.9, upstream: \"http://10.0.0.1:80/\"",
				"10.0.0.1",
				80,
				NULL,
				0},
		{"GET https://user:secret@api.example.com/x failed", "api.example.com", 0, NULL, 0},
		{"connection to server at \"db\" (10.0.0.5), port 5432 failed", "db", 5432, NULL, 0},
		{"Failed to connect to example.com port 443 after 3 ms", "example.com", 443, NULL, 0},
		{"while connecting to upstream", NULL, 0, NULL, 0},
		{"unable to connect sock.c:249: x", NULL, 0, NULL, 0},
		{"accept tcp [::]:4723: accept4: x", NULL, 0, NULL, 0},
		{"failed to bind host port for 0.0.0.0:54424:172.18.0.5:8025/tcp",
				NULL,
				0,
				"0.0.0.0",
				54424},
		{"Port 80 is already in use", NULL, 0, NULL, 80},
		{"2026/01/05 10:00:00 version 1.2.3 at main.go:35", NULL, 0, NULL, 0},
		{"port 99999999 port 70000", NULL, 0, NULL, 0},
		/* Hosts go into commands that are printed. */
		{"GET http://-rf/ failed", NULL, 0, NULL, 0},
		{"dial tcp [fe80::1%$(x)]:80: connect: y", NULL, 0, NULL, 0},
		{"dial tcp [fe80::1%eth0]:80: connect: y", "fe80::1%eth0", 80, NULL, 0},
		{"dial tcp $(x):80: connect: y", NULL, 0, NULL, 0},
};

static void assert_place(const char *line,
		const struct why_place *place,
		const char *host,
		unsigned port)
{
	bool same = place->host && host ? !strcmp(place->host, host) : place->host == host;
	if (!same || place->port != port)
		fail_msg("%s: %s:%u", line, place->host ? place->host : "none", place->port);
}

static void test_places(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(place_cases); i++) {
		const struct place_case *row = &place_cases[i];
		struct plain line = plain_line(arena, row->line, strlen(row->line));
		struct why_place to, local;
		why_places(arena, &line, &to, &local);
		assert_place(row->line, &to, row->to, row->to_port);
		assert_place(row->line, &local, row->local, row->local_port);
	}
}

static long pid_of(const char *text)
{
	struct plain line = plain_line(arena, text, strlen(text));
	return why_pid(&line);
}

static void test_pid(void **state)
{
	(void)state;
	assert_int_equal(pid_of("nac1 collector[17663]: http: x"), 17663);
	assert_int_equal(pid_of("worker pid=12 ended"), 12);
	assert_int_equal(pid_of("Main PID: 4711 (code=exited)"), 4711);
	assert_int_equal(pid_of("rapid 7"), 0);
	assert_int_equal(pid_of("[12345] [4711]:"), 0);
	assert_int_equal(pid_of("pid 99999999999999999999"), 0);
}

/* The first cause of a line; "-": nothing in it is known. */
static const char *first_cause(const char *line, struct why_line *ret)
{
	if (!why_match_line(arena, table, line, strlen(line), ret))
		return "-";
	return ret->text->causes.items[0];
}

static const struct line_case {
	const char *line, *cause, *error, *call;
} line_cases[] = {
		{"dial tcp 10.0.0.5:80: connect: cannot assign requested address",
				"ephemeral-ports",
				"eaddrnotavail",
				"connect"},
		{"bind: cannot assign requested address", "address-not-local", "eaddrnotavail", "bind"},
		{"{error,emfile}", "process-fds", "emfile", NULL},
		{"Error: ENFILE: file table overflow", "system-fds", "enfile", NULL},
		{"(24: Too many open files)", "process-fds", "emfile", NULL},
		{"failed with os error 24", "process-fds", "emfile", NULL},
		{"SocketException (10048)", "listener-conflict", "eaddrinuse", NULL},
		{"pthread_create failed: errno 11", "threads", "eagain", "thread"},
		{"recv: Resource temporarily unavailable", "-", "eagain", "recv"},
		{"Zu viele offene Dateien", "process-fds", "emfile", NULL},
		{"inotify_add_watch: No space left on device", "inotify-watches", "enospc", "inotify"},
		{"open files: 12 of 1024", "-", NULL, NULL},
		{"shard 0 connection timed out", "no-answer", "etimedout", NULL},
		{"errors: 0 connection timed out, 0 reset", "-", NULL, NULL},
		{"", "-", NULL, NULL},
};

static void assert_word(const char *line, const struct word_rule *word, const char *id)
{
	if (word && id ? strcmp(word->id, id) != 0 : !word != !id)
		fail_msg("%s: %s", line, word ? word->id : "no word");
}

static void test_match(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(line_cases); i++) {
		const struct line_case *row = &line_cases[i];
		struct why_line line = {0};
		assert_string_equal(first_cause(row->line, &line), row->cause);
		assert_int_equal(line.text != NULL, strcmp(row->cause, "-") != 0);
		assert_word(row->line, line.error, row->error);
		assert_word(row->line, line.call, row->call);
	}
}

static void test_possible(void **state)
{
	static const struct cause_rule any = {.id = "a"};
	static const struct cause_rule in_range = {.id = "b", .only = CAUSE_PORT_IN_RANGE};
	struct why_line line = {.local = {.port = 40000}};
	(void)state;
	assert_true(why_cause_possible(&any, &line, 1, 2));
	assert_true(why_cause_possible(&in_range, &line, 32768, 60999));
	assert_false(why_cause_possible(&in_range, &line, 50000, 60999));
	assert_true(why_cause_possible(&in_range, &line, 0, 0));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_plain),
			cmocka_unit_test(test_pattern),
			cmocka_unit_test(test_pattern_gap),
			cmocka_unit_test(test_pattern_refused),
			cmocka_unit_test(test_places),
			cmocka_unit_test(test_pid),
			cmocka_unit_test(test_match),
			cmocka_unit_test(test_possible),
	};
	return cmocka_run_group_tests(tests, open_table, close_table);
}
