/* h2load (nghttp2 src/h2load.cc main, measured with 1.52): connections at once or at -r, closed by
 * h2load as each has done its requests. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

enum {
	REQUESTS,
	CLIENTS,
	THREADS,
	INPUT,
	STREAMS,
	HEADER,
	RATE,
	PERIOD,
	DURATION,
	WARM_UP,
	BASE,
	CONNECT_TO,
	H1,
	RPS,
	NPN,
	SCRIPT
};

static const struct argument_option options[] = {
		[REQUESTS] = {"requests", 'n', TAKES_TEXT, NULL},
		[CLIENTS] = {"clients", 'c', TAKES_TEXT, NULL},
		[THREADS] = {"threads", 't', TAKES_TEXT, NULL},
		[INPUT] = {"input-file", 'i', TAKES_TEXT, NULL},
		[STREAMS] = {"max-concurrent-streams", 'm', TAKES_TEXT, NULL},
		[HEADER] = {"header", 'H', TAKES_TEXT, NULL},
		[RATE] = {"rate", 'r', TAKES_TEXT, NULL},
		[PERIOD] = {"rate-period", 0, TAKES_TEXT, NULL},
		[DURATION] = {"duration", 'D', TAKES_TEXT, NULL},
		[WARM_UP] = {"warm-up-time", 0, TAKES_TEXT, NULL},
		[BASE] = {"base-uri", 'B', TAKES_TEXT, NULL},
		[CONNECT_TO] = {"connect-to", 0, TAKES_TEXT, NULL},
		[H1] = {"h1", 0, TAKES_NOTHING, NULL},
		[RPS] = {"rps", 0, TAKES_TEXT, NULL},
		[NPN] = {"npn-list", 0, TAKES_TEXT, "alpn-list"},
		[SCRIPT] = {"timing-script-file", 0, TAKES_TEXT, NULL},
		{"max-frame-size", 'f', TAKES_TEXT, NULL},
		{"window-bits", 'w', TAKES_TEXT, NULL},
		{"connection-window-bits", 'W', TAKES_TEXT, NULL},
		{"ciphers", 0, TAKES_TEXT, NULL},
		{"tls13-ciphers", 0, TAKES_TEXT, NULL},
		{"no-tls-proto", 'p', TAKES_TEXT, NULL},
		{"data", 'd', TAKES_TEXT, NULL},
		{"connection-active-timeout", 'T', TAKES_TEXT, NULL},
		{"connection-inactivity-timeout", 'N', TAKES_TEXT, NULL},
		{"header-table-size", 0, TAKES_TEXT, NULL},
		{"encoder-header-table-size", 0, TAKES_TEXT, NULL},
		{"log-file", 0, TAKES_TEXT, NULL},
		{"qlog-file-base", 0, TAKES_TEXT, NULL},
		{"groups", 0, TAKES_TEXT, NULL},
		{"no-udp-gso", 0, TAKES_NOTHING, NULL},
		{"max-udp-payload-size", 0, TAKES_TEXT, NULL},
		{"ktls", 0, TAKES_NOTHING, NULL},
		{"sni", 0, TAKES_TEXT, NULL},
		{"verbose", 'v', TAKES_NOTHING, NULL},
		{"version", 0, TAKES_NOTHING, NULL},
		{"help", 'h', TAKES_NOTHING, NULL},
};
static const struct argument_syntax syntax = {"h2load",
		ARGUMENTS_LONG | ARGUMENTS_PREFIX | ARGUMENTS_PERMUTE,
		options,
		COUNT_OF(options)};

/* Measured: an event loop per thread and the standard streams. */
enum {
	FDS_OWN = 5
};

struct h2load {
	double requests, clients, threads, streams, rate, period_s, duration_s, warm_up_s, rps;
	struct arguments arguments;
};

static bool h2load_read_numbers(const struct plan_command *command,
		struct arena *arena,
		struct h2load *l,
		struct error *err)
{
	const struct arguments *a = &l->arguments;
	*l = (struct h2load){.requests = 1,
			.clients = 1,
			.threads = 1,
			.streams = 1,
			.period_s = 1,
			.rps = NAN};
	return arguments_read(arena,
				   &syntax,
				   command->words + 1,
				   command->count - 1,
				   &l->arguments,
				   err) &&
			arguments_number(a, REQUESTS, &quantity_count, &l->requests, err) &&
			arguments_number(a, CLIENTS, &quantity_count, &l->clients, err) &&
			arguments_number(a, THREADS, &quantity_count, &l->threads, err) &&
			arguments_number(a, STREAMS, &quantity_count, &l->streams, err) &&
			arguments_number(a, RATE, &quantity_count, &l->rate, err) &&
			arguments_number(a, PERIOD, &quantity_h2load_time, &l->period_s, err) &&
			arguments_number(a, DURATION, &quantity_h2load_time, &l->duration_s, err) &&
			arguments_number(a, WARM_UP, &quantity_h2load_time, &l->warm_up_s, err) &&
			arguments_number(a, RPS, &quantity_decimal, &l->rps, err);
}

/* What h2load itself refuses. */
static bool h2load_check(const struct h2load *l, struct error *err)
{
	if (l->clients < 1 || l->threads < 1 || l->streams < 1)
		return error_set(err, "h2load: -c, -t and -m are at least 1");
	if (l->clients < l->threads)
		return error_set(err,
				"h2load: -c %g clients are fewer than -t %g threads",
				l->clients,
				l->threads);
	/* A timing script gives each client its own requests. */
	if (l->duration_s <= 0 && l->requests < l->clients && !arguments_given(&l->arguments, SCRIPT))
		return error_set(err,
				"h2load: -n %g requests are fewer than -c %g clients",
				l->requests,
				l->clients);
	if (l->duration_s > 0 && l->rate > 0)
		return error_set(err, "h2load: -r and -D exclude each other");
	if (l->rate > l->clients)
		return error_set(err, "h2load: -r %g is more than -c %g clients", l->rate, l->clients);
	return l->period_s > 0 || error_set(err, "h2load: --rate-period 0");
}

static bool first_line(const struct plan_context *context,
		const struct plan_command *command,
		const struct arguments *arguments,
		const char **ret_url,
		struct error *err)
{
	const char *path = arguments_text(arguments, INPUT, NULL), *bytes = NULL;
	size_t length;
	if (!path)
		return error_set(err, "h2load: no URI in the command");
	if (!strcmp(path, "-") ? !plan_input(context, command, &bytes, err)
						   : !plan_file(context, command, path, "h2load -i", &bytes, &length, err))
		return false;
	*ret_url = bytes ? arena_copy(context->arena, bytes, strcspn(bytes, "\r\n")) : NULL;
	return true;
}

static bool h2load_set_target(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		const struct arguments *a,
		struct error *err)
{
	const char *base = arguments_text(a, BASE, NULL), *to = arguments_text(a, CONNECT_TO, NULL);
	const char *url = base ? base : a->word_count ? a->words[0] : NULL;
	if (base && text_begins_with(base, "unix:"))
		return error_set(err,
				"h2load: %s: a unix socket has none of the limits that headroom knows",
				base);
	if (!url && !first_line(context, command, a, &url, err))
		return false;
	if (!url) {
		plan_ask(plan,
				context,
				"h2load reads its URIs from standard input",
				W_DESTINATIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	if (!to)
		return plan_url(plan, url, base ? "--base-uri" : "the first URI", err);
	const char *target = plan_url_target(plan->arena, url, err),
			   *port = target ? strrchr(target, ':') : "";
	if (!target)
		return false;
	const char *end = strrchr(to, ']'), *colon = strrchr(end ? end : to, ':');
	if (!colon)
		to = arena_printf(plan->arena, "%s%s", to, port);
	bool good = plan_url(plan, to, "--connect-to", err);
	plan->tls = plan_url_is_tls(url);
	return good;
}

static bool is_http1(const struct arguments *a)
{
	const char *list = arguments_text(a, NPN, "");
	return arguments_given(a, H1) || text_begins_with(list, "http/1.1");
}

static void h2load_set_numbers(struct plan *plan, const struct h2load *l)
{
	struct arena *arena = plan->arena;
	const struct arguments *a = &l->arguments;
	const char *clients = arguments_from(arena, a, CLIENTS, "1"),
			   *threads = arguments_from(arena, a, THREADS, "1");
	enum confidence live = l->rate > 0 ? CONFIDENCE_BOUND : CONFIDENCE_EXACT;
	plan_number(plan, W_CONNECTIONS, l->clients, live, clients);
	plan_number(plan, W_OPEN_RATE, 0, live, "each client connects once");
	plan_number(plan, W_THREADS, l->threads + 1, CONFIDENCE_EXACT, threads);
	plan_number(plan, W_FDS_BASE, l->threads + FDS_OWN, CONFIDENCE_EXACT, "measured: threads + 5");
	plan_choice(plan, W_BIND, "none", CONFIDENCE_EXACT, "h2load connects without bind");
	if (l->duration_s > 0)
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_BOUND,
				"at the end of -D: by reset where an answer is unread");
	else
		plan_choice(plan,
				W_CLOSER,
				"client",
				CONFIDENCE_EXACT,
				"h2load closes when a client has done its requests");
	if (l->rate > 0)
		plan_number(plan,
				W_RAMP_RATE,
				l->rate / l->period_s,
				CONFIDENCE_EXACT,
				arguments_from(arena, a, RATE, "0"));
	else
		plan_number(plan, W_BURST, l->clients, CONFIDENCE_EXACT, "all at the start");
	if (l->duration_s > 0)
		plan_number(plan,
				W_DURATION,
				l->duration_s + l->warm_up_s,
				CONFIDENCE_EXACT,
				arguments_from(arena, a, DURATION, "0"));
	if (!is_http1(a) && l->streams > 1)
		plan_number(plan,
				W_STREAMS,
				l->streams,
				CONFIDENCE_BOUND,
				arguments_from(arena, a, STREAMS, "1"));
	if (!isnan(l->rps))
		plan_number(plan,
				W_REQUESTS,
				l->rps * l->clients,
				CONFIDENCE_BOUND,
				arguments_from(arena, a, RPS, "0"));
}

/* QUIC runs over UDP: nothing waits after the end. */
static void set_http3(struct plan *plan, const struct arguments *a)
{
	if (!text_begins_with(arguments_text(a, NPN, ""), "h3"))
		return;
	plan_choice(plan, W_PROTOCOL, "udp", CONFIDENCE_EXACT, arguments_last(a, NPN)->shown);
	plan_choice(plan, W_CLOSER, "reset", CONFIDENCE_EXACT, "QUIC leaves no TIME_WAIT");
}

static bool read_h2load(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct h2load l;
	if (!h2load_read_numbers(command, plan->arena, &l, err) || !h2load_check(&l, err) ||
			!h2load_set_target(context, command, plan, &l.arguments, err))
		return false;
	h2load_set_numbers(plan, &l);
	set_http3(plan, &l.arguments);
	size_t cursor = 0;
	for (const struct argument *h; (h = arguments_next(&l.arguments, HEADER, &cursor));) {
		if (is_http1(&l.arguments) && header_closes(h->text)) {
			plan->workload.values[W_OPEN_RATE].set = false;
			plan_closes_each(plan,
					context,
					l.duration_s > 0 ? NAN : l.requests,
					"the rate follows from the server's speed",
					h->shown);
		}
	}
	return true;
}

static const char *const programs[] = {"h2load", NULL};
static const char *const images[] = {"svagi/h2load", NULL};
const struct plan_reader plan_reader_h2load = {
		.tool = "h2load",
		.programs = programs,
		.images = images,
		.runtime = "native",
		.read = read_h2load,
		.help = "-n -c -t -m -r --rate-period -D -i -B --connect-to --h1 --rps -H",
};
