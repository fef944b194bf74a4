/* The clients of a split, for what divides more than the plan: commands (command.c). */
#ifndef HEADROOM_MODEL_FLEET_SPLIT_ENDS_H
#define HEADROOM_MODEL_FLEET_SPLIT_ENDS_H

#include "model/fleet/apportion.h"
#include "model/fleet/split.h"

struct fleet_client_end {
	const struct loads *view; /* the whole plan as clients have it */
	const struct taker *takers;
	const size_t *hosts; /* which host each taker is */
	size_t count;
	bool by_weight; /* the parts follow from the weights alone */
};

struct fleet_client_end fleet_client_end_of(const struct fleet_split *split);

/* Its place among the takers; SIZE_MAX: it is no client. */
size_t fleet_client_taker(const struct fleet_split *split, size_t host);

#endif
