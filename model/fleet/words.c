/* A table of tools, and their options in a command as getopt_long and Go's flag package find them.
 */
#include "model/fleet/words.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "base/unit.h"

static const struct divided_tool tools[] = {
		{
				.program = "wrk",
				.options = {{'t', "threads", DIVIDED_THREADS, "2"},
						{'c', "connections", DIVIDED_COUNT, "10"},
						{'R', "rate", DIVIDED_COUNT, NULL}},
				.option_count = 3,
		},
		{
				.program = "wrk2",
				.options = {{'t', "threads", DIVIDED_THREADS, "2"},
						{'c', "connections", DIVIDED_COUNT, "10"},
						{'R', "rate", DIVIDED_COUNT, NULL}},
				.option_count = 3,
		},
		{
				.program = "vegeta",
				.verb = "attack",
				.go = true,
				.options = {{0, "rate", DIVIDED_GO_RATE, "50/1s"},
						{0, "max-workers", DIVIDED_COUNT, NULL},
						{0, "max-connections", DIVIDED_COUNT, NULL}},
				.option_count = 3,
				.already = {"-lazy", "--lazy"},
		},
		{
				.program = "locust",
				.options = {{'u', "users", DIVIDED_COUNT, "1"},
						{'r', "spawn-rate", DIVIDED_NUMBER, "1"}},
				.option_count = 2,
				.already = {"--master", "--worker"},
		},
		{
				.program = "k6",
				.verb = "run",
				.already = {"--execution-segment"},
		},
		{
				.program = "jmeter",
				.already = {"-R", "--remotestart", "-r"},
		},
};

static bool names_program(const char *word, const char *program)
{
	const char *slash = strrchr(word, '/');
	if (strstr(word, "://"))
		return false;
	if (slash)
		word = slash + 1;
	return strcmp(word, program) == 0;
}

static bool begins_here(const struct divided_tool *tool, const struct name_list *words, size_t at)
{
	if (!names_program(words->items[at], tool->program))
		return false;
	if (!tool->verb)
		return true;
	return at + 1 < words->count && strcmp(words->items[at + 1], tool->verb) == 0;
}

const struct divided_tool *divided_tool_of(const struct name_list *words, size_t *ret_first)
{
	for (size_t at = 0; at < words->count; at++) {
		for (size_t i = 0; i < COUNT_OF(tools); i++) {
			if (!begins_here(&tools[i], words, at))
				continue;
			*ret_first = at + 1;
			if (tools[i].verb)
				*ret_first = at + 2;
			return &tools[i];
		}
	}
	return NULL;
}

bool words_have(const struct name_list *words, size_t first, const char *begin)
{
	for (size_t i = first; i < words->count; i++)
		if (text_begins_with(words->items[i], begin))
			return true;
	return false;
}

/* "--name=VALUE" or "--name" with the value in the next word. */
static bool long_place(const struct name_list *words,
		size_t at,
		const char *name,
		struct option_place *ret)
{
	const char *word = words->items[at];
	size_t length = strlen(name);
	if (strncmp(word, name, length) != 0)
		return false;
	if (word[length] == '=') {
		*ret = (struct option_place){.word = at, .offset = length + 1};
		return true;
	}
	if (word[length] != '\0' || at + 1 == words->count)
		return false;
	*ret = (struct option_place){.word = at + 1, .offset = 0};
	return true;
}

static bool short_place(const struct name_list *words,
		size_t at,
		char letter,
		struct option_place *ret)
{
	const char *word = words->items[at];
	if (letter == '\0' || word[0] != '-' || word[1] != letter)
		return false;
	if (word[2] != '\0') {
		*ret = (struct option_place){.word = at, .offset = 2};
		return true;
	}
	if (at + 1 == words->count)
		return false;
	*ret = (struct option_place){.word = at + 1, .offset = 0};
	return true;
}

static bool place_at(const struct divided_tool *tool,
		const struct divided_option *option,
		const struct name_list *words,
		size_t at,
		struct option_place *ret)
{
	const char *word = words->items[at];
	size_t dashes = strspn(word, "-");
	if (dashes == 2 || (tool->go && dashes == 1)) {
		char name[40] = "--";
		(void)strcpy(name + dashes, option->name);
		return long_place(words, at, name, ret);
	}
	return short_place(words, at, option->letter, ret);
}

bool option_find(const struct divided_tool *tool,
		const struct divided_option *option,
		const struct name_list *words,
		size_t first,
		struct option_place *ret)
{
	bool found = false;
	for (size_t i = first; i < words->count; i++)
		found |= place_at(tool, option, words, i, ret);
	return found;
}

double words_multiple(const struct name_list *words, double connections, size_t hosts)
{
	size_t first;
	struct option_place place;
	double threads = 2;
	struct error err;
	const struct divided_tool *tool = divided_tool_of(words, &first);
	if (!tool || tool->option_count == 0 || tool->options[0].as != DIVIDED_THREADS)
		return 1;
	if (option_find(tool, &tool->options[0], words, first, &place) &&
			!unit_parse(words->items[place.word] + place.offset, UNIT_COUNT, &threads, &err))
		return 1;
	if (!(threads > 1) || fmod(connections, threads) != 0)
		return 1;
	if (connections / threads < (double)hosts)
		return 1;
	return threads;
}
