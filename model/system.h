/* Which operating system a rule is for, and who may set a Linux sysctl. */
#ifndef HEADROOM_MODEL_SYSTEM_H
#define HEADROOM_MODEL_SYSTEM_H

#include "model/fact.h"
#include "model/rule.h"

/* Returns false if the fix's condition is false on this operating system for every host and
 * plan. */
bool fix_is_of_system(const struct fix_rule *fix, const struct facts *facts);

/* Returns true for a sysctl that each network namespace has separately and that its owner may set
 * there. */
bool sysctl_is_namespaced(const char *key);
/* Returns true for a sysctl that a kubelet lets pods set without further configuration. */
bool sysctl_is_safe_of_pods(const char *key);

#endif
