/* What sockets that are there leave for a plan: pools by address, and what is in the way of bind().
 * The numbers are those that the kernel gave (tests/live/truth.py measures them anew). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/conflict.h"
#include "model/derive.h"
#include "model/pools/pools.h"

struct text_fact {
	const char *key, *instance, *text;
};
struct number_fact {
	const char *key, *instance;
	double number;
};

struct pools_case {
	const char *name, *to, *bind, *source, *protocol;
	double reuse; /* tcp_tw_reuse */
	double use_best, use_worst, blocked_best, blocked_worst;
};

/* A range of 100 ports. 30 sockets from 10.0.0.1 to 10.0.0.5:80, 12 of them in TIME_WAIT; 20 from
 * 10.0.0.2 to the same; 10 from ::1 to [::1]:80; listeners on [::1]:40090, 0.0.0.0:40091 and, for
 * IPv6 alone, [::]:40092. */
static const struct text_fact texts[] = {
		{"net.ipv4.ip_local_port_range", NULL, "40000 40099"},
		{"ports.listening", NULL, "22,40090-40092"},
		{"ports.pinned", NULL, "[::1]:40090/6 0.0.0.0:40091 [::]:40092/6"},
		{"ports.udp_bound", NULL, "40000-40004"},
		{"ports.udp_pinned",
				NULL,
				"[::]:40000/6 10.0.0.9:40001 [fd00::1]:40002/c [::]:40003 "
				"127.0.0.1:40004/c"},
		{"name.addresses", "both.example", "10.0.0.5 fd00::5"},
		{"name.addresses", "over.example:80", "10.0.0.5"},
		{"route.source", "10.0.0.5", "10.0.0.1"},
};
static const struct number_fact numbers[] = {
		{"pool.sockets", "10.0.0.1>10.0.0.5:80", 30},
		{"pool.ports", "10.0.0.1>10.0.0.5:80", 18},
		{"pool.reusable", "10.0.0.1>10.0.0.5:80", 12},
		{"pool.sockets", "10.0.0.2>10.0.0.5:80", 20},
		{"pool.ports", "10.0.0.2>10.0.0.5:80", 20},
		{"pool.reusable", "10.0.0.2>10.0.0.5:80", 0},
		{"pool.sockets", "::1>[::1]:80", 10},
		{"pool.ports", "::1>[::1]:80", 10},
		{"pool.reusable", "::1>[::1]:80", 0},
		{"pools.total", NULL, 3},
		{"pools.unlisted", NULL, 0},
		{"pools.largest_unlisted", NULL, 0},
		{"ports.in_use", NULL, 55},
		{"ports.in_use4", NULL, 45},
		{"ports.in_use6", NULL, 10},
		{"ports.in_use6_for4", NULL, 10},
		{"locals.total", NULL, 3},
		{"local.ports", "10.0.0.1", 30},
		{"local.ports", "10.0.0.2", 20},
		{"local.ports", "::1", 10},
};

static struct facts *host_facts(struct arena *arena, double reuse)
{
	static const struct rules no_rules = {0};
	struct facts *facts = facts_new(arena);
	facts->whole = true;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		facts_put_text(facts, texts[i].key, texts[i].instance, texts[i].text, "test");
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		const struct number_fact *row = &numbers[i];
		facts_put_number(facts, row->key, row->instance, row->number, UNIT_COUNT, "test");
	}
	facts_put_number(facts, "net.ipv4.tcp_tw_reuse", NULL, reuse, UNIT_COUNT, "test");
	derive_facts(facts, &no_rules);
	return facts;
}

static void plan_for(struct arena *arena, const struct pools_case *row, struct workload *ret)
{
	const char **items = arena_alloc(arena, 2 * sizeof *items);
	struct workload_value *values = ret->values;
	items[0] = row->to;
	items[1] = row->source;
	workload_set_list(arena, &values[W_DESTINATIONS], items, 1);
	values[W_SOURCE_ADDRESSES] = (struct workload_value){.set = true, .number = 1};
	if (row->source)
		workload_set_list(arena, &values[W_SOURCE_ADDRESSES], items + 1, 1);
	values[W_ROLE] = (struct workload_value){.set = true, .text = "client"};
	values[W_BIND] = (struct workload_value){.set = true, .text = row->bind};
	values[W_PROTOCOL] = (struct workload_value){.set = true, .text = row->protocol};
}

static double number_of(const struct facts *facts, const char *key, const char *instance)
{
	const struct fact *fact = facts_get(facts, key, instance);
	assert_non_null(fact);
	return fact->number;
}

static void check_case(const struct pools_case *row)
{
	struct arena *arena = arena_new();
	struct facts *facts = host_facts(arena, row->reuse);
	struct workload workload = {0};
	plan_for(arena, row, &workload);
	pools_derive(facts, &workload);
	const struct {
		const char *key;
		double expected;
	} checks[] = {
			{"destination.in_use_best", row->use_best},
			{"destination.in_use_worst", row->use_worst},
			{"destination.blocked_best", row->blocked_best},
			{"destination.blocked_worst", row->blocked_worst},
	};
	for (size_t i = 0; i < COUNT_OF(checks); i++) {
		double got = number_of(facts, checks[i].key, row->to);
		if (got != checks[i].expected)
			fail_msg("%s: %s is %g, not %g", row->name, checks[i].key, got, checks[i].expected);
	}
	arena_free(arena);
}

static void pools_meet_by_address(void **state)
{
	(void)state;
	static const struct pools_case rows[] = {
			{"the routed source counts", "10.0.0.5:80", "none", NULL, "tcp", 0, 30, 30, 3, 28},
			{"mapped", "[::FFFF:10.0.0.5]:80", "none", NULL, "tcp", 0, 30, 30, 3, 28},
			{"TIME_WAIT that is reused", "10.0.0.5:80", "none", NULL, "tcp", 1, 18, 18, 3, 40},
			{"reuse on loopback alone", "10.0.0.5:80", "none", NULL, "tcp", 2, 30, 30, 3, 28},
			{"another port", "10.0.0.5:81", "none", NULL, "tcp", 0, 0, 0, 3, 58},
			{"another source", "10.0.0.5:80", "noport", "10.0.0.2", "tcp", 0, 20, 20, 3, 38},
			{"a new source", "10.0.0.5:80", "noport", "10.0.0.3", "tcp", 0, 0, 0, 3, 58},
			{"localhost is two addresses", "LocalHost:80", "none", NULL, "tcp", 0, 10, 10, 3, 48},
			{"a name of two addresses", "BOTH.example:80", "none", NULL, "tcp", 0, 30, 30, 3, 28},
			{"a name given for a port", "Over.example:80", "none", NULL, "tcp", 0, 30, 30, 3, 28},
			{"a name that does not resolve", "x.example:80", "none", NULL, "tcp", 0, 0, 30, 3, 28},
			{"its port is no one's", "x.example:81", "none", NULL, "tcp", 0, 0, 0, 3, 58},
			{"no port", "10.0.0.5", "none", NULL, "tcp", 0, 0, 30, 3, 28},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_case(&rows[i]);
}

static void binding_meets_conflicts(void **state)
{
	(void)state;
	static const struct pools_case rows[] = {
			{"its own address", "10.0.0.5:80", "address", "10.0.0.1", "tcp", 0, 0, 0, 31, 31},
			{"the routed address", "10.0.0.5:80", "address", NULL, "tcp", 0, 0, 0, 31, 31},
			{"a free address", "10.0.0.5:80", "address", "10.0.0.9", "tcp", 0, 0, 0, 1, 1},
			{"IPv6", "[::1]:80", "address", "0:0::1", "tcp", 0, 0, 0, 12, 12},
			{"all of IPv4", "10.0.0.5:80", "wildcard", NULL, "tcp", 0, 0, 0, 46, 56},
			{"all of IPv6", "[fd00::5]:80", "wildcard", NULL, "tcp", 0, 0, 0, 12, 58},
			{"UDP over IPv4", "10.0.0.5:80", "none", NULL, "udp", 0, 0, 0, 3, 4},
			{"UDP over IPv6", "[fd00::5]:80", "none", NULL, "udp", 0, 0, 0, 3, 5},
			{"UDP, one address", "10.0.0.5:80", "address", "10.0.0.9", "udp", 0, 0, 0, 2, 2},
			{"UDP, NO_PORT", "10.0.0.5:80", "noport", "127.0.0.1", "udp", 0, 0, 0, 2, 2},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		check_case(&rows[i]);
}

static void put_number(struct facts *facts, const char *key, const char *instance, double number)
{
	facts_put_number(facts, key, instance, number, UNIT_COUNT, "test");
}

/* 127.0.0.1 towards another address of this host is loopback for tcp_tw_reuse=2, too. */
static void either_end_is_loopback(void **state)
{
	(void)state;
	static const char pool[] = "127.0.0.1>10.0.0.5:81";
	static const struct pools_case row = {.to = "10.0.0.5:81",
			.bind = "noport",
			.source = "127.0.0.1",
			.protocol = "tcp"};
	struct arena *arena = arena_new();
	struct workload workload = {0};
	struct facts *facts = host_facts(arena, 2);
	put_number(facts, "pool.sockets", pool, 7);
	put_number(facts, "pool.ports", pool, 2);
	put_number(facts, "pool.reusable", pool, 5);
	put_number(facts, "pools.total", NULL, 4);
	plan_for(arena, &row, &workload);
	pools_derive(facts, &workload);
	assert_int_equal((int)number_of(facts, "destination.in_use_worst", row.to), 2);
	arena_free(arena);
}

/* Five pools are not listed, the largest of them with 9 sockets. */
static void unlisted_pools(void **state)
{
	(void)state;
	static const struct {
		const char *name, *to, *source;
		double counted; /* pools towards the destination; -1: nobody asked */
		double worst;
	} rows[] = {
			{"nobody asked", "10.0.0.7:80", "10.0.0.1", -1, 9},
			{"it has none", "10.0.0.7:80", "10.0.0.1", 0, 0},
			{"it has one that is not listed", "10.0.0.7:80", "10.0.0.1", 1, 9},
			{"a pool of another source is listed", "10.0.0.5:80", "10.0.0.3", -1, 9},
			{"and all are", "10.0.0.5:80", "10.0.0.3", 2, 0},
			{"one source of two is listed", "10.0.0.5:80", "10.0.0.2,10.0.0.3", -1, 20},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct workload workload = {0};
		struct error err;
		struct facts *facts = host_facts(arena, 0);
		const struct pools_case plan = {.to = rows[i].to, .bind = "noport", .protocol = "tcp"};
		put_number(facts, "pools.total", NULL, 8);
		put_number(facts, "pools.unlisted", NULL, 5);
		put_number(facts, "pools.largest_unlisted", NULL, 9);
		if (rows[i].counted >= 0)
			put_number(facts, "pool.counted", rows[i].to, rows[i].counted);
		plan_for(arena, &plan, &workload);
		assert_true(
				workload_set(arena, &workload, W_SOURCE_ADDRESSES, rows[i].source, "test", &err));
		pools_derive(facts, &workload);
		double worst = number_of(facts, "destination.in_use_worst", rows[i].to);
		if (worst != rows[i].worst)
			fail_msg("%s: %g, not %g", rows[i].name, worst, rows[i].worst);
		arena_free(arena);
	}
}

/* One pool towards a destination, and no route: it is the plan's where routes were looked for. */
static void sources_that_are_not_known(void **state)
{
	(void)state;
	static const char to[] = "10.0.0.6:80", pool[] = "10.0.0.3>10.0.0.6:80";
	static const struct pools_case plan = {.to = to, .bind = "none", .protocol = "tcp"};
	static const enum list_state states[] = {LIST_SKIPPED, LIST_PARTIAL, LIST_COMPLETE};
	for (size_t i = 0; i < COUNT_OF(states); i++) {
		struct arena *arena = arena_new();
		struct workload workload = {0};
		struct facts *facts = host_facts(arena, 0);
		put_number(facts, "pool.sockets", pool, 5);
		put_number(facts, "pool.ports", pool, 5);
		put_number(facts, "pool.reusable", pool, 0);
		put_number(facts, "pools.total", NULL, 4);
		facts_put_list(facts, "pool.ports", LIST_COMPLETE, NULL);
		facts_put_list(facts, "route.source", states[i], NULL);
		plan_for(arena, &plan, &workload);
		pools_derive(facts, &workload);
		double best = number_of(facts, "destination.in_use_best", to);
		assert_int_equal((int)best, states[i] == LIST_SKIPPED ? 0 : 5);
		assert_int_equal((int)number_of(facts, "destination.in_use_worst", to), 5);
		arena_free(arena);
	}
}

/* Three IPv6 sockets have a port that a listener blocks for [::], but not for 0.0.0.0. */
static void ports_blocked_for_one_family(void **state)
{
	(void)state;
	static const struct pools_case plan = {.to = "10.0.0.5:80",
			.bind = "wildcard",
			.protocol = "tcp"};
	static const double counted[] = {12, -1}; /* -1: the facts are older */
	for (size_t i = 0; i < COUNT_OF(counted); i++) {
		struct arena *arena = arena_new();
		struct workload workload = {0};
		struct facts *facts = host_facts(arena, 0);
		if (counted[i] >= 0)
			put_number(facts, "ports.in_use6_for4", NULL, counted[i]);
		else
			facts_put_missing(facts, "ports.in_use6_for4", NULL, FACT_SKIPPED, UNIT_COUNT, "", "");
		plan_for(arena, &plan, &workload);
		pools_derive(facts, &workload);
		/* 0.0.0.0:40091; 45 connected IPv4 sockets, and those of IPv6 at worst. Older facts: all
		 * that anything holds. */
		assert_int_equal((int)number_of(facts, "destination.blocked_best", plan.to), 46);
		double worst = number_of(facts, "destination.blocked_worst", plan.to);
		if (worst != 58)
			fail_msg("counted %g: %g", counted[i], worst);
		arena_free(arena);
	}
}

/* Names that do not resolve may be one destination, and the one that another name has. */
static void names_that_may_meet(void **state)
{
	(void)state;
	static const struct {
		const char *plan, *to;
		double best, worst;
	} rows[] = {
			{"10.0.0.5:80,10.0.0.6:80", "10.0.0.5:80", 1, 1},
			{"10.0.0.5:80,over.example:80", "10.0.0.5:80", 2, 2},
			{"10.0.0.5:80,x.example:80", "10.0.0.5:80", 1, 2},
			{"10.0.0.5:80,x.example:80", "x.example:80", 1, 2},
			{"10.0.0.5:80,x.example:81", "10.0.0.5:80", 1, 1},
			{"10.0.0.5:80,x.example:81", "x.example:81", 1, 1},
			{"10.0.0.5:80,over.example:80,x.example:80,y.example:80", "10.0.0.5:80", 2, 4},
			{"10.0.0.5:80,over.example:80,x.example:80,y.example:80", "y.example:80", 1, 4},
			{"10.0.0.5:80,x.example", "10.0.0.5:80", 1, 2},
			{"10.0.0.5:80,10.0.0.6:80,x.example", "x.example", 1, 2},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct workload workload = {0};
		struct error err;
		struct facts *facts = host_facts(arena, 0);
		const char *to = rows[i].to;
		const struct pools_case plan = {.to = to, .bind = "none", .protocol = "tcp"};
		plan_for(arena, &plan, &workload);
		assert_true(workload_set(arena, &workload, W_DESTINATIONS, rows[i].plan, "test", &err));
		pools_derive(facts, &workload);
		double best = number_of(facts, "destination.sharing_best", to);
		double worst = number_of(facts, "destination.sharing_worst", to);
		const struct fact *sharing = facts_get(facts, "destination.sharing", to);
		if (best != rows[i].best || worst != rows[i].worst)
			fail_msg("%s, %s: %g to %g", rows[i].plan, to, best, worst);
		assert_int_equal(sharing->status, best == worst ? FACT_KNOWN : FACT_SKIPPED);
		arena_free(arena);
	}
}

/* One fact less: what was not free then is not free now at worst. */
static void a_missing_fact_frees_no_port(void **state)
{
	(void)state;
	static const struct pools_case plans[] = {
			{"plain", "10.0.0.5:80", "none", NULL, "tcp", 0, 0, 0, 0, 0},
			{"noport", "10.0.0.5:80", "noport", "10.0.0.2", "tcp", 0, 0, 0, 0, 0},
			{"address", "10.0.0.5:80", "address", "10.0.0.1", "tcp", 0, 0, 0, 0, 0},
			{"six", "[::1]:80", "address", "::1", "tcp", 0, 0, 0, 0, 0},
			{"wildcard", "10.0.0.5:80", "wildcard", NULL, "tcp", 0, 0, 0, 0, 0},
			{"name", "both.example:80", "none", NULL, "tcp", 0, 0, 0, 0, 0},
			{"UDP", "10.0.0.5:80", "none", NULL, "udp", 0, 0, 0, 0, 0},
	};
	for (size_t p = 0; p < COUNT_OF(plans); p++) {
		const char *to = plans[p].to;
		double whole = 0;
		for (size_t left_out = 0; left_out <= COUNT_OF(numbers); left_out++) {
			static const struct rules no_rules = {0};
			struct arena *arena = arena_new();
			struct facts *facts = facts_new(arena);
			struct workload workload = {0};
			for (size_t i = 0; i < COUNT_OF(texts); i++)
				facts_put_text(facts, texts[i].key, texts[i].instance, texts[i].text, "test");
			for (size_t i = 0; i < COUNT_OF(numbers); i++) {
				const struct number_fact *row = &numbers[i];
				if (i + 1 != left_out)
					facts_put_number(facts, row->key, row->instance, row->number, UNIT_COUNT, "");
			}
			derive_facts(facts, &no_rules);
			plan_for(arena, &plans[p], &workload);
			pools_derive(facts, &workload);
			double taken = number_of(facts, "destination.in_use_worst", to) +
					number_of(facts, "destination.blocked_worst", to);
			if (left_out == 0)
				whole = taken;
			bool is_total = left_out > 0 && !strcmp(numbers[left_out - 1].key, "ports.in_use");
			if (taken < whole && !is_total)
				fail_msg("%s without %s: %g taken, not %g",
						plans[p].name,
						numbers[left_out - 1].key,
						taken,
						whole);
			arena_free(arena);
		}
	}
}

static void lists_of_sockets(void **state)
{
	(void)state;
	static const char *const bad[] = {"10.0.0.1",
			"10.0.0.1:0",
			"x:80",
			"[::1]:80/7",
			"10.0.0.1:80/"};
	struct arena *arena = arena_new();
	struct holdings holdings;
	assert_true(holdings_read(arena, "", &holdings) && holdings.count == 0);
	assert_true(holdings_read(arena, " [::]:9001/6  127.0.0.1:1/c ", &holdings));
	assert_int_equal(holdings.count, 2);
	assert_true(holdings.items[0].six_only && holdings.items[1].connected);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(holdings_read(arena, bad[i], &holdings));
	arena_free(arena);
}

/* Each kind of socket against each kind of bind(), as the kernel answered. */
static void conflicts_as_measured(void **state)
{
	(void)state;
	static const char *const binds[] =
			{"0.0.0.0", "10.9.0.1", "10.9.0.2", "::", "fd00::1", "fd00::2"};
	static const struct {
		const char *socket;
		const char answers[sizeof binds / sizeof *binds + 1]; /* y, n, or ? */
	} rows[] = {
			{"10.9.0.1:5", "yyn?nn"},
			{"0.0.0.0:5", "yyy?nn"},
			{"[fd00::1]:5/6", "nnnyyn"},
			{"[fd00::1]:5/c", "?nnyyn"},
			{"[::]:5/6", "nnnyyy"},
			{"[::]:5", "yyyyyy"},
			{"10.9.0.1:5/c", "yyn?nn"},
	};
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct holdings holdings;
		assert_true(holdings_read(arena, rows[i].socket, &holdings));
		for (size_t k = 0; k < COUNT_OF(binds); k++) {
			struct address address;
			assert_true(address_parse(binds[k], strlen(binds[k]), &address));
			char got = "n?y"[conflict_of(&holdings.items[0], &address)];
			if (got != rows[i].answers[k])
				fail_msg("%s, bind %s: %c", rows[i].socket, binds[k], got);
		}
	}
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(pools_meet_by_address),
			cmocka_unit_test(binding_meets_conflicts),
			cmocka_unit_test(either_end_is_loopback),
			cmocka_unit_test(unlisted_pools),
			cmocka_unit_test(names_that_may_meet),
			cmocka_unit_test(sources_that_are_not_known),
			cmocka_unit_test(ports_blocked_for_one_family),
			cmocka_unit_test(a_missing_fact_frees_no_port),
			cmocka_unit_test(lists_of_sockets),
			cmocka_unit_test(conflicts_as_measured),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
