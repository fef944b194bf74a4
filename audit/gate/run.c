/* The run itself, watched. */
#include <math.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "audit/cli/screen.h"
#include "audit/gate/gate.h"
#include "audit/gate/tool_watch.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "probes/host/sockets/tally.h"

static const double interval_usual_s = 1;
/* A run that takes so much longer than its plan hangs, most likely. */
static const double long_factor = 1.2, long_more_s = 30;
/* Connections may still be closing when the command ends. Sampling waits this long for them to
 * become TIME_WAIT. */
static const double closing_s = 0.25;

/* The limits as the command meets them: of several loads only its own is run. */
static bool run_limits(struct gate *gate, const struct facts *host, struct error *err)
{
	const struct pipeline *pipeline = gate->pipeline;
	const struct result *result = gate->result;
	const struct loads own = loads_of(&result->loads.items[result->loads.count - 1]);
	const struct rules *rules = &pipeline->rules;
	struct arena *arena = pipeline->run->arena;
	struct situation *situation;
	struct state *state;
	struct facts *facts;
	situation = arena_alloc(arena, sizeof *situation);
	state = arena_alloc(arena, sizeof *state);
	facts = facts_overlay(arena, host);
	*state = state_new(arena, rules, facts, &own);
	if (!situation_build(arena, rules, state, &pipeline->model, situation, err))
		return false;
	gate->limits = watched_limits_of(situation);
	return true;
}

static unsigned run_port(const struct facts *facts, const char *key)
{
	double port = facts_number(facts, key);
	if (port > 0)
		return (unsigned)port;
	return 0;
}

/* The limits of the namespace that it was in, and that we are in since. They are read at the end:
 * who makes a namespace sets it up afterwards. Where they cannot be read, those of ours stay. */
static void run_limits_there(struct gate *gate)
{
	const struct pipeline *pipeline = gate->pipeline;
	struct error ignored = {0};
	struct host_info host;
	struct facts *facts = pipeline_facts(pipeline->run, DETAIL_AUDIT, &host, &ignored);
	if (!facts || !pipeline_targets(pipeline, &gate->plan, &host, facts, &ignored))
		return;
	if (pipeline->plan && !plan_vantage_facts(pipeline->plan, facts, &ignored))
		return;
	(void)run_limits(gate, facts, &ignored);
}

/* Its sockets are in another network namespace than ours: what was seen here does not count. */
static void run_follow(struct gate *gate, struct observation *sample)
{
	int pid = sampler_elsewhere(gate->sampler);
	if (!pid)
		return;
	switch (sampler_move(gate->sampler, pid)) {
	case MOVE_DONE:
		break;
	case MOVE_DENIED:
		gate->blind = true;
		return;
	case MOVE_GONE:
		return;
	}
	gate->moved = true;
	sampler_read(gate->sampler, true, sample);
	observations_init(gate->pipeline->run->arena, &gate->seen);
	busiest_init(&gate->busiest);
}

static void run_take_sample(struct gate *gate, bool all)
{
	struct observation sample;
	sampler_read(gate->sampler, all, &sample);
	run_follow(gate, &sample);
	observations_add(&gate->seen, &sample);
	busiest_add(&gate->busiest, &sample);
}

static double run_next_look(struct gate *gate)
{
	struct pace_look look = {
			.t_s = sampler_seconds(gate->sampler),
			.cpu_s = sampler_cpu_s(gate->sampler),
	};
	for (int state = 1; state < STATES; state++)
		look.sockets += fmax(0, sampler_state(gate->sampler, state));
	return pace_next(&gate->pace, &look);
}

/* How long a run may take before somebody should look at it. Who gives a limit of time has said so
 * already. */
static double run_long_s(const struct gate *gate)
{
	double planned_s = gate->result->timeline.end.at_s;
	if (isnan(planned_s) || gate->options->time_limit_s > 0)
		return (double)INFINITY;
	return planned_s * long_factor + long_more_s;
}

/* Said once. Returns the seconds until it would have to be said. */
static double run_watch_time(struct gate *gate, bool end)
{
	char spent[NUMBER_TEXT_MAX], planned[NUMBER_TEXT_MAX];
	double spent_s = clock_now_s() - gate->began_s;
	if (end || spent_s < gate->long_s)
		return gate->long_s - spent_s;
	gate->long_s = (double)INFINITY;
	screen_say("%.60s has been running for %s, but its plan takes %s; headroom keeps waiting (use "
			   "--time-limit to end a run)",
			gate->options->child.items[0],
			text_number(spent, floor(spent_s), UNIT_SECONDS),
			text_number(planned, gate->result->timeline.end.at_s, UNIT_SECONDS));
	return gate->long_s;
}

static double tick(void *context, bool end)
{
	struct gate *gate = context;
	double long_s = run_watch_time(gate, end);
	if (!gate->sampler)
		return long_s;
	if (end) {
		run_take_sample(gate, true);
		return 0;
	}
	if (clock_now_s() >= gate->next_look_s) {
		run_take_sample(gate, true);
		gate->next_look_s = clock_now_s() + run_next_look(gate);
	}
	return fmin(gate->next_look_s - clock_now_s(), long_s);
}

/* The last sample again, once what was closing has closed. */
static void run_settle(struct gate *gate)
{
	const struct timespec moment = {0, 25000000};
	struct observation *last = &gate->seen.items[gate->seen.count - 1];
	double spent_s = 0;
	while (spent_s < closing_s && last->values[O_CLOSING] > 0) {
		(void)nanosleep(&moment, NULL);
		double t_s = last->t_s;
		sampler_read(gate->sampler, true, last);
		last->t_s = t_s;
		spent_s += 0.025;
	}
}

static bool run_begin(struct gate *gate, struct error *err)
{
	struct arena *arena = gate->pipeline->run->arena;
	const struct facts *facts = gate->result->facts;
	const struct workload *load = result_load(gate->result);
	const char *role = load->values[W_ROLE].text;
	const char *protocol = load->values[W_PROTOCOL].text;
	gate->interval_s = interval_usual_s;
	if (gate->options->interval_s > 0)
		gate->interval_s = gate->options->interval_s;
	pace_init(&gate->pace, gate->interval_s);
	const double delay_s = facts_number(facts, "net.ipv4.tcp_tw_reuse_delay");
	struct sampler_options options = {
			.low = run_port(facts, "ports.low"),
			.high = run_port(facts, "ports.high"),
			.root = getpid(),
			.own_only = true,
			.udp = protocol && !strcmp(protocol, "udp"),
			.reuse_delay_ms = 1000, /* before there was a setting for it */
			.own_listeners = role && strcmp(role, "client") != 0,
			.reuse = watched_reuse(facts),
			.by_size = facts_number(facts, "kernel.version") >= 6002,
	};
	if (delay_s > 0 && delay_s < 3600)
		options.reuse_delay_ms = (uint32_t)(delay_s * 1000);
	gate_targets(gate, &options);
	observations_init(arena, &gate->seen);
	busiest_init(&gate->busiest);
	if (!run_limits(gate, facts, err))
		return false;
	gate->sampler = sampler_open(arena, &options, err);
	if (!gate->sampler)
		return false;
	sampler_start(gate->sampler);
	run_take_sample(gate, true);
	gate->next_look_s = clock_now_s() + run_next_look(gate);
	return true;
}

static void run_check_time(const struct gate *gate, struct charge_check *check)
{
	struct arena *arena = gate->pipeline->run->arena;
	const double limit_s = gate->options->time_limit_s;
	char text[NUMBER_TEXT_MAX];
	*check = (struct charge_check){
			.known = true,
			.measured = gate->end.run_s,
			.threshold = (double)NAN,
			.unit = UNIT_SECONDS,
			.allowed = "no time limit was given",
	};
	text_number(text, gate->end.run_s, UNIT_SECONDS);
	check->seen = arena_printf(arena, "it ended after %s", text);
	if (!(limit_s > 0))
		return;
	check->threshold = limit_s;
	text_number(text, limit_s, UNIT_SECONDS);
	check->allowed = arena_printf(arena, "up to %s", text);
}

static void run_charge_time(struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	struct charge *charge = &gate->found[CHARGE_TIMED_OUT];
	char text[NUMBER_TEXT_MAX];
	const double limit_s = gate->options->time_limit_s;
	run_check_time(gate, &charge->check);
	if (!gate->end.timed_out)
		return;
	charge->sentence = arena_printf(arena,
			"It was still running after %s, so --time-limit stopped it.",
			text_number(text, limit_s, UNIT_SECONDS));
	charge->fix = "Find out what it was waiting for, or raise --time-limit.";
	charge_add(charge, "time_limit", limit_s, UNIT_SECONDS);
}

static void judge_run(struct gate *gate)
{
	int signal = gate->end.signal;
	int status = gate->end.status;
	if (gate->end.timed_out)
		signal = status = 0; /* of ours */
	const struct certify_input input = {
			.seen = &gate->seen,
			.busiest = &gate->busiest,
			.limits = &gate->limits,
			.plan = gate->result,
			.min_reached = gate->options->gate.min_reached,
			.max_cpu_wait = gate->options->gate.max_cpu_wait,
			.run_s = gate->end.run_s,
			.signal = signal,
			.status = status,
			.elsewhere = sampler_runs_elsewhere(gate->sampler),
			.blind = gate->blind,
			.given = gate->found,
	};
	if (gate->moved)
		run_limits_there(gate);
	run_charge_time(gate);
	gate_find_elsewhere(gate);
	certify(gate->pipeline->run->arena, &input, &gate->certificate);
	learnt_of_run(&input, &gate->certificate, tool_watch_rate(gate), &gate->learnt);
	gate->watched = true;
	gate->destination_count = sampler_destinations(gate->sampler, &gate->destinations);
	gate->sampler_ratio = pace_taken_s(&gate->pace) / fmax(gate->end.run_s, 1e-3);
}

static char **run_words(const struct gate *gate)
{
	struct arena *arena = gate->pipeline->run->arena;
	const struct name_list *words = &gate->options->child;
	char **argv = arena_alloc(arena, (words->count + 1) * sizeof *argv);
	for (size_t i = 0; i < words->count; i++)
		argv[i] = arena_strdup(arena, words->items[i]);
	return argv;
}

static void run_started(void *context)
{
	tool_watch_started(context);
}

static void run_say_limit(void *context)
{
	const struct gate *gate = context;
	char text[NUMBER_TEXT_MAX];
	const double limit_s = gate->options->time_limit_s;
	screen_say("--time-limit: stopping %.60s after %s",
			gate->options->child.items[0],
			text_number(text, limit_s, UNIT_SECONDS));
}

static bool run_command(struct gate *gate, struct child_plan *plan, struct error *err)
{
	if (strcmp(gate->options->gate.certify, "off") == 0)
		return child_run(plan, &gate->end, err);
	tool_watch_begin(gate);
	plan->output_fd = tool_watch_output(gate);
	return run_begin(gate, err) && child_run(plan, &gate->end, err);
}

bool gate_run(struct gate *gate, struct error *err)
{
	const struct run *run = gate->pipeline->run;
	struct front front;
	struct child_plan plan = {
			.argv = run_words(gate),
			.given = &run->inherited,
			.front = &front,
			.soft_nofile = gate->soft_after,
			.output_fd = -1,
			.limit_s = gate->options->time_limit_s,
			.tick = tick,
			.started = run_started,
			.timed_out = run_say_limit,
			.context = gate,
	};
	if (!front_split(&front, err))
		return false;
	gate->began_s = clock_now_s();
	gate->long_s = run_long_s(gate);
	bool ran = run_command(gate, &plan, err);
	front_release(&front);
	if (!ran)
		return false;
	if (gate->sampler) {
		run_settle(gate);
		tool_watch_end(gate);
		judge_run(gate);
	}
	return true;
}
