/* Random numbers that are the same in every run, and how many random plans to try. */
#ifndef HEADROOM_TESTS_UNIT_RANDOM_PLANS_H
#define HEADROOM_TESTS_UNIT_RANDOM_PLANS_H

#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/slow_build.h"

static uint32_t seed;

/* Returns `every` if the environment has HEADROOM_EVERY_PLAN, else `few`. */
static unsigned plans_to_try(unsigned few, unsigned every)
{
	if (getenv("HEADROOM_EVERY_PLAN"))
		return every;
	return few / ONE_OF;
}

static uint32_t below(uint32_t n)
{
	seed = seed * 1664525u + 1013904223u;
	return (seed >> 8) % n;
}

#endif
