/* The highest growth of each counter within one second. Looks less than a second apart are added
 * up; for longer gaps the mean is used, so the number is never too high. Uses the same memory
 * however long a run lasts. */
#ifndef HEADROOM_MODEL_WATCH_BUSIEST_H
#define HEADROOM_MODEL_WATCH_BUSIEST_H

#include "model/result.h"
#include "model/watch/observation.h"

enum {
	BUSIEST_LOOKS = 64,
	BUSIEST_COUNTERS = OBSERVED - O_COUNTERS
};

struct busiest_look {
	double t_s, counters[BUSIEST_COUNTERS];
};

struct busiest {
	struct busiest_look looks[BUSIEST_LOOKS]; /* the latest looks, as a ring buffer */
	size_t next, count;
	double most[BUSIEST_COUNTERS]; /* NAN: not known */
	double longest_s;              /* the longest time between two looks */
};

void busiest_init(struct busiest *ret_busiest);
void busiest_add(struct busiest *busiest, const struct observation *sample);

/* Returns the growth of a counter in its busiest second (a lower bound); NAN: not known. */
double busiest_second(const struct busiest *busiest, enum observed what);

/* Returns how many connections the plan opens in its busiest second up to `until_s`, including
 * those that it opens at once. NAN: the plan does not say. */
double busiest_planned(const struct timeline_result *timeline,
		const struct load_series *series,
		double until_s);

#endif
