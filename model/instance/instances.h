/* What a limit is judged for: one listener after the other, one destination, one Erlang node. */
#ifndef HEADROOM_MODEL_INSTANCE_INSTANCES_H
#define HEADROOM_MODEL_INSTANCE_INSTANCES_H

#include "model/instance/instance.h"

/* The instances of the loads that the limit concerns; if it concerns none, of the first. */
struct instances limit_instances(const struct situation *situation, const struct limit_rule *rule);

#endif
