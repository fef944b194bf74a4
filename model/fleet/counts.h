/* The numbers of a plan that are divided among hosts. */
#ifndef HEADROOM_MODEL_FLEET_COUNTS_H
#define HEADROOM_MODEL_FLEET_COUNTS_H

#include "model/fleet/apportion.h"
#include "model/load/loads.h"

/* Each whole number of a plan, in the order in which counts_of meets them. */
struct counts {
	struct apportioned *items;
	size_t count;
};

/* Writes down what follows from requests as a number of connections, which can be divided. */
bool counts_prepare(struct arena *arena, struct loads *plan, struct error *err);

/* multiple: of the connections of the last load, which come in no other numbers; else 1. */
struct counts counts_apportion(struct arena *arena,
		const struct loads *plan,
		const struct taker *takers,
		size_t count,
		double multiple);

/* The plan of one taker. */
struct loads counts_of(struct arena *arena,
		const struct loads *plan,
		const struct counts *counts,
		const struct taker *takers,
		size_t at);

/* Does this plan, not completed, ask for no connection? */
bool counts_are_nothing(const struct loads *plan);

#endif
