/* Parses the text of /proc/PID/limits. */
#ifndef HEADROOM_PROBES_HOST_LIMITS_H
#define HEADROOM_PROBES_HOST_LIMITS_H

#include <stdbool.h>

/* Gives the two numbers of a line like "Max open files   1024   4096   files"; "unlimited" is
 * INFINITY. Returns false if the line is missing or malformed. */
bool limits_find(const char *text,
		const char *name,
		double *ret_soft,
		double *ret_hard,
		int *ret_line);

#endif
