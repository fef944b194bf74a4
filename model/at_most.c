/* A limit that is not known counts with its highest safe load at best, one that was judged with the
 * load that it is safe up to. */
#include "model/at_most.h"

#include <math.h>

#include "model/ladder/ladder.h"

static bool is_known(double number)
{
	return !isnan(number);
}

static double most_of(const struct judgement *j)
{
	if (j->status == STATUS_UNKNOWN)
		return j->at_best_scale;
	return j->max_safe_scale;
}

static double hosts_at_least(const struct all_limits *limits)
{
	const double whole_plan = 1;
	double lowest = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j))
			continue;
		bool divides = j->rule->divides;
		bool fails = j->status == STATUS_FAIL;
		if (fails && !divides)
			return (double)NAN;
		if (divides && is_known(most_of(j)))
			lowest = fmin(lowest, most_of(j));
	}
	return hosts_for(lowest, whole_plan);
}

struct at_most at_most_of(struct arena *arena,
		const struct state *state,
		const struct all_limits *limits)
{
	struct at_most at_most = {.hosts = hosts_at_least(limits)};
	double scale = INFINITY;
	for (size_t i = 0; i < limits->count; i++) {
		const struct judgement *j = &limits->items[i].worst;
		if (!judgement_counts(j))
			continue;
		if (j->status == STATUS_UNKNOWN)
			name_list_append(arena, &at_most.limits, j->rule->id);
		if (is_known(most_of(j)))
			scale = fmin(scale, most_of(j));
	}
	at_most.max_safe = load_at(&state->loads, scale);
	return at_most;
}
