/* Which operating system a rule is for. */
#ifndef HEADROOM_MODEL_SYSTEM_H
#define HEADROOM_MODEL_SYSTEM_H

#include "model/fact.h"
#include "model/rule.h"

/* false: what the fix says about where it applies cannot be true on this system, whatever the host
 * and the plan. */
bool fix_is_of_system(const struct fix_rule *fix, const struct facts *facts);

#endif
