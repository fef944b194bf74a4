/* Gatling: a simulation is a program; what its text says plainly is read, the rest is asked for.
 * Sources (3.15.1): HttpProtocol.scala, gatling-defaults.conf, HttpEngine.scala (closes a user's
 * pool at its end). */
#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "base/text.h"
#include "probes/plan/gatling/gatling.h"
#include "probes/plan/tool/closing.h"
#include "probes/plan/tool/tools.h"

static const char *const programs[] = {"gatling", "gatling.sh", NULL};

/* Counted in a running Gatling 3.15.1 on OpenJDK 17 with two processors. */
static const double jvm_files = 131, jvm_threads = 30;
static const double jvm_memory = 240.0 * 1024 * 1024, memory_per_user = 57.0 * 1024;

static const char main_class[] = "io.gatling.app.Gatling";

static bool names_main_class(const struct plan_command *command)
{
	for (size_t i = 1; i < command->count; i++)
		if (strcmp(command->words[i], main_class) == 0)
			return true;
	return false;
}

/* mvn gatling:test, gradle gatlingRun, sbt Gatling/test and their wrappers in the project; java …
 * io.gatling.app.Gatling. */
static bool gatling_matches(const struct plan_command *command)
{
	static const char *const builders[] = {"mvn", "mvnw", "gradle", "gradlew", "sbt", NULL};
	const char *slash = strrchr(command->words[0], '/');
	const char *name = command->words[0];
	size_t i = 0;
	if (slash)
		name = slash + 1;
	if (strcmp(name, "java") == 0)
		return names_main_class(command);
	while (builders[i] && strcmp(builders[i], name) != 0)
		i++;
	for (size_t word = 1; builders[i] && word < command->count; word++) {
		const char *text = command->words[word];
		if (text_begins_with(text, "gatling") || text_begins_with(text, "Gatling/") ||
				strstr(text, ":gatling"))
			return true;
	}
	return false;
}

/* A simulation and the plan that comes of it. */
struct gatling {
	const struct plan_context *context;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	struct gatling_text text;
	struct gatling_simulation simulation;
	const char *path;
	const char *users_missing, *hosts_missing; /* what they need and the command does not set */
};

/* The level of all open or closed parts at a time, or just before it. */
static double level_at(const struct gatling_simulation *simulation,
		double at_s,
		bool before,
		bool closed)
{
	double sum = 0;
	for (size_t i = 0; i < simulation->part_count; i++) {
		const struct gatling_part *part = &simulation->parts[i];
		bool in = at_s >= part->from_s && at_s < part->to_s;
		if (before)
			in = at_s > part->from_s && at_s <= part->to_s;
		if (part->closed != closed || !in)
			continue;
		double share = (at_s - part->from_s) / (part->to_s - part->from_s);
		sum += part->begin + (part->end - part->begin) * share;
	}
	return sum;
}

static size_t borders_of(const struct gatling_simulation *simulation, double *borders)
{
	size_t count = 0;
	for (size_t i = 0; i < simulation->part_count; i++) {
		borders[count++] = simulation->parts[i].from_s;
		borders[count++] = simulation->parts[i].to_s;
	}
	sort_numbers(borders, count);
	return count;
}

static double highest_level(const struct gatling_simulation *simulation, bool closed)
{
	double borders[2 * GATLING_PARTS_MAX];
	double most = 0;
	size_t count = borders_of(simulation, borders);
	for (size_t i = 0; i < count; i++) {
		double left = level_at(simulation, borders[i], true, closed);
		double right = level_at(simulation, borders[i], false, closed);
		most = fmax(most, fmax(left, right));
	}
	return most;
}

static double end_of_injection(const struct gatling_simulation *simulation)
{
	double end_s = 0;
	for (size_t i = 0; i < simulation->part_count; i++)
		end_s = fmax(end_s, simulation->parts[i].to_s);
	return end_s;
}

static void add_injection_stage(struct gatling *g, double seconds, double level, bool closed)
{
	const char *from = arena_printf(g->arena, "%s: its steps", g->simulation.injected_at);
	if (closed)
		plan_stage(g->plan, seconds, level, NAN, CONFIDENCE_ESTIMATE, from);
	else
		plan_stage(g->plan, seconds, NAN, level, CONFIDENCE_ESTIMATE, from);
}

/* Border by border: rates of an open model, users of a closed one. */
static void draw_injection(struct gatling *g, double each, bool closed)
{
	double borders[2 * GATLING_PARTS_MAX];
	double before = 0;
	double drawn = 0;
	size_t count = borders_of(&g->simulation, borders);
	for (size_t i = 0; i < count; i++) {
		double at_s = borders[i];
		if (i && at_s <= borders[i - 1])
			continue;
		double left = each * level_at(&g->simulation, at_s, true, closed);
		double right = each * level_at(&g->simulation, at_s, false, closed);
		if (at_s > before)
			add_injection_stage(g, at_s - before, left, closed);
		drawn = left;
		if (fabs(right - drawn) > 1e-9 && at_s < borders[count - 1])
			add_injection_stage(g, 0, right, closed);
		before = at_s;
	}
}

/* Seconds that a user lives; NAN: not known. */
static double life_of(const struct gatling *g)
{
	const struct gatling_simulation *simulation = &g->simulation;
	double latency = plan_given(g->context, W_LATENCY);
	if (isnan(simulation->pause_s) || !(simulation->requests > 0) || isnan(latency))
		return (double)NAN;
	return simulation->pause_s + simulation->requests * latency;
}

static void ask_for_life(struct gatling *g)
{
	plan_ask(g->plan,
			g->context,
			"how long does a user of the simulation live; \"unlimited\" if connections are "
			"shared (shareConnections)",
			W_LIFETIME,
			WORKLOAD_FIELDS);
}

static void set_life(struct gatling *g)
{
	const struct gatling_simulation *simulation = &g->simulation;
	double life = life_of(g);
	if (isnan(life)) {
		const char *why = arena_printf(g->arena,
				"%s: how long does a user of the simulation live, or how long does each of its "
				"%g requests take; the pauses take %g s",
				g->path,
				simulation->requests,
				simulation->pause_s);
		if (isnan(simulation->pause_s) || !(simulation->requests > 0))
			ask_for_life(g);
		else
			plan_ask(g->plan, g->context, why, W_LATENCY, W_LIFETIME, WORKLOAD_FIELDS);
		return;
	}
	plan_number(g->plan,
			W_LIFETIME,
			life,
			CONFIDENCE_ESTIMATE,
			arena_printf(g->arena,
					"%s: %g s of pauses, and %g requests that take --latency each",
					g->path,
					simulation->pause_s,
					simulation->requests));
}

/* ", and the property users (-Dusers=VALUE) is not set", or "" */
static const char *what_is_missing(const struct gatling *g, const char *missing)
{
	if (!missing)
		return "";
	return arena_printf(g->arena, ", and %s is not set", missing);
}

static void ask_for_users(struct gatling *g, const char *why)
{
	plan_ask(g->plan,
			g->context,
			arena_printf(g->arena,
					"%s: how many users are active at peak, times the hosts, or how many users "
					"start each second, times the hosts",
					why),
			W_CONNECTIONS,
			W_OPEN_RATE,
			WORKLOAD_FIELDS);
}

static double simulation_hosts(const struct gatling *g)
{
	double given = plan_given(g->context, W_DESTINATIONS);
	if (given >= 1)
		return given;
	return fmax(1, (double)g->simulation.target_count);
}

/* All start at once: so many connections, each for the life of its user. */
static bool only_at_once(const struct gatling_simulation *simulation)
{
	double rest = 0;
	for (size_t i = 0; i < simulation->part_count; i++) {
		const struct gatling_part *part = &simulation->parts[i];
		rest += (part->begin + part->end) * (part->to_s - part->from_s) / 2;
	}
	return simulation->at_once > 0 && rest <= simulation->at_once * (1 + 1e-9);
}

static void set_injection(struct gatling *g)
{
	const struct gatling_simulation *simulation = &g->simulation;
	double each = simulation_hosts(g) * simulation->per_host;
	double users = highest_level(simulation, true);
	double rate = highest_level(simulation, false);
	const char *from = arena_printf(g->arena, "%s: its steps", simulation->injected_at);
	if (!simulation->injected_at || simulation->unknown || !(users + rate > 0)) {
		const char *where = simulation->injected_at;
		if (!where)
			where = g->path;
		ask_for_users(g,
				arena_printf(g->arena,
						"%s: not all of its steps are literal numbers%s",
						where,
						what_is_missing(g, g->users_missing)));
		return;
	}
	if (only_at_once(simulation)) {
		double count = simulation->at_once * each;
		plan_number(g->plan, W_CONNECTIONS, count, CONFIDENCE_ESTIMATE, from);
		plan_number(g->plan, W_OPENS_TOTAL, count, CONFIDENCE_ESTIMATE, from);
		plan_choice(g->plan, W_START, "together", CONFIDENCE_EXACT, from);
		return;
	}
	plan_number(g->plan, W_DURATION, end_of_injection(simulation), CONFIDENCE_EXACT, from);
	if (users > 0 && rate > 0) {
		double life = life_of(g);
		if (isnan(life))
			ask_for_users(g, arena_printf(g->arena, "%s: open and closed steps", from));
		else
			plan_number(g->plan,
					W_CONNECTIONS,
					(users + rate * life) * each,
					CONFIDENCE_ESTIMATE,
					from);
		return;
	}
	draw_injection(g, each, users > 0);
}

static bool set_hosts(struct gatling *g)
{
	const struct gatling_simulation *simulation = &g->simulation;
	if (!simulation->target_count) {
		plan_ask(g->plan,
				g->context,
				arena_printf(g->arena,
						"%s: the text does not spell out its hosts%s",
						g->path,
						what_is_missing(g, g->hosts_missing)),
				W_DESTINATIONS,
				WORKLOAD_FIELDS);
		return true;
	}
	const char **items = arena_alloc(g->arena, sizeof simulation->targets);
	memcpy(items, simulation->targets, sizeof simulation->targets);
	g->plan->tls = simulation->tls_count == simulation->target_count;
	return plan_destinations(g->plan,
			items,
			simulation->target_count,
			CONFIDENCE_ESTIMATE,
			arena_printf(g->arena, "%s: URLs in the text", g->path),
			g->err);
}

/* Shared connections stay, as many as there are requests at one time. */
static void ask_for_shared(struct gatling *g)
{
	plan_ask(g->plan,
			g->context,
			arena_printf(g->arena,
					"%s: connections are shared, so as many are open as requests run at the same "
					"time (measured: users per second × latency × 1.24)",
					g->simulation.shared_at),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
}

static bool conclude_simulation(struct gatling *g)
{
	struct gatling_simulation *simulation = &g->simulation;
	if (simulation->max_s > 0)
		plan_number(g->plan,
				W_TIMEOUT,
				simulation->max_s,
				CONFIDENCE_EXACT,
				arena_printf(g->arena, "%s: maxDuration", g->path));
	if (!set_hosts(g))
		return false;
	if (simulation->websocket_at)
		plan_find(g->plan,
				"plan-gatling-websocket",
				"warning",
				simulation->websocket_at,
				"A WebSocket is one more connection for each user: give the total with "
				"--connections.");
	if (simulation->shared_at) {
		ask_for_shared(g);
		return true;
	}
	if (simulation->closes_at)
		plan_closes_each(g->plan,
				g->context,
				NAN,
				"each request opens a connection",
				simulation->closes_at);
	else
		set_life(g);
	set_injection(g);
	return true;
}

static void set_what_always_holds(struct plan *plan)
{
	static const char measured[] = "measured: Gatling 3.15.1 on OpenJDK 17";
	plan_choice(plan,
			W_CLOSER,
			"client",
			CONFIDENCE_EXACT,
			"Gatling closes a user's connections at its end");
	plan_choice(plan,
			W_BIND,
			"none",
			CONFIDENCE_ESTIMATE,
			"unless the simulation sets localAddress");
	plan_choice(plan,
			W_NOFILE,
			"hard",
			CONFIDENCE_EXACT,
			"the JVM raises the soft limit to the hard one");
	plan_number(plan, W_FDS_BASE, jvm_files, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_THREADS, jvm_threads, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_BASE, jvm_memory, CONFIDENCE_ESTIMATE, measured);
	plan_number(plan, W_MEMORY_PER_CONNECTION, memory_per_user, CONFIDENCE_ESTIMATE, measured);
}

static bool read_simulation(struct gatling *g, const struct plan_command *command)
{
	const char *bytes;
	size_t length;
	if (!plan_file(g->context, command, g->path, "gatling", &bytes, &length, g->err))
		return false;
	g->text = (struct gatling_text){
			.arena = g->arena,
			.context = g->context,
			.command = command,
			.file = g->path,
	};
	gatling_text_read(&g->text, bytes, length);
	const char *class = gatling_class(command);
	if (class)
		gatling_only_class(&g->text, class);
	g->simulation.source = &g->text;
	gatling_injection(&g->simulation);
	g->users_missing = *g->text.missing;
	*g->text.missing = NULL;
	gatling_protocol(&g->simulation);
	g->hosts_missing = *g->text.missing;
	if (g->simulation.bound_at)
		plan_choice(g->plan, W_BIND, "address", CONFIDENCE_ESTIMATE, g->simulation.bound_at);
	return conclude_simulation(g);
}

static bool read_gatling(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct gatling *g = arena_alloc(plan->arena, sizeof *g);
	const char *why = NULL;
	for (size_t i = 1; i < command->count; i++)
		if (strcmp(command->words[i], "--enterprise") == 0 ||
				strstr(command->words[i], "enterprise"))
			return error_set(err,
					"gatling: %.60s: the load comes from elsewhere, not from this host",
					command->words[i]);
	g->context = context;
	g->plan = plan;
	g->arena = plan->arena;
	g->err = err;
	set_what_always_holds(plan);
	if (gatling_find(context, command, &g->path, &why))
		return read_simulation(g, command);
	ask_for_users(g, why);
	ask_for_life(g);
	return true;
}

const struct plan_reader plan_reader_gatling = {
		.tool = "gatling",
		.programs = programs,
		.runtime = "java",
		.matches = gatling_matches,
		.read = read_gatling,
		.help = "literal numbers in its simulation; headroom asks for the rest",
};
