/* headroom.workload/2, read and written; headroom.workload/1 is read as well. The fields and their
 * kinds come from workload_rows. */
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

/* Is this the schema of a plan that this version reads? */
bool workload_schema_is_read(const char *schema);

/* Reads the members of `object`, a part of `json`, into *ret. Nothing is completed. `from` is the
 * origin of its values ("preset ws-client"); NULL: the file and line of each. Numbers may be texts
 * with units, as for flags. A field that was completed (see below) and still has that value is not
 * set: completing the plan again gives it, also with other flags. Errors name file, line and
 * column. */
bool workload_from_json(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		const char *from,
		struct workload *ret,
		struct error *err);

/* The same for a plan: one load, or its "loads" and its "name". */
bool loads_from_json(struct arena *arena,
		const struct json *json,
		const cJSON *object,
		const char *from,
		struct loads *ret,
		struct error *err);

/* A file, or "-". */
bool loads_from_file(struct arena *arena, const char *path, struct loads *ret, struct error *err);

/* The inverse: the caller frees it with cJSON_Delete. Members in the order of the table; what is
 * not set is left out; "unlimited" for infinity. The origin of a completed field has its value as
 * "completed". cJSON prints numbers with 15 to 17 digits and
 * takes a difference of one part in 2^52 for none: whole numbers above 10^15 may come back rounded.
 */
cJSON *workload_to_json(const struct workload *workload);
/* One load as above; several as "loads", with the name of the plan. */
cJSON *loads_to_json(struct arena *arena, const struct loads *loads);

#endif
