/* The plan's side to the upstreams: the worst of all places that pass requests on, because nobody
 * says how many requests each of them gets. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/nginx/nginx_fate.h"

enum {
	WEIGHTS_MAX = 250
};

static const double keeps_since = 1029007, thousand_since = 1019010;
/* Below this part the usual share of what a proxy closes first is more (rules/tools/nginx.json). */
static const double small_share = 0.06;

/* What is decided for the whole configuration. */
struct decision {
	struct nginx_outcome worst, kept; /* as nginx_worst() has them */
	struct nginx_outcome before;      /* by nginx before 1.29.7 */
	bool mixed, either; /* either: who closes depends on a version that is not known */
	enum nginx_era era;
};

static struct decision decide(const struct nginx *n)
{
	enum nginx_era era = NGINX_BEFORE;
	if (n->version >= keeps_since)
		era = NGINX_SINCE;
	struct nginx_worst first = nginx_worst(n, era);
	struct decision d = {first.outcome, first.kept, first.outcome, first.mixed, false, era};
	if (!isnan(n->version))
		return d;
	struct nginx_worst since = nginx_worst(n, NGINX_SINCE);
	enum nginx_fate now = since.outcome.fate, before = d.before.fate;
	bool each = now >= NGINX_UPSTREAM_CLOSES && before >= NGINX_UPSTREAM_CLOSES;
	d.mixed |= since.mixed;
	d.either = each && now != before;
	if (!d.kept.route)
		d.kept = since.kept;
	if (now > d.worst.fate) {
		d.worst = since.outcome;
		d.era = NGINX_SINCE;
	}
	return d;
}

/* ---- destinations ---- */

static const char *server_target(const struct nginx *n, const char *address)
{
	static const char *const schemes[] = {"uwsgi://", "suwsgi://", "scgi://", "fastcgi://"};
	struct error ignored;
	for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
		if (text_begins_with(address, schemes[i]))
			address += strlen(schemes[i]);
	if (nginx_is_unix(address))
		return NULL;
	return plan_url_target(n->arena, address, &ignored);
}

static bool only_backups(const struct nginx_group *group)
{
	for (size_t i = 0; i < group->server_count; i++)
		if (!group->servers[i].backup && !group->servers[i].down)
			return false;
	return true;
}

static double weight_of_all(const struct nginx_group *group)
{
	double sum = 0;
	for (size_t i = 0; i < group->server_count; i++)
		sum += group->servers[i].weight;
	return sum;
}

/* Servers that get connections; one with twice the weight stands twice. */
static struct name_list targets_of(const struct nginx *n, const struct nginx_group *group)
{
	struct name_list targets = {0};
	bool backups = only_backups(group), weighted = weight_of_all(group) <= WEIGHTS_MAX;
	for (size_t i = 0; i < group->server_count; i++) {
		const struct nginx_server *server = &group->servers[i];
		const char *target = server_target(n, server->address);
		if (!target || server->down || (server->backup && !backups))
			continue;
		name_list_append(n->arena, &targets, target);
		for (double more = 1; weighted && more < server->weight; more++)
			name_list_append(n->arena, &targets, target);
		if (group->sticks_from)
			break;
	}
	return targets;
}

static void set_destinations(struct nginx *n, const struct decision *d)
{
	const struct nginx_outcome *worst = &d->worst;
	struct workload_value value = {.set = true, .from = worst->route->where};
	struct name_list targets = {0};
	if (worst->group) {
		targets = targets_of(n, worst->group);
		value.from = worst->group->where;
	} else if (worst->address) {
		const char *target = server_target(n, worst->address);
		if (target)
			name_list_append(n->arena, &targets, target);
	}
	if (!targets.count)
		return;
	if (d->mixed)
		value.confidence = CONFIDENCE_BOUND;
	if (worst->group && worst->group->sticks_from) {
		value.confidence = CONFIDENCE_ESTIMATE;
		value.from = worst->group->sticks_from;
	}
	workload_set_list(n->arena, &value, targets.items, targets.count);
	n->plan->workload.values[W_UP_DESTINATIONS] = value;
}

/* ---- connections and their rate ---- */

/* Connections at most where every server has max_conns: of each worker, or of all with a zone. */
static double most_of_servers(const struct nginx_group *group, double workers)
{
	double most = 0;
	for (size_t i = 0; i < group->server_count; i++) {
		if (isnan(group->servers[i].max_conns))
			return INFINITY;
		most += group->servers[i].max_conns;
	}
	if (!group->zone)
		most *= workers;
	if (group->keepalive > 0)
		most += group->keepalive * workers;
	return most;
}

/* Requests that the clients the user speaks of may have under way; NAN: nobody says how many
 * clients there are. */
static double of_clients(const struct nginx *n)
{
	return plan_given(n->context, W_CONNECTIONS) * n->streams;
}

/* Requests that are under way at a time, at most. */
static double at_a_time(const struct nginx *n, double live, double requests)
{
	double given = of_clients(n);
	double latency = plan_given(n->context, W_LATENCY);
	double mean = requests * latency;
	if (given < live)
		live = given;
	if (mean > 0)
		live = fmin(live, ceil(mean + 3 * sqrt(mean)));
	return fmax(1, live);
}

static void set_connections(struct nginx *n, const struct decision *d, double live, double workers)
{
	const struct nginx_group *group = d->worst.group;
	double given = of_clients(n), most = INFINITY;
	const char *from = "one connection to an upstream per connection";
	if (n->streams > 1)
		from = arena_printf(n->arena,
				"%s: up to %g requests of an HTTP/2 client at the same time",
				n->streams_from,
				n->streams);
	if (group)
		most = most_of_servers(group, workers);
	double requests = plan_given(n->context, W_REQUESTS);
	double latency = plan_given(n->context, W_LATENCY);
	enum confidence confidence = CONFIDENCE_BOUND;
	if (d->worst.fate != NGINX_KEPT && requests * latency > 0) {
		live = at_a_time(n, live, requests * nginx_requests_each(n));
		confidence = CONFIDENCE_ESTIMATE;
		from = "--requests × --latency, with a margin for chance";
	}
	/* A client's requests go round the servers, and each may keep one. */
	if (group && d->worst.fate == NGINX_KEPT && given < live && group->server_count > 1) {
		double others = (double)(group->server_count - 1);
		double pool = nginx_pool_for_each(group) * (double)group->server_count;
		double idle = fmin(pool * workers, given * others);
		live = fmin(live, given + idle);
		from = arena_printf(n->arena, "%s: plus what each worker keeps idle", group->where);
	}
	if (most < live) {
		live = most;
		from = arena_printf(n->arena, "%s: max_conns of its servers", group->where);
	}
	plan_number(n->plan, W_UP_CONNECTIONS, live, confidence, from);
}

/* The part of the requests that opens a connection all the same: where more are under way than the
 * pool keeps, all answers may come before all next requests, and what is too much is closed. */
static double part_that_opens(const struct nginx *n,
		const struct nginx_group *group,
		double at_once)
{
	double missed = fmax(0, 1 - nginx_pool_for_each(group) / at_once);
	double requests = group->requests;
	if (isnan(requests))
		requests = 100;
	if (isnan(group->requests) && n->version >= thousand_since)
		requests = 1000;
	return missed + (1 - missed) / fmax(1, requests);
}

static const char *pool_from(const struct nginx *n, const struct nginx_group *group)
{
	if (group->keepalive_from)
		return group->keepalive_from;
	return arena_printf(n->arena, "%s: nginx 1.29.7 and later keep 32", group->where);
}

static void find_small_pool(struct nginx *n, const struct nginx_group *group, double at_once)
{
	double servers = fmax(1, (double)group->server_count);
	double each = nginx_pool_for_each(group);
	if (at_once <= each)
		return;
	plan_find(n->plan,
			"plan-nginx-pool",
			"warning",
			pool_from(n, group),
			arena_printf(n->arena,
					"Each worker keeps %.0f idle connections, and %.0f requests may be in "
					"flight. nginx closes the connections beyond that and opens new ones, and "
					"their ports stay in TIME_WAIT (measured: 10 clients with a pool of 2 opened "
					"one for two of three requests). Set keepalive to %.0f, or add --requests so "
					"that the plan counts them.",
					each * servers,
					at_once,
					at_once * servers));
}

static void set_kept(struct nginx *n, const struct decision *d, double live)
{
	struct plan *plan = n->plan;
	const struct nginx_group *group = d->worst.group;
	double requests = plan_given(n->context, W_REQUESTS);
	double at_once = at_a_time(n, live, requests);
	const char *from = pool_from(n, group);
	plan_choice(plan, W_UP_CLOSER, "client", CONFIDENCE_ESTIMATE, from);
	find_small_pool(n, group, at_once);
	if (isnan(requests)) {
		plan_number(plan,
				W_UP_OPEN_RATE,
				0,
				CONFIDENCE_ESTIMATE,
				arena_printf(n->arena, "%s: kept", from));
		return;
	}
	double part = part_that_opens(n, group, at_once);
	plan_number(plan,
			W_UP_OPEN_RATE,
			requests * nginx_requests_each(n) * part,
			CONFIDENCE_BOUND,
			arena_printf(n->arena,
					"--requests: %.3g%% open one (pool %s, keepalive_requests)",
					100 * part,
					from));
}

/* ---- a connection for each request ---- */

/* Why, and what changes it. */
static const char *reason(const struct nginx *n, const struct decision *d)
{
	const struct nginx_outcome *worst = &d->worst;
	enum nginx_protocol protocol = worst->route->protocol;
	if (protocol == NGINX_UWSGI || protocol == NGINX_SCGI)
		return "uwsgi and SCGI cannot keep connections.";
	if (protocol == NGINX_FASTCGI && worst->fate == NGINX_UPSTREAM_CLOSES)
		return "Without \"fastcgi_keep_conn on\" the FastCGI server closes each connection. Set "
			   "it, "
			   "and keepalive in the upstream block.";
	if (worst->group && worst->group->lost_from && d->era == NGINX_BEFORE)
		return arena_printf(n->arena,
				"The balancing method at %s comes after keepalive and turns it off (before nginx "
				"1.29.7). Put keepalive last.",
				worst->group->lost_from);
	if (worst->fate == NGINX_CLOSES)
		return "nginx asks the upstream to keep the connection, but has no pool to keep it in. "
			   "So nginx closes it, and it stays in TIME_WAIT on this host. Put the servers "
			   "into an upstream block with keepalive.";
	if (protocol == NGINX_PROXY && !isnan(n->version) && n->version < keeps_since)
		return "nginx before 1.29.7 asks the upstream to close. To keep connections, set "
			   "proxy_http_version 1.1 and proxy_set_header Connection \"\" in the same block, "
			   "and keepalive in the upstream block.";
	return "The request asks the upstream to close (Connection: close, or HTTP/1.0; nginx "
		   "before 1.29.7 does so by default). To keep connections, set proxy_http_version 1.1 "
		   "and proxy_set_header Connection \"\" in the same block, and keepalive in the "
		   "upstream block.";
}

static void set_closer(struct nginx *n, const struct decision *d)
{
	struct plan *plan = n->plan;
	const char *where = d->worst.route->where;
	if (d->before.http11)
		plan_choice(plan, W_TOOL, "nginx-http11", CONFIDENCE_EXACT, where);
	if (d->either) {
		plan_ask(plan,
				n->context,
				arena_printf(n->arena,
						"%s: nginx before 1.29.7 lets the upstream close first (server, or the "
						"usual --client-closes %s), and later versions close first (client). "
						"headroom does not know which version runs; nginx -v shows it",
						where,
						d->before.http11 ? "15%" : "7%"),
				W_UP_CLOSER,
				W_CLIENT_CLOSES,
				WORKLOAD_FIELDS);
		return;
	}
	if (d->worst.fate == NGINX_CLOSES)
		plan_choice(plan,
				W_UP_CLOSER,
				"client",
				CONFIDENCE_BOUND,
				arena_printf(n->arena, "%s: nginx closes after each answer", where));
	else
		plan_choice(plan,
				W_UP_CLOSER,
				"server",
				CONFIDENCE_ESTIMATE,
				arena_printf(n->arena, "%s: the upstream closes after each answer", where));
}

/* Other places keep their connections in a pool that is too small: what nginx closes there is more
 * than what it usually closes here. */
static void set_share(struct nginx *n, const struct decision *d, double live)
{
	double requests = plan_given(n->context, W_REQUESTS), at_once = at_a_time(n, live, requests);
	if (d->worst.fate != NGINX_UPSTREAM_CLOSES || !d->kept.route)
		return;
	double part = part_that_opens(n, d->kept.group, at_once);
	if (part > small_share)
		plan_number(n->plan,
				W_CLIENT_CLOSES,
				part,
				CONFIDENCE_BOUND,
				arena_printf(n->arena,
						"%s: nginx closes what its pool cannot keep",
						pool_from(n, d->kept.group)));
}

static void set_each(struct nginx *n, const struct decision *d, double live)
{
	struct plan *plan = n->plan;
	const char *where = d->worst.route->where;
	double requests = plan_given(n->context, W_REQUESTS);
	double each = nginx_requests_each(n);
	enum confidence confidence = CONFIDENCE_EXACT;
	set_closer(n, d);
	set_share(n, d, live);
	plan_find(plan,
			"plan-nginx-keepalive",
			"warning",
			where,
			arena_printf(n->arena,
					"Each request opens a connection to the upstream. %s",
					reason(n, d)));
	/* Some requests may go elsewhere, or be answered without the upstream. */
	if (d->mixed || each > 1 || n->locations > 1 || nginx_is_cached(d->worst.route))
		confidence = CONFIDENCE_BOUND;
	if (!isnan(requests))
		plan_number(plan,
				W_UP_OPEN_RATE,
				requests * each,
				confidence,
				arena_printf(n->arena, "--requests, each of which opens %g at %s", each, where));
	plan_ask(plan,
			n->context,
			arena_printf(n->arena,
					"%s: each request opens a connection to the upstream; how many requests are "
					"there per second",
					where),
			W_UP_OPEN_RATE,
			W_REQUESTS,
			WORKLOAD_FIELDS);
}

/* ---- what else is worth a word ---- */

static void find_mixed(struct nginx *n, const struct decision *d)
{
	if (!d->mixed)
		return;
	plan_find(n->plan,
			"plan-nginx-mixed",
			"note",
			d->worst.route->where,
			"The places that pass requests on treat the connection differently, or use different "
			"upstreams. The plan is the worst case: all requests go through this one. For exact "
			"numbers, add --upstream-open-rate, --upstream-closer and --upstream-destinations.");
}

static void find_details(struct nginx *n, const struct decision *d)
{
	const struct nginx_outcome *worst = &d->worst;
	double each = nginx_requests_each(n);
	find_mixed(n, d);
	if (each > 1)
		plan_find(n->plan,
				"plan-nginx-subrequests",
				"note",
				worst->route->where,
				arena_printf(n->arena,
						"mirror and auth_request send %g requests to upstreams for each request of "
						"a client.",
						each));
	if (worst->group && worst->group->sticks_from)
		plan_find(n->plan,
				"plan-nginx-sticky",
				"note",
				worst->group->sticks_from,
				"A client always gets the same server here, so a load test from one address "
				"loads only one server, and the plan has one. Say with --upstream-destinations "
				"how many servers the clients reach.");
	if (n->retries_from && worst->group && worst->group->server_count > 1)
		plan_find(n->plan,
				"plan-nginx-retries",
				"note",
				n->retries_from,
				"If the answer is an error, nginx sends the request to the next server, over one "
				"more connection. The plan does not count these.");
	if (worst->upgrades)
		plan_find(n->plan,
				"plan-nginx-websocket",
				"note",
				worst->route->where,
				"The plan is for requests without Upgrade. A WebSocket takes one upstream "
				"connection for as long as it lives. Give the number that open per second with "
				"--upstream-open-rate.");
	if (worst->unknown)
		plan_find(n->plan,
				"plan-nginx-variable",
				"warning",
				worst->route->where,
				"This passes requests to a variable that only a request sets. The plan assumes "
				"one destination without a pool; for exact numbers, add --upstream-destinations "
				"and --upstream-closer.");
}

/* worker_connections counts both sides. A client that sends one request at a time takes one of
 * each; one that speaks HTTP/2 may take up to n->streams to upstreams. */
static double most_upstream(const struct nginx *n, double all)
{
	double clients = plan_given(n->context, W_CONNECTIONS), half = floor(all / 2);
	if (n->streams <= 1)
		return half;
	if (isnan(clients))
		return all - ceil(all / (1 + n->streams));
	return fmin(clients * n->streams, fmax(all - clients, half));
}

/* How many clients there are decides, where each may take many connections to upstreams. Nobody
 * says it: then it is few who take all. */
static void say_clients(struct nginx *n, const struct decision *d, double all)
{
	const struct workload *given = n->context->given;
	double requests = plan_given(n->context, W_REQUESTS);
	double latency = plan_given(n->context, W_LATENCY);
	bool counted = d->worst.fate != NGINX_KEPT && requests * latency > 0;
	if (n->streams <= 1 || counted || given->values[W_UP_CONNECTIONS].set)
		return;
	double clients = ceil(all / (1 + n->streams));
	plan_number(n->plan,
			W_CONNECTIONS,
			clients,
			CONFIDENCE_BOUND,
			arena_printf(n->arena,
					"%s: with %g requests each, they take all worker_connections",
					n->streams_from,
					n->streams));
	if (given->values[W_CONNECTIONS].set)
		return;
	plan_find(n->plan,
			"plan-http2-clients",
			"warning",
			n->streams_from,
			arena_printf(n->arena,
					"Clients may speak HTTP/2 or HTTP/3 here. Each of the %g requests that a "
					"client may have in flight takes a connection to the upstream. The plan is "
					"the worst case for ports: %g clients with %g upstream connections. Give the "
					"number of clients with --connections, and the requests that each has in "
					"flight with --streams-per-connection.",
					n->streams,
					clients,
					all - clients));
}

void nginx_set_upstream(struct nginx *n, double all, double workers)
{
	struct decision d = decide(n);
	double live = most_upstream(n, all);
	if (n->bind_from)
		plan_choice(n->plan, W_BIND, "noport", CONFIDENCE_EXACT, n->bind_from);
	else
		plan_choice(n->plan, W_BIND, "none", CONFIDENCE_EXACT, "no proxy_bind");
	if (!d.worst.route)
		return;
	set_destinations(n, &d);
	find_details(n, &d);
	if (d.worst.fate == NGINX_FOLLOWS) { /* as many as clients, and as often */
		plan_choice(n->plan,
				W_UP_CLOSER,
				"client",
				CONFIDENCE_ESTIMATE,
				arena_printf(n->arena,
						"%s: nginx passes on the client's close",
						d.worst.route->where));
		return;
	}
	say_clients(n, &d, all);
	set_connections(n, &d, live, workers);
	if (d.worst.fate == NGINX_KEPT)
		set_kept(n, &d, live);
	else
		set_each(n, &d, live);
}
