/* The plan's side to the servers: the worst of all backends, because nobody says how much each
 * gets. Who ends a connection was counted with 2.6.12 (tests/live/proxies.py): in mode http HAProxy
 * resets what it ends and keeps no TIME_WAIT; with http-server-close or httpclose the server closes
 * after each answer; in mode tcp HAProxy passes on the client's close, and TIME_WAIT is its own. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/haproxy/haproxy.h"

enum {
	WEIGHTS_MAX = 250,
	OWN_MAX = 5,
	OWN_SPARE = 10
};

/* What becomes of a connection to a server. Later ones are worse for HAProxy's own host. */
enum fate {
	FATE_NONE, /* no connection over IP */
	FATE_KEPT,
	FATE_RESET,         /* one for each request, which HAProxy resets */
	FATE_SERVER_CLOSES, /* one for each request, which the server closes */
	FATE_FOLLOWS        /* mode tcp: one for each connection of a client */
};

struct worst {
	const struct haproxy_proxy *proxy;
	enum fate fate;
	bool mixed, each; /* each: some of them opens one for each request */
	bool pool;        /* because of pool-max-conn, and fewer than that */
	const char *each_from;
};

static double servers_of(const struct haproxy_proxy *p)
{
	double servers = 0;
	for (size_t i = 0; i < p->server_count; i++)
		servers += p->servers[i].many;
	return servers;
}

static double reached(const struct haproxy_proxy *p)
{
	if (p->settings.sticks)
		return 1;
	return servers_of(p);
}

static bool all_local(const struct haproxy_proxy *p)
{
	for (size_t i = 0; i < p->server_count; i++)
		if (!haproxy_is_local(p->servers[i].address))
			return false;
	return p->server_count > 0;
}

bool haproxy_all_local(const struct haproxy *h)
{
	bool any = false;
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		if (!p->backend || !p->server_count)
			continue;
		if (!all_local(p))
			return false;
		any = true;
	}
	return any;
}

/* The frontend that asks for closing; what one says counts for all that it may use. */
static const char *closed_by(const struct haproxy *h, const struct haproxy_proxy *p)
{
	if (p->settings.closes)
		return p->settings.closes_from;
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *f = &h->proxies[i];
		bool uses = f->dynamic || name_list_has(&f->uses, p->name);
		if (f->frontend && f->settings.http && f->settings.closes && uses)
			return f->settings.closes_from;
	}
	return NULL;
}

/* A server that keeps fewer idle connections than there are clients. */
static const char *small_pool(const struct haproxy_proxy *p, double live)
{
	for (size_t i = 0; i < p->server_count; i++)
		if (p->servers[i].pool < live)
			return p->servers[i].where;
	return NULL;
}

static enum fate haproxy_fate(const struct haproxy *h,
		const struct haproxy_proxy *p,
		double live,
		const char **ret_from)
{
	*ret_from = NULL;
	if (all_local(p))
		return FATE_NONE;
	if (!p->settings.http)
		return FATE_FOLLOWS;
	*ret_from = closed_by(h, p);
	if (*ret_from && p->settings.pretends)
		return FATE_RESET;
	if (*ret_from)
		return FATE_SERVER_CLOSES;
	if (!p->settings.alone)
		*ret_from = small_pool(p, live);
	if (*ret_from)
		return FATE_RESET;
	return FATE_KEPT;
}

static struct worst worst_of(const struct haproxy *h, double live)
{
	struct worst worst = {.fate = FATE_NONE};
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		const char *from = NULL;
		if (!p->backend || !p->server_count)
			continue;
		enum fate fate = haproxy_fate(h, p, live, &from);
		if (fate == FATE_RESET || fate == FATE_SERVER_CLOSES) {
			worst.each = true;
			worst.pool |= !closed_by(h, p);
			worst.each_from = from;
		}
		worst.mixed |= worst.proxy != NULL;
		bool worse = fate > worst.fate;
		if (worst.proxy && fate == worst.fate)
			worse = reached(p) < reached(worst.proxy);
		if (worst.proxy && !worse)
			continue;
		worst.proxy = p;
		worst.fate = fate;
	}
	return worst;
}

/* Connections at most where every server has a maxconn; else INFINITY. */
static double most_of_servers(const struct haproxy *h)
{
	double sum = 0;
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		for (size_t j = 0; p->backend && j < p->server_count; j++) {
			if (isnan(p->servers[j].maxconn))
				return INFINITY;
			sum += p->servers[j].maxconn * p->servers[j].many;
		}
	}
	if (sum > 0)
		return sum;
	return INFINITY;
}

/* With http-reuse never a client has a connection to each server that it was sent to, up to five
 * (src/session.c, MAX_SRV_LIST; measured). */
static double own_of_each(const struct haproxy *h)
{
	double most = 1;
	for (size_t i = 0; i < h->proxy_count; i++) {
		const struct haproxy_proxy *p = &h->proxies[i];
		if (p->backend && p->settings.http && p->settings.alone)
			most = fmax(most, fmin(reached(p), OWN_MAX));
	}
	return most;
}

/* Clients of HTTP/2 have many requests under way. HAProxy opens no more than its descriptors: two
 * for each of maxconn, and those that it keeps for its own use (measured: 301 of 300 and 23). */
static double of_streams(const struct haproxy *h, double live)
{
	double clients = plan_given(h->context, W_CONNECTIONS), all = 2 * live;
	if (!isnan(h->maxconn))
		all = 2 * h->maxconn + OWN_SPARE + h->cli + h->checks;
	if (isnan(clients))
		return fmax(live, all - ceil(all / (1 + h->streams)));
	double most = clients * h->streams;
	if (!isnan(h->maxconn))
		most = fmin(most, fmax(all - clients, live));
	return most;
}

double haproxy_upstream(const struct haproxy *h, double live, const char **ret_from)
{
	double most = most_of_servers(h), own = own_of_each(h);
	*ret_from = "one connection to a server per connection";
	if (own > 1)
		*ret_from = "http-reuse never: one connection to each server per connection";
	if (h->streams_from)
		*ret_from = arena_printf(h->arena,
				"%s: up to %g requests of an HTTP/2 client at the same time",
				h->streams_from,
				h->streams);
	double clients = plan_given(h->context, W_CONNECTIONS), each = live * own;
	if (clients < live)
		each = clients * own;
	if (h->streams_from)
		each = fmax(each, of_streams(h, live));
	live = each;
	if (most >= live)
		return live;
	*ret_from = "sum of the servers' maxconn";
	return most;
}

/* "ipv4@10.0.0.9:80" without the family. */
static const char *target_of(const struct haproxy *h, const char *address)
{
	struct error ignored;
	if (haproxy_is_local(address))
		return NULL;
	const char *at = strchr(address, '@');
	if (at)
		address = at + 1;
	if (text_begins_with(address, "0.0.0.0") || *address == '*') /* where the client wanted to go */
		return NULL;
	return plan_url_target(h->arena, address, &ignored);
}

static bool only_spares(const struct haproxy_proxy *p)
{
	for (size_t i = 0; i < p->server_count; i++)
		if (!p->servers[i].backup && !p->servers[i].disabled)
			return false;
	return true;
}

static double all_weights(const struct haproxy_proxy *p)
{
	double sum = 0;
	for (size_t i = 0; i < p->server_count; i++)
		sum += p->servers[i].weight;
	return sum;
}

/* Servers that get connections by name; *ret_count also has those of templates. */
static struct name_list names_of(const struct haproxy *h,
		const struct haproxy_proxy *p,
		double *ret_count)
{
	struct name_list targets = {0};
	bool backups = only_spares(p), weighted = all_weights(p) <= WEIGHTS_MAX;
	*ret_count = 0;
	for (size_t i = 0; i < p->server_count; i++) {
		const struct haproxy_server *server = &p->servers[i];
		const char *target = target_of(h, server->address);
		if (haproxy_is_local(server->address) || (server->backup && !backups))
			continue;
		if (server->disabled && !backups)
			continue;
		*ret_count += server->many;
		if (!target || server->many > 1)
			return (struct name_list){.count = 0};
		name_list_append(h->arena, &targets, target);
		for (double more = 1; weighted && more < server->weight; more++)
			name_list_append(h->arena, &targets, target);
		if (p->settings.sticks)
			break;
	}
	return targets;
}

static void say_destinations(struct haproxy *h, const struct worst *worst)
{
	const struct haproxy_proxy *p = worst->proxy;
	struct workload_value value = {.set = true, .from = p->servers[0].where};
	double count;
	struct name_list targets = names_of(h, p, &count);
	if (worst->mixed)
		value.confidence = CONFIDENCE_BOUND;
	if (p->settings.sticks) {
		value.confidence = CONFIDENCE_ESTIMATE;
		value.from = p->settings.sticks_from;
	}
	if (targets.count)
		workload_set_list(h->arena, &value, targets.items, targets.count);
	else if (p->settings.sticks)
		value.number = 1;
	else
		value.number = servers_of(p);
	h->plan->workload.values[W_UP_DESTINATIONS] = value;
	if (p->settings.sticks)
		plan_find(h->plan,
				"plan-haproxy-sticky",
				"note",
				p->settings.sticks_from,
				"A load test from one address loads only one server here, so the plan has one. "
				"Say with --upstream-destinations how many servers the clients reach.");
}

static void say_closer(struct haproxy *h, const struct worst *worst)
{
	struct plan *plan = h->plan;
	switch (worst->fate) {
	case FATE_FOLLOWS:
		plan_choice(plan,
				W_UP_CLOSER,
				"client",
				CONFIDENCE_ESTIMATE,
				"mode tcp: HAProxy passes on the client's close");
		break;
	case FATE_SERVER_CLOSES:
		plan_choice(plan,
				W_UP_CLOSER,
				"server",
				CONFIDENCE_EXACT,
				"the server closes after each answer, or HAProxy resets");
		break;
	case FATE_NONE:
	case FATE_KEPT:
	case FATE_RESET:
		plan_choice(plan,
				W_UP_CLOSER,
				"reset",
				CONFIDENCE_EXACT,
				"mode http: HAProxy closes connections to servers with a reset");
		break;
	}
}

static void say_each(struct haproxy *h, const struct worst *worst)
{
	double requests = plan_given(h->context, W_REQUESTS);
	enum confidence confidence = CONFIDENCE_EXACT;
	if (!worst->each)
		return;
	plan_find(h->plan,
			"plan-haproxy-keepalive",
			"warning",
			worst->each_from,
			"Each request opens a connection to a server. Its close frees the port of this host. "
			"The conntrack entry here and a TIME_WAIT socket on the server remain. Give the rate "
			"with --requests; without it, the plan assumes that "
			"these connections open as often as those of clients.");
	if (worst->mixed || worst->pool)
		confidence = CONFIDENCE_BOUND;
	if (!isnan(requests))
		plan_number(h->plan,
				W_UP_OPEN_RATE,
				requests,
				confidence,
				arena_printf(h->arena,
						"%s: --requests, each of which opens one",
						worst->each_from));
}

static void set_bind(struct haproxy *h, const struct haproxy_settings *s)
{
	if (!s->source)
		plan_choice(h->plan, W_BIND, "none", CONFIDENCE_EXACT, "no source address");
	else if (s->source_range)
		plan_choice(h->plan, W_BIND, "address", CONFIDENCE_EXACT, s->source_from);
	else
		plan_choice(h->plan, W_BIND, "noport", CONFIDENCE_EXACT, s->source_from);
	if (s->transparent)
		plan_find(h->plan,
				"plan-haproxy-transparent",
				"note",
				s->source_from,
				"Connections to servers have the clients' addresses, so each client has its own "
				"pool of ports. The plan assumes one client; give the real number with "
				"--source-addresses.");
}

/* How many clients there are decides, where each may take many connections to servers. Nobody says
 * it: then it is few who take all. */
static void say_clients_of(struct haproxy *h, const struct worst *worst, double most)
{
	const struct workload *given = h->context->given;
	bool bounded = isfinite(most_of_servers(h)) || worst->fate == FATE_FOLLOWS;
	if (!h->streams_from || bounded || given->values[W_UP_CONNECTIONS].set)
		return;
	if (given->values[W_CONNECTIONS].set || !h->plan->workload.values[W_CONNECTIONS].set)
		return;
	double clients = ceil(most / h->streams);
	plan_number(h->plan,
			W_CONNECTIONS,
			clients,
			CONFIDENCE_BOUND,
			arena_printf(h->arena,
					"%s: with %g requests each, they take all connections to servers",
					h->streams_from,
					h->streams));
	plan_find(h->plan,
			"plan-http2-clients",
			"warning",
			h->streams_from,
			arena_printf(h->arena,
					"Clients may speak HTTP/2 or HTTP/3 here (since HAProxy 2.8 to any listener "
					"with ssl and no alpn). Each of the %g requests that a client may have in "
					"flight takes a connection to a server. The plan is the worst case for "
					"ports: %g clients with %g connections to servers. Give the number of "
					"clients with --connections, and the requests that each has in flight with "
					"--streams-per-connection.",
					h->streams,
					clients,
					most));
}

void haproxy_set_upstream(struct haproxy *h, double live)
{
	struct plan *plan = h->plan;
	struct worst worst = worst_of(h, live);
	const char *from;
	double most = haproxy_upstream(h, live, &from);
	if (!worst.proxy)
		return;
	say_clients_of(h, &worst, most);
	if (most > 0)
		plan_number(plan, W_UP_CONNECTIONS, most, CONFIDENCE_BOUND, from);
	say_destinations(h, &worst);
	say_closer(h, &worst);
	say_each(h, &worst);
	set_bind(h, &worst.proxy->settings);
	if (worst.mixed)
		plan_find(plan,
				"plan-haproxy-mixed",
				"note",
				worst.proxy->where,
				"There are several backends, and the plan is the worst case: all connections go "
				"to this one. For exact numbers, add --upstream-destinations and "
				"--upstream-closer.");
}
