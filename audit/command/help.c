/* headroom help: the commands, one command, the workload flags; hidden: the manual page, the
 * completion for each shell, and the words that it asks for. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/command/completions.h"
#include "audit/command/help_pages.h"
#include "audit/command/words.h"
#include "audit/output/output.h"
#include "base/suggest.h"

static bool unknown_topic(const char *topic, struct error *err)
{
	const char *names[COMMANDS + 2] = {NULL};
	for (size_t i = 0; i < COMMANDS; i++)
		names[i] = command_rows[i].name;
	names[COMMANDS] = "workload";
	char question[SUGGEST_MAX];
	return error_set(err,
			"no help on \"%.100s\"%s (for commands: headroom help, for limits: headroom explain)",
			topic,
			suggest_question(question, topic, names));
}

/* For building and for shells; NULL: a person asks. */
static void (*help_printer(const struct options *options))(struct text *out)
{
	if (options->help_for.man)
		return help_man;
	if (options->help_for.bash)
		return completion_bash;
	if (options->help_for.zsh)
		return completion_zsh;
	if (options->help_for.fish)
		return completion_fish;
	return NULL;
}

static bool help_on(const char *topic, struct text *out, struct error *err)
{
	if (!topic)
		help_short(out);
	else if (!strcmp(topic, "workload"))
		help_workload(out);
	else if (command_find(topic) != COMMANDS)
		help_command(command_find(topic), out);
	else
		return unknown_topic(topic, err);
	return true;
}

static bool help_fill(const struct run *run, struct text *out, struct error *err)
{
	const struct options *options = run->options;
	void (*print)(struct text *) = help_printer(options);
	if (options->help_for.words)
		return words_add(run, options->help_for.words, out, err);
	if (!print)
		return help_on(options->arguments.count ? options->arguments.items[0] : NULL, out, err);
	print(out);
	return true;
}

bool command_help(const struct run *run, int *ret_exit, struct error *err)
{
	struct text text = {0};
	(void)ret_exit;
	bool ok = help_fill(run, &text, err) && output_stdout(text.data, text.length, err);
	text_release(&text);
	return ok;
}
