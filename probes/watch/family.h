/* A process and its descendants: open files, processor time, memory. Follows
 * /proc/PID/task/TID/children, so that the other processes of the host cost nothing. */
#ifndef HEADROOM_PROBES_WATCH_FAMILY_H
#define HEADROOM_PROBES_WATCH_FAMILY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "probes/host/source/source.h"
#include "probes/watch/ownership.h"
#include "probes/watch/process_stat.h"

enum {
	FAMILY_PROCESSES_MAX = 8192,
	FAMILY_THREADS_MAX = 4096,
	FAMILY_INODES_MAX = 512
};

struct family_totals {
	double processes, threads, fds, resident_bytes;
	double cpu_s;               /* with that of children that were waited for */
	double thread_cpu_s;        /* the most that one thread has used */
	double fds_most, fds_limit; /* of the process nearest to its soft limit */
	int fullest;                /* its process id; 0: none */
	uint64_t namespace; /* inode of the network namespace of the process with the most files; 0:
	                       unknown */
	int namespace_pid;
	bool more;             /* not all processes were counted */
	double wait_s, seen_s; /* as struct waited has them; both grow */
	double unseen_s;       /* processor time of threads that no look showed; grows */
	double throttled_s;    /* by a quota of one of its control groups; grows */
};

struct family;

/* `root`: with itself, or only its descendants. by_size: the
 * size of /proc/PID/fd is the number of files (Linux 6.2). */
struct family *family_new(struct arena *arena,
		struct source *source,
		int root,
		bool with_root,
		bool by_size);
void family_release(struct family *family);

/* false: the process is gone. */
bool family_read(struct family *family, struct family_totals *ret_totals);

/* The inode of its network namespace now; 0: it is gone, or not to be looked at. */
uint64_t family_namespace(struct family *family, int pid);

/* Does one of the processes, as last read, have a socket of this inode open? Looks at the first
 * descriptors only. */
bool family_holds(struct family *family, uint64_t inode);

/* The sockets that the processes have open now, and the control groups that only they are in. */
void family_holders(struct family *family, struct holders *holders);

/* A process that was seen and that bears the name of a program that runs others elsewhere, or "".
 */
const char *family_elsewhere(const struct family *family);

#endif
