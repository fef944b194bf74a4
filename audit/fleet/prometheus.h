/* A Prometheus as a source of hosts: its HTTP API, through headroom-http. */
#ifndef HEADROOM_AUDIT_FLEET_PROMETHEUS_H
#define HEADROOM_AUDIT_FLEET_PROMETHEUS_H

#include "audit/fleet/item.h"
#include "base/arena.h"
#include "base/error.h"

/* Does it begin with http:// or https://? */
bool prometheus_is_address(const char *word);

/* Fails if the address has a user, the path of a page, a query or a fragment. They could end up in
 * messages, or would have no effect. */
bool prometheus_check(const char *address, struct error *err);

/* A document for each host that Prometheus knows: one of headroom's facts, or of node_exporter's.
 * Targets that had facts in the last day and have none now are broken hosts. Whatever the API does
 * not answer ends the source in an error. */
void prometheus_read(struct arena *arena,
		const struct fleet_source *source,
		const struct item_sink *sink);

#endif
