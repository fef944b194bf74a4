/* A setting of the system by any of its names: its value on this host, what sets it, which limits
 * it decides, and which changes set it. */
#ifndef HEADROOM_AUDIT_EXPLAIN_SETTING_H
#define HEADROOM_AUDIT_EXPLAIN_SETTING_H

#include "audit/explain/explanation.h"

/* "net.core.somaxconn", "somaxconn", "/proc/sys/net/core/somaxconn", "ulimit -n". `also`:
 * something else has the same name and was explained before. Returns false, and adds nothing, if no
 * setting is called so. */
bool explain_setting(const struct explanation *e, const char *word, bool also);
/* A word that is the name of no setting of the system, but stands in the rules:
 * "worker_connections" is a setting of nginx. Returns false if it stands nowhere. */
bool explain_mentioned(const struct explanation *e, const char *word);

#endif
