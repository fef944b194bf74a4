/* The limits of the host that is watched, from its facts and the rules. */
#include "audit/watch/limits.h"

#include "audit/rules/presets.h"
#include "audit/run/pipeline.h"
#include "model/derive.h"
#include "model/present.h"
#include "probes/host/processes/descent.h"

/* Linux from 6.2 on (fs/proc/fd.c, proc_fd_getattr()). */
static const double kernel_by_size = 6002;

/* Some rules ask for the plan: whether it binds, who closes. */
static bool usual_situation(struct arena *arena,
		const struct rules *rules,
		const struct rule_extras *extras,
		const struct facts *facts,
		const struct options *asked,
		struct situation *ret_situation,
		struct error *err)
{
	struct model_options *usual = arena_alloc(arena, sizeof *usual);
	struct name_list *own = arena_alloc(arena, sizeof *own);
	*usual = (struct model_options){.target = asked->max_use, .planning_constants = true};
	const struct workload_preset *preset = rule_extras_preset(extras, "default");
	struct workload *workload = arena_alloc(arena, sizeof *workload);
	struct loads plan = loads_of(workload);
	struct state *state = arena_alloc(arena, sizeof *state);
	if (asked->pid > 0) {
		*own = descent_of(arena, facts, (int)asked->pid);
		usual->processes = own;
	}
	if (!preset)
		return error_fail(err,
				"the built-in rules lack the workload \"default\"; this build is incomplete, "
				"install headroom again");
	if (!preset_workload(arena, preset, workload, err))
		return false;
	if (!loads_complete(arena, &plan, err))
		return false;
	*state = (struct state){.facts = arena_alloc(arena, sizeof *state->facts), .loads = plan};
	state->facts[0] = facts;
	return situation_build(arena, rules, state, usual, ret_situation, err);
}

static struct watch_row row_of_rule(const struct situation *situation,
		const struct limit_rule *rule,
		const struct watched_limit *observed)
{
	struct present *instances;
	struct watch_row row = {
			.id = rule->id,
			.title = rule->title,
			.unit = rule->unit,
			.quantity = rule->quantity,
			.scope = rule->scope,
			.hard = rule->severity == SEVERITY_HARD,
			.present = rule->now_count > 0 || rule->now_hidden,
			.observed = observed,
	};
	if (!row.present)
		return row;
	instances = arena_alloc(situation->arena, WATCH_INSTANCES * sizeof *instances);
	row.now = present_of(situation, rule);
	row.instance_count = present_instances(situation, rule, WATCH_INSTANCES, instances);
	row.instances = instances;
	return row;
}

static struct watch_row row_of_own(const struct watched_limit *limit)
{
	return (struct watch_row){
			.id = limit->id,
			.title = limit->title,
			.unit = limit->unit,
			.quantity = limit->quantity,
			.scope = limit->scope,
			.hard = limit->hard,
			.observed = limit,
	};
}

/* Every limit of the rules that says what is in use of it, then those that only watch has. */
static void read_rows(const struct situation *situation, struct watch_limits *limits)
{
	const struct rules *rules = situation->rules;
	size_t most = rules->limit_count + limits->limits.count;
	limits->rows = arena_alloc(situation->arena, most * sizeof *limits->rows);
	for (size_t i = 0; i < rules->limit_count; i++) {
		const struct limit_rule *rule = &rules->limits[i];
		const struct watched_limit *observed = watched_find(&limits->limits, rule->id);
		struct watch_row row = row_of_rule(situation, rule, observed);
		if (row.present || row.observed)
			limits->rows[limits->row_count++] = row;
	}
	for (size_t i = 0; i < limits->limits.count; i++) {
		const struct watched_limit *own = &limits->limits.items[i];
		if (!own->observed)
			limits->rows[limits->row_count++] = row_of_own(own);
	}
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
	if (!usual_situation(run->arena, rules, extras, facts, run->options, situation, err))
		return false;
	limits->limits = watched_limits_of(situation);
	read_rows(situation, limits);
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
		bool all,
		const struct rules *rules,
		const struct rule_extras *extras,
		struct watch_limits *limits,
		struct error *err)
{
	/* An arena of its own: watching goes on for months. */
	struct run inner = *run;
	struct options options = *run->options;
	struct watch_limits fresh = {.arena = arena_new()};
	inner.arena = fresh.arena;
	options.all = all;
	inner.options = &options;
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
