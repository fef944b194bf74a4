/* Reads the facts of a host from the live machine, a snapshot or a facts file. Reading changes
 * nothing on the host, puts no load on it, and leaves nothing behind. */
#ifndef HEADROOM_PROBES_HOST_HOST_H
#define HEADROOM_PROBES_HOST_HOST_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"
#include "probes/host/info.h"
#include "probes/host/options.h"

/* Returns false with err only for bad input: no such process, an unreadable snapshot, a bad facts
 * file, a bad --set. What cannot be read on the host becomes a fact with a status that says why. */
bool host_probe(struct arena *arena,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err);

#endif
