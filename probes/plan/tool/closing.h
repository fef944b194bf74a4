/* Tools that close after each request: what that makes of the plan. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_CLOSING_H
#define HEADROOM_PROBES_PLAN_TOOL_CLOSING_H

#include "probes/plan/plan.h"

/* "Connection: close", as a tool's -H takes it. */
bool header_closes(const char *header);

/* A script or file that seems to set that header: "connection" with "close" right behind it. */
bool text_closes(const char *text);

/* Each request opens a connection that the server closes: likely, since it was asked to (0.02-2.6 %
 * of the closes were the client's, measured against nginx). W_CONNECTIONS holds how many are live.
 * The rate is what `most_opened` connections (NAN: no bound) within the 60 s of TIME_WAIT give at
 * most; without a bound it is asked for because of `why`. A rate, requests per second or a latency
 * of the user decides instead. */
void plan_closes_each(struct plan *plan,
		const struct plan_context *context,
		double most_opened,
		const char *why,
		const char *from);

#endif
