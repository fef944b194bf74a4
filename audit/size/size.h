/* The sizing: values to set on a machine, how many machines, and the memory needed. Made from the
 * audit document alone, like every other output. */
#ifndef HEADROOM_AUDIT_SIZE_SIZE_H
#define HEADROOM_AUDIT_SIZE_SIZE_H

#include <cjson/cJSON.h>

#include "audit/size/machine.h"
#include "report/write/write.h"

/* Returns the parts of `headroom.size/1` that come from the audit; the caller deletes it. {schema,
 * workload_title, verdict, fits_after, target_utilization, plan, max_safe, max_safe_after,
 * hosts_needed, memory{needed_bytes, available_bytes}, values[{key, from, to, unit, fix, command,
 * persistent, restart, shared_with}], calibration[]}. machines.c adds "vm" and "runners". */
cJSON *size_document(const cJSON *audit);

/* Replaces "limits" (one host's part of the plan and the limits that apply to it, now and with the
 * values set) and "map" (its capacity map). */
void size_limits(cJSON *size, const cJSON *audit);

/* Adds "vm": {catalogue{name, dated, currency, priced}, cores, opens_per_core_per_s,
 * providers[{provider, single, smaller, split}]}, each of the last three being {type, vcpus,
 * memory_bytes, by_ratio, source{title, url, read}, hosts, cost_per_hour, limit, holds} or null;
 * `holds` is the part of the plan that one machine can carry. size_runners adds "runners": {hosts,
 * commands[{tool, per_host[text]}]} for more than one host, with the plan's own command if it has
 * one. */
void size_machines(struct arena *arena, cJSON *size, const struct machine_sizing *sizing);
void size_runners(struct arena *arena,
		cJSON *size,
		const struct plan *plan,
		const struct name_list *words,
		const struct workload *workload,
		double hosts);

/* Writes the same as text, as wide as the terminal, or 80 columns if that is not known. */
void size_text(const cJSON *size, const struct write_options *options, struct text *out);

#endif
