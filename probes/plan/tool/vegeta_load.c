/* What vegeta opens and closes (12.13.0; measured where a number stands, docs/plans.md): as many
 * connections as requests are in flight, and after a moment in which it did not run as many more as
 * it then sends at once. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/vegeta.h"

/* How long vegeta is kept from sending on a busy host: 0.04 s where nothing else runs. */
static const double stall_s = 0.1;
/* A worker whose dial is slower than another's answer leaves a spare connection behind. From
 * answers of 50 ms on there were none. */
static const double dial_races = 1.27, no_races_s = 0.05;
/* Of the requests that find the pool of idle connections too small. */
static const double reopened_most = 0.35;

enum {
	FDS_OWN = 5,
	MEMORY_BASE = 15200000,
	MEMORY_PER_CONNECTION = 40000,
	STREAMS_USUAL = 100
};

/* A number with where it comes from; the lowest of several counts. */
struct most {
	double number;
	enum confidence confidence;
	const char *from;
};

static void lower(struct most *most, double number, enum confidence confidence, const char *from)
{
	if (number < most->number)
		*most = (struct most){number, confidence, from};
}

static double hosts_of(const struct vegeta *v)
{
	return v->hosts > 0 ? v->hosts : 1;
}

static bool times_out(const struct vegeta *v, double latency)
{
	return v->timeout_s > 0 && latency > v->timeout_s;
}

/* Requests in the whole run; INFINITY: it has no end of its own. */
static double requests_in_all(const struct vegeta *v)
{
	double most = INFINITY;
	if (v->rate > 0 && v->duration_s > 0)
		most = ceil(v->rate * v->duration_s);
	if (arguments_given(&v->arguments, VEGETA_LAZY) && v->targets.known)
		most = fmin(most, (double)v->targets.count);
	return most;
}

/* Requests in flight at most, as far as the rate says. */
static void lower_by_rate(struct plan *plan, const struct vegeta *v, double latency, struct most *m)
{
	if (v->rate <= 0)
		return;
	if (times_out(v, latency) || (isnan(latency) && v->timeout_s > 0))
		lower(m,
				v->rate * (v->timeout_s + stall_s),
				CONFIDENCE_ESTIMATE,
				arena_printf(plan->arena,
						"rate × (-timeout %g s + %g s that vegeta may stall)",
						v->timeout_s,
						stall_s));
	else if (!isnan(latency))
		lower(m,
				v->rate * (latency + stall_s),
				CONFIDENCE_ESTIMATE,
				arena_printf(plan->arena,
						"rate × (--latency, of the slowest answers, + %g s that vegeta may stall)",
						stall_s));
}

static void lower_by_workers(const struct vegeta *v, double latency, struct most *m)
{
	if (v->rate > 0 || latency >= no_races_s)
		lower(m, v->max_workers, CONFIDENCE_ESTIMATE, "-max-workers");
	else
		lower(m,
				v->max_workers * dial_races,
				CONFIDENCE_ESTIMATE,
				"-max-workers × 1.27: connections dialled while others became free");
}

static struct most requests_in_flight(struct plan *plan, const struct vegeta *v, double latency)
{
	struct most most = {INFINITY, CONFIDENCE_ESTIMATE, ""};
	lower_by_rate(plan, v, latency, &most);
	lower_by_workers(v, latency, &most);
	lower(&most, requests_in_all(v), CONFIDENCE_BOUND, "not more than requests in all");
	return most;
}

static void ask_latency(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v)
{
	const char *bound = "";
	if (v->timeout_s > 0)
		bound = arena_printf(plan->arena,
				", here at most %g = rate × timeout",
				v->rate * v->timeout_s);
	plan_ask(plan,
			context,
			arena_printf(plan->arena,
					"vegeta holds as many connections as requests are in flight: rate × the time "
					"of "
					"the slowest answers%s; -max-workers bounds them, too",
					bound),
			W_LATENCY,
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
}

/* HTTP/2: connections of many streams. */
static void share_connections(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v,
		const char *from)
{
	double latency = plan_given(context, W_LATENCY), hosts = hosts_of(v);
	struct most flying = requests_in_flight(plan, v, latency);
	double streams = plan_given(context, W_PEER_MAX_STREAMS);
	if (isinf(flying.number)) {
		ask_latency(context, plan, v);
		return;
	}
	if (isnan(streams))
		streams = fmax(STREAMS_USUAL, plan_given(context, W_STREAMS));
	double connections = hosts * fmax(1, ceil(flying.number / hosts / streams - 1e-9));
	plan_number(plan,
			W_CONNECTIONS,
			connections,
			CONFIDENCE_ESTIMATE,
			arena_printf(plan->arena, "%s: up to %g streams on a connection", from, streams));
	plan_number(plan, W_STREAMS, flying.number / connections, CONFIDENCE_ESTIMATE, flying.from);
}

static void own_connections(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v)
{
	double latency = plan_given(context, W_LATENCY), pool = INFINITY;
	if (v->max_connections > 0)
		pool = v->max_connections * hosts_of(v);
	struct most most = requests_in_flight(plan, v, latency);
	bool bounded = isfinite(v->max_workers) || isfinite(pool);
	lower(&most, pool, CONFIDENCE_BOUND, "-max-connections");
	if (isinf(most.number) || (isnan(latency) && !bounded))
		ask_latency(context, plan, v);
	else
		plan_number(plan, W_CONNECTIONS, most.number, most.confidence, most.from);
}

/* Does the user say that the server speaks HTTP/2? */
static bool says_streams(const struct plan_context *context)
{
	return !isnan(plan_given(context, W_STREAMS)) ||
			!isnan(plan_given(context, W_PEER_MAX_STREAMS));
}

/* Over https it speaks HTTP/2 with a server that does. */
static bool may_share(const struct vegeta *v)
{
	return v->targets.tls && !v->no_http2;
}

static void note_http2(struct plan *plan)
{
	plan_find(plan,
			"plan-http2",
			"note",
			"-http2",
			"Over https vegeta speaks HTTP/2 where the server does, and needs one connection for "
			"each host. The plan takes HTTP/1.1, a connection for each request in flight: "
			"--streams-per-connection 100 says that the server speaks HTTP/2.");
}

/* Where nobody said how often connections are opened. */
static bool opens_unsaid(const struct plan_context *context)
{
	return !context->given->values[W_OPEN_RATE].set && !context->given->values[W_LIFETIME].set;
}

/* The share of the requests that opens a connection, each of them closed by vegeta. */
static void client_reopens(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v,
		double share,
		const char *from)
{
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, from);
	if (v->rate > 0 && opens_unsaid(context))
		plan_number(plan, W_OPEN_RATE, v->rate * share, CONFIDENCE_ESTIMATE, from);
	else
		plan_ask(plan,
				context,
				"vegeta without a rate is as fast as the server, and opens connections again",
				W_OPEN_RATE,
				W_LIFETIME,
				WORKLOAD_FIELDS);
}

/* Connections that are not needed for a moment are closed where the pool is too small for them. */
static bool pool_is_small(const struct plan *plan, const struct vegeta *v)
{
	const struct workload_value *connections = &plan->workload.values[W_CONNECTIONS];
	return connections->set && v->idle < connections->number / hosts_of(v);
}

static void note_small_pool(struct plan *plan, const struct vegeta *v)
{
	plan_find(plan,
			"plan-idle-pool",
			"warning",
			arguments_from(plan->arena, &v->arguments, VEGETA_CONNECTIONS, "10000"),
			arena_printf(plan->arena,
					"vegeta keeps at most %g idle connections for each host and closes what does "
					"not "
					"fit: up to 35%% of the requests opened one again. A larger -connections ends "
					"it.",
					v->idle));
}

/* A part of the targets says Connection: close. */
static void some_close(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v)
{
	double share = (double)v->targets.closing / (double)v->targets.count;
	plan_choice(plan, W_CLOSER, "server", CONFIDENCE_ESTIMATE, v->targets.closing_at);
	if (v->rate > 0 && opens_unsaid(context))
		plan_number(plan,
				W_OPEN_RATE,
				v->rate * share,
				CONFIDENCE_ESTIMATE,
				arena_printf(plan->arena,
						"%s: %zu of %zu targets",
						v->targets.closing_at,
						v->targets.closing,
						v->targets.count));
	else
		plan_ask(plan,
				context,
				"vegeta without a rate is as fast as the server, and some targets end their "
				"connection",
				W_OPEN_RATE,
				W_LIFETIME,
				WORKLOAD_FIELDS);
}

static void keep(const struct plan_context *context, struct plan *plan)
{
	if (opens_unsaid(context))
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_ESTIMATE, "vegeta keeps its connections");
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
}

static const char endless[] = "vegeta without a rate is as fast as the server";

/* Requests that are streams of few connections: what ends one leaves its connection alone. */
static bool shares(const struct plan_context *context, const struct vegeta *v)
{
	return v->h2c || (may_share(v) && says_streams(context));
}

static void set_closes(const struct plan_context *context,
		struct plan *plan,
		const struct vegeta *v)
{
	bool shared = shares(context, v);
	double latency = plan_given(context, W_LATENCY), most = NAN;
	if (arguments_given(&v->arguments, VEGETA_LAZY) && v->targets.known)
		most = requests_in_all(v);
	if (!shared && times_out(v, latency)) {
		client_reopens(context, plan, v, 1, "-timeout is over before the answer comes");
	} else if (v->header_closes && v->h2c) {
		plan_client_closes_each(plan, context, most, endless, v->header_closes);
	} else if (v->header_closes || v->no_keepalive) {
		const char *from = v->header_closes ? v->header_closes : v->no_keepalive;
		plan_closes_each(plan, context, most, endless, from);
	} else if (!shared && v->idle < 0) {
		plan_client_closes_each(plan,
				context,
				most,
				endless,
				arguments_from(plan->arena, &v->arguments, VEGETA_CONNECTIONS, ""));
	} else if (v->targets.closing) {
		some_close(context, plan, v);
	} else if (!shared && pool_is_small(plan, v)) {
		client_reopens(context, plan, v, reopened_most, "-connections is too small");
		note_small_pool(plan, v);
	} else {
		keep(context, plan);
	}
}

/* Measured: three standard streams, two of the runtime, and a file for each of these. */
static void set_own_needs(struct plan *plan, const struct vegeta *v)
{
	static const enum vegeta_option files[] = {VEGETA_TARGETS,
			VEGETA_OUTPUT,
			VEGETA_BODY,
			VEGETA_PROMETHEUS};
	static const char *const standard[] = {"stdin", "stdout", "", ""};
	static const char measured[] = "vegeta 12.13, measured";
	double own = FDS_OWN;
	for (size_t i = 0; i < COUNT_OF(files); i++) {
		const char *path = arguments_text(&v->arguments, files[i], standard[i]);
		own += strcmp(path, standard[i]) != 0;
	}
	plan_number(plan, W_FDS_BASE, own, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_BASE, MEMORY_BASE, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan,
			W_MEMORY_PER_CONNECTION,
			MEMORY_PER_CONNECTION,
			CONFIDENCE_ESTIMATE,
			measured);
}

/* Requests that wait for a connection are sent after -duration. */
static bool queues(const struct plan_context *context, const struct vegeta *v, double *ret_s)
{
	double latency = plan_given(context, W_LATENCY), pool = v->max_connections * hosts_of(v);
	if (pool <= 0 || !(v->rate * latency > pool) || isfinite(v->max_workers))
		return false;
	*ret_s = v->rate * v->duration_s * latency / pool;
	if (v->timeout_s > 0)
		*ret_s = fmin(*ret_s, v->duration_s + v->timeout_s);
	return true;
}

static void set_end(const struct plan_context *context, struct plan *plan, const struct vegeta *v)
{
	double most = requests_in_all(v), seconds;
	const char *from = arguments_from(plan->arena, &v->arguments, VEGETA_DURATION, "0");
	bool lazy = arguments_given(&v->arguments, VEGETA_LAZY) && v->targets.known;
	if (lazy)
		plan_number(plan, W_OPENS_TOTAL, most, CONFIDENCE_BOUND, "-lazy ends with the targets");
	if (lazy && v->rate > 0)
		plan_number(plan,
				W_DURATION,
				most / v->rate,
				CONFIDENCE_EXACT,
				"-lazy ends with the targets");
	else if (v->duration_s > 0 && queues(context, v, &seconds))
		plan_number(plan,
				W_DURATION,
				seconds,
				CONFIDENCE_ESTIMATE,
				arena_printf(plan->arena, "%s, and what waits for a connection", from));
	else if (v->duration_s > 0)
		plan_number(plan, W_DURATION, v->duration_s, CONFIDENCE_EXACT, from);
}

void vegeta_plan_load(const struct plan_context *context, struct plan *plan, const struct vegeta *v)
{
	if (v->rate > 0)
		plan_number(plan,
				W_REQUESTS,
				v->rate,
				CONFIDENCE_EXACT,
				arguments_from(plan->arena, &v->arguments, VEGETA_RATE, "50/1s"));
	set_end(context, plan, v);
	set_own_needs(plan, v);
	if (v->h2c)
		share_connections(context, plan, v, "-h2c");
	else if (may_share(v) && says_streams(context))
		share_connections(context, plan, v, "HTTP/2");
	else
		own_connections(context, plan, v);
	if (may_share(v) && !v->h2c && !says_streams(context))
		note_http2(plan);
	set_closes(context, plan, v);
}
