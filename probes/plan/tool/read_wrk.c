/* wrk and wrk2, whose binary is called wrk as well: -R tells. Everything but a rate of requests is
 * exact (wrk src/wrk.c parse_args, main, connect_socket; measured with 4.1.0). */
#include <math.h>
#include <string.h>

#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

enum {
	CONNECTIONS,
	DURATION,
	THREADS,
	SCRIPT,
	HEADER,
	LATENCY,
	TIMEOUT,
	HELP,
	VERSION,
	VERSION_OLD,
	RATE,
	U_LATENCY,
	BATCH,
	OPTIONS
};

static const struct argument_option options[OPTIONS] = {
		[CONNECTIONS] = {"connections", 'c', TAKES_TEXT, NULL},
		[DURATION] = {"duration", 'd', TAKES_TEXT, NULL},
		[THREADS] = {"threads", 't', TAKES_TEXT, NULL},
		[SCRIPT] = {"script", 's', TAKES_TEXT, NULL},
		[HEADER] = {"header", 'H', TAKES_TEXT, NULL},
		[LATENCY] = {"latency", 'L', TAKES_NOTHING, NULL},
		[TIMEOUT] = {"timeout", 'T', TAKES_TEXT, NULL},
		[HELP] = {"help", 'h', TAKES_NOTHING, NULL},
		[VERSION] = {"version", 'v', TAKES_NOTHING, NULL},
		[VERSION_OLD] = {NULL, 'r', TAKES_NOTHING, NULL},
		[RATE] = {"rate", 'R', TAKES_TEXT, NULL},
		[U_LATENCY] = {"u_latency", 'U', TAKES_NOTHING, NULL},
		[BATCH] = {"batch_latency", 'B', TAKES_NOTHING, NULL},
};
static const struct argument_syntax syntax = {"wrk",
		ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		options,
		OPTIONS};

/* wrk's epoll descriptor per thread, standard streams and the event loop's own: 107 with 100
 * connections and 2 threads, 113 with 96 and 12. */
enum {
	FDS_OWN = 5
};

struct wrk {
	double connections, threads, duration_s, rate;
	struct arguments arguments;
};

static bool wrk_read_numbers(const struct plan_command *command,
		struct arena *arena,
		struct wrk *wrk,
		struct error *err)
{
	const struct arguments *a = &wrk->arguments;
	*wrk = (struct wrk){.connections = 10, .threads = 2, .duration_s = 10, .rate = NAN};
	if (!arguments_read(arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&wrk->arguments,
				err) ||
			!arguments_number(a, CONNECTIONS, &quantity_wrk_count, &wrk->connections, err) ||
			!arguments_number(a, THREADS, &quantity_wrk_count, &wrk->threads, err) ||
			!arguments_number(a, DURATION, &quantity_wrk_time, &wrk->duration_s, err) ||
			!arguments_number(a, RATE, &quantity_wrk_count, &wrk->rate, err))
		return false;
	if (wrk->threads < 1)
		return error_set(err, "wrk: -t %g: at least one thread", wrk->threads);
	if (wrk->connections < wrk->threads)
		return error_set(err,
				"wrk: %g connections for %g threads: wrk wants at least one connection per thread",
				wrk->connections,
				wrk->threads);
	if (wrk->duration_s < 1)
		return error_set(err, "wrk: %s: at least one second", arguments_last(a, DURATION)->shown);
	if (!a->word_count)
		return error_set(err, "wrk: no URL in the command");
	return strstr(a->words[0], "://") ||
			error_set(err, "wrk: the URL needs its scheme: http://%.200s", a->words[0]);
}

/* The connections are made at once (wrk2: 5 ms apart in each thread, src/wrk.c
 * delayed_initial_connect) and stay. */
static void connections_stay(struct plan *plan, const struct wrk *wrk)
{
	const char *stay = "wrk keeps its connections";
	plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, stay);
	if (isnan(wrk->rate))
		plan_number(plan,
				W_BURST,
				plan->workload.values[W_CONNECTIONS].number,
				CONFIDENCE_EXACT,
				"all at the start");
	else
		plan_number(plan,
				W_RAMP_RATE,
				200 * wrk->threads,
				CONFIDENCE_EXACT,
				"wrk2 connects every 5 ms in each thread");
	plan_choice(plan,
			W_CLOSER,
			"client",
			CONFIDENCE_BOUND,
			"at the end of the run: by reset where an answer is unread");
}

static void wrk_set_common(struct plan *plan, const struct wrk *wrk)
{
	struct arena *arena = plan->arena;
	const struct arguments *a = &wrk->arguments;
	double live = wrk->threads * floor(wrk->connections / wrk->threads);
	const char *threads = arguments_from(arena, a, THREADS, "2");
	plan_number(plan,
			W_CONNECTIONS,
			live,
			CONFIDENCE_EXACT,
			arena_printf(arena,
					"%s over %s: the same number in each thread",
					arguments_from(arena, a, CONNECTIONS, "10"),
					threads));
	plan_number(plan,
			W_DURATION,
			wrk->duration_s,
			CONFIDENCE_EXACT,
			arguments_from(arena, a, DURATION, "10s"));
	plan_number(plan, W_THREADS, wrk->threads + 1, CONFIDENCE_EXACT, threads);
	plan_number(plan,
			W_FDS_BASE,
			wrk->threads + FDS_OWN,
			CONFIDENCE_EXACT,
			"measured: threads + 5");
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "wrk connects without bind");
	if (!isnan(wrk->rate))
		plan_number(plan,
				W_REQUESTS,
				wrk->rate,
				CONFIDENCE_BOUND,
				arguments_from(arena, a, RATE, NULL));
}

/* What makes wrk's requests end their connections: a header, or a script that sets it. *ret_from
 * stays NULL if nothing does. */
static bool find_closing(const struct plan_context *context,
		const struct plan_command *command,
		const struct arguments *arguments,
		const char **ret_from,
		struct error *err)
{
	size_t cursor = 0, length;
	const char *script;
	for (const struct argument *h; (h = arguments_next(arguments, HEADER, &cursor));)
		if (header_closes(h->text))
			*ret_from = h->shown;
	const struct argument *s = arguments_last(arguments, SCRIPT);
	if (!s)
		return true;
	if (!plan_file(context, command, s->text, "wrk -s", &script, &length, err))
		return false;
	if (text_closes(script))
		*ret_from = s->shown;
	return true;
}

static bool read_wrk(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct wrk wrk;
	if (!wrk_read_numbers(command, plan->arena, &wrk, err) ||
			!plan_url(plan, wrk.arguments.words[0], "URL", err))
		return false;
	if (!isnan(wrk.rate))
		plan->tool = "wrk2";
	wrk_set_common(plan, &wrk);
	const char *from = NULL;
	if (!find_closing(context, command, &wrk.arguments, &from, err))
		return false;
	if (from)
		plan_closes_each(plan, context, NAN, "wrk's rate follows from the server's speed", from);
	else
		connections_stay(plan, &wrk);
	return true;
}

static const char *const programs[] = {"wrk", "wrk2", NULL};
static const char *const images[] = {"williamyeh/wrk", "skandyla/wrk", NULL};
const struct plan_reader plan_reader_wrk = {
		.tool = "wrk",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.read = read_wrk,
		.help = "-c -t -d -H \"Connection: close\" -s and, for wrk2, -R",
};
