#include "probes/plan/tool/closing.h"

#include <math.h>
#include <string.h>
#include <strings.h>

bool header_value_closes(const char *value)
{
	for (const char *at = value; *at; at++)
		if (!strncasecmp(at, "close", 5))
			return true;
	return false;
}

bool header_closes(const char *header)
{
	static const char name[] = "connection";
	if (strncasecmp(header, name, sizeof name - 1) != 0)
		return false;
	const char *colon = header + sizeof name - 1;
	colon += strspn(colon, " \t");
	return (*colon == ':' || *colon == '=') && header_value_closes(colon);
}

bool text_closes(const char *text)
{
	for (const char *at = text; *at; at++) {
		if (strncasecmp(at, "connection", 10))
			continue;
		const char *value = at + 10 + strspn(at + 10, "\"'] \t=:");
		bool assigned = strcspn(at + 10, "=:") < (size_t)(value - at - 10);
		if (assigned && !strncasecmp(value, "close", 5))
			return true;
	}
	return false;
}

/* Nothing says how fast so many connections are opened: at most all within a second, in which no
 * closed one gives its port back. */
static void bound_rate(struct plan *plan, double most_opened, const char *from)
{
	static const double at_least_s = 1;
	plan_number(plan, W_OPEN_RATE, most_opened / at_least_s, CONFIDENCE_BOUND, from);
}

static bool over_loopback(const struct plan *plan, const struct plan_context *context)
{
	return workload_any_loopback(&plan->workload, W_DESTINATIONS) ||
			workload_any_loopback(context->given, W_DESTINATIONS);
}

/* Over TLS the server says goodbye before it closes. A client that closes meanwhile has not read
 * that: it resets the connection, and nobody keeps TIME_WAIT (docs/ACCURACY.md: 84 runs). */
static void close_over_tls(struct plan *plan)
{
	static const double most = 0.05;
	plan_number(plan,
			W_CLIENT_CLOSES,
			most,
			CONFIDENCE_ESTIMATE,
			"https: connections end by reset (measured: at most 1.5% did not)");
}

void plan_closes_each(struct plan *plan,
		const struct plan_context *context,
		double most_opened,
		const char *why,
		const char *from)
{
	bool said = context->given->values[W_OPEN_RATE].set || context->given->values[W_REQUESTS].set ||
			context->given->values[W_LIFETIME].set || plan->workload.values[W_REQUESTS].set;
	double latency = plan_given(context, W_LATENCY);
	plan_choice(plan, W_CLOSER, "server", CONFIDENCE_ESTIMATE, from);
	if (plan->tls && !over_loopback(plan, context))
		close_over_tls(plan);
	plan_number(plan, W_REQUESTS_PER_CONNECTION, 1, CONFIDENCE_EXACT, from);
	if (!isnan(most_opened))
		plan_number(plan, W_OPENS_TOTAL, most_opened, CONFIDENCE_EXACT, from);
	if (!said && !isnan(latency))
		plan_number(plan,
				W_LIFETIME,
				latency,
				CONFIDENCE_ESTIMATE,
				"--latency: a request per connection");
	else if (!said && !isnan(most_opened))
		bound_rate(plan, most_opened, from);
	plan_ask(plan, context, why, W_OPEN_RATE, W_REQUESTS, W_LATENCY, W_LIFETIME, WORKLOAD_FIELDS);
}
