/* What a user of the simulation does: requests, pauses, hosts, and how the protocol treats
 * connections. */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/gatling/gatling.h"

enum {
	LOOPS_MAX = 64
};

/* Connections of a user to a host, where a page's resources are fetched (gatling-defaults.conf,
 * maxConnectionsPerHost). */
static const double resources_per_host = 6;

static void add_simulation_target(struct gatling_simulation *simulation, const char *url)
{
	struct error ignored;
	const char *target = plan_url_target(simulation->source->arena, url, &ignored);
	if (!target || simulation->target_count == GATLING_TARGETS_MAX)
		return;
	for (size_t i = 0; i < simulation->target_count; i++)
		if (strcmp(simulation->targets[i], target) == 0)
			return;
	simulation->targets[simulation->target_count++] = target;
	simulation->tls_count += plan_url_is_tls(url);
}

/* URLs in the strings of the arguments of each such call. */
static void urls_of(struct gatling_simulation *simulation, const char *name)
{
	const struct gatling_text *source = simulation->source;
	const char *at = gatling_call(source, NULL, name);
	const char *end;
	for (; at; at = gatling_call(source, at + 1, name)) {
		const char *inside = gatling_inside(source, at, &end);
		while (inside && inside < end) {
			const char *comma = gatling_argument_end(source, inside, end);
			const char *url = gatling_text_of(source, inside, comma);
			if (url && strstr(url, "://"))
				add_simulation_target(simulation, url);
			inside = comma + 1;
		}
	}
}

/* A loop of a user, from its name to the end of what it runs. */
struct user_loop {
	const char *begin;
	const char *end;
	double times; /* NAN: not known */
};

struct user_loops {
	const struct gatling_text *source;
	struct user_loop items[LOOPS_MAX];
	size_t count;
};

/* The end of what a loop runs: repeat(5) { … }, repeat(5).on(…); NULL: neither follows. */
static const char *end_of_body(const struct gatling_text *source, const char *after)
{
	const char *end;
	size_t depth = 0;
	after += strspn(after, " \t\r\n");
	if (text_begins_with(after, ".on")) {
		if (gatling_inside(source, after, &end))
			return end;
		return NULL;
	}
	if (*after != '{')
		return NULL;
	const char *most = after + strnlen(after, GATLING_INSIDE_MAX);
	for (; after < most; after++) {
		depth += *after == '{';
		depth -= *after == '}';
		if (!depth)
			return after;
	}
	return NULL;
}

/* Adds the loops of that name; one that says no literal number runs NAN times. */
static void find_loops_named(struct user_loops *loops, const char *name)
{
	const struct gatling_text *source = loops->source;
	const char *at = gatling_call(source, NULL, name);
	const char *end;
	for (; at && loops->count < LOOPS_MAX; at = gatling_call(source, at + 1, name)) {
		const char *inside = gatling_inside(source, at, &end);
		const char *close = NULL;
		if (inside)
			close = end_of_body(source, end + 1);
		if (!close)
			continue;
		struct user_loop *loop = &loops->items[loops->count++];
		*loop = (struct user_loop){at, close, NAN};
		const char *comma = gatling_argument_end(source, inside, end);
		if (strcmp(name, "repeat") == 0)
			loop->times = gatling_number(source, inside, comma);
	}
}

static void find_loops(struct user_loops *loops)
{
	static const char *const names[] = {
			"repeat",
			"forever",
			"asLongAs",
			"doWhile",
			"foreach",
			"during",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		find_loops_named(loops, names[i]);
}

/* How often what stands here runs in the life of a user; NAN: not known. */
static double times_at(const struct user_loops *loops, const char *place)
{
	double times = 1;
	if (loops->count == LOOPS_MAX)
		return (double)NAN;
	for (size_t i = 0; i < loops->count; i++) {
		const struct user_loop *loop = &loops->items[i];
		if (place > loop->begin && place < loop->end)
			times *= loop->times;
	}
	return times;
}

/* pause(2), pause(1, 3): the middle of it. */
static double pause_at(const struct gatling_text *source, const char *call)
{
	const char *end;
	const char *inside = gatling_inside(source, call, &end);
	if (!inside)
		return (double)NAN;
	const char *comma = gatling_argument_end(source, inside, end);
	double first = gatling_time(source, inside, comma);
	if (comma >= end)
		return first;
	double second = gatling_time(source, comma + 1, end);
	if (isnan(second))
		return first;
	return (first + second) / 2;
}

static void count_pauses(struct gatling_simulation *simulation, const struct user_loops *loops)
{
	const struct gatling_text *source = simulation->source;
	const char *at = gatling_call(source, NULL, "pause");
	for (; at; at = gatling_call(source, at + 1, "pause"))
		simulation->pause_s += pause_at(source, at) * times_at(loops, at);
}

/* http("name") begins a request; a protocol is `http` without a name. */
static void count_requests(struct gatling_simulation *simulation, const struct user_loops *loops)
{
	const struct gatling_text *source = simulation->source;
	const char *at = gatling_call(source, NULL, "http");
	const char *end;
	for (; at; at = gatling_call(source, at + 1, "http")) {
		const char *inside = gatling_inside(source, at, &end);
		if (inside && inside < end)
			simulation->requests += times_at(loops, at);
	}
}

static const char *place_of_call(const struct gatling_text *source, const char *name)
{
	const char *at = gatling_call(source, NULL, name);
	if (at)
		return gatling_where(source, at);
	at = source->code;
	while ((at = strstr(at, name))) { /* Scala calls some without parentheses */
		if (at > source->code && at[-1] == '.')
			return gatling_where(source, at);
		at += strlen(name);
	}
	return NULL;
}

static bool argument_is(const struct gatling_text *source,
		const char *at,
		const char *end,
		const char *wanted)
{
	const char *string = gatling_string(source, at, end);
	return string && strcasecmp(string, wanted) == 0;
}

/* connectionHeader("close") */
static const char *closing_shorthand(const struct gatling_text *source)
{
	static const char name[] = "connectionHeader";
	const char *at = gatling_call(source, NULL, name);
	const char *end;
	for (; at; at = gatling_call(source, at + 1, name)) {
		const char *inside = gatling_inside(source, at, &end);
		if (inside && argument_is(source, inside, end, "close"))
			return gatling_where(source, at);
	}
	return NULL;
}

/* header("Connection", "close"), or the shorthand of it */
static const char *closing_header(const struct gatling_text *source)
{
	static const char name[] = "header";
	const char *at = gatling_call(source, NULL, name);
	const char *end;
	for (; at; at = gatling_call(source, at + 1, name)) {
		const char *inside = gatling_inside(source, at, &end);
		if (!inside || !argument_is(source, inside, end, "connection"))
			continue;
		const char *comma = gatling_argument_end(source, inside, end);
		if (comma < end && argument_is(source, comma + 1, end, "close"))
			return gatling_where(source, at);
	}
	return closing_shorthand(source);
}

static double argument_of(const struct gatling_text *source, const char *name, bool is_time)
{
	const char *at = gatling_call(source, NULL, name);
	const char *end;
	const char *inside = NULL;
	if (at)
		inside = gatling_inside(source, at, &end);
	if (!inside)
		return (double)NAN;
	if (is_time)
		return gatling_time(source, inside, end);
	return gatling_number(source, inside, end);
}

void gatling_protocol(struct gatling_simulation *simulation)
{
	static const char *const with_urls[] = {
			"baseUrl",
			"baseUrls",
			"baseURL",
			"wsBaseUrl",
			"get",
			"post",
			"put",
			"delete",
			"patch",
			"head",
			"options",
			"connect",
	};
	const struct gatling_text *source = simulation->source;
	for (size_t i = 0; i < COUNT_OF(with_urls); i++)
		urls_of(simulation, with_urls[i]);
	struct user_loops loops = {.source = source};
	find_loops(&loops);
	count_pauses(simulation, &loops);
	count_requests(simulation, &loops);
	if (!*source->calls_left)
		simulation->requests = NAN; /* more than is looked at */
	simulation->per_host = 1;
	if (place_of_call(source, "inferHtmlResources")) {
		double said = argument_of(source, "maxConnectionsPerHost", false);
		simulation->per_host = resources_per_host;
		if (said >= 1)
			simulation->per_host = said;
	}
	if (place_of_call(source, "enableHttp2"))
		simulation->per_host = 1;
	simulation->max_s = argument_of(source, "maxDuration", true);
	simulation->shared_at = place_of_call(source, "shareConnections");
	simulation->closes_at = closing_header(source);
	simulation->bound_at = place_of_call(source, "localAddress");
	const char *websocket = gatling_call(source, NULL, "ws");
	if (websocket)
		simulation->websocket_at = gatling_where(source, websocket);
}
