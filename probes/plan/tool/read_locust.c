/* Locust: users and spawn rate from flags, LOCUST_* variables and locust.conf; hosts from --host
 * and the URLs written out in the locustfile, which is read as text and never run. Sources
 * (2.46.3): locust/argument_parser.py, locust/main.py (RLIMIT_NOFILE). */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	NOFILE_WANTED = 10000,
	HOSTS_MAX = 64
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
		[O_HELP] = SWITCH("help", 'h'),
};

static const struct argument_syntax syntax = {"locust",
		ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

struct locust {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct error *err;
	struct arguments arguments;
	struct document config;
	bool has_config;
	const char *hosts[HOSTS_MAX];
	size_t host_count;
};

/* Flag, variable, configuration file (configargparse). */
static const char *locust_setting(const struct locust *l, size_t option, const char **ret_from)
{
	struct arena *arena = l->plan->arena;
	char *variable = arena_printf(arena, "LOCUST_%s", options[option].name);
	for (char *at = variable; *at; at++)
		*at = *at == '-' ? '_' : (char)toupper((unsigned char)*at);
	const struct argument *flag = arguments_last(&l->arguments, option);
	const char *set = plan_environment(l->context, l->command, variable);
	const struct tree_node *entry = l->has_config ? tree_child(l->config.root, options[option].name)
												  : NULL;
	*ret_from = flag ? flag->shown
			: set    ? variable
			: entry  ? document_where(&l->config, entry)
					 : NULL;
	return flag ? (flag->text ? flag->text : "true") : set ? set : entry ? entry->text : NULL;
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

static bool locust_read_config(struct locust *l)
{
	const char *path = arguments_text(&l->arguments, O_CONFIG, NULL), *named_by = "--config";
	const char *home = plan_environment(l->context, l->command, "HOME"),
			   *cwd = l->command->vantage.cwd;
	const char *defaults[] = {"locust.conf",
			home ? arena_printf(l->plan->arena, "%s/.locust.conf", home) : NULL};
	size_t looked = l->command->vantage.container ? 0 : 2;
	for (size_t i = 0; !path && i < looked; i++) {
		const char *seen = i == 0 && cwd ? arena_printf(l->plan->arena, "%s/%s", cwd, defaults[i])
										 : defaults[i];
		if (seen && l->context->file_exists && l->context->file_exists(l->context, seen))
			path = defaults[i];
		named_by = "locust's default";
	}
	l->has_config = path != NULL;
	return !path ||
			document_read(l->context, l->command, path, "lines", named_by, &l->config, l->err);
}

static void locust_add_host(struct locust *l, const char *url)
{
	struct error ignored;
	const char *target = plan_url_target(l->plan->arena, url, &ignored);
	for (size_t i = 0; target && i < l->host_count; i++)
		if (strcmp(l->hosts[i], target) == 0)
			return;
	if (target && l->host_count < HOSTS_MAX)
		l->hosts[l->host_count++] = target;
}

/* Quoted URLs; those on a line that begins with "#" are left out, and so is a `host =` that --host
 * replaces. */
static void scan(struct locust *l, const char *text, bool host_given)
{
	for (const char *at = text; (at = strstr(at, "://")); at += 3) {
		const char *start = at, *line = at;
		while (start > text && isalpha((unsigned char)start[-1]))
			start--;
		while (line > text && line[-1] != '\n')
			line--;
		line += strspn(line, " \t");
		size_t length = strcspn(start, "\"'\n\\ ){");
		bool quoted = start > text && strchr("\"'", start[-1]),
			 web = text_begins_with(start, "http") || *start == 'w';
		if (*line == '#' || !quoted || !web || start[length] == '{' ||
				(host_given && text_begins_with(line, "host")))
			continue;
		locust_add_host(l, arena_copy(l->plan->arena, start, length));
	}
}

/* Hosts by --host, then by the text of the locustfile, if it is one file that is there. */
static bool read_hosts(struct locust *l)
{
	const char *from, *host = locust_setting(l, O_HOST, &from), *file_from,
					  *file = locust_setting(l, O_FILE, &file_from), *bytes = "";
	size_t length = 0;
	double given = plan_given(l->context, W_DESTINATIONS);
	if (host)
		locust_add_host(l, host);
	struct error unseen = {0};
	if (l->command->vantage.container) { /* read if a mount shows it */
		if (file && !strchr(file, ',') &&
				plan_file(l->context, l->command, file, file_from, &bytes, &length, &unseen))
			scan(l, bytes, host != NULL);
	} else {
		const char *path = file ? file : "locustfile.py";
		if (!strchr(path, ',') && !strstr(path, "://") &&
				!plan_file(l->context,
						l->command,
						path,
						file ? file_from : "locust's default",
						&bytes,
						&length,
						l->err))
			return false;
		if (!strchr(path, ',') && !strstr(path, "://"))
			scan(l, bytes, host != NULL);
	}
	if (!isnan(given))
		return true;
	if (!l->host_count) {
		plan_ask(l->plan,
				l->context,
				"neither --host nor the locustfile's text names a host",
				W_DESTINATIONS,
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	const char **items = arena_alloc(l->plan->arena, l->host_count * sizeof *items);
	memcpy(items, l->hosts, l->host_count * sizeof *items);
	return plan_destinations(l->plan,
			items,
			l->host_count,
			CONFIDENCE_ESTIMATE,
			host ? arena_printf(l->plan->arena, "%s, and URLs in the locustfile", from)
				 : "URLs in the locustfile",
			l->err);
}

/* Each user has a session, and in it a connection per host. A user stops when the test does, so
 * they stay. */
static bool locust_set_load(struct locust *l)
{
	struct plan *plan = l->plan;
	double users = 1, rate = 1, run_s = NAN, given = plan_given(l->context, W_DESTINATIONS);
	const char *from = "locust's default: 1 user", *rate_from = "locust's default: 1 per second",
			   *run_from = NULL;
	if (!locust_number(l, O_USERS, &quantity_count, &users, &from) ||
			!locust_number(l, O_RATE, &quantity_decimal, &rate, &rate_from) ||
			!locust_number(l, O_TIME, &quantity_locust_time, &run_s, &run_from))
		return false;
	const char *ignored;
	if (!locust_setting(l, O_USERS, &ignored) && !locust_is_on(l, O_HEADLESS) &&
			!locust_is_on(l, O_AUTOSTART)) {
		plan_ask(plan,
				l->context,
				"the number of users is typed into Locust's web page",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	double hosts = !isnan(given) ? given : (double)l->host_count;
	if (hosts < 1)
		return true; /* asked for */
	enum confidence confidence = isnan(given) ? CONFIDENCE_ESTIMATE : CONFIDENCE_EXACT;
	plan_number(plan, W_USERS, users, CONFIDENCE_EXACT, from);
	if (rate > 0 && users / rate > 1) {
		const char *both = arena_printf(plan->arena, "%s, %s × %g hosts", from, rate_from, hosts);
		plan_stage(plan, users / rate, users * hosts, NAN, confidence, both);
		if (run_s > users / rate)
			plan_stage(plan, run_s - users / rate, users * hosts, NAN, confidence, both);
	} else {
		plan_number(plan,
				W_CONNECTIONS,
				users * hosts,
				confidence,
				arena_printf(plan->arena, "%s × %g hosts", from, hosts));
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "users keep their sessions");
	}
	if (run_s > 0)
		plan_number(plan, W_DURATION, run_s, CONFIDENCE_EXACT, run_from);
	return true;
}

static bool locust_set_processes(struct locust *l)
{
	double processes = 1,
		   online = l->plan->vantage.processors > 0 ? l->plan->vantage.processors
													: l->context->processors;
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
	return true;
}

/* locust/main.py: a soft limit below 10000 is raised to 10000 where the hard one allows. */
static void set_limits(struct locust *l)
{
	struct plan *plan = l->plan;
	double soft = l->context->nofile_soft, hard = l->context->nofile_hard;
	if (plan->vantage.nofile_soft > 0)
		soft = plan->vantage.nofile_soft;
	if (plan->vantage.nofile_hard > 0)
		hard = plan->vantage.nofile_hard;
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
				"Locust raises a soft limit only to 10000, if it may");
	else
		plan_choice(plan,
				W_NOFILE,
				"soft",
				CONFIDENCE_BOUND,
				"whether Locust may raise it to 10000 is not known");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_ESTIMATE, "when a user stops");
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "Locust connects without bind");
}

static bool read_locust(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct locust l = {.context = context, .command = command, .plan = plan, .err = err};
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&l.arguments,
				err) ||
			!locust_read_config(&l))
		return false;
	if (locust_is_on(&l, O_WORKER) || locust_is_on(&l, O_MASTER)) {
		plan_ask(plan,
				context,
				"with --master and --worker the users are spread over workers: how many "
				"connections has "
				"this host",
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
		set_limits(&l);
		return true;
	}
	if (!read_hosts(&l) || !locust_set_processes(&l))
		return false;
	set_limits(&l);
	return locust_set_load(&l);
}

static const char *const programs[] = {"locust", NULL};
static const char *const images[] = {"locustio/locust", NULL};
const struct plan_reader plan_reader_locust = {
		.tool = "locust",
		.programs = programs,
		.images = images,
		.runtime = "python",
		.read = read_locust,
		.help = "-u -r -t -H --processes, LOCUST_* variables, locust.conf, URLs in the locustfile",
};
