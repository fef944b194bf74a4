/* The settings of a new network namespace. */
#ifndef HEADROOM_AUDIT_VANTAGE_NEW_NETWORK_H
#define HEADROOM_AUDIT_VANTAGE_NEW_NETWORK_H

#include "base/error.h"
#include "model/fact.h"

/* Sets everything that a new namespace does not inherit to the kernel's defaults. Leaves values of
 * --set, and settings that this kernel does not have. */
bool new_network_put(struct facts *facts, struct error *err);
/* Instead marks these settings as unknown, because it is not known which of them the namespace is
 * given at its start. */
void new_network_unknown(struct facts *facts, const char *why);

#endif
