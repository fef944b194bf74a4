/* The failing system calls of a process tree or of the whole host, as they happen, through the
 * kernel's tracepoints (perf_event_open(2)), without a library. The kernel filters: only watched
 * failures (failing.h) arrive here, and other calls are slowed down only by the kernel's check.
 * Nothing is written, mounted or left behind: everything ends with the descriptors, even if this
 * process is killed. Live hosts only. */
#ifndef HEADROOM_PROBES_TRACE_TRACE_H
#define HEADROOM_PROBES_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/why/calls.h"
#include "probes/host/source/source.h"
#include "probes/trace/refusal.h"

struct trace;

/* pid: this process and its descendants, also those that are born while looking; 0: the whole host.
 * Watching begins at once. NULL: the calls cannot be seen; *ret_refusal says why, in the arena. The
 * arena and the source must outlive it. */
struct trace *trace_open(struct arena *arena,
		struct source *source,
		int pid,
		struct trace_refusal *ret_refusal);

/* Watches for that many seconds, or until stopped(context) returns true; it is asked some ten times
 * a second. May be called again. Returns the seconds that it took. */
double trace_run(struct trace *trace, double seconds, bool (*stopped)(void *), void *context);

/* What was seen. */
struct trace_seen {
	const struct call_row *rows; /* the largest count first; in the arena */
	size_t count;
	double calls;  /* failures in all rows */
	double lost;   /* failures of any process that could not be kept; 0: counts are exact */
	bool at_least; /* something was lost or not watched: counts may be too low */
	/* What is not seen at all, a sentence without an end; NULL: all is seen. */
	const char *blind;
};

/* Ends the watching. Call it once. The rows live as long as the arena. */
void trace_finish(struct trace *trace, struct trace_seen *ret_seen);

/* Frees it; the kernel takes up to a second or two for that, so show first what was seen. NULL is
 * fine. */
void trace_close(struct trace *trace);

#endif
