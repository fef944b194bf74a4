/* vegeta's targets: which hosts they name, and which of them close their connection. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_VEGETA_TARGETS_H
#define HEADROOM_PROBES_PLAN_TOOL_VEGETA_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

/* The targets, which vegeta uses in turn. */
struct vegeta_targets {
	size_t count;           /* requests in one round */
	size_t closing;         /* how many of these close their connection by a header */
	const char *closing_at; /* where the first of these is; NULL: none */
	bool without_host;      /* a URL has no host: "http://:80" */
	bool tls;               /* all of them are encrypted */
	struct name_list hosts; /* "host:port" of each target in order, repeated if the URL is */
	struct name_list urls;  /* as written */
};

/* Reads targets in one of vegeta's two formats. The text must have at least one. false with err,
 * which begins with `from`. */
bool vegeta_targets_read(struct arena *arena,
		const char *text,
		bool json,
		const char *from,
		struct vegeta_targets *ret,
		struct error *err);

#endif
