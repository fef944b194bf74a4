/* What the files for clusters share: settings of a pod, and comments about settings that only its
 * node can have. */
#ifndef HEADROOM_REPORT_EMIT_POD_PARTS_H
#define HEADROOM_REPORT_EMIT_POD_PARTS_H

#include "base/text.h"
#include "report/emit/fix_values.h"

/* Comments: settings that no container has of its own. */
void pod_parts_of_host(struct arena *arena, const struct fix_values *values, struct text *out);
/* Comments: unsafe sysctls, open files, threads, and where each is set. */
void pod_parts_of_node(struct arena *arena, const struct fix_values *values, struct text *out);
/* "securityContext:" with the pod's sysctls, behind `indent`; nothing where it has none. */
bool pod_parts_sysctls(struct arena *arena,
		const struct fix_values *values,
		const char *indent,
		struct text *out);
/* "soft:hard" of open files. */
const char *pod_parts_ulimit(struct arena *arena, const struct fix_values *values);
/* Whether a pod has a sysctl that the kubelet must allow. */
bool pod_parts_is_unsafe(const struct fix_values_sysctl *sysctl);
/* Memory for a machine's part of the plan in MiB, rounded up; 0: unknown. */
double pod_parts_memory_mib(const struct fix_values *values);

/* What is left of the load test's own options; an array of words. */
struct pod_command {
	const char *file;      /* its script, without directories; NULL: none was found */
	struct name_list rest; /* options that are not the file's and not dropped */
	bool plain;            /* no word needs quotes */
};
struct pod_command pod_parts_command(struct arena *arena,
		const struct fix_values *values,
		const char *const *drop,
		const char *const *suffixes);

#endif
