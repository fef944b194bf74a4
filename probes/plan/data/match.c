/* Which tool a command belongs to. A program is given by the words that it is called with: "wrk",
 * "fortio load", "python -m sglang.bench_serving". */
#include <string.h>

#include "base/text.h"
#include "model/tool/built_in.h"
#include "probes/plan/data/data.h"

const struct rules *data_rules(const struct plan_context *context)
{
	if (!context->rules)
		return &built_in_rules;
	return context->rules;
}

static const char *program_name(const char *word)
{
	const char *slash = strrchr(word, '/');
	if (!slash)
		return word;
	return slash + 1;
}

/* python, python3, python3.11. */
static bool is_interpreter(const char *name)
{
	static const char python[] = "python";
	if (!text_begins_with(name, python))
		return false;
	name += strlen(python);
	name += strspn(name, "0123456789.");
	return *name == '\0';
}

/* How many words an option of the interpreter has; 0: it is none, or says what to run. */
static size_t python_option(const char *word)
{
	if (word[0] != '-')
		return 0;
	switch (word[1]) {
	case '\0':
	case 'm':
	case 'c':
		return 0;
	case 'W':
	case 'X':
		return word[2] ? 1 : 2;
	default:
		return 1;
	}
}

/* Where the interpreter's own options end: python3 -u -W ignore -m … */
static size_t python_options(const struct plan_command *command)
{
	size_t at = 1;
	while (at < command->count) {
		size_t words = python_option(command->words[at]);
		if (words == 0)
			break;
		at += words;
	}
	return at;
}

static bool is_same(const char *pattern, size_t length, const char *word)
{
	if (strlen(word) != length)
		return false;
	return memcmp(word, pattern, length) == 0;
}

static bool fits_word(const char *pattern, size_t length, const char *word)
{
	if (is_same(pattern, length, word))
		return true;
	return is_same(pattern, length, program_name(word));
}

/* The words of a pattern behind the first, from the command's word `at` on; 0: they do not fit. */
static size_t match_rest(const struct plan_command *command, const char *pattern, size_t at)
{
	while (*pattern) {
		pattern += strspn(pattern, " ");
		size_t length = strcspn(pattern, " ");
		if (at >= command->count)
			return 0;
		if (!fits_word(pattern, length, command->words[at]))
			return 0;
		pattern += length;
		at++;
	}
	return at;
}

/* Does this option, as it is typed, have the next word for its argument? */
static bool takes_next(const char *options, const char *word)
{
	word += strspn(word, "-");
	size_t length = strlen(word);
	for (const char *at = options; at && *at;) {
		at += strspn(at, " -");
		size_t part = strcspn(at, " ");
		if (length > 0 && part == length && !memcmp(at, word, length))
			return true;
		at += part;
	}
	return false;
}

/* Where the options of the program itself end: vegeta -cpus 2 attack. */
static size_t program_options(const struct plan_command *command, const char *options)
{
	size_t at = 1;
	while (options && at < command->count && command->words[at][0] == '-') {
		if (takes_next(options, command->words[at]))
			at++;
		at++;
	}
	return at;
}

/* How many words of the command the pattern takes; 0: it is another program. *ret_near: it is this
 * one, called in another way. */
static size_t match(const struct plan_command *command,
		const struct tool_reading *reading,
		const char *pattern,
		bool *ret_near)
{
	size_t length = strcspn(pattern, " ");
	const char *name = program_name(command->words[0]);
	const char *rest = pattern + length;
	if (is_same(pattern, length, "python")) {
		if (!is_interpreter(name))
			return 0;
		return match_rest(command, rest, python_options(command));
	}
	if (!fits_word(pattern, length, name))
		return 0;
	size_t at = 1;
	if (*rest)
		at = program_options(command, reading->program_options);
	size_t words = match_rest(command, rest, at);
	*ret_near = words == 0;
	return words;
}

const struct tool_rule *data_tool_of(const struct plan_context *context,
		const struct plan_command *command,
		size_t *ret_words,
		const struct tool_rule **ret_near)
{
	const struct rules *rules = data_rules(context);
	*ret_near = NULL;
	for (size_t i = rules->tool_count; i-- > 0;) {
		const struct tool_rule *tool = &rules->tools[i];
		const struct rule_text_list *programs = &tool->reading.programs;
		for (size_t k = 0; k < programs->count; k++) {
			bool near = false;
			size_t words = match(command, &tool->reading, programs->items[k], &near);
			*ret_words = words;
			if (words > 0)
				return tool;
			if (near)
				*ret_near = tool;
		}
	}
	return NULL;
}

bool data_knows(const struct plan_context *context, const struct plan_command *command)
{
	const struct tool_rule *near;
	size_t words;
	return data_tool_of(context, command, &words, &near) != NULL;
}

bool data_is_image(const char *image, const char *name)
{
	size_t length = strlen(name);
	const char *at = strstr(image, name);
	if (!at || (at > image && at[-1] != '/'))
		return false;
	return !at[length] || at[length] == ':' || at[length] == '@';
}

const char *data_program_of_image(const struct plan_context *context, const char *image)
{
	const struct rules *rules = data_rules(context);
	for (size_t i = rules->tool_count; i-- > 0;) {
		const struct tool_reading *reading = &rules->tools[i].reading;
		if (reading->programs.count == 0)
			continue;
		for (size_t k = 0; k < reading->images.count; k++) {
			const char *program = reading->programs.items[0];
			if (data_is_image(image, reading->images.items[k]))
				return arena_copy(context->arena, program, strcspn(program, " "));
		}
	}
	return NULL;
}
