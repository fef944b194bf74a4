/* Which failures of which system calls are watched: those that a limit of the host can cause, and
 * connections that were refused or not answered. Failures in normal work are not watched (EAGAIN of
 * a socket that would wait, EINPROGRESS, ENOENT of a file). */
#ifndef HEADROOM_PROBES_TRACE_FAILING_H
#define HEADROOM_PROBES_TRACE_FAILING_H

#include <stddef.h>

enum {
	FAILING_FILTER_MAX = 512
};

struct failing_call {
	const char *name; /* name of the system call in tracefs */
	const char *said; /* the common name: "open" for openat; often the same */
	unsigned errors;  /* one bit for each of the errors below */
};

size_t failing_count(void);
const struct failing_call *failing_at(size_t index);

/* Writes the event's filter for the kernel: "ret == -99 || ret == -98". */
void failing_filter(const struct failing_call *call, char out[FAILING_FILTER_MAX]);

/* Returns "EADDRNOTAVAIL" or the like, or NULL if the error is not watched. */
const char *failing_error_name(int error);

#endif
