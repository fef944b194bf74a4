/* Runs all probes on a source. */
#ifndef HEADROOM_PROBES_HOST_RUN_H
#define HEADROOM_PROBES_HOST_RUN_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"
#include "probes/host/info.h"
#include "probes/host/options.h"
#include "probes/host/source/source.h"

/* Opens this machine as a source, with its files where the options say. Returns NULL with err. Free
 * with source_close. */
struct source *run_source(struct arena *arena,
		const struct host_options *options,
		int pid,
		struct error *err);

/* Fills *ret_facts and *ret_info, which must be empty. Returns false with err only if there is no
 * way back from the network namespace of another process. */
bool run_probes(struct arena *arena,
		struct source *source,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err);

#endif
