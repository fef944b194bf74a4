/* Taurus (bzt): configurations in YAML or JSON, merged, with -o over them; what they start is read
 * by the reader of that tool. Source (1.17.2): bzt/cli.py. */
#include <string.h>
#include <strings.h>

#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/taurus/taurus.h"
#include "probes/plan/tool/tools.h"

enum {
	O_LOG,
	O_OPTION,
	O_QUIET,
	O_VERBOSE,
	O_NO_SYSTEM,
	O_VERSION,
	O_HELP,
	OPTIONS
};

#define TEXT(name, letter)             \
	{                                  \
		name, letter, TAKES_TEXT, NULL \
	}
#define SWITCH(name, letter)              \
	{                                     \
		name, letter, TAKES_NOTHING, NULL \
	}
static const struct argument_option options[OPTIONS] = {
		[O_LOG] = TEXT("log", 'l'),
		[O_OPTION] = TEXT("option", 'o'),
		[O_QUIET] = SWITCH("quiet", 'q'),
		[O_VERBOSE] = SWITCH("verbose", 'v'),
		[O_NO_SYSTEM] = SWITCH("no-system-configs", 'n'),
		[O_VERSION] = SWITCH("version", 0),
		[O_HELP] = SWITCH("help", 'h'),
};

static const struct argument_syntax syntax = {"bzt",
		ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

static bool word_ends_with(const char *text, const char *end)
{
	size_t length = strlen(text);
	size_t tail = strlen(end);
	return length > tail && strcasecmp(text + length - tail, end) == 0;
}

/* Words that stand for a configuration: a test plan, or URLs under a load that grows for a minute
 * to 600 requests a second of at most 500 users (cli.py, __get_url_shorthands). */
static const char *shorthand(struct taurus *t, const char *word)
{
	if (word_ends_with(word, ".jmx"))
		return arena_printf(t->arena,
				"{execution: [{executor: jmeter, scenario: {script: \"%s\"}}]}",
				word);
	return arena_printf(t->arena,
			"{execution: [{executor: jmeter, concurrency: 500, hold-for: 2m, throughput: 600, "
			"scenario: {keepalive: false, retrieve-resources: false, requests: [\"%s\"]}}]}",
			word);
}

static bool add_shorthand(struct taurus *t, const char *word)
{
	struct document document;
	const char *text = shorthand(t, word);
	if (strpbrk(word, "\"\\"))
		return error_set(t->err, "bzt: %.60s: neither a file nor a URL", word);
	if (!document_parse(t->context, word, "yaml", text, strlen(text), &document, t->err))
		return false;
	return taurus_add_tree(t, word, document.root);
}

/* Aliases begin with a dash and have no option of that letter: -cloud, -report. */
static const char **without_aliases(struct taurus *t, size_t *ret_count, bool *ret_cloud)
{
	static const char *const aliases[] = {"-detach",
			"-func",
			"-gui",
			"-install-tools",
			"-local",
			"-locations",
			"-report",
			"-cloud"};
	const char **words = arena_alloc(t->arena, t->command->count * sizeof *words);
	*ret_count = 0;
	for (size_t i = 1; i < t->command->count; i++) {
		const char *word = t->command->words[i];
		bool alias = false;
		for (size_t a = 0; a < sizeof aliases / sizeof *aliases; a++)
			alias |= strcmp(aliases[a], word) == 0;
		*ret_cloud |= strcmp(word, "-cloud") == 0;
		if (!alias)
			words[(*ret_count)++] = word;
	}
	return words;
}

/* ~/.bzt-rc, which comes before all others. */
static bool add_own_file(struct taurus *t, const struct arguments *arguments)
{
	const char *home = plan_environment(t->context, t->command, "HOME");
	if (!home || arguments_given(arguments, O_NO_SYSTEM) || !t->context->file_exists ||
			!plan_sees_host(t->context, t->command))
		return true;
	const char *path = arena_printf(t->arena, "%s/.bzt-rc", home);
	return !t->context->file_exists(t->context, path) || taurus_add_file(t, path);
}

static bool read_configurations(struct taurus *t, const struct arguments *arguments)
{
	size_t cursor = 0;
	if (!add_own_file(t, arguments))
		return false;
	t->shown = NULL;
	for (size_t i = 0; i < arguments->word_count; i++) {
		const char *word = arguments->words[i];
		bool short_hand = word_ends_with(word, ".jmx") || strstr(word, "://");
		bool good;
		if (short_hand)
			good = add_shorthand(t, word);
		else
			good = taurus_add_file(t, word);
		if (!good)
			return false;
	}
	for (const struct argument *flag; (flag = arguments_next(arguments, O_OPTION, &cursor));)
		if (!taurus_override(t, flag->text))
			return false;
	return true;
}

static bool runs_elsewhere(const struct taurus *t, bool cloud)
{
	const char *provisioning = taurus_text(t->config, "provisioning");
	return cloud || (provisioning && strcmp(provisioning, "cloud") == 0);
}

static bool read_taurus(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct taurus *t = arena_alloc(plan->arena, sizeof *t);
	struct arguments arguments;
	bool cloud = false;
	size_t count;
	t->context = context;
	t->command = command;
	t->plan = plan;
	t->arena = plan->arena;
	t->err = err;
	t->config = tree_add(t->arena, NULL, TREE_MAPPING, "", "", 1);
	t->j = jmeter_begin(context, command, plan, err);
	const char **words = without_aliases(t, &count, &cloud);
	if (!arguments_read(t->arena, &syntax, words, count, &arguments, err))
		return false;
	if (!arguments.word_count)
		return error_set(err, "bzt: no configuration: write bzt FILE.yml");
	if (!read_configurations(t, &arguments))
		return false;
	if (runs_elsewhere(t, cloud))
		return error_set(err, "bzt: the load comes from the cloud, not from this host");
	t->j->document.path = t->shown;
	t->j->document.root = t->config;
	t->j->document.arena = t->arena;
	plan_choice(plan,
			W_BIND,
			"none",
			CONFIDENCE_ESTIMATE,
			"the tools that Taurus starts connect without bind");
	return taurus_executions(t);
}

static const char *const programs[] = {"bzt", NULL};
static const char *const images[] = {"blazemeter/taurus", NULL};
const struct plan_reader plan_reader_taurus = {
		.tool = "taurus",
		.programs = programs,
		.images = images,
		.runtime = "python",
		.read = read_taurus,
		.help = "its YAML: executions and scenarios, -o; JMeter, Locust, apiritif, ab, k6",
};
