/* The limits of the host that is watched, from its facts and the rules. */
#include "audit/watch/limits.h"

#include "audit/rules/presets.h"
#include "audit/run/pipeline.h"
#include "model/derive.h"

/* Linux from 6.2 on (fs/proc/fd.c, proc_fd_getattr()). */
static const double kernel_by_size = 6002;

/* Some rules ask for the plan: whether it binds, who closes. */
static bool usual_situation(struct arena *arena,
		const struct rules *rules,
		const struct rule_extras *extras,
		const struct facts *facts,
		struct situation *ret_situation,
		struct error *err)
{
	static const struct model_options usual = {.target = 1, .planning_constants = true};
	const struct workload_preset *preset = rule_extras_preset(extras, "default");
	struct workload *workload = arena_alloc(arena, sizeof *workload);
	struct loads plan = loads_of(workload);
	const struct state state = {.facts = &facts, .loads = plan};
	if (!preset)
		return error_fail(err, "the rules have no workload \"default\"; this build is not whole");
	if (!preset_workload(arena, preset, workload, err))
		return false;
	if (!loads_complete(arena, &plan, err))
		return false;
	return situation_build(arena, rules, &state, &usual, ret_situation, err);
}

static unsigned port_or_zero(double port)
{
	if (port > 0)
		return (unsigned)port;
	return 0;
}

static bool read_limits(const struct run *run,
		const struct rules *rules,
		const struct rule_extras *extras,
		struct watch_limits *limits,
		struct error *err)
{
	struct host_info host;
	struct situation *situation = arena_alloc(run->arena, sizeof *situation);
	struct facts *facts = pipeline_facts(run, DETAIL_AUDIT, &host, err);
	if (!facts)
		return false;
	derive_facts(facts, rules);
	if (!usual_situation(run->arena, rules, extras, facts, situation, err))
		return false;
	limits->limits = watched_limits_of(situation);
	limits->low = port_or_zero(facts_number(facts, "ports.low"));
	limits->high = port_or_zero(facts_number(facts, "ports.high"));
	limits->reuse = watched_reuse(facts);
	limits->by_size = facts_number(facts, "kernel.version") >= kernel_by_size;
	limits->host = "this host";
	if (host.name)
		limits->host = host.name;
	return true;
}

bool watch_limits_read(const struct run *run,
		const struct rules *rules,
		const struct rule_extras *extras,
		struct watch_limits *limits,
		struct error *err)
{
	/* An arena of its own: watching goes on for months. */
	struct run inner = *run;
	struct watch_limits fresh = {.arena = arena_new()};
	inner.arena = fresh.arena;
	if (!read_limits(&inner, rules, extras, &fresh, err)) {
		watch_limits_release(&fresh);
		return false;
	}
	watch_limits_release(limits);
	*limits = fresh;
	return true;
}

void watch_limits_release(struct watch_limits *limits)
{
	if (limits->arena)
		arena_free(limits->arena);
	*limits = (struct watch_limits){0};
}
