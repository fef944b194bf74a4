/* headroom help: the commands, one command, the workload flags; hidden: the manual page, the
 * completion. */
#include <string.h>

#include "audit/cli/options.h"
#include "audit/command/help_pages.h"
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
			"no help on \"%.100s\"%s; headroom help lists the commands, headroom explain the "
			"limits",
			topic,
			suggest_question(question, topic, names));
}

static bool help_fill(const struct options *options, struct text *out, struct error *err)
{
	const char *topic = options->arguments.count ? options->arguments.items[0] : NULL;
	if (options->man)
		help_man(out);
	else if (options->bash)
		help_bash(out);
	else if (!topic)
		help_short(out);
	else if (!strcmp(topic, "workload"))
		help_workload(out);
	else if (command_find(topic) != COMMANDS)
		help_command(command_find(topic), out);
	else
		return unknown_topic(topic, err);
	return true;
}

bool command_help(const struct run *run, int *ret_exit, struct error *err)
{
	struct text text = {0};
	(void)ret_exit;
	bool ok = help_fill(run->options, &text, err) && output_stdout(text.data, text.length, err);
	text_release(&text);
	return ok;
}
