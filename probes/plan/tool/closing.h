/* What it means for a plan that a load test opens a new connection for each request. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_CLOSING_H
#define HEADROOM_PROBES_PLAN_TOOL_CLOSING_H

#include "probes/plan/plan.h"

/* Returns true for "Connection: close" in the form of a tool's -H; some tools take
 * "Connection=close". */
bool header_closes(const char *header);
/* The same for the value alone: "close", "Close, TE". */
bool header_value_closes(const char *value);

/* Returns true if the text seems to set that header: "close" follows "connection". */
bool text_closes(const char *text);

/* Plans one connection for each request. The server most likely closes it, because the header asks
 * it to (measured against nginx: the client closed 0.02-2.6% of the connections first); with
 * plan->tls few are closed by both sides at once. W_CONNECTIONS must already be the number of live
 * connections. At most `most_opened` connections are opened, and at most within one second; NAN: no
 * such bound, so the user is asked for a rate, with the reason `why`. A rate, requests per second
 * or a latency that the user gave takes precedence. */
void plan_closes_each(struct plan *plan,
		const struct plan_context *context,
		double most_opened,
		const char *why,
		const char *from);

#endif
