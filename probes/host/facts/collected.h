/* How much of a host is in a facts document: its member "collected", and what is assumed for
 * documents that lack it. */
#ifndef HEADROOM_PROBES_HOST_FACTS_COLLECTED_H
#define HEADROOM_PROBES_HOST_FACTS_COLLECTED_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/os/json.h"
#include "model/fact.h"

/* "complete" for a whole set; else {"KEY": {"state", "count", "errno"}} for each list whose state
 * is known. The caller adds it to a tree. */
cJSON *collected_to_json(const struct facts *facts);

/* Reads the member, after the facts: a list that does not have as many facts as it says is skipped.
 */
bool collected_from_json(const struct json *json,
		const cJSON *collected,
		struct facts *facts,
		struct error *err);

/* A document that headroom 0.1 wrote has no "collected": its lists are complete, and it says of
 * each setting whether it is there. */
void collected_by_headroom_1(struct facts *facts);

/* Marks all settings of Linux as absent on a Mac, even if the document does not say so. */
void collected_of_system(struct facts *facts);

#endif
