/* How many sockets a VU keeps open: one for each host that its scenario talks to, and what
 * http.batch adds. Source (k6 2.2.0): lib/netext/httpext/batch.go, internal/js/runner.go. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/k6/k6.h"

enum {
	BATCH = 20,
	BATCH_PER_HOST = 6,
	MASKS_MAX = 512
};

/* http.batch goes to each host up to batchPerHost at once, and up to batch in all. */
struct batch {
	double all, per_host;
};

/* Hosts that HTTP connects to: as many sockets. */
static double sockets_of_http(const struct batch *batch, const struct k6_root *root, double hosts)
{
	double sockets = hosts;
	double per_host = fmin(batch->per_host, root->batch_longest);
	if (root->batch_at) {
		sockets = batch->all;
		if (batch->per_host > 0)
			sockets = fmax(per_host * hosts, hosts);
		if (batch->all > 0)
			sockets = fmin(fmax(batch->all, hosts), sockets);
		sockets = fmax(fmin(sockets, hosts + root->batch_more), hosts);
	}
	double parallel = root->parallel;
	if (!root->batch_at)
		parallel--; /* one of them uses what is there */
	if (isfinite(parallel) && hosts > 0)
		sockets += fmax(0, parallel);
	return sockets;
}

/* Sockets of WebSocket and gRPC that a VU has open at a time, at most. */
static double open_beside(const struct k6_root *root)
{
	double open = root->connects_once + root->connects_at_once + root->nested;
	if (!isfinite(open))
		return 0; /* asked for */
	return open;
}

/* All sockets of a VU that talks to so many hosts. */
static double sockets_of(const struct batch *batch, const struct k6_root *root, double hosts)
{
	double of_sockets = 0;
	for (size_t i = 0; i < root->hosts.targets.count; i++)
		of_sockets += !name_list_has(&root->hosts.kept, root->hosts.targets.items[i]);
	of_sockets = fmin(of_sockets, hosts - 1);
	if (!root->speaks_http)
		of_sockets = hosts;
	double of_http = sockets_of_http(batch, root, hosts - of_sockets);
	return of_http + fmax(of_sockets, open_beside(root));
}

/* All scenarios alike: as many as the one with the most. */
static void one_group(struct k6 *k6, const struct batch *batch, struct k6_group *group)
{
	group->sockets = 0;
	for (size_t i = 0; i < k6->load.scenario_count; i++) {
		const struct k6_root *root = k6->roots[i];
		double here = k6->hosts;
		if (root) {
			double others = k6_hosts_of_others(&root->hosts);
			here = sockets_of(batch, root, fmax(1, k6->hosts - others));
		}
		group->in[i] = true;
		group->sockets = fmax(group->sockets, here);
	}
}

/* Adds the sockets to the group with the same scenarios, or to a new one. */
static void k6_add_sockets(struct k6_group *groups, size_t *count, const struct k6_group *more)
{
	size_t i = 0;
	while (i < *count && memcmp(groups[i].in, more->in, sizeof more->in) != 0) {
		i++;
	}
	if (i == MASKS_MAX) {
		return;
	}
	if (i == *count) {
		groups[i] = *more;
		groups[i].sockets = 0;
		++*count;
	}
	groups[i].sockets += more->sockets;
}

/* A group for the scenarios of each host. */
static size_t group_hosts(struct k6 *k6, const struct batch *batch, struct k6_group *groups)
{
	size_t count = 0;
	const struct name_list *targets = &k6->all.hosts.targets;
	for (size_t t = 0; t < targets->count; t++) {
		struct k6_group one = {.sockets = 1};
		for (size_t i = 0; i < k6->load.scenario_count; i++) {
			one.in[i] = name_list_has(&k6->roots[i]->hosts.targets, targets->items[t]);
		}
		k6_add_sockets(groups, &count, &one);
	}
	for (size_t i = 0; i < k6->load.scenario_count; i++) {
		struct k6_group one = {0};
		one.in[i] = true;
		double hosts = (double)k6->roots[i]->hosts.targets.count;
		one.sockets = sockets_of(batch, k6->roots[i], hosts) - hosts;
		if (one.sockets <= 0) {
			continue;
		}
		k6_add_sockets(groups, &count, &one);
	}
	return count;
}

/* Do the scenarios run functions that differ, and are all of their hosts known? */
static bool differs(const struct k6 *k6)
{
	bool different = false;
	double known = (double)k6->all.hosts.targets.count;
	if (!k6->script.read || k6->hosts != known || k6->load.scenario_count > MASKS_MAX / 4) {
		return false;
	}
	for (size_t i = 0; i < k6->load.scenario_count; i++) {
		const struct k6_root *root = k6->roots[i];
		different |= root != k6->roots[0];
		if (!root->hosts.targets.count || root->hosts.unknown_at) {
			return false;
		}
	}
	return different;
}

static bool read_batch(const struct k6 *k6, struct batch *ret)
{
	const char *from;
	*ret = (struct batch){BATCH, BATCH_PER_HOST};
	if (!k6_number(k6, K6_O_BATCH, &ret->all, &from)) {
		return false;
	}
	return k6_number(k6, K6_O_PER_HOST, &ret->per_host, &from);
}

double k6_sockets(const struct k6 *k6, const struct k6_root *root, double hosts)
{
	struct batch batch;
	if (!read_batch(k6, &batch)) {
		return NAN;
	}
	return sockets_of(&batch, root, hosts);
}

/* Why a VU has another number of sockets than of hosts. */
static const char *what_multiplies(const struct k6 *k6, const struct batch *batch)
{
	const struct k6_root *all = &k6->all;
	if (all->batch_at)
		return arena_printf(k6->arena,
				" (http.batch at %s: batch %g, per host %g)",
				all->batch_at,
				batch->all,
				batch->per_host);
	const char *const places[] = {
			all->websocket_at,
			all->websocket_once_at,
			all->grpc_at,
			all->grpc_once_at,
	};
	for (size_t i = 0; i < COUNT_OF(places); i++)
		if (places[i])
			return arena_printf(k6->arena, " (separate connections at %s)", places[i]);
	if (all->hosts.by_vu.count)
		return " (each VU has its own host)";
	return " (requests in parallel)";
}

struct k6_group *k6_groups(struct k6 *k6, size_t *ret_count, const char **ret_from)
{
	struct k6_group *groups = arena_alloc(k6->arena, MASKS_MAX * sizeof *groups);
	struct batch batch;
	if (!read_batch(k6, &batch)) {
		return NULL;
	}
	*ret_from = "";
	*ret_count = 1;
	if (differs(k6)) {
		*ret_count = group_hosts(k6, &batch, groups);
		*ret_from = " × hosts per scenario";
		return groups;
	}
	one_group(k6, &batch, groups);
	if (groups->sockets != k6->hosts) {
		const char *because = what_multiplies(k6, &batch);
		*ret_from = arena_printf(k6->arena, " × %g%s", groups->sockets, because);
	} else if (k6->hosts > 1) {
		*ret_from = arena_printf(k6->arena, " × %g hosts", k6->hosts);
	}
	return groups;
}

double k6_idle_per_host(const struct k6 *k6)
{
	struct batch batch;
	if (!read_batch(k6, &batch) || batch.per_host <= 0) {
		return BATCH_PER_HOST;
	}
	return batch.per_host;
}
