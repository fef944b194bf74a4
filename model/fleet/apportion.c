/* Largest remainders and filling by capacity. */
#include "model/fleet/apportion.h"

#include <math.h>
#include <stdlib.h>

/* Above it a double does not hold every whole number. */
static const double most_whole = 9007199254740992.0;

static double sum_of_weights(const struct taker *takers, size_t count)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++)
		sum += takers[i].weight;
	return sum;
}

bool apportion_by_weight(struct taker *takers, size_t count, double whole)
{
	double sum = sum_of_weights(takers, count);
	if (!(sum > 0))
		return false;
	for (size_t i = 0; i < count; i++)
		takers[i].part = whole * (takers[i].weight / sum);
	return true;
}

/* Who has no weight stands by; of who is not known nothing can be promised. */
static double can_take(const struct taker *taker)
{
	if (isnan(taker->capacity) || !(taker->weight > 0))
		return 0;
	return fmax(taker->capacity, 0);
}

static double room_of_all(const struct taker *takers, size_t count)
{
	double room = 0;
	for (size_t i = 0; i < count; i++)
		room += can_take(&takers[i]);
	return room;
}

static void over_alike(struct taker *takers, size_t count, double whole)
{
	double room = room_of_all(takers, count);
	for (size_t i = 0; i < count; i++)
		takers[i].part = whole * (can_take(&takers[i]) / room);
}

/* Who is full first comes first. */
static int by_level(const void *a, const void *b)
{
	struct taker *const *one = a;
	struct taker *const *other = b;
	const struct taker *left = *one;
	const struct taker *right = *other;
	double first = can_take(left) * right->weight;
	double second = can_take(right) * left->weight;
	if (first < second)
		return -1;
	return first > second;
}

/* Fills one after the other: each gets its weight's part of what is left, or all that it can
 * take. */
static void pour(struct taker **order, size_t count, double whole)
{
	double weights = 0;
	for (size_t i = 0; i < count; i++)
		weights += order[i]->weight;
	for (size_t i = 0; i < count; i++) {
		struct taker *taker = order[i];
		double fair = whole * (taker->weight / weights);
		taker->part = fmin(fair, can_take(taker));
		whole -= taker->part;
		weights -= taker->weight;
	}
}

bool apportion_by_capacity(struct arena *arena, struct taker *takers, size_t count, double whole)
{
	double room = room_of_all(takers, count);
	struct taker **order = arena_alloc(arena, (count + 1) * sizeof *order);
	size_t able = 0;
	if (!(sum_of_weights(takers, count) > 0))
		return false;
	if (!(room > 0))
		return apportion_by_weight(takers, count, whole);
	if (room < whole) {
		over_alike(takers, count, whole);
		return true;
	}
	for (size_t i = 0; i < count; i++) {
		takers[i].part = 0;
		if (can_take(&takers[i]) > 0)
			order[able++] = &takers[i];
	}
	qsort(order, able, sizeof *order, by_level);
	pour(order, able, whole);
	return true;
}

struct remainder {
	double value;
	size_t at;
};

static int by_remainder(const void *a, const void *b)
{
	const struct remainder *left = a;
	const struct remainder *right = b;
	if (left->value > right->value)
		return -1;
	if (left->value < right->value)
		return 1;
	if (left->at < right->at)
		return -1;
	return left->at > right->at;
}

static bool is_countable(double number)
{
	if (!(number >= 0))
		return false;
	if (number > most_whole)
		return false;
	return floor(number) == number;
}

struct apportioned apportion_count(struct arena *arena,
		double whole,
		const struct taker *takers,
		size_t count)
{
	struct apportioned of = {.whole = whole, .multiple = 1};
	double left = whole;
	if (!is_countable(whole))
		return of;
	struct remainder *rest = arena_alloc(arena, (count + 1) * sizeof *rest);
	of.more = arena_alloc(arena, count + 1);
	for (size_t i = 0; i < count; i++) {
		double exact = whole * takers[i].part;
		double down = floor(exact);
		rest[i] = (struct remainder){exact - down, i};
		left -= down;
	}
	qsort(rest, count, sizeof *rest, by_remainder);
	for (size_t i = 0; i < count; i++) {
		if (left < 1)
			break;
		of.more[rest[i].at] = 1;
		left--;
	}
	return of;
}

struct apportioned apportion_multiple(struct arena *arena,
		double whole,
		double multiple,
		const struct taker *takers,
		size_t count)
{
	struct apportioned of = apportion_count(arena, whole / multiple, takers, count);
	of.multiple = multiple;
	return of;
}

double apportioned_share(const struct apportioned *of, const struct taker *takers, size_t at)
{
	double exact = of->whole * takers[at].part;
	if (!of->more)
		return exact * of->multiple;
	return (floor(exact) + of->more[at]) * of->multiple;
}
