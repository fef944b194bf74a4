/* One run of the probes over a given source; shared by host_probe and host_snapshot. */
#ifndef HEADROOM_PROBES_HOST_SNAPSHOT_H
#define HEADROOM_PROBES_HOST_SNAPSHOT_H

#include "probes/host/host.h"
#include "probes/host/source/source.h"

bool probe_source(struct arena *arena,
		struct source *source,
		const struct host_options *options,
		struct facts *ret_facts,
		struct host_info *ret_info,
		struct error *err);

#endif
