/* Lines as programs logged them (tests/why): each finds its cause, and lines that report nothing
 * find none, however they are wrapped. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "model/why/lines.h"
#include "model/why/subject.h"
#include "tests/unit/why_test.h"

/* The first cause; "-": nothing is known. */
static const char *cause_of(const char *line)
{
	struct why_founds founds;
	why_find(arena, table, line, 0, 0, &founds);
	if (!founds.count)
		return "-";
	if (founds.items[0].limit)
		return founds.items[0].limit->id;
	return founds.items[0].cause->id;
}

/* "a,b" names a and b. */
static bool is_named(const char *list, const char *name)
{
	size_t length = strlen(name);
	while (*list) {
		size_t word = strcspn(list, ",");
		if (word == length && !memcmp(list, name, length))
			return true;
		list += word + (list[word] == ',');
	}
	return false;
}

/* Each line of the file that is no remark, to `each`. */
static size_t for_lines(const char *path, void (*each)(char *line))
{
	FILE *file = fopen(path, "re");
	char *line = NULL;
	size_t room = 0, count = 0;
	assert_non_null(file);
	while (getline(&line, &room, file) > 0) {
		line[strcspn(line, "\n")] = '\0';
		if (line[0] == '#' && line[1] == ' ' && path[strlen(path) - 1] == 'v')
			continue;
		each(line);
		count++;
	}
	free(line);
	assert_int_equal(fclose(file), 0);
	return count;
}

/* CAUSES <tab> SOURCE <tab> LINE: *ret_line is what is behind the second tab. */
static const char *split(char *row, char **ret_line)
{
	char *tab = strchr(row, '\t');
	assert_non_null(tab);
	*tab = '\0';
	*ret_line = strchr(tab + 1, '\t');
	assert_non_null(*ret_line);
	++*ret_line;
	return row;
}

static void line_finds(char *row)
{
	char *line;
	const char *causes = split(row, &line), *found = cause_of(line);
	if (!is_named(causes, found))
		fail_msg("%s: found %s, not %s", line, found, causes);
}

static void lines_find_their_cause(void **state)
{
	(void)state;
	assert_true(for_lines("tests/why/lines.tsv", line_finds) >= 300);
}

static void finds_nothing(char *line)
{
	const char *found = cause_of(line);
	if (strcmp(found, "-") != 0)
		fail_msg("%s: found %s", line, found);
}

static void what_reports_nothing_finds_nothing(void **state)
{
	(void)state;
	assert_true(for_lines("tests/why/nothing.txt", finds_nothing) >= 150);
}

/* As a string in JSON. */
static const char *as_json(const char *line)
{
	struct text out = {0};
	text_add(&out, "{\"level\":\"error\",\"msg\":\"");
	for (; *line; line++) {
		if (strchr("\"\\", *line))
			text_add(&out, "\\");
		text_add_bytes(&out, line, 1);
	}
	text_add(&out, "\"}");
	return text_take(arena, &out);
}

static const char *with_colors(const char *line)
{
	struct text out = {0};
	for (; *line; line++) {
		if (*line == ' ')
			text_add(&out, "\x1b[0m \x1b[31;1m");
		else
			text_add_bytes(&out, line, 1);
	}
	return text_take(arena, &out);
}

/* A line that was broken at every blank. */
static const char *broken(const char *line)
{
	char *copy = arena_strdup(arena, line);
	for (char *at = copy; (at = strchr(at, ' '));)
		*at = '\n';
	return copy;
}

static void wrapped_finds(char *row)
{
	char *line;
	const char *found, *again;
	(void)split(row, &line);
	found = cause_of(line);
	const char *const wrapped[] = {
			as_json(line),
			with_colors(line),
			arena_printf(arena, "  %s \r", line),
			arena_printf(arena, "Jan  5 10:00:00 h app[4711]: 2026-01-05T10:00:00Z %s", line),
	};
	for (size_t i = 0; i < sizeof wrapped / sizeof *wrapped; i++) {
		again = cause_of(wrapped[i]);
		if (strcmp(again, found) != 0)
			fail_msg("%s: found %s, not %s", wrapped[i], again, found);
	}
}

static void wrapping_changes_nothing(void **state)
{
	(void)state;
	(void)for_lines("tests/why/lines.tsv", wrapped_finds);
	assert_string_equal(cause_of(broken("bind: cannot assign requested address")),
			"address-not-local");
}

static void many_lines_count(void **state)
{
	static const char text[] = "all is well\n"
							   "dial tcp 10.0.0.5:80: connect: connection refused\n"
							   "accept: too many open files\n"
							   "dial tcp 10.0.0.6:80: socket: too many open files\n";
	struct why_founds founds;
	(void)state;
	why_find(arena, table, text, 0, 0, &founds);
	assert_int_equal(founds.known, 3);
	assert_int_equal(founds.count, 2);
	assert_string_equal(founds.items[0].limit->id, "process-fds");
	assert_int_equal(founds.items[0].lines, 2);
	assert_string_equal(founds.items[1].cause->id, "refused");
	assert_string_equal(founds.items[1].line->to.host, "10.0.0.5");
}

/* A line that holds the pattern: a word for each *, a number for each #. */
static const char *line_of(const char *pattern)
{
	struct text out = {0};
	for (; *pattern; pattern++) {
		if (*pattern == '*')
			text_add(&out, " x ");
		else if (*pattern == '#')
			text_add(&out, "7");
		else
			text_add_bytes(&out, pattern, 1);
	}
	return text_take(arena, &out);
}

/* No text is hidden behind another one of another cause. */
static void every_pattern_is_found(void **state)
{
	const struct rules *rules = why_table_rules(table);
	size_t patterns = 0;
	(void)state;
	for (size_t i = 0; i < rules->text_count; i++) {
		const struct text_rule *text = &rules->texts[i];
		if (text->errors.count > 0 || text->calls.count > 0)
			continue;
		for (size_t j = 0; j < text->texts.count; j++) {
			const char *line = line_of(text->texts.items[j]), *found = cause_of(line);
			if (strcmp(found, text->causes.items[0]) != 0)
				fail_msg("%s: %s: found %s", text->id, line, found);
			patterns++;
		}
	}
	assert_true(patterns >= 700);
}

static void frames_say_the_call(void **state)
{
	static const char python[] = "Traceback (most recent call last):\n"
								 "  File \"/usr/lib/python3.11/socketserver.py\", line 456\n"
								 "    self.socket.bind(self.server_address)\n"
								 "OSError: [Errno 99] Cannot assign requested address\n";
	static const char java[] = "java.io.IOException: Resource temporarily unavailable\n"
							   "\tat java.lang.UNIXProcess.forkAndExec(Native Method)\n"
							   "\tat java.lang.ProcessBuilder.start(ProcessBuilder.java:1029)\n";
	static const char read[] = "OSError: [Errno 11] Resource temporarily unavailable\n"
							   "  File \"x.py\", line 1, in read\n";
	(void)state;
	assert_string_equal(cause_of(python), "address-not-local");
	assert_string_equal(cause_of("OSError: [Errno 99] Cannot assign requested address"),
			"ephemeral-ports");
	assert_string_equal(cause_of(java), "threads");
	assert_string_equal(cause_of(read), "-");
	/* What is not indented is another message. */
	assert_string_equal(cause_of("bind\nOSError: [Errno 99] Cannot assign requested address"),
			"ephemeral-ports");
}

static void range_decides_who_holds_a_port(void **state)
{
	static const char text[] = "listen tcp :40000: bind: address already in use";
	struct why_founds founds;
	(void)state;
	why_find(arena, table, text, 32768, 60999, &founds);
	assert_string_equal(founds.items[0].cause->id, "listener-conflict");
	assert_string_equal(founds.items[1].cause->id, "port-taken");
	why_find(arena, table, text, 50000, 60999, &founds);
	assert_string_equal(founds.items[1].cause->id, "no-reuseaddr");
}

static void texts_are_filled(void **state)
{
	struct why_line line = {.to = {"fd00::1", 80}};
	(void)state;
	assert_string_equal(why_fill(arena, "ss dst {to}", &line), "ss dst [fd00::1]:80");
	assert_string_equal(why_fill(arena, "a[[ {host}]]b", &line), "a fd00::1b");
	line.to.port = 0;
	assert_string_equal(why_fill(arena, "ss[[ 'sport = :{port}']]", &line), "ss");
	assert_null(why_fill(arena, "ss {port}", &line));
	assert_null(why_fill(arena, "[[ss {port}]]", &line));
	assert_string_equal(why_fill(arena, "a[b]]c[[d", &line), "a[b]]c[[d");
}

/* The kernel's own words, of all its versions. */
static void one_of_a_limit_is_named(void **state)
{
	static const struct {
		const char *line, *name;
		unsigned port;
	} cases[] = {
			{"TCP: request_sock_TCP: Possible SYN flooding on port 80. Sending cookies.",
					"port 80",
					80},
			{"kernel: TCP: TCP: Possible SYN flooding on port 4646. Dropping request.",
					"port 4646",
					4646},
			{"TCP: request_sock_TCP: Possible SYN flooding on port 10.0.0.5:80. Sending cookies.",
					"10.0.0.5:80",
					0},
			{"TCP: request_sock_TCPv6: Possible SYN flooding on port [::1]:80. Sending cookies.",
					"[::1]:80",
					0},
			{"possible SYN flooding on port 81. possible SYN flooding on port 82.", "port 82", 82},
			{"Possible SYN flooding on port http", NULL, 0},
			{"Possible SYN flooding on port 65536.", NULL, 0},
			{"cgroup: fork rejected by pids controller in /a.slice/B@1.service,",
					"/a.slice/B@1.service",
					0},
			{"fork rejected by pids controller in /../../etc", NULL, 0},
			{"neighbour: arp_cache: neighbor table overflow!", "IPv4", 0},
			{"neighbour: ndisc_cache: neighbor table overflow!", "IPv6", 0},
			{"Neighbour table overflow.", NULL, 0},
			{"", NULL, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct why_subject subject = {0};
		bool found = why_subject_in(arena, cases[i].line, &subject);
		assert_int_equal(found, cases[i].name != NULL);
		if (!found)
			continue;
		assert_string_equal(subject.name, cases[i].name);
		assert_int_equal(subject.port, cases[i].port);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(one_of_a_limit_is_named),
			cmocka_unit_test(lines_find_their_cause),
			cmocka_unit_test(what_reports_nothing_finds_nothing),
			cmocka_unit_test(wrapping_changes_nothing),
			cmocka_unit_test(many_lines_count),
			cmocka_unit_test(every_pattern_is_found),
			cmocka_unit_test(frames_say_the_call),
			cmocka_unit_test(range_decides_who_holds_a_port),
			cmocka_unit_test(texts_are_filled),
	};
	return cmocka_run_group_tests(tests, open_table, close_table);
}
