#include "probes/result/sources.h"

#include <string.h>

#include "base/text.h"
#include "probes/plan/data/data.h"
#include "probes/plan/readers.h"

static const struct tool_rule *rule_of_command(const struct plan_context *context,
		const struct plan_command *command)
{
	const struct tool_rule *near;
	size_t words;
	const struct tool_rule *tool = data_tool_of(context, command, &words, &near);
	const struct plan_reader *reader = NULL;
	if (!tool)
		reader = plan_reader_of(command);
	if (reader)
		tool = rules_tool_named(data_rules(context), reader->tool);
	return tool;
}

/* --- what an option says --- */

/* The word is this option: its argument is the rest, or *ret_next: the next word. */
static const char *argument_in(const char *word, const char *name, size_t length, bool *ret_next)
{
	bool letter = length == 2;
	bool two = text_begins_with(word, "--");
	*ret_next = false;
	if (two && name[1] != '-' && !letter)
		word++; /* Go's options may have one dash or two */
	if (strncmp(word, name, length) != 0)
		return NULL;
	word += length;
	*ret_next = !*word;
	if (*word == '=')
		return word + 1;
	if (!*word || letter)
		return word;
	return NULL;
}

static const char *option_in(const struct plan_command *command, size_t at, const char *names)
{
	while (*names) {
		size_t length = strcspn(names, " ");
		bool next;
		const char *word = command->words[at];
		const char *text = argument_in(word, names, length, &next);
		if (text && !next)
			return text;
		if (text && at + 1 < command->count)
			return command->words[at + 1];
		names += length;
		names += strspn(names, " ");
	}
	return NULL;
}

/* The last one that fits; what stands behind "--" is no option. */
static const char *option_of(const struct plan_command *command,
		const struct tool_result_file *file)
{
	const char *last = NULL;
	const char *prefix = file->prefix;
	if (!prefix)
		prefix = "";
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		if (!strcmp(word, "--"))
			break;
		const char *text = option_in(command, i, file->names);
		if (text && text_begins_with(text, prefix))
			last = text;
	}
	return last;
}

static const char *option_says(const struct plan_context *context,
		const struct plan_command *command,
		const struct tool_result_file *file)
{
	const char *text = option_of(command, file);
	if (!text && file->environment)
		text = plan_environment(context, command, file->environment);
	if (!text || !file->prefix)
		return text;
	if (!text_begins_with(text, file->prefix))
		return NULL;
	return text + strlen(file->prefix);
}

/* --- files --- */

static void add_path(const struct plan_context *context,
		const struct plan_command *command,
		const char *path,
		struct result_sources *out)
{
	const char *here = plan_path(context, command, path);
	if (!here || out->count == RESULT_SOURCES_MAX)
		return;
	struct result_source *source = &out->items[out->count];
	size_t length = strlen(path);
	source->path = here;
	source->shown = text_clean(context->arena, path, length, 120);
	source->joins = false;
	out->count++;
}

static const char *path_from_option(struct arena *arena, const char *pattern, const char *text)
{
	const char *hole = NULL;
	if (pattern)
		hole = strstr(pattern, "{}");
	if (!hole)
		return text;
	int before = (int)(hole - pattern);
	return arena_printf(arena, "%.*s%s%s", before, pattern, text, hole + 2);
}

/* Is it another file of the option before? */
static bool goes_on(const struct tool_results *results, size_t i)
{
	const struct tool_result_file *file = &results->files[i];
	if (i == 0 || file->prefix)
		return false;
	const struct tool_result_file *before = file - 1;
	return strcmp(file->names, before->names) == 0;
}

static void add_named_files(const struct plan_context *context,
		const struct plan_command *command,
		struct result_sources *out)
{
	const struct tool_results *results = out->results;
	for (size_t i = 0; i < results->file_count; i++) {
		const struct tool_result_file *file = &results->files[i];
		const char *text = option_says(context, command, file);
		if (!text || !*text)
			continue;
		if (!strcmp(text, "-"))
			continue;
		size_t before = out->count;
		add_path(context, command, path_from_option(context->arena, file->path, text), out);
		bool same = goes_on(results, i);
		if (out->count > before && before > 0)
			out->items[before].joins = same;
	}
}

static void add_run_files(const struct plan_context *context,
		const struct plan_command *command,
		struct result_sources *out)
{
	add_named_files(context, command, out);
	const struct name_list *outputs = &command->outputs;
	for (size_t i = 0; i < outputs->count; i++)
		add_path(context, command, outputs->items[i], out);
	if (outputs->count > 0)
		out->redirected = true;
}

void result_sources_of(const struct plan_context *context,
		const struct plan_command *command,
		struct result_sources *ret_sources)
{
	*ret_sources = (struct result_sources){0};
	const struct tool_rule *tool = rule_of_command(context, command);
	if (!tool)
		return;
	const struct tool_results *results = &tool->reading.results;
	if (results->row_count == 0 && results->form == FORM_NONE)
		return;
	ret_sources->tool = tool->id;
	ret_sources->results = results;
	ret_sources->several = command->run_count > 1 || command->repeats;
	if (command->run_count < 2)
		add_run_files(context, command, ret_sources);
	for (size_t i = 0; i < command->run_count; i++)
		if (command->run_count > 1)
			add_run_files(context, &command->runs[i], ret_sources);
}
