/* What HAProxy's configuration lets in, and what becomes of its connections to servers: each row is
 * a configuration and what the plan must say. Counted with 2.6.12 (tests/live/proxies.py,
 * tests/live/plan_files.sh). */
#include "tests/unit/plan_test.h"

#include "base/array.h"

struct haproxy_case {
	const char *configuration, *want;
};

#define HTTP    "global\n maxconn 1000\n nbthread 1\ndefaults\n mode http\n"
#define SERVERS " server a 10.0.0.8:80\n server b 10.0.0.9:80\n"
#define LISTEN  "listen l\n bind :80\n"

static void run(const struct haproxy_case *cases, size_t count)
{
	int failures = 0;
	for (size_t i = 0; i < count; i++) {
		struct arena *arena = arena_new();
		const struct plan_pair files[] = {{"h.cfg", cases[i].configuration}, {NULL, NULL}};
		const struct plan_case one = {"haproxy -f h.cfg", cases[i].want};
		plan_test_files = files;
		int failed = plan_test_one(arena, &one);
		if (failed)
			print_error("  %s\n", cases[i].configuration);
		failures += failed;
		plan_test_files = NULL;
		arena_free(arena);
	}
	assert_int_equal(failures, 0);
}

static void who_ends_a_connection(void **state)
{
	(void)state;
	static const struct haproxy_case cases[] = {
			{HTTP LISTEN SERVERS, "upstream.closer=reset upstream.closer~exact"},
			{HTTP " option http-keep-alive\n" LISTEN SERVERS, "upstream.closer=reset"},
			/* the default is mode tcp */
			{"global\n maxconn 9\n" LISTEN SERVERS,
					"upstream.closer=client upstream.closer~estimate"},
			{HTTP LISTEN " mode tcp\n" SERVERS, "upstream.closer=client"},
			{HTTP " option http-server-close\n" LISTEN SERVERS,
					"upstream.closer=server upstream.closer~exact +plan-haproxy-keepalive"},
			{HTTP " option httpclose\n" LISTEN SERVERS, "upstream.closer=server"},
			{HTTP LISTEN " option httpclose\n" SERVERS, "upstream.closer=server"},
			{HTTP " option httpclose\n" LISTEN " no option httpclose\n" SERVERS,
					"upstream.closer=reset"},
			{HTTP " option httpclose\n" LISTEN " no option http-server-close\n" SERVERS,
					"upstream.closer=server"},
			{HTTP " option httpclose\n" LISTEN " option http-keep-alive\n" SERVERS,
					"upstream.closer=reset"},
			{HTTP " option httpclose\n option http-pretend-keepalive\n" LISTEN SERVERS,
					"upstream.closer=reset +plan-haproxy-keepalive"},
			/* what the frontend asks for counts for its backends */
			{HTTP "frontend f\n bind :80\n option httpclose\n default_backend b\nbackend "
				  "b\n" SERVERS,
					"upstream.closer=server"},
			{HTTP "frontend f\n bind :80\n option httpclose\n default_backend x\nbackend "
				  "b\n" SERVERS,
					"upstream.closer=reset"},
			{HTTP "frontend f\n bind :80\n option httpclose\n use_backend %[path]\nbackend "
				  "b\n" SERVERS,
					"upstream.closer=server"},
			{HTTP LISTEN " server a 10.0.0.8:80 pool-max-conn 0\n",
					"upstream.closer=reset +plan-haproxy-keepalive"},
			{HTTP LISTEN " http-reuse never\n server a 10.0.0.8:80 pool-max-conn 0\n",
					"upstream.closer=reset upstream.connections=1000"},
			{HTTP LISTEN " http-reuse never\n" SERVERS, "upstream.connections=2000"},
			{HTTP LISTEN " http-reuse never\n server-template a 9 h:80\n",
					"upstream.connections=5000"},
	};
	run(cases, COUNT_OF(cases));
}

static void with_requests(void **state)
{
	(void)state;
	static const struct haproxy_case cases[] = {
			{HTTP " option httpclose\n" LISTEN SERVERS,
					"upstream.open_rate_per_s=700 upstream.open_rate_per_s~exact"},
			{HTTP LISTEN SERVERS, "upstream.open_rate_per_s=-"},
			{HTTP LISTEN " server a 10.0.0.8:80 pool-max-conn 9\n",
					"upstream.open_rate_per_s=700 upstream.open_rate_per_s~bound"},
	};
	plan_test_given.values[W_REQUESTS] = (struct workload_value){.set = true, .number = 700};
	run(cases, COUNT_OF(cases));
	plan_test_given.values[W_REQUESTS].set = false;
}

/* A client of HTTP/2 has many requests under way, and each takes a connection to a server (counted:
 * 301 for 4 clients of 100 streams at maxconn 150). */
static void clients_with_streams(void **state)
{
	(void)state;
#define BIND(words) HTTP "listen l\n bind :443 " words "\n"
	static const struct haproxy_case unknown[] = {
			{BIND("ssl crt x alpn h2,http/1.1") SERVERS,
					"connections=20 upstream.connections=1990 +plan-http2-clients"},
			{BIND("proto h2") SERVERS, "upstream.connections=1990 upstream.connections~bound"},
			{BIND("ssl crt x") SERVERS, "upstream.connections=1990"},
			{BIND("ssl crt x alpn http/1.1") SERVERS, "upstream.connections=1000"},
			{BIND("ssl crt x") " mode tcp\n" SERVERS, "upstream.connections=1000"},
			{BIND("proto h2") " server a 10.0.0.8:80 maxconn 30\n", "upstream.connections=30"},
	};
	static const struct haproxy_case known[] = {
			{BIND("proto h2") SERVERS, "upstream.connections=1000"},
			{"global\n maxconn 400\n tune.h2.fe.max-concurrent-streams 7\ndefaults\n mode http\n"
			 "listen l\n bind :443 proto h2\n" SERVERS,
					"upstream.connections=70"},
			{"global\n maxconn 400\ndefaults\n mode http\n"
			 "listen l\n bind :443 proto h2\n" SERVERS,
					"upstream.connections=800 upstream.connections~bound"},
	};
	struct workload_value *clients = &plan_test_given.values[W_CONNECTIONS];
	run(unknown, COUNT_OF(unknown));
	*clients = (struct workload_value){.set = true, .number = 10};
	run(known, COUNT_OF(known));
	*clients = (struct workload_value){0};
#undef BIND
}

static void what_it_lets_in(void **state)
{
	(void)state;
	static const struct haproxy_case cases[] = {
			{HTTP LISTEN SERVERS, "connections=1000 max_connections=1000 backlog=1000"},
			{HTTP LISTEN " maxconn 70\n" SERVERS, "connections=70 backlog=70"},
			{HTTP LISTEN " maxconn 70\n backlog 90\n" SERVERS, "backlog=90"},
			{HTTP "listen l\n bind :80 backlog 33\n bind :81 maxconn 44\n" SERVERS, "backlog=33"},
			{HTTP "listen l\n bind :80\n bind :81 maxconn 44\n" SERVERS, "backlog=44"},
			/* a bound without a global maxconn */
			{"defaults\n maxconn 3000\n" LISTEN SERVERS, "connections=3000 connections~bound"},
			{"defaults\n maxconn 3000\n" LISTEN SERVERS "listen m\n bind :81\n" SERVERS,
					"connections=6000"},
			{LISTEN " maxconn 0\n" SERVERS, "?connections max_connections=-"},
			/* nobody loads the page of statistics */
			{LISTEN " maxconn 100\n" SERVERS "listen s\n bind :81\n stats enable\n",
					"connections=100 backlog=100"},
			{"defaults a\n maxconn 5\ndefaults b\n maxconn 7\nfrontend f from a\n bind :80\n"
			 "frontend g\n bind :81\n",
					"connections=12"},
			{"defaults a\n maxconn 5\ndefaults b from a\n backlog 3\nfrontend f\n bind :80\n",
					"connections=5 backlog=3"},
			{HTTP LISTEN " server a h:1 maxconn 30\n server b h:2 maxconn 40\n",
					"upstream.connections=70"},
			{HTTP LISTEN " server a h:1 maxconn 30\n server b h:2\n", "upstream.connections=1000"},
			{"global\n nbproc 2\n maxconn 10\n" LISTEN SERVERS, "processes=2 threads=2"},
			{"global\n ulimit-n 5000\n maxconn 10\n" LISTEN SERVERS, "nofile=5000"},
			{"global\n ulimit-n 5000\ndefaults\n maxconn 10\n" LISTEN SERVERS, "nofile=hard"},
			{"mode http\n", "!outside any section"},
			{"global\n maxconn x\n", "!not written as"},
			{"listen l\n bind\n", "!no address in"},
			{"listen l\n server a\n", "!no address in"},
			{"global\n maxconn 9\n", "!neither a frontend nor a listen section"},
	};
	run(cases, COUNT_OF(cases));
}

static void where_they_go(void **state)
{
	(void)state;
	static const struct haproxy_case cases[] = {
			{HTTP LISTEN SERVERS, "upstream.destinations=2 upstream.destinations~exact"},
			{HTTP LISTEN SERVERS " server c 10.0.0.7:80 backup\n server d 10.0.0.6:80 disabled\n",
					"upstream.destinations=2"},
			{HTTP LISTEN " server a ipv4@10.0.0.8:80 weight 3\n",
					"upstream.destinations=10.0.0.8:80"},
			{HTTP LISTEN " balance source\n" SERVERS,
					"upstream.destinations=10.0.0.8:80 +plan-haproxy-sticky"},
			{HTTP LISTEN " balance first\n server-template a 1-5 h:80\n",
					"upstream.destinations=1"},
			{HTTP LISTEN " balance leastconn\n" SERVERS, "upstream.destinations=2"},
			{HTTP LISTEN SERVERS "listen m\n bind :81\n server c 10.0.0.7:80\n",
					"upstream.destinations=10.0.0.7:80 upstream.destinations~bound "
					"+plan-haproxy-mixed"},
			{HTTP LISTEN SERVERS "listen m\n bind :81\n mode tcp\n server c h:1\n server d h:2\n",
					"upstream.closer=client upstream.destinations=2"},
			/* what takes no port */
			{HTTP LISTEN " server a unix@/run/a.sock\n",
					"role=server fds_per_connection=2 +plan-haproxy-unix"},
			{HTTP LISTEN " server a /run/a.sock\n server b abns@b\n", "role=server"},
			{HTTP LISTEN " server a /run/a.sock\n server b h:1\n",
					"role=proxy upstream.destinations=h:1"},
			{HTTP LISTEN " option transparent\n server a 0.0.0.0:80\n",
					"upstream.destinations=1 +plan-haproxy-transparent"},
			{HTTP LISTEN " source 10.0.0.1\n" SERVERS, "bind=noport"},
			{HTTP LISTEN " source 10.0.0.1:1000-2000\n" SERVERS, "bind=address"},
			{HTTP LISTEN " server a h:1 source 0.0.0.0 usesrc clientip\n",
					"bind=noport +plan-haproxy-transparent"},
	};
	run(cases, COUNT_OF(cases));
}

static void what_it_computes_itself(void **state)
{
	(void)state;
	static const struct plan_case cases[] = {
			{"docker run --ulimit nofile=20000:20000 -v /h.cfg:/h.cfg haproxy:2.8 -f /h.cfg",
					"?connections max_connections=9991 max_connections~estimate"},
			{"haproxy -f h.cfg -C /", "?connections"},
			{"haproxy -C /etc -f h.cfg", "!/etc/h.cfg"},
			{"docker run -v /h.cfg:/h.cfg haproxy:2.8 -f /h.cfg", "?connections max_connections=-"},
	};
	static const struct plan_pair files[] = {
			{"/h.cfg", "global\n nbthread 2\ndefaults\n" LISTEN " server a h:1 check\n"},
			{NULL, NULL}};
	plan_test_files = files;
	plan_test_table(cases, COUNT_OF(cases));
	plan_test_files = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(who_ends_a_connection),
			cmocka_unit_test(with_requests),
			cmocka_unit_test(clients_with_streams),
			cmocka_unit_test(what_it_lets_in),
			cmocka_unit_test(where_they_go),
			cmocka_unit_test(what_it_computes_itself),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
