/* Reads and writes headroom.workload/2, and reads headroom.workload/1. Fields and kinds come from
 * workload_rows. */
#ifndef HEADROOM_PROBES_PLAN_WORKLOAD_JSON_H
#define HEADROOM_PROBES_PLAN_WORKLOAD_JSON_H

#include "base/os/json.h"
#include "model/load/loads.h"

enum {
	WORKLOAD_STAGES_MAX = 1000,
	WORKLOAD_GROUPS_MAX = 100,
	WORKLOAD_LIST_MAX = 100000
};

#define WORKLOAD_SCHEMA        "headroom.workload/2"
#define WORKLOAD_SCHEMA_BEFORE "headroom.workload/1"

/* Returns true if this version reads plans with this schema. */
bool workload_schema_is_read(const char *schema);

/* Reads the members of `object`, a part of `json`, into *ret, without completing it. `from`: the
 * origin of the values ("preset ws-client"); NULL: the file and line of each. Numbers may be texts
 * with units, as in flags. A field that was completed (see workload_to_json) and still has that
 * value is left unset: completing the plan again gives it, also with other flags. false with err,
 * which names file, line and column. */
bool workload_from_json(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		const char *from,
		struct workload *ret,
		struct error *err);

/* The same for a plan: one load, or "loads" with a "name". */
bool loads_from_json(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		const char *from,
		struct loads *ret,
		struct error *err);

/* Reads a plan from a file, or from standard input for "-". false with err. */
bool loads_from_file(struct arena *arena, const char *path, struct loads *ret, struct error *err);

/* Writes a workload; free the result with cJSON_Delete. Members are in the order of the table,
 * unset ones are left out, infinity is "unlimited". The origin of a completed field has its value
 * as "completed". cJSON prints 15 to 17 digits and ignores differences of one part in 2^52, so
 * whole numbers above 10^15 may come back rounded. */
cJSON *workload_to_json(const struct workload *workload);
/* The same for a plan: one load as above, several as "loads" with the plan's name. */
cJSON *loads_to_json(struct arena *arena, const struct loads *loads);

#endif
