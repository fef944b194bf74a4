/* Walks through what grows with the load: counts are divided as whole numbers, rates as the
 * connections are. */
#include "model/fleet/counts.h"

#include <math.h>
#include <string.h>

#include "base/array.h"

/* Meets the counts of a plan one after the other. */
struct walk {
	struct arena *arena;
	struct counts *counts;
	const struct taker *takers;
	size_t taker_count;
	size_t at;           /* whose plan it becomes */
	size_t next;         /* of counts */
	bool divide;         /* else they are gathered */
	double multiple, of; /* a count that is `of` comes in multiples */
	size_t capacity;
};

static void meet_count(struct walk *walk, double *number)
{
	struct counts *counts = walk->counts;
	if (isnan(*number))
		return;
	if (walk->divide) {
		*number = apportioned_share(&counts->items[walk->next++], walk->takers, walk->at);
		return;
	}
	counts->items = arena_grow(walk->arena,
			counts->items,
			counts->count,
			&walk->capacity,
			sizeof *counts->items);
	double multiple = 1;
	if (*number == walk->of)
		multiple = walk->multiple;
	counts->items[counts->count++] =
			apportion_multiple(walk->arena, *number, multiple, walk->takers, walk->taker_count);
}

static bool is_shared_number(enum workload_field field)
{
	const struct workload_row *row = &workload_rows[field];
	return row->scaled && row->kind == FIELD_NUMBER;
}

static bool is_divided_count(enum workload_field field)
{
	if (!is_shared_number(field))
		return false;
	return workload_rows[field].unit == UNIT_COUNT;
}

static bool is_shared_rate(enum workload_field field)
{
	if (!is_shared_number(field))
		return false;
	return workload_rows[field].unit != UNIT_COUNT;
}

static void walk_counts(struct walk *walk, struct workload *load)
{
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		enum workload_field field = (enum workload_field)i;
		struct workload_value *value = &load->values[i];
		if (!value->set)
			continue;
		if (is_divided_count(field))
			meet_count(walk, &value->number);
	}
	for (size_t i = 0; i < load->stage_count; i++)
		meet_count(walk, &load->stages[i].connections);
}

/* The part of `field` that is left of it; `otherwise` where it is not said or 0. */
static double part_left(const struct workload *whole,
		const struct workload *share,
		enum workload_field field,
		double otherwise)
{
	const struct workload_value *of = &whole->values[field];
	if (!of->set || !(of->number > 0))
		return otherwise;
	return share->values[field].number / of->number;
}

static void scale_rates(const struct workload *whole, struct workload *share, double part)
{
	double live = part_left(whole, share, W_CONNECTIONS, part);
	double upstream = part_left(whole, share, W_UP_CONNECTIONS, live);
	for (size_t i = 0; i < WORKLOAD_FIELDS; i++) {
		enum workload_field field = (enum workload_field)i;
		struct workload_value *value = &share->values[i];
		double left = live;
		if (!value->set || !is_shared_rate(field))
			continue;
		if (field == W_UP_OPEN_RATE)
			left = upstream;
		value->number *= left;
	}
	for (size_t i = 0; i < share->stage_count; i++)
		share->stages[i].open_rate_per_s *= part;
}

/* Where each connection has a thread, those beside them stay. */
static void share_threads(const struct workload *whole, struct workload *share)
{
	struct workload_value *threads = &share->values[W_THREADS];
	if (!threads->set || !workload_scales(whole, W_THREADS))
		return;
	threads->number += share->values[W_CONNECTIONS].number;
	threads->number -= whole->values[W_CONNECTIONS].number;
}

static void own_stages(struct arena *arena, struct workload *load)
{
	size_t size = load->stage_count * sizeof *load->stages;
	struct workload_stage *stages = arena_alloc(arena, size);
	if (size > 0)
		memcpy(stages, load->stages, size);
	load->stages = stages;
}

struct counts counts_apportion(struct arena *arena,
		const struct loads *plan,
		const struct taker *takers,
		size_t count,
		double multiple)
{
	struct counts counts = {0};
	struct loads copy = loads_copy(arena, plan);
	struct walk walk = {.arena = arena, .counts = &counts, .takers = takers, .taker_count = count};
	for (size_t i = 0; i < copy.count; i++) {
		bool last = i + 1 == copy.count;
		walk.multiple = last ? multiple : 1;
		walk.of = copy.items[i].values[W_CONNECTIONS].number; /* a burst of all of them as well */
		walk_counts(&walk, &copy.items[i]);
	}
	return counts;
}

struct loads counts_of(struct arena *arena,
		const struct loads *plan,
		const struct counts *counts,
		const struct taker *takers,
		size_t at)
{
	struct counts known = *counts;
	struct loads copy = loads_copy(arena, plan);
	struct walk walk = {.counts = &known, .takers = takers, .at = at, .divide = true};
	for (size_t i = 0; i < copy.count; i++) {
		struct workload *load = &copy.items[i];
		own_stages(arena, load);
		walk_counts(&walk, load);
		scale_rates(&plan->items[i], load, takers[at].part);
		share_threads(&plan->items[i], load);
	}
	return copy;
}

/* A rate and an answer's time make connections that nobody named. */
static bool follows_from_requests(const struct workload *load)
{
	const struct workload_value *values = load->values;
	static const enum workload_field others[] = {
			W_CONNECTIONS,
			W_LIFETIME,
			W_REQUESTS_PER_CONNECTION,
	};
	for (size_t i = 0; i < COUNT_OF(others); i++)
		if (values[others[i]].set)
			return false;
	return values[W_REQUESTS].set && load->stage_count == 0;
}

bool counts_prepare(struct arena *arena, struct loads *plan, struct error *err)
{
	for (size_t i = 0; i < plan->count; i++) {
		struct loads whole = loads_copy(arena, plan);
		struct workload *load = &plan->items[i];
		struct assumption *assumptions;
		size_t count;
		if (!loads_complete_one(arena, &whole, i, &assumptions, &count, err))
			return false;
		if (follows_from_requests(load))
			load->values[W_CONNECTIONS] = whole.items[i].values[W_CONNECTIONS];
	}
	return true;
}

static bool asks_nothing(const struct workload *load)
{
	const struct workload_value *live = &load->values[W_CONNECTIONS];
	const struct workload_value *requests = &load->values[W_REQUESTS];
	for (size_t i = 0; i < load->stage_count; i++) {
		const struct workload_stage *stage = &load->stages[i];
		if (stage->connections > 0)
			return false;
		if (stage->open_rate_per_s > 0)
			return false;
	}
	if (requests->set && requests->number > 0 && !live->set)
		return false;
	return workload_is_nothing(load);
}

bool counts_are_nothing(const struct loads *plan)
{
	for (size_t i = 0; i < plan->count; i++)
		if (!asks_nothing(&plan->items[i]))
			return false;
	return true;
}
