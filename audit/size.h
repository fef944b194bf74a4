/* The sizing view: values to set on this host, hosts and memory needed. Made from the audit document alone,
 * like every other output. */
#ifndef HEADROOM_AUDIT_SIZE_H
#define HEADROOM_AUDIT_SIZE_H

#include <cjson/cJSON.h>

#include "report/write/write.h"

/* `headroom.size/1`: {schema, workload_title, verdict, fits_after, target_utilization, plan, max_safe,
 * max_safe_after, hosts_needed, memory{needed_bytes, available_bytes}, values[{key, from, to, unit, fix,
 * command, persistent, restart, shared_with}], calibration[]}. The caller deletes it. */
cJSON *size_document(const cJSON *audit);

/* The same for people, at most 80 columns. */
void size_text(const cJSON *size, const struct write_options *options, struct text *out);

#endif
