/* How much of a limit is in use now, according to the facts of the host. Judges no plan. */
#ifndef HEADROOM_MODEL_PRESENT_H
#define HEADROOM_MODEL_PRESENT_H

#include "model/result.h"
#include "model/situation.h"

/* Returns the present use of the limit, for its most used instance. What could not be seen is
 * unknown, never 0. */
struct present present_of(const struct situation *situation, const struct limit_rule *rule);
/* Writes the most used instances of a limit (destinations, listeners, users) into ret_instances, at
 * most `most`, in descending order. Leaves out those whose use is not known. Returns how many it
 * wrote. */
size_t present_instances(const struct situation *situation,
		const struct limit_rule *rule,
		size_t most,
		struct present *ret_instances);
/* Returns the present use of a limit per destination, for these destinations alone ("10.0.0.5:80";
 * at least one). The facts must list all pools of ports to them. */
struct present present_towards(const struct situation *situation,
		const struct limit_rule *rule,
		const struct name_list *destinations);
/* Writes the present use of each limit into resources[], one for each rule in their order. */
void present_all(const struct situation *situation, struct resource *resources);

/* Returns used ÷ capacity; 0 if there is no limit, NAN if it is not known. */
double present_ratio(const struct present *present);

/* Returns "full", "nearly-full" or "free"; NULL: unknown. */
const char *present_state_name(enum present_state state);

#endif
