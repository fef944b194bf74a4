/* ab: HTTP/1.0, a connection per request unless -k (httpd support/ab.c main; measured with 2.4.71).
 */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

enum {
	REQUESTS,
	CONCURRENCY,
	TIME,
	KEEP_ALIVE,
	BIND,
	PROXY,
	HEADER
};

#define LETTER(c, takes)     \
	{                        \
		NULL, c, takes, NULL \
	}
static const struct argument_option options[] = {
		[REQUESTS] = LETTER('n', TAKES_TEXT),
		[CONCURRENCY] = LETTER('c', TAKES_TEXT),
		[TIME] = LETTER('t', TAKES_TEXT),
		[KEEP_ALIVE] = LETTER('k', TAKES_NOTHING),
		[BIND] = LETTER('B', TAKES_TEXT),
		[PROXY] = LETTER('X', TAKES_TEXT),
		[HEADER] = LETTER('H', TAKES_TEXT),
		LETTER('s', TAKES_TEXT),
		LETTER('b', TAKES_TEXT),
		LETTER('p', TAKES_TEXT),
		LETTER('u', TAKES_TEXT),
		LETTER('T', TAKES_TEXT),
		LETTER('v', TAKES_TEXT),
		LETTER('x', TAKES_TEXT),
		LETTER('y', TAKES_TEXT),
		LETTER('z', TAKES_TEXT),
		LETTER('C', TAKES_TEXT),
		LETTER('A', TAKES_TEXT),
		LETTER('P', TAKES_TEXT),
		LETTER('g', TAKES_TEXT),
		LETTER('e', TAKES_TEXT),
		LETTER('m', TAKES_TEXT),
		LETTER('Z', TAKES_TEXT),
		LETTER('f', TAKES_TEXT),
		LETTER('E', TAKES_TEXT),
		LETTER('w', TAKES_NOTHING),
		LETTER('i', TAKES_NOTHING),
		LETTER('l', TAKES_NOTHING),
		LETTER('r', TAKES_NOTHING),
		LETTER('d', TAKES_NOTHING),
		LETTER('S', TAKES_NOTHING),
		LETTER('q', TAKES_NOTHING),
		LETTER('I', TAKES_NOTHING),
		LETTER('V', TAKES_NOTHING),
		LETTER('h', TAKES_NOTHING),
		LETTER('o', TAKES_TEXT),
};
static const struct argument_syntax syntax = {"ab", ARGUMENTS_GETOPT, options, COUNT_OF(options)};

/* Measured: standard streams, epoll and the data file. MAX_REQUESTS in ab.c is what -t stands for.
 */
enum {
	FDS_OWN = 6,
	REQUESTS_OF_TIME = 50000
};

struct ab {
	double requests, concurrency, time_s;
	struct arguments arguments;
};

/* -t also sets -n; which of the two stands last wins. */
static void order_of_limits(struct ab *ab)
{
	const struct arguments *a = &ab->arguments;
	const struct argument *n = arguments_last(a, REQUESTS), *t = arguments_last(a, TIME);
	if (t && (!n || t > n))
		ab->requests = REQUESTS_OF_TIME;
}

static bool ab_read_numbers(const struct plan_command *command,
		struct arena *arena,
		struct ab *ab,
		struct error *err)
{
	const struct arguments *a = &ab->arguments;
	*ab = (struct ab){.requests = 1, .concurrency = 1};
	if (!arguments_read(arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&ab->arguments,
				err) ||
			!arguments_number(a, REQUESTS, &quantity_count, &ab->requests, err) ||
			!arguments_number(a, CONCURRENCY, &quantity_count, &ab->concurrency, err) ||
			!arguments_number(a, TIME, &quantity_seconds, &ab->time_s, err))
		return false;
	order_of_limits(ab);
	if (ab->concurrency < 1 || ab->requests < 1)
		return error_set(err, "ab: -n and -c are at least 1");
	if (ab->concurrency > ab->requests)
		return error_set(err,
				"ab: -c %g is more than -n %g requests",
				ab->concurrency,
				ab->requests);
	if (a->word_count != 1)
		return error_set(err,
				a->word_count ? "ab: options must stand before the URL, and there is one URL"
							  : "ab: no URL in the command");
	return true;
}

static bool ab_set_target(struct plan *plan, const struct arguments *a, struct error *err)
{
	const char *url = a->words[0], *slashes = strstr(url, "://"),
			   *proxy = arguments_text(a, PROXY, NULL);
	if (!strchr(slashes ? slashes + 3 : url, '/'))
		return error_set(err, "ab: the URL needs a path: end it with a slash");
	return proxy ? plan_url(plan, proxy, "-X", err) : plan_url(plan, url, "URL", err);
}

static bool ab_set_bind(struct plan *plan, const struct arguments *a, struct error *err)
{
	const struct argument *address = arguments_last(a, BIND);
	if (!address) {
		plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "ab connects without bind");
		return true;
	}
	plan_choice(plan, W_BIND, "address", CONFIDENCE_EXACT, address->shown);
	return workload_set(plan->arena,
			&plan->workload,
			W_SOURCE_ADDRESSES,
			address->text,
			address->shown,
			err);
}

/* Measured: after -n all 200 connections were in TIME_WAIT, after -t none of 100. */
static void ab_keeps(struct plan *plan, const struct ab *ab)
{
	plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, "-k: ab keeps its connections");
	if (ab->time_s > 0)
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_BOUND,
				"when the time is up: by reset where an answer is unread");
	else
		plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
}

/* -k, and no -H "Connection: close" behind it, which wins with the server. */
static bool does_keep(const struct arguments *a, const char **ret_against)
{
	size_t cursor = 0;
	*ret_against = NULL;
	for (const struct argument *h; (h = arguments_next(a, HEADER, &cursor));)
		if (header_closes(h->text))
			*ret_against = h->shown;
	return arguments_given(a, KEEP_ALIVE) && !*ret_against;
}

static bool read_ab(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct ab ab;
	if (!ab_read_numbers(command, plan->arena, &ab, err) ||
			!ab_set_target(plan, &ab.arguments, err) || !ab_set_bind(plan, &ab.arguments, err))
		return false;
	const char *requests = arguments_from(plan->arena, &ab.arguments, REQUESTS, "1");
	plan_number(plan,
			W_CONNECTIONS,
			ab.concurrency,
			CONFIDENCE_EXACT,
			arguments_from(plan->arena, &ab.arguments, CONCURRENCY, "1"));
	plan_number(plan, W_BURST, ab.concurrency, CONFIDENCE_EXACT, "all at the start");
	plan_number(plan, W_THREADS, 1, CONFIDENCE_EXACT, "ab");
	plan_number(plan, W_FDS_BASE, FDS_OWN, CONFIDENCE_EXACT, "measured");
	if (ab.time_s > 0)
		plan_number(plan,
				W_DURATION,
				ab.time_s,
				CONFIDENCE_BOUND,
				arguments_last(&ab.arguments, TIME)->shown);
	const char *against;
	if (does_keep(&ab.arguments, &against))
		ab_keeps(plan, &ab);
	else
		plan_closes_each(plan,
				context,
				ab.requests,
				"ab opens a connection per request",
				arena_printf(plan->arena,
						"%s: a connection per request (%s)",
						requests,
						against ? against : "-k would keep them"));
	return true;
}

static const char *const programs[] = {"ab", "abs", NULL};
static const char *const images[] = {"jordi/ab", NULL};
const struct plan_reader plan_reader_ab = {
		.tool = "ab",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.read = read_ab,
		.help = "-n -c -t -k -B -X",
};
