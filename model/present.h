/* How much of a limit is in use now, by the facts of the host. Judges no plan. */
#ifndef HEADROOM_MODEL_PRESENT_H
#define HEADROOM_MODEL_PRESENT_H

#include "model/result.h"
#include "model/situation.h"

/* The present use of the limit; of several instances, the fullest one. What could not be seen is
 * unknown, never 0. */
struct present present_of(const struct situation *situation, const struct limit_rule *rule);
/* The instances of a limit (destinations, listeners, users), the fullest first, at most `most` into
 * ret_instances. Those whose use is not known are left out. Returns how many there are in it. */
size_t present_instances(const struct situation *situation,
		const struct limit_rule *rule,
		size_t most,
		struct present *ret_instances);
/* The same of a limit of destinations, towards these alone ("10.0.0.5:80"), at least one. The facts
 * must list all pools of ports towards them. */
struct present present_towards(const struct situation *situation,
		const struct limit_rule *rule,
		const struct name_list *destinations);
/* The present use of each limit, into resources[] (one for each rule, in their order). */
void present_all(const struct situation *situation, struct resource *resources);

/* Used of capacity; 0 where there is no limit. NAN: not known. */
double present_ratio(const struct present *present);

/* "full", "nearly-full", "free"; NULL: unknown. */
const char *present_state_name(enum present_state state);

#endif
