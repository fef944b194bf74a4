/* How complete a facts document is: its member "collected", and what is assumed if it has none. */
#ifndef HEADROOM_PROBES_HOST_FACTS_COLLECTED_H
#define HEADROOM_PROBES_HOST_FACTS_COLLECTED_H

#include <cjson/cJSON.h>

#include "base/error.h"
#include "base/os/json.h"
#include "model/fact.h"

/* Returns "complete" for a whole set, else {"KEY": {"state", "count", "errno"}} for each list whose
 * state is known. The caller adds the result to a tree. */
cJSON *collected_to_json(const struct facts *facts);

/* Reads the member; the facts must have been read before. A list with fewer facts than it states
 * counts as skipped. false with err. */
bool collected_from_json(const struct json *json,
		const cJSON *collected,
		struct facts *facts,
		struct error *err);

/* For documents of headroom 0.1, which have no "collected": their lists are complete, and they
 * contain every setting that exists. */
void collected_by_headroom_1(struct facts *facts);

/* Marks all settings of Linux as absent on a Mac, even if the document does not say so. */
void collected_of_system(struct facts *facts);

#endif
