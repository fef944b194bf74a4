/* Runs of a script that do not meet: each destination has ports of its own, so it becomes a load of
 * its own, which begins when its first run does. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "model/load/loads.h"
#include "probes/plan/runs.h"

struct apart {
	const struct plan *plans;
	const double *begins; /* seconds from the start of the script */
	const bool *at_once;
	size_t count;
	bool *taken;
	struct plan *loads;
	size_t load_count;
	struct arena *arena;
};

static bool apart_same_place(const struct plan *a, const struct plan *b)
{
	const struct workload_value *x = &a->workload.values[W_DESTINATIONS];
	const struct workload_value *y = &b->workload.values[W_DESTINATIONS];
	if (x->set != y->set)
		return false;
	if (x->number != y->number)
		return false;
	if (!x->list || !y->list)
		return x->list == y->list;
	const size_t count = (size_t)x->number;
	for (size_t i = 0; i < count; i++) {
		if (strcmp(x->list[i], y->list[i]) != 0)
			return false;
	}
	return true;
}

bool runs_meet(const struct plan *plans, size_t count)
{
	for (size_t i = 1; i < count; i++)
		if (!apart_same_place(&plans[0], &plans[i]))
			return false;
	return true;
}

static double known_length(const struct plan *plan)
{
	double length = runs_length(plan);
	if (isnan(length))
		return 0;
	return length;
}

/* The last run of the script is also the end of the plan. */
static bool has_last(const struct apart *apart, const size_t *group, size_t count)
{
	return group[count - 1] + 1 == apart->count;
}

static bool apart_add(struct apart *apart, const struct plan *load, struct error *err)
{
	if (apart->load_count == LOADS_MAX)
		return error_set(err,
				"the script runs more than %d load tests that cannot be combined; audit "
				"them one by one",
				LOADS_MAX);
	apart->loads[apart->load_count++] = *load;
	return true;
}

/* The runs of a group as one load. */
static bool group_together(const struct apart *apart,
		const size_t *group,
		size_t count,
		struct plan *ret_load)
{
	struct plan *plans = arena_alloc(apart->arena, count * sizeof *plans);
	double *pauses = arena_alloc(apart->arena, count * sizeof *pauses);
	struct error ignored = {0};
	double end = 0;
	for (size_t i = 0; i < count; i++) {
		const struct plan *plan = &apart->plans[group[i]];
		if (apart->at_once[group[i]])
			return false;
		plans[i] = *plan;
		pauses[i] = fmax(0, apart->begins[group[i]] - end);
		end = apart->begins[group[i]] + known_length(plan);
	}
	return runs_take_highest(plans, pauses, count, ret_load, &ignored);
}

/* Each run of a group as a load of its own. */
static bool group_alone(struct apart *apart, const size_t *group, size_t count, struct error *err)
{
	for (size_t i = 0; i < count; i++) {
		struct plan load = apart->plans[group[i]];
		(void)runs_begin_later(&load, apart->begins[group[i]]);
		if (!has_last(apart, group, i + 1))
			runs_end(&load);
		if (!apart_add(apart, &load, err))
			return false;
	}
	return true;
}

static bool apart_add_group(struct apart *apart, size_t first, struct error *err)
{
	size_t *group = arena_alloc(apart->arena, apart->count * sizeof *group);
	size_t count = 0;
	struct plan load;
	for (size_t i = first; i < apart->count; i++) {
		if (apart->taken[i] || !apart_same_place(&apart->plans[first], &apart->plans[i]))
			continue;
		apart->taken[i] = true;
		group[count++] = i;
	}
	if (!group_together(apart, group, count, &load))
		return group_alone(apart, group, count, err);
	if (!has_last(apart, group, count))
		runs_end(&load);
	return apart_add(apart, &load, err);
}

static bool finds_the_same(const struct plan *plan, const struct finding *finding)
{
	for (size_t i = 0; i < plan->finding_count; i++) {
		const struct finding *other = &plan->findings[i];
		if (strcmp(other->id, finding->id) != 0)
			continue;
		if (!strcmp(other->text, finding->text))
			return true;
	}
	return false;
}

static void add_findings_of(const struct plan *load, struct plan *plan)
{
	for (size_t i = 0; i < load->finding_count; i++) {
		const struct finding *finding = &load->findings[i];
		if (finds_the_same(plan, finding))
			continue;
		plan_find(plan, finding->id, finding->severity, finding->where, finding->text);
	}
}

static size_t apart_largest(const struct apart *apart)
{
	size_t most = 0;
	double peak = 0;
	for (size_t i = 0; i < apart->load_count; i++) {
		double one = runs_connections(&apart->loads[i]);
		if (one <= peak)
			continue;
		most = i;
		peak = one;
	}
	return most;
}

/* The load that asks for the most is the plan's own, and the others stand beside it. */
static void apart_end(const struct apart *apart, struct plan *ret_plan)
{
	const size_t count = apart->load_count;
	const size_t own = apart_largest(apart);
	*ret_plan = apart->loads[own];
	ret_plan->others = arena_alloc(apart->arena, count * sizeof *ret_plan->others);
	for (size_t i = 0; i < count; i++) {
		const struct plan *load = &apart->loads[i];
		if (i == own)
			continue;
		ret_plan->others[ret_plan->other_count++] = *load;
		add_findings_of(load, ret_plan);
	}
	plan_find(ret_plan,
			"plan-loads",
			"note",
			ret_plan->tool,
			arena_printf(apart->arena,
					"The script runs %zu load tests that overlap, or that differ in tool or "
					"destination. The plan has %zu loads, each with the ports of one destination. "
					"Each load begins when the script starts it, as far as the lengths of earlier "
					"ones are known.",
					apart->count,
					apart->load_count));
}

bool runs_take_apart(const struct plan *plans,
		const double *pauses,
		const bool *at_once,
		size_t count,
		struct plan *ret_plan,
		struct error *err)
{
	struct arena *arena = plans[0].arena;
	double *begins = arena_alloc(arena, count * sizeof *begins);
	double now = 0, end = 0;
	for (size_t i = 0; i < count; i++) {
		if (!at_once[i])
			now = end;
		now += pauses[i];
		begins[i] = now;
		end = fmax(end, now + known_length(&plans[i]));
	}
	struct apart apart = {
			.plans = plans,
			.begins = begins,
			.at_once = at_once,
			.count = count,
			.taken = arena_alloc(arena, count * sizeof(bool)),
			.loads = arena_alloc(arena, LOADS_MAX * sizeof(struct plan)),
			.arena = arena,
	};
	for (size_t i = 0; i < count; i++)
		if (!apart.taken[i] && !apart_add_group(&apart, i, err))
			return false;
	apart_end(&apart, ret_plan);
	return true;
}
