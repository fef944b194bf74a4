/* Reads documents headroom.facts/2 and /1. */
#ifndef HEADROOM_PROBES_HOST_FACTS_JSON_READ_H
#define HEADROOM_PROBES_HOST_FACTS_JSON_READ_H

#include "base/arena.h"
#include "base/error.h"
#include "base/os/json.h"
#include "model/fact.h"
#include "probes/host/info.h"

/* Adds the facts of a document. Its "facts" are a list in the form of fact_to_json or, for a
 * hand-written host, an object {"net.core.somaxconn": 4096, …} of known keys. A missing fact counts
 * as not collected, unless the document says "collected": "complete" or was written by headroom
 * 0.1. Returns false with err for anything not understood. */
bool facts_from_json(struct arena *arena,
		const struct json *json,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err);

/* Fills in what `info` lacks from the facts: a hand-written document often has no "host". */
void facts_complete_info(const struct facts *facts, struct host_info *info);

#endif
