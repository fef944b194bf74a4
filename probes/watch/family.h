/* A process and its descendants: open files, processor time, memory. Follows
 * /proc/PID/task/TID/children, so that other processes of the host cost nothing. */
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
	double cpu_s;               /* including children that were waited for */
	double thread_cpu_s;        /* the highest of all threads */
	double fds_most, fds_limit; /* of the process closest to its soft limit */
	int fullest;                /* PID of that process; 0: none */
	uint64_t namespace; /* inode of the network namespace of the process with the most files; 0:
	                       unknown */
	int namespace_pid;
	bool more;             /* some processes were not counted */
	double wait_s, seen_s; /* as in struct waited; they only grow */
	double unseen_s;       /* processor time of threads that no look showed; only grows */
	double throttled_s;    /* stopped by the quota of one of its control groups; only grows */
};

struct family;

/* with_root: includes `root` itself, not only its descendants. by_size: the size of /proc/PID/fd is
 * the number of files (Linux 6.2). */
struct family *family_new(struct arena *arena,
		struct source *source,
		int root,
		bool with_root,
		bool by_size);
void family_release(struct family *family);

/* Returns false if the process has ended. */
bool family_read(struct family *family, struct family_totals *ret_totals);

/* Returns the inode of the process's network namespace; 0 if it has ended or cannot be read. */
uint64_t family_namespace(struct family *family, int pid);

/* Returns true if one of the processes, as last read, has the socket with this inode open. Checks
 * the first descriptors only. */
bool family_holds(struct family *family, uint64_t inode);

/* Gives the sockets that the processes have open now, and the control groups that contain only
 * them. */
void family_holders(struct family *family, struct holders *holders);

/* Returns the name of a process seen that runs other programs elsewhere, or "". */
const char *family_elsewhere(const struct family *family);

#endif
