/* A load's part is what goes away with it. */
#include "model/judge/parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* The same instance without one of its loads. */
static struct instance without(struct arena *arena, const struct instance *instance, size_t at)
{
	struct instance rest = *instance;
	size_t count = instance->member_count - 1;
	struct member *members = arena_alloc(arena, count * sizeof *members);
	memcpy(members, instance->members, at * sizeof *members);
	memcpy(members + at, instance->members + at + 1, (count - at) * sizeof *members);
	rest.members = members;
	rest.member_count = count;
	return rest;
}

/* NAN: not known. */
static double demand_without(const struct judge *judge, const struct judgement *j, size_t at)
{
	const struct moment peak = {j->at_s, j->before_jump};
	const struct instance rest = without(judge->s->arena, judge->instance, at);
	struct judge others = judge_new(judge->s, judge->rule, &rest, judge->mode);
	const struct probe probe = judge_probe(&others, 1, peak);
	return judge_demand(&probe);
}

static int by_plan(const void *a, const void *b)
{
	const struct load_part *left = a, *right = b;
	return (left->load > right->load) - (left->load < right->load);
}

void parts_of(const struct judge *judge, struct judgement *j)
{
	const struct instance *instance = judge->instance;
	if (instance->member_count < 2 || isnan(j->demand))
		return;
	const size_t count = instance->member_count;
	struct load_part *parts = arena_alloc(judge->s->arena, count * sizeof *parts);
	for (size_t i = 0; i < count; i++) {
		double others = demand_without(judge, j, i);
		parts[i] = (struct load_part){
				.load = instance->members[i].load->at,
				.demand = fmax(0, j->demand - others),
		};
		if (isnan(others))
			parts[i].demand = NAN;
	}
	qsort(parts, count, sizeof *parts, by_plan);
	j->parts = parts;
	j->part_count = count;
}
