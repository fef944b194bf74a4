/* sh -c TEXT and scripts: the load test among the commands, with what cd, export, ulimit and a pipe
 * do to it. Runs nothing: shell_print.c knows what echo, printf and cat give; any other program in
 * front of a pipe makes the input unknown. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/shell.h"
#include "probes/plan/command/shell_print.h"
#include "probes/plan/command/shell_search.h"
#include "probes/plan/command/wrappers.h"
#include "probes/plan/readers.h"

enum {
	SHELL_C,
	SHELL_S
};
static const struct argument_option options[] = {
		[SHELL_C] = {NULL, 'c', TAKES_NOTHING, NULL},
		[SHELL_S] = {NULL, 's', TAKES_NOTHING, NULL},
		{NULL, 'o', TAKES_TEXT, NULL},
		{NULL, 'O', TAKES_TEXT, NULL},
		{NULL, 'e', TAKES_NOTHING, NULL},
		{NULL, 'u', TAKES_NOTHING, NULL},
		{NULL, 'x', TAKES_NOTHING, NULL},
		{NULL, 'l', TAKES_NOTHING, NULL},
		{NULL, 'i', TAKES_NOTHING, NULL},
		{NULL, 'f', TAKES_NOTHING, NULL},
		{NULL, 'v', TAKES_NOTHING, NULL},
		{NULL, 'p', TAKES_NOTHING, NULL},
		{NULL, 'a', TAKES_NOTHING, NULL},
		{NULL, 'b', TAKES_NOTHING, NULL},
		{NULL, 'E', TAKES_NOTHING, NULL},
		{NULL, 'm', TAKES_NOTHING, NULL},
		{"login", 0, TAKES_NOTHING, NULL},
		{"norc", 0, TAKES_NOTHING, NULL},
		{"noprofile", 0, TAKES_NOTHING, NULL},
		{"posix", 0, TAKES_NOTHING, NULL},
		{"verbose", 0, TAKES_NOTHING, NULL},
};

static const char *wrap_shell_variable(const void *context, const char *name)
{
	const struct peel *peel = context;
	return plan_environment(peel->context, peel->command, name);
}

static const char *wrap_shell_output(const void *context,
		const struct shell_command *commands,
		size_t count)
{
	struct peel copy = *(const struct peel *)context;
	return shell_printed(&copy, commands, count);
}

static bool wrap_shell_loads(const void *context, const struct shell_command *command)
{
	const struct peel *outer = context;
	struct error ignored = {0};
	struct plan_command candidate = *outer->command;
	struct peel inner = {outer->context, &candidate, outer->depth, outer->budget, &ignored};
	if (!command->words.count) {
		return false;
	}
	candidate.words = command->words.items;
	candidate.count = command->words.count;
	return wrappers_peel(&inner) && plan_makes_load(outer->context, &candidate);
}

/* bash looks a bare name up in PATH, and then here. */
static const char *wrap_shell_source(const void *context, const char *path, const char *cwd)
{
	const struct peel *peel = context;
	struct plan_command command = *peel->command;
	struct error ignored = {0};
	const char *text;
	size_t length;
	if (cwd && cwd[0] != '/' && command.vantage.cwd)
		cwd = arena_printf(peel->context->arena, "%s/%s", command.vantage.cwd, cwd);
	if (cwd)
		command.vantage.cwd = cwd;
	if (!plan_file(peel->context, &command, path, "source", &text, &length, &ignored))
		return NULL;
	peel->budget->bytes += length;
	if (strlen(text) != length || peel->budget->bytes > WRAPPERS_BYTES_MAX)
		return NULL;
	return text;
}

/* A text with its arguments $0, $1, …: the load test in it becomes the command. */
static bool take_program(struct peel *peel,
		const char *text,
		const char *const *arguments,
		size_t argument_count)
{
	struct shell_end end = {0};
	const struct shell_world world = {.context = peel,
			.variable = wrap_shell_variable,
			.output = wrap_shell_output,
			.loads = wrap_shell_loads,
			.source = wrap_shell_source,
			.program = true,
			.arguments = arguments,
			.argument_count = argument_count,
			.end = &end};
	struct shell_command *commands;
	size_t count;
	if (++peel->budget->texts > WRAPPERS_TEXTS_MAX) {
		return error_set(peel->err, "more than %d shell texts call each other", WRAPPERS_TEXTS_MAX);
	}
	return shell_read(peel->context->arena, text, &world, &commands, &count, peel->err) &&
			shell_search(peel, text, commands, count, &end);
}

/* --- scripts -------------------------------------------------------------------------------- */

static const char *shell_base(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* Does the first line name a shell? *ret_any: it names a program. */
static bool names_shell(const char *text, bool *ret_any)
{
	static const char *const shells[] = {"sh", "bash", "dash", "ash", "ksh", "zsh", "mksh"};
	*ret_any = text_begins_with(text, "#!");
	if (!*ret_any) {
		return false;
	}
	size_t line = strcspn(text, "\n");
	for (size_t at = 2; at < line;) {
		at += strspn(text + at, " \t/");
		size_t length = strcspn(text + at, " \t/\n");
		for (size_t i = 0; i < COUNT_OF(shells); i++) {
			if (strlen(shells[i]) == length && !strncmp(text + at, shells[i], length)) {
				return true;
			}
		}
		at += length;
	}
	return false;
}

static bool read_script(const struct peel *peel, const char *path, const char **ret_text)
{
	struct error ignored = {0};
	size_t length;
	bool any,
			good = plan_file(peel->context, peel->command, path, "sh", ret_text, &length, &ignored);
	if (!good || strlen(*ret_text) != length) {
		return false;
	}
	bool shell = names_shell(*ret_text, &any);
	return shell || (!any && (text_ends_with(path, ".sh") || text_ends_with(path, ".bash")));
}

bool peel_is_script(const struct peel *peel)
{
	const char *path = peel->command->words[0], *text;
	bool named = strchr(path, '/') || text_ends_with(path, ".sh") || text_ends_with(path, ".bash");
	return named && !plan_knows(peel->context, peel->command) && read_script(peel, path, &text);
}

bool peel_script(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	const char *text;
	return read_script(peel, command->words[0], &text) &&
			take_program(peel, text, command->words, command->count);
}

/* sh FILE [WORD…]: a tool that is a script itself (jmeter.sh), or a script that starts one. */
static bool take_script(struct peel *peel, const char *const *words, size_t count)
{
	const char *text, *shell = peel->command->words[0];
	size_t length;
	struct plan_command tool = *peel->command;
	tool.words = words;
	tool.count = count;
	if (plan_knows(peel->context, &tool)) {
		return peel_rest(peel, words, count);
	}
	return plan_file(peel->context,
				   peel->command,
				   words[0],
				   shell_base(shell),
				   &text,
				   &length,
				   peel->err) &&
			take_program(peel, text, words, count);
}

bool peel_shell(struct peel *peel)
{
	static const struct argument_syntax syntax = {"the shell",
			ARGUMENTS_LONG,
			options,
			COUNT_OF(options)};
	struct plan_command *command = peel->command;
	struct arguments arguments;
	const char *text;
	if (!arguments_read(peel->context->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&arguments,
				peel->err)) {
		return false;
	}
	if (arguments_given(&arguments, SHELL_C) && !arguments.word_count) {
		return error_set(peel->err,
				"%.60s -c needs a command text, but the command ends there",
				command->words[0]);
	}
	if (arguments_given(&arguments, SHELL_C)) {
		return take_program(peel,
				arguments.words[0],
				arguments.words + 1,
				arguments.word_count - 1);
	}
	if (arguments.word_count && !arguments_given(&arguments, SHELL_S)) {
		return take_script(peel, arguments.words, arguments.word_count);
	}
	if (!plan_input(peel->context, command, &text, peel->err)) { /* sh <bench.sh */
		return false;
	}
	if (!text) {
		return error_set(peel->err,
				"%.60s reads its commands from standard input, which is not known here; give the "
				"load test's command",
				command->words[0]);
	}
	command->input = command->input_path = NULL;
	return take_program(peel, text, arguments.words, arguments.word_count);
}
