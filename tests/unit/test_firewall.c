/* What rules of a firewall mean for connection tracking: in the shape of nft -j 1.0.6, and of what
 * headroom keeps. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/os/json.h"
#include "model/tracking/untracked.h"
#include "probes/host/firewall/nft.h"
#include "probes/host/firewall/untracked.h"

#define CHAIN(hook, prio)                                                                    \
	"{\"chain\":{\"family\":\"inet\",\"table\":\"t\",\"name\":\"" hook "\",\"hook\":\"" hook \
	"\",\"prio\":" #prio "}},"
#define RULE(chain, expressions)                                              \
	"{\"rule\":{\"family\":\"inet\",\"table\":\"t\",\"chain\":\"" chain "\"," \
	"\"expr\":[" expressions "]}}"
#define RAW CHAIN("prerouting", -300) CHAIN("output", -300)
#define PORT(field, port)                                                                      \
	"{\"match\":{\"op\":\"==\",\"left\":{\"payload\":{\"protocol\":\"tcp\",\"field\":\"" field \
	"\"}},\"right\":" port "}},"
#define META(key, right)                                                                           \
	"{\"match\":{\"op\":\"==\",\"left\":{\"meta\":{\"key\":\"" key "\"}},\"right\":\"" right "\"}" \
	"},"
#define NOTRACK    "{\"notrack\":null}"
#define ITEM(name) "{\"" name "\":null}"

static struct json *ruleset(struct arena *arena, const char *items)
{
	struct error err = {0};
	const char *text = arena_printf(arena, "{\"nftables\":[%s]}", items);
	struct json *json = json_read("nft.json", text, strlen(text), &err);
	if (!json)
		fail_msg("%s: %s", items, err.text);
	return json;
}

static void exemptions(void **state)
{
	(void)state;
	static const struct {
		const char *items, *text;
	} rows[] = {
			{RAW RULE("prerouting", NOTRACK), "in inet"},
			{RAW RULE("output", ITEM("counter") "," NOTRACK), "out inet"},
			{RAW RULE("output", PORT("dport", "80") NOTRACK "," ITEM("accept")),
					"out inet tcp to 80"},
			{RAW RULE("output", PORT("sport", "{\"range\":[80,90]}") NOTRACK),
					"out inet tcp from 80-90"},
			{RAW RULE("output", META("oifname", "lo") META("nfproto", "ipv6") NOTRACK),
					"out ip6 lo"},
			{RAW RULE("output", META("l4proto", "udp") NOTRACK) "," RULE("prerouting", NOTRACK),
					"out inet udp; in inet"},
			/* a rule before it may have let the packet go by */
			{RAW RULE("output", PORT("dport", "22") ITEM("accept")) "," RULE("output", NOTRACK),
					""},
			{RAW RULE("output", ITEM("jump")) "," RULE("output", NOTRACK), ""},
			{RAW RULE("output", ITEM("vmap")) "," RULE("output", NOTRACK), ""},
			{RAW RULE("output", ITEM("drop")) "," RULE("output", NOTRACK), "out inet"},
			{RAW RULE("output", ITEM("unread") "," ITEM("drop")) "," RULE("output", NOTRACK),
					"out inet"},
			/* a match that is not understood */
			{RAW RULE("output", ITEM("unread") "," NOTRACK), ""},
			{RAW RULE("output", ITEM("limit") "," NOTRACK), ""},
			{RAW RULE("output", META("iifname", "eth0") NOTRACK), ""},
			{RAW RULE("output", PORT("dport", "{\"set\":[80,81]}") NOTRACK), ""},
			{RAW RULE("output",
					 "{\"match\":{\"op\":\"!=\",\"left\":{\"payload\":{\"protocol\":\"tcp\","
					 "\"field\":\"dport\"}},\"right\":80}}," NOTRACK),
					""},
			{RAW RULE("output", "{\"xt\":{\"type\":\"match\",\"name\":\"owner\"}}," NOTRACK), ""},
			{RAW RULE("output", "{\"xt\":{\"type\":\"match\",\"name\":\"comment\"}}," NOTRACK),
					"out inet"},
			/* a zone or a template makes notrack do nothing */
			{RAW RULE("output", NOTRACK) "," RULE("prerouting", ITEM("ct")), ""},
			{RAW RULE("output", NOTRACK) "," RULE("prerouting",
					 "{\"xt\":{\"type\":\"target\",\"name\":\"CT\"}}"),
					""},
			{RAW RULE("output",
					 "{\"mangle\":{\"key\":{\"meta\":{\"key\":\"mark\"}},\"value\":1}}," NOTRACK),
					"out inet"},
			/* too late, or in a chain that only jumps reach */
			{CHAIN("output", -200) RULE("output", NOTRACK), ""},
			{CHAIN("output", 0) RULE("output", NOTRACK), ""},
			{CHAIN("forward", -300) RULE("forward", NOTRACK), ""},
			{RAW RULE("other", NOTRACK), ""},
			{RULE("output", NOTRACK), ""},
			{RAW "{\"chain\":7},{\"rule\":{\"expr\":[7,null,{}]}}", ""},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct json *json = ruleset(arena, rows[i].items);
		const char *text = untracked_by(arena, json_root(json));
		if (strcmp(text, rows[i].text) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", rows[i].items, text, rows[i].text);
		json_free(json);
		arena_free(arena);
	}
}

static const struct {
	const char *items;
	bool ipv4, ipv6;
	double policy_s, source_ports; /* 0: none */
} needs_rows[] = {
		{RULE("c", ITEM("accept")), false, false, 0, 0},
		{RULE("c", ITEM("ct")), true, true, 0, 0},
		{"{\"rule\":{\"family\":\"ip6\",\"table\":\"t\",\"chain\":\"c\",\"expr\":[{\"ct\":1}]}"
		 "}",
				false,
				true,
				0,
				0},
		{"{\"ct helper\":{\"family\":\"ip\",\"name\":\"f\",\"table\":\"t\"}}", true, false, 0, 0},
		{"{\"ct expectation\":{\"family\":\"ip6\",\"name\":\"f\",\"table\":\"t\"}}",
				false,
				true,
				0,
				0},
		{"{\"ct timeout\":{\"family\":\"ip\",\"name\":\"x\",\"table\":\"t\",\"policy\":"
		 "{\"established\":9000,\"close\":600,\"time_wait\":333}}}",
				true,
				false,
				600,
				0},
		{"{\"set\":{\"family\":\"ip\",\"name\":\"s\",\"table\":\"t\",\"stmt\":[{\"ct count\":"
		 "{\"val\":10}}]}}",
				true,
				false,
				0,
				0},
		{"{\"set\":{\"family\":\"ip\",\"name\":\"s\",\"table\":\"t\",\"elem\":[1,2]}}",
				false,
				false,
				0,
				0},
		{RULE("c", "{\"set\":{\"op\":\"add\",\"stmt\":[{\"ct count\":{\"val\":1}}]}}"),
				true,
				true,
				0,
				0},
		{RULE("c", ITEM("masquerade")), true, true, 0, NAT_SOURCE_PORTS},
		{RULE("c", "{\"masquerade\":{\"port\":{\"range\":[1024,2047]}}}"), true, true, 0, 1024},
		{RULE("c", "{\"snat\":{\"addr\":\"1.2.3.4\",\"port\":5000}}") "," RULE("c",
				 ITEM("masquerade")),
				true,
				true,
				0,
				1},
		{RULE("c",
				 "{\"xt\":{\"type\":\"target\",\"name\":\"MASQUERADE\",\"port\":{\"range\":[1,"
				 "100]}}}"),
				true,
				true,
				0,
				100},
		{RULE("c", NOTRACK), false, false, 0, 0},
};

static void needs(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(needs_rows); i++) {
		struct arena *arena = arena_new();
		struct json *json = ruleset(arena, needs_rows[i].items);
		struct nft_findings *found = arena_alloc(arena, sizeof *found);
		nft_judge(arena, json_root(json), found);
		double ports = isnan(found->source_ports) ? 0 : found->source_ports;
		if (found->tracked4 != needs_rows[i].ipv4 || found->tracked6 != needs_rows[i].ipv6 ||
				found->policy_s != needs_rows[i].policy_s || ports != needs_rows[i].source_ports)
			fail_msg("%s: %d %d %g %g",
					needs_rows[i].items,
					found->tracked4,
					found->tracked6,
					found->policy_s,
					ports);
		json_free(json);
		arena_free(arena);
	}
}

static struct workload plan_of(struct arena *arena, const char *role, const char *to)
{
	struct workload plan = {0};
	struct error err;
	struct assumption *assumptions;
	size_t count;
	assert_true(workload_set(arena, &plan, W_ROLE, role, "test", &err));
	assert_true(workload_set(arena, &plan, W_CONNECTIONS, "10", "test", &err));
	if (to)
		assert_true(workload_set(arena, &plan, W_DESTINATIONS, to, "test", &err));
	if (!workload_complete(arena, &plan, &assumptions, &count, &err))
		fail_msg("%s", err.text);
	return plan;
}

static void plans(void **state)
{
	(void)state;
	static const char both[] = "out ip tcp to 80; in ip tcp from 80";
	static const char all[] = "in inet; out inet", lo[] = "out inet lo";
	static const struct {
		const char *text, *role, *to;
		bool ipv4, ipv6;
	} rows[] = {
			{both, "client", "10.0.0.1:80", true, false},
			{both, "client", "10.0.0.1:81", false, false},
			{both, "client", "10.0.0.1:80,10.0.0.2:81", false, false},
			{both, "client", NULL, false, false},
			{both, "server", "10.0.0.1:80", false, false},
			{"out ip tcp to 80", "client", "10.0.0.1:80", false, false},
			{"in ip from 80; out ip to 79-81", "client", "10.0.0.1:80", true, false},
			{"in ip udp from 80; out ip to 80", "client", "10.0.0.1:80", false, false},
			{"in ip to 80; out ip from 80", "server", "10.0.0.1:80", true, false},
			{"in ip to 80; out ip from 80", "server", NULL, false, false},
			{all, "server", NULL, true, true},
			{all, "proxy", NULL, true, true},
			{both, "proxy", "10.0.0.1:80", false, false},
			{lo, "client", "127.0.0.1:80", true, true},
			{lo, "client", "10.0.0.1:80", false, false},
			{"out ip to 80", "client", "127.0.0.1:80", false, false},
			{"out ip to 80; out ip from 80", "client", "127.0.0.1:80", true, false},
			{"in ip to 80; in ip from 80", "client", "127.0.0.1:80", false, false},
			{"out ip to 80-70; in ip from 80", "client", "10.0.0.1:80", false, false},
			{"out ip to 80x; in ip from 80", "client", "10.0.0.1:80", false, false},
			{"out ip from; in ip", "client", "10.0.0.1:80", false, false},
			{"out; ; ;;out ip nonsense;in ip;out ip", "client", "10.0.0.1:80", true, false},
			{"", "client", "10.0.0.1:80", false, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct facts *facts = facts_new(arena);
		(void)facts_put_text(facts, "conntrack.untracked", NULL, rows[i].text, "test");
		const struct workload plan = plan_of(arena, rows[i].role, rows[i].to);
		struct untracked found = untracked_plan(facts, &plan);
		if (found.ipv4 != rows[i].ipv4 || found.ipv6 != rows[i].ipv6)
			fail_msg("\"%s\", %s to %s: %d %d",
					rows[i].text,
					rows[i].role,
					rows[i].to ? rows[i].to : "any",
					found.ipv4,
					found.ipv6);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(exemptions),
			cmocka_unit_test(needs),
			cmocka_unit_test(plans),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
