/* Numbers for random plans, the same in each run, and how many plans are tried. */
#ifndef HEADROOM_TESTS_UNIT_RANDOM_PLANS_H
#define HEADROOM_TESTS_UNIT_RANDOM_PLANS_H

#include <stdint.h>
#include <stdlib.h>

#include "tests/unit/slow_build.h"

static uint32_t seed;

/* `every` with HEADROOM_EVERY_PLAN in the environment, else `few`. */
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
