/* What a host says: facts read from the live machine, from a snapshot tree, or from a facts file.
 * Nothing is written, nothing is pushed, nothing outlives the call. */
#ifndef HEADROOM_PROBES_HOST_HOST_H
#define HEADROOM_PROBES_HOST_HOST_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"

struct host_options {
	const char *facts_path; /* NULL: the live machine; a directory: a snapshot; a file or "-": facts
	                           JSON */
	int pid; /* the vantage process; 0: this one, which stands for the shell that started it */
	const char *const *set; /* KEY=VALUE or KEY[INSTANCE]=VALUE: replaces what was read */
	size_t set_count;
	bool listener_processes;  /* name the process of every listener, not only of those in the
	                             ephemeral range */
	bool destinations_detail; /* all destinations (up to 4,096), not the 32 with the most sockets */
};

/* Strings are NULL and numbers 0 where unknown. They live in the arena. */
struct host_info {
	const char *name, *fingerprint, *kernel, *os, *virtualization, *container;
	const char *vantage; /* one line: "as root, pid 4711, network namespace of the host" */
	const char *boot_id, *user;
	const char *created; /* RFC 3339 UTC: when the facts were read */
	double cpus, memory_bytes;
	int pid; /* 0: unknown */
};

/* Fails only on bad input: no such process, an unreadable snapshot, a bad facts file, a bad --set.
 * What the host does not tell is a fact with a status. */
bool host_probe(struct arena *arena,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err);

/* Reads the live machine and keeps the raw files under `dir`, which must be new or empty. The tree
 * is built under a temporary name beside it and renamed: it is there whole or not at all. Secrets
 * are left out. */
bool host_snapshot(const char *dir, const struct host_options *options, struct error *err);

#endif
