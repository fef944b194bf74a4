/* Locust: users and spawn rate from flags, LOCUST_* variables and configuration files; what the
 * users do from the text of the locustfile (probes/plan/locust), which is never run. Sources
 * (2.47.0): locust/argument_parser.py, locust/main.py (RLIMIT_NOFILE). */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/locust/limits.h"
#include "probes/plan/locust/load.h"
#include "probes/plan/tool/tools.h"

enum {
	NOFILE_WANTED = 10000,
	CONFIGS_MAX = 4,
	OPTIONS_ADDED_MAX = 200
};

enum {
	O_FILE,
	O_CONFIG,
	O_HOST,
	O_USERS,
	O_RATE,
	O_TIME,
	O_LIST,
	O_CONFIG_USERS,
	O_WEB_HOST,
	O_WEB_PORT,
	O_HEADLESS,
	O_AUTOSTART,
	O_AUTOQUIT,
	O_WEB_LOGIN,
	O_TLS_CERT,
	O_TLS_KEY,
	O_PICKER,
	O_MASTER,
	O_BIND_HOST,
	O_BIND_PORT,
	O_EXPECT,
	O_EXPECT_WAIT,
	O_REBALANCE,
	O_WORKER,
	O_PROCESSES,
	O_MASTER_HOST,
	O_MASTER_PORT,
	O_TAGS,
	O_EXCLUDE,
	O_CSV,
	O_CSV_FULL,
	O_STATS,
	O_SUMMARY,
	O_RESET,
	O_HTML,
	O_JSON,
	O_JSON_FILE,
	O_NO_LOG,
	O_LEVEL,
	O_LOGFILE,
	O_RATIO,
	O_RATIO_JSON,
	O_VERSION,
	O_EXIT_CODE,
	O_STOP,
	O_EQUAL,
	O_PROFILE,
	O_OTEL,
	O_BASE_PATH,
	O_DISPLAY_NAME,
	O_HEADFUL,
	O_BUILD_PATH,
	O_HELP,
	OPTIONS
};

#define TEXT(n, l)             \
	{                          \
		n, l, TAKES_TEXT, NULL \
	}
#define SWITCH(n, l)              \
	{                             \
		n, l, TAKES_NOTHING, NULL \
	}
static const struct argument_option options[OPTIONS] = {
		[O_FILE] = TEXT("locustfile", 'f'),
		[O_CONFIG] = TEXT("config", 0),
		[O_HOST] = TEXT("host", 'H'),
		[O_USERS] = TEXT("users", 'u'),
		[O_RATE] = TEXT("spawn-rate", 'r'),
		[O_TIME] = TEXT("run-time", 't'),
		[O_LIST] = SWITCH("list", 'l'),
		[O_CONFIG_USERS] = TEXT("config-users", 0),
		[O_WEB_HOST] = TEXT("web-host", 0),
		[O_WEB_PORT] = TEXT("web-port", 'P'),
		[O_HEADLESS] = SWITCH("headless", 0),
		[O_AUTOSTART] = SWITCH("autostart", 0),
		[O_AUTOQUIT] = TEXT("autoquit", 0),
		[O_WEB_LOGIN] = SWITCH("web-login", 0),
		[O_TLS_CERT] = TEXT("tls-cert", 0),
		[O_TLS_KEY] = TEXT("tls-key", 0),
		[O_PICKER] = SWITCH("class-picker", 0),
		[O_MASTER] = SWITCH("master", 0),
		[O_BIND_HOST] = TEXT("master-bind-host", 0),
		[O_BIND_PORT] = TEXT("master-bind-port", 0),
		[O_EXPECT] = TEXT("expect-workers", 0),
		[O_EXPECT_WAIT] = TEXT("expect-workers-max-wait", 0),
		[O_REBALANCE] = SWITCH("enable-rebalancing", 0),
		[O_WORKER] = SWITCH("worker", 0),
		[O_PROCESSES] = TEXT("processes", 0),
		[O_MASTER_HOST] = TEXT("master-host", 0),
		[O_MASTER_PORT] = TEXT("master-port", 0),
		[O_TAGS] = TEXT("tags", 'T'),
		[O_EXCLUDE] = TEXT("exclude-tags", 'E'),
		[O_CSV] = TEXT("csv", 0),
		[O_CSV_FULL] = SWITCH("csv-full-history", 0),
		[O_STATS] = SWITCH("print-stats", 0),
		[O_SUMMARY] = SWITCH("only-summary", 0),
		[O_RESET] = SWITCH("reset-stats", 0),
		[O_HTML] = TEXT("html", 0),
		[O_JSON] = SWITCH("json", 0),
		[O_JSON_FILE] = TEXT("json-file", 0),
		[O_NO_LOG] = SWITCH("skip-log-setup", 0),
		[O_LEVEL] = TEXT("loglevel", 'L'),
		[O_LOGFILE] = TEXT("logfile", 0),
		[O_RATIO] = SWITCH("show-task-ratio", 0),
		[O_RATIO_JSON] = SWITCH("show-task-ratio-json", 0),
		[O_VERSION] = SWITCH("version", 'V'),
		[O_EXIT_CODE] = TEXT("exit-code-on-error", 0),
		[O_STOP] = TEXT("stop-timeout", 's'),
		[O_EQUAL] = SWITCH("equal-weights", 0),
		[O_PROFILE] = TEXT("profile", 0),
		[O_OTEL] = SWITCH("otel", 0),
		[O_BASE_PATH] = TEXT("web-base-path", 0),
		[O_DISPLAY_NAME] = TEXT("web-host-display-name", 0),
		[O_HEADFUL] = SWITCH("headful", 0),
		[O_BUILD_PATH] = TEXT("build-path", 0),
		[O_HELP] = SWITCH("help", 'h'),
};

struct locust {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct error *err;
	struct arguments arguments;
	/* Locust's own options and those that the locustfile declares. */
	struct argument_option *options;
	size_t option_count;
	struct document configs[CONFIGS_MAX]; /* the first that has a value wins */
	size_t config_count;
	struct locust_script script;
	struct locust_run run;
};

/* LOCUST_SPAWN_RATE of spawn-rate. */
static const char *locust_variable_name(const struct locust *l, size_t option)
{
	if (option == O_MASTER)
		return "LOCUST_MODE_MASTER";
	if (option == O_WORKER)
		return "LOCUST_MODE_WORKER";
	char *variable = arena_printf(l->plan->arena, "LOCUST_%s", options[option].name);
	for (char *at = variable; *at; at++) {
		*at = (char)toupper((unsigned char)*at);
		if (*at == '-')
			*at = '_';
	}
	return variable;
}

/* Flag, variable, configuration files (configargparse). */
static const char *locust_setting(const struct locust *l, size_t option, const char **ret_from)
{
	const struct argument *flag = arguments_last(&l->arguments, option);
	if (flag) {
		*ret_from = flag->shown;
		return flag->text ? flag->text : "true";
	}
	const char *variable = locust_variable_name(l, option);
	const char *set = plan_environment(l->context, l->command, variable);
	if (set) {
		*ret_from = variable;
		return set;
	}
	for (size_t i = 0; i < l->config_count; i++) {
		const struct tree_node *entry = tree_child(l->configs[i].root, options[option].name);
		if (!entry)
			continue;
		*ret_from = document_where(&l->configs[i], entry);
		return entry->text;
	}
	*ret_from = NULL;
	return NULL;
}

static bool locust_is_on(const struct locust *l, size_t option)
{
	const char *from, *text = locust_setting(l, option, &from);
	return text && strcmp(text, "false") != 0 && strcmp(text, "False") != 0 &&
			strcmp(text, "0") != 0;
}

static bool locust_number(const struct locust *l,
		size_t option,
		const struct quantity_syntax *quantity,
		double *ret,
		const char **ret_from)
{
	struct error inner;
	const char *from, *text = locust_setting(l, option, &from);
	if (!text)
		return true;
	*ret_from = from;
	return quantity_read(text, quantity, ret, &inner) ||
			error_set(l->err, "locust: %s: %s", from, inner.text);
}

static char *locust_trimmed(struct arena *arena, const char *start, const char *end)
{
	while (start < end && strchr(" \t\r\"'", *start))
		start++;
	while (end > start && strchr(" \t\r\"'", end[-1]))
		end--;
	return arena_copy(arena, start, (size_t)(end - start));
}

/* A comment behind a value needs a blank before it. */
static bool begins_comment(const char *value, const char *at)
{
	if (at == value || !strchr("#;", *at))
		return false;
	return strchr(" \t", at[-1]) != NULL;
}

/* "users = 100", "users: 100", "users 100", "headless"; of a TOML file only [tool.locust]. */
static const struct tree_node *locust_read_lines(struct arena *arena, const char *text, bool toml)
{
	struct tree_node *root = tree_add(arena, NULL, TREE_MAPPING, "", "", 1);
	bool ours = !toml;
	size_t line = 1;
	for (const char *at = text, *end; *at; at = end + (*end == '\n'), line++) {
		end = at + strcspn(at, "\n");
		at += strspn(at, " \t\r");
		if (toml && *at == '[')
			ours = !strncmp(at, "[tool.locust]", strlen("[tool.locust]"));
		if (at >= end || strchr("#;[", *at) || text_begins_with(at, "---") || !ours)
			continue;
		size_t name = strcspn(at, " \t=:\r\n");
		const char *value = at + name + strspn(at + name, " \t");
		value += *value == '=' || *value == ':';
		const char *stop = value;
		while (stop < end && !begins_comment(value, stop))
			stop++;
		const char *shown = stop > value ? locust_trimmed(arena, value, stop) : "true";
		(void)tree_add(arena, root, TREE_SCALAR, arena_copy(arena, at, name), shown, line);
	}
	return root;
}

static bool locust_read_config(struct locust *l, const char *path, const char *named_by)
{
	const char *bytes;
	size_t length;
	struct document *config = &l->configs[l->config_count];
	struct arena *arena = l->plan->arena;
	bool toml = text_ends_with(path, ".toml");
	if (!plan_file(l->context, l->command, path, named_by, &bytes, &length, l->err))
		return false;
	config->arena = arena;
	config->path = path;
	config->root = locust_read_lines(arena, bytes, toml);
	l->config_count++;
	return true;
}

/* Those that are there of --config, pyproject.toml, locust.conf and ~/.locust.conf; of a container
 * and of another machine only what the command names, and what lies in the current directory. */
static bool read_configs(struct locust *l, const char *path)
{
	struct arena *arena = l->plan->arena;
	const char *home = plan_environment(l->context, l->command, "HOME");
	const char *cwd = l->command->vantage.cwd;
	const char *defaults[] = {"pyproject.toml",
			"locust.conf",
			home ? arena_printf(arena, "%s/.locust.conf", home) : NULL};
	if (path && !locust_read_config(l, path, "--config"))
		return false;
	for (size_t i = 0; i < 3 && !l->command->vantage.container; i++) {
		const char *seen = defaults[i];
		if (seen && cwd && *seen != '/')
			seen = arena_printf(arena, "%s/%s", cwd, seen);
		bool there = seen && l->context->file_exists && l->context->file_exists(l->context, seen);
		if (there && !locust_read_config(l, defaults[i], "locust's default"))
			return false;
	}
	return true;
}

static bool is_long(const char *word, const char *name, const char **ret_value)
{
	size_t length = strlen(name);
	*ret_value = NULL;
	if (strncmp(word, "--", 2) != 0)
		return false;
	if (strncmp(word + 2, name, length) != 0)
		return false;
	const char *rest = word + 2 + length;
	if (*rest == '=')
		*ret_value = rest + 1;
	return !*rest || *rest == '=';
}

/* The locustfile has to be read before the options: it may declare some. */
static const char *early_option(const struct plan_command *command, const char *name, char letter)
{
	const char *found = NULL;
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i], *value = NULL;
		bool has_next = i + 1 < command->count;
		bool letters = word[0] == '-' && word[1] == letter && letter;
		if (letters && word[2])
			found = word + 2;
		else if ((letters || is_long(word, name, &value)) && (value || has_next))
			found = value ? value : command->words[i + 1];
	}
	return found;
}

static bool early_switch(const struct plan_command *command, const char *name)
{
	const char *value;
	for (size_t i = 1; i < command->count; i++)
		if (is_long(command->words[i], name, &value))
			return true;
	return false;
}

/* -f a.py,b.py; each may be a directory. Why it is not read is kept where that is no mistake. */
static bool read_scripts(struct locust *l)
{
	struct arena *arena = l->plan->arena;
	const char *named = early_option(l->command, "locustfile", 'f'), *named_by = "-f";
	const char *from = NULL;
	if (!named)
		named = locust_setting(l, O_FILE, &from);
	if (!named)
		named = "locustfile.py";
	if (from)
		named_by = from;
	else if (!strcmp(named, "locustfile.py"))
		named_by = "locust's default";
	else
		named_by = arena_printf(arena, "-f %s", text_clean(arena, named, strlen(named), 80));
	for (const char *at = named; *at;) {
		size_t length = strcspn(at, ",");
		const char *path = locust_trimmed(arena, at, at + length);
		struct error why = {0};
		if (strstr(path, "://"))
			l->run.unread =
					"Locust downloads the locustfile when it starts, so headroom cannot read it";
		else if (!locust_script_read(&l->script, path, named_by, &why)) {
			if (!l->command->vantage.container)
				return error_set(l->err, "%s", why.text);
			l->run.unread = "the locustfile is inside the container, where headroom cannot read it";
		}
		at += length + (at[length] == ',');
	}
	return true;
}

static void locust_add_option(struct locust *l, const char *name, enum argument_takes takes)
{
	if (l->option_count == OPTIONS + OPTIONS_ADDED_MAX)
		return;
	struct argument_option *added = &l->options[l->option_count++];
	*added = (struct argument_option){.takes = takes};
	if (text_begins_with(name, "--"))
		added->name = name + 2;
	else if (name[0] && name[1])
		added->letter = name[1];
}

static bool has_option(const struct locust *l, const char *name, size_t length)
{
	for (size_t i = 0; i < l->option_count; i++) {
		const char *known = l->options[i].name;
		if (known && length && !strncmp(known, name, length))
			return true;
	}
	return false;
}

/* Options of plug-ins, which nothing here declares: taken as they look, and asked about. */
static void locust_add_unknown(struct locust *l)
{
	const struct plan_command *command = l->command;
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		size_t length = 0;
		if (text_begins_with(word, "--"))
			length = strcspn(word + 2, "=");
		if (!length || has_option(l, word + 2, length))
			continue;
		enum argument_takes takes = TAKES_NOTHING;
		const char *next = command->words[i + 1];
		if (word[2 + length] || (next && *next != '-'))
			takes = TAKES_TEXT;
		locust_add_option(l, arena_copy(l->plan->arena, word, 2 + length), takes);
		const char *shown = text_clean(l->plan->arena, word, 2 + length, 60);
		plan_ask(l->plan,
				l->context,
				arena_printf(l->plan->arena,
						"%s is an option of a plug-in, and it is not known what it changes",
						shown),
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
	}
}

/* -T, -E and --config-users take all words up to the next option: only the first is left. */
static const char *const *without_lists(const struct locust *l, size_t *ret_count)
{
	static const char *const lists[] =
			{"-T", "--tags", "-E", "--exclude-tags", "--config-users", NULL};
	const struct plan_command *command = l->command;
	const char **words = arena_alloc(l->plan->arena, (command->count + 1) * sizeof *words);
	size_t count = 0, taken = 0;
	bool list = false;
	for (size_t i = 1; i < command->count; i++) {
		const char *word = command->words[i];
		if (word[0] == '-') {
			list = false;
			for (size_t j = 0; lists[j]; j++)
				list |= !strcmp(word, lists[j]);
			taken = 0;
		} else if (list && taken++) {
			continue;
		}
		words[count++] = word;
	}
	*ret_count = count;
	return words;
}

/* Classes of users that the command names, or LOCUST_USER_CLASSES. */
static void choose_classes(struct locust *l)
{
	struct arena *arena = l->plan->arena;
	struct name_list *chosen = &l->run.chosen;
	const struct arguments *arguments = &l->arguments;
	const char *at = plan_environment(l->context, l->command, "LOCUST_USER_CLASSES");
	for (size_t i = 0; i < arguments->word_count; i++)
		name_list_append(arena, chosen, arguments->words[i]);
	if (!at || chosen->count)
		return;
	while (*at) {
		size_t length = strcspn(at, " ");
		if (length)
			name_list_append(arena, chosen, arena_copy(arena, at, length));
		at += length;
		at += strspn(at, " ");
	}
}

static bool read_arguments(struct locust *l)
{
	size_t count;
	l->options = arena_alloc(l->plan->arena, (OPTIONS + OPTIONS_ADDED_MAX) * sizeof *l->options);
	memcpy(l->options, options, sizeof options);
	l->option_count = OPTIONS;
	for (size_t i = 0; i < l->script.options.count; i++)
		locust_add_option(l, l->script.options.items[i], TAKES_TEXT);
	for (size_t i = 0; i < l->script.switches.count; i++)
		locust_add_option(l, l->script.switches.items[i], TAKES_NOTHING);
	if (l->script.declares_at || l->script.plugins_at || l->run.unread)
		locust_add_unknown(l);
	struct argument_syntax *syntax = arena_alloc(l->plan->arena, sizeof *syntax);
	*syntax = (struct argument_syntax){"locust",
			ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
			l->options,
			l->option_count};
	const char *const *words = without_lists(l, &count);
	if (!arguments_read(l->plan->arena, syntax, words, count, &l->arguments, l->err))
		return false;
	choose_classes(l);
	return true;
}

/* locust/main.py: --processes -1 is os.cpu_count(), whatever taskset or a quota allow. */
static bool locust_set_processes(struct locust *l)
{
	double processes = 1, online = l->context->processors;
	const char *from = NULL, *text = locust_setting(l, O_PROCESSES, &from);
	if (text && strcmp(text, "-1") == 0)
		processes = isnan(online) ? 1 : online;
	else if (!locust_number(l, O_PROCESSES, &quantity_count, &processes, &from))
		return false;
	enum confidence confidence = CONFIDENCE_EXACT;
	if (isnan(online))
		confidence = CONFIDENCE_BOUND; /* of one process, the most for it */
	if (from)
		plan_number(l->plan, W_PROCESSES, fmax(1, processes), confidence, from);
	l->run.forked = from != NULL;
	return true;
}

/* What the locustfile itself asks the kernel for. True where that is the limit: a process may not
 * set a soft limit above its hard one. */
static bool set_own_limit(struct locust *l, double hard)
{
	struct locust_limit limit;
	if (!locust_limit_read(&l->script, &limit))
		return false;
	bool hardest = isinf(limit.soft);
	bool fits = limit.soft <= hard && !(limit.hard > hard && isfinite(limit.hard));
	bool raised_again = limit.soft < NOFILE_WANTED && !(limit.hard < NOFILE_WANTED);
	if (hardest)
		plan_choice(l->plan, W_NOFILE, "hard", CONFIDENCE_ESTIMATE, limit.where);
	else if (fits && !raised_again)
		plan_number(l->plan, W_NOFILE, limit.soft, CONFIDENCE_ESTIMATE, limit.where);
	else if (raised_again)
		return false; /* by Locust itself, behind it */
	else
		plan_find(l->plan,
				"plan-locust-limit",
				"warning",
				limit.where,
				"The locustfile sets the limit of open files here. headroom ignores it, because "
				"the number is not known or exceeds the hard limit.");
	return hardest || fits;
}

/* locust/main.py: a soft limit below 10000 is raised to 10000 where the hard one allows. */
static void locust_set_limits(struct locust *l)
{
	struct plan *plan = l->plan;
	double soft = l->context->nofile_soft, hard = l->context->nofile_hard;
	if (plan->vantage.nofile_soft > 0)
		soft = plan->vantage.nofile_soft;
	if (plan->vantage.nofile_hard > 0)
		hard = plan->vantage.nofile_hard;
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "Locust connects without bind");
	if (set_own_limit(l, hard))
		return;
	bool low = soft < NOFILE_WANTED, enough = soft >= NOFILE_WANTED;
	if (low && hard >= NOFILE_WANTED)
		plan_number(plan,
				W_NOFILE,
				NOFILE_WANTED,
				CONFIDENCE_EXACT,
				"Locust raises a lower soft limit to 10000");
	else if (enough || hard < NOFILE_WANTED)
		plan_choice(plan,
				W_NOFILE,
				"soft",
				CONFIDENCE_EXACT,
				"Locust raises its soft limit only to 10000, if it may");
	else
		plan_choice(plan,
				W_NOFILE,
				"soft",
				CONFIDENCE_BOUND,
				"it is not known whether Locust may raise it to 10000");
}

static bool read_settings(struct locust *l)
{
	struct locust_run *run = &l->run;
	const char *ignored;
	run->users = 1;
	run->rate_per_s = 1;
	run->run_s = NAN;
	run->users_from = "locust's default: 1 user";
	run->rate_from = "locust's default: 1 per second";
	run->host = locust_setting(l, O_HOST, &run->host_from);
	run->typed = !locust_setting(l, O_USERS, &ignored) && !locust_is_on(l, O_HEADLESS) &&
			!locust_is_on(l, O_AUTOSTART);
	return locust_number(l, O_USERS, &quantity_count, &run->users, &run->users_from) &&
			locust_number(l, O_RATE, &quantity_decimal, &run->rate_per_s, &run->rate_from) &&
			locust_number(l, O_TIME, &quantity_locust_time, &run->run_s, &run->run_from);
}

static bool read_locust(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct locust l = {.context = context,
			.command = command,
			.plan = plan,
			.err = err,
			.script = {.context = context, .command = command, .plan = plan, .arena = plan->arena}};
	static const struct argument_syntax none = {"locust", 0, options, OPTIONS};
	l.arguments.syntax = &none;
	l.run.script = &l.script;
	const char *config = early_option(command, "config", 0);
	bool spread = early_switch(command, "worker") || early_switch(command, "master");
	if (!read_configs(&l, config))
		return false;
	if (!spread && !read_scripts(&l))
		return false;
	if (spread)
		l.run.unread = "";
	if (!read_arguments(&l))
		return false;
	locust_set_limits(&l);
	if (spread || locust_is_on(&l, O_WORKER) || locust_is_on(&l, O_MASTER)) {
		plan_choice(plan, W_CLOSER, "client", CONFIDENCE_ESTIMATE, "when a user stops");
		plan_ask(plan,
				context,
				"with --master and --worker the users are spread over workers: how many "
				"connections does this host have",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	return locust_set_processes(&l) && read_settings(&l) && locust_set_load(&l.run, err);
}

static const char *const programs[] = {"locust", NULL};
static const char *const images[] = {"locustio/locust", NULL};
const struct plan_reader plan_reader_locust = {
		.tool = "locust",
		.programs = programs,
		.images = images,
		.runtime = "python",
		.read = read_locust,
		.help = "-u -r -t -H --processes, LOCUST_* variables, locust.conf, the locustfile's text",
};
