/* Plans of several loads: properties on random ones, with the built-in rules. HEADROOM_EVERY_PLAN=1
 * takes more of them. */
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
#include "base/text.h"
#include "model/model.h"
#include "tests/unit/random_plans.h"

enum {
	PLANS = 300,
	EVERY_PLAN = 1500,
	SIZES = 7
};

static struct facts *host(struct arena *arena)
{
	static const struct {
		const char *key;
		double value;
	} rows[] = {
			{"kernel.hz", 250},
			{"net.ipv4.tcp_timestamps", 1},
			{"net.ipv4.tcp_fin_timeout", 60},
			{"net.ipv4.tcp_max_tw_buckets", 131072},
			{"net.ipv4.tcp_max_orphans", 65536},
			{"net.ipv4.tcp_mem.pressure", 383867},
			{"net.core.somaxconn", 4096},
			{"net.ipv4.tcp_max_syn_backlog", 4096},
			{"net.ipv4.tcp_syncookies", 1},
			{"limits.nofile.soft", 20000},
			{"limits.nofile.hard", 20000},
			{"process.fds_below_soft", 5},
			{"process.fds_below_hard", 5},
			{"fs.file-max", 100000},
			{"fs.file-nr.allocated", 2000},
			{"memory.page_bytes", 4096},
			{"memory.available", 4294967296.0},
			{"net.netfilter.nf_conntrack_max", 262144},
			{"net.netfilter.nf_conntrack_count", 100},
			{"net.netfilter.nf_conntrack_tcp_timeout_time_wait", 120},
			{"sockstat.mem_pages", 10},
			{"sockstat.orphan", 3},
	};
	struct facts *facts = facts_new(arena);
	facts->whole = true;
	(void)facts_put_text(facts, "os.name", NULL, "linux", "test");
	(void)facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, "32768 60999", "test");
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		(void)facts_put_number(facts, rows[i].key, NULL, rows[i].value, UNIT_COUNT, "test");
	(void)facts_put_number(facts, "net.ipv4.tcp_tw_reuse", NULL, below(3), UNIT_COUNT, "test");
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

static struct workload random_load(struct arena *arena, const char *to)
{
	static const char *const roles[] = {"client", "client", "client", "server", "both"};
	static const char *const lifetimes[] = {"0s", "1s", "10s", "45s", "200s"};
	static const char *const closers[] = {"client", "server", "reset"};
	static const char *const starts[] = {"empty", "steady", "together"};
	struct workload plan = {0};
	uint32_t life = below(COUNT_OF(lifetimes));
	set(arena, &plan, W_ROLE, roles[below(COUNT_OF(roles))]);
	set(arena, &plan, W_CLOSER, closers[below(COUNT_OF(closers))]);
	set(arena, &plan, W_LIFETIME, lifetimes[life]);
	if (life == 0 || below(2))
		set(arena, &plan, W_OPEN_RATE, arena_printf(arena, "%u", 1 + below(900)));
	else
		set(arena, &plan, W_CONNECTIONS, arena_printf(arena, "%u", 1 + below(20000)));
	if (life > 0 && below(3) == 0)
		set(arena, &plan, W_START, starts[below(COUNT_OF(starts))]);
	if (below(3) == 0)
		set(arena, &plan, W_DURATION, arena_printf(arena, "%us", 5 + below(400)));
	if (below(6) == 0)
		set(arena, &plan, W_BURST, arena_printf(arena, "%u", below(3000)));
	if (below(5) == 0)
		set(arena, &plan, W_NAT, "publish");
	if (to)
		set(arena, &plan, W_DESTINATIONS, to);
	return plan;
}

static void judge_by(struct arena *arena,
		const struct model_options *options,
		const struct facts *facts,
		struct workload *items,
		size_t count,
		struct result *ret_result)
{
	const struct loads plan = {.items = items, .count = count};
	struct error err = {0};
	if (!model_judge(arena, &built_in_rules, facts, &plan, options, ret_result, &err))
		fail_msg("%s", err.text);
}

static void judge(struct arena *arena,
		const struct facts *facts,
		struct workload *items,
		size_t count,
		struct result *ret_result)
{
	static const struct model_options options = {.target = 0.75, .planning_constants = true};
	judge_by(arena, &options, facts, items, count, ret_result);
}

static bool nearly(double a, double b)
{
	if (isnan(a) || isnan(b))
		return isnan(a) && isnan(b);
	if (isinf(a) || isinf(b))
		return a == b;
	return fabs(a - b) <= 1e-6 * fmax(1, fmax(fabs(a), fabs(b)));
}

/* Conntrack has no more entries than a load has ports. Loads that share their ports are bounded one
 * by one all the same: together they may be charged more, never less. */
static bool is_bounded_by_ports(const struct judgement *one, const struct judgement *both)
{
	static const double ports = 28232;
	bool conntrack = !strcmp(one->rule->id, "conntrack");
	return conntrack && one->kernel_demand <= ports && both->demand > one->demand;
}

static void same(const char *what, const struct result *a, const struct result *b, unsigned plan)
{
	for (size_t i = 0; i < a->resource_count; i++) {
		const struct judgement *x = &a->resources[i].worst, *y = &b->resources[i].worst;
		if (is_bounded_by_ports(x, y))
			continue;
		if (x->status != y->status || !nearly(x->demand, y->demand) ||
				!nearly(x->max_safe_scale, y->max_safe_scale) ||
				!nearly(x->exhausted_at_s, y->exhausted_at_s))
			fail_msg("%s, plan %u, %s: %d %d, %g and %g, safe %.9g and %.9g, at %g and %g",
					what,
					plan,
					x->rule->id,
					x->status,
					y->status,
					x->demand,
					y->demand,
					x->max_safe_scale,
					y->max_safe_scale,
					x->exhausted_at_s,
					y->exhausted_at_s);
	}
}

static struct workload twice(struct workload plan)
{
	static const enum workload_field sizes[SIZES] =
			{W_CONNECTIONS, W_OPEN_RATE, W_BURST, W_PROCESSES, W_USERS, W_REQUESTS, W_THREADS};
	if (!plan.values[W_PROCESSES].set)
		plan.values[W_PROCESSES] = (struct workload_value){.set = true, .number = 1};
	for (size_t i = 0; i < SIZES; i++)
		plan.values[sizes[i]].number *= 2;
	return plan;
}

static void twins(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct arena *arena = arena_new();
		struct result one, two;
		seed = i;
		const struct facts *facts = host(arena);
		struct workload load = random_load(arena, NULL);
		struct workload both[] = {load, load}, large = twice(load);
		judge(arena, facts, &large, 1, &one);
		judge(arena, facts, both, 2, &two);
		same("twins", &one, &two, i);
		arena_free(arena);
	}
}

static void order(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct arena *arena = arena_new();
		struct result one, two, alone;
		seed = 100000 + i;
		const struct facts *facts = host(arena);
		const char *to[] = {NULL, "10.0.0.5:80", "10.0.0.6:80"};
		struct workload a = random_load(arena, to[below(3)]), b = random_load(arena, to[below(3)]);
		struct workload ab[] = {a, b}, ba[] = {b, a};
		judge(arena, facts, ab, 2, &one);
		judge(arena, facts, ba, 2, &two);
		judge(arena, facts, &a, 1, &alone);
		same("order", &one, &two, i);
		if (one.max_safe.scale > alone.max_safe.scale * (1 + 1e-9))
			fail_msg("plan %u: a load more makes %g of %g safe",
					i,
					one.max_safe.scale,
					alone.max_safe.scale);
		arena_free(arena);
	}
}

static void nothing_changes_nothing(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN) / 5; i++) {
		struct arena *arena = arena_new();
		struct result one, two;
		seed = 200000 + i;
		const struct facts *facts = host(arena);
		struct workload load = random_load(arena, NULL), nothing = {0};
		set(arena, &nothing, W_CONNECTIONS, "0");
		struct workload both[] = {load, nothing};
		judge(arena, facts, &load, 1, &one);
		judge(arena, facts, both, 2, &two);
		same("nothing", &one, &two, i);
		arena_free(arena);
	}
}

static const struct judgement *find(const struct result *result, const char *id)
{
	for (size_t i = 0; i < result->resource_count; i++)
		if (strcmp(result->resources[i].worst.rule->id, id) == 0)
			return &result->resources[i].worst;
	fail_msg("no limit %s", id);
	return NULL;
}

/* Two of them, to one destination, two, or wherever. */
static void random_plan(struct arena *arena, struct workload ret_loads[2])
{
	static const char *const to[] = {NULL, "10.0.0.5:80", "10.0.0.6:80"};
	for (size_t i = 0; i < 2; i++)
		ret_loads[i] = random_load(arena, to[below(COUNT_OF(to))]);
}

/* A wider range of ports can only help ports: the more there are, the more entries conntrack may
 * have. */
static void wider_is_never_worse(void **state)
{
	(void)state;
	static const char id[] = "ephemeral-ports";
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct arena *arena = arena_new();
		struct workload loads[2];
		struct result before, after;
		seed = 600000 + i;
		struct facts *facts = host(arena);
		random_plan(arena, loads);
		judge(arena, facts, loads, 2, &before);
		facts_put_text(facts, "net.ipv4.ip_local_port_range", NULL, "1024 65535", "test");
		judge(arena, facts, loads, 2, &after);
		double safe = find(&before, id)->max_safe_scale;
		if (find(&after, id)->max_safe_scale < safe * (1 - 1e-9))
			fail_msg("plan %u: %g, and then %g is safe", i, safe, find(&after, id)->max_safe_scale);
		arena_free(arena);
	}
}

/* More of a limit never makes less of the plan safe. TIME_WAIT is left out: where more of it may be
 * kept, more of it holds ports. */
static void more_is_never_worse(void **state)
{
	(void)state;
	static const struct {
		const char *key;
		double more;
	} rows[] = {
			{"limits.nofile.soft", 90000},
			{"fs.file-max", 2000000},
			{"memory.available", 64e9},
			{"net.netfilter.nf_conntrack_max", 4e6},
			{"net.ipv4.tcp_mem.pressure", 4e6},
			{"net.core.somaxconn", 65535},
	};
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct arena *arena = arena_new();
		struct workload loads[2];
		struct result before, after;
		seed = 300000 + i;
		struct facts *facts = host(arena);
		random_plan(arena, loads);
		judge(arena, facts, loads, 2, &before);
		size_t at = below(COUNT_OF(rows));
		facts_put_number(facts, rows[at].key, NULL, rows[at].more, UNIT_COUNT, "test");
		judge(arena, facts, loads, 2, &after);
		if (after.max_safe.scale < before.max_safe.scale * (1 - 1e-9) ||
				after.breaks.scale < before.breaks.scale * (1 - 1e-9))
			fail_msg("plan %u, %s: safe %g and then %g, breaks %g and then %g",
					i,
					rows[at].key,
					before.max_safe.scale,
					after.max_safe.scale,
					before.breaks.scale,
					after.breaks.scale);
		arena_free(arena);
	}
}

static struct workload scaled(struct workload load, double scale)
{
	for (int i = 0; i < WORKLOAD_FIELDS; i++)
		if (load.values[i].set && workload_scales(&load, (enum workload_field)i))
			load.values[i].number *= scale;
	return load;
}

/* The verdict on the same plan at another scale. */
static enum verdict verdict_at(struct arena *arena,
		const struct facts *facts,
		const struct workload loads[2],
		double scale)
{
	struct workload other[] = {scaled(loads[0], scale), scaled(loads[1], scale)};
	struct result result;
	judge(arena, facts, other, 2, &result);
	return result.verdict;
}

/* What is safe passes, and a little more does not. */
static void safe_is_the_edge(void **state)
{
	(void)state;
	unsigned edges = 0;
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct arena *arena = arena_new();
		struct workload loads[2];
		struct result result;
		seed = 400000 + i;
		const struct facts *facts = host(arena);
		random_plan(arena, loads);
		judge(arena, facts, loads, 2, &result);
		double safe = result.max_safe.scale;
		if (isfinite(safe) && safe > 0) {
			edges++;
			if (verdict_at(arena, facts, loads, safe * (1 - 1e-9)) != VERDICT_PASS)
				fail_msg("plan %u: %.9g of it is safe, and does not pass", i, safe);
			if (verdict_at(arena, facts, loads, safe * (1 + 1e-5)) == VERDICT_PASS)
				fail_msg("plan %u: only %.9g of it is safe, and more passes", i, safe);
		}
		arena_free(arena);
	}
	assert_true(edges > plans_to_try(PLANS, EVERY_PLAN) / 2);
}

/* Each destination has all ports. */
static void destinations_share_no_ports(void **state)
{
	(void)state;
	static const char id[] = "ephemeral-ports";
	for (unsigned i = 0; i < plans_to_try(PLANS, EVERY_PLAN); i++) {
		struct arena *arena = arena_new();
		struct result both, one, other;
		seed = 500000 + i;
		const struct facts *facts = host(arena);
		struct workload loads[] = {
				random_load(arena, "10.0.0.5:80"),
				random_load(arena, "10.0.0.6:80"),
		};
		for (size_t k = 0; k < 2; k++) {
			set(arena, &loads[k], W_ROLE, "client");
			loads[k].values[W_DURATION].set = false; /* else the longer one holds on */
		}
		judge(arena, facts, loads, 2, &both);
		judge(arena, facts, &loads[0], 1, &one);
		judge(arena, facts, &loads[1], 1, &other);
		const struct judgement *ports = find(&both, id), *tighter = find(&one, id);
		if (find(&other, id)->max_safe_scale < tighter->max_safe_scale)
			tighter = find(&other, id);
		if (!nearly(ports->demand, tighter->demand) ||
				!nearly(ports->max_safe_scale, tighter->max_safe_scale))
			fail_msg("plan %u: ports %g, alone %g; safe %.9g, alone %.9g",
					i,
					ports->demand,
					tighter->demand,
					ports->max_safe_scale,
					tighter->max_safe_scale);
		arena_free(arena);
	}
}

static struct workload lasting(struct arena *arena, const char *duration, const char *start)
{
	struct workload plan = {0};
	set(arena, &plan, W_CONNECTIONS, "9000");
	set(arena, &plan, W_LIFETIME, "90s");
	set(arena, &plan, W_DURATION, duration);
	if (start)
		set(arena, &plan, W_START, start);
	return plan;
}

/* What is open at the start ends together at worst, if nobody said how it was opened and the test
 * is long enough. */
static void worst_start(void **state)
{
	(void)state;
	static const struct {
		const char *duration, *said, *same_as;
	} rows[] = {
			{"300s", NULL, "together"},
			{"60s", NULL, "steady"},
			{"300s", "steady", "steady"},
	};
	static const struct model_options options = {.target = 0.75, .pessimistic = true};
	for (unsigned i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct result one, two;
		const struct facts *facts = host(arena);
		struct workload open = lasting(arena, rows[i].duration, rows[i].said);
		struct workload plain = lasting(arena, rows[i].duration, rows[i].same_as);
		struct workload said[] = {open, open}, same_as[] = {plain, plain};
		judge_by(arena, &options, facts, said, 2, &one);
		judge_by(arena, &options, facts, same_as, 2, &two);
		same("worst start", &one, &two, i);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(twins),
			cmocka_unit_test(order),
			cmocka_unit_test(nothing_changes_nothing),
			cmocka_unit_test(worst_start),
			cmocka_unit_test(more_is_never_worse),
			cmocka_unit_test(wider_is_never_worse),
			cmocka_unit_test(safe_is_the_edge),
			cmocka_unit_test(destinations_share_no_ports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
