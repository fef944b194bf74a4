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
#include "probes/plan/tool/tools.h"
#include "probes/plan/tsung/tsung.h"

enum {
	MAX_USERS = 800,
	FDS_OF_A_BEAM = 20,
	FDS_WITH_CONTROLLER = 32, /* use_controller_vm */
	PHASES_MAX = 400,
	SERVERS_MAX = 1000
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
				"<users> needs an arrivalrate or interarrival above 0");
	*ret_rate = (isnan(rate) ? 1 / gap : rate) / unit;
	*ret_seconds = isnan(most) || *ret_rate <= 0 ? INFINITY : most / *ret_rate;
	return true;
}

static bool tsung_add_phase(struct tsung *t, double seconds, double rate_per_s, const char *from)
{
	if (t->arrivals.count == PHASES_MAX)
		return error_set(t->err,
				"%s: more than %d arrival phases, loops counted",
				t->document.path,
				PHASES_MAX);
	arrivals_add(&t->arrivals, seconds, rate_per_s, rate_per_s, from);
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
				"This phase also waits for the sessions to end; the plan assumes that it does "
				"not.");
	if (!tsung_add_phase(t, arriving, total * t->share, from))
		return false;
	return tsung_add_phase(t, seconds - arriving, 0, from);
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
		size_t before = t->arrivals.count;
		for (const struct tree_node *at = load; (at = tree_next(load, at, "arrivalphase"));) {
			if (!tsung_read_phase(t, at))
				return false;
		}
		if (t->arrivals.count == before)
			break;
	}
	for (const struct tree_node *at = load; (at = tree_next(load, at, "user"));)
		t->users++;
	if (!t->arrivals.count && t->users <= 0)
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
					"tsung itself takes its client ports from this range, separately for each "
					"address; the kernel's port range does not limit it.");
		}
	}
	plan_choice(t->plan, W_BIND, bind, CONFIDENCE_EXACT, from);
	return true;
}

static bool tsung_is_listed(const char *const *items, size_t count, const char *item)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(items[i], item))
			return true;
	return false;
}

static bool read_servers(struct tsung *t)
{
	const struct tree_node *servers = tree_child(t->document.root, "servers");
	const char **items = arena_alloc(t->document.arena, SERVERS_MAX * sizeof *items);
	size_t count = 0;
	const struct tree_node *first = NULL; /* whatever the element is called */
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
		if (!first)
			first = at;
		items[count++] = strchr(host, ':') ? arena_printf(t->document.arena, "[%s]:%s", host, port)
										   : arena_printf(t->document.arena, "%s:%s", host, port);
	}
	if (!count)
		return document_error(&t->document, t->document.root, t->err, "there is no <server>");
	for (size_t i = 0; i < t->hosts.count && count < SERVERS_MAX; i++)
		if (!tsung_is_listed(items, count, t->hosts.items[i]))
			items[count++] = t->hosts.items[i];
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
					"tsung uses every address of this interface, and headroom does not count "
					"them: give their number with --source-addresses N. Without it, the plan "
					"assumes one address.");
			return true;
		}
		struct error inner;
		if (!value || !source_address_check(value, &inner))
			return document_error(&t->document, at, t->err, "<ip> needs an address in its value");
		if (count < SERVERS_MAX)
			items[count++] = value;
	}
	if (tree_next(client, client, "iprange"))
		plan_ask(t->plan,
				t->context,
				"headroom does not count the addresses of an <iprange>",
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
				"maxusers of them. tsung will report an error when it reaches maxusers.");
	return true;
}

/* How long a socket is open. Without keep-alive that is a request's time. */
static double tsung_set_lifetime(struct tsung *t)
{
	struct plan *plan = t->plan;
	const struct tsung_session *mean = &t->mean;
	double sockets;
	double life = openings_mean_s(t->openings, t->opening_count, &sockets);
	const char *from = arena_printf(t->document.arena,
			"%s: %g s of think time, mean of the sessions",
			t->session_from,
			mean->think_s);
	bool timed = !isnan(t->latency_s);
	if (timed)
		from = arena_printf(t->document.arena,
				"%s, and %g requests that take --latency %g s each",
				from,
				mean->requests,
				t->latency_s);
	const char *why = NULL;
	if (t->unknown_at)
		why = arena_printf(t->document.arena,
				"%s is decided during the run: how long does a session last",
				t->unknown_at);
	else if (!timed && t->close_at)
		why = arena_printf(t->document.arena,
				"%s: a connection lasts as long as its request",
				t->close_at);
	else if (!t->opening_count)
		why = "the sessions open no connections themselves";
	else if (!(life > 0))
		why = "the sessions have no think time: how long does one last, or how long does a "
			  "request take";
	if (why) {
		plan_ask(plan,
				t->context,
				why,
				W_LIFETIME,
				t->unknown_at ? WORKLOAD_FIELDS : W_LATENCY,
				WORKLOAD_FIELDS);
		return plan_given(t->context, W_LIFETIME);
	}
	if (!timed && mean->requests > 0)
		plan_find(plan,
				"plan-tsung-latency",
				"note",
				t->session_from,
				"tsung's file does not say how long a request takes, so it counts as 0: add it "
				"with --latency.");
	plan_number(plan, W_LIFETIME, life, CONFIDENCE_ESTIMATE, from);
	return life;
}

/* Sessions, each with its connections. Returns how many sessions run at one time, at most. */
static double tsung_set_load(struct tsung *t, double life)
{
	struct plan *plan = t->plan;
	double session_s = t->mean.think_s, arrived = 0, sockets;
	(void)openings_mean_s(t->openings, t->opening_count, &sockets);
	if (!isnan(t->latency_s))
		session_s += t->mean.requests * t->latency_s;
	if (t->arrivals.count && sockets > 0)
		arrivals_set_stages(&t->arrivals, t->openings, t->opening_count, false, plan);
	for (size_t i = 0; i < t->arrivals.count; i++) {
		const struct arrival_segment *segment = &t->arrivals.segments[i];
		arrived += segment->from_per_s * (segment->end_s - segment->start_s);
	}
	double alone = t->users * t->share;
	if (t->users > 0 && t->arrivals.count)
		plan_find(plan,
				"plan-tsung-users",
				"note",
				NULL,
				"Single <user>s besides the arrival phases are not counted.");
	else if (t->users > 0)
		plan_number(plan,
				W_CONNECTIONS,
				ceil(alone * sockets),
				CONFIDENCE_BOUND,
				"<user> elements, all at once");
	if (!t->arrivals.count)
		return alone;
	if (isnan(life))
		return NAN;
	if (t->unknown_at)
		session_s = life;
	return fmin(arrived, t->highest_per_s * session_s);
}

static void tsung_set_closer(struct tsung *t)
{
	struct plan *plan = t->plan;
	plan_choice(plan, W_CLOSER, "client", CONFIDENCE_EXACT, "tsung closes at a session's end");
	if (!t->close_at || t->any_kept)
		return; /* some by the server: fewer than the plan says are this host's */
	plan_number(plan, W_REQUESTS_PER_CONNECTION, 1, CONFIDENCE_EXACT, t->close_at);
	plan_choice(plan, W_CLOSER, "server", CONFIDENCE_ESTIMATE, t->close_at);
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
	if (!ok || !tsung_read_options(t) || !tsung_read_load(t))
		return false;
	if (!tsung_read_sessions(t) || !read_servers(t) || !tsung_set_sources(t, client))
		return false;
	double life = tsung_set_lifetime(t), peak = tsung_set_load(t, life);
	tsung_set_closer(t);
	double descriptors = FDS_OF_A_BEAM;
	if (document_is(client, "use_controller_vm", "true"))
		descriptors = FDS_WITH_CONTROLLER;
	plan_number(t->plan, W_FDS_BASE, descriptors, CONFIDENCE_ESTIMATE, "measured: tsung 1.7");
	plan_choice(t->plan, W_NOFILE, "soft", CONFIDENCE_EXACT, "Erlang does not raise it");
	if (hosts > 1)
		plan_find(t->plan,
				"plan-tsung-clients",
				"note",
				document_where(&t->document, client),
				arena_printf(t->document.arena,
						"The load is spread over %g client hosts; the plan describes the "
						"busiest, with %.3g%% of the load.",
						hosts,
						t->share * 100));
	return tsung_set_processes(t, client, cpu, peak);
}

static bool read_tsung(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct arguments arguments;
	struct tsung *t = arena_alloc(plan->arena, sizeof *t);
	t->context = context;
	t->plan = plan;
	t->err = err;
	t->latency_s = plan_given(context, W_LATENCY);
	if (!arguments_read(plan->arena,
				&syntax,
				command->words + 1,
				command->count - 1,
				&arguments,
				err))
		return false;
	const char *word = arguments.word_count ? arguments.words[0] : "";
	if (strcmp(word, "start") != 0 && strcmp(word, "debug") != 0)
		return error_set(err,
				"tsung: \"%.40s\" does not start a load test: write `tsung [-f FILE] start`",
				word);
	const char *home = plan_environment(context, command, "HOME");
	if (!arguments_given(&arguments, O_FILE) && context->elsewhere)
		return error_set(err,
				"tsung: the ~/.tsung/tsung.xml of the other host is not here; name a copy of it "
				"with -f FILE");
	const char *path = arguments_text(&arguments,
			O_FILE,
			arena_printf(plan->arena, "%s/.tsung/tsung.xml", home ? home : ""));
	if (strcmp(path, "-") == 0 && !command->input)
		return error_set(err, "tsung: -f -: headroom does not read standard input; name the file");
	bool read = strcmp(path, "-") == 0
			? document_parse(context,
					  "standard input",
					  "xml",
					  command->input,
					  strlen(command->input),
					  &t->document,
					  err)
			: document_read(context,
					  command,
					  path,
					  "xml",
					  arguments_given(&arguments, O_FILE) ? "-f" : "tsung's default",
					  &t->document,
					  err);
	return read && tsung_read_file(t);
}

static const char *const programs[] = {"tsung", NULL};
const struct plan_reader plan_reader_tsung = {
		.tool = "tsung",
		.programs = programs,
		.runtime = "erlang",
		.read = read_tsung,
		.help = "the file of -f: arrival phases, sessions, think times, <ip>, maxusers",
};
