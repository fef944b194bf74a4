/* Counts the open files of a process by /proc/PID/fd. In a snapshot "fd" is a directory with an
 * entry for each descriptor, or a file with their numbers: "0-2,7". */
#ifndef HEADROOM_PROBES_HOST_DESCRIPTORS_H
#define HEADROOM_PROBES_HOST_DESCRIPTORS_H

#include "probes/host/source/source.h"

/* RLIMIT_NOFILE, which bounds the numbers of descriptors. */
struct descriptor_limits {
	double soft, hard; /* NAN: not known; then none counts as below it */
};

struct descriptors {
	double open;                   /* number of open files */
	double below_soft, below_hard; /* how many of them have a number below the limit */
};

/* Counts the descriptors; a snapshot keeps their numbers. `inherited`: counts only what a child of
 * this process would inherit, so nothing close-on-exec. Returns 0 or an errno. */
int descriptors_read(struct source *source,
		const char *path,
		bool inherited,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found);
/* The same for a list of numbers. Returns false if it is malformed. */
bool descriptors_parse(const char *text,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found);

#endif
