/* Reads the facts of one host from what a source delivered. */
#ifndef HEADROOM_AUDIT_FLEET_READ_H
#define HEADROOM_AUDIT_FLEET_READ_H

#include "audit/cli/options.h"
#include "audit/fleet/item.h"
#include "model/fact.h"
#include "probes/host/facts/quick.h"
#include "probes/host/info.h"

/* The content of one document. Lives in the arena that it was read with. */
struct fleet_answer {
	struct facts *facts;
	bool quick; /* read by facts_quick() */
	struct host_info info;
	const char *as_of; /* RFC 3339; NULL: not known */
	/* From {"host", "error"}: the engine could not reach the host; NULL: it could. */
	const char *error;
};

/* Shared by all documents. */
struct fleet_reading {
	const struct options *options;
	const struct quick_keys *keys;
};

/* Reads one item. Returns false with err if it is not understood; ret->info.name may be known all
 * the same. */
bool fleet_read(struct arena *arena,
		const struct fleet_reading *reading,
		const struct fleet_item *item,
		struct fleet_answer *ret,
		struct error *err);

#endif
