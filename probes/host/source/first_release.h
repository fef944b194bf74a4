/* The files that headroom 0.1 read. Its snapshots do not say which of them did not exist. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_FIRST_RELEASE_H
#define HEADROOM_PROBES_HOST_SOURCE_FIRST_RELEASE_H

#include <stdbool.h>

/* Returns true if 0.1 read this file, so that a tree without it means that the host did not have
 * it. */
bool first_release_read(const char *path);

#endif
