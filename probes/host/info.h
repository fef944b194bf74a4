/* What a report says about the host itself: its name, its size, and from which process it was
 * viewed. */
#ifndef HEADROOM_PROBES_HOST_INFO_H
#define HEADROOM_PROBES_HOST_INFO_H

struct seen_pools;

/* Unknown strings are NULL and unknown numbers 0. Strings live in the arena. */
struct host_info {
	const char *name, *fingerprint, *kernel, *os, *virtualization, *container;
	const char *vantage; /* one line: "as root, pid 4711, network namespace of the host" */
	const char *boot_id, *user;
	const char *created; /* RFC 3339 UTC: when the facts were read */
	double cpus, memory_bytes;
	int pid;                        /* 0: unknown */
	const struct seen_pools *pools; /* sockets counted by pool; NULL: not counted */
};

#endif
