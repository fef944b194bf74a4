/* Writing a snapshot tree: copies of files, and links. What is worth keeping, and what is secret,
 * is decided by the probes. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_RECORD_H
#define HEADROOM_PROBES_HOST_SOURCE_RECORD_H

#include <stdbool.h>
#include <stddef.h>

struct record {
	int directory_fd; /* the root of the tree, the caller's; -1: nothing is kept */
	int error;        /* the first errno met while writing; nothing is written after it */
};
#define RECORD_NONE ((struct record){.directory_fd = -1})

bool record_is_on(const struct record *record);
/* Records the file. `path` is relative to the root; missing directories are made. A file or link
 * that exists already is left unchanged. All functions here do nothing unless record_is_on. */
void record_file(struct record *record, const char *path, const char *bytes, size_t length);
void record_directory(struct record *record, const char *path);
void record_link(struct record *record, const char *path, const char *target);

#endif
