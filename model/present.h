/* How much of a limit is in use now, by the facts of the host. Judges no plan. */
#ifndef HEADROOM_MODEL_PRESENT_H
#define HEADROOM_MODEL_PRESENT_H

#include "model/result.h"
#include "model/situation.h"

/* Of several instances the fullest. What could not be seen is unknown, never 0. */
struct present present_of(const struct situation *situation, const struct limit_rule *rule);
/* The present use of each limit, into resources[] (one for each rule, in their order). */
void present_all(const struct situation *situation, struct resource *resources);

/* "full", "nearly-full", "free"; NULL: unknown. */
const char *present_state_name(enum present_state state);

#endif
