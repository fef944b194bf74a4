/* The busiest second of each counter. Looks that lie closer together than a second add up; of looks
 * that lie further apart the mean between them is what is known, so that the number is never more
 * than there was. Takes no more memory however long a run is. */
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
	struct busiest_look looks[BUSIEST_LOOKS]; /* the last ones, in a ring */
	size_t next, count;
	double most[BUSIEST_COUNTERS]; /* NAN: not known */
	double longest_s;              /* between two looks */
};

void busiest_init(struct busiest *ret_busiest);
void busiest_add(struct busiest *busiest, const struct observation *sample);

/* How much a counter grew in its busiest second, at least. NAN: not known. */
double busiest_second(const struct busiest *busiest, enum observed what);

/* The connections that a plan opens in its busiest second until `until_s`: those of its rate, and
 * those that it opens at once. NAN: the plan does not say. */
double busiest_planned(const struct timeline_result *timeline,
		const struct load_series *series,
		double until_s);

#endif
