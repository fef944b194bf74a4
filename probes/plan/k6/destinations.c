/* Where k6 connects to: the hosts of its script, or the proxies in front of them. */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "probes/plan/k6/k6.h"
#include "probes/plan/tool/go_client.h"

enum {
	TIMES_MAX = 200
};

/* What Go's transport keeps apart: a proxied http host shares its connections with all others. */
struct route {
	struct name_list pools, to;
	const char *proxy_from;
};

/* options.hosts: {"a.example": "10.0.0.5", "*.b.example:443": "10.0.0.6:8443"}
 * (lib/types/hosts.go). */
static const char *named_in_hosts(struct k6 *k6, const char *target)
{
	const char *colon = strrchr(target, ':');
	const char *name = arena_copy(k6->arena, target, (size_t)(colon - target));
	const struct tree_node *at = NULL;
	if (k6->options && tree_child(k6->options, "hosts")) {
		at = tree_child(k6->options, "hosts")->child;
	}
	for (; at; at = at->next) {
		bool suffix = *at->name == '*';
		bool fits = strcmp(at->name, target) == 0 || strcmp(at->name, name) == 0;
		if (suffix) {
			fits = text_ends_with(target, at->name + 1) || text_ends_with(name, at->name + 1);
		}
		if (!fits || !*at->text) {
			continue;
		}
		bool has_port = strchr(at->text, ':') && !strchr(strchr(at->text, ':') + 1, ':');
		if (has_port) {
			return at->text;
		}
		return arena_printf(k6->arena, "%s%s", at->text, colon);
	}
	return target;
}

/* How many VUs more than at the host with the fewest talk to it: it is named as often. */
static size_t times_of(const struct k6 *k6, const char *target)
{
	double here = 0, least = INFINITY;
	if (!k6->has_load || !k6->script.read) {
		return 1;
	}
	for (size_t t = 0; t < k6->all.hosts.targets.count; t++) {
		const char *name = k6->all.hosts.targets.items[t];
		double vus = 0;
		for (size_t i = 0; i < k6->load.scenario_count; i++) {
			if (name_list_has(&k6->roots[i]->hosts.targets, name)) {
				vus += k6->load.scenarios[i].vus_max;
			}
		}
		if (strcmp(name, target) == 0) {
			here = vus;
		}
		if (vus > 0) {
			least = fmin(least, vus);
		}
	}
	double times = ceil(here / least);
	if (times > TIMES_MAX) {
		return TIMES_MAX;
	}
	if (!(times > 1)) {
		return 1;
	}
	return (size_t)times;
}

static bool k6_add_target(struct k6 *k6, const char *target, struct route *route)
{
	const char *proxy = NULL, *variable = NULL;
	const char *pool = target, *to = named_in_hosts(k6, target);
	bool tls = name_list_has(&k6->all.hosts.encrypted, target);
	if (!go_proxy(k6->context, k6->command, target, tls, &proxy, &variable, k6->err)) {
		return false;
	}
	if (proxy && !tls) {
		pool = proxy;
	}
	if (proxy) {
		to = proxy;
		route->proxy_from = variable;
	}
	name_list_add_once(k6->arena, &route->pools, pool);
	for (size_t i = times_of(k6, target); i; i--) {
		name_list_append(k6->arena, &route->to, to);
	}
	return true;
}

static void ask_hosts(struct k6 *k6)
{
	const struct k6_hosts *hosts = &k6->all.hosts;
	const char *why = "the script's text names no host (a VU opens a connection to each host it "
					  "talks to)";
	if (hosts->missing)
		why = arena_printf(k6->arena,
				"the script takes its host from __ENV.%s (%s), which is not set; set it with -e "
				"%s=URL in the command",
				hosts->missing,
				hosts->unknown_at,
				hosts->missing);
	plan_ask(k6->plan, k6->context, why, W_DESTINATIONS, W_CONNECTIONS, WORKLOAD_FIELDS);
}

static void note_unknown(struct k6 *k6)
{
	const struct k6_hosts *hosts = &k6->all.hosts;
	const char *because = "";
	if (!hosts->unknown_at)
		return;
	if (hosts->missing)
		because = arena_printf(k6->arena, " (__ENV.%s is not set)", hosts->missing);
	plan_find(k6->plan,
			"plan-k6-hosts",
			"note",
			hosts->unknown_at,
			arena_printf(k6->arena,
					"The script builds this address while it runs%s. Only hosts that are written "
					"out are counted; name all hosts with --to.",
					because));
}

/* What is not read may talk to other hosts. */
static void note_unread(struct k6 *k6)
{
	const struct js_program *program = &k6->script.program;
	if (!program->unread) {
		return;
	}
	plan_find(k6->plan,
			"plan-k6-module",
			"note",
			program->unread,
			"This module belongs to the script but cannot be read here, so its requests are not "
			"counted. Name all hosts with --to.");
}

bool k6_set_hosts(struct k6 *k6)
{
	const struct k6_hosts *hosts = &k6->all.hosts;
	struct route route = {0};
	k6->hosts = plan_given(k6->context, W_DESTINATIONS);
	if (!isnan(k6->hosts)) {
		return true;
	}
	note_unread(k6);
	if (!hosts->targets.count) {
		ask_hosts(k6);
		return true;
	}
	for (size_t i = 0; i < hosts->targets.count; i++)
		if (!k6_add_target(k6, hosts->targets.items[i], &route))
			return false;
	k6->hosts = (double)route.pools.count;
	k6->plan->tls = hosts->tls && !hosts->plain && !hosts->unknown_at && !route.proxy_from;
	note_unknown(k6);
	const char *from = arena_printf(k6->arena, "%s: URLs in the text", k6->path);
	if (route.proxy_from)
		from = route.proxy_from;
	const char **items = route.to.items;
	size_t count = route.to.count;
	return plan_destinations(k6->plan, items, count, CONFIDENCE_ESTIMATE, from, k6->err);
}
