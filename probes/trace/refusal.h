/* Why the kernel does not let failing calls be seen, in words. */
#ifndef HEADROOM_PROBES_TRACE_REFUSAL_H
#define HEADROOM_PROBES_TRACE_REFUSAL_H

#include "base/arena.h"
#include "probes/host/source/source.h"

/* What is so, and what would let the calls be seen. Sentences without an end. */
struct trace_refusal {
	const char *why; /* "kernel.perf_event_paranoid is 2, and this process lacks CAP_PERFMON" */
	const char *way; /* "run headroom as root on the host"; NULL: there is none */
};

/* The events could not be listed; error: of tracefs_open(), or of reading in it. */
struct trace_refusal refusal_of_list(struct source *source, int error);
/* perf_event_open(2) failed; `files` descriptors would have been needed. */
struct trace_refusal refusal_of_open(struct arena *arena,
		struct source *source,
		int error,
		size_t files);

#endif
