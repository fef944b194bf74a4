/* Watches the failing system calls of a process tree or of the whole host through the kernel's
 * tracepoints (perf_event_open(2)), without a library. The kernel filters, so only watched failures
 * (failing.h) arrive here, and other calls are slowed down only by the kernel's check. Nothing is
 * written, mounted or left behind: everything ends with the descriptors, even if this process is
 * killed. Live hosts only. */
#ifndef HEADROOM_PROBES_TRACE_TRACE_H
#define HEADROOM_PROBES_TRACE_TRACE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "model/why/calls.h"
#include "probes/host/source/source.h"
#include "probes/trace/refusal.h"

struct trace;

/* Starts watching. pid: this process and its descendants, including later ones; 0: the whole host.
 * Returns NULL if the calls cannot be seen; *ret_refusal then says why, in the arena. The arena and
 * the source must outlive the trace. */
struct trace *trace_open(struct arena *arena,
		struct source *source,
		int pid,
		struct trace_refusal *ret_refusal);

/* Watches for that many seconds, or until stopped(context) returns true, which is checked about ten
 * times a second. May be called repeatedly. Returns the seconds it took. */
double trace_run(struct trace *trace, double seconds, bool (*stopped)(void *), void *context);

/* What was seen. */
struct trace_seen {
	const struct call_row *rows; /* the largest count first; in the arena */
	size_t count;
	double calls;  /* failures in all rows */
	double lost;   /* failures of any process whose records were lost; 0: the counts are exact */
	bool at_least; /* something was lost or not watched: counts may be too low */
	/* A sentence without a full stop: what could not be seen at all; NULL: everything was seen. */
	const char *blind;
};

/* Stops watching. Call it once. The rows live as long as the arena. */
void trace_finish(struct trace *trace, struct trace_seen *ret_seen);

/* Frees the trace; NULL is allowed. The kernel takes up to two seconds for that, so show the result
 * first. */
void trace_close(struct trace *trace);

#endif
