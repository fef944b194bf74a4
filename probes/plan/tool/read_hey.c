/* hey: workers over one shared transport (hey.go, requester/requester.go at 0.1.4; measured). While
 * it ramps up, a worker whose dial is slower than another's request leaves a spare connection
 * behind. */
#include <math.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

enum {
	REQUESTS,
	WORKERS,
	RATE,
	DURATION,
	NO_KEEPALIVE,
	HTTP2,
	PROXY,
	HEADER
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
		{"o", 0, TAKES_TEXT, NULL},
		{"m", 0, TAKES_TEXT, NULL},
		{"t", 0, TAKES_TEXT, NULL},
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

/* Measured with 0.1.4: peaks of 1.26 to 1.70 × -c, 8 descriptors of its own. requester.go:
 * maxIdleConn. */
static const double dial_races = 1.3, dial_races_most = 1.75;
enum {
	FDS_OWN = 8,
	IDLE_MAX = 500,
	STREAMS_PER_CONNECTION = 100
};

struct hey {
	double requests, workers, rate, duration_s;
	struct arguments arguments;
};

static bool hey_read_numbers(const struct plan_command *command,
		struct arena *arena,
		struct hey *hey,
		struct error *err)
{
	const struct arguments *a = &hey->arguments;
	*hey = (struct hey){.requests = 200, .workers = 50};
	if (!arguments_read(arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&hey->arguments,
				err) ||
			!arguments_number(a, REQUESTS, &quantity_count, &hey->requests, err) ||
			!arguments_number(a, WORKERS, &quantity_count, &hey->workers, err) ||
			!arguments_number(a, RATE, &quantity_decimal, &hey->rate, err) ||
			!arguments_number(a, DURATION, &quantity_go_duration, &hey->duration_s, err))
		return false;
	if (hey->workers < 1)
		return error_set(err, "hey: -c %g: at least one worker", hey->workers);
	if (hey->duration_s <= 0 && hey->requests < hey->workers)
		return error_set(err, "hey: -n %g is less than -c %g", hey->requests, hey->workers);
	return a->word_count || error_set(err, "hey: no URL in the command");
}

/* All requests share connections of many streams. */
static void over_http2(struct plan *plan, const struct hey *hey)
{
	plan_number(plan,
			W_CONNECTIONS,
			ceil(hey->workers / STREAMS_PER_CONNECTION),
			CONFIDENCE_ESTIMATE,
			"-h2: 100 streams per connection");
	plan_number(plan,
			W_STREAMS,
			fmin(hey->workers, STREAMS_PER_CONNECTION),
			CONFIDENCE_ESTIMATE,
			"-h2");
	plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "hey keeps its connections");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
}

static void hey_keeps(struct plan *plan, const struct hey *hey)
{
	const char *from = arguments_from(plan->arena, &hey->arguments, WORKERS, "50");
	plan_number(plan,
			W_CONNECTIONS,
			ceil(hey->workers * dial_races),
			CONFIDENCE_ESTIMATE,
			arena_printf(plan->arena,
					"%s × 1.3: connections dialled while others became free",
					from));
	plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "hey keeps its connections");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
	plan_find(plan,
			"plan-dial-races",
			"note",
			from,
			arena_printf(plan->arena,
					"hey opens more connections than -c while it starts: 1.3 times is usual, %.0f "
					"(1.75 times) were seen at most.",
					ceil(hey->workers * dial_races_most)));
	if (hey->workers > IDLE_MAX)
		plan_find(plan,
				"plan-idle-pool",
				"warning",
				from,
				"hey keeps at most 500 idle connections: with more workers it closes and opens "
				"connections all the time. "
				"--open-rate says how many per second.");
}

static bool hey_set_target(struct plan *plan, const struct arguments *a, struct error *err)
{
	const char *proxy = arguments_text(a, PROXY, NULL);
	return proxy ? plan_url(plan, proxy, "-x", err) : plan_url(plan, a->words[0], "URL", err);
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
	plan_number(plan, W_FDS_BASE, FDS_OWN, CONFIDENCE_EXACT, "measured");
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
	} else if (arguments_given(&hey.arguments, HTTP2)) {
		over_http2(plan, &hey);
	} else {
		hey_keeps(plan, &hey);
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
		.help = "-n -c -q -z -disable-keepalive -h2 -x -H",
};
