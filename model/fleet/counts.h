/* The numbers of a plan that are divided among hosts. */
#ifndef HEADROOM_MODEL_FLEET_COUNTS_H
#define HEADROOM_MODEL_FLEET_COUNTS_H

#include "model/fleet/apportion.h"
#include "model/load/loads.h"

/* Every whole number of a plan that is divided, in the order of its loads and fields. */
struct counts {
	struct apportioned *items;
	size_t count;
};

/* Turns numbers of requests into numbers of connections, which can be divided. false with err. */
bool counts_prepare(struct arena *arena, struct loads *plan, struct error *err);

/* Divides every count. `multiple`: the connections of the last load are divided in multiples of
 * this; 1 allows any number. */
struct counts counts_apportion(struct arena *arena,
		const struct loads *plan,
		const struct taker *takers,
		size_t count,
		double multiple);

/* Returns the plan of the taker with index `at`. */
struct loads counts_of(struct arena *arena,
		const struct loads *plan,
		const struct counts *counts,
		const struct taker *takers,
		size_t at);

/* Returns true if this plan, which is not completed yet, opens no connection. */
bool counts_are_nothing(const struct loads *plan);

#endif
