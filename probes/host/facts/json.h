/* Writes facts as JSON: the document headroom.facts/2, and single facts, which the audit document
 * contains too. */
#ifndef HEADROOM_PROBES_HOST_FACTS_JSON_H
#define HEADROOM_PROBES_HOST_FACTS_JSON_H

#include <cjson/cJSON.h>

#include "model/fact.h"
#include "probes/host/info.h"

#define FACTS_SCHEMA   "headroom.facts/2"
#define FACTS_SCHEMA_1 "headroom.facts/1"

/* Returns the document; free it with cJSON_Delete. info->created becomes its `created`; `version`
 * is that of this program. */
cJSON *facts_to_json(const struct facts *facts, const struct host_info *info, const char *version);
/* Returns {key, instance, value, unit, status, origin, where, line, raw, read_at, set_by, note},
 * with "unlimited" for infinity and null for an unknown value; raw_hex is added if raw is not valid
 * UTF-8. The tree refers to the fact's strings, so the fact must outlive it. */
cJSON *fact_to_json(const struct fact *fact);
/* Returns the value alone, null if it is not known. */
cJSON *fact_value_to_json(const struct fact *fact);
cJSON *host_to_json(const struct host_info *info);

#endif
