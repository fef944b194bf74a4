/* What a limit is judged for: one listener after the other, one destination, one Erlang node. */
#ifndef HEADROOM_MODEL_INSTANCES_H
#define HEADROOM_MODEL_INSTANCES_H

#include "base/list.h"
#include "model/situation.h"

/* One that the host may have and that is not among the facts: nothing is known of it. */
#define INSTANCE_UNLISTED "not listed"

/* The instances that the plan is about; one, "", where the scope has no instances. */
struct name_list limit_instances(const struct situation *situation, const struct limit_rule *rule);

#endif
