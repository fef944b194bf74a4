/* Runs calibrators and tells of their progress. What they measured is put into JSON by
 * audit/document/calibration.c. */
#include "audit/calibrate/calibration_set.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "audit/calibrate/published_port.h"
#include "audit/cli/screen.h"
#include "base/array.h"
#include "base/suggest.h"
#include "base/text.h"
#include "model/expectation.h"
#include "probes/plan/command/find.h"

enum {
	NAMES_MAX = 32
};

/* Those that are over in seconds and need no program on the host. */
static const char *const usual[] = {"ports", "fds", "accept", "churn", "conntrack", "memory"};
enum {
	USUAL = COUNT_OF(usual)
};

static const double seconds_usual = 10, seconds_full = 120;
static const double memory_share = 0.25, memory_unknown_bytes = 512.0 * 1048576;
static const double processes_most = 1000; /* threads: one per table of descriptors */

/* A signal handler can reach nothing else. */
static volatile sig_atomic_t stopped;

static void on_signal(int number)
{
	stopped = number;
}

bool calibration_set_knows(const char *name)
{
	return calibrator_find(name) != NULL;
}

static bool is_chosen(const char *id, const char *const *names, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (!strcmp(names[i], id))
			return true;
	return false;
}

static bool unknown_name(struct arena *arena, const char *name, struct error *err)
{
	const char *ids[NAMES_MAX + 1] = {NULL}, *all = "";
	for (size_t i = 0; i < calibrators_count && i < NAMES_MAX; i++) {
		ids[i] = calibrator_id(calibrators[i]);
		all = arena_printf(arena, "%s%s%s", all, i ? " " : "", ids[i]);
	}
	char question[SUGGEST_MAX];
	return error_set(err,
			"unknown calibrator \"%.100s\"%s (choose one of: %s)",
			name,
			suggest_question(question, name, ids),
			all);
}

bool calibration_set_choose(struct arena *arena,
		const char *const *names,
		size_t count,
		struct calibration_set *ret_campaign,
		struct error *err)
{
	*ret_campaign = (struct calibration_set){
			.chosen = arena_alloc(arena, calibrators_count * sizeof(void *))};
	for (size_t i = 0; i < count; i++)
		if (!calibration_set_knows(names[i]))
			return unknown_name(arena, names[i], err);
	for (size_t i = 0; i < calibrators_count; i++)
		if (is_chosen(calibrator_id(calibrators[i]), count ? names : usual, count ? count : USUAL))
			ret_campaign->chosen[ret_campaign->count++] = calibrators[i];
	return true;
}

bool calibration_set_allowed(const struct options *options, struct error *err)
{
	if (options->calibration.published &&
			!published_port_is_target(options->calibration.published, err))
		return false;
	if (!options->facts_path)
		return true;
	return error_set(err,
			"--facts %.300s: a calibration measures the kernel it runs on, but these facts may be "
			"from another host; leave out --facts, or run headroom there",
			options->facts_path);
}

static bool all_ipv6(const struct workload_value *addresses)
{
	for (size_t i = 0; addresses->list && i < (size_t)addresses->number; i++)
		if (addresses->list[i][0] != '[' && !strstr(addresses->list[i], "::"))
			return false;
	return addresses->list && addresses->number > 0;
}

/* The destinations say it; where none is named, the addresses that are bound. */
static bool plan_is_ipv6(const struct workload_value *values)
{
	const char *bind = values[W_BIND].text;
	bool binds = bind && (!strcmp(bind, "address") || !strcmp(bind, "noport"));
	if (values[W_DESTINATIONS].list || !binds)
		return all_ipv6(&values[W_DESTINATIONS]);
	return all_ipv6(&values[W_SOURCE_ADDRESSES]);
}

/* NULL: the plan does not name them, or counts others. */
static const char *const *source_names_of(const struct workload_value *sources, double count)
{
	bool same = !isnan(sources->number) && fabs(sources->number - count) < 0.5;
	if (!same)
		return NULL;
	return sources->list;
}

/* The limit is then the listener's own: it took somaxconn into account when it began to listen. */
static bool listener_is_there(const struct expectation *e, const struct facts *facts)
{
	if (!e->listener || !*e->listener)
		return false;
	const struct fact *own = facts_get(facts, "listener.backlog", e->listener);
	return own && own->status == FACT_KNOWN;
}

static double calibration_set_bytes_of(const struct options *options, const struct facts *facts)
{
	double available = facts_number(facts, "memory.available");
	if (options->calibration.memory_bytes > 0)
		return options->calibration.memory_bytes;
	return isnan(available) ? memory_unknown_bytes : available * memory_share;
}

static double calibration_set_seconds_of(const struct options *options,
		const struct calibrator *calibrator)
{
	if (options->calibration.seconds > 0)
		return options->calibration.seconds;
	return calibrator_seconds(calibrator, options->calibration.full ? seconds_full : seconds_usual);
}

/* A plan that accepts no connection has no listener; where it gives a backlog all the same, that is
 * what is measured. */
static struct expectation expectation_for(const struct facts *facts, const struct result *result)
{
	struct expectation e = result->expectation;
	const struct workload *plan = result_load(result);
	const struct workload_value *backlog = &plan->values[W_BACKLOG];
	bool given = backlog->set && !backlog->assumed;
	if (e.listener || !given)
		return e;
	double somaxconn = facts_number(facts, "net.core.somaxconn");
	e.backlog = backlog->number;
	e.queue = fmin(e.backlog, somaxconn) + 1;
	if (isnan(somaxconn))
		e.queue = (double)NAN;
	return e;
}

static struct calibrate_request request_of(const struct options *options,
		const struct facts *facts,
		const struct expectation *e,
		const struct result *result)
{
	const struct workload *plan = result_load(result);
	const struct workload_value *values = plan->values;
	struct calibrate_request request = {
			.facts = facts,
			.destinations = e->destinations,
			.sources = e->sources,
			.source_names = source_names_of(&values[W_SOURCE_ADDRESSES], e->sources),
			.ipv6 = plan_is_ipv6(values),
			.loopback = workload_to_loopback(plan),
			.nofile_soft = e->nofile,
			.open_below = e->open_below,
			.backlog = e->backlog,
			.listens = listener_is_there(e, result->facts),
			.listening_sockets = e->sockets,
			.backlogs_differ = e->backlogs_differ,
			.bytes = calibration_set_bytes_of(options, facts),
			.processes = processes_most,
			.full = options->calibration.full,
			.overflow = options->calibration.overflow,
	};
	if (values[W_ERLANG_PORTS].set)
		request.erlang_ports = values[W_ERLANG_PORTS].number;
	if (values[W_BIND].text)
		(void)calibrate_bind_from_name(values[W_BIND].text, &request.bind);
	return request;
}

/* One line that is written over, and gone when the calibrator is through. */
static void calibration_set_show_progress(void *context, const char *id, double done, double of)
{
	char so_far[NUMBER_TEXT_MAX], all[NUMBER_TEXT_MAX];
	(void)context;
	(void)fprintf(stderr, "\r\033[K  calibrating %s", id);
	if (of > 0)
		(void)fprintf(stderr,
				"  %s of %s",
				text_number(so_far, done, UNIT_COUNT),
				text_number(all, of, UNIT_COUNT));
	(void)fflush(stderr);
}

static struct measurement measurement_of(const struct calibration_set *calibration_set,
		const struct calibration *result)
{
	struct measurement m = {.calibrator = result->id,
			.unit = result->unit,
			.predicted = result->predicted,
			.measured = result->measured,
			.tolerance = result->tolerance,
			.lower_bound = result->lower_bound,
			.comparable = result->comparable};
	(void)expectation_of(&calibration_set->expectation, result->id, &m.parts);
	if (!strcmp(result->id, "accept"))
		m.instance = calibration_set->expectation.listener;
	if (!strcmp(result->id, "conntrack"))
		m.quantity = "entries_per_connection";
	if (!strcmp(result->id, "memory")) {
		m.quantity = "connection_bytes";
		m.cost = true;
	}
	return m;
}

struct tracking_form {
	const char *nat, *field;
};

/* conntrack measures every form of tracking; the plan's own is the result. */
static void choose_form(const struct workload *plan, struct calibration *result)
{
	static const struct tracking_form forms[] = {
			{"none", "entries_plain"},
			{"masquerade", "entries_masquerade"},
			{"publish", "entries_publish"},
			{"publish-proxy", "entries_proxy"},
	};
	const char *nat = plan->values[W_NAT].text ? plan->values[W_NAT].text : "none", *field = "";
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		field = strcmp(forms[i].nat, nat) ? field : forms[i].field;
	/* If a port published by the engine itself was measured, it goes before our own imitation. */
	for (size_t i = 0; i < result->field_count && text_begins_with(nat, "publish"); i++)
		if (!strcmp(result->fields[i].name, "entries_engine"))
			field = "entries_engine";
	for (size_t i = 0; i < result->field_count && !isnan(result->measured); i++) {
		if (result->fields[i].text || strcmp(result->fields[i].name, field) != 0)
			continue;
		result->measured = result->reached = result->fields[i].number;
		result->difference = result->measured - result->predicted;
		result->agrees = fabs(result->difference) <= result->tolerance;
	}
}

static struct calibration not_run(const struct calibrator *calibrator,
		double predicted,
		const char *reason)
{
	struct calibration result = {.id = calibrator_id(calibrator),
			.title = calibrator_title(calibrator),
			.unit = calibrator_unit(calibrator),
			.predicted = predicted,
			.reason = reason};
	result.measured = result.difference = result.reached = result.rate_per_s = (double)NAN;
	for (size_t i = 0; i < CALIBRATION_DECILES; i++)
		result.deciles[i] = (double)NAN;
	return result;
}

/* The result of one, whatever happened to it. */
static struct calibration run_one(struct arena *arena,
		const struct options *options,
		const struct calibrator *calibrator,
		const struct calibrate_request *request,
		struct calibration_set *calibration_set)
{
	struct calibration result;
	struct error err = {0};
	bool live = isatty(STDERR_FILENO) == 1 && !options->quiet;
	if (stopped)
		return not_run(calibrator, request->predicted, "not run: stopped by a signal");
	if (live)
		calibration_set_show_progress(NULL, calibrator_id(calibrator), 0, 0);
	bool done = calibrate_run(arena,
			calibrator,
			request,
			live ? calibration_set_show_progress : NULL,
			NULL,
			&stopped,
			&result,
			&err);
	if (live)
		(void)fputs("\r\033[K", stderr);
	if (done)
		return result;
	calibration_set->broken = true;
	screen_say("%s", err.text);
	return not_run(calibrator, request->predicted, arena_printf(arena, "broken: %s", err.text));
}

enum {
	SIGNALS = 3
};
static const int signals[SIGNALS] = {SIGINT, SIGTERM, SIGHUP};

/* Signals that are ignored stay ignored (nohup). */
static void catch_signals(struct sigaction before[SIGNALS])
{
	const struct sigaction action = {.sa_handler = on_signal};
	stopped = 0;
	for (size_t i = 0; i < SIGNALS; i++)
		if (sigaction(signals[i], NULL, &before[i]) == 0 && before[i].sa_handler != SIG_IGN)
			(void)sigaction(signals[i], &action, NULL);
}

void calibration_set_run(struct arena *arena,
		const struct options *options,
		const struct facts *facts,
		const struct result *result,
		struct calibration_set *calibration_set)
{
	struct sigaction before[SIGNALS];
	calibration_set->expectation = expectation_for(facts, result);
	struct calibrate_request request =
			request_of(options, facts, &calibration_set->expectation, result);
	request.published = published_port_target(arena,
			options->calibration.published,
			facts,
			&request.published_why);
	request.erl = find_program(arena, "erl", &request.erl_why);
	calibration_set->results = arena_alloc(arena,
			(calibration_set->count + 1) * sizeof *calibration_set->results);
	calibration_set->measurements = arena_alloc(arena,
			(calibration_set->count + 1) * sizeof *calibration_set->measurements);
	if (request.overflow)
		screen_say("--overflow: the kernel of this host will log \"table full, dropping packet\"");
	catch_signals(before);
	for (size_t i = 0; i < calibration_set->count; i++) {
		double parts;
		request.seconds = calibration_set_seconds_of(options, calibration_set->chosen[i]);
		request.predicted = expectation_of(&calibration_set->expectation,
				calibrator_id(calibration_set->chosen[i]),
				&parts);
		calibration_set->results[i] =
				run_one(arena, options, calibration_set->chosen[i], &request, calibration_set);
		if (!strcmp(calibration_set->results[i].id, "conntrack"))
			choose_form(result_load(result), &calibration_set->results[i]);
		calibration_set->measurements[i] = measurement_of(calibration_set,
				&calibration_set->results[i]);
	}
	for (size_t i = 0; i < SIGNALS; i++)
		(void)sigaction(signals[i], &before[i], NULL);
	calibration_set->ran = true;
	calibration_set->stopped = stopped != 0;
	if (calibration_set->stopped)
		screen_say("stopped by a signal; reporting what was measured so far");
}
