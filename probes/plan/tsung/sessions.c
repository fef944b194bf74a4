/* tsung's sessions: think times, requests, and the sockets that they open. Over HTTP/1.1 a session
 * keeps its connection; over HTTP/1.0 every request opens one, which the server closes (measured:
 * 60 users of two requests opened 121, and 1 was live). Sources: ts_client.erl, ts_http.erl,
 * ts_bosh.erl (1.7). */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tsung/tsung.h"

enum {
	NESTING_MAX = 64,
	TWICE_MAX = 5, /* levels of loops whose first round is walked alone */
	TIMES_MAX = 12 /* at which requests of a session are drawn */
};

static const struct quantity_unit units[] = {
		{"millisecond", 0.001},
		{"second", 1},
		{"minute", 60},
		{"hour", 3600},
		{NULL, 0},
};

bool tsung_number(struct tsung *t, const struct tree_node *node, const char *name, double *ret)
{
	const char *text = tree_text(node, name);
	struct error inner;
	if (!text)
		return true;
	size_t start = strspn(text, " \t\r\n"), length = strlen(text);
	while (length > start && strchr(" \t\r\n", text[length - 1]))
		length--;
	const char *trimmed = arena_copy(t->document.arena, text + start, length - start);
	if (quantity_read(trimmed, &quantity_decimal, ret, &inner))
		return true;
	return document_error(&t->document, node, t->err, "%s: %s", name, inner.text);
}

bool tsung_unit_of(struct tsung *t, const struct tree_node *node, double *ret)
{
	const char *name = tree_text(node, "unit");
	*ret = 1;
	if (!name)
		return true;
	for (const struct quantity_unit *unit = units; unit->word; unit++) {
		if (strcmp(unit->word, name) != 0)
			continue;
		*ret = unit->factor;
		return true;
	}
	return document_error(&t->document,
			node,
			t->err,
			"unit \"%.40s\": tsung knows millisecond, second, minute and hour",
			name);
}

static void tsung_not_known(struct tsung *t, const struct tree_node *node)
{
	if (!t->unknown_at)
		t->unknown_at = document_where(&t->document, node);
}

/* Is it decided while tsung runs? %%variables%%, and waits for other users. */
static bool is_dynamic(const char *value)
{
	if (!value)
		return false;
	return strstr(value, "%%") || text_begins_with(value, "wait_");
}

static bool add_think(struct tsung *t, const struct tree_node *node, struct tsung_session *here)
{
	const char *value = tree_text(node, "value");
	double seconds = t->default_think_s, low = NAN, high = NAN;
	if (is_dynamic(value)) {
		tsung_not_known(t, node);
		return true;
	}
	if (!t->think_override && !tsung_number(t, node, "value", &seconds))
		return false;
	if (!tsung_number(t, node, "min", &low) || !tsung_number(t, node, "max", &high))
		return false;
	bool range = !isnan(low) && !isnan(high);
	if (range && !t->think_override)
		seconds = (low + high) / 2;
	if (isnan(seconds))
		tsung_not_known(t, node);
	else
		here->think_s += seconds;
	return true;
}

/* Where a session's connection goes to, while the session is walked through. */
static const char *request_target(struct tsung *t, const struct tree_node *http)
{
	const char *url = tree_text(http, "url"), *target = NULL;
	struct error ignored;
	if (url && strstr(url, "://") && !strstr(url, "%%"))
		target = plan_url_target(t->document.arena, url, &ignored);
	return target;
}

/* Where a session begins. */
static const char *first_server(const struct tsung *t)
{
	const struct tree_node *servers = tree_child(t->document.root, "servers");
	const struct tree_node *server = tree_child(servers, "server");
	const char *host = tree_text(server, "host"), *port = tree_text(server, "port");
	if (!host || !port)
		return "";
	return arena_printf(t->document.arena, "%s:%s", host, port);
}

/* A session has one connection, opened by its first request: a request to another server closes it
 * and opens the next. */
static void tsung_go_to(struct tsung *t, const char *target, struct tsung_session *here)
{
	if (target)
		name_list_add_once(t->document.arena, &t->hosts, target);
	if (!t->at) {
		t->at = target;
		if (!target)
			t->at = first_server(t);
		return;
	}
	if (!target)
		return;
	if (strcmp(target, t->at) != 0)
		here->changes++;
	t->at = target;
}

static bool tsung_walk(struct tsung *t,
		const struct tree_node *parent,
		double times,
		unsigned depth,
		struct tsung_session *session);

/* How often a loop goes round; a <repeat> ends by a condition that only the run knows. */
static bool tsung_walk_loop(struct tsung *t,
		const struct tree_node *node,
		double times,
		unsigned depth,
		struct tsung_session *session)
{
	double from = NAN, to = NAN, step = 1;
	bool counted = !strcmp(node->name, "for");
	counted = counted && !is_dynamic(tree_text(node, "from"));
	counted = counted && !is_dynamic(tree_text(node, "to"));
	if (counted) {
		if (!tsung_number(t, node, "from", &from) || !tsung_number(t, node, "to", &to))
			return false;
		if (!tsung_number(t, node, "incr", &step))
			return false;
	}
	double rounds = floor((to - from) / step) + 1;
	if (isnan(rounds) || step <= 0) {
		tsung_not_known(t, node);
		rounds = 1;
	}
	if (rounds < 1)
		return true;
	if (depth > TWICE_MAX || rounds < 2)
		return tsung_walk(t, node, times * rounds, depth, session);
	/* The first round may find the session at another server than the others do. */
	if (!tsung_walk(t, node, times, depth, session))
		return false;
	return tsung_walk(t, node, times * (rounds - 1), depth, session);
}

/* Does the server close after this request? */
static bool closes(const struct tsung *t, const struct tree_node *http)
{
	if (document_is(http, "version", "1.0"))
		return true;
	for (const struct tree_node *at = http; (at = tree_next(http, at, "http_header"));) {
		const char *name = tree_text(at, "name"), *value = tree_text(at, "value");
		if (!name || !value)
			continue;
		if (header_closes(arena_printf(t->document.arena, "%s:%s", name, value)))
			return true;
	}
	return false;
}

static void tsung_add_request(struct tsung *t,
		const struct tree_node *node,
		struct tsung_session *here)
{
	const struct tree_node *http = tree_child(node, "http");
	here->requests++;
	tsung_go_to(t, request_target(t, http), here);
	if (!http || !closes(t, http))
		return;
	here->closing++;
	if (!t->close_at)
		t->close_at = document_where(&t->document, http);
}

static bool is_one_of_names(const char *const *names, const char *name)
{
	for (; *names; names++)
		if (!strcmp(*names, name))
			return true;
	return false;
}

static bool walk_node(struct tsung *t,
		const struct tree_node *node,
		double times,
		unsigned depth,
		struct tsung_session *session,
		struct tsung_session *here)
{
	static const char *const loops[] = {
			"for",
			"repeat",
			"foreach",
			NULL,
	};
	static const char *const groups[] = {
			"transaction",
			"if",
			NULL,
	};
	if (!strcmp(node->name, "thinktime"))
		return add_think(t, node, here);
	if (!strcmp(node->name, "request"))
		tsung_add_request(t, node, here);
	else if (!strcmp(node->name, "change_type"))
		here->changes++;
	else if (is_one_of_names(loops, node->name))
		return tsung_walk_loop(t, node, times, depth + 1, session);
	else if (is_one_of_names(groups, node->name))
		return tsung_walk(t, node, times, depth + 1, session);
	return true;
}

static bool tsung_walk(struct tsung *t,
		const struct tree_node *parent,
		double times,
		unsigned depth,
		struct tsung_session *session)
{
	struct tsung_session here = {0};
	if (depth > NESTING_MAX)
		return document_error(&t->document, parent, t->err, "nested too deeply");
	for (const struct tree_node *node = parent->child; node; node = node->next) {
		if (node->kind != TREE_ELEMENT)
			continue;
		if (!walk_node(t, node, times, depth, session, &here))
			return false;
	}
	session->think_s += times * here.think_s;
	session->requests += times * here.requests;
	session->closing += times * here.closing;
	session->changes += times * here.changes;
	return true;
}

static void add_opening(struct tsung *t, double offset_s, double open_s, double weight)
{
	if (t->opening_count == TSUNG_OPENINGS_MAX || weight <= 0)
		return;
	t->openings[t->opening_count++] = (struct opening){
			.offset_s = offset_s,
			.open_s = open_s,
			.weight = weight,
	};
}

/* Sessions of these types open no socket. */
static bool tsung_is_local(const struct tree_node *session)
{
	static const char *const types[] = {
			"ts_fs",
			"ts_shell",
			"ts_job",
			NULL,
	};
	const char *type = tree_text(session, "type");
	return type && is_one_of_names(types, type);
}

/* BOSH keeps a second connection, so that the server can answer at any time. */
static double connections_per_server(const struct tsung *t)
{
	const struct tree_node *servers = tree_child(t->document.root, "servers");
	const char *type = tree_text(tree_child(servers, "server"), "type");
	if (type && text_begins_with(type, "bosh"))
		return 2;
	return 1;
}

static void tsung_add_sockets(struct tsung *t,
		const struct tree_node *node,
		const struct tsung_session *session,
		double weight)
{
	double latency = t->latency_s;
	if (isnan(latency))
		latency = 0;
	double lasts = session->think_s + session->requests * latency;
	double kept = session->requests - session->closing;
	double times = fmin(TIMES_MAX, ceil(session->closing));
	if (tsung_is_local(node))
		return;
	const unsigned opened = (unsigned)times;
	for (unsigned i = 0; i < opened; i++)
		add_opening(t, lasts * i / times, latency, weight * session->closing / times);
	if (session->closing > 0 && kept < 0.5)
		return;
	double sockets = 1 + session->changes;
	double each = connections_per_server(t) * weight;
	double parts = fmin(TIMES_MAX, ceil(sockets));
	const unsigned held = (unsigned)parts;
	for (unsigned i = 0; i < held; i++)
		add_opening(t, lasts * i / parts, lasts / sockets, each * sockets / parts);
	t->any_kept = true;
}

static bool read_session(struct tsung *t, const struct tree_node *node, double weight)
{
	struct tsung_session session = {0};
	t->at = NULL;
	if (!tsung_walk(t, node, 1, 0, &session))
		return false;
	t->mean.think_s += weight * session.think_s;
	t->mean.requests += weight * session.requests;
	tsung_add_sockets(t, node, &session, weight);
	if (!t->session_from)
		t->session_from = document_where(&t->document, node);
	return true;
}

static bool weight_of_session(struct tsung *t, const struct tree_node *node, double *ret)
{
	*ret = 0;
	if (node->kind != TREE_ELEMENT || strcmp(node->name, "session") != 0)
		return true;
	*ret = 1;
	return tsung_number(t, node, "probability", ret) && tsung_number(t, node, "weight", ret);
}

bool tsung_read_sessions(struct tsung *t)
{
	const struct tree_node *sessions = tree_child(t->document.root, "sessions");
	const struct tree_node *first = NULL;
	double total = 0, weight;
	if (sessions)
		first = sessions->child;
	for (const struct tree_node *at = first; at; at = at->next) {
		if (!weight_of_session(t, at, &weight))
			return false;
		total += weight;
	}
	if (total <= 0)
		return document_error(&t->document, t->document.root, t->err, "there is no <session>");
	for (const struct tree_node *at = first; at; at = at->next) {
		if (!weight_of_session(t, at, &weight))
			return false;
		if (weight > 0 && !read_session(t, at, weight / total))
			return false;
	}
	return true;
}
