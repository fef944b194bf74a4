/* Facts as JSON: the document headroom.facts/1, and one fact as it also stands in the audit
 * document. */
#ifndef HEADROOM_PROBES_HOST_FACTS_JSON_H
#define HEADROOM_PROBES_HOST_FACTS_JSON_H

#include <cjson/cJSON.h>

#include "base/os/json.h"
#include "model/fact.h"
#include "probes/host/info.h"

/* The caller deletes the tree. info->created is the document's `created`. */
cJSON *facts_to_json(const struct facts *facts, const struct host_info *info);
/* {key, instance, value, unit, status, origin, where, line, raw, read_at, set_by, note}; infinity
 * is the text "unlimited", an unknown value null. raw_hex is added where raw is not valid UTF-8. */
cJSON *fact_to_json(
		const struct fact *fact); /* refers to the fact's strings: it must outlive the tree */
cJSON *host_to_json(const struct host_info *info);

/* The strict reader. "facts" is the array above, or for hand-written hosts an object
 * {"net.core.somaxconn": 4096, …} of known keys. `name` is what errors begin with. */
bool facts_from_json(struct arena *arena,
		const struct json *json,
		struct facts *facts,
		struct host_info *ret_info,
		struct error *err);

#endif
