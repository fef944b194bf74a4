/* siege: a thread per user, a connection per request unless its configuration keeps them, at most
 * `limit` users (siege src/init.c load_conf, src/main.c; measured with 4.0.7). The configuration is
 * read as siege finds it. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/targets.h"
#include "probes/plan/tool/tools.h"

enum {
	USERS,
	TIME,
	REPS,
	FILE_OF_URLS,
	RC,
	NO_PARSER,
	HEADER
};

static const struct argument_option options[] = {
		[USERS] = {"concurrent", 'c', TAKES_TEXT, NULL},
		[TIME] = {"time", 't', TAKES_TEXT, NULL},
		[REPS] = {"reps", 'r', TAKES_TEXT, NULL},
		[FILE_OF_URLS] = {"file", 'f', TAKES_TEXT, NULL},
		[RC] = {"rc", 'R', TAKES_TEXT, NULL},
		[NO_PARSER] = {"no-parser", 'N', TAKES_NOTHING, NULL},
		[HEADER] = {"header", 'H', TAKES_TEXT, NULL},
		{"version", 'V', TAKES_NOTHING, NULL},
		{"help", 'h', TAKES_NOTHING, NULL},
		{"config", 'C', TAKES_NOTHING, NULL},
		{"verbose", 'v', TAKES_NOTHING, NULL},
		{"quiet", 'q', TAKES_NOTHING, NULL},
		{"get", 'g', TAKES_NOTHING, NULL},
		{"print", 'p', TAKES_NOTHING, NULL},
		{"delay", 'd', TAKES_TEXT, NULL},
		{"benchmark", 'b', TAKES_NOTHING, NULL},
		{"internet", 'i', TAKES_NOTHING, NULL},
		{"log", 'l', TAKES_ATTACHED, NULL},
		{"mark", 'm', TAKES_TEXT, NULL},
		{"user-agent", 'A', TAKES_TEXT, NULL},
		{"content-type", 'T', TAKES_TEXT, NULL},
		{"json-output", 'j', TAKES_NOTHING, NULL},
		{"no-follow", 0, TAKES_NOTHING, NULL},
		{"debug", 'D', TAKES_NOTHING, NULL},
		{"csv", 0, TAKES_NOTHING, NULL},
		{"timestamp", 0, TAKES_NOTHING, NULL},
};
static const struct argument_syntax syntax = {"siege",
		ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		options,
		COUNT_OF(options)};

/* The built-in values, which the configuration and then the command line change. */
enum {
	USERS_DEFAULT = 25,
	LIMIT_DEFAULT = 255,
	FDS_OWN = 5
};

struct siege {
	const char *users, *time, *reps, *urls, *url, *keep; /* as written; NULL: nowhere */
	const char *users_from, *time_from, *limit_from, *keep_from;
	double limit;
	bool parser;
	const char *rc;
	bool unseen; /* the configuration it will find on another host */
	struct arguments arguments;
};

/* "name = value", "name: value"; # begins a comment. */
static void siege_read_line(struct siege *s, struct arena *arena, const char *line, size_t length)
{
	char *text = arena_copy(arena, line, length);
	text += strspn(text, " \t");
	char *end = text + strcspn(text, " \t=:"), *value = end + strspn(end, " \t=:");
	value[strcspn(value, "\r#")] = '\0';
	for (size_t n = strlen(value); n && (value[n - 1] == ' ' || value[n - 1] == '\t');)
		value[--n] = '\0';
	*end = '\0';
	if (*text == '#' || !*text || !*value)
		return;
	const char *from = arena_printf(arena, "%s: %s = %s", s->rc, text, value);
	if (!strcmp(text, "concurrent"))
		s->users = value, s->users_from = from;
	else if (!strcmp(text, "time"))
		s->time = value, s->time_from = from;
	else if (!strcmp(text, "reps"))
		s->reps = value;
	else if (!strcmp(text, "file"))
		s->urls = value;
	else if (!strcmp(text, "url"))
		s->url = value;
	else if (!strcmp(text, "connection"))
		s->keep = value, s->keep_from = from;
	else if (!strcmp(text, "parser"))
		s->parser = !strncasecmp(value, "true", 4) || !strncasecmp(value, "on", 2);
	else if (!strcmp(text, "limit"))
		s->limit = strtod(value, NULL), s->limit_from = from;
}

/* -R, $SIEGERC, ~/.siege/siege.conf, ~/.siegerc, the system's; the first there is. */
static const char *find_rc(const struct plan_context *context,
		const struct plan_command *command,
		const struct siege *s)
{
	const char *named =
			arguments_text(&s->arguments, RC, plan_environment(context, command, "SIEGERC"));
	if (named || !plan_sees_host(context, command))
		return named;
	const char *home = plan_environment(context, command, "HOME");
	const char *candidates[] = {home ? arena_printf(context->arena, "%s/.siege/siege.conf", home)
									 : "/nonexistent",
			home ? arena_printf(context->arena, "%s/.siegerc", home) : "/nonexistent",
			"/etc/siege/siegerc",
			"/usr/local/etc/siegerc"};
	for (size_t i = 0; i < COUNT_OF(candidates); i++)
		if (context->file_exists && context->file_exists(context, candidates[i]))
			return candidates[i];
	return NULL;
}

static bool read_rc(const struct plan_context *context,
		const struct plan_command *command,
		struct siege *s,
		struct error *err)
{
	const char *bytes;
	size_t length;
	s->rc = find_rc(context, command, s);
	s->unseen = !s->rc && context->elsewhere;
	if (s->unseen) {
		s->limit = INFINITY;
		s->limit_from = "no limit is known";
	}
	if (!s->rc)
		return true;
	if (!plan_file(context, command, s->rc, "siege's configuration", &bytes, &length, err))
		return false;
	for (const char *at = bytes; *at; at += *at == '\n') {
		size_t line = strcspn(at, "\n");
		siege_read_line(s, context->arena, at, line);
		at += line;
	}
	return true;
}

static void override(const struct siege *s, size_t option, const char **value, const char **from)
{
	const struct argument *a = arguments_last(&s->arguments, option);
	if (!a)
		return;
	*value = a->text;
	*from = a->shown;
}

static bool siege_read_all(const struct plan_context *context,
		const struct plan_command *command,
		struct siege *s,
		struct error *err)
{
	const char *ignored;
	*s = (struct siege){.limit = LIMIT_DEFAULT,
			.limit_from = "siege's default limit: 255",
			.parser = true,
			.users_from = "siege's default: 25"};
	if (!arguments_read(context->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&s->arguments,
				err) ||
			!read_rc(context, command, s, err))
		return false;
	override(s, USERS, &s->users, &s->users_from);
	override(s, TIME, &s->time, &s->time_from);
	override(s, REPS, &s->reps, &ignored);
	override(s, FILE_OF_URLS, &s->urls, &ignored);
	s->parser = s->parser && !arguments_given(&s->arguments, NO_PARSER);
	return true;
}

static void find_unseen(struct plan *plan)
{
	plan_find(plan,
			"plan-siege-unseen",
			"warning",
			"siege.conf",
			"siege reads a configuration on the host where it runs (siege.conf, SIEGERC), and that "
			"is not here. The plan takes siege's defaults, without the limit on users. Name a copy "
			"of it with -R FILE.");
}

static bool set_users(struct plan *plan,
		const struct siege *s,
		double *ret_users,
		struct error *err)
{
	struct error why = {0};
	double users = USERS_DEFAULT;
	if (s->users && !quantity_read(s->users, &quantity_count, &users, &why))
		return error_set(err, "siege: %s: %s", s->users_from, why.text);
	if (users < 1)
		return error_set(err, "siege: %s: at least one user", s->users_from);
	const char *from = s->users_from;
	if (s->limit >= 1 && users > s->limit) {
		from = arena_printf(plan->arena, "%s, capped by %s", s->users_from, s->limit_from);
		plan_find(plan,
				"plan-siege-limit",
				"warning",
				s->limit_from,
				arena_printf(plan->arena,
						"siege starts %g of the %g users asked for: its configuration's limit "
						"stops it there.",
						s->limit,
						users));
		users = s->limit;
	}
	*ret_users = users;
	enum confidence confidence = CONFIDENCE_EXACT;
	if (s->unseen) {
		confidence = CONFIDENCE_BOUND;
		find_unseen(plan);
	}
	if (s->unseen && !s->users)
		confidence = CONFIDENCE_ESTIMATE;
	plan_number(plan, W_CONNECTIONS, users, confidence, from);
	plan_number(plan, W_THREADS, users + 2, CONFIDENCE_ESTIMATE, "a thread per user, and two");
	plan_number(plan, W_BURST, users, CONFIDENCE_BOUND, from);
	return true;
}

static bool set_time(struct plan *plan, const struct siege *s, struct error *err)
{
	struct error why = {0};
	double seconds;
	if (!s->time)
		return true;
	if (!quantity_read(s->time, &quantity_siege_time, &seconds, &why))
		return error_set(err, "siege: %s: %s", s->time_from, why.text);
	plan_number(plan, W_DURATION, seconds, CONFIDENCE_EXACT, s->time_from);
	return true;
}

static bool siege_set_target(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		const struct siege *s,
		struct error *err)
{
	const char *url = s->arguments.word_count ? s->arguments.words[0] : s->urls ? NULL : s->url;
	const char *path = s->urls ? s->urls : "/etc/siege/urls.txt", *text;
	size_t length;
	if (url)
		return plan_url(plan, url, "URL", err);
	return plan_file(context, command, path, "siege's URLs", &text, &length, err) &&
			targets_read(plan, text, path, err);
}

/* How many requests -r makes, where pages bring no resources along. */
static double most_opened(const struct siege *s, double users)
{
	struct error why = {0};
	double reps;
	if (s->time || !s->reps || s->parser)
		return NAN;
	if (!strcmp(s->reps, "once"))
		reps = 1;
	else if (!quantity_read(s->reps, &quantity_count, &reps, &why))
		return NAN;
	return reps * users;
}

static bool read_siege(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct siege s;
	double users = 0;
	if (!siege_read_all(context, command, &s, err) ||
			!siege_set_target(context, command, plan, &s, err) ||
			!set_users(plan, &s, &users, err) || !set_time(plan, &s, err))
		return false;
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN,
			CONFIDENCE_ESTIMATE,
			"standard streams, log, random numbers");
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "siege connects without bind");
	if (s.keep && !strncasecmp(s.keep, "keep-alive", 10)) {
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, s.keep_from);
		if (s.time) /* measured: 6 of 200 connections were left in TIME_WAIT with -b, all with a
		               delay */
			plan_choice(plan,
					W_CLOSER,
					"client",
					CONFIDENCE_BOUND,
					"when the time is up: by reset where an answer is unread");
		else
			plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
		return true;
	}
	plan_closes_each(plan,
			context,
			most_opened(&s, users),
			s.parser ? "siege opens a connection per request, and requests what the pages name "
					   "(--no-parser)"
					 : "siege opens a connection per request",
			s.keep_from ? s.keep_from : "siege's default: connection = close");
	return true;
}

/* -C shows the configuration and ends. */
static bool besieges(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count; i++)
		if (!strcmp(command->words[i], "-C") || !strcmp(command->words[i], "--config"))
			return false;
	return true;
}

static const char *const programs[] = {"siege", NULL};
const struct plan_reader plan_reader_siege = {
		.tool = "siege",
		.programs = programs,
		.runtime = "native",
		.read = read_siege,
		.loads = besieges,
		.help = "-c -t -r -f -R --no-parser; siege.conf: concurrent, limit, connection, parser, "
				"time, reps, file",
};
