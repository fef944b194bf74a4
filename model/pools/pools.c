/* Ports that are not free for a plan, judged pool by pool: the facts that follow. */
#include "model/pools/pools.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "model/pools/addresses.h"
#include "model/pools/bind.h"
#include "model/pools/connect.h"
#include "model/pools/sharing.h"

static const char in_use_key[] = "destination.in_use", blocked_key[] = "destination.blocked";
static const char sharing_key[] = "destination.sharing";

static const char *const pools_names[] = {
		"destination.in_use",
		"destination.in_use_best",
		"destination.in_use_worst",
		"destination.blocked",
		"destination.blocked_best",
		"destination.blocked_worst",
		"destination.sharing",
		"destination.sharing_best",
		"destination.sharing_worst",
};

bool pools_type(const char *name, enum unit *ret_unit)
{
	for (size_t i = 0; i < COUNT_OF(pools_names); i++) {
		if (strcmp(name, pools_names[i]) != 0)
			continue;
		*ret_unit = UNIT_COUNT;
		return true;
	}
	return false;
}

static void put_derived(const struct pool_view *view,
		const char *key,
		const char *instance,
		double number)
{
	struct fact *fact;
	fact = facts_put_number(view->facts, key, instance, number, UNIT_COUNT, "ss -tan");
	fact->origin = ORIGIN_DERIVED;
}

/* Not more ports than there are. */
static struct bounds within(const struct pool_view *view, struct bounds bounds)
{
	double best = fmin(bounds.best, view->size);
	double worst = fmax(best, bounds.worst);
	return bounds_of(best, fmin(worst, view->size));
}

static void put_bounds(const struct pool_view *view,
		const char *key,
		const char *instance,
		struct bounds bounds,
		const char *why)
{
	struct arena *arena = view->arena;
	const char *best = arena_printf(arena, "%s_best", key);
	const char *worst = arena_printf(arena, "%s_worst", key);
	put_derived(view, best, instance, bounds.best);
	put_derived(view, worst, instance, bounds.worst);
	if (bounds.best >= bounds.worst) {
		put_derived(view, key, instance, bounds.best);
		return;
	}
	const char *note =
			arena_printf(arena, "%.0f at best, %.0f at worst: %s", bounds.best, bounds.worst, why);
	facts_put_missing(view->facts, key, instance, FACT_SKIPPED, UNIT_COUNT, NULL, note)->origin =
			ORIGIN_DERIVED;
}

/* What is found out about one destination. */
struct finding_of {
	const char *destination;
	struct bounds use, blocked;
	const char *why;
	size_t at;             /* its place in the plan */
	struct bounds sharing; /* destinations of the plan that are this pool; 0: not counted */
};

static void pools_derive_one(const struct pool_view *view, struct finding_of *ret)
{
	static const char bound[] =
			"the kernel does not show which connected sockets called bind(); those "
			"block their port for every destination";
	static const char which[] = "not every socket could be assigned to a pool";
	bool none = pool_plan_says(view->workload, W_BIND, "none");
	bool noport = pool_plan_says(view->workload, W_BIND, "noport");
	ret->why = which;
	if (pool_plan_says(view->workload, W_PROTOCOL, "udp")) {
		ret->blocked = pool_bind_udp(view, ret->destination);
	} else if (none || noport) {
		ret->why = bound;
		pool_connect(view, ret->destination, &ret->use, &ret->blocked);
	} else {
		ret->blocked = pool_bind(view, ret->destination);
	}
}

static void pools_put(const struct pool_view *view, const struct finding_of *found)
{
	static const char which[] = "not every socket could be assigned to a pool";
	static const char nameless[] = "names without a known address may be one destination";
	struct bounds use = within(view, found->use);
	struct bounds blocked = within(view, found->blocked);
	put_bounds(view, in_use_key, found->destination, use, which);
	put_bounds(view, blocked_key, found->destination, blocked, found->why);
	if (found->sharing.best > 0)
		put_bounds(view, sharing_key, found->destination, found->sharing, nameless);
}

/* Fewer ports left come first, then the order of the plan. */
static int by_ports_left(const void *a, const void *b)
{
	const struct finding_of *left = a, *right = b;
	double left_taken = left->use.worst + left->blocked.worst;
	double right_taken = right->use.worst + right->blocked.worst;
	if (left->sharing.worst < right->sharing.worst)
		return 1;
	if (left->sharing.worst > right->sharing.worst)
		return -1;
	if (left_taken < right_taken)
		return 1;
	if (left_taken > right_taken)
		return -1;
	return (left->at > right->at) - (left->at < right->at);
}

static const struct workload_value *plan_destinations(const struct workload *workload)
{
	if (pool_plan_says(workload, W_ROLE, "proxy"))
		return &workload->values[W_UP_DESTINATIONS];
	return &workload->values[W_DESTINATIONS];
}

/* 0: the plan does not name them. */
static size_t plan_destination_count(const struct workload *workload)
{
	const struct workload_value *to = plan_destinations(workload);
	if (!to->list)
		return 0;
	return (size_t)to->number;
}

static void count_sharing(const struct pool_view *view, struct finding_of *found, size_t count)
{
	struct pool_sharing *all = arena_alloc(view->arena, (count + 1) * sizeof *all);
	const struct workload_value *to = plan_destinations(view->workload);
	for (size_t i = 0; i < count; i++) {
		all[i].destination = found[i].destination;
		all[i].weight = 1;
		if (to->weights)
			all[i].weight = to->weights[i];
	}
	pool_count_sharing(view, all, count);
	for (size_t i = 0; i < count; i++)
		found[i].sharing = all[i].names;
}

/* The destinations to look at. Of very many, only those that were the fullest before: facts are
 * derived again and again while fixes are tried. */
static struct finding_of *destinations_of(const struct facts *facts,
		const struct workload *workload,
		size_t *ret_count)
{
	const struct workload_value *to = plan_destinations(workload);
	size_t first, before = facts_instances(facts, in_use_key, &first);
	size_t count = plan_destination_count(workload);
	struct finding_of *found = arena_alloc(facts->arena, (count + 1) * sizeof *found);
	bool again = count > POOLS_JUDGED && before > 1;
	*ret_count = count;
	for (size_t i = 0; i < count && !again; i++) {
		found[i].destination = to->list[i];
		found[i].at = i;
	}
	if (!again)
		return found;
	*ret_count = 0;
	for (size_t i = first; i < first + before; i++) {
		const char *instance = facts->items[i]->instance;
		if (*instance == '\0' || *ret_count == count)
			continue;
		struct finding_of *one = &found[(*ret_count)++];
		one->destination = instance;
		one->at = i;
	}
	return found;
}

void pools_derive(struct facts *facts, const struct workload *workload)
{
	struct pool_view view = {
			.arena = facts->arena,
			.facts = facts,
			.workload = workload,
	};
	struct finding_of other = {.destination = "", .sharing = {1, 1}};
	size_t count;
	struct finding_of *found = destinations_of(facts, workload, &count);
	bool known = pool_view_open(&view);
	if (known)
		pools_derive_one(&view, &other);
	for (size_t i = 0; i < count && known; i++)
		pools_derive_one(&view, &found[i]);
	if (count == plan_destination_count(workload))
		count_sharing(&view, found, count);
	if (count > POOLS_JUDGED) {
		qsort(found, count, sizeof *found, by_ports_left);
		count = POOLS_JUDGED;
	}
	pools_put(&view, &other);
	for (size_t i = 0; i < count; i++)
		pools_put(&view, &found[i]);
	facts_sort(facts);
}
