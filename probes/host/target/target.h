/* Facts of the host about the destinations of a plan: the addresses of their names, the pools of
 * ports to them, and the local address that connections to them get. */
#ifndef HEADROOM_PROBES_HOST_TARGET_TARGET_H
#define HEADROOM_PROBES_HOST_TARGET_TARGET_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/fact.h"
#include "probes/host/info.h"
#include "probes/host/options.h"

struct targets {
	const char *const *items; /* HOST:PORT, HOST, [IPV6]:PORT */
	size_t count;
	const char *const *resolves; /* --resolve HOST:PORT:ADDRESS[,ADDRESS…] */
	size_t resolve_count;
};

/* Puts name.addresses, route.source and the pools. Names are resolved only on the live machine; for
 * a snapshot its /etc/hosts counts. Returns false with err only for a bad --resolve. */
bool target_facts(struct arena *arena,
		const struct host_options *options,
		const struct host_info *info,
		const struct targets *targets,
		struct facts *facts,
		struct error *err);

#endif
