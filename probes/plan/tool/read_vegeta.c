/* vegeta attack: a rate of requests, so many connections as are in flight at once; every socket is
 * bound first (vegeta 12 attack.go, lib/attack.go). */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/quantity.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/targets.h"
#include "probes/plan/tool/tools.h"

enum {
	RATE,
	DURATION,
	TARGETS,
	FORMAT,
	KEEPALIVE,
	MAX_WORKERS,
	MAX_CONNECTIONS,
	TIMEOUT,
	LADDR,
	H2C,
	UNIX_SOCKET,
	CONNECTIONS,
	HTTP2
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
		[RATE] = TEXT("rate"),
		[DURATION] = TEXT("duration"),
		[TARGETS] = TEXT("targets"),
		[FORMAT] = TEXT("format"),
		[KEEPALIVE] = SWITCH("keepalive"),
		[MAX_WORKERS] = TEXT("max-workers"),
		[MAX_CONNECTIONS] = TEXT("max-connections"),
		[TIMEOUT] = TEXT("timeout"),
		[LADDR] = TEXT("laddr"),
		[H2C] = SWITCH("h2c"),
		[UNIX_SOCKET] = TEXT("unix-socket"),
		[CONNECTIONS] = TEXT("connections"),
		[HTTP2] = SWITCH("http2"),
		TEXT("name"),
		TEXT("output"),
		TEXT("body"),
		SWITCH("chunked"),
		TEXT("cert"),
		TEXT("key"),
		TEXT("root-certs"),
		SWITCH("insecure"),
		SWITCH("lazy"),
		TEXT("workers"),
		TEXT("redirects"),
		TEXT("max-body"),
		TEXT("header"),
		TEXT("proxy-header"),
		TEXT("prometheus-addr"),
		TEXT("dns-ttl"),
		SWITCH("session-tickets"),
		TEXT("connect-to"),
		TEXT("resolvers"),
};
static const struct argument_syntax syntax = {"vegeta", ARGUMENTS_GO, options, COUNT_OF(options)};
static const struct argument_option global_options[] = {TEXT("cpus"),
		TEXT("profile"),
		SWITCH("version")};
static const struct argument_syntax global_syntax = {"vegeta", ARGUMENTS_GO, global_options, 3};

/* The races of a shared transport, measured with a program of the same fields; standard streams,
 * poller, targets. */
static const double dial_races = 1.3;
enum {
	FDS_OWN = 8
};

struct vegeta {
	double rate, duration_s, timeout_s, max_workers, max_connections;
	struct arguments arguments;
};

/* "50", "50/1s", "3000/m", "0", "infinity": attack.go rateFlag. */
static bool read_rate(const struct plan_context *context, struct vegeta *v, struct error *err)
{
	const struct argument *a = arguments_last(&v->arguments, RATE);
	struct error why = {0};
	double number, per = 1;
	if (!a)
		return true;
	if (!strcmp(a->text, "infinity")) {
		v->rate = 0;
		return true;
	}
	const char *slash = strchr(a->text, '/');
	const char *digits = slash ? arena_copy(context->arena, a->text, (size_t)(slash - a->text))
							   : a->text;
	const char *unit = slash ? slash + 1 : "1s";
	if (*unit < '0' || *unit > '9')
		unit = arena_printf(context->arena, "1%s", unit);
	if (!quantity_read(digits, &quantity_count, &number, &why) ||
			!quantity_read(unit, &quantity_go_duration, &per, &why))
		return error_set(err, "vegeta: %s: %s; a rate is 50/1s", a->shown, why.text);
	if (per <= 0)
		return error_set(err, "vegeta: %s: no time to divide by", a->shown);
	v->rate = number / per;
	return true;
}

/* `-keepalive false`: vegeta joins the two words (normalizeBooleanFlagArgs). */
static const char *const *join_switches(struct arena *arena,
		const struct plan_command *command,
		size_t from,
		size_t *ret_count)
{
	const char **words = arena_alloc(arena, (command->count + 1) * sizeof *words);
	size_t count = 0;
	for (size_t i = from; i < command->count; i++) {
		const char *word = command->words[i],
				   *next = i + 1 < command->count ? command->words[i + 1] : "";
		const char *name = word + strspn(word, "-");
		bool is_switch = false;
		for (size_t o = 0; o < COUNT_OF(options); o++)
			is_switch |= options[o].takes == TAKES_NOTHING && !strcmp(options[o].name, name) &&
					word[0] == '-';
		bool joined = is_switch && (!strcmp(next, "true") || !strcmp(next, "false"));
		words[count++] = joined ? arena_printf(arena, "%s=%s", word, next) : word;
		i += joined;
	}
	*ret_count = count;
	return words;
}

static bool vegeta_read_numbers(const struct plan_context *context,
		const struct plan_command *command,
		struct vegeta *v,
		struct error *err)
{
	const struct arguments *a = &v->arguments;
	struct arguments global;
	size_t count;
	*v = (struct vegeta){.rate = 50, .timeout_s = 30, .max_workers = INFINITY};
	if (!arguments_read(context->arena,
				&global_syntax,
				command->words + 1,
				command->count - 1,
				&global,
				err))
		return false;
	size_t from = command->count - global.word_count + 1; /* behind "attack" */
	const char *const *words = join_switches(context->arena, command, from, &count);
	if (!arguments_read(context->arena, &syntax, words, count, &v->arguments, err))
		return false;
	if (a->word_count)
		return error_set(err,
				"vegeta attack takes no argument; the targets come by -targets or standard input");
	return read_rate(context, v, err) &&
			arguments_number(a, DURATION, &quantity_go_duration, &v->duration_s, err) &&
			arguments_number(a, TIMEOUT, &quantity_go_duration, &v->timeout_s, err) &&
			arguments_number(a, MAX_WORKERS, &quantity_count, &v->max_workers, err) &&
			arguments_number(a, MAX_CONNECTIONS, &quantity_count, &v->max_connections, err) &&
			(v->rate > 0 || isfinite(v->max_workers) ||
					error_set(err, "vegeta: -rate=0 requires -max-workers"));
}

static bool vegeta_set_targets(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		const struct arguments *a,
		struct error *err)
{
	const char *path = arguments_text(a, TARGETS, "stdin"), *text = NULL;
	bool json = !strcmp(arguments_text(a, FORMAT, "http"), "json");
	size_t length;
	if (arguments_given(a, UNIX_SOCKET))
		return error_set(err,
				"vegeta -unix-socket: a unix socket has none of the limits that headroom knows");
	if (!strcmp(path, "stdin")
					? !plan_input(context, command, &text, err)
					: !plan_file(context, command, path, "vegeta -targets", &text, &length, err))
		return false;
	if (text)
		return targets_read(plan, text, json ? TARGETS_JSON : TARGETS_HTTP, "targets", err);
	plan_ask(plan,
			context,
			"the targets come from standard input and are not known before",
			W_DESTINATIONS,
			WORKLOAD_FIELDS);
	return true;
}

static bool vegeta_set_bind(struct plan *plan, const struct arguments *a, struct error *err)
{
	const struct argument *address = arguments_last(a, LADDR);
	if (!address || !strcmp(address->text, "0.0.0.0")) {
		plan_choice(plan,
				W_BIND,
				"wildcard",
				CONFIDENCE_EXACT,
				"vegeta binds 0.0.0.0 before it connects");
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

/* What no latency can exceed; INFINITY without such an option. */
static double cap(const struct plan *plan, const struct vegeta *v)
{
	const struct workload_value *targets = &plan->workload.values[W_DESTINATIONS];
	double hosts = targets->set ? targets->number : 1;
	return v->max_connections > 0 ? fmin(v->max_workers, v->max_connections * hosts)
								  : v->max_workers;
}

static void vegeta_set_connections(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v)
{
	double latency = plan_given(context, W_LATENCY), most = cap(plan, v);
	if (!isnan(latency) && v->rate > 0)
		plan_number(plan,
				W_CONNECTIONS,
				fmin(ceil(v->rate * latency * dial_races), most),
				CONFIDENCE_ESTIMATE,
				"rate × --latency × 1.3 for connections dialled while others became free");
	else if (isfinite(most))
		plan_number(plan,
				W_CONNECTIONS,
				fmin(most, v->rate > 0 && v->timeout_s > 0 ? v->rate * v->timeout_s : most),
				CONFIDENCE_BOUND,
				v->max_connections > 0 ? "-max-connections, -max-workers" : "-max-workers");
	else
		plan_ask(plan,
				context,
				arena_printf(plan->arena,
						"vegeta holds as many connections as requests are in flight: rate "
						"× latency, here at most %g = rate × timeout; -max-workers bounds them, "
						"too",
						v->rate * v->timeout_s),
				W_LATENCY,
				W_CONNECTIONS,
				WORKLOAD_FIELDS);
}

static void set_closing(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v)
{
	const struct argument *switched = arguments_last(&v->arguments, KEEPALIVE);
	if (switched && !arguments_given(&v->arguments, KEEPALIVE)) {
		plan_closes_each(plan,
				context,
				NAN,
				"vegeta without a rate is as fast as the server",
				switched->shown);
		return;
	}
	if (!context->given->values[W_OPEN_RATE].set && !context->given->values[W_LIFETIME].set)
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "vegeta keeps its connections");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
}

static bool read_vegeta(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct vegeta v;
	if (!vegeta_read_numbers(context, command, &v, err) ||
			!vegeta_set_targets(context, command, plan, &v.arguments, err) ||
			!vegeta_set_bind(plan, &v.arguments, err))
		return false;
	if (v.rate > 0)
		plan_number(plan,
				W_REQUESTS,
				v.rate,
				CONFIDENCE_EXACT,
				arguments_from(plan->arena, &v.arguments, RATE, "50/1s"));
	if (v.duration_s > 0)
		plan_number(plan,
				W_DURATION,
				v.duration_s,
				CONFIDENCE_EXACT,
				arguments_from(plan->arena, &v.arguments, DURATION, "0"));
	plan_number(plan,
			W_FDS_BASE,
			FDS_OWN,
			CONFIDENCE_ESTIMATE,
			"a program of the same kind, measured");
	vegeta_set_connections(context, plan, &v);
	set_closing(context, plan, &v);
	return true;
}

static bool attacks(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count; i++)
		if (!strcmp(command->words[i], "attack"))
			return true;
	return false;
}

static const char *const programs[] = {"vegeta", NULL};
static const char *const images[] = {"peterevans/vegeta", "tsenart/vegeta", NULL};
const struct plan_reader plan_reader_vegeta = {
		.tool = "vegeta",
		.programs = programs,
		.images = images,
		.runtime = "go",
		.read = read_vegeta,
		.loads = attacks,
		.help = "attack -rate -duration -targets -keepalive -max-workers -max-connections -timeout "
				"-laddr; echo … | vegeta",
};
