/* How many connections k6 holds, who closes them, and how often: from the options, then from the
 * script's text. */
#include <math.h>

#include "probes/plan/k6/k6.h"
#include "probes/plan/tool/closing.h"

/* --- how many
 * ------------------------------------------------------------------------------------- */

static enum confidence load_confidence(const struct k6 *k6)
{
	bool named = !isnan(plan_given(k6->context, W_DESTINATIONS));
	if (k6->all.async_at)
		return CONFIDENCE_ESTIMATE; /* there may be more */
	if (k6->load.arrival_rate || k6->load.external || k6->all.batch_at || k6->all.parallel > 1)
		return CONFIDENCE_BOUND;
	if (k6->by_text || (k6->script.read && !named))
		return CONFIDENCE_ESTIMATE;
	return CONFIDENCE_EXACT;
}

/* What is left of sockets for this segment: k6 divides VUs, and each has all of its own. */
static double sockets_here(const struct k6 *k6,
		double all,
		const struct k6_group *groups,
		size_t count)
{
	const char *from;
	double each = groups->sockets;
	if (count == 1 && each > 0 && floor(all / each) * each == all)
		return each * k6_segment_of(k6, all / each);
	return ceil(all * k6_part_of_test(k6, &from) - 1e-9);
}

/* The peak, and the way there if it is not reached at once. */
static bool set_peak(struct k6 *k6, bool staged)
{
	struct k6_load *load = &k6->load;
	const char *from, *segment = NULL;
	size_t count;
	(void)k6_part_of_test(k6, &segment);
	if (k6->unknown)
		return true;
	double vus = load->vus_max, drawn;
	struct k6_group *groups = k6_groups(k6, &count, &from);
	if (!groups)
		return false;
	const char *times = " × ";
	if (!segment)
		times = segment = "";
	const char *whole =
			arena_printf(k6->arena, "%s: %g VUs%s%s%s", k6->load_from, vus, from, times, segment);
	k6_load_draw(load, groups, count);
	drawn = load->peak;
	if (count == 1)
		drawn = fmax(drawn, vus * groups->sockets); /* k6 may know of more VUs */
	enum confidence confidence = load_confidence(k6);
	if (!staged || k6_load_is_flat(load)) {
		double here = sockets_here(k6, drawn, groups, count);
		plan_number(k6->plan, W_CONNECTIONS, here, confidence, whole);
		return true;
	}
	for (size_t i = 0; i < load->step_count; i++) {
		double here = sockets_here(k6, load->steps[i].value, groups, count);
		plan_stage(k6->plan, load->steps[i].duration_s, here, NAN, confidence, whole);
	}
	return true;
}

/* --- how often
 * ------------------------------------------------------------------------------------ */

/* What a scenario's VUs do in an iteration that counts here. */
typedef double (*per_iteration)(const struct k6 *k6, const struct k6_root *root);

static double requests_of(const struct k6 *k6, const struct k6_root *root)
{
	(void)k6;
	if (!root || root->requests <= 0)
		return NAN;
	return root->requests + root->connects;
}

static double k6_hosts_of(const struct k6 *k6, const struct k6_root *root)
{
	double given = plan_given(k6->context, W_DESTINATIONS);
	if (!root || !isnan(given))
		return k6->hosts;
	return (double)root->hosts.targets.count;
}

/* All that an iteration opens, where none of it is kept: several to a host at the same time, and
 * its WebSockets one after another. */
static double opens_of(const struct k6 *k6, const struct k6_root *root)
{
	const double hosts = k6_hosts_of(k6, root);
	const struct k6_root *does = root;
	if (!does)
		does = &k6->all;
	return k6_sockets(k6, does, hosts) + fmax(0, does->connects - does->connects_at_once);
}

/* Only those that connect in each iteration. */
static double connects_of(const struct k6 *k6, const struct k6_root *root)
{
	if (!root)
		return k6->hosts;
	return root->connects;
}

/* What all scenarios do in a second: by their arrival rates, else by how long their iterations
 * sleep. NAN where neither is known of one. */
static double k6_rate_of(const struct k6 *k6, per_iteration count, bool *ret_sleeps)
{
	double sum = 0;
	double least = 0;
	const char *from, *text = k6_setting(k6, K6_O_MIN_ITERATION, &from);
	struct error ignored;
	if (text && !quantity_read(text, &quantity_k6_duration, &least, &ignored))
		least = 0;
	for (size_t i = 0; i < k6->load.scenario_count; i++) {
		const struct k6_scenario *scenario = &k6->load.scenarios[i];
		const struct k6_root *root = k6->roots[i];
		double each = count(k6, root), iterations = scenario->rate_per_s;
		double lasts = least;
		if (root)
			lasts = fmax(least, root->sleeps_s);
		if (each == 0)
			continue;
		if (isnan(iterations)) {
			*ret_sleeps = true;
			iterations = scenario->vus_max / lasts; /* infinite where nothing sleeps */
			if (root && root->open_ended)
				iterations = INFINITY; /* nobody knows when one ends */
		}
		sum += each * iterations;
	}
	if (!isfinite(sum))
		return NAN;
	return sum;
}

static const char *rate_from(const struct k6 *k6, double rate, bool sleeps)
{
	if (sleeps && k6->all.timed)
		return arena_printf(k6->arena,
				"%s: from its sleeps and the timers that close its sockets; more often if the "
				"server closes them",
				k6->path);
	if (sleeps)
		return arena_printf(k6->arena, "%s: at most this often, because of its sleeps", k6->path);
	if (isnan(k6->load.iterations_per_s))
		return k6->load.from;
	const char *times = "";
	if (rate > k6->load.iterations_per_s)
		times = k6->all.batch_at ? " × hosts and http.batch" : " × hosts";
	return arena_printf(k6->arena,
			"%s: %g iterations/s%s",
			k6->load.from,
			k6->load.iterations_per_s,
			times);
}

static void set_rate(struct k6 *k6, enum workload_field field, per_iteration count)
{
	bool sleeps = false;
	const char *segment;
	double rate = k6_rate_of(k6, count, &sleeps) * k6_part_of_test(k6, &segment);
	enum confidence confidence = CONFIDENCE_BOUND;
	if (sleeps || field == W_REQUESTS)
		confidence = CONFIDENCE_ESTIMATE;
	if (k6->unknown || isnan(rate) || rate <= 0)
		return;
	if (sleeps && plan_given(k6->context, W_LIFETIME) >= 0)
		return; /* which says it better */
	plan_number(k6->plan, field, rate, confidence, rate_from(k6, rate, sleeps));
}

/* Connections that end with an iteration: a rate is needed. */
static void set_reconnects(struct k6 *k6, per_iteration count, const char *why, const char *from)
{
	struct plan *plan = k6->plan;
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, from);
	set_rate(k6, W_OPEN_RATE, count);
	if (k6_load_starts_at_once(&k6->load))
		plan_choice(plan, W_START, "together", CONFIDENCE_ESTIMATE, "all VUs start at once");
	plan_ask(plan, k6->context, why, W_LIFETIME, W_OPEN_RATE, WORKLOAD_FIELDS);
}

/* --- what the script does
 * ------------------------------------------------------------------------- */

static void ask_connections(struct k6 *k6, const char *why)
{
	plan_ask(k6->plan, k6->context, why, W_CONNECTIONS, WORKLOAD_FIELDS);
	k6->unknown = true;
}

/* A VU that is a browser opens what its pages ask for. */
static void judge_browser(struct k6 *k6)
{
	const char *where = k6->all.browser_at;
	if (!where && k6->browsers == 0)
		return;
	if (!where)
		where = k6->load.from;
	plan_find(k6->plan,
			"plan-k6-browser",
			"warning",
			where,
			arena_printf(k6->arena,
					"%g VUs are browsers. Each runs a Chromium with several processes and hundreds "
					"of MiB. It opens up to 6 connections to each host of a page (1 over HTTP/2). "
					"Its processes and its memory are not counted here.",
					k6->browsers));
	ask_connections(k6,
			"each VU is a browser and opens up to 6 connections to each host of its pages: how "
			"many are open at peak");
}

static void judge_foreign(struct k6 *k6)
{
	const struct k6_root *all = &k6->all;
	if (!all->foreign_at)
		return;
	ask_connections(k6,
			arena_printf(k6->arena,
					"the script uses %s (%s), and headroom does not know its connections: how "
					"many are open at peak, including those of HTTP",
					all->foreign,
					all->foreign_at));
}

/* A script of which only the beginning is read may do anything else. */
static void judge_length(struct k6 *k6)
{
	if (!k6->script.program.cut)
		return;
	ask_connections(k6,
			"the script is too long to be read completely: how many connections are open at peak");
}

/* Sockets in a loop, or in a function that may be called as often as it likes. */
static void judge_sockets(struct k6 *k6)
{
	const char *where = k6->all.sockets_at;
	if (!where)
		return;
	ask_connections(k6,
			arena_printf(k6->arena,
					"a VU may have several sockets open at the same time (%s): how many are open "
					"at peak",
					where));
}

static void judge_async(struct k6 *k6)
{
	if (!k6->all.async_at)
		return;
	plan_find(k6->plan,
			"plan-k6-async",
			"warning",
			k6->all.async_at,
			"The script does not limit parallel requests within a VU. Each may use its own "
			"connection, and k6 closes those beyond batchPerHost after use.");
	ask_connections(k6,
			arena_printf(k6->arena,
					"a VU sends requests in parallel, and the script does not say how many (%s): "
					"how many connections are open at peak",
					k6->all.async_at));
}

/* How many iterations all VUs make; NAN where time alone ends them. */
static double all_iterations(const struct k6 *k6)
{
	double sum = 0;
	for (size_t i = 0; i < k6->load.scenario_count; i++) {
		sum += k6->load.scenarios[i].iterations;
	}
	return sum;
}

static void judge_leak(struct k6 *k6)
{
	const char *segment;
	double iterations = all_iterations(k6) * k6_part_of_test(k6, &segment);
	bool alone = !k6->all.http_at && k6->load.scenario_count == 1;
	double each = 1;
	if (k6->load.scenario_count)
		each = k6->roots[0]->connects;
	plan_find(k6->plan,
			"plan-k6-grpc-leak",
			"warning",
			k6->all.grpc_at,
			"The gRPC client connects in every iteration and is never closed, so each iteration "
			"leaves a connection open. Connect once (if (__ITER == 0)), or call client.close().");
	plan_choice(k6->plan, W_CLOSER, "client", CONFIDENCE_EXACT, "at the end of the run");
	if (alone && isfinite(each) && iterations > 0) {
		const char *from = arena_printf(k6->arena,
				"%s: %g iterations, each of which leaves %g connections open",
				k6->load_from,
				iterations,
				each);
		plan_number(k6->plan, W_CONNECTIONS, iterations * each, CONFIDENCE_BOUND, from);
		k6->unknown = true; /* nothing more is to be counted */
		return;
	}
	ask_connections(k6,
			"each iteration leaves a gRPC connection open, so count one for every iteration of "
			"every VU");
}

/* Patterns in the text that open connections in every iteration. True if one decides the churn. */
static bool judge_script(struct k6 *k6)
{
	const struct k6_root *all = &k6->all;
	if (all->grpc_at && !all->grpc_closes) {
		judge_leak(k6);
		return true;
	}
	if (all->grpc_at) {
		plan_find(k6->plan,
				"plan-k6-grpc-reconnect",
				"warning",
				all->grpc_at,
				"The gRPC client connects in every iteration, so each one opens and closes a "
				"connection and leaves it in TIME_WAIT on this host. Connect once per VU (if "
				"(__ITER == 0)).");
		set_reconnects(k6,
				connects_of,
				"the script connects in every iteration: how long does one last",
				all->grpc_at);
		return true;
	}
	if (all->websocket_at) {
		plan_find(k6->plan,
				"plan-k6-websocket",
				"note",
				all->websocket_at,
				"Each iteration opens a WebSocket and closes it at its end.");
		set_reconnects(k6,
				connects_of,
				"each iteration opens a WebSocket: how long does one stay open",
				all->websocket_at);
		return true;
	}
	return false;
}

/* --- all of it
 * ------------------------------------------------------------------------------------ */

static void set_each_request(struct k6 *k6, const char *from)
{
	if (!k6->plan->workload.values[W_REQUESTS].set)
		set_rate(k6, W_REQUESTS, requests_of);
	plan_closes_each(k6->plan, k6->context, NAN, "every request opens a connection", from);
}

/* Of requests in parallel more answer than connections may idle. False: asked for. */
static bool judge_parallel(struct k6 *k6)
{
	double kept = k6_idle_per_host(k6);
	bool more = k6->all.async_at != NULL;
	for (size_t i = 0; i < k6->load.scenario_count && k6->script.read; i++) {
		const struct k6_root *root = k6->roots[i];
		double at_once = root->parallel;
		if (root->batch_at)
			at_once += fmin(kept, root->batch_longest);
		more |= root->parallel > 0 && at_once > kept;
	}
	if (!more)
		return true;
	const char *why = arena_printf(k6->arena,
			"a VU sends requests in parallel and keeps at most %g idle connections to a host "
			"(batchPerHost): it opens the others again in each iteration",
			kept);
	plan_ask(k6->plan, k6->context, why, W_OPEN_RATE, W_LIFETIME, WORKLOAD_FIELDS);
	k6->rate_asked = true;
	return false;
}

/* A VU's transport keeps as many idle connections as `batch` says, whatever their hosts
 * (internal/js/runner.go: MaxIdleConns). */
static bool judge_idle_pool(struct k6 *k6)
{
	double most = 20;
	double hosts = 0;
	const char *from;
	for (size_t i = 0; i < k6->load.scenario_count && k6->script.read; i++) {
		const struct k6_root *root = k6->roots[i];
		double here = (double)root->hosts.targets.count - k6_hosts_of_others(&root->hosts);
		if (*root->name) /* not what stands for the whole script */
			hosts = fmax(hosts, here);
	}
	if (!k6_number(k6, K6_O_BATCH, &most, &from)) {
		return false;
	}
	if (!judge_parallel(k6)) {
		return true;
	}
	if (k6->unknown || most <= 0 || hosts <= most) {
		return true;
	}
	const char *why = arena_printf(k6->arena,
			"a VU keeps at most %g idle connections (batch) and talks to %g hosts: it opens the "
			"others again in each iteration",
			most,
			hosts);
	plan_ask(k6->plan, k6->context, why, W_OPEN_RATE, W_LIFETIME, WORKLOAD_FIELDS);
	k6->rate_asked = true;
	return true;
}

static bool k6_set_kept(struct k6 *k6)
{
	struct plan *plan = k6->plan;
	static const char kept[] = "k6 keeps its connections";
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "k6 keeps its connections to the end");
	if (!set_peak(k6, true))
		return false;
	if (!judge_idle_pool(k6))
		return false;
	if (!plan->workload.stage_count && !k6->rate_asked)
		plan_number(plan, W_OPEN_RATE, 0, CONFIDENCE_EXACT, kept);
	return true;
}

bool k6_set_connections(struct k6 *k6)
{
	const char *from;
	double rps = NAN;
	k6->unknown = isnan(k6->hosts); /* asked for already */
	judge_async(k6);
	judge_sockets(k6);
	judge_length(k6);
	judge_browser(k6);
	judge_foreign(k6);
	if (!k6_number(k6, K6_O_RPS, &rps, &from))
		return false;
	if (rps > 0)
		plan_number(k6->plan, W_REQUESTS, rps, CONFIDENCE_BOUND, from);
	bool no_reuse = k6_is_on(k6, K6_O_NO_REUSE, &from);
	if (!no_reuse && k6->all.close_header_at) {
		from = k6->all.close_header_at;
		no_reuse = true;
	}
	bool leaks = k6->all.grpc_at && !k6->all.grpc_closes;
	if (no_reuse && leaks)
		judge_leak(k6);
	if (no_reuse) {
		set_each_request(k6, from);
		return set_peak(k6, false);
	}
	if (k6_is_on(k6, K6_O_NO_VU_REUSE, &from)) {
		set_reconnects(k6,
				opens_of,
				"every iteration opens its connections again: how long does one last",
				from);
		return set_peak(k6, false);
	}
	if (judge_script(k6))
		return set_peak(k6, false);
	return k6_set_kept(k6);
}
