/* What holds for every plan over its time, on random ones with the built-in rules.
 * HEADROOM_EVERY_PLAN=1 takes more of them. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/rules/built_in.h"
#include "base/array.h"
#include "model/instance/instances.h"
#include "model/judge/judge.h"
#include "model/model.h"
#include "model/situation.h"
#include "tests/unit/random_plans.h"
#include "tests/unit/state_test.h"

enum {
	PLANS = 150,
	EVERY_PLAN = 4000,
	LOOKS = 90 /* at each plan, evenly over its time */
};

static const struct model_options options = {.target = 0.75};
struct setting {
	const char *key;
	double value;
	bool raises; /* more of it is more room */
};

static const struct setting settings[] = {
		{"kernel.hz", 250, false},
		{"net.ipv4.tcp_timestamps", 1, false},
		{"net.ipv4.tcp_fin_timeout", 60, false},
		{"net.ipv4.tcp_max_tw_buckets", 5000, false},
		{"net.ipv4.tcp_max_orphans", 4096, true},
		{"net.ipv4.tcp_mem.pressure", 20000, true},
		{"net.core.somaxconn", 4096, true},
		{"net.ipv4.tcp_max_syn_backlog", 4096, true},
		{"net.ipv4.tcp_syncookies", 1, false},
		{"limits.nofile.soft", 4000, true},
		{"limits.nofile.hard", 20000, false},
		{"process.fds_below_soft", 5, false},
		{"process.fds_below_hard", 5, false},
		{"fs.file-max", 100000, true},
		{"fs.file-nr.allocated", 2000, false},
		{"memory.page_bytes", 4096, false},
		{"memory.available", 40000000, true},
		{"net.netfilter.nf_conntrack_max", 20000, true},
		{"net.netfilter.nf_conntrack_count", 100, false},
		{"net.netfilter.nf_conntrack_tcp_timeout_time_wait", 120, false},
		{"sockstat.mem_pages", 10, false},
		{"sockstat.orphan", 3, false},
};

/* raised: one limit is twice as large. -1: none; COUNT_OF(settings): the range of ports. */
static struct facts *host(struct arena *arena, uint32_t reuse, int raised)
{
	struct facts *facts = facts_new(arena);
	const char *range = "32768 36863";
	facts->whole = true;
	if (raised == COUNT_OF(settings))
		range = "32768 40959";
	(void)facts_put_text(facts, "os.name", NULL, "linux", "test");
	(void)facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, range, "test");
	(void)facts_put_number(facts, "net.ipv4.tcp_tw_reuse", NULL, reuse, UNIT_COUNT, "test");
	for (int i = 0; i < (int)COUNT_OF(settings); i++) {
		double value = settings[i].value;
		if (i == raised)
			value *= 2;
		(void)facts_put_number(facts, settings[i].key, NULL, value, UNIT_COUNT, "test");
	}
	return facts;
}

static void set(struct arena *arena,
		struct workload *plan,
		enum workload_field field,
		const char *text)
{
	struct error err;
	if (!workload_set(arena, plan, field, text, "test", &err))
		fail_msg("%s: %s", text, err.text);
}

static const char *random_stages(struct arena *arena, bool rates)
{
	static const unsigned seconds[] = {0, 1, 10, 45, 60, 100};
	const char *text = "";
	unsigned count = 1 + below(6);
	for (unsigned i = 0; i < count; i++) {
		unsigned most = rates ? 300 : 6000;
		text = arena_printf(arena,
				"%s%s%us:%u%s",
				text,
				*text ? "," : "",
				seconds[below(COUNT_OF(seconds))],
				below(most),
				rates ? "/s" : "");
	}
	return arena_printf(arena,
			"%s,%us:%u%s",
			text,
			1 + below(90),
			1 + below(200),
			rates ? "/s" : "");
}

static struct workload random_plan(struct arena *arena)
{
	static const char *const lifetimes[] =
			{"0s", "50ms", "1s", "7s", "45s", "60s", "130s", "forever"};
	static const char *const closers[] = {"client", "client", "server", "reset"};
	static const char *const starts[] = {"steady", "together"};
	struct workload plan = {0};
	uint32_t kind = below(5), life = below(COUNT_OF(lifetimes));
	bool by_rate = kind == 1 || kind == 2;
	if (!by_rate && life == 0)
		life = 1;
	if (by_rate && life == COUNT_OF(lifetimes) - 1)
		life = 3;
	if (life < COUNT_OF(lifetimes) - 1)
		set(arena, &plan, W_LIFETIME, lifetimes[life]);
	set(arena, &plan, W_CLOSER, closers[below(COUNT_OF(closers))]);
	if (kind == 0) {
		set(arena, &plan, W_STAGES, random_stages(arena, false));
	} else if (kind == 1) {
		set(arena, &plan, W_STAGES, random_stages(arena, true));
	} else if (kind == 2) {
		set(arena, &plan, W_OPEN_RATE, arena_printf(arena, "%u", 1 + below(300)));
	} else {
		set(arena, &plan, W_CONNECTIONS, arena_printf(arena, "%u", 1 + below(6000)));
		if (kind == 3)
			set(arena, &plan, W_RAMP_RATE, arena_printf(arena, "%u", 1 + below(400)));
		else if (life > 0 && life < COUNT_OF(lifetimes) - 1)
			set(arena, &plan, W_START, starts[below(2)]);
	}
	if (below(2))
		set(arena, &plan, W_DURATION, arena_printf(arena, "%us", 1 + below(300)));
	if (below(5) == 0)
		set(arena, &plan, W_OPENS_TOTAL, arena_printf(arena, "%u", 100 + below(20000)));
	return plan;
}

struct trial {
	struct arena *arena;
	unsigned number;
	struct facts *facts;
	struct workload plan;
	struct result result;
	struct situation situation;
	struct moment *moments; /* at which it is looked at */
	size_t count, capacity;
};

static void judge(struct arena *arena,
		const struct facts *facts,
		struct workload *plan,
		struct result *ret_result)
{
	const struct loads loads = {.items = plan, .count = 1};
	struct error err = {0};
	if (!model_run(arena, &built_in_rules, facts, &loads, &options, ret_result, &err))
		fail_msg("%s", err.text);
}

static void look_at(struct trial *trial, double t)
{
	const struct timeline *timeline = &trial->situation.together;
	double until = fmin(timeline->end_s, timeline->settled_s);
	if (!(t >= 0 && t <= until))
		return;
	for (int before = 0; before < 2; before++) {
		trial->moments = arena_grow(trial->arena,
				trial->moments,
				trial->count,
				&trial->capacity,
				sizeof *trial->moments);
		trial->moments[trial->count++] = (struct moment){t, before && t > 0};
	}
}

static void find_moments(struct trial *trial)
{
	static const double later[] = {0, 0.5, 60, 61, 120};
	const struct timeline *timeline = &trial->situation.together;
	double end = timeline->end_s;
	if (isinf(end))
		end = timeline->said_s + 300;
	for (int i = 0; i <= LOOKS; i++)
		look_at(trial, end * i / LOOKS);
	size_t points = timeline->count;
	if (points > LOOKS)
		points = LOOKS;
	for (size_t i = 0; i < points * COUNT_OF(later); i++)
		look_at(trial, timeline->points[i / COUNT_OF(later)].t + later[i % COUNT_OF(later)]);
	look_at(trial, end);
}

static void begin(struct trial *trial, unsigned number)
{
	struct error err;
	*trial = (struct trial){.arena = arena_new(), .number = number};
	seed = number;
	trial->facts = host(trial->arena, below(3), -1);
	trial->plan = random_plan(trial->arena);
	judge(trial->arena, trial->facts, &trial->plan, &trial->result);
	struct state *state = arena_alloc(trial->arena, sizeof *state);
	*state = state_of_one(trial->arena, trial->result.facts, &trial->result.loads.items[0]);
	assert_true(situation_build(trial->arena,
			&built_in_rules,
			state,
			&options,
			&trial->situation,
			&err));
	find_moments(trial);
}

static bool is_judged(const struct judgement *j)
{
	bool known = j->status != STATUS_UNKNOWN && j->status != STATUS_NOT_APPLICABLE;
	return known && j->at->member_count == 1 && !isnan(j->utilization);
}

/* The highest use at any of the moments. */
static double most_of(const struct trial *trial, struct judge *judge, double scale)
{
	double most = 0;
	for (size_t i = 0; i < trial->count; i++)
		most = fmax(most, judge_use(judge, scale, trial->moments[i]));
	return most;
}

static void check_scale(const struct trial *trial,
		struct judge *judge,
		double scale,
		double bound,
		const char *what)
{
	if (!(scale > 1e-9 && scale < 1e8))
		return;
	double use = most_of(trial, judge, scale * (1 - 1e-9));
	if (use > bound * (1 + 1e-9))
		fail_msg("plan %u, %s: %s at %g, but %g is used",
				trial->number,
				judge->rule->id,
				what,
				scale,
				use);
}

/* Before the second that is said, by timers that end on time, nothing is over. */
static void check_second(const struct trial *trial, struct judge *judge, const struct judgement *j)
{
	static const double slack = 10; /* timers of two minutes end within it */
	if (j->over && isnan(j->exhausted_at_s))
		fail_msg("plan %u, %s: over, but never", trial->number, judge->rule->id);
	for (size_t i = 0; i < trial->count; i++) {
		const struct moment moment = trial->moments[i];
		bool early = moment.t < j->exhausted_at_s - slack || isnan(j->exhausted_at_s);
		double use = judge_use(judge, 1, moment);
		if (early && use > 1 + 1e-9)
			fail_msg("plan %u, %s: %g of it at %g s, said to be over at %g",
					trial->number,
					judge->rule->id,
					use,
					moment.t,
					j->exhausted_at_s);
	}
}

static void nothing_is_missed(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct trial trial;
		begin(&trial, i);
		for (size_t k = 0; k < trial.result.resource_count; k++) {
			const struct judgement *j = &trial.result.resources[k].worst;
			if (!is_judged(j))
				continue;
			const char *id = j->rule->id;
			struct judge one = judge_new(&trial.situation, j->rule, j->at, MISSING_WORST);
			double most = most_of(&trial, &one, 1);
			if (most > j->utilization * (1 + 1e-9))
				fail_msg("plan %u, %s: %g judged, %g seen", i, id, j->utilization, most);
			check_scale(&trial, &one, j->max_safe_scale, options.target, "safe");
			check_scale(&trial, &one, j->breaks_scale, 1, "it holds");
			check_second(&trial, &one, j);
		}
		arena_free(trial.arena);
	}
}

/* A plan that has no stages is made larger by its numbers. */
static void check_more(const struct trial *trial)
{
	static const enum workload_field sizes[] = {W_CONNECTIONS,
			W_OPEN_RATE,
			W_RAMP_RATE,
			W_OPENS_TOTAL};
	double safe = trial->result.max_safe.scale;
	struct workload plan = trial->plan;
	struct result more;
	for (size_t k = 0; k < COUNT_OF(sizes); k++)
		plan.values[sizes[k]].number *= safe * (1 + 1e-6);
	judge(trial->arena, trial->facts, &plan, &more);
	if (more.max_safe.scale > 1 + 1e-9 || more.max_safe.scale < 1 - 1e-5)
		fail_msg("plan %u: %g is safe, but of that %g", trial->number, safe, more.max_safe.scale);
}

/* A little more than what is safe is not. */
static void more_is_over(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct trial trial;
		begin(&trial, i);
		double safe = trial.result.max_safe.scale;
		if (safe > 1e-6 && safe < 1e6 && trial.result.loads.items[0].stage_count == 0)
			check_more(&trial);
		arena_free(trial.arena);
	}
}

static void check_raised(unsigned plan,
		const struct judgement *before,
		const struct judgement *after)
{
	if (!is_judged(before) || !is_judged(after))
		return;
	bool earlier = after->exhausted_at_s < before->exhausted_at_s - 1e-6 ||
			(isnan(before->exhausted_at_s) && !isnan(after->exhausted_at_s));
	if (after->breaks_scale < before->breaks_scale * (1 - 1e-9) ||
			after->max_safe_scale < before->max_safe_scale * (1 - 1e-9) || earlier)
		fail_msg("plan %u, %s: raised, and it breaks at %g (%g s), not at %g (%g s)",
				plan,
				before->rule->id,
				after->breaks_scale,
				after->exhausted_at_s,
				before->breaks_scale,
				before->exhausted_at_s);
}

static void raising_never_breaks_earlier(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct trial trial;
		struct result after;
		begin(&trial, i);
		int raised = (int)below(COUNT_OF(settings) + 1);
		if (raised < (int)COUNT_OF(settings) && !settings[raised].raises)
			raised = COUNT_OF(settings);
		seed = i;
		struct facts *facts = host(trial.arena, below(3), raised);
		judge(trial.arena, facts, &trial.plan, &after);
		for (size_t k = 0; k < after.resource_count; k++)
			check_raised(i, &trial.result.resources[k].worst, &after.resources[k].worst);
		if (after.max_safe.scale < trial.result.max_safe.scale * (1 - 1e-9))
			fail_msg("plan %u: raised, and less is safe", i);
		arena_free(trial.arena);
	}
}

static double opened_by(const struct timeline *timeline, double t)
{
	bool steady;
	return timeline_last(timeline, SERIES_OPENS, moment_at(t), INFINITY, &steady);
}

/* Nothing is used that was never opened, and nothing is opened after the end. */
static void what_is_used_was_opened(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct trial trial;
		begin(&trial, i);
		const struct workload *load = &trial.result.loads.items[0];
		const struct timeline *timeline = &trial.situation.loads[0].down;
		const struct limit_rule *ports = rules_limit(&built_in_rules, "ephemeral-ports");
		const struct instances list = limit_instances(&trial.situation, ports);
		struct judge one = judge_new(&trial.situation, ports, &list.items[0], MISSING_WORST);
		double all = opened_by(timeline, timeline->end_s);
		for (size_t k = 0; k < trial.count; k++) {
			const struct moment moment = trial.moments[k];
			const struct probe probe = judge_probe(&one, 1, moment);
			double opened = opened_by(timeline, moment.t);
			double live = timeline_at(timeline, SERIES_LIVE, moment);
			if (live > opened * (1 + 1e-9) || judge_demand(&probe) > opened * (1 + 1e-9))
				fail_msg("plan %u: %g ports, %g live at %g s, but %g were opened",
						i,
						judge_demand(&probe),
						live,
						moment.t,
						opened);
			if (live < -1e-9)
				fail_msg("plan %u: %g live at %g s", i, live, moment.t);
		}
		if (isfinite(timeline->end_s) && load->peak_connections > all * (1 + 1e-9))
			fail_msg("plan %u: %g live, %g opened", i, load->peak_connections, all);
		if (load->values[W_OPENS_TOTAL].set && all > load->values[W_OPENS_TOTAL].number + 1e-6)
			fail_msg("plan %u: %g opened, %g asked", i, all, load->values[W_OPENS_TOTAL].number);
		if (load->values[W_DURATION].set && timeline->end_s > load->values[W_DURATION].number)
			fail_msg("plan %u ends at %g s", i, timeline->end_s);
		arena_free(trial.arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(nothing_is_missed),
			cmocka_unit_test(more_is_over),
			cmocka_unit_test(raising_never_breaks_earlier),
			cmocka_unit_test(what_is_used_was_opened),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
