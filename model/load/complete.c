/* Fills in what a plan leaves open: Little's law first, then defaults by role and runtime.
 * Every value that is not derived from the user's own numbers becomes an assumption. */
#include "model/load/workload.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/load/population.h"

struct completion {
	struct arena *arena;
	struct workload *workload;
	struct assumption *assumptions;
	size_t count, capacity;
};

static double complete_number(const struct workload *workload, enum workload_field field)
{
	return workload->values[field].set ? workload->values[field].number : NAN;
}

static bool is(const struct workload *workload, enum workload_field field, const char *choice)
{
	const struct workload_value *value = &workload->values[field];
	return value->set && value->text && !strcmp(value->text, choice);
}

/* Computed from the user's own numbers: no assumption. */
static void derive(struct completion *c, enum workload_field field, double value, const char *from)
{
	c->workload->values[field] =
			(struct workload_value){.set = true, .number = value, .from = from, .derived = true};
}

static void complete_note(struct completion *c,
		enum workload_field field,
		const char *shown,
		const char *source)
{
	c->assumptions =
			arena_grow(c->arena, c->assumptions, c->count, &c->capacity, sizeof *c->assumptions);
	c->assumptions[c->count++] = (struct assumption){
			.field = workload_rows[field].name,
			.value = shown,
			.source = source,
	};
}

static void assume(struct completion *c,
		enum workload_field field,
		double value,
		const char *source)
{
	if (c->workload->values[field].set)
		return;
	c->workload->values[field] = (struct workload_value){.set = true,
			.number = value,
			.from = source,
			.assumed = true,
			.confidence = CONFIDENCE_ESTIMATE};
	char shown[NUMBER_TEXT_MAX];
	text_number(shown, value, workload_rows[field].unit);
	complete_note(c, field, arena_strdup(c->arena, shown), source);
}

static void assume_text(struct completion *c,
		enum workload_field field,
		const char *choice,
		const char *source)
{
	if (c->workload->values[field].set)
		return;
	c->workload->values[field] = (struct workload_value){.set = true,
			.text = choice,
			.from = source,
			.assumed = true,
			.confidence = CONFIDENCE_ESTIMATE};
	complete_note(c, field, choice, source);
}

/* Requests per second and latency, where the connections follow from them. */
static void from_requests(struct completion *c)
{
	struct workload *w = c->workload;
	double requests = complete_number(w, W_REQUESTS), latency = complete_number(w, W_LATENCY);
	double per_connection = complete_number(w, W_REQUESTS_PER_CONNECTION);
	if (isnan(requests) || w->stage_count)
		return;
	if (!isnan(per_connection) && per_connection > 0) {
		if (!w->values[W_OPEN_RATE].set)
			derive(c, W_OPEN_RATE, requests / per_connection, "requests ÷ requests per connection");
		if (!w->values[W_LIFETIME].set && !w->values[W_CONNECTIONS].set && !isnan(latency))
			derive(c, W_LIFETIME, latency * per_connection, "latency × requests per connection");
	}
	double streams = w->values[W_STREAMS].set ? w->values[W_STREAMS].number : 1;
	if (!w->values[W_CONNECTIONS].set && !w->values[W_LIFETIME].set && !isnan(latency))
		derive(c,
				W_CONNECTIONS,
				ceil(requests * latency / streams - 1e-9),
				"requests × latency (Little's law)");
}

/* Connections that come at a rate and stay for a lifetime: fewer where the test ends before the
 * first of them does. */
static void from_rate(struct completion *c, double rate, double life)
{
	struct workload *w = c->workload;
	bool empty = !w->values[W_START].set || is(w, W_START, "empty");
	double end = population_end_s(w), live = rate * life, most = complete_number(w, W_OPENS_TOTAL);
	if (most < live)
		derive(c, W_CONNECTIONS, most, "connections opened in the whole test");
	else if (empty && end < life)
		derive(c, W_CONNECTIONS, rate * end, "open rate × duration: the test ends first");
	else
		derive(c, W_CONNECTIONS, live, "open rate × lifetime (Little's law)");
	if (empty && life > 0)
		assume_text(c, W_START, "empty", "a plan given by its rate starts without connections");
}

/* What follows from an estimate is one. */
static enum confidence worst_known(const struct workload *w)
{
	static const enum workload_field fields[] = {W_CONNECTIONS, W_OPEN_RATE, W_LIFETIME};
	enum confidence worst = CONFIDENCE_EXACT;
	for (size_t i = 0; i < 3; i++) {
		const struct workload_value *value = &w->values[fields[i]];
		if (value->set && value->confidence > worst)
			worst = value->confidence;
	}
	return worst;
}

static void trust_derived(struct workload *w, enum confidence known)
{
	static const enum workload_field fields[] = {W_CONNECTIONS, W_OPEN_RATE, W_LIFETIME};
	for (size_t i = 0; i < 3; i++) {
		struct workload_value *value = &w->values[fields[i]];
		if (value->derived && value->confidence < known)
			value->confidence = known;
	}
}

/* Any two of connections, open rate and lifetime give the third. */
static bool littles_law(struct completion *c, struct error *err)
{
	struct workload *w = c->workload;
	double live = complete_number(w, W_CONNECTIONS), rate = complete_number(w, W_OPEN_RATE),
		   life = complete_number(w, W_LIFETIME);
	bool has_live = !isnan(live), has_rate = !isnan(rate), has_life = !isnan(life);
	const enum confidence known = worst_known(w);
	if (has_live && has_rate && has_life) {
		if (fabs(rate * life - live) > 0.01 * fmax(live, rate * life) + 1)
			return error_set(err,
					"--connections %g, --open-rate %g/s and --lifetime %g s contradict each other "
					"(connections = open rate × lifetime); leave one of them out",
					live,
					rate,
					life);
	} else if (has_rate && has_life) {
		from_rate(c, rate, life);
	} else if (has_live && has_rate) {
		derive(c,
				W_LIFETIME,
				rate > 0 ? live / rate : INFINITY,
				"connections ÷ open rate (Little's law)");
	} else if (has_live && has_life) {
		if (life <= 0 && live > 0)
			return error_set(err,
					"--lifetime 0 with --connections needs --open-rate, the connections opened per "
					"second");
		derive(c,
				W_OPEN_RATE,
				isinf(life) || live <= 0 ? 0 : live / life,
				"connections ÷ lifetime (Little's law)");
	} else if (has_live) {
		assume(c, W_LIFETIME, INFINITY, "no lifetime or open rate given: the connections stay");
		derive(c, W_OPEN_RATE, 0, "long-lived connections");
	} else if (has_rate) {
		return error_set(err,
				"the plan opens %g connections/s but does not say how long one lives; add "
				"--lifetime (0 if it closes at once)",
				rate);
	} else {
		return error_set(err,
				"the plan does not say how many connections; add --connections, or --open-rate and "
				"--lifetime");
	}
	trust_derived(w, known);
	return true;
}

static bool stages_of_one_kind(const struct workload *w, bool rates, struct error *err)
{
	for (size_t i = 0; i < w->stage_count; i++) {
		if (rates != !isnan(w->stages[i].open_rate_per_s))
			return error_set(err,
					"stage %zu: a plan's stages are either all connections or all rates",
					i + 1);
	}
	return true;
}

static bool lifetime_of_stages(struct completion *c, bool rates, struct error *err)
{
	struct workload *w = c->workload;
	if (rates && !w->values[W_LIFETIME].set)
		return error_set(err,
				"stages given as rates need --lifetime (0 if a connection closes at once)");
	assume(c, W_LIFETIME, INFINITY, "no lifetime given: the connections stay");
	if (!rates && w->values[W_LIFETIME].number <= 0)
		return error_set(err,
				"--lifetime 0 with stages of connections: give the stages as rates (60s:500/s)");
	return true;
}

/* Staged plans: the peaks stand in for the steady numbers wherever one number is shown. */
static bool from_stages(struct completion *c, struct error *err)
{
	struct workload *w = c->workload;
	double rate = 0, total = 0;
	bool rates = !isnan(w->stages[0].open_rate_per_s);
	if (!stages_of_one_kind(w, rates, err) || !lifetime_of_stages(c, rates, err))
		return false;
	for (size_t i = 0; i < w->stage_count; i++) {
		total += w->stages[i].duration_s;
		if (rates)
			rate = fmax(rate, w->stages[i].open_rate_per_s);
	}
	if (!w->values[W_DURATION].set)
		derive(c, W_DURATION, total, "sum of the stages");
	workload_measure(c->arena, w);
	double live = w->peak_connections, life = w->values[W_LIFETIME].number;
	if (!rates && isfinite(life))
		rate = live / life;
	derive(c, W_CONNECTIONS, live, "highest stage");
	derive(c, W_OPEN_RATE, rate, "highest stage");
	return true;
}

/* The files that a process of this runtime has open besides its connections. Counted in
 * /proc/PID/fd of running tools: hey and vegeta 8, k6 10, tsung and node 20, wrk 5 and one per
 * thread. The number for the JVM is an estimate. */
static double fds_base(const char *runtime)
{
	if (!strcmp(runtime, "java"))
		return 150;
	if (!strcmp(runtime, "node") || !strcmp(runtime, "erlang"))
		return 20;
	return 10;
}

/* Which RLIMIT_NOFILE counts: measured for Go 1.19, Node 20, HotSpot (they raise soft to hard),
 * Python, Erlang and C programs (they do not). */
const char *workload_nofile_of(const char *runtime)
{
	bool raises = !strcmp(runtime, "go") || !strcmp(runtime, "java") || !strcmp(runtime, "node");
	return raises ? "hard" : "soft";
}

struct runtime_backlog {
	const char *runtime;
	double backlog;
	const char *source;
};

/* The backlog a runtime's listener asks for (measured with strace): Go reads somaxconn, so the
 * kernel's own bound is what counts. */
static const struct runtime_backlog runtime_backlogs[] = {
		{"go", INFINITY, "Go listens with somaxconn"},
		{"node", 511, "Node.js listens with 511"},
		{"java", 50, "java.net.ServerSocket listens with 50"},
};

static const struct runtime_backlog *runtime_backlog(const char *runtime)
{
	for (size_t i = 0; runtime && i < COUNT_OF(runtime_backlogs); i++)
		if (!strcmp(runtime, runtime_backlogs[i].runtime))
			return &runtime_backlogs[i];
	return NULL;
}

double workload_backlog_of(const char *runtime)
{
	const struct runtime_backlog *known = runtime_backlog(runtime);
	if (!known)
		return (double)NAN;
	return known->backlog;
}

static void assume_backlog(struct completion *c, const char *runtime)
{
	const struct runtime_backlog *known = runtime_backlog(runtime);
	if (known)
		assume(c, W_BACKLOG, known->backlog, known->source);
	else
		assume(c, W_BACKLOG, 128, "no listener is named, so a common default");
}

/* A task that is ready to run waits while another one uses up its slice: 0.7 ms on one processor,
 * 2.8 ms from eight on (sysctl_sched_base_slice, kernel/sched/fair.c), 3 ms before Linux 6.6. */
static const double time_slice_s = 0.003;

static void complete_server(struct completion *c)
{
	struct workload *w = c->workload;
	if (is(w, W_ROLE, "client"))
		return;
	assume_backlog(c, w->values[W_RUNTIME].text);
	assume(c, W_BURST_WINDOW, time_slice_s, "the server waits one time slice of another task");
}

static void complete_proxy(struct completion *c)
{
	struct workload *w = c->workload;
	if (!is(w, W_ROLE, "proxy"))
		return;
	assume(c,
			W_UP_CONNECTIONS,
			w->values[W_CONNECTIONS].number,
			"one upstream connection per client connection");
	assume(c,
			W_UP_OPEN_RATE,
			w->values[W_OPEN_RATE].number,
			"one upstream connection per client connection");
	assume_text(c, W_UP_CLOSER, "client", "the proxy closes its upstream connections");
	assume(c, W_UP_DESTINATIONS, 1, "one upstream server");
}

/* The client's part of the closes, where the plan says it. */
static bool complete_closes(struct completion *c, struct error *err)
{
	const struct workload_value *closer = &c->workload->values[W_CLOSER];
	const char *from = closer->from;
	double share = complete_number(c->workload, W_CLIENT_CLOSES);
	if (isnan(share))
		return true;
	if (share > 1)
		return error_set(err,
				"--client-closes %g%%: at most 100%% of the closes (10%% is written 10%% or 0.1)",
				share * 100);
	if (is(c->workload, W_ROLE, "proxy"))
		assume_text(c, W_UP_CLOSER, "server", "the proxy closes only a part");
	else
		assume_text(c, W_CLOSER, "server", "the client closes only a part");
	if (share == 1 || is(c->workload, W_CLOSER, "server") || is(c->workload, W_ROLE, "proxy"))
		return true;
	if (!from)
		from = "--closer";
	return error_set(err,
			"--client-closes %g%% contradicts closer %s (%s): leave one of them out",
			share * 100,
			closer->text,
			from);
}

static void complete_defaults(struct completion *c)
{
	struct workload *w = c->workload;
	assume_text(c, W_PROTOCOL, "tcp", "default");
	assume_text(c, W_CLOSER, "client", "default");
	assume_text(c, W_PEER_CLOSE, "prompt", "default");
	assume_text(c, W_BIND, "none", "default");
	assume_text(c, W_NAT, "none", "default");
	assume(c, W_DESTINATIONS, 1, "default");
	assume(c, W_SOURCE_ADDRESSES, 1, "default");
	assume(c, W_PROCESSES, 1, "default");
	const char *runtime = w->values[W_RUNTIME].text;
	assume(c, W_FDS_BASE, fds_base(runtime), "typical of the runtime");
	bool two = is(w, W_ROLE, "both"); /* a proxy's upstream connections count for themselves */
	assume(c,
			W_FDS_PER_CONNECTION,
			two ? 2 : 1,
			two ? "both ends are on this host" : "one socket each");
	assume_text(c, W_NOFILE, workload_nofile_of(runtime), "what the runtime uses");
	assume(c, W_STREAMS, 1, "default");
	if (!is(w, W_RUNTIME, "erlang"))
		return;
	assume(c, W_PORTS_PER_CONNECTION, two ? 2 : 1, "each Erlang socket is a port");
	assume(c, W_PORTS_BASE, 4, "3 ports at start and a listener");
}

static void complete_memory(struct completion *c)
{
	struct workload *w = c->workload;
	assume(c, W_MEMORY_PER_CONNECTION, 0, "not known, so only kernel memory counts");
	assume(c, W_MEMORY_BASE, 0, "not known");
	assume(c, W_MEMORY_PER_USER, 0, "not known"); /* users not given: one per connection */
	if (w->values[W_STREAMS].number > 1)
		assume(c, W_PEER_MAX_STREAMS, 100, "the common default of HTTP/2 servers");
}

/* What is open when a plan of users starts, and how their lifetimes are spread. */
static bool complete_start(struct completion *c, struct error *err)
{
	struct workload *w = c->workload;
	double life = w->values[W_LIFETIME].number;
	bool closes = life > 0 && isfinite(life);
	bool ramps = w->stage_count > 0 || complete_number(w, W_RAMP_RATE) > 0;
	if (is(w, W_START, "empty") && !closes && !ramps && w->values[W_CONNECTIONS].number > 0)
		return error_set(err,
				"--start empty, but nothing says how the connections are opened; add --ramp-rate "
				"or --lifetime");
	if (!closes)
		return true;
	assume_text(c, W_LIFETIME_SPREAD, "fixed", "default");
	if (!ramps)
		assume_text(c, W_START, "steady", "the connections are open from the first second");
	return true;
}

void workload_measure(struct arena *arena, struct workload *workload)
{
	const struct timeline timeline = timeline_build(arena, workload, false);
	workload->peak_connections = timeline_most_live(&timeline);
}

bool workload_is_nothing(const struct workload *w)
{
	static const enum workload_field loads[] = {W_CONNECTIONS,
			W_OPEN_RATE,
			W_UP_CONNECTIONS,
			W_UP_OPEN_RATE,
			W_BURST};
	for (size_t i = 0; i < COUNT_OF(loads); i++)
		if (complete_number(w, loads[i]) > 0)
			return false;
	return true;
}

bool workload_complete(struct arena *arena,
		struct workload *workload,
		struct assumption **ret_assumptions,
		size_t *ret_count,
		struct error *err)
{
	struct completion c = {.arena = arena, .workload = workload};
	assume_text(&c, W_ROLE, "client", "default");
	assume_text(&c, W_RUNTIME, "native", "default");
	from_requests(&c);
	if (workload->stage_count ? !from_stages(&c, err) : !littles_law(&c, err))
		return false;
	if (!complete_start(&c, err))
		return false;
	workload_measure(arena, workload);
	if (!complete_closes(&c, err))
		return false;
	complete_defaults(&c);
	complete_server(&c);
	complete_proxy(&c);
	complete_memory(&c);
	*ret_assumptions = c.assumptions;
	*ret_count = c.count;
	return true;
}
