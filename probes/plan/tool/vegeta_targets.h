/* vegeta's targets: which hosts they name, and which of them end their connection. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_VEGETA_TARGETS_H
#define HEADROOM_PROBES_PLAN_TOOL_VEGETA_TARGETS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/list.h"

/* The targets that it takes in turn. */
struct vegeta_targets {
	size_t count;           /* requests of one round */
	size_t closing;         /* of these, how many end their connection by a header */
	const char *closing_at; /* where the first of them says so, or NULL */
	bool without_host;      /* "http://:80" */
	bool tls;               /* all of them are encrypted */
	struct name_list hosts; /* "host:port" of each, in order; a URL that comes again counts again */
	struct name_list urls;  /* as written */
};

/* Reads the targets of a text in one of vegeta's two formats; `from` begins errors. A text without
 * a target is an error. */
bool vegeta_targets_read(struct arena *arena,
		const char *text,
		bool json,
		const char *from,
		struct vegeta_targets *ret,
		struct error *err);

#endif
