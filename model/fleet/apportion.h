/* Divides a whole among hosts: into parts, and into whole numbers that add up to it. */
#ifndef HEADROOM_MODEL_FLEET_APPORTION_H
#define HEADROOM_MODEL_FLEET_APPORTION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

/* A host that gets a part according to its weight, and can carry at most its capacity. */
struct taker {
	double weight, capacity; /* capacity NAN: not known */
	double part;             /* its part of the whole */
};

/* Sets each part by weight; the parts add up to `whole`. Returns false if all weights are 0. */
bool apportion_by_weight(struct taker *takers, size_t count, double whole);

/* Divides by weight, but gives no host more than its capacity while others have room. If all
 * capacities together are too small, every host exceeds its capacity by the same factor. A host
 * whose capacity is not known gets nothing, unless none is known: then only the weights count.
 * Returns false if all weights are 0. */
bool apportion_by_capacity(struct arena *arena, struct taker *takers, size_t count, double whole);

/* A number of the plan, and which takers get their part of it rounded up instead of down. */
struct apportioned {
	double whole;
	double multiple;     /* every share is a multiple of this */
	unsigned char *more; /* NULL: not a whole number, so it is divided without rounding */
};

/* Divides a number into whole shares that add up to it. The largest remainders are rounded up, of
 * equal ones the earlier. The parts must add up to 1. */
struct apportioned apportion_count(struct arena *arena,
		double whole,
		const struct taker *takers,
		size_t count);

/* Does the same in multiples: 400 in multiples of 4 is divided like 100. */
struct apportioned apportion_multiple(struct arena *arena,
		double whole,
		double multiple,
		const struct taker *takers,
		size_t count);

/* Returns the share of the taker with index `at`. */
double apportioned_share(const struct apportioned *of, const struct taker *takers, size_t at);

#endif
