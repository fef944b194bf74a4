/* tcpkali: so many connections at a rate, kept or ended after --channel-lifetime (tcpkali
 * src/tcpkali.c and src/tcpkali_syslimits.c at 2018; read, not run). It raises its own soft limit
 * to the hard one. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/tools.h"

enum {
	CONNECTIONS,
	CONNECT_RATE,
	DURATION,
	LIFETIME,
	WORKERS,
	SOURCE_IP,
	LISTEN_PORT,
	LISTEN_MODE
};

#define TEXT(n)                \
	{                          \
		n, 0, TAKES_TEXT, NULL \
	}
#define SWITCH(n)                 \
	{                             \
		n, 0, TAKES_NOTHING, NULL \
	}
static const struct argument_option options[] = {
		[CONNECTIONS] = {"connections", 'c', TAKES_TEXT, NULL},
		[CONNECT_RATE] = TEXT("connect-rate"),
		[DURATION] = {"duration", 'T', TAKES_TEXT, NULL},
		[LIFETIME] = TEXT("channel-lifetime"),
		[WORKERS] = {"workers", 'w', TAKES_TEXT, NULL},
		[SOURCE_IP] = TEXT("source-ip"),
		[LISTEN_PORT] = {"listen-port", 'l', TAKES_TEXT, NULL},
		[LISTEN_MODE] = TEXT("listen-mode"),
		TEXT("channel-bandwidth-upstream"),
		TEXT("channel-bandwidth-downstream"),
		TEXT("connect-timeout"),
		TEXT("delay-send"),
		{"dump-one", 'd', TAKES_NOTHING, NULL},
		SWITCH("dump-one-in"),
		SWITCH("dump-one-out"),
		SWITCH("dump-all"),
		SWITCH("dump-all-in"),
		SWITCH("dump-all-out"),
		{"first-message", '1', TAKES_TEXT, NULL},
		TEXT("first-message-file"),
		{"help", 'h', TAKES_NOTHING, NULL},
		{"header", 'H', TAKES_TEXT, NULL},
		SWITCH("latency-connect"),
		SWITCH("latency-first-byte"),
		TEXT("latency-marker"),
		TEXT("latency-marker-skip"),
		TEXT("latency-percentiles"),
		{"message", 'm', TAKES_TEXT, NULL},
		{"message-file", 'f', TAKES_TEXT, NULL},
		{"message-rate", 'r', TAKES_TEXT, NULL},
		TEXT("message-stop"),
		TEXT("nagle"),
		TEXT("rcvbuf"),
		TEXT("server"),
		TEXT("sndbuf"),
		SWITCH("ssl"),
		TEXT("ssl-cert"),
		TEXT("ssl-key"),
		SWITCH("statsd"),
		TEXT("statsd-host"),
		TEXT("statsd-port"),
		TEXT("statsd-namespace"),
		TEXT("statsd-latency-window"),
		{"unescape-message-args", 'e', TAKES_NOTHING, NULL},
		SWITCH("version"),
		{"verbose", 0, TAKES_TEXT, NULL},
		{NULL, 'v', TAKES_NOTHING, NULL},
		TEXT("write-combine"),
		{"websocket", 0, TAKES_NOTHING, "ws"},
		SWITCH("message-marker"),
};
static const struct argument_syntax syntax = {"tcpkali",
		ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		options,
		COUNT_OF(options)};

struct tcpkali {
	double connections, rate, duration_s, lifetime_s, workers;
	struct arguments arguments;
};

static bool tcpkali_read_numbers(const struct plan_context *context,
		const struct plan_command *command,
		struct tcpkali *t,
		struct error *err)
{
	const struct arguments *a = &t->arguments;
	*t = (struct tcpkali){.connections = 1,
			.rate = 100,
			.duration_s = 10,
			.lifetime_s = INFINITY,
			.workers = command->vantage.processors};
	if (!arguments_read(context->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&t->arguments,
				err))
		return false;
	if (!strcmp(arguments_text(a, DURATION, ""), "-1")) /* for ever */
		t->duration_s = INFINITY;
	else if (!arguments_number(a, DURATION, &quantity_tcpkali_time, &t->duration_s, err))
		return false;
	if (!arguments_number(a, CONNECTIONS, &quantity_tcpkali_count, &t->connections, err) ||
			!arguments_number(a, CONNECT_RATE, &quantity_tcpkali_count, &t->rate, err) ||
			!arguments_number(a, LIFETIME, &quantity_tcpkali_time, &t->lifetime_s, err) ||
			!arguments_number(a, WORKERS, &quantity_count, &t->workers, err))
		return false;
	if (t->rate <= 0)
		return error_set(err, "tcpkali: --connect-rate must be more than 0");
	if (!a->word_count && arguments_given(a, LISTEN_PORT))
		return error_set(err,
				"tcpkali -l alone is a server: give its numbers as flags with --role server");
	return a->word_count || error_set(err, "tcpkali: no HOST:PORT in the command");
}

static bool tcpkali_set_targets(struct plan *plan, const struct arguments *a, struct error *err)
{
	const char **items = arena_alloc(plan->arena, a->word_count * sizeof *items);
	for (size_t i = 0; i < a->word_count; i++)
		if (!(items[i] = plan_url_target(plan->arena, a->words[i], err)))
			return false;
	return plan_destinations(plan, items, a->word_count, CONFIDENCE_EXACT, "HOST:PORT", err);
}

static bool tcpkali_set_sources(struct plan *plan, const struct arguments *a, struct error *err)
{
	const char **items = arena_alloc(plan->arena, (a->item_count + 1) * sizeof *items);
	size_t count = 0, cursor = 0;
	for (const struct argument *s; (s = arguments_next(a, SOURCE_IP, &cursor));) {
		if (!workload_check_entry(W_SOURCE_ADDRESSES, s->text, err))
			return false;
		items[count++] = s->text;
	}
	if (!count) {
		plan_choice(plan,
				W_BIND,
				"none",
				CONFIDENCE_ESTIMATE,
				"tcpkali binds only where it needs more source addresses");
		return true;
	}
	struct workload_value value = {.set = true,
			.confidence = CONFIDENCE_EXACT,
			.from = "--source-ip"};
	workload_set_list(plan->arena, &value, items, count);
	plan->workload.values[W_SOURCE_ADDRESSES] = value;
	plan_choice(plan, W_BIND, "address", CONFIDENCE_EXACT, "--source-ip");
	return true;
}

static void tcpkali_set_numbers(struct plan *plan, const struct tcpkali *t)
{
	struct arena *arena = plan->arena;
	const struct arguments *a = &t->arguments;
	bool ends = isfinite(t->lifetime_s) && t->lifetime_s > 0;
	double sustained = ends ? fmin(t->connections, t->rate * t->lifetime_s) : t->connections;
	plan_number(plan,
			W_CONNECTIONS,
			sustained,
			CONFIDENCE_EXACT,
			arguments_from(arena, a, CONNECTIONS, "1"));
	if (ends)
		plan_number(plan,
				W_LIFETIME,
				t->lifetime_s,
				CONFIDENCE_EXACT,
				arguments_from(arena, a, LIFETIME, "none"));
	else
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, "tcpkali keeps its connections");
	plan_number(plan,
			W_RAMP_RATE,
			t->rate,
			CONFIDENCE_EXACT,
			arguments_from(arena, a, CONNECT_RATE, "100"));
	if (isfinite(t->duration_s))
		plan_number(plan,
				W_DURATION,
				t->duration_s,
				CONFIDENCE_EXACT,
				arguments_from(arena, a, DURATION, "10s"));
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "tcpkali closes");
	plan_choice(plan, W_NOFILE, "hard", CONFIDENCE_EXACT, "tcpkali raises its soft limit");
	if (!isnan(t->workers)) {
		plan_number(plan,
				W_THREADS,
				t->workers + 1,
				CONFIDENCE_BOUND,
				arguments_from(arena, a, WORKERS, "a thread per CPU"));
		plan_number(plan,
				W_FDS_BASE,
				4 + 2 * t->workers,
				CONFIDENCE_BOUND,
				"tcpkali_syslimits.c: 4 + 2 × workers");
	}
}

static bool read_tcpkali(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct tcpkali t;
	if (!tcpkali_read_numbers(context, command, &t, err) ||
			!tcpkali_set_targets(plan, &t.arguments, err) ||
			!tcpkali_set_sources(plan, &t.arguments, err))
		return false;
	tcpkali_set_numbers(plan, &t);
	return true;
}

static const char *const programs[] = {"tcpkali", NULL};
static const char *const images[] = {"eigrad/tcpkali", "tcpkali/tcpkali", NULL};
const struct plan_reader plan_reader_tcpkali = {
		.tool = "tcpkali",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.read = read_tcpkali,
		.help = "-c --connect-rate --channel-lifetime -T -w --source-ip",
};
