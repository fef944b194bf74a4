/* The scenarios: what one virtual user does, second by second, and which sockets that opens. A user
 * has one socket for each host. It is closed 4 s after its last use (agentkeepalive's
 * freeSocketTimeout), so that a request after a longer think time opens another. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/artillery/artillery.h"
#include "probes/plan/tool/closing.h"

enum {
	NESTING_MAX = 40,
	STEPS_MAX = 200 * 1000,
	HOSTS_MAX = 16
};

static const double free_socket_s = 4;
/* Measured: while Node is busy an answer waits that long, and with it a socket that is not kept. */
static const double stall_s = 0.1;

/* A time that may differ from user to user. */
struct span {
	double mean_s, most_s;
};

struct socket {
	const char *host;
	bool whole; /* for the whole session: a WebSocket */
	bool open;
	double opened_s, used_s; /* used_s: when its last answer came */
	double idle_s;           /* since then, at most */
};

struct session {
	struct artillery *a;
	const struct document *document;
	bool http; /* else one socket for the whole session, and others for HTTP beside it */
	double now_s;
	struct socket sockets[HOSTS_MAX];
	size_t socket_count;
	size_t steps;
	double requests;
	double weight;
	const char *target; /* of relative URLs */
	bool given_up;      /* a request took too long: the scenario ends */
};

static void session_add(struct session *s, double offset_s, double open_s)
{
	struct artillery *a = s->a;
	if (a->event_count == ARTILLERY_EVENTS_MAX) {
		struct opening *last = &a->events[a->event_count - 1];
		double all = last->weight + s->weight;
		last->open_s = (last->open_s * last->weight + open_s * s->weight) / all;
		last->weight = all;
		return;
	}
	a->events[a->event_count++] = (struct opening){
			.offset_s = offset_s,
			.open_s = open_s,
			.weight = s->weight,
	};
}

static void session_close(struct session *s, struct socket *socket)
{
	if (!socket->open)
		return;
	socket->open = false;
	double idle = free_socket_s;
	if (socket->whole)
		idle = 0;
	double closed_s = socket->used_s + idle;
	if (s->given_up)
		closed_s = s->now_s;
	session_add(s, socket->opened_s, closed_s - socket->opened_s);
}

static struct socket *socket_for(struct session *s, const char *host)
{
	for (size_t i = 0; i < s->socket_count; i++)
		if (!s->sockets[i].whole && !strcmp(s->sockets[i].host, host))
			return &s->sockets[i];
	if (s->socket_count == HOSTS_MAX)
		return &s->sockets[HOSTS_MAX - 1];
	struct socket *added = &s->sockets[s->socket_count++];
	*added = (struct socket){.host = host};
	return added;
}

static void pass_time(struct session *s, struct span span)
{
	s->now_s += span.mean_s;
	for (size_t i = 0; i < s->socket_count; i++)
		s->sockets[i].idle_s += span.most_s;
}

/* How long an answer takes; one that never comes is given up. */
static double answer_s(struct session *s)
{
	double latency = s->a->latency_s;
	if (isnan(latency))
		return 0;
	if (latency > s->a->timeout_s)
		s->given_up = true;
	return fmin(latency, s->a->timeout_s);
}

/* A message of the socket that is open for the whole session. */
static void send_message(struct session *s)
{
	double answer = answer_s(s);
	const struct span span = {answer, answer};
	s->requests++;
	pass_time(s, span);
}

static void make_request(struct session *s, const char *host)
{
	double answer = answer_s(s);
	const struct span span = {answer, answer};
	struct socket *socket = socket_for(s, host);
	s->requests++;
	s->a->any_http = true;
	if (s->a->close_at) {
		session_add(s, s->now_s, answer + stall_s);
		pass_time(s, span);
		return;
	}
	if (socket->idle_s >= free_socket_s)
		session_close(s, socket);
	if (!socket->open) {
		socket->open = true;
		socket->opened_s = s->now_s;
	}
	pass_time(s, span);
	socket->used_s = s->now_s;
	socket->idle_s = 0;
}

/* "20%" or a time: how much longer or shorter a think time may be. */
static double session_jitter(const struct session *s, const struct tree_node *step, double think_s)
{
	const struct document *ignored;
	const struct tree_node *defaults = artillery_lookup(s->a, "defaults", "think", &ignored);
	const char *text = tree_text(step, "jitter");
	struct error inner;
	double jitter = 0;
	if (!text)
		text = tree_text(defaults, "jitter");
	if (!text)
		return 0;
	if (quantity_read(text, &artillery_duration, &jitter, &inner))
		return jitter;
	const char *number = arena_copy(s->a->arena, text, strcspn(text, "%"));
	if (!quantity_read(number, &quantity_decimal, &jitter, &inner))
		return 0;
	return think_s * jitter / 100;
}

/* A number that is not whole and has no unit: Artillery takes it for milliseconds (measured). */
static bool is_fraction(const char *text)
{
	return strchr(text, '.') && !text[strspn(text, "0123456789.")];
}

static void note_fraction(const struct session *s, const struct tree_node *think)
{
	static const char id[] = "plan-artillery-fraction";
	struct plan *plan = s->a->plan;
	for (size_t i = 0; i < plan->finding_count; i++)
		if (!strcmp(plan->findings[i].id, id))
			return;
	plan_find(plan,
			id,
			"warning",
			document_where(s->document, think),
			"Artillery reads a fractional think time without a unit as milliseconds. "
			"Write a unit (\"4.5s\").");
}

/* {{ $randomNumber(1, 5) }} */
static bool read_random(const char *text, struct span *ret)
{
	static const char call[] = "$randomNumber(";
	const char *at = strstr(text, call);
	char *end;
	if (!at)
		return false;
	at += strlen(call);
	double low = strtod(at, &end);
	end += strspn(end, " ,");
	double high = strtod(end, &end);
	if (*end != ')' || low < 0 || high < low)
		return false;
	ret->mean_s = (low + high) / 2;
	ret->most_s = high;
	return true;
}

/* False where it is decided while it runs. */
static bool session_think(struct session *s, const struct tree_node *step, struct span *ret)
{
	const struct tree_node *think = tree_child(step, "think");
	const char *text = artillery_expanded(s->a, think->text);
	struct error inner;
	double seconds = 0;
	if (read_random(think->text, ret))
		return true;
	if (!text || !quantity_read(text, &artillery_duration, &seconds, &inner))
		return false;
	if (is_fraction(text)) {
		seconds /= 1000;
		note_fraction(s, think);
	}
	ret->mean_s = seconds;
	ret->most_s = seconds + session_jitter(s, step, seconds);
	return true;
}

/* How often a loop goes round: "10", "1-15" or the list that it goes over; NAN: not known. */
static double rounds_of(struct session *s, const struct tree_node *step)
{
	const struct tree_node *over = tree_child(step, "over");
	const struct tree_node *count = tree_child(step, "count");
	const char *text = NULL;
	struct error inner;
	double low = NAN, high = NAN, listed = 0;
	if (tree_child(step, "whileTrue"))
		return NAN;
	if (over && over->kind == TREE_SEQUENCE) {
		for (const struct tree_node *at = over->child; at; at = at->next)
			listed++;
		return listed;
	}
	if (count)
		text = artillery_expanded(s->a, count->text);
	if (!text)
		return NAN;
	if (quantity_read(text, &quantity_count, &low, &inner))
		return low;
	size_t first = strcspn(text, "-");
	if (!text[first])
		return NAN;
	const char *from = arena_copy(s->a->arena, text, first);
	if (!quantity_read(from, &quantity_count, &low, &inner))
		return NAN;
	if (!quantity_read(text + first + 1, &quantity_count, &high, &inner))
		return NAN;
	return ceil((low + high) / 2);
}

static bool session_walk(struct session *s, const struct tree_node *flow, unsigned depth);

static void session_not_known(struct session *s, const struct tree_node *at)
{
	if (!s->a->unknown_at)
		s->a->unknown_at = document_where(s->document, at);
}

static bool session_loop(struct session *s, const struct tree_node *step, unsigned depth)
{
	double rounds = rounds_of(s, step);
	if (isnan(rounds)) {
		session_not_known(s, step);
		rounds = 1;
	}
	for (double round = 0; round < rounds && s->steps < STEPS_MAX; round++)
		if (!session_walk(s, tree_child(step, "loop"), depth + 1))
			return false;
	return true;
}

/* Does a mapping of headers ask the server to close? */
static bool artillery_headers_close(const struct artillery *a, const struct tree_node *headers)
{
	for (const struct tree_node *at = headers->child; at; at = at->next) {
		const char *line = arena_printf(a->arena, "%s:%s", at->name, at->text);
		if (header_closes(line))
			return true;
	}
	return false;
}

static const char *request_host(struct session *s, const struct tree_node *request)
{
	const char *url = tree_text(request, "url");
	struct error ignored;
	if (!url)
		url = tree_text(request, "uri");
	if (!url || !strstr(url, "://"))
		return s->target;
	const char *text = artillery_expanded(s->a, url), *target = NULL;
	if (text)
		target = plan_url_target(s->a->arena, text, &ignored);
	if (target)
		return target;
	return s->target;
}

static const struct tree_node *first_of(const struct tree_node *step, const char *const *names)
{
	for (; *names; names++) {
		const struct tree_node *found = tree_child(step, *names);
		if (found)
			return found;
	}
	return NULL;
}

/* An HTTP request, of any engine; else a message of a socket. */
static void session_request(struct session *s, const struct tree_node *step)
{
	static const char *const methods[] = {
			"get",
			"post",
			"put",
			"patch",
			"delete",
			"head",
			"options",
			NULL,
	};
	static const char *const messages[] = {
			"send",
			"emit",
			"wait",
			NULL,
	};
	const struct tree_node *request = first_of(step, methods);
	if (request)
		make_request(s, request_host(s, request));
	else if (first_of(step, messages))
		send_message(s);
}

/* One step: a think time, a loop, a request, or something without traffic of its own. */
static bool session_step(struct session *s, const struct tree_node *step, unsigned depth)
{
	struct span span = {0, 0};
	s->steps++;
	if (tree_child(step, "think")) {
		if (!session_think(s, step, &span))
			session_not_known(s, step);
		pass_time(s, span);
	}
	if (tree_child(step, "loop") && !session_loop(s, step, depth))
		return false;
	if (!session_walk(s, tree_child(step, "parallel"), depth + 1))
		return false;
	session_request(s, step);
	return true;
}

static bool session_walk(struct session *s, const struct tree_node *flow, unsigned depth)
{
	if (!flow)
		return true;
	if (depth > NESTING_MAX)
		return document_error(s->document, flow, s->a->err, "nested too deeply");
	for (const struct tree_node *step = flow->child; step; step = step->next) {
		if (s->given_up)
			break;
		if (s->steps >= STEPS_MAX) {
			session_not_known(s, step);
			break;
		}
		if (!session_step(s, step, depth))
			return false;
	}
	return true;
}

/* What stands anywhere in a flow: addresses, and headers that ask the server to close. */
static bool session_look_through(struct artillery *a,
		const struct document *document,
		const struct tree_node *node,
		unsigned depth)
{
	if (depth > 2 * NESTING_MAX)
		return document_error(document, node, a->err, "nested too deeply");
	for (const struct tree_node *at = node->child; at; at = at->next) {
		bool address = !strcmp(at->name, "url") || !strcmp(at->name, "uri");
		if (address && strstr(at->text, "://"))
			artillery_add_host(a, document, at, at->text);
		if (!strcmp(at->name, "headers") && artillery_headers_close(a, at) && !a->close_at)
			a->close_at = document_where(document, at);
		bool body = !strcmp(at->name, "json") || !strcmp(at->name, "body");
		if (!body && !session_look_through(a, document, at, depth + 1))
			return false;
	}
	return true;
}

static void note_engine(struct artillery *a,
		const struct document *document,
		const struct tree_node *scenario)
{
	const char *engine = tree_text(scenario, "engine");
	if (!engine || !strcmp(engine, "http")) {
		a->any_http = true;
	} else if (!strcmp(engine, "ws")) {
		a->any_websocket = true;
	} else if (text_begins_with(engine, "socketio")) {
		a->any_polling = true;
	} else if (!a->other_engine) {
		a->other_engine = engine;
		a->other_at = document_where(document, scenario);
	}
}

static bool artillery_read_scenario(struct artillery *a,
		const struct document *document,
		const struct tree_node *scenario,
		double weight)
{
	const char *engine = tree_text(scenario, "engine");
	struct session *s = arena_alloc(a->arena, sizeof *s);
	*s = (struct session){
			.a = a,
			.document = document,
			.http = !engine || !strcmp(engine, "http"),
			.weight = weight,
			.target = "",
	};
	if (!s->http) {
		struct socket *whole = socket_for(s, s->target);
		whole->open = true;
		whole->whole = true;
	}
	if (!session_walk(s, tree_child(scenario, "flow"), 0))
		return false;
	for (size_t i = 0; i < s->socket_count; i++) {
		struct socket *socket = &s->sockets[i];
		if (socket->whole)
			socket->used_s = s->now_s;
		session_close(s, socket);
	}
	a->session_s += weight * s->now_s;
	a->requests += weight * s->requests;
	return true;
}

static const struct tree_node *find_scenarios(const struct artillery *a,
		const struct document **ret_document)
{
	for (size_t i = 0; i < a->layer_count; i++) {
		const struct artillery_layer *layer = &a->layers[i];
		const struct tree_node *found = tree_child(layer->root, "scenarios");
		*ret_document = &layer->document;
		if (found)
			return found;
	}
	return NULL;
}

/* Headers of config.http.defaults, and of config.defaults as before Artillery 2. */
static void read_default_headers(struct artillery *a)
{
	const struct document *document;
	const struct tree_node *http = artillery_lookup(a, "http", "defaults", &document);
	const struct tree_node *headers = tree_child(http, "headers");
	if (headers && artillery_headers_close(a, headers))
		a->close_at = document_where(document, headers);
	headers = artillery_lookup(a, "defaults", "headers", &document);
	if (headers && artillery_headers_close(a, headers))
		a->close_at = document_where(document, headers);
}

static bool is_meant(const struct tree_node *scenario, const char *only)
{
	return !only || document_is(scenario, "name", only);
}

bool artillery_read_scenarios(struct artillery *a, const char *only)
{
	const struct document *document = &a->layers[0].document;
	const struct tree_node *scenarios = find_scenarios(a, &document);
	const struct tree_node *first = NULL;
	double total = 0;
	a->events = arena_alloc(a->arena, ARTILLERY_EVENTS_MAX * sizeof *a->events);
	read_default_headers(a);
	if (scenarios)
		first = scenarios->child;
	for (const struct tree_node *at = first; at; at = at->next) {
		double weight = 1;
		if (!is_meant(at, only))
			continue;
		if (!artillery_number(a, document, at, "weight", &quantity_decimal, &weight))
			return false;
		const struct tree_node *flow = tree_child(at, "flow");
		if (flow && !session_look_through(a, document, flow, 0))
			return false;
		note_engine(a, document, at);
		total += weight;
	}
	const char *none = "there are no scenarios";
	if (only)
		none = "no scenario has the name that --scenario-name gives";
	if (total <= 0)
		return document_error(document, document->root, a->err, "%s", none);
	for (const struct tree_node *at = first; at; at = at->next) {
		double weight = 1;
		if (!is_meant(at, only))
			continue;
		if (!artillery_number(a, document, at, "weight", &quantity_decimal, &weight))
			return false;
		if (!artillery_read_scenario(a, document, at, weight / total))
			return false;
	}
	return true;
}
