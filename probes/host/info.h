/* What a report says about the host itself: its name, its size, and whose view was taken. */
#ifndef HEADROOM_PROBES_HOST_INFO_H
#define HEADROOM_PROBES_HOST_INFO_H

struct seen_pools;

/* Strings are NULL and numbers 0 where unknown. They live in the arena. */
struct host_info {
	const char *name, *fingerprint, *kernel, *os, *virtualization, *container;
	const char *vantage; /* one line: "as root, pid 4711, network namespace of the host" */
	const char *boot_id, *user;
	const char *created; /* RFC 3339 UTC: when the facts were read */
	double cpus, memory_bytes;
	int pid;                        /* 0: unknown */
	const struct seen_pools *pools; /* the sockets counted by pool; NULL: they were not */
};

#endif
