/* A load's part is what goes away with it. */
#include "model/judge/parts.h"

#include <math.h>
#include <stdlib.h>

/* The same instance without one of its loads. */
static struct instance without(struct arena *arena, const struct instance *instance, size_t at)
{
	struct instance rest = *instance;
	const size_t count = instance->member_count;
	struct member *members = arena_alloc(arena, count * sizeof *members);
	rest.members = members;
	rest.member_count = 0;
	for (size_t i = 0; i < count; i++) {
		if (i == at)
			continue;
		members[rest.member_count] = instance->members[i];
		rest.member_count++;
	}
	return rest;
}

/* NAN: not known. */
static double demand_without(const struct judge *judge, const struct judgement *j, size_t at)
{
	struct arena *arena = judge->s->arena;
	const struct moment peak = {
			.t = j->at_s,
			.before = j->before_jump,
	};
	const struct instance rest = without(arena, judge->instance, at);
	struct judge others = judge_new(judge->s, judge->rule, &rest, judge->mode);
	const struct probe probe = judge_probe(&others, 1, peak);
	return judge_demand(&probe);
}

static double part_of(const struct judge *judge, const struct judgement *j, size_t at)
{
	double others = demand_without(judge, j, at);
	if (isnan(others))
		return NAN;
	return fmax(0, j->demand - others);
}

static int by_plan(const void *a, const void *b)
{
	const struct load_part *left = a;
	const struct load_part *right = b;
	if (left->load < right->load)
		return -1;
	if (left->load > right->load)
		return 1;
	return 0;
}

void parts_of(const struct judge *judge, struct judgement *j)
{
	const struct instance *instance = judge->instance;
	struct arena *arena = judge->s->arena;
	const size_t count = instance->member_count;
	if (count < 2)
		return;
	if (isnan(j->demand))
		return;
	const size_t size = count * sizeof(struct load_part);
	struct load_part *parts = arena_alloc(arena, size);
	for (size_t i = 0; i < count; i++) {
		const struct member *member = &instance->members[i];
		struct load_part *part = &parts[i];
		part->load = member->load->at;
		part->demand = part_of(judge, j, i);
	}
	qsort(parts, count, sizeof *parts, by_plan);
	j->parts = parts;
	j->part_count = count;
}
