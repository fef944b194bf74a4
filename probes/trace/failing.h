/* Which failures of which system calls are watched: those that a limit of the host can cause, and
 * those of a connection that was refused or not answered. Failures in normal work are not watched
 * (EAGAIN of a socket that would wait, EINPROGRESS, ENOENT of a file). */
#ifndef HEADROOM_PROBES_TRACE_FAILING_H
#define HEADROOM_PROBES_TRACE_FAILING_H

#include <stddef.h>

enum {
	FAILING_FILTER_MAX = 512
};

struct failing_call {
	const char *name; /* of the system call in tracefs */
	const char *said; /* as people know it: "open" for openat; the name where they are the same */
	unsigned errors;  /* a bit for each of the errors below */
};

size_t failing_count(void);
const struct failing_call *failing_at(size_t index);

/* The filter of the event for the kernel: "ret == -99 || ret == -98". */
void failing_filter(const struct failing_call *call, char out[FAILING_FILTER_MAX]);

/* "EADDRNOTAVAIL"; NULL if the error is not one of those that are looked at. */
const char *failing_error_name(int error);

#endif
