/* The open files of a process, from /proc/PID/fd. In a snapshot "fd" is a directory with an entry
 * for each descriptor, or a file with their numbers: "0-2,7". */
#ifndef HEADROOM_PROBES_HOST_DESCRIPTORS_H
#define HEADROOM_PROBES_HOST_DESCRIPTORS_H

#include "probes/host/source/source.h"

struct descriptors {
	double open;  /* how many files are open */
	double below; /* how many of them have a number below the limit that was given */
};

/* Counts the descriptors. A snapshot keeps the list form. `inherited`: counts only what a child of
 * this process would inherit, that is not what is close-on-exec. 0 or an errno. */
int descriptors_read(struct source *source,
		const char *path,
		bool inherited,
		double limit,
		struct descriptors *ret_found);
/* The same from the list form. false: malformed. */
bool descriptors_parse(const char *text, double limit, struct descriptors *ret_found);

#endif
