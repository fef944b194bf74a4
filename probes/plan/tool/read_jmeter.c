/* JMeter: thread groups of a .jmx file, their hosts, ramps and connection settings, with the
 * properties of the command line put in. What a variable from a file or a script decides is asked
 * for. Sources (5.6.3): bin/jmeter.properties, HTTPHC4Impl.java, HTTPSamplerBase.java,
 * AbstractThreadGroupSchema.kt. */
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/jmeter/jmeter.h"
#include "probes/plan/tool/tools.h"

enum {
	O_NO_GUI,
	O_PLAN,
	O_LOG,
	O_JMETER_LOG,
	O_ADD,
	O_PROPERTIES,
	O_PROPERTY,
	O_GLOBAL,
	O_SYSTEM,
	O_SYSTEM_FILE,
	O_LEVEL,
	O_REMOTE,
	O_REMOTE_START,
	O_REMOTE_EXIT,
	O_PROXY_HOST,
	O_PROXY_PORT,
	O_PROXY_USER,
	O_PROXY_PASSWORD,
	O_NO_PROXY,
	O_HOME,
	O_SERVER,
	O_REPORT,
	O_REPORT_DIR,
	O_REPORT_ONLY,
	O_FORCE,
	O_VERSION,
	O_HELP,
	O_OPTIONS,
	OPTIONS
};

#define SWITCH(name, letter)              \
	{                                     \
		name, letter, TAKES_NOTHING, NULL \
	}
#define TEXT(name, letter)             \
	{                                  \
		name, letter, TAKES_TEXT, NULL \
	}

static const struct argument_option options[OPTIONS] = {
		[O_NO_GUI] = SWITCH("nongui", 'n'),
		[O_PLAN] = TEXT("testfile", 't'),
		[O_LOG] = TEXT("logfile", 'l'),
		[O_JMETER_LOG] = TEXT("jmeterlogfile", 'j'),
		[O_ADD] = TEXT("addprop", 'q'),
		[O_PROPERTIES] = TEXT("propfile", 'p'),
		[O_PROPERTY] = TEXT("jmeterproperty", 'J'),
		[O_GLOBAL] = TEXT("globalproperty", 'G'),
		[O_SYSTEM] = TEXT("systemproperty", 'D'),
		[O_SYSTEM_FILE] = TEXT("systemPropertyFile", 'S'),
		[O_LEVEL] = TEXT("loglevel", 'L'),
		[O_REMOTE] = SWITCH("runremote", 'r'),
		[O_REMOTE_START] = TEXT("remotestart", 'R'),
		[O_REMOTE_EXIT] = SWITCH("remoteexit", 'X'),
		[O_PROXY_HOST] = TEXT("proxyHost", 'H'),
		[O_PROXY_PORT] = TEXT("proxyPort", 'P'),
		[O_PROXY_USER] = TEXT("username", 'u'),
		[O_PROXY_PASSWORD] = TEXT("password", 'a'),
		[O_NO_PROXY] = TEXT("nonProxyHosts", 'N'),
		[O_HOME] = TEXT("homedir", 'd'),
		[O_SERVER] = SWITCH("server", 's'),
		[O_REPORT] = SWITCH("reportatendofloadtests", 'e'),
		[O_REPORT_DIR] = TEXT("reportoutputfolder", 'o'),
		[O_REPORT_ONLY] = TEXT("reportonly", 'g'),
		[O_FORCE] = SWITCH("forceDeleteResultFile", 'f'),
		[O_VERSION] = SWITCH("version", 'v'),
		[O_HELP] = SWITCH("help", 'h'),
		[O_OPTIONS] = SWITCH(NULL, '?'),
};

static const struct argument_syntax syntax = {"jmeter",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

/* The command line while it is read. */
struct command_line {
	struct jmeter *j;
	struct arguments arguments;
	const char *program; /* as the command names JMeter: bin/jmeter, …/ApacheJMeter.jar */
};

static bool read_property_file(struct jmeter *j, const char *path, const char *named_by)
{
	struct document document;
	if (!document_read(j->context, j->command, path, "lines", named_by, &document, j->err))
		return false;
	for (const struct tree_node *at = document.root->child; at; at = at->next)
		jmeter_property_set(&j->properties, at->name, at->text, document_where(&document, at));
	return true;
}

/* A file that JMeter reads by itself: in the current directory (not jmeter.properties), else in the
 * directory of the program, where the command says which that is (JMeterUtils.java, findFile). */
static bool read_own_file(struct command_line *line, const char *name, bool here)
{
	const struct plan_context *context = line->j->context;
	const char *slash = strrchr(line->program, '/');
	const char *path = name;
	const struct plan_command *command = line->j->command;
	if (here && plan_file_exists(context, command, name))
		return read_property_file(line->j, name, name);
	if (!slash || context->elsewhere)
		return true;
	path = arena_printf(line->j->arena,
			"%.*s/%s",
			(int)(slash - line->program),
			line->program,
			name);
	return !plan_file_exists(context, command, path) || read_property_file(line->j, path, name);
}

static bool set_property(struct jmeter *j, const struct argument *flag)
{
	const char *equals = strchr(flag->text, '=');
	if (!equals)
		return error_set(j->err, "jmeter: %s: write it as NAME=VALUE", flag->shown);
	jmeter_property_set(&j->properties,
			arena_copy(j->arena, flag->text, (size_t)(equals - flag->text)),
			equals + 1,
			flag->shown);
	return true;
}

/* -p instead of jmeter.properties, then user.properties, then -q and -J as they stand: the last one
 * of a name wins (JMeter.java, initializeProperties()). */
static bool read_properties(struct command_line *line)
{
	const char *own = arguments_text(&line->arguments, O_PROPERTIES, NULL);
	bool good;
	if (own)
		good = read_property_file(line->j, own, "-p");
	else
		good = read_own_file(line, "jmeter.properties", false);
	if (!good || !read_own_file(line, "user.properties", true))
		return false;
	for (size_t i = 0; i < line->arguments.item_count; i++) {
		const struct argument *flag = &line->arguments.items[i];
		if (flag->option == O_ADD && !read_property_file(line->j, flag->text, "-q"))
			return false;
		if (flag->option == O_PROPERTY && !set_property(line->j, flag))
			return false;
	}
	return true;
}

/* The text of the last -DNAME=…, NULL if there is none. */
static const char *system_property(const struct command_line *line, const char *name)
{
	const char *found = NULL;
	size_t length = strlen(name);
	size_t cursor = 0;
	for (const struct argument *flag; (flag = arguments_next(&line->arguments, O_SYSTEM, &cursor));)
		if (strncmp(flag->text, name, length) == 0 && flag->text[length] == '=')
			found = flag->text + length + 1;
	return found;
}

static bool read_proxy(struct command_line *line)
{
	struct jmeter *j = line->j;
	const char *host = arguments_text(&line->arguments, O_PROXY_HOST, NULL);
	const char *port = arguments_text(&line->arguments, O_PROXY_PORT, NULL);
	if (host && !port)
		return error_set(j->err, "jmeter: -H names a proxy, but its port is missing: add -P PORT");
	if (!host) {
		host = system_property(line, "http.proxyHost");
		port = system_property(line, "http.proxyPort");
	}
	if (!host || !*host || !port)
		return true;
	j->proxy = plan_url_target(j->arena, arena_printf(j->arena, "%s:%s", host, port), j->err);
	return j->proxy != NULL;
}

/* `java … -jar …/ApacheJMeter.jar WORDS`: the place of the jar; 0 if it is not that. */
static size_t jar_at(const struct plan_command *command)
{
	static const char jar[] = "ApacheJMeter.jar";
	for (size_t i = 2; i < command->count; i++) {
		bool is_jar = strcmp(command->words[i - 1], "-jar") == 0;
		if (is_jar && jmeter_ends_with(command->words[i], jar))
			return i;
	}
	return 0;
}

static bool jmeter_matches(const struct plan_command *command)
{
	return jar_at(command) > 0;
}

static bool read_jmeter(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	size_t skipped = jar_at(command) + 1;
	struct jmeter *j = jmeter_begin(context, command, plan, err);
	struct command_line line = {.j = j};
	line.program = command->words[skipped - 1];
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + skipped,
				command->count - skipped,
				&line.arguments,
				err))
		return false;
	if (arguments_given(&line.arguments, O_REMOTE) ||
			arguments_given(&line.arguments, O_REMOTE_START))
		return error_set(err,
				"jmeter: with -r or -R the load comes from other hosts, not from this one");
	const char *path = arguments_text(&line.arguments, O_PLAN, NULL);
	plan->idle = !path && arguments_given(&line.arguments, O_REPORT_ONLY);
	if (plan->idle)
		return error_set(err, "jmeter: -g writes a report and makes no load");
	if (!path)
		return error_set(err, "jmeter: no test plan: name it with -t FILE");
	if (!arguments_given(&line.arguments, O_NO_GUI))
		plan_find(plan,
				"plan-jmeter-gui",
				"note",
				NULL,
				"Without -n, JMeter opens its window and does not start the test by itself.");
	return read_properties(&line) && read_proxy(&line) && jmeter_read_file(j, path, "-t") &&
			jmeter_conclude(j);
}

static const char *const programs[] = {"jmeter", "jmeter.sh", "jmeter-n", NULL};
static const char *const images[] = {"justb4/jmeter", "alpine/jmeter", NULL};
const struct plan_reader plan_reader_jmeter = {
		.tool = "jmeter",
		.programs = programs,
		.images = images,
		.runtime = "java",
		.matches = jmeter_matches,
		.read = read_jmeter,
		.help = "the .jmx of -t: thread groups, hosts, keep-alive; -J, -q and -p in ${__P()}",
};
