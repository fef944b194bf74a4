/* Which operating system a rule is for, and whose a setting of Linux is. */
#ifndef HEADROOM_MODEL_SYSTEM_H
#define HEADROOM_MODEL_SYSTEM_H

#include "model/fact.h"
#include "model/rule.h"

/* Returns false if the fix's own condition cannot be true on this operating system, for any host
 * and plan. */
bool fix_is_of_system(const struct fix_rule *fix, const struct facts *facts);

/* True for a sysctl that each network namespace has for itself and that its owner may set there. */
bool sysctl_is_namespaced(const char *key);
/* True for what a kubelet lets a pod set without being told. */
bool sysctl_is_safe_of_pods(const char *key);

#endif
