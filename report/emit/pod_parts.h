/* Parts that the files for clusters share: settings of a pod, and comments about settings that only
 * its node can have. */
#ifndef HEADROOM_REPORT_EMIT_POD_PARTS_H
#define HEADROOM_REPORT_EMIT_POD_PARTS_H

#include "base/text.h"
#include "report/emit/fix_values.h"

/* Appends comments on settings that no container can have separately. */
void pod_parts_of_host(struct arena *arena, const struct fix_values *values, struct text *out);
/* Appends comments on unsafe sysctls, open files and threads, and where to set each. */
void pod_parts_of_node(struct arena *arena, const struct fix_values *values, struct text *out);
/* Appends "securityContext:" with the pod's sysctls, indented by `indent`. Returns false if there
 * are none. */
bool pod_parts_sysctls(struct arena *arena,
		const struct fix_values *values,
		const char *indent,
		struct text *out);
/* Returns the limits of open files as "soft:hard". */
const char *pod_parts_ulimit(struct arena *arena, const struct fix_values *values);
/* Returns true if the kubelet must explicitly allow the sysctl. */
bool pod_parts_is_unsafe(const struct fix_values_sysctl *sysctl);
/* Returns the memory for one machine's part of the plan in MiB, rounded up; 0: unknown. */
double pod_parts_memory_mib(const struct fix_values *values);

/* The words of the load test's command that remain. */
struct pod_command {
	const char *file;      /* its script, without directories; NULL: none found */
	struct name_list rest; /* the options that are kept, without the script */
	bool plain;            /* no word needs quotes */
};
struct pod_command pod_parts_command(struct arena *arena,
		const struct fix_values *values,
		const char *const *drop,
		const char *const *suffixes);

#endif
