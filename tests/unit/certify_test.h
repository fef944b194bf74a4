/* A watched run made of samples, and the conclusions from it. */
#ifndef HEADROOM_TESTS_UNIT_CERTIFY_TEST_H
#define HEADROOM_TESTS_UNIT_CERTIFY_TEST_H

#include <math.h>

#include "model/watch/certify.h"
#include "tests/unit/formula_test.h"
#include "tests/unit/state_test.h"

enum {
	PORTS,
	FDS,
	TIME_WAIT,
	MEMORY,
	LIMITS
};

struct run {
	struct arena *arena;
	struct observations seen;
	struct limit_rule rules_limits[LIMITS];
	struct rules rules;
	struct workload workload, planned;
	struct model_options options;
	struct situation situation;
	struct watched_limits limits;
	struct result plan;
	struct certificate out;
	struct charge given[CHARGES];
	const char *elsewhere;
	int signal, status;
	double end_s;
};

static inline const struct expr *formula(struct run *run, const char *text)
{
	return formula_of(run->arena, text);
}

/* The rules, shortened, as if read from files. */
static inline void set_up_rules(struct run *run)
{
	struct limit_rule *limits = run->rules_limits;
	limits[PORTS] = (struct limit_rule){.id = "ephemeral-ports",
			.title = "Outgoing ports",
			.phrase = "outgoing ports",
			.unit = "ports",
			.scope = SCOPE_DESTINATION,
			.consequence = "refuse",
			.capacity = formula(run, "ports.usable - 24"),
			.observed.used = formula(run, "if(workload.bind == none, ports_used, source_ports)"),
			.observed.own = formula(run, "if(workload.bind == none, ports_own, source_own)")};
	limits[FDS] = (struct limit_rule){.id = "process-fds",
			.title = "Open files of a process",
			.unit = "files",
			.scope = SCOPE_PROCESS,
			.consequence = "refuse",
			.capacity = formula(run, "limits.nofile.soft"),
			.observed.used = formula(run, "fds_most"),
			.observed.capacity = formula(run, "fds_limit")};
	limits[TIME_WAIT] = (struct limit_rule){.id = "time-wait-buckets",
			.title = "TIME_WAIT",
			.unit = "sockets",
			.scope = SCOPE_NAMESPACE,
			.severity = SEVERITY_ADVISORY,
			.consequence = "degrade",
			.capacity = formula(run, "1000"),
			.observed.used = formula(run, "time_wait + accepted_time_wait"),
			.observed.refused = "time_wait_overflow"};
	limits[MEMORY] = (struct limit_rule){.id = "tcp-memory",
			.title = "TCP memory",
			.unit = "pages",
			.scope = SCOPE_HOST,
			.consequence = "degrade",
			.capacity = formula(run, "net.ipv4.tcp_mem.pressure"),
			.observed.used = formula(run, "tcp_memory_pages"),
			.observed.refused = "abort_on_memory"};
	run->rules = (struct rules){.limits = limits, .limit_count = LIMITS};
}

static inline void set_up_situation(struct run *run)
{
	struct facts *facts = facts_new(run->arena);
	struct assumption *assumptions;
	struct error err = {0};
	size_t count;
	facts_put_number(facts, "host.cpus", NULL, 4, UNIT_COUNT, NULL);
	facts_put_number(facts, "ports.usable", NULL, 1024, UNIT_COUNT, NULL);
	facts_put_number(facts, "limits.nofile.soft", NULL, 9000, UNIT_COUNT, NULL);
	facts_put_number(facts, "net.ipv4.tcp_mem.pressure", NULL, 300, UNIT_COUNT, NULL);
	run->workload.values[W_CONNECTIONS] = (struct workload_value){.set = true, .number = 1000};
	run->workload.values[W_OPEN_RATE] = (struct workload_value){.set = true, .number = 10};
	if (!workload_complete(run->arena, &run->workload, &assumptions, &count, &err))
		fail_msg("%s", err.text);
	const struct state state = state_of_one(run->arena, facts, &run->workload);
	if (!situation_build(run->arena, &run->rules, &state, &run->options, &run->situation, &err))
		fail_msg("%s", err.text);
	run->limits = watched_limits_of(&run->situation);
}

/* A client with long-lived connections: 10 samples one second apart, one before the run and one
 * after. */
static inline void set_up(struct run *run, double planned)
{
	*run = (struct run){.arena = arena_new(), .end_s = 10};
	observations_init(run->arena, &run->seen);
	set_up_rules(run);
	set_up_situation(run);
	run->plan.plan.connections = planned;
	run->plan.loads = loads_of(&run->planned);
	run->planned.values[W_ROLE].text = "client";
	run->planned.values[W_CONNECTIONS] =
			(struct workload_value){.set = true, .number = planned, .confidence = CONFIDENCE_EXACT};
	run->plan.timeline.points = 2;
	run->plan.timeline.t = arena_alloc(run->arena, 2 * sizeof(double));
	run->plan.timeline.t[1] = 60;
	run->plan.timeline.live = arena_alloc(run->arena, 2 * sizeof(double));
	run->plan.timeline.live[0] = run->plan.timeline.live[1] = planned;
	run->plan.timeline.time_wait = arena_alloc(run->arena, 2 * sizeof(double));
}

static inline struct observation *add(struct run *run, double t_s, double live)
{
	struct observation sample = {.t_s = t_s};
	for (size_t i = 0; i < OBSERVED; i++)
		sample.values[i] = observed_counts((enum observed)i) ? 0 : (double)NAN;
	sample.values[O_LIVE] = sample.values[O_PORTS_USED] = sample.values[O_PORTS_OWN] = live;
	sample.values[O_TIME_WAIT] = 0;
	sample.values[O_FDS_MOST] = live + 8;
	sample.values[O_FDS_LIMIT] = 5000;
	sample.values[O_OPENS] = t_s > 0 ? live : 0;
	observations_add(&run->seen, &sample);
	return &run->seen.items[run->seen.count - 1];
}

static inline void hold(struct run *run, double live)
{
	(void)add(run, 0, 0);
	for (int i = 1; i < 10; i++)
		(void)add(run, i, live);
	(void)add(run, 10, 0);
	run->seen.items[run->seen.count - 1].values[O_OPENS] = live;
}

static inline void judge(struct run *run)
{
	const struct certify_input input = {.seen = &run->seen,
			.limits = &run->limits,
			.plan = &run->plan,
			.min_reached = 0.8,
			.max_cpu_wait = 0.05,
			.given = run->given,
			.elsewhere = run->elsewhere,
			.signal = run->signal,
			.status = run->status,
			.run_s = run->end_s};
	certify(run->arena, &input, &run->out);
}

static inline void wait_for_processors(struct run *run, double part)
{
	for (size_t i = 0; i < run->seen.count; i++)
		run->seen.items[i].values[O_CPU_WAIT_S] = part * run->seen.items[i].t_s;
}

#endif
