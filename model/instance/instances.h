/* Lists what a limit is judged for: each listener, destination or Erlang node separately. */
#ifndef HEADROOM_MODEL_INSTANCE_INSTANCES_H
#define HEADROOM_MODEL_INSTANCE_INSTANCES_H

#include "model/instance/instance.h"

/* Returns the instances of the loads that the limit concerns. If it concerns no load, those of the
 * first load. */
struct instances limit_instances(const struct situation *situation, const struct limit_rule *rule);

#endif
