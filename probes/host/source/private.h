/* What source.c and record.c share. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_PRIVATE_H
#define HEADROOM_PROBES_HOST_SOURCE_PRIVATE_H

#include "probes/host/source/source.h"

struct manifest_entry {
	const char *path;
	int error;
};

struct source {
	struct arena *arena;
	int root_fd;
	bool live;
	int pid; /* 0: this process */
	char *buffer;
	size_t buffer_size;
	int record_fd;    /* -1: nothing is kept */
	int record_error; /* the first errno met while keeping */
	struct manifest_entry *manifest;
	size_t manifest_count, manifest_capacity;
};

/* An fd with O_CLOEXEC, or -1 with errno. */
int source_open(struct source *source, const char *path, int flags);

#endif
