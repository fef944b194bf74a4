/* tsung: its XML file says who arrives when, how long a session thinks, and from which addresses it
 * connects. Arrivals are random (exponential gaps); sessions chosen by probability or weight are
 * averaged. Sources: tsung-1.0.dtd, ts_config.erl, ts_launcher.erl, ts_client.erl (1.7, 1.8);
 * tsung's manual, "conf-load". */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/load/destination.h"
#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/tools.h"

enum {
	MAX_USERS = 800,
	FDS_OF_A_BEAM = 20,
	PHASES_MAX = 400,
	SERVERS_MAX = 1000,
	NESTING_MAX = 64
};

enum option {
	O_FILE,
	O_LOG,
	O_MONITOR,
	O_NO_GUI,
	O_KEEP_GUI,
	O_DEBUG,
	O_PROCESSES,
	O_PATHS,
	O_RSH,
	O_IPV6,
	O_NAMES,
	O_LIFE,
	O_WARM,
	O_PORT_MIN,
	O_PORT_MAX,
	O_NO_SMP,
	O_VERSION,
	O_ID,
	O_EXCLUDE,
	O_ADDRESS,
	O_HELP
};

static const struct argument_option options[] = {
		[O_FILE] = {.letter = 'f', .takes = TAKES_TEXT},
		[O_LOG] = {.letter = 'l', .takes = TAKES_TEXT},
		[O_MONITOR] = {.letter = 'm', .takes = TAKES_TEXT},
		[O_NO_GUI] = {.letter = 'n'},
		[O_KEEP_GUI] = {.letter = 'k'},
		[O_DEBUG] = {.letter = 'd', .takes = TAKES_TEXT},
		[O_PROCESSES] = {.letter = 'p', .takes = TAKES_TEXT},
		[O_PATHS] = {.letter = 'X', .takes = TAKES_TEXT},
		[O_RSH] = {.letter = 'r', .takes = TAKES_TEXT},
		[O_IPV6] = {.letter = '6'},
		[O_NAMES] = {.letter = 'F'},
		[O_LIFE] = {.letter = 'L', .takes = TAKES_TEXT},
		[O_WARM] = {.letter = 'w', .takes = TAKES_TEXT},
		[O_PORT_MIN] = {.letter = 't', .takes = TAKES_TEXT},
		[O_PORT_MAX] = {.letter = 'T', .takes = TAKES_TEXT},
		[O_NO_SMP] = {.letter = 's'},
		[O_VERSION] = {.letter = 'v'},
		[O_ID] = {.letter = 'i', .takes = TAKES_TEXT},
		[O_EXCLUDE] = {.letter = 'x', .takes = TAKES_TEXT},
		[O_ADDRESS] = {.letter = 'I', .takes = TAKES_TEXT},
		[O_HELP] = {.letter = 'h'},
};

static const struct argument_syntax syntax = {
		.tool = "tsung",
		.style = ARGUMENTS_GETOPT,
		.options = options,
		.count = COUNT_OF(options),
};

static const struct quantity_unit units[] = {
		{"millisecond", 0.001},
		{"second", 1},
		{"minute", 60},
		{"hour", 3600},
		{NULL, 0},
};

struct tsung {
	const struct plan_context *context;
	struct plan *plan;
	struct document document;
	struct error *err;
	double share;         /* of the load that the busiest client host makes */
	double highest_per_s; /* arrivals, on this host */
	double users;         /* that start at their own time, beside the phases */
	struct {
		double seconds, rate_per_s;
		const char *from;
	} phases[PHASES_MAX];
	size_t phase_count;
	double default_think_s; /* NAN: none */
	bool think_override;
	/* The session: means over the sessions. */
	double think_s, requests, servers;
	bool unknown_time; /* a think time or a loop that only the run knows */
	const char *session_from;
};

static bool tsung_number(struct tsung *t,
		const struct tree_node *node,
		const char *name,
		double *ret)
{
	return document_number(&t->document, node, name, &quantity_decimal, ret, t->err);
}

/* The factor to seconds of the node's unit attribute. */
static bool tsung_unit_of(struct tsung *t, const struct tree_node *node, double *ret)
{
	const char *name = tree_text(node, "unit");
	*ret = 1;
	for (const struct quantity_unit *unit = units; name; unit++) {
		if (!unit->word)
			return document_error(&t->document,
					node,
					t->err,
					"unit \"%.40s\": tsung knows millisecond, second, minute and hour",
					name);
		if (strcmp(unit->word, name) != 0)
			continue;
		*ret = unit->factor;
		break;
	}
	return true;
}

/* Arrivals per second of one <users>, and how long they last at most. */
static bool users_rate(struct tsung *t,
		const struct tree_node *users,
		double *ret_rate,
		double *ret_seconds)
{
	double unit, rate = NAN, gap = NAN, most = NAN;
	if (!tsung_unit_of(t, users, &unit) || !tsung_number(t, users, "arrivalrate", &rate) ||
			!tsung_number(t, users, "interarrival", &gap) ||
			!tsung_number(t, users, "maxnumber", &most))
		return false;
	if (isnan(rate) == isnan(gap) || gap <= 0)
		return document_error(&t->document,
				users,
				t->err,
				"<users> needs arrivalrate or interarrival, above 0");
	*ret_rate = (isnan(rate) ? 1 / gap : rate) / unit;
	*ret_seconds = isnan(most) || *ret_rate <= 0 ? INFINITY : most / *ret_rate;
	return true;
}

static bool add_phase(struct tsung *t, double seconds, double rate_per_s, const char *from)
{
	if (t->phase_count == PHASES_MAX)
		return error_set(t->err,
				"%s: more than %d arrival phases, loops counted",
				t->document.path,
				PHASES_MAX);
	t->phases[t->phase_count].seconds = seconds;
	t->phases[t->phase_count].from = from;
	t->phases[t->phase_count++].rate_per_s = rate_per_s;
	if (rate_per_s > t->highest_per_s)
		t->highest_per_s = rate_per_s;
	return true;
}

/* maxnumber ends the arrivals of a phase before the phase. */
static bool tsung_read_phase(struct tsung *t, const struct tree_node *phase)
{
	double unit, seconds = NAN, total = 0, arriving = 0;
	if (!tsung_unit_of(t, phase, &unit) || !tsung_number(t, phase, "duration", &seconds))
		return false;
	if (isnan(seconds))
		return document_error(&t->document, phase, t->err, "<arrivalphase> has no duration");
	seconds *= unit;
	const struct tree_node *users = NULL;
	for (const struct tree_node *at = phase; (at = tree_next(phase, at, "users"));) {
		double rate = 0, lasts = 0;
		if (!users_rate(t, at, &rate, &lasts))
			return false;
		total += rate;
		arriving = fmax(arriving, lasts);
		users = at;
	}
	if (!users)
		return document_error(&t->document, phase, t->err, "<arrivalphase> has no <users>");
	const char *from = document_where(&t->document, users);
	arriving = fmin(arriving, seconds);
	if (document_is(phase, "wait_all_sessions_end", "true"))
		plan_find(t->plan,
				"plan-tsung-wait",
				"note",
				document_where(&t->document, phase),
				"This phase also waits for the sessions to end; the plan is drawn as if it did "
				"not.");
	return add_phase(t, arriving, total * t->share, from) &&
			(arriving >= seconds || add_phase(t, seconds - arriving, 0, from));
}

static bool tsung_read_load(struct tsung *t)
{
	const struct tree_node *load = tree_child(t->document.root, "load");
	double loops = 0, limit = NAN, unit = 1;
	if (!load)
		return document_error(&t->document, t->document.root, t->err, "there is no <load>");
	if (!tsung_number(t, load, "loop", &loops) || !tsung_number(t, load, "duration", &limit) ||
			!tsung_unit_of(t, load, &unit))
		return false;
	for (size_t round = 0; round <= PHASES_MAX && (double)round <= loops; round++) {
		size_t before = t->phase_count;
		for (const struct tree_node *at = load; (at = tree_next(load, at, "arrivalphase"));) {
			if (!tsung_read_phase(t, at))
				return false;
		}
		if (t->phase_count == before)
			break;
	}
	for (const struct tree_node *at = load; (at = tree_next(load, at, "user"));)
		t->users++;
	if (!t->phase_count && t->users <= 0)
		return document_error(&t->document,
				load,
				t->err,
				"<load> has neither <arrivalphase> nor <user>");
	if (!isnan(limit))
		plan_number(t->plan,
				W_DURATION,
				limit * unit,
				CONFIDENCE_EXACT,
				document_where(&t->document, load));
	return true;
}

/* What one pass over a session's children adds. */
struct pass {
	double think_s, requests;
};

static bool add_think(struct tsung *t, const struct tree_node *node, struct pass *pass)
{
	const char *value = tree_text(node, "value");
	double seconds = t->default_think_s, low = NAN, high = NAN;
	if (value && strstr(value, "%%")) {
		t->unknown_time = true;
		return true;
	}
	if (value && !t->think_override && !text_begins_with(value, "wait_") &&
			!tsung_number(t, node, "value", &seconds))
		return false;
	if (!tsung_number(t, node, "min", &low) || !tsung_number(t, node, "max", &high))
		return false;
	if (!isnan(low) && !isnan(high) && !t->think_override)
		seconds = (low + high) / 2;
	if (isnan(seconds) || (value && text_begins_with(value, "wait_")))
		t->unknown_time = true; /* wait_global, wait_bidi: until others are there */
	else
		pass->think_s += seconds;
	return true;
}

static bool tsung_walk(struct tsung *t,
		const struct tree_node *parent,
		double times,
		unsigned depth,
		struct pass *pass);

/* How often a loop goes round; a <repeat> ends by a condition that only the run knows. */
static bool tsung_walk_loop(struct tsung *t,
		const struct tree_node *node,
		double times,
		unsigned depth,
		struct pass *pass)
{
	double from = NAN, to = NAN, step = 1;
	if (strcmp(node->name, "for") == 0) {
		const char *first = tree_text(node, "from"), *last = tree_text(node, "to");
		bool dynamic = (first && strstr(first, "%%")) || (last && strstr(last, "%%"));
		if (!dynamic &&
				(!tsung_number(t, node, "from", &from) || !tsung_number(t, node, "to", &to) ||
						!tsung_number(t, node, "incr", &step)))
			return false;
	}
	double rounds = floor((to - from) / step) + 1;
	if (isnan(rounds) || step <= 0)
		t->unknown_time = true;
	return tsung_walk(t, node, isnan(rounds) || rounds < 1 ? times : times * rounds, depth, pass);
}

static bool tsung_walk(struct tsung *t,
		const struct tree_node *parent,
		double times,
		unsigned depth,
		struct pass *pass)
{
	if (depth > NESTING_MAX)
		return document_error(&t->document, parent, t->err, "nested too deep");
	struct pass here = {0, 0};
	for (const struct tree_node *node = parent->child; node; node = node->next) {
		if (node->kind != TREE_ELEMENT)
			continue;
		if (strcmp(node->name, "thinktime") == 0) {
			if (!add_think(t, node, &here))
				return false;
		} else if (strcmp(node->name, "request") == 0) {
			here.requests++;
		} else if (!strcmp(node->name, "for") || !strcmp(node->name, "repeat") ||
				!strcmp(node->name, "foreach")) {
			if (!tsung_walk_loop(t, node, times, depth + 1, pass))
				return false;
		} else if (!strcmp(node->name, "transaction") || !strcmp(node->name, "if")) {
			if (!tsung_walk(t, node, times, depth + 1, pass))
				return false;
		}
	}
	pass->think_s += times * here.think_s;
	pass->requests += times * here.requests;
	return true;
}

/* The servers one session talks to: its first, those of change_type, and those of absolute URLs. */
static double session_servers(struct tsung *t, const struct tree_node *session)
{
	const char *seen[64];
	size_t count = 0;
	struct error ignored;
	const struct tree_node *server = tree_child(tree_child(t->document.root, "servers"), "server");
	const char *host = tree_text(server, "host"), *port = tree_text(server, "port");
	seen[count++] = arena_printf(t->document.arena, "%s:%s", host ? host : "", port ? port : "");
	for (const struct tree_node *at = session; (at = tree_next(session, at, "http"));) {
		const char *url = tree_text(at, "url");
		const char *target = url && strstr(url, "://") && !strstr(url, "%%")
				? plan_url_target(t->document.arena, url, &ignored)
				: NULL;
		size_t i = 0;
		while (target && i < count && strcmp(seen[i], target) != 0)
			i++;
		if (target && i == count && count < COUNT_OF(seen))
			seen[count++] = target;
	}
	for (const struct tree_node *at = session; (at = tree_next(session, at, "change_type"));)
		count++;
	return (double)count;
}

static bool read_sessions(struct tsung *t)
{
	const struct tree_node *sessions = tree_child(t->document.root, "sessions");
	double total = 0;
	for (const struct tree_node *at = sessions ? sessions->child : NULL; at; at = at->next) {
		double weight = 1;
		struct pass pass = {0, 0};
		if (at->kind != TREE_ELEMENT || strcmp(at->name, "session") != 0)
			continue;
		if (!tsung_number(t, at, "probability", &weight) ||
				!tsung_number(t, at, "weight", &weight) || !tsung_walk(t, at, 1, 0, &pass))
			return false;
		total += weight;
		t->think_s += weight * pass.think_s;
		t->requests += weight * pass.requests;
		t->servers += weight * session_servers(t, at);
		t->session_from = t->session_from ? t->session_from : document_where(&t->document, at);
	}
	if (total <= 0)
		return document_error(&t->document, t->document.root, t->err, "there is no <session>");
	t->think_s /= total;
	t->requests /= total;
	t->servers /= total;
	return true;
}

static bool tsung_read_options(struct tsung *t)
{
	const struct tree_node *options_node = tree_child(t->document.root, "options");
	const char *bind = "address", *from = "tsung binds the address of its <client>";
	t->default_think_s = NAN;
	for (const struct tree_node *at = options_node;
			at && (at = tree_next(options_node, at, "option"));) {
		if (document_is(at, "name", "thinktime")) {
			if (!tsung_number(t, at, "value", &t->default_think_s))
				return false;
			t->think_override = document_is(at, "override", "true");
		} else if (document_is(at, "name", "ip_bind_address_no_port") &&
				document_is(at, "value", "true")) {
			bind = "noport";
			from = document_where(&t->document, at);
		} else if (document_is(at, "name", "ports_range")) {
			plan_find(t->plan,
					"plan-tsung-ports-range",
					"note",
					document_where(&t->document, at),
					"tsung takes its client ports from this range by itself, for each address in "
					"its own "
					"count; the kernel's port range does not bind it.");
		}
	}
	plan_choice(t->plan, W_BIND, bind, CONFIDENCE_EXACT, from);
	return true;
}

static bool read_servers(struct tsung *t)
{
	const struct tree_node *servers = tree_child(t->document.root, "servers");
	const char **items = arena_alloc(t->document.arena, SERVERS_MAX * sizeof *items);
	size_t count = 0;
	const struct tree_node *first = tree_child(servers, "server");
	for (const struct tree_node *at = servers ? servers->child : NULL; at; at = at->next) {
		const char *host = tree_text(at, "host"), *port = tree_text(at, "port"),
				   *type = tree_text(at, "type");
		if (at->kind != TREE_ELEMENT || count == SERVERS_MAX)
			continue;
		if (!host || !port)
			return document_error(&t->document, at, t->err, "<server> needs host and port");
		if (type && text_begins_with(type, "udp"))
			plan_choice(t->plan,
					W_PROTOCOL,
					"udp",
					CONFIDENCE_EXACT,
					document_where(&t->document, at));
		items[count++] = strchr(host, ':') ? arena_printf(t->document.arena, "[%s]:%s", host, port)
										   : arena_printf(t->document.arena, "%s:%s", host, port);
	}
	if (!count)
		return document_error(&t->document, t->document.root, t->err, "there is no <server>");
	return plan_destinations(t->plan,
			items,
			count,
			CONFIDENCE_EXACT,
			document_where(&t->document, first),
			t->err);
}

/* The client hosts share the arrivals by weight × cpu (ts_config_server.erl); this host may be any
 * of them. */
static const struct tree_node *busiest_client(struct tsung *t,
		double *ret_hosts,
		double *ret_cpu,
		bool *ret_ok)
{
	const struct tree_node *clients = tree_child(t->document.root, "clients"), *busiest = NULL;
	double total = 0, most = 0;
	*ret_ok = false;
	for (const struct tree_node *at = clients ? clients->child : NULL; at; at = at->next) {
		double weight = 1, cpu = 1;
		if (at->kind != TREE_ELEMENT || strcmp(at->name, "client") != 0)
			continue;
		if (!tsung_number(t, at, "weight", &weight) || !tsung_number(t, at, "cpu", &cpu))
			return NULL;
		total += weight * cpu;
		++*ret_hosts;
		if (!busiest || weight * cpu > most) {
			busiest = at;
			most = weight * cpu;
			*ret_cpu = cpu;
		}
	}
	if (!busiest)
		return document_error(&t->document, t->document.root, t->err, "there is no <client>"), NULL;
	t->share = total > 0 ? most / total : 1;
	*ret_ok = true;
	return busiest;
}

static bool tsung_set_sources(struct tsung *t, const struct tree_node *client)
{
	const char **items = arena_alloc(t->document.arena, SERVERS_MAX * sizeof *items);
	size_t count = 0;
	for (const struct tree_node *at = client; (at = tree_next(client, at, "ip"));) {
		const char *value = tree_text(at, "value");
		if (document_is(at, "scan", "true")) {
			plan_find(t->plan,
					"plan-tsung-scan",
					"note",
					document_where(&t->document, at),
					"tsung uses every address of this interface; they are not counted here: "
					"say --source-addresses N. Without it one address is assumed.");
			return true;
		}
		struct error inner;
		if (!value || !source_address_check(value, &inner))
			return document_error(&t->document, at, t->err, "<ip> needs an address in value");
		if (count < SERVERS_MAX)
			items[count++] = value;
	}
	if (tree_next(client, client, "iprange"))
		plan_ask(t->plan,
				t->context,
				"an <iprange> is not counted",
				W_SOURCE_ADDRESSES,
				WORKLOAD_FIELDS);
	if (!count)
		return true;
	struct workload_value value = {.confidence = CONFIDENCE_EXACT,
			.set = true,
			.from = document_where(&t->document, tree_next(client, client, "ip"))};
	workload_set_list(t->document.arena, &value, items, count);
	t->plan->workload.values[W_SOURCE_ADDRESSES] = value;
	return true;
}

/* A beam takes maxusers, then tsung starts the next (ts_config_server.erl); in the controller's own
 * it only warns. */
static bool tsung_set_processes(struct tsung *t,
		const struct tree_node *client,
		double cpu,
		double users)
{
	double most = MAX_USERS;
	bool shared = document_is(client, "use_controller_vm", "true");
	if (!tsung_number(t, client, "maxusers", &most) || most < 1)
		return most >= 1
				? false
				: document_error(&t->document, client, t->err, "maxusers must be at least 1");
	const char *where = document_where(&t->document, client);
	double beams = shared || isnan(users) ? cpu : fmax(cpu, ceil(users / most - 1e-9));
	if (!isnan(users) || shared)
		plan_number(t->plan,
				W_PROCESSES,
				beams,
				CONFIDENCE_ESTIMATE,
				arena_printf(t->document.arena, "%s: maxusers=%g", where, most));
	if (shared && users > most)
		plan_find(t->plan,
				"plan-tsung-maxusers",
				"warning",
				where,
				"use_controller_vm keeps all users in one Erlang VM, and there will be more than "
				"maxusers of them: "
				"tsung reports an error at that point.");
	return true;
}

/* How long a session, and with it its connection, lives: think times, and the requests' own time if
 * known. */
static double tsung_set_lifetime(struct tsung *t)
{
	struct plan *plan = t->plan;
	double latency = plan_given(t->context, W_LATENCY), life = t->think_s;
	const char *from = arena_printf(t->document.arena,
			"%s: %g s of think time, mean of the sessions",
			t->session_from,
			t->think_s);
	if (!isnan(latency)) {
		life += t->requests * latency;
		from = arena_printf(t->document.arena,
				"%s, and %g requests of --latency %g s",
				from,
				t->requests,
				latency);
	}
	if (t->unknown_time || (t->think_s <= 0 && isnan(latency))) {
		plan_ask(plan,
				t->context,
				t->unknown_time ? "a session's think times or loops are decided while it runs: how "
								  "long does one last"
								: "the sessions have no think time: how long does one last, or its "
								  "requests",
				W_LIFETIME,
				t->unknown_time ? WORKLOAD_FIELDS : W_LATENCY,
				WORKLOAD_FIELDS);
		return plan_given(t->context, W_LIFETIME);
	}
	if (isnan(latency) && t->requests > 0)
		plan_find(plan,
				"plan-tsung-latency",
				"note",
				t->session_from,
				"The time the requests themselves take is not in tsung's file and counts as 0: "
				"--latency adds it.");
	plan_number(plan, W_LIFETIME, life, CONFIDENCE_ESTIMATE, from);
	return life;
}

/* Sessions, each with as many connections as servers it talks to. */
static double tsung_set_load(struct tsung *t, double life)
{
	struct plan *plan = t->plan;
	double k = t->servers, most = t->users * t->share * k, arrived = 0;
	for (size_t i = 0; i < t->phase_count; i++) {
		double rate = t->phases[i].rate_per_s * k;
		plan_stage(plan, 0, NAN, rate, CONFIDENCE_EXACT, t->phases[i].from);
		plan_stage(plan, t->phases[i].seconds, NAN, rate, CONFIDENCE_EXACT, t->phases[i].from);
		arrived += rate * t->phases[i].seconds;
	}
	if (t->users > 0 && t->phase_count)
		plan_find(plan,
				"plan-tsung-users",
				"note",
				NULL,
				"Single <user>s beside the arrival phases are not counted.");
	else if (t->users > 0)
		plan_number(plan,
				W_CONNECTIONS,
				ceil(most),
				CONFIDENCE_BOUND,
				"<user> elements, all at once");
	if (isnan(life))
		return t->phase_count ? NAN : most;
	return t->phase_count ? fmin(arrived, t->highest_per_s * k * life) : most;
}

static bool tsung_read_file(struct tsung *t)
{
	double hosts = 0, cpu = 1;
	bool ok;
	if (strcmp(t->document.root->name, "tsung") != 0)
		return document_error(&t->document,
				t->document.root,
				t->err,
				"<%.60s> is not <tsung>",
				t->document.root->name);
	const struct tree_node *client = busiest_client(t, &hosts, &cpu, &ok);
	if (!ok || !tsung_read_options(t) || !read_servers(t) || !tsung_read_load(t) ||
			!read_sessions(t) || !tsung_set_sources(t, client))
		return false;
	double life = tsung_set_lifetime(t), peak = tsung_set_load(t, life);
	plan_choice(t->plan, W_CLOSER, "client", CONFIDENCE_EXACT, "tsung closes at a session's end");
	plan_number(t->plan,
			W_FDS_BASE,
			FDS_OF_A_BEAM,
			CONFIDENCE_ESTIMATE,
			"measured: 20 in a tsung beam");
	plan_choice(t->plan, W_NOFILE, "soft", CONFIDENCE_EXACT, "Erlang does not raise it");
	if (hosts > 1)
		plan_find(t->plan,
				"plan-tsung-clients",
				"note",
				document_where(&t->document, client),
				arena_printf(t->document.arena,
						"The load is spread over %g client hosts; the plan is that of the "
						"busiest, with %.3g %% of it.",
						hosts,
						t->share * 100));
	return tsung_set_processes(t, client, cpu, peak / t->servers);
}

static bool read_tsung(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct arguments arguments;
	struct tsung t = {.context = context, .plan = plan, .err = err};
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&arguments,
				err))
		return false;
	const char *word = arguments.word_count ? arguments.words[0] : "";
	if (strcmp(word, "start") != 0 && strcmp(word, "debug") != 0)
		return error_set(err, "tsung: \"%.40s\" is no load test: `tsung [-f FILE] start`", word);
	const char *home = plan_environment(context, command, "HOME");
	if (!arguments_given(&arguments, O_FILE) && context->elsewhere)
		return error_set(err,
				"tsung: the ~/.tsung/tsung.xml of the other host is not here; name a copy of it "
				"with -f FILE");
	const char *path = arguments_text(&arguments,
			O_FILE,
			arena_printf(plan->arena, "%s/.tsung/tsung.xml", home ? home : ""));
	if (strcmp(path, "-") == 0 && !command->input)
		return error_set(err, "tsung: -f -: standard input is not read here; name the file");
	bool read = strcmp(path, "-") == 0
			? document_parse(context,
					  "standard input",
					  "xml",
					  command->input,
					  strlen(command->input),
					  &t.document,
					  err)
			: document_read(context,
					  command,
					  path,
					  "xml",
					  arguments_given(&arguments, O_FILE) ? "-f" : "tsung's default",
					  &t.document,
					  err);
	return read && tsung_read_file(&t);
}

static const char *const programs[] = {"tsung", NULL};
const struct plan_reader plan_reader_tsung = {
		.tool = "tsung",
		.programs = programs,
		.runtime = "erlang",
		.read = read_tsung,
		.help = "the file of -f: arrival phases, sessions, think times, <ip>, maxusers",
};
