/* The settings of a new network namespace. */
#ifndef HEADROOM_AUDIT_VANTAGE_NEW_NETWORK_H
#define HEADROOM_AUDIT_VANTAGE_NEW_NETWORK_H

#include "base/error.h"
#include "model/fact.h"

/* Sets everything that a new namespace does not inherit to the kernel's defaults, except values of
 * --set and settings that this kernel does not have. false with err. */
bool new_network_put(struct facts *facts, struct error *err);
/* Marks these settings as unknown instead, because it is not known which of them the namespace gets
 * at its start. */
void new_network_unknown(struct facts *facts, const char *why);

#endif
