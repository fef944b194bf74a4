/* Does the command, by its own words, only direct others that make the load? */
#include <string.h>

#include "audit/gate/gate.h"
#include "base/array.h"
#include "base/text.h"

/* A tool with one of these words leads workers that run elsewhere. */
struct leader {
	const char *tool;
	const char *words[5]; /* "--word" also stands for "--word=…" */
	const char *unless;   /* with this word the workers are its own; NULL: they never are */
	const char *what;
};

static const struct leader leaders[] = {
		{"locust",
				{"--master", "--expect-workers"},
				"--processes",
				"a Locust master only directs workers, which create the load"},
		{"jmeter",
				{"-R", "-r", "--remotestart", "--runremote"},
				NULL,
				"JMeter runs the test on its remote engines"},
		{"k6", {"cloud"}, "--local-execution", "k6 cloud runs the test elsewhere"},
		{"artillery",
				{"run-fargate", "run:fargate", "run-lambda", "run:lambda", "run:aci"},
				NULL,
				"Artillery runs the test in the cloud"},
};

/* The words of the command, those of a shell's text as well. */
static struct name_list words_of(const struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	const struct name_list *given = &gate->options->child;
	struct name_list words = {0};
	for (size_t i = 0; i < given->count; i++) {
		char *rest = arena_strdup(arena, given->items[i]);
		for (char *word; (word = strsep(&rest, " \t\n;&|()\"'"));)
			if (*word)
				name_list_append(arena, &words, word);
	}
	return words;
}

static bool elsewhere_is_tool(const char *word, const char *tool)
{
	const char *slash = strrchr(word, '/');
	if (slash)
		word = slash + 1;
	size_t length = strlen(tool);
	return !strncmp(word, tool, length) && (!word[length] || word[length] == '.');
}

static bool elsewhere_is_word(const char *given, const char *word)
{
	size_t length = strlen(word);
	bool long_word = text_begins_with(word, "--");
	if (strncmp(given, word, length) != 0)
		return false;
	return !given[length] || (long_word && given[length] == '=');
}

static bool has_word(const struct name_list *words, size_t from, const char *word)
{
	for (size_t i = from; word && i < words->count; i++)
		if (elsewhere_is_word(words->items[i], word))
			return true;
	return false;
}

static bool leads(const struct leader *leader, const struct name_list *words, size_t at)
{
	if (!elsewhere_is_tool(words->items[at], leader->tool))
		return false;
	if (has_word(words, at, leader->unless))
		return false;
	for (size_t i = 0; i < COUNT_OF(leader->words); i++)
		if (has_word(words, at + 1, leader->words[i]))
			return true;
	return false;
}

void gate_find_elsewhere(struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	struct charge *charge = &gate->found[CHARGE_UNSEEN];
	const struct name_list words = words_of(gate);
	for (size_t i = 0; i < COUNT_OF(leaders); i++) {
		for (size_t at = 0; at < words.count; at++) {
			if (!leads(&leaders[i], &words, at))
				continue;
			charge->sentence =
					arena_printf(arena, "headroom could not see the load: %s.", leaders[i].what);
			charge->fix =
					"Run headroom gate around each worker, since the workers open the connections.";
			return;
		}
	}
}
