/* A plan divided among hosts: properties on random plans and fleets, ends of a path, classes. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "audit/rules/built_in.h"
#include "base/array.h"
#include "model/fleet/majority.h"
#include "model/fleet/path.h"
#include "model/fleet/split.h"
#include "model/model.h"
#include "tests/unit/random_plans.h"

enum {
	PLANS = 400,
	MOST_HOSTS = 40
};

static struct arena *arena;

static void assert_number(double is, double expected, double tolerance)
{
	if (is == expected || fabs(is - expected) <= tolerance)
		return;
	fail_msg("%.17g is not %.17g", is, expected);
}

static int open_arena(void **state)
{
	(void)state;
	arena = arena_new();
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

static void set(struct workload *plan, enum workload_field field, const char *text)
{
	struct error err;
	if (!workload_set(arena, plan, field, text, "test", &err))
		fail_msg("%s: %s", text, err.text);
}

static struct workload *load_with(const char *connections)
{
	struct workload *load = arena_alloc(arena, sizeof *load);
	set(load, W_CONNECTIONS, connections);
	return load;
}

static struct fleet_host *hosts_of(size_t count, enum fleet_role role)
{
	struct fleet_host *hosts = arena_alloc(arena, (count + 1) * sizeof *hosts);
	for (size_t i = 0; i < count; i++)
		hosts[i] = (struct fleet_host){.name = arena_printf(arena, "host-%zu", i),
				.role = role,
				.weight = 1,
				.capacity = (double)NAN};
	return hosts;
}

static struct fleet_split *split_of(const struct loads *plan, const struct fleet *fleet)
{
	struct fleet_split *split;
	struct error err = {0};
	if (!fleet_split(arena, plan, fleet, &split, &err))
		fail_msg("%s", err.text);
	return split;
}

static double number_of(const struct loads *plan, enum workload_field field)
{
	double sum = 0;
	for (size_t i = 0; i < plan->count; i++)
		if (plan->items[i].values[field].set)
			sum += plan->items[i].values[field].number;
	return sum;
}

static const char *text_of(const struct loads *plan, enum workload_field field)
{
	return plan->items[0].values[field].text;
}

static void equal_hosts_differ_by_one_connection(void **state)
{
	(void)state;
	const struct loads plan = loads_of(load_with("1000000"));
	const struct fleet_host *hosts = hosts_of(12, FLEET_CLIENT);
	const struct fleet fleet = {.hosts = hosts, .count = 12};
	const struct fleet_split *split = split_of(&plan, &fleet);
	double sum = 0;
	for (size_t i = 0; i < 12; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		double live = number_of(&own, W_CONNECTIONS);
		assert_true(live == 83333 || live == 83334);
		sum += live;
	}
	assert_number(sum, 1000000, 0);
	assert_int_equal(fleet_kinds(split), 2);
}

static void largest_remainders_come_first(void **state)
{
	(void)state;
	static const double weights[] = {1, 2, 0, 4}, expected[] = {2, 3, 0, 6}; /* 11/7 of each */
	const struct loads plan = loads_of(load_with("11"));
	struct fleet_host *hosts = hosts_of(4, FLEET_CLIENT);
	const struct fleet fleet = {.hosts = hosts, .count = 4};
	for (size_t i = 0; i < 4; i++)
		hosts[i].weight = weights[i];
	const struct fleet_split *split = split_of(&plan, &fleet);
	for (size_t i = 0; i < 4; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		assert_number(number_of(&own, W_CONNECTIONS), expected[i], 0);
		assert_int_equal(fleet_shares(split)[i].nothing, expected[i] == 0);
	}
}

static void more_hosts_than_connections(void **state)
{
	(void)state;
	const struct loads plan = loads_of(load_with("3"));
	const struct fleet fleet = {.hosts = hosts_of(5, FLEET_SERVER), .count = 5};
	const struct fleet_split *split = split_of(&plan, &fleet);
	for (size_t i = 0; i < 5; i++)
		assert_int_equal(fleet_shares(split)[i].nothing, i >= 3);
}

static void random_weights(struct fleet_host *hosts, size_t count)
{
	static const double weights[] = {0, 0.5, 1, 1, 1, 3, 7.25};
	for (size_t i = 0; i < count; i++)
		hosts[i].weight = weights[below(COUNT_OF(weights))];
	hosts[below((unsigned)count)].weight = 1;
}

static struct workload random_load(void)
{
	static const char *const lifetimes[] = {"0s", "3s", "45s", "200s"};
	static const char *const stages[] = {"10s:7,60s:1001,5s:0", "30s:50/s,60s:333.5/s"};
	struct workload load = {0};
	unsigned kind = below(4);
	if (kind == 0)
		set(&load, W_STAGES, stages[below(2)]);
	else if (kind != 1)
		set(&load, W_CONNECTIONS, arena_printf(arena, "%u", 1 + below(100000)));
	if (kind == 1)
		set(&load, W_OPEN_RATE, arena_printf(arena, "%u", 1 + below(5000)));
	set(&load, W_LIFETIME, kind == 1 ? lifetimes[below(4)] : "45s");
	if (below(2) == 0)
		set(&load, W_BURST, arena_printf(arena, "%u", 1 + below(900)));
	if (below(2) == 0)
		set(&load, W_USERS, arena_printf(arena, "%u", 1 + below(900)));
	if (below(3) == 0)
		set(&load, W_REQUESTS, "12345.5");
	return load;
}

static bool scales_as_number(enum workload_field field)
{
	return workload_rows[field].scaled && workload_rows[field].kind == FIELD_NUMBER;
}

static void add_up(const struct loads *own, struct workload *sum)
{
	for (size_t l = 0; l < own->count; l++) {
		const struct workload *load = &own->items[l];
		for (size_t f = 0; f < WORKLOAD_FIELDS; f++)
			if (load->values[f].set && scales_as_number((enum workload_field)f))
				sum[l].values[f].number += load->values[f].number;
		for (size_t s = 0; s < load->stage_count; s++) {
			sum[l].stages[s].connections += load->stages[s].connections;
			sum[l].stages[s].open_rate_per_s += load->stages[s].open_rate_per_s;
		}
	}
}

static void assert_near(double sum, double whole, bool exact)
{
	if (isnan(whole))
		return;
	assert_number(sum, whole, exact ? 0 : whole * 1e-9);
}

/* Users are the client's: nobody else has them. */
static void check_sum(const struct workload *sum, const struct workload *whole, bool client)
{
	for (size_t f = 0; f < WORKLOAD_FIELDS; f++) {
		bool exact = workload_rows[f].unit == UNIT_COUNT;
		if (f == W_USERS && !client)
			continue;
		if (whole->values[f].set && scales_as_number((enum workload_field)f))
			assert_near(sum->values[f].number, whole->values[f].number, exact);
	}
	for (size_t s = 0; s < whole->stage_count; s++) {
		assert_near(sum->stages[s].connections, whole->stages[s].connections, true);
		assert_near(sum->stages[s].open_rate_per_s, whole->stages[s].open_rate_per_s, false);
	}
}

/* The same kind means the same plan, and each plan stands by itself. */
static void check_plan(const struct loads *own, const struct loads *of_kind)
{
	for (size_t l = 0; l < own->count; l++) {
		struct workload whole = own->items[l];
		struct assumption *assumptions;
		struct error err;
		size_t count;
		for (size_t f = 0; f < WORKLOAD_FIELDS; f++)
			assert_true(own->items[l].values[f].number == of_kind->items[l].values[f].number);
		for (size_t s = 0; s < whole.stage_count; s++)
			assert_true(isnan(whole.stages[s].connections) ||
					whole.stages[s].connections == of_kind->items[l].stages[s].connections);
		if (!workload_complete(arena, &whole, &assumptions, &count, &err))
			fail_msg("a share is no plan: %s", err.text);
	}
}

static void check_random_split(const struct loads *plan, const struct fleet *fleet)
{
	enum fleet_role role = fleet->hosts[0].role;
	bool client = role != FLEET_SERVER && role != FLEET_PROXY;
	const struct fleet_split *split = split_of(plan, fleet);
	struct loads *of_kind = arena_alloc(arena, fleet_kinds(split) * sizeof *of_kind);
	struct workload *sum = arena_alloc(arena, plan->count * sizeof *sum);
	for (size_t l = 0; l < plan->count; l++)
		sum[l].stages = arena_alloc(arena,
				(plan->items[l].stage_count + 1) * sizeof *sum[l].stages);
	for (size_t i = 0; i < fleet->count; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		struct loads *first = &of_kind[fleet_shares(split)[i].kind];
		if (!first->items)
			*first = own;
		check_plan(&own, first);
		add_up(&own, sum);
	}
	for (size_t l = 0; l < plan->count; l++)
		check_sum(&sum[l], &plan->items[l], client);
}

static void shares_add_up_to_the_plan(void **state)
{
	(void)state;
	for (unsigned i = 0; i < plans_to_try(PLANS, 20 * PLANS); i++) {
		size_t count = 1 + below(MOST_HOSTS);
		struct fleet_host *hosts = hosts_of(count, (enum fleet_role)below(FLEET_ROLES + 1));
		struct workload loads[2] = {random_load(), random_load()};
		const struct loads plan = {.items = loads, .count = 1 + below(2)};
		struct fleet fleet = {.hosts = hosts, .count = count};
		random_weights(hosts, count);
		if (below(2) == 0)
			fleet.way = FLEET_BY_CAPACITY;
		for (size_t h = 0; h < count; h++)
			if (below(3) != 0)
				hosts[h].capacity = below(1000) / 2000.0;
		check_random_split(&plan, &fleet);
		close_arena(NULL);
		open_arena(NULL);
	}
}

static void lifetimes_are_the_same_on_each_host(void **state)
{
	(void)state;
	struct workload *load = load_with("10");
	set(load, W_OPEN_RATE, "1");
	const struct loads plan = loads_of(load);
	const struct fleet fleet = {.hosts = hosts_of(3, FLEET_CLIENT), .count = 3};
	const struct fleet_split *split = split_of(&plan, &fleet);
	for (size_t i = 0; i < 3; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		double life = number_of(&own, W_CONNECTIONS) / number_of(&own, W_OPEN_RATE);
		assert_number(life, 10, 1e-9);
	}
}

static void what_follows_from_requests_is_divided(void **state)
{
	(void)state;
	struct workload load = {0};
	set(&load, W_REQUESTS, "100");
	set(&load, W_LATENCY, "1s");
	const struct loads plan = loads_of(&load);
	const struct fleet fleet = {.hosts = hosts_of(3, FLEET_CLIENT), .count = 3};
	const struct fleet_split *split = split_of(&plan, &fleet);
	double sum = 0;
	for (size_t i = 0; i < 3; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		sum += number_of(&own, W_CONNECTIONS);
	}
	assert_number(sum, 100, 0);
}

static void threads_of_connections_are_divided_with_them(void **state)
{
	(void)state;
	struct workload *load = load_with("100");
	set(load, W_THREADS, "104");
	const struct loads plan = loads_of(load);
	const struct fleet fleet = {.hosts = hosts_of(4, FLEET_CLIENT), .count = 4};
	const struct loads own = fleet_plan_of(arena, split_of(&plan, &fleet), 0);
	assert_number(number_of(&own, W_THREADS), 29, 0);
}

/* Three clients, two proxies, a server. */
static struct fleet three_ends(void)
{
	static const enum fleet_role roles[] =
			{FLEET_CLIENT, FLEET_PROXY, FLEET_CLIENT, FLEET_SERVER, FLEET_PROXY, FLEET_CLIENT};
	struct fleet_host *hosts = hosts_of(COUNT_OF(roles), FLEET_CLIENT);
	for (size_t i = 0; i < COUNT_OF(roles); i++)
		hosts[i].role = roles[i];
	return (struct fleet){.hosts = hosts, .count = COUNT_OF(roles)};
}

static void each_end_carries_the_whole_plan(void **state)
{
	(void)state;
	struct workload *load = load_with("600");
	set(load, W_TOOL, "wrk");
	set(load, W_RUNTIME, "go");
	set(load, W_BURST, "60");
	set(load, W_CLOSER, "client");
	set(load, W_LIFETIME, "60s");
	set(load, W_DESTINATIONS, "10.0.0.1:443");
	const struct loads plan = loads_of(load);
	const struct fleet fleet = three_ends();
	const struct fleet_split *split = split_of(&plan, &fleet);
	const struct loads client = fleet_plan_of(arena, split, 0);
	const struct loads proxy = fleet_plan_of(arena, split, 1);
	const struct loads server = fleet_plan_of(arena, split, 3);
	assert_number(number_of(&client, W_CONNECTIONS), 200, 0);
	assert_string_equal(text_of(&client, W_TOOL), "wrk");
	assert_number(number_of(&proxy, W_CONNECTIONS), 300, 0);
	assert_string_equal(text_of(&proxy, W_ROLE), "proxy");
	assert_number(number_of(&proxy, W_UP_DESTINATIONS), 1, 0);
	assert_null(text_of(&proxy, W_TOOL));
	assert_number(number_of(&server, W_CONNECTIONS), 600, 0);
	assert_number(number_of(&server, W_BURST), 60, 0);
	assert_string_equal(text_of(&server, W_ROLE), "server");
	assert_null(text_of(&server, W_RUNTIME));
	assert_false(server.items[0].values[W_DESTINATIONS].set);
}

static void a_server_alone_is_named_by_the_destinations(void **state)
{
	(void)state;
	struct workload *load = load_with("600");
	struct fleet_host *hosts = hosts_of(2, FLEET_CLIENT);
	const struct fleet fleet = {.hosts = hosts, .count = 2};
	set(load, W_DESTINATIONS, "10.0.0.1:443");
	set(load, W_CLIENT_CLOSES, "0.3");
	hosts[1].role = FLEET_SERVER;
	const struct loads plan = loads_of(load);
	const struct loads server = fleet_plan_of(arena, split_of(&plan, &fleet), 1);
	assert_string_equal(server.items[0].values[W_DESTINATIONS].list[0], "10.0.0.1:443");
	assert_string_equal(text_of(&server, W_CLOSER), "server");
	assert_false(server.items[0].values[W_CLIENT_CLOSES].set);
}

static void servers_behind_proxies_see_their_connections(void **state)
{
	(void)state;
	struct workload *load = load_with("10000");
	struct fleet_host *hosts = hosts_of(2, FLEET_PROXY);
	const struct fleet fleet = {.hosts = hosts, .count = 2};
	set(load, W_ROLE, "proxy");
	set(load, W_LIFETIME, "100s");
	set(load, W_UP_CONNECTIONS, "50");
	set(load, W_UP_OPEN_RATE, "5");
	set(load, W_UP_CLOSER, "server");
	hosts[1].role = FLEET_SERVER;
	const struct loads plan = loads_of(load);
	const struct loads server = fleet_plan_of(arena, split_of(&plan, &fleet), 1);
	assert_number(number_of(&server, W_CONNECTIONS), 50, 0);
	assert_number(number_of(&server, W_OPEN_RATE), 5, 0);
	assert_false(server.items[0].values[W_LIFETIME].set);
	assert_string_equal(text_of(&server, W_CLOSER), "server");
}

static void both_ends_on_one_machine(void **state)
{
	(void)state;
	const struct loads plan = loads_of(load_with("100"));
	struct fleet_host *hosts = hosts_of(3, FLEET_BOTH);
	struct fleet fleet = {.hosts = hosts, .count = 2};
	const struct loads alone = fleet_plan_of(arena, split_of(&plan, &fleet), 0);
	assert_int_equal(alone.count, 1);
	assert_string_equal(text_of(&alone, W_ROLE), "both");
	assert_number(number_of(&alone, W_CONNECTIONS), 50, 0);
	/* A server beside them: they are a third of the servers, and half of the clients, each. */
	fleet.count = 3;
	hosts[2].role = FLEET_SERVER;
	const struct loads mixed = fleet_plan_of(arena, split_of(&plan, &fleet), 0);
	assert_int_equal(mixed.count, 2);
	assert_null(mixed.items[0].values[W_ROLE].text); /* a client, as the plan is */
	assert_number(mixed.items[0].values[W_CONNECTIONS].number, 50, 0);
	assert_string_equal(mixed.items[1].values[W_ROLE].text, "server");
	assert_number(mixed.items[1].values[W_CONNECTIONS].number, 34, 0);
}

static void hosts_without_a_role_are_what_the_plan_says(void **state)
{
	(void)state;
	struct workload loads[2] = {*load_with("10"), *load_with("20")};
	struct loads plan = {.items = loads, .count = 2};
	struct fleet_host *hosts = hosts_of(2, FLEET_UNSAID);
	const struct fleet fleet = {.hosts = hosts, .count = 2};
	set(&loads[1], W_ROLE, "server");
	const struct loads own = fleet_plan_of(arena, split_of(&plan, &fleet), 1);
	assert_null(own.items[0].values[W_ROLE].text);
	assert_string_equal(own.items[1].values[W_ROLE].text, "server");
	assert_number(own.items[1].values[W_CONNECTIONS].number, 10, 0);
}

static void assert_refused(const struct loads *plan, const struct fleet *fleet, const char *why)
{
	struct fleet_split *split;
	struct error err = {0};
	assert_false(fleet_split(arena, plan, fleet, &split, &err));
	if (!strstr(err.text, why))
		fail_msg("\"%s\" does not say \"%s\"", err.text, why);
}

static void what_cannot_be_divided_is_refused(void **state)
{
	(void)state;
	struct workload loads[2] = {*load_with("10"), *load_with("20")};
	struct loads plan = {.items = loads, .count = 2};
	struct fleet_host *hosts = hosts_of(2, FLEET_CLIENT);
	const struct fleet fleet = {.hosts = hosts, .count = 2};
	hosts[0].weight = hosts[1].weight = 0;
	assert_refused(&plan, &fleet, "every client has weight 0");
	hosts[0].weight = hosts[1].weight = 1;
	hosts[1].role = FLEET_UNSAID;
	set(&loads[1], W_ROLE, "server");
	assert_refused(&plan, &fleet, "host-1 has no role");
	plan.count = 1;
	loads[0].values[W_CONNECTIONS].set = false;
	assert_refused(&plan, &fleet, "how many connections");
}

static void hosts_of_a_group_share_its_part(void **state)
{
	(void)state;
	static const double expected[] = {30, 30, 40};
	struct workload *load = load_with("100");
	struct fleet_host *hosts = hosts_of(4, FLEET_CLIENT);
	struct fleet fleet = {.hosts = hosts, .count = 3};
	set(load, W_GROUPS, "eu:60%,us:40%");
	const struct loads plan = loads_of(load);
	hosts[0].group = hosts[1].group = "eu";
	hosts[2].group = "us";
	const struct fleet_split *split = split_of(&plan, &fleet);
	for (size_t i = 0; i < 3; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		assert_number(number_of(&own, W_CONNECTIONS), expected[i], 0);
		assert_int_equal(own.items[0].group_count, 0);
	}
	fleet.count = 4;
	assert_refused(&plan, &fleet, "host-3 is in no group");
	hosts[3].group = "asia";
	assert_refused(&plan, &fleet, "group asia");
	fleet.count = 2;
	assert_refused(&plan, &fleet, "40% to group us");
	hosts[0].group = hosts[1].group = "rack-7"; /* a label */
	const struct loads own = fleet_plan_of(arena, split_of(&plan, &fleet), 0);
	assert_number(number_of(&own, W_CONNECTIONS), 50, 0);
	assert_int_equal(own.items[0].group_count, 2);
}

static void nobody_gets_more_than_it_carries_while_others_have_room(void **state)
{
	(void)state;
	static const double expected[] = {10, 0, 45, 45};
	const struct loads plan = loads_of(load_with("100"));
	struct fleet_host *hosts = hosts_of(4, FLEET_CLIENT);
	const struct fleet fleet = {.hosts = hosts, .count = 4, .way = FLEET_BY_CAPACITY};
	hosts[0].capacity = 0.109; /* 10.9 connections are 10 */
	hosts[2].capacity = 0.6;
	hosts[3].capacity = INFINITY;
	const struct fleet_split *split = split_of(&plan, &fleet);
	for (size_t i = 0; i < 4; i++) {
		const struct loads own = fleet_plan_of(arena, split, i);
		assert_number(number_of(&own, W_CONNECTIONS), expected[i], 0);
	}
	/* Not enough: 10, 30 and 30 of the 70 that fit. */
	hosts[2].capacity = hosts[3].capacity = 0.3;
	const struct loads own = fleet_plan_of(arena, split_of(&plan, &fleet), 2);
	assert_number(number_of(&own, W_CONNECTIONS), 43, 0);
}

static struct path_host end_host(enum fleet_role role, double part, double now, double after)
{
	return (struct path_host){.role = role,
			.judged = true,
			.part = part,
			.connections = part * 1000,
			.now = {now, false, "process-fds"},
			.after = {after, false, "conntrack"}};
}

static void the_narrowest_end_stops_the_path(void **state)
{
	(void)state;
	struct path_host hosts[] = {
			end_host(FLEET_CLIENT, 0.5, 3, 3),
			end_host(FLEET_CLIENT, 0.5, 0.1, 3),
			end_host(FLEET_PROXY, 1, 1.2, 1.2),
			end_host(FLEET_SERVER, 1, 1.5, INFINITY),
	};
	struct path path = path_through(hosts, COUNT_OF(hosts));
	assert_int_equal(path.narrowest_now, PATH_CLIENT);
	assert_int_equal(path.stages[PATH_CLIENT].narrowest_now, 1);
	assert_number(path.now.scale, 0.1, 0);
	assert_string_equal(path.now.limit, "process-fds");
	assert_int_equal(path.narrowest_after, PATH_PROXY);
	assert_number(path.after.scale, 1.2, 0);
	assert_false(path.now.at_most);
	assert_false(path.stages[PATH_NAT].given);
	/* One that could not be judged may be narrower. */
	hosts[3].judged = false;
	path = path_through(hosts, COUNT_OF(hosts));
	assert_true(path.now.at_most);
	assert_int_equal(path.stages[PATH_SERVER].unknown, 1);
}

static void an_end_without_hosts_is_not_judged(void **state)
{
	(void)state;
	const struct path_host hosts[] = {end_host(FLEET_CLIENT, 1, 3, 3)};
	const struct path path = path_through(hosts, COUNT_OF(hosts));
	assert_false(path.stages[PATH_SERVER].given);
	assert_true(path.now.at_most);
}

static void a_host_that_is_both_is_at_both_ends(void **state)
{
	(void)state;
	const struct path_host hosts[] = {end_host(FLEET_BOTH, 1, 3, 3)};
	const struct path path = path_through(hosts, COUNT_OF(hosts));
	assert_int_equal(path.stages[PATH_CLIENT].hosts, 1);
	assert_int_equal(path.stages[PATH_SERVER].role, FLEET_BOTH);
	assert_false(path.now.at_most);
}

/* 100 hosts behind one NAT, each of which would by itself fit 20 times into it. */
static void what_all_share_is_used_up_by_all(void **state)
{
	(void)state;
	struct path_host hosts[100];
	for (size_t i = 0; i < COUNT_OF(hosts); i++) {
		hosts[i] = end_host(FLEET_CLIENT, 0.01, 3, 3);
		hosts[i].shared_now = hosts[i].shared_after = (struct path_reach){20, false, "egress-nat"};
	}
	const struct path path = path_through(hosts, COUNT_OF(hosts));
	assert_int_equal(path.narrowest_now, PATH_NAT);
	assert_number(path.now.scale, 0.2, 1e-12);
	assert_string_equal(path.now.limit, "egress-nat");
}

static void nat_of_addresses_is_shared_and_that_of_machines_is_not(void **state)
{
	(void)state;
	const struct rules *rules = &built_in_rules;
	struct workload *load = load_with("10");
	const struct loads plan = loads_of(load);
	assert_false(path_shares_egress(arena, rules, &plan));
	set(load, W_EGRESS, "aws-nat-gateway:ips=2");
	assert_true(path_shares_egress(arena, rules, &plan));
	set(load, W_EGRESS, "gcp-cloud-nat");
	assert_false(path_shares_egress(arena, rules, &plan));
}

static void classes_are_named_by_size(void **state)
{
	(void)state;
	static const struct fleet_trait usual[] = {{"nofile", "65536"}, {"ports", "pass"}};
	static const struct fleet_trait low[] = {{"nofile", "512"}, {"ports", "pass"}};
	static const struct fleet_trait other[] = {{"ports", "pass"}, {"tcp_mem", "9"}};
	const struct fleet_member members[] = {
			{FLEET_CLIENT, low, 2},
			{FLEET_CLIENT, usual, 2},
			{FLEET_SERVER, low, 2},
			{FLEET_CLIENT, usual, 2},
			{FLEET_CLIENT, other, 2},
	};
	const struct fleet_classes classes = fleet_classes_of(arena, members, COUNT_OF(members));
	assert_int_equal(classes.count, 4);
	assert_string_equal(classes.items[0].name, "A");
	assert_int_equal(classes.items[0].count, 2);
	assert_true(classes.items[0].majority);
	assert_int_equal(classes.of[0], 1);
	assert_int_equal(classes.items[1].deviation_count, 1);
	assert_string_equal(classes.items[1].deviations[0].value, "512");
	assert_string_equal(classes.items[1].deviations[0].most, "65536");
	assert_true(classes.items[classes.of[2]].majority); /* of the servers */
	const struct fleet_class *odd = &classes.items[classes.of[4]];
	assert_int_equal(odd->deviation_count, 2);
	assert_null(odd->deviations[0].value);
	assert_null(odd->deviations[1].most);
}

static void names_go_on_after_z(void **state)
{
	(void)state;
	struct fleet_member members[28];
	struct fleet_trait traits[28];
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		traits[i] = (struct fleet_trait){"key", arena_printf(arena, "%02zu", i)};
		members[i] = (struct fleet_member){FLEET_CLIENT, &traits[i], 1};
	}
	const struct fleet_classes classes = fleet_classes_of(arena, members, COUNT_OF(members));
	assert_string_equal(classes.items[25].name, "Z");
	assert_string_equal(classes.items[26].name, "AA");
	assert_string_equal(classes.items[27].name, "AB");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_arena, close_arena)

int main(void)
{
	const struct CMUnitTest tests[] = {
			TEST(equal_hosts_differ_by_one_connection),
			TEST(largest_remainders_come_first),
			TEST(more_hosts_than_connections),
			TEST(shares_add_up_to_the_plan),
			TEST(lifetimes_are_the_same_on_each_host),
			TEST(what_follows_from_requests_is_divided),
			TEST(threads_of_connections_are_divided_with_them),
			TEST(each_end_carries_the_whole_plan),
			TEST(a_server_alone_is_named_by_the_destinations),
			TEST(servers_behind_proxies_see_their_connections),
			TEST(both_ends_on_one_machine),
			TEST(hosts_without_a_role_are_what_the_plan_says),
			TEST(what_cannot_be_divided_is_refused),
			TEST(hosts_of_a_group_share_its_part),
			TEST(nobody_gets_more_than_it_carries_while_others_have_room),
			TEST(the_narrowest_end_stops_the_path),
			TEST(an_end_without_hosts_is_not_judged),
			TEST(a_host_that_is_both_is_at_both_ends),
			TEST(what_all_share_is_used_up_by_all),
			TEST(nat_of_addresses_is_shared_and_that_of_machines_is_not),
			TEST(classes_are_named_by_size),
			TEST(names_go_on_after_z),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
