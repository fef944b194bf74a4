/* The text of /proc/PID/limits. */
#ifndef HEADROOM_PROBES_HOST_LIMITS_H
#define HEADROOM_PROBES_HOST_LIMITS_H

#include <stdbool.h>

/* The two numbers of a line like "Max open files   1024   4096   files"; "unlimited" is INFINITY.
 * false: there is no such line, or it is malformed. */
bool limits_find(const char *text,
		const char *name,
		double *ret_soft,
		double *ret_hard,
		int *ret_line);

#endif
