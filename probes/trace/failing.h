/* Which failures of which system calls are looked at: those that a limit of the host can be behind,
 * and those of a connection that was refused or not answered. What programs get in normal work
 * (EAGAIN of a socket that would wait, EINPROGRESS, ENOENT of a file) is not among them. */
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
