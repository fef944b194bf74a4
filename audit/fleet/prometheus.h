/* Prometheus as a source of hosts: uses its HTTP API through headroom-http. */
#ifndef HEADROOM_AUDIT_FLEET_PROMETHEUS_H
#define HEADROOM_AUDIT_FLEET_PROMETHEUS_H

#include "audit/fleet/item.h"
#include "base/arena.h"
#include "base/error.h"

/* Returns true if the word begins with http:// or https://. */
bool prometheus_is_address(const char *word);

/* Returns false with err if the address has a user, the path of a page, a query or a fragment,
 * which could end up in messages or would have no effect. */
bool prometheus_check(const char *address, struct error *err);

/* Reads a document for each host that Prometheus knows: headroom's own facts, or those of
 * node_exporter. Targets that had facts in the last day and have none now are broken hosts. If
 * the API does not answer a request, reading this source fails. */
void prometheus_read(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink);

#endif
