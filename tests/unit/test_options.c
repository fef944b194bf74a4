/* The option table and its reader; every row is linted, help fits the screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/cli/option_reader.h"
#include "audit/cli/option_table.h"
#include "audit/cli/options.h"
#include "audit/command/completions.h"
#include "audit/command/help_pages.h"
#include "base/array.h"

enum {
	WORDS_MAX = 16
};

static struct arena *arena;

static int begin(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int end(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Splits at blanks; "" is no word. */
static bool parse(enum command_id command, const char *line, struct options *ret, struct error *err)
{
	char *words[WORDS_MAX];
	int count = 0;
	char *rest = arena_strdup(arena, line);
	for (char *word; (word = strsep(&rest, " ")) && count < WORDS_MAX;) {
		if (*word)
			words[count++] = word;
	}
	return options_parse(arena, command, count, words, ret, err);
}

struct refused {
	enum command_id command;
	const char *line, *message; /* a part of it */
};

static const struct refused refused[] = {
		{COMMAND_AUDIT, "--conections 5", "did you mean --connections?"},
		{COMMAND_AUDIT, "--new-con 5", "did you mean --new-conns?"},
		{COMMAND_AUDIT, "--snapshot d", "unknown option --snapshot"},
		{COMMAND_FACTS, "--connections 5", "unknown option --connections"},
		{COMMAND_AUDIT, "--connections", "needs an argument"},
		{COMMAND_AUDIT, "--connections=", "--connections: "},
		{COMMAND_AUDIT, "--connections -5", "--connections: "},
		{COMMAND_AUDIT, "--connections 1.5", "--connections: "},
		{COMMAND_AUDIT, "--connections 0x10", "--connections: "},
		{COMMAND_AUDIT, "--connections 1e3", "--connections: "},
		{COMMAND_AUDIT, "--connections 9007199254740994", "--connections: "},
		{COMMAND_AUDIT, "--connections 99999999999999999999", "--connections: "},
		{COMMAND_AUDIT, "--connections 60s", "--connections: "},
		{COMMAND_AUDIT, "--lifetime 5KiB", "--lifetime: "},
		{COMMAND_AUDIT, "--role clinet", "client"},
		{COMMAND_AUDIT, "--max-use 0%", "out of range"},
		{COMMAND_AUDIT, "--max-use 101%", "out of range"},
		{COMMAND_AUDIT, "--max-use 2", "out of range"},
		{COMMAND_CALIBRATE, "--memory 0", "out of range; give more than 0 and at most 1 PiB"},
		{COMMAND_CALIBRATE, "--memory 2000TiB", "out of range"},
		{COMMAND_AUDIT, "--pid 0", "out of range"},
		{COMMAND_AUDIT, "--pid 99999999", "there is no process 99999999"},
		{COMMAND_AUDIT, "--pid 1.5", "--pid: "},
		{COMMAND_AUDIT, "--color pink", "auto, always, never"},
		{COMMAND_AUDIT, "--planning-constants maybe", "on, off"},
		{COMMAND_AUDIT, "--all=yes", "takes no argument"},
		{COMMAND_AUDIT, "--ignore a,,b", "empty name"},
		{COMMAND_AUDIT, "--facts=", "but the text is empty"},
		{COMMAND_AUDIT, "-z", "unknown option -z"},
		{COMMAND_AUDIT, "-o", "needs an argument"},
		{COMMAND_AUDIT, "-\x01", "unknown option -?"},
		{COMMAND_VERSION, "--facts x", "unknown option --facts"},
};

static void bad_options_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(refused); i++) {
		struct options options;
		struct error err = {0};
		if (parse(refused[i].command, refused[i].line, &options, &err))
			fail_msg("accepted: %s", refused[i].line);
		if (!strstr(err.text, refused[i].message))
			fail_msg("%s: said \"%s\", not \"%s\"", refused[i].line, err.text, refused[i].message);
		assert_int_equal(err.kind, ERROR_INPUT);
	}
}

static void good_options_are_read(void **state)
{
	(void)state;
	struct options options;
	struct error err = {0};
	assert_true(parse(COMMAND_AUDIT,
			"ws-client --connections=15k --new-conns 250/s -qo a.json --max-use=80%",
			&options,
			&err));
	assert_string_equal(options.arguments.items[0], "ws-client");
	assert_true(options.workload.values[W_CONNECTIONS].number == 15000);
	assert_true(options.workload.values[W_OPEN_RATE].number == 250);
	assert_int_equal(options.workload_flags, 2);
	assert_string_equal(options.workload.values[W_CONNECTIONS].from, "--connections");
	assert_true(options.quiet);
	assert_string_equal(options.outputs.items[0], "a.json");
	assert_true(options.max_use > 0.7999 && options.max_use < 0.8001);
}

static void lists_gather(void **state)
{
	(void)state;
	struct options options;
	struct error err = {0};
	assert_true(parse(COMMAND_AUDIT,
			"--ignore a,b --ignore c -o x.json -oy.md --set k=1",
			&options,
			&err));
	assert_int_equal(options.ignores.count, 3);
	assert_string_equal(options.ignores.items[2], "c");
	assert_int_equal(options.outputs.count, 2);
	assert_string_equal(options.outputs.items[1], "y.md");
	assert_string_equal(options.sets.items[0], "k=1");
}

static void two_dashes_end_the_options(void **state)
{
	(void)state;
	struct options options;
	struct error err = {0};
	assert_true(parse(COMMAND_AUDIT, "--all -- wrk --all", &options, &err));
	assert_int_equal(options.arguments.count, 0);
	assert_int_equal(options.child.count, 2);
	assert_true(parse(COMMAND_EXPLAIN, "-- --all", &options, &err));
	assert_string_equal(options.arguments.items[0], "--all");
	assert_false(options.all);
	assert_true(parse(COMMAND_REPORT, "-", &options, &err));
	assert_string_equal(options.arguments.items[0], "-");
}

/* No two options of a command share a name, none hides a workload flag, every text is there and
 * ends without a stop. */
static void every_row_is_right(void **state)
{
	(void)state;
	for (size_t i = 0; i < option_rows_count; i++) {
		const struct option_row *row = &option_rows[i];
		assert_non_null(row->help);
		assert_true(row->help[strlen(row->help) - 1] != '.');
		assert_true(row->commands != 0 && row->commands < 1u << COMMANDS);
		assert_int_equal(row->kind == OPTION_SWITCH, row->argument == NULL);
		assert_int_equal(row->kind == OPTION_CHOICE, row->choices != NULL);
		assert_true(row->offset < sizeof(struct options));
		for (size_t k = 0; k < i; k++) {
			if (!(row->commands &
						option_rows[k].commands)) /* two commands may mean different things */
				continue;
			assert_string_not_equal(row->name, option_rows[k].name);
			assert_true(!row->letter || row->letter != option_rows[k].letter);
		}
		for (size_t k = 0; k < WORKLOAD_FIELDS; k++) {
			char flag[64];
			assert_string_not_equal(row->name, workload_flag((enum workload_field)k, flag));
		}
	}
}

static void fits(const char *name, const struct text *text, size_t lines_max)
{
	size_t lines = 0;
	for (const char *at = text->data; *at;) {
		size_t length = strcspn(at, "\n");
		if (length > 80)
			fail_msg("%s: a line of %zu: %.*s", name, length, (int)length, at);
		lines++;
		at += length + (at[length] == '\n');
	}
	if (lines > lines_max)
		fail_msg("%s: %zu lines", name, lines);
}

static void help_fits_a_screen(void **state)
{
	(void)state;
	for (size_t i = 0; i < COMMANDS; i++) {
		struct text text = {0};
		help_command((enum command_id)i, &text);
		fits(command_rows[i].name, &text, 50); /* a window of today, not a VT100 */
		text_release(&text);
	}
	struct text text = {0};
	help_short(&text);
	fits("headroom", &text, 40);
	text_clear(&text);
	help_workload(&text);
	fits("help workload", &text, 120); /* with a line for each preset */
	text_release(&text);
}

/* Every option and every workload flag stands in the help, the manual page and the completions. */
static void the_texts_are_complete(void **state)
{
	(void)state;
	struct text man = {0}, bash = {0}, zsh = {0}, fish = {0}, workload = {0};
	help_man(&man);
	completion_bash(&bash);
	completion_zsh(&zsh);
	completion_fish(&fish);
	help_workload(&workload);
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		char flag[64];
		const char *name = workload_flag((enum workload_field)i, flag);
		const char *first = arena_printf(arena, "--%s ", name);
		const char *second = arena_printf(arena, "(--%s)", name);
		assert_true(strstr(workload.data, first) || strstr(workload.data, second));
		assert_non_null(strstr(bash.data, arena_printf(arena, "--%s", name)));
		assert_non_null(strstr(zsh.data, arena_printf(arena, "--%s[", name)));
		assert_non_null(strstr(fish.data, arena_printf(arena, " -l %s ", name)));
		assert_true(strchr(workload_rows[i].help, '-') || strstr(man.data, workload_rows[i].help));
	}
	for (size_t i = 0; i < option_rows_count; i++) {
		const char *inside = arena_printf(arena, " --%s ", option_rows[i].name);
		const char *last = arena_printf(arena, " --%s\"", option_rows[i].name);
		assert_int_equal(strstr(bash.data, inside) || strstr(bash.data, last),
				!option_rows[i].hidden);
	}
	text_release(&man);
	text_release(&bash);
	text_release(&zsh);
	text_release(&fish);
	text_release(&workload);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test_setup_teardown(bad_options_are_refused, begin, end),
			cmocka_unit_test_setup_teardown(good_options_are_read, begin, end),
			cmocka_unit_test_setup_teardown(lists_gather, begin, end),
			cmocka_unit_test_setup_teardown(two_dashes_end_the_options, begin, end),
			cmocka_unit_test_setup_teardown(every_row_is_right, begin, end),
			cmocka_unit_test_setup_teardown(help_fits_a_screen, begin, end),
			cmocka_unit_test_setup_teardown(the_texts_are_complete, begin, end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
