/* The open files of a process, from /proc/PID/fd. In a snapshot "fd" is a directory with an entry
 * per descriptor, or a file with their numbers: "0-2,7". */
#ifndef HEADROOM_PROBES_HOST_DESCRIPTORS_H
#define HEADROOM_PROBES_HOST_DESCRIPTORS_H

#include "probes/host/source/source.h"

struct descriptors {
	double open;  /* how many */
	double below; /* how many of them are numbered below the limit given */
};

/* Counts; keeps the list form. `inherited`: count only what a child process of this one would
 * inherit (its own handles are close-on-exec). 0 or errno. */
int descriptors_read(struct source *source,
		const char *path,
		bool inherited,
		double limit,
		struct descriptors *ret_found);
/* The list form. false: malformed. */
bool descriptors_parse(const char *text, double limit, struct descriptors *ret_found);

#endif
