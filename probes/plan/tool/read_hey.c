/* hey: workers over one shared transport (hey.go, requester/requester.go at 0.1.5; measured where a
 * number stands, docs/plans.md). While it ramps up, a worker whose dial is slower than another's
 * request leaves a spare connection behind. It asks no proxy that the environment names. */
#include <math.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/go_client.h"
#include "probes/plan/tool/tools.h"

enum {
	REQUESTS,
	WORKERS,
	RATE,
	DURATION,
	NO_KEEPALIVE,
	HTTP2,
	PROXY,
	HEADER,
	TIMEOUT
};

static const struct argument_option options[] = {
		[REQUESTS] = {"n", 0, TAKES_TEXT, NULL},
		[WORKERS] = {"c", 0, TAKES_TEXT, NULL},
		[RATE] = {"q", 0, TAKES_TEXT, NULL},
		[DURATION] = {"z", 0, TAKES_TEXT, NULL},
		[NO_KEEPALIVE] = {"disable-keepalive", 0, TAKES_NOTHING, NULL},
		[HTTP2] = {"h2", 0, TAKES_NOTHING, NULL},
		[PROXY] = {"x", 0, TAKES_TEXT, NULL},
		[HEADER] = {"H", 0, TAKES_TEXT, NULL},
		[TIMEOUT] = {"t", 0, TAKES_TEXT, NULL},
		{"o", 0, TAKES_TEXT, NULL},
		{"m", 0, TAKES_TEXT, NULL},
		{"A", 0, TAKES_TEXT, NULL},
		{"d", 0, TAKES_TEXT, NULL},
		{"D", 0, TAKES_TEXT, NULL},
		{"T", 0, TAKES_TEXT, NULL},
		{"a", 0, TAKES_TEXT, NULL},
		{"U", 0, TAKES_TEXT, NULL},
		{"host", 0, TAKES_TEXT, NULL},
		{"cpus", 0, TAKES_TEXT, NULL},
		{"more", 0, TAKES_NOTHING, NULL},
		{"disable-compression", 0, TAKES_NOTHING, NULL},
		{"disable-redirects", 0, TAKES_NOTHING, NULL},
		{"allow-insecure", 0, TAKES_NOTHING, NULL},
};
static const struct argument_syntax syntax = {"hey", ARGUMENTS_GO, options, COUNT_OF(options)};

/* Peaks of 1.0 to 1.68 × -c where an answer takes less time than -c dials, of 1.03 × at most where
 * it takes longer. */
static const double dial_races_most = 1.75, slow_races = 1.03, dial_s = 0.0002;
/* Of the requests of more than IDLE_MAX workers, this part at most opened a connection again. */
static const double reopened_most = 0.1;
enum {
	FDS_OWN = 5,
	MEMORY_BASE = 10000000,
	MEMORY_PER_WORKER = 46000,
	IDLE_MAX = 500 /* requester.go: maxIdleConn */
};

struct hey {
	double requests; /* in all; not counted with -z */
	double workers, rate, duration_s, timeout_s, latency_s;
	struct arguments arguments;
};

static bool hey_read_numbers(const struct plan_command *command,
		struct arena *arena,
		struct hey *hey,
		struct error *err)
{
	const struct arguments *a = &hey->arguments;
	*hey = (struct hey){.requests = 200, .workers = 50, .timeout_s = 20};
	if (!arguments_read(arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&hey->arguments,
				err) ||
			!arguments_number(a, REQUESTS, &quantity_count, &hey->requests, err) ||
			!arguments_number(a, WORKERS, &quantity_count, &hey->workers, err) ||
			!arguments_number(a, RATE, &quantity_decimal, &hey->rate, err) ||
			!arguments_number(a, DURATION, &quantity_go_duration, &hey->duration_s, err) ||
			!arguments_number(a, TIMEOUT, &quantity_count, &hey->timeout_s, err))
		return false;
	if (hey->workers < 1)
		return error_set(err, "hey: -c %g: at least one worker", hey->workers);
	if (hey->duration_s <= 0 && hey->requests < hey->workers)
		return error_set(err, "hey: -n %g is less than -c %g", hey->requests, hey->workers);
	hey->requests = floor(hey->requests / hey->workers) * hey->workers;
	return a->word_count || error_set(err, "hey: no URL in the command");
}

/* Is an answer slower than it takes all workers to dial? Then no worker gets another's connection.
 */
static bool answers_slowly(const struct hey *hey)
{
	return hey->latency_s >= hey->workers * dial_s;
}

static void set_connections(struct plan *plan, const struct hey *hey)
{
	const char *from = arguments_from(plan->arena, &hey->arguments, WORKERS, "50");
	if (answers_slowly(hey)) {
		plan_number(plan,
				W_CONNECTIONS,
				floor(hey->workers * slow_races),
				CONFIDENCE_ESTIMATE,
				arena_printf(plan->arena, "%s: --latency is longer than so many dials", from));
		return;
	}
	plan_number(plan,
			W_CONNECTIONS,
			ceil(hey->workers * dial_races_most),
			CONFIDENCE_ESTIMATE,
			arena_printf(plan->arena,
					"%s × 1.75 at most: connections dialled while others became free",
					from));
	plan_find(plan,
			"plan-dial-races",
			"note",
			from,
			"hey opens up to 1.75 times as many connections as -c while it starts, if answers come "
			"faster than it dials. With slower answers, as --latency says them, it opens -c.");
}

/* Nothing of hey's own says how many requests a second more than 500 workers make. */
static void ask_opens(const struct plan_context *context, struct plan *plan)
{
	plan_ask(plan,
			context,
			"hey keeps at most 500 idle connections, and how often its other workers open one "
			"again depends on the server's speed",
			W_OPEN_RATE,
			W_LIFETIME,
			W_REQUESTS,
			WORKLOAD_FIELDS);
}

/* More workers than the pool keeps: hey closes and opens connections as it runs. */
static void reopen(const struct plan_context *context, struct plan *plan, const struct hey *hey)
{
	const char *from = arguments_from(plan->arena, &hey->arguments, WORKERS, "50");
	double beyond = hey->workers - IDLE_MAX, requests = plan_given(context, W_REQUESTS);
	plan_find(plan,
			"plan-idle-pool",
			"warning",
			from,
			"hey keeps at most 500 idle connections: with more workers it closes and opens "
			"connections all the time. --open-rate says how many per second.");
	if (hey->rate > 0)
		plan_number(plan,
				W_OPEN_RATE,
				hey->rate * beyond,
				CONFIDENCE_BOUND,
				"-q × (-c - 500 idle connections)");
	else if (!isnan(requests))
		plan_number(plan,
				W_OPEN_RATE,
				requests * reopened_most,
				CONFIDENCE_ESTIMATE,
				"10% of the requests at most opened a connection again");
	else if (answers_slowly(hey))
		plan_number(plan,
				W_OPEN_RATE,
				0,
				CONFIDENCE_ESTIMATE,
				"--latency: its connections are never idle");
	else if (hey->duration_s > 0)
		ask_opens(context, plan);
	else
		plan_number(plan,
				W_OPEN_RATE,
				hey->requests * reopened_most,
				CONFIDENCE_ESTIMATE,
				"10% of -n at most, within a second");
}

static void hey_keeps(const struct plan_context *context, struct plan *plan, const struct hey *hey)
{
	bool said = context->given->values[W_OPEN_RATE].set || context->given->values[W_LIFETIME].set;
	set_connections(plan, hey);
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
	if (said)
		return;
	if (hey->timeout_s > 0 && hey->latency_s > hey->timeout_s)
		plan_number(plan,
				W_OPEN_RATE,
				hey->workers / hey->timeout_s,
				CONFIDENCE_ESTIMATE,
				"-t is over before the answer comes, and hey closes");
	else if (hey->workers > IDLE_MAX)
		reopen(context, plan, hey);
	else
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "hey keeps its connections");
}

/* -h2 asks for HTTP/2 over TLS only; every worker dials, and all but one connection are closed. */
static void note_http2(struct plan *plan, const struct hey *hey)
{
	if (!arguments_given(&hey->arguments, HTTP2))
		return;
	if (plan_url_is_tls(hey->arguments.words[0]))
		plan_find(plan,
				"plan-http2",
				"note",
				"-h2",
				"With -h2 every worker of hey opens a connection when it starts. Where the server "
				"speaks HTTP/2, one is used and the others close within a second.");
	else
		plan_find(plan,
				"plan-http2",
				"warning",
				"-h2",
				"hey speaks HTTP/2 over https only: to this URL it speaks HTTP/1.1.");
}

static void set_own_needs(struct plan *plan, const struct hey *hey)
{
	static const char measured[] = "hey 0.1.5, measured";
	plan_number(plan, W_FDS_BASE, FDS_OWN, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_BASE, MEMORY_BASE, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_PER_USER, MEMORY_PER_WORKER, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan,
			W_USERS,
			hey->workers,
			CONFIDENCE_EXACT,
			arguments_from(plan->arena, &hey->arguments, WORKERS, "50"));
}

static bool hey_set_target(struct plan *plan, const struct arguments *a, struct error *err)
{
	const char *proxy = arguments_text(a, PROXY, NULL);
	if (proxy)
		return plan_url(plan, proxy, "-x", err);
	const char **items = arena_alloc(plan->arena, sizeof *items);
	items[0] = go_url_target(plan->arena, a->words[0], err);
	plan->tls = plan_url_is_tls(a->words[0]);
	return items[0] && plan_destinations(plan, items, 1, CONFIDENCE_EXACT, "URL", err);
}

static bool closes(const struct arguments *a, const char **ret_from)
{
	size_t cursor = 0;
	*ret_from = "-disable-keepalive";
	for (const struct argument *h; (h = arguments_next(a, HEADER, &cursor));) {
		if (header_closes(h->text)) {
			*ret_from = h->shown;
			return true;
		}
	}
	return arguments_given(a, NO_KEEPALIVE);
}

static bool read_hey(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct hey hey = {0};
	const char *from;
	if (!hey_read_numbers(command, plan->arena, &hey, err) ||
			!hey_set_target(plan, &hey.arguments, err))
		return false;
	hey.latency_s = plan_given(context, W_LATENCY);
	if (hey.arguments.word_count > 1)
		plan_find(plan,
				"plan-ignored-words",
				"warning",
				"hey",
				"hey ignores what stands behind the URL: put options before it.");
	if (hey.duration_s > 0)
		plan_number(plan,
				W_DURATION,
				hey.duration_s,
				CONFIDENCE_EXACT,
				arguments_from(plan->arena, &hey.arguments, DURATION, "0"));
	if (hey.rate > 0)
		plan_number(plan, W_REQUESTS, hey.rate * hey.workers, CONFIDENCE_BOUND, "-q × -c");
	set_own_needs(plan, &hey);
	note_http2(plan, &hey);
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "hey connects without bind");
	if (closes(&hey.arguments, &from)) {
		plan_number(plan,
				W_CONNECTIONS,
				hey.workers,
				CONFIDENCE_EXACT,
				arguments_from(plan->arena, &hey.arguments, WORKERS, "50"));
		plan_closes_each(plan,
				context,
				hey.duration_s > 0 ? NAN : hey.requests,
				"hey's rate follows from the server's speed",
				from);
	} else {
		hey_keeps(context, plan, &hey);
	}
	return true;
}

static const char *const programs[] = {"hey", NULL};
static const char *const images[] = {"williamyeh/hey", "rakyll/hey", NULL};
const struct plan_reader plan_reader_hey = {
		.tool = "hey",
		.programs = programs,
		.images = images,
		.runtime = "go",
		.read = read_hey,
		.help = "-n -c -q -z -t -disable-keepalive -h2 -x -H",
};
