/* wrk and wrk2: from command lines to the plan. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

static const struct plan_case cases[] = {
		{"wrk -t12 -c400 -d30s http://10.0.0.5/",
				"tool=wrk connections=396 threads=13 fds_base=15 duration_s=30 burst=396 "
				"open_rate_per_s=0 closer=client destinations=10.0.0.5:80 +plan-ends =exact"},
		{"wrk http://h",
				"connections=10 threads=3 fds_base=5 duration_s=10 destinations=h:80 bind=none "
				"runtime=native"},
		{"wrk -t16 -c20k -d5m https://h:8443/x",
				"connections=20000 duration_s=300 destinations=h:8443"},
		{"wrk --connections=1K --threads 4 --dur 1h http://h/",
				"connections=1000 threads=5 duration_s=3600"},
		{"wrk -c 50 -t 7 http://h/", "connections=49 connections~exact"},
		{"wrk http://h/ -c 100", "connections=100"},
		{"/usr/bin/wrk -c100 http://[::1]:8080/", "connections=100 destinations=[::1]:8080"},
		{"wrk -c100 -H Connection:close http://h/",
				"connections=100 closer=server closer~estimate ?open-rate ?latency "
				"requests_per_connection=1 =needs-input"},
		{"wrk -c100 -H 'connection:\tClose' http://h/", "closer=server"},
		{"wrk -c100 -H X-Close:close http://h/", "closer=client"},
		{"wrk -R 2000 -c100 -t2 http://h/",
				"tool=wrk2 requests_per_s=2000 ramp_rate_per_s=400 open_rate_per_s=0"},
		{"wrk -R2k -c100 -H Connection:close http://h/",
				"requests_per_s=2000 closer=server requests_per_connection=1"},
		{"wrk -c100 -s close.lua http://h/", "closer=server ?latency"},
		{"wrk -c100 -s plain.lua http://h/", "closer=client =exact"},
		{"wrk -c100 -s none.lua http://h/", "!wrk -s: none.lua: cannot be read"},
		{"wrk -c 5 -t 10 http://h/", "!at least one connection per thread"},
		{"wrk -c 5", "!no URL"},
		{"wrk -c", "!-c needs an argument"},
		{"wrk -c 4x http://h/", "!-c 4x: \"4x\" is not written as 400, 20k or 1M"},
		{"wrk -c -4 http://h/", "!\"-4\" is not written as"},
		{"wrk -c 99999999999999999999 http://h/", "!too large"},
		{"wrk --conections 4 http://h/",
				"!wrk has no option --conections; did you mean --connections?"},
		{"wrk -z http://h/", "!wrk has no option -z"},
		{"wrk -c10 ftp://h/", "!unknown scheme"},
		{"wrk2 -R100 -c10 http://u:secret@h/", "tool=wrk2 destinations=h:80"},
		{"wkr -c 10 http://h/", "!did you mean wrk? It reads"},
		{"drill -c 10 http://h/", "!drill is not a load test tool that headroom knows. It reads"},
		{"wrk -c10 10.0.0.5:8080", "!the URL needs its scheme: http://10.0.0.5:8080"},
		{"wrk -c10 -d0 http://h/", "!-d0: at least one second"},
		{"wrk -c10 -d1m http://h/ -- --user 5", "connections=10 duration_s=60"},
		{"wrk -v", "!this wrk command makes no load"},
		{"wrk2 -R2k -c100 -H 'Connection: close' http://h/", "closer~estimate =estimate"},
};

static const struct plan_pair files[] = {
		{"close.lua", "wrk.headers[\"Connection\"] = \"Close\"\n"},
		{"plain.lua", "-- one connection, closed late\nwrk.method = \"POST\"\n"},
		{NULL, NULL},
};

static void command_lines(void **state)
{
	(void)state;
	plan_test_files = files;
	plan_test_table(cases, COUNT_OF(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(command_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
