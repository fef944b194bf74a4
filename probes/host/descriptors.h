/* The open files of a process, from /proc/PID/fd. In a snapshot "fd" is a directory with an entry
 * for each descriptor, or a file with their numbers: "0-2,7". */
#ifndef HEADROOM_PROBES_HOST_DESCRIPTORS_H
#define HEADROOM_PROBES_HOST_DESCRIPTORS_H

#include "probes/host/source/source.h"

/* The numbers of files that may be open: RLIMIT_NOFILE. */
struct descriptor_limits {
	double soft, hard; /* NAN: not known, none is below it */
};

struct descriptors {
	double open;                   /* how many files are open */
	double below_soft, below_hard; /* how many of them have a number below the limit */
};

/* Counts the descriptors. A snapshot keeps the list form. `inherited`: counts only what a child of
 * this process would inherit, that is not what is close-on-exec. 0 or an errno. */
int descriptors_read(struct source *source,
		const char *path,
		bool inherited,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found);
/* The same from the list form. false: malformed. */
bool descriptors_parse(const char *text,
		const struct descriptor_limits *limits,
		struct descriptors *ret_found);

#endif
