/* A snapshot: a directory with the raw files of a host, to be audited elsewhere. */
#ifndef HEADROOM_PROBES_HOST_SNAPSHOT_H
#define HEADROOM_PROBES_HOST_SNAPSHOT_H

#include <stdbool.h>

#include "base/error.h"
#include "probes/host/options.h"

/* Reads the live machine and stores the raw files under `dir`, which must be new or empty. The tree
 * is built under a temporary name next to it and then renamed, so `dir` is either complete or does
 * not exist. Secrets are left out. false with err. */
bool snapshot_take(const char *dir, const struct host_options *options, struct error *err);

#endif
