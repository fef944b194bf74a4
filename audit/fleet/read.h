/* The facts of one host, from what a source brought. */
#ifndef HEADROOM_AUDIT_FLEET_READ_H
#define HEADROOM_AUDIT_FLEET_READ_H

#include "audit/cli/options.h"
#include "audit/fleet/item.h"
#include "model/fact.h"
#include "probes/host/facts/quick.h"
#include "probes/host/info.h"

/* What one document says. Lives in the arena that it was read with. */
struct fleet_answer {
	struct facts *facts;
	bool quick; /* they were read by facts_quick() */
	struct host_info info;
	const char *as_of; /* RFC 3339; NULL: it does not say */
	const char *error; /* {"host", "error"}: the engine could not get there; NULL: it could */
};

/* What all documents are read with. */
struct fleet_reading {
	const struct options *options;
	const struct quick_keys *keys;
};

/* False with err: it is not understood. ret->info.name may be known all the same. */
bool fleet_read(struct arena *arena,
		const struct fleet_reading *reading,
		const struct fleet_item *item,
		struct fleet_answer *ret,
		struct error *err);

#endif
