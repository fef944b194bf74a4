/* Each end goes as far as the host that goes least far; the path as far as its narrowest end. */
#include "model/fleet/path.h"

#include <math.h>

#include "model/load/egress.h"

static const char *const end_names[PATH_ENDS] = {"client", "nat", "proxy", "server"};

const char *path_end_name(enum path_end end)
{
	return end_names[end];
}

static const struct path_reach no_bound = {.scale = INFINITY};

/* True where the second stops first. What is not known stops nothing, but what is said of the
 * others is then a bound. */
static bool narrow(struct path_reach *so_far, const struct path_reach *one)
{
	if (isnan(one->scale)) {
		so_far->at_most = true;
		return false;
	}
	so_far->at_most |= one->at_most;
	if (!(one->scale < so_far->scale))
		return false;
	so_far->scale = one->scale;
	so_far->limit = one->limit;
	return true;
}

static void count_host(struct path_stage *stage, const struct path_host *host)
{
	if (!stage->given)
		*stage = (struct path_stage){.given = true,
				.role = host->role,
				.least = (double)NAN,
				.most = (double)NAN,
				.now = no_bound,
				.after = no_bound};
	if (stage->role != host->role)
		stage->role = FLEET_UNSAID;
	stage->hosts++;
	stage->least = fmin(stage->least, host->connections);
	stage->most = fmax(stage->most, host->connections);
}

/* A host that gets nothing stops nothing. */
static void count_in_host(struct path_stage *stage, const struct path_host *host, size_t at)
{
	count_host(stage, host);
	if (!host->judged) {
		stage->unknown++;
		stage->now.at_most = stage->after.at_most = true;
		return;
	}
	if (!(host->part > 0))
		return;
	if (narrow(&stage->now, &host->now))
		stage->narrowest_now = at;
	if (narrow(&stage->after, &host->after))
		stage->narrowest_after = at;
}

/* A limit of all together is used up by the whole plan: this host's share is a part of that. */
static struct path_reach of_all(const struct path_reach *shared, double part)
{
	struct path_reach reach = *shared;
	reach.scale *= part;
	return reach;
}

static void add_shared(struct path_stage *stage, const struct path_host *host, size_t at)
{
	struct path_reach now = of_all(&host->shared_now, host->part);
	struct path_reach after = of_all(&host->shared_after, host->part);
	if (!host->judged || !host->shared_now.limit || !(host->part > 0))
		return;
	count_host(stage, host);
	if (narrow(&stage->now, &now))
		stage->narrowest_now = at;
	if (narrow(&stage->after, &after))
		stage->narrowest_after = at;
}

static enum path_end main_end(enum fleet_role role)
{
	if (role == FLEET_PROXY)
		return PATH_PROXY;
	if (role == FLEET_SERVER)
		return PATH_SERVER;
	return PATH_CLIENT;
}

static void conclude(struct path *path)
{
	path->now = path->after = no_bound;
	path->narrowest_now = path->narrowest_after = PATH_ENDS;
	for (size_t i = 0; i < PATH_ENDS; i++) {
		const struct path_stage *stage = &path->stages[i];
		if (!stage->given)
			continue;
		if (narrow(&path->now, &stage->now))
			path->narrowest_now = (enum path_end)i;
		if (narrow(&path->after, &stage->after))
			path->narrowest_after = (enum path_end)i;
	}
	if (path->stages[PATH_CLIENT].given && path->stages[PATH_SERVER].given)
		return;
	path->now.at_most = path->after.at_most = true;
}

struct path path_through(const struct path_host *hosts, size_t count)
{
	struct path path = {0};
	for (size_t i = 0; i < count; i++) {
		const struct path_host *host = &hosts[i];
		count_in_host(&path.stages[main_end(host->role)], host, i);
		if (host->role == FLEET_BOTH)
			count_in_host(&path.stages[PATH_SERVER], host, i);
		add_shared(&path.stages[PATH_NAT], host, i);
	}
	conclude(&path);
	return path;
}

static bool is_by_address(struct arena *arena, const struct rules *rules, const char *text)
{
	struct egress egress;
	struct error err;
	if (!egress_read(arena, rules, text, &egress, &err) || !egress.rule)
		return false;
	return isnan(egress.rule->ports) && egress.rule->ports_by_vms.count == 0;
}

bool path_shares_egress(struct arena *arena, const struct rules *rules, const struct loads *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		const struct workload_value *egress = &plan->items[i].values[W_EGRESS];
		if (egress->set && is_by_address(arena, rules, egress->text))
			return true;
	}
	return false;
}
