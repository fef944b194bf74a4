/* Load tests that open a new connection for each request: what that means for the plan. */
#ifndef HEADROOM_PROBES_PLAN_TOOL_CLOSING_H
#define HEADROOM_PROBES_PLAN_TOOL_CLOSING_H

#include "probes/plan/plan.h"

/* Is this "Connection: close", as a tool's -H takes it? Some take "Connection=close". */
bool header_closes(const char *header);
/* The same of the value alone: "close", "Close, TE". */
bool header_value_closes(const char *value);

/* Does this script or file seem to set that header? It does if "close" follows "connection". */
bool text_closes(const char *text);

/* Plans one connection for each request. The server most likely closes it, because the header asks
 * it to (measured against nginx: the client closed 0.02-2.6% of the connections first).
 * W_CONNECTIONS is the number of live connections already. `most_opened` connections are opened in
 * all, at most within a second; NAN: there is no such bound, and the user is asked for a rate;
 * `why` says why. What the user gave (a rate, requests per second or a latency) takes precedence.
 * Where plan->tls is set, few connections are closed by both sides at once. */
void plan_closes_each(struct plan *plan,
		const struct plan_context *context,
		double most_opened,
		const char *why,
		const char *from);

#endif
