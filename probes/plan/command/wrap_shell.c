/* sh -c TEXT: the one load test among its simple commands, with what cd, export, ulimit and a pipe
 * do to it. Runs nothing; echo, printf and cat are read, any other program in front of a pipe makes
 * the input unknown. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/shell.h"
#include "probes/plan/command/wrappers.h"
#include "probes/plan/quantity.h"
#include "probes/plan/readers.h"

enum {
	SHELL_C,
	SHELL_O
};
static const struct argument_option options[] = {
		[SHELL_C] = {NULL, 'c', TAKES_NOTHING, NULL},
		[SHELL_O] = {NULL, 'o', TAKES_TEXT, NULL},
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

static bool wrap_shell_is_word(const struct shell_command *command, const char *word)
{
	return command->words.count && !strcmp(command->words.items[0], word);
}

/* --- what runs before the load test --------------------------------------------------------- */

static bool change_directory(struct peel *peel, const struct shell_command *command)
{
	struct plan_vantage *v = &peel->command->vantage;
	const char *to = command->words.count == 2 ? command->words.items[1] : NULL;
	if (!to || !strcmp(to, "-"))
		return error_set(peel->err, "the shell text: cd needs one directory by name");
	v->cwd = to[0] == '/' || !v->cwd ? to : arena_printf(peel->context->arena, "%s/%s", v->cwd, to);
	return true;
}

/* ulimit [-S|-H] -n N; other limits are no concern of a plan. */
static bool change_limit(struct peel *peel, const struct shell_command *command)
{
	struct plan_vantage *v = &peel->command->vantage;
	bool soft = false, hard = false, files = false;
	const char *text = NULL;
	for (size_t i = 1; i < command->words.count; i++) {
		const char *word = command->words.items[i];
		if (word[0] != '-' || !word[1] || (word[1] >= '0' && word[1] <= '9')) {
			text = word;
			continue;
		}
		soft |= strchr(word, 'S') != NULL;
		hard |= strchr(word, 'H') != NULL;
		files |= strchr(word, 'n') != NULL;
		const char *attached = strpbrk(word, "0123456789");
		text = attached ? attached : text;
	}
	if (!files || !text)
		return true;
	const char *from = arena_printf(peel->context->arena, "ulimit -n %.40s", text);
	if (!strcmp(text, "hard") || !strcmp(text, "soft")) {
		v->nofile_raised = !hard && text[0] == 'h';
		v->nofile_from = from;
		return true;
	}
	double soft_was = v->nofile_soft, hard_was = v->nofile_hard;
	if (!peel_nofile(peel, text, from))
		return false;
	if (soft && !hard)
		v->nofile_hard = hard_was;
	if (hard && !soft)
		v->nofile_soft = soft_was;
	return true;
}

static bool keep_exports(struct peel *peel, const struct shell_command *command)
{
	for (size_t i = 1; i < command->words.count; i++)
		if (strchr(command->words.items[i], '='))
			peel_variable(peel, command->words.items[i]);
	return true;
}

static bool does_nothing(struct peel *peel, const struct shell_command *command)
{
	(void)peel;
	(void)command;
	return true;
}

struct builtin {
	const char *name;
	bool (*effect)(struct peel *peel, const struct shell_command *command);
};

static const struct builtin builtins[] = {
		{"cd", change_directory},
		{"ulimit", change_limit},
		{"export", keep_exports},
		{"set", does_nothing},
		{"true", does_nothing},
		{":", does_nothing},
		{"false", does_nothing},
		{"exit", does_nothing},
		{"echo", does_nothing},
		{"printf", does_nothing},
		{"sleep", does_nothing},
		{"date", does_nothing},
		{"test", does_nothing},
		{"[", does_nothing},
		{"mkdir", does_nothing},
		{"rm", does_nothing},
		{"wait", does_nothing},
		{"ls", does_nothing},
		{"cp", does_nothing},
		{"mv", does_nothing},
		{"touch", does_nothing},
		{"tee", does_nothing},
		{"grep", does_nothing},
		{"tail", does_nothing},
		{"head", does_nothing},
		{"jq", does_nothing},
		{"pwd", does_nothing},
		{"cat", does_nothing},
		{"umask", does_nothing},
		{"unset", does_nothing},
		{"shopt", does_nothing},
};

/* NULL: a program that is none of these. */
static const struct builtin *find_builtin(const struct shell_command *command)
{
	for (size_t i = 0; i < COUNT_OF(builtins); i++)
		if (wrap_shell_is_word(command, builtins[i].name))
			return &builtins[i];
	return NULL;
}

/* --- what comes through the pipe ------------------------------------------------------------ */

/* \n, \t, \\ and what printf turns %s into; anything else is not known. */
static bool unescape(struct text *out, const char *text)
{
	for (; *text; text++) {
		static const char from[] = "nt\\\"'", to[] = "\n\t\\\"'";
		const char *escape = *text == '\\' && text[1] ? strchr(from, text[1]) : NULL;
		if (*text == '\\' && !escape)
			return false;
		text_add_bytes(out, escape ? &to[escape - from] : text, 1);
		text += escape != NULL;
	}
	return true;
}

static bool print_echo(const struct shell_command *command, struct text *out)
{
	size_t i = 1;
	bool newline = true, good = true;
	for (; i < command->words.count &&
			strspn(command->words.items[i], "-neE") == strlen(command->words.items[i]) &&
			command->words.items[i][0] == '-' && command->words.items[i][1];
			i++)
		newline &= !strchr(command->words.items[i], 'n');
	for (bool first = true; i < command->words.count && good; i++, first = false) {
		text_add(out, first ? "" : " ");
		good = unescape(out, command->words.items[i]);
	}
	text_add(out, newline ? "\n" : "");
	return good;
}

/* The format is used again until the arguments are gone. */
static bool print_format(const struct shell_command *command, struct text *out)
{
	size_t next = 2;
	const char *format = command->words.count > 1 ? command->words.items[1] : "";
	do {
		size_t before = next;
		for (const char *at = format; *at;) {
			size_t plain = strcspn(at, "%");
			struct text piece = {0};
			text_add_bytes(&piece, at, plain);
			bool good = !piece.length || unescape(out, piece.data);
			text_release(&piece);
			at += plain;
			if (!good || (*at && at[1] != 's' && at[1] != '%'))
				return false;
			if (*at && at[1] == '%')
				text_add(out, "%");
			else if (*at)
				text_add(out, next < command->words.count ? command->words.items[next++] : "");
			at += *at ? 2 : 0;
		}
		if (next == before)
			break;
	} while (next < command->words.count);
	return true;
}

static bool print_files(const struct peel *peel,
		const struct shell_command *command,
		struct text *out)
{
	if (command->words.count < 2)
		return false;
	for (size_t i = 1; i < command->words.count; i++) {
		const char *bytes;
		size_t length;
		if (command->words.items[i][0] == '-')
			return false;
		if (!plan_file(peel->context,
					peel->command,
					command->words.items[i],
					"cat",
					&bytes,
					&length,
					peel->err))
			return false;
		text_add_bytes(out, bytes, length);
	}
	return true;
}

/* What the command before the pipe writes, where that can be known. A file that is missing is an
 * error. */
static bool wrap_shell_feed(struct peel *peel,
		const struct shell_command *from,
		struct plan_command *tool)
{
	struct text out = {0};
	bool known = wrap_shell_is_word(from, "echo") ? print_echo(from, &out)
			: wrap_shell_is_word(from, "printf")
			? print_format(from, &out)
			: wrap_shell_is_word(from, "cat") && print_files(peel, from, &out);
	tool->input = known ? arena_strdup(peel->context->arena, text_string(&out)) : NULL;
	tool->input_unknown = !known;
	text_release(&out);
	return known || peel->err->kind == ERROR_NONE;
}

/* --- finding the load test ------------------------------------------------------------------ */

/* The command as it would start: variables in front of it, redirections, wrappers off. */
static bool wrap_shell_prepare(struct peel *peel,
		const struct shell_command *from,
		struct plan_command *ret,
		struct error *err)
{
	struct peel inner = {peel->context, ret, peel->depth, err};
	*ret = *peel->command;
	ret->words = from->words.items;
	ret->count = from->words.count;
	ret->input = from->input;
	if (from->input_path)
		ret->input_path = from->input_path;
	for (size_t i = 0; i < from->assignments.count; i++)
		peel_variable(&inner, from->assignments.items[i]);
	return wrappers_peel(&inner);
}

static bool wrap_shell_refuse(struct peel *peel,
		const struct shell_command *command,
		const char *what)
{
	const char *word = command->words.count ? command->words.items[0] : "";
	return error_set(peel->err,
			"the shell text: %s %s",
			text_clean(peel->context->arena, word, strlen(word), 60),
			what);
}

struct search {
	const struct shell_command *commands;
	size_t count;
	const struct shell_command *unknown; /* a program that is none of ours */
	struct plan_command tool;
	bool found;
};

/* A pipeline: its first load test is the one; those before it feed it, those behind it only listen.
 */
static bool search_pipeline(struct peel *peel, struct search *search, size_t first, size_t end)
{
	bool idle = false; /* a load test's own program that makes no load: vegeta report */
	for (size_t i = first; i < end; i++) {
		const struct shell_command *command = &search->commands[i];
		struct error err = {0};
		struct plan_command candidate = {0};
		if (!command->words.count || (find_builtin(command) && end - first > 1))
			continue;
		bool peeled = wrap_shell_prepare(peel, command, &candidate, &err);
		if (!peeled && end - first == 1)
			return error_set(peel->err, "%s", err.text);
		if (!peeled || !plan_makes_load(peel->context, &candidate)) {
			idle |= peeled && end - first == 1 && plan_knows(peel->context, &candidate);
			continue;
		}
		if (search->found)
			return wrap_shell_refuse(peel, command, "is a second load test; a plan is made of one");
		search->found = true;
		search->tool = candidate;
		return i == first || wrap_shell_feed(peel, &search->commands[i - 1], &search->tool);
	}
	if (!search->unknown && !idle)
		search->unknown = &search->commands[first];
	return true;
}

static bool search_all(struct peel *peel, struct search *search)
{
	for (size_t i = 0; i < search->count;) {
		const struct shell_command *command = &search->commands[i];
		size_t end = i + 1;
		while (end < search->count && search->commands[end].join == SHELL_PIPE)
			end++;
		const struct builtin *builtin = end - i == 1 ? find_builtin(command) : NULL;
		if (builtin ? !builtin->effect(peel, command)
					: command->words.count && !search_pipeline(peel, search, i, end))
			return false;
		i = end;
	}
	return true;
}

bool peel_shell(struct peel *peel)
{
	static const struct argument_syntax syntax = {"the shell",
			ARGUMENTS_LONG,
			options,
			COUNT_OF(options)};
	struct plan_command *command = peel->command;
	struct search search = {0};
	struct arguments arguments;
	struct shell_command *commands;
	if (!arguments_read(peel->context->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&arguments,
				peel->err))
		return false;
	if (arguments_given(&arguments, SHELL_C) && !arguments.word_count)
		return error_set(peel->err,
				"%.60s -c needs the command's text, and the command ends there",
				command->words[0]);
	if (!arguments_given(&arguments, SHELL_C))
		return error_set(peel->err,
				"%.60s without -c runs a script, which is not read; give the load test's command",
				command->words[0]);
	if (!shell_read(peel->context->arena,
				arguments.words[0],
				wrap_shell_variable,
				peel,
				&commands,
				&search.count,
				peel->err))
		return false;
	search.commands = commands;
	if (!search_all(peel, &search))
		return false;
	if (search.found && search.unknown)
		return wrap_shell_refuse(peel,
				search.unknown,
				"runs beside the load test and is not known here; leave it out");
	if (search.found) {
		*command = search.tool;
		return true;
	}
	if (!search.unknown)
		return error_set(peel->err, "the shell text starts no load test");
	return wrap_shell_prepare(peel, search.unknown, command, peel->err);
}
