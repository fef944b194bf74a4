/* The files that headroom 0.1 read. Its snapshots do not say which of them did not exist. */
#ifndef HEADROOM_PROBES_HOST_SOURCE_FIRST_RELEASE_H
#define HEADROOM_PROBES_HOST_SOURCE_FIRST_RELEASE_H

#include <stdbool.h>

/* If the tree lacks it, the host did not have it. false: 0.1 did not ask for this file. */
bool first_release_read(const char *path);

#endif
