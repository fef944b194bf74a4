/* The settings of a network namespace that is made anew. */
#ifndef HEADROOM_AUDIT_VANTAGE_NEW_NETWORK_H
#define HEADROOM_AUDIT_VANTAGE_NEW_NETWORK_H

#include "base/error.h"
#include "model/fact.h"

/* Replaces the settings that a new namespace does not inherit by the kernel's defaults. What --set
 * gave, and what the kernel does not have, stays. */
bool new_network_put(struct facts *facts, struct error *err);
/* Instead: what the namespace is given at once is not known. */
void new_network_unknown(struct facts *facts, const char *why);

#endif
