/* Writes a snapshot tree: copies of files, and links. The probes decide what to keep and what is
 * secret. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_RECORD_H
#define HEADROOM_PROBES_HOST_SOURCE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct record {
	int directory_fd; /* descriptor of the tree's root, owned by the caller; -1: nothing is kept */
	int error;        /* the first errno while writing, after which nothing more is written */
};
#define RECORD_NONE ((struct record){.directory_fd = -1})

bool record_is_on(const struct record *record);
/* Records a file. `path` is relative to the root; missing directories are created. An existing file
 * or link stays unchanged. All functions here do nothing unless record_is_on. */
void record_file(struct record *record, const char *path, const char *bytes, size_t length);
void record_directory(struct record *record, const char *path);
void record_link(struct record *record, const char *path, const char *target);

#endif
