/* Says why the kernel does not show failing calls. */
#ifndef HEADROOM_PROBES_TRACE_REFUSAL_H
#define HEADROOM_PROBES_TRACE_REFUSAL_H

#include "base/arena.h"
#include "probes/host/source/source.h"

/* The reason, and what would help: sentences without a full stop. */
struct trace_refusal {
	const char *why; /* "kernel.perf_event_paranoid is 2, and this process lacks CAP_PERFMON" */
	const char *way; /* "run headroom as root on the host"; NULL: nothing helps */
};

/* The events could not be listed; error: from tracefs_open() or from reading there. */
struct trace_refusal refusal_of_list(struct source *source, int error);
/* perf_event_open(2) failed; it needs `files` descriptors. */
struct trace_refusal refusal_of_open(struct arena *arena,
		struct source *source,
		int error,
		size_t files);

#endif
