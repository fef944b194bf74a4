/* Hosts by group and by load. */
#include "model/sizing.h"

#include <math.h>

#include "model/ladder/ladder.h"

enum {
	LOAD_POINTS = 16,
	LOAD_POINTS_OF_PLAN = 4
};

void sizing_hosts(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result)
{
	const struct workload *grouped = loads_grouped(&result->loads);
	result->hosts_now = hosts_needed(now, 1);
	result->hosts_after = hosts_needed(after, 1);
	if (!grouped)
		return;
	result->group_count = grouped->group_count;
	result->groups = arena_alloc(arena, grouped->group_count * sizeof *result->groups);
	for (size_t i = 0; i < grouped->group_count; i++) {
		double share = grouped->groups[i].share;
		result->groups[i] = (struct group_hosts){grouped->groups[i].name,
				share,
				hosts_needed(now, share),
				hosts_needed(after, share)};
	}
}

static bool has_numbers(const struct judgement *j)
{
	return !isnan(j->max_safe_scale) && j->status != STATUS_NOT_APPLICABLE;
}

/* A limit that more hosts do not divide must hold the whole load. */
static double hosts_at(const struct all_limits *limits, double scale)
{
	if (scale == 1)
		return hosts_needed(limits, 1);
	double lowest = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j) || !has_numbers(j))
			continue;
		if (!j->rule->divides && j->max_safe_scale < scale)
			return NAN;
		if (j->rule->divides)
			lowest = fmin(lowest, j->max_safe_scale);
	}
	if (lowest <= 0)
		return NAN;
	if (isinf(lowest))
		return 1;
	return fmax(1, ceil(scale / lowest - 1e-9));
}

void sizing_curve(struct arena *arena,
		const struct all_limits *now,
		const struct all_limits *after,
		struct result *result)
{
	result->sizing = arena_alloc(arena, LOAD_POINTS * sizeof *result->sizing);
	if (isnan(result->hosts_now) && isnan(result->hosts_after))
		return;
	for (size_t i = 0; i < LOAD_POINTS; i++) {
		double scale = (double)(i + 1) / LOAD_POINTS_OF_PLAN;
		result->sizing[result->sizing_count++] = (struct sizing_point){
				load_at(&result->loads, scale),
				hosts_at(now, scale),
				hosts_at(after, scale)};
	}
}
