/* headroom: will this host survive the load test you are about to start?
 *
 * This file finds the command, reads the options, prints the error and sets the exit code.
 * commands.c has the table of commands, one file beside it per command. docs/ARCHITECTURE.md says
 * what is in which directory.
 *
 * model/ computes and touches nothing; probes/ reads the host and the plan; report/ writes. They
 * meet here only. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "audit/cli/command.h"
#include "audit/cli/corrected.h"
#include "audit/cli/foreign.h"
#include "audit/cli/front.h"
#include "audit/cli/option_reader.h"
#include "audit/cli/options.h"
#include "audit/cli/screen.h"
#include "audit/command/help_pages.h"
#include "audit/gate/child.h"
#include "audit/output/output.h"
#include "audit/run/pipeline.h"
#include "audit/run/stock_image.h"
#include "audit/vantage/host_root.h"
#include "audit/vantage/vantage.h"
#include "base/memory.h"
#include "base/os/json.h"
#include "base/os/open.h"
#include "base/suggest.h"
#include "probes/plan/readers.h"
#include "report/helper/import.h"

static int failed(const struct error *err)
{
	screen_say("%s", err->text);
	return err->kind == ERROR_INTERNAL ? EXIT_BROKEN : EXIT_USAGE;
}

/* A file must never get the number of a closed standard descriptor. Opened the wrong way round, so
 * that what was to be written there is an error, not lost. */
static unsigned open_standard_descriptors(void)
{
	unsigned closed = 0;
	for (int fd = 0; fd <= STDERR_FILENO; fd++) {
		if (fcntl(fd, F_GETFD) >= 0 || errno != EBADF)
			continue;
		closed |= 1u << fd;
		if (open_nothing(fd ? O_RDONLY : O_WRONLY) != fd)
			exit(EXIT_BROKEN);
	}
	return closed;
}

static int unknown_command(const char *word)
{
	const char *names[COMMANDS + 1] = {NULL};
	struct error err = {0};
	if (word[0] == '-') {
		(void)error_set(&err,
				"%.100s: unknown option, or no command follows it; for a list: headroom help",
				word);
		return failed(&err);
	}
	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = command_rows[i].name;
	char question[SUGGEST_MAX];
	(void)error_set(&err,
			"unknown command \"%.100s\"%s (for a list: headroom help)",
			word,
			suggest_question(question, word, names));
	return failed(&err);
}

static int main_show(void (*fill)(struct text *out))
{
	struct text text = {0};
	struct error err = {0};
	fill(&text);
	if (!output_text(&text, &err))
		return failed(&err);
	return EXIT_PASS;
}

static int show_command_help(enum command_id command)
{
	struct text text = {0};
	struct error err = {0};
	help_command(command, &text);
	if (!output_text(&text, &err))
		return failed(&err);
	return EXIT_PASS;
}

/* The name of a ready workload is no tool's, unless more words follow it: "k6 run load.js". */
static bool knows_tool(const struct run *run, const char *program)
{
	struct rules rules;
	struct rule_extras extras;
	struct error ignored = {0};
	if (!pipeline_rules(run, false, &rules, &extras, &ignored))
		return false;
	if (!plan_names_tool(&rules, program))
		return false;
	return run->options->arguments.count > 1 || !rule_extras_preset(&extras, program);
}

/* What it is, or NULL: it is no program. */
static const char *kind_of_program(const struct run *run, const char *word)
{
	struct error ignored = {0};
	if (strchr(word, '/') && child_find(run->arena, word, &ignored) == 0)
		return "program";
	if (knows_tool(run, word))
		return "load test tool";
	return NULL;
}

/* "headroom gate wrk -c400 …": everybody types this once. The error that came of it says something
 * else. */
static void explain_dashes(const struct run *run, enum command_id command, struct error *err)
{
	const struct options *options = run->options;
	const struct correction correction = {
			.command = command_rows[command].name,
			.words = run->argv + 2,
			.count = run->argc - 2,
			.at = options->first_word - 1,
			.word = "--",
			.in_front = true,
	};
	bool no_command = command_rows[command].takes_command && !options->child.count;
	if (!no_command || !options->first_word || !options->arguments.count)
		return;
	const char *word = options->arguments.items[0];
	const char *kind = kind_of_program(run, word);
	if (!kind)
		return;
	(void)error_set(err,
			"%.60s is a %s; put -- before it: %s",
			word,
			kind,
			corrected_line(run->arena, &correction));
}

/* As the command's row says; gate's own failures must not look like those of the command it runs,
 * and its last line says that nothing ran. */
static int command_failed(const struct run *run, enum command_id command, struct error *err)
{
	if (err->kind == ERROR_INPUT)
		explain_dashes(run, command, err);
	int code = failed(err);
	if (!command_rows[command].failure)
		return code;
	code = command_rows[command].failure;
	screen_say("NOT-RUN exit=%d", code);
	return code;
}

/* A stock image is no machine that could be asked: whoever looks at facts_path sees that. */
static bool take_image(enum command_id command, struct options *options, struct error *err)
{
	if (!options->image || command == COMMAND_LINT)
		return true;
	if (options->facts_path || options->pid > 0 || options->container || options->calibrate)
		return error_set(err,
				"--image judges a machine that does not exist yet; leave out --facts, --pid, "
				"--container and --calibrate");
	options->facts_path = "the stock image";
	return true;
}

/* fix --unit also names the service that gets the limits, which need not run yet: then this shell
 * is judged. With --root it is one of the image, and this machine is not asked. */
static bool find_vantage(struct arena *arena,
		enum command_id command,
		struct options *options,
		struct error *err)
{
	struct error why = {0};
	if (command == COMMAND_SIZE)
		stock_image_choose(options);
	if (!host_root_take(command, options, err))
		return false;
	if (options->fix.root || options->image)
		return take_image(command, options, err);
	if (command != COMMAND_FIX || options->container)
		return vantage_resolve(arena, options, err);
	if (options->unit && !options->facts_path && !(options->pid > 0) &&
			!vantage_resolve(arena, options, &why))
		screen_say("using the limits of this shell: %s", why.text);
	return true;
}

/* With less, a function that needs more would end the program in its midst. */
static bool has_stack(struct error *err)
{
	const rlim_t least = 128 * 1024;
	struct rlimit limit;
	if (getrlimit(RLIMIT_STACK, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY)
		return true;
	if (limit.rlim_cur >= least)
		return true;
	return error_set(err,
			"the stack limit of %llu KiB is too low; headroom needs %llu KiB: ulimit -s 8192",
			(unsigned long long)limit.rlim_cur / 1024,
			(unsigned long long)least / 1024);
}

static int run_command(enum command_id command,
		int argc,
		char *const *argv,
		struct inherited inherited)
{
	if (command_rows[command].failure)
		memory_set_exit_status(command_rows[command].failure);
	struct arena *arena = arena_new();
	struct options *options = arena_alloc(arena, sizeof *options);
	struct error err = {0};
	int code = EXIT_PASS;
	struct foreign_list foreign = {0};
	const struct run run = {arena, options, argc, argv, inherited, &foreign};
	if (!has_stack(&err) || !options_parse(arena, command, argc - 2, argv + 2, options, &err))
		code = command_failed(&run, command, &err);
	else if (options->help)
		code = show_command_help(command);
	else if (!find_vantage(arena, command, options, &err) ||
			!command_rows[command].run(&run, &code, &err))
		code = command_failed(&run, command, &err);
	if (RUN_FREES)
		arena_free(arena);
	return code;
}

int main(int argc, char **argv)
{
	if (import_run && argc > 0 && !strcmp(argv[0], HELPER_IMPORT_NAME))
		return import_run(argc, argv);
	struct inherited inherited = {.closed = open_standard_descriptors()};
	json_use_checked_memory();
	/* A reader that went away does not end the run. */
	inherited.pipe_ignored = signal(SIGPIPE, SIG_IGN) == SIG_IGN;
	if (argc < 2)
		return main_show(help_short);
	front_move(argc, argv);
	const char *word = argv[1];
	if (!strcmp(word, "--help") || !strcmp(word, "-h"))
		return main_show(help_short);
	if (!strcmp(word, "--version") || !strcmp(word, "-V"))
		word = "version";
	enum command_id command = command_find(word);
	if (command == COMMANDS)
		return unknown_command(word);
	return run_command(command, argc, argv, inherited);
}
