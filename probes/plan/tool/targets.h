/* Files of URLs, as vegeta and siege read them: which hosts they name. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_TARGETS_H
#define HEADROOM_PROBES_PLAN_TOOL_TARGETS_H

#include "probes/plan/plan.h"

enum targets_format {
	TARGETS_HTTP, /* "GET http://h/" per target, then headers and @body */
	TARGETS_JSON, /* {"method":"GET","url":"http://h/"} per line */
	TARGETS_URLS  /* a URL per line, # comments, NAME=VALUE lines (siege) */
};

/* Sets the destinations, and plan->tls if all of them are encrypted; err names the line. A text
 * without a target is an error. */
bool targets_read(struct plan *plan,
		const char *text,
		enum targets_format format,
		const char *from,
		struct error *err);

#endif
