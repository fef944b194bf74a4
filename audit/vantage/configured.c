/* Facts of a process that does not run, from its configuration. They are no values that somebody
 * gives: what --set gives comes before them. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "audit/rules/fact_types.h"
#include "audit/vantage/new_network.h"
#include "audit/vantage/vantage.h"
#include "base/array.h"
#include "probes/host/facts/given.h"

struct configuring {
	const struct vantage *vantage;
	struct facts *facts;
	struct error *err;
};

static bool is_given(const struct facts *facts, const char *key)
{
	const struct fact *fact = facts_get(facts, key, "");
	return fact && fact->origin == ORIGIN_GIVEN;
}

static const char *where_of(const struct configuring *c, const struct configured *item)
{
	return arena_printf(c->facts->arena, "%s: %s", c->vantage->shown, item->where);
}

static bool put_text_value(const struct configuring *c, const struct configured *item)
{
	struct error why = {0};
	if (!given_put(c->facts, item->key, NULL, item->value, where_of(c, item), &why))
		return error_set(c->err, "%s: %s: %s", c->vantage->shown, item->key, why.text);
	facts_sort(c->facts);
	size_t first;
	if (facts_instances(c->facts, item->key, &first) > 0)
		c->facts->items[first]->origin = ORIGIN_READ;
	return true;
}

/* The kernel gives no process more files than fs.nr_open (kernel/sys.c, do_prlimit()), and systemd
 * sets the most there is for LimitNOFILE=infinity. */
static void put_files(const struct configuring *c, const struct configured *item, double number)
{
	static const char key[] = "fs.nr_open";
	double most = facts_number(c->facts, key);
	const char *where = where_of(c, item);
	if (isinf(number) && isnan(most)) {
		facts_put_missing(c->facts,
				item->key,
				"",
				FACT_SKIPPED,
				UNIT_COUNT,
				where,
				"infinity, that is fs.nr_open, which is not known");
		return;
	}
	bool capped = number > most;
	if (capped)
		number = most;
	struct fact *fact = facts_put_number(c->facts, item->key, NULL, number, UNIT_COUNT, where);
	if (capped)
		fact->note = arena_printf(c->facts->arena, "%s, which is %s", item->value, key);
}

/* A limit of a control group that its parents may have as well. */
struct group_keys {
	const char *max, *current, *group, *unit;
	enum unit quantity;
};

static const struct group_keys groups[] = {
		{"cgroup.pids.max",
				"cgroup.pids.current",
				"cgroup.pids.group",
				"cgroup.pids.unit",
				UNIT_COUNT},
		{"cgroup.memory.max", "cgroup.memory.current", NULL, NULL, UNIT_BYTES},
};
static const struct group_keys next_group = {"cgroup.pids.next.max",
		"cgroup.pids.next.current",
		"cgroup.pids.next.group",
		"cgroup.pids.next.unit",
		UNIT_COUNT};

static const struct group_keys *group_keys_of(const char *key)
{
	for (size_t i = 0; i < COUNT_OF(groups); i++) {
		if (strcmp(groups[i].max, key) == 0)
			return &groups[i];
	}
	return NULL;
}

static void copy_fact(struct facts *facts, const char *from, const char *to)
{
	const struct fact *fact = facts_get(facts, from, "");
	if (!fact)
		return;
	struct fact copy = *fact;
	copy.key = to;
	facts_put(facts, copy);
	facts_sort(facts);
}

static void copy_group(struct facts *facts,
		const struct group_keys *from,
		const struct group_keys *to)
{
	copy_fact(facts, from->max, to->max);
	copy_fact(facts, from->current, to->current);
	copy_fact(facts, from->group, to->group);
	copy_fact(facts, from->unit, to->unit);
}

static double room_of(const struct facts *facts, const struct group_keys *keys)
{
	double max = facts_number(facts, keys->max), current = facts_number(facts, keys->current);
	if (isnan(max))
		return INFINITY;
	if (isnan(current))
		return max;
	return max - current;
}

/* The group of the unit itself; nothing is in it yet. */
static void put_own_group(const struct configuring *c,
		const struct configured *item,
		const struct group_keys *keys,
		double number)
{
	struct facts *facts = c->facts;
	const char *group = c->vantage->planned.group, *where = where_of(c, item);
	facts_put_number(facts, keys->max, NULL, number, keys->quantity, where);
	facts_put_number(facts, keys->current, NULL, 0, keys->quantity, where);
	if (group && keys->group)
		facts_put_text(facts, keys->group, NULL, group, where);
	if (group && keys->unit)
		facts_put_text(facts, keys->unit, NULL, strrchr(group, '/') + 1, where);
	facts_sort(facts);
}

/* No limit is configured, and none could be read of a process. */
static void put_no_group(const struct configuring *c,
		const struct configured *item,
		const struct group_keys *keys)
{
	const char *const absent[] = {keys->max, keys->current};
	const char *where = where_of(c, item);
	for (size_t i = 0; i < COUNT_OF(absent); i++) {
		const struct fact *fact = facts_get(c->facts, absent[i], "");
		if (fact && fact->status == FACT_SKIPPED)
			facts_put_missing(c->facts,
					absent[i],
					"",
					FACT_ABSENT,
					keys->quantity,
					where,
					"no limit is configured");
	}
	facts_sort(c->facts);
}

/* The groups above were read: the tightest of all counts, and the next one. */
static void put_group(const struct configuring *c,
		const struct configured *item,
		const struct group_keys *keys,
		double number)
{
	bool pids = keys->group != NULL;
	if (isinf(number)) {
		put_no_group(c, item, keys);
		return;
	}
	if (number <= room_of(c->facts, keys)) {
		if (pids)
			copy_group(c->facts, keys, &next_group);
		put_own_group(c, item, keys, number);
	} else if (pids && number < room_of(c->facts, &next_group)) {
		put_own_group(c, item, &next_group, number);
	}
}

static bool is_nofile(const char *key)
{
	return strcmp(key, "limits.nofile.soft") == 0 || strcmp(key, "limits.nofile.hard") == 0;
}

static bool configured_put(const struct configuring *c, const struct configured *item)
{
	const struct group_keys *keys = group_keys_of(item->key);
	const char *where = where_of(c, item);
	bool limit = keys || strncmp(item->key, "limits.", 7) == 0;
	enum unit unit;
	if (is_given(c->facts, item->key) || !fact_type(NULL, item->key, &unit))
		return true; /* the latter: a sysctl that no limit looks at */
	if (!limit)
		return put_text_value(c, item);
	double number = INFINITY;
	if (strcmp(item->value, "infinity") != 0)
		number = strtod(item->value, NULL);
	if (keys)
		put_group(c, item, keys, number);
	else if (is_nofile(item->key))
		put_files(c, item, number);
	else
		facts_put_number(c->facts, item->key, NULL, number, UNIT_COUNT, where);
	return true;
}

bool vantage_facts(const struct vantage *vantage, struct facts *facts, struct error *err)
{
	const struct configuring c = {vantage, facts, err};
	if (vantage->network_unread)
		new_network_unknown(facts, vantage->network_unread);
	else if (vantage->own_network && !new_network_put(facts, err))
		return false;
	for (size_t i = 0; i < vantage->configured_count; i++) {
		if (!configured_put(&c, &vantage->configured[i]))
			return false;
	}
	facts_sort(facts);
	return true;
}
