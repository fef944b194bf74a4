/* Dividing a whole among hosts: as parts of it, and as whole numbers that add up to it. */
#ifndef HEADROOM_MODEL_FLEET_APPORTION_H
#define HEADROOM_MODEL_FLEET_APPORTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A host that gets a part: it has a weight, and carries at most a capacity. */
struct taker {
	double weight, capacity; /* capacity NAN: not known */
	double part;             /* what it gets */
};

/* The parts by weight; they add up to `whole`. False: all weights are 0. */
bool apportion_by_weight(struct taker *takers, size_t count, double whole);

/* Divides by weight, but gives nobody more than its capacity while others have room; takers whose
 * capacity is not known get nothing. If all capacities together are too small, every taker exceeds
 * its capacity by the same factor. If no capacity is known, divides by weight alone. Returns false
 * if all weights are 0. */
bool apportion_by_capacity(struct arena *arena, struct taker *takers, size_t count, double whole);

/* A number of the plan, and which takers get one more than their part of it rounded down. */
struct apportioned {
	double whole;
	double multiple;     /* each gets a multiple of this */
	unsigned char *more; /* NULL: not a whole number, so it is divided without rounding */
};

/* Largest remainders first, the earlier of two that are equal. The parts add up to 1. */
struct apportioned apportion_count(struct arena *arena,
		double whole,
		const struct taker *takers,
		size_t count);

/* The same in multiples: 400 by 4 are 100 times 4. */
struct apportioned apportion_multiple(struct arena *arena,
		double whole,
		double multiple,
		const struct taker *takers,
		size_t count);

/* What this taker gets of it. */
double apportioned_share(const struct apportioned *of, const struct taker *takers, size_t at);

#endif
