/* h2load, hey, ab, siege, vegeta, tcpkali: from command lines to the plan. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

static const struct plan_case h2load[] = {
		{"h2load -n1000000 -c100 -m100 https://10.0.0.1:8443/",
				"connections=100 streams_per_connection=100 threads=2 "
				"fds_base=4 burst=100 closer=client destinations=10.0.0.1:8443 runtime=native "
				"=exact"},
		{"h2load --h1 -n1000 -c100 -m8 -t4 http://h/",
				"connections=100 streams_per_connection=- threads=5 fds_base=7"},
		{"h2load --npn-list=http/1.1 -m8 -n9 -c2 http://h/", "streams_per_connection=-"},
		{"h2load -n300 -c300 -r100 http://h/",
				"connections=300 connections~bound ramp_rate_per_s=100 burst=- =bound"},
		{"h2load -n300 -c300 -r10 --rate-period=100ms http://h/", "ramp_rate_per_s=100"},
		{"h2load -D 30 --warm-up-time=5s -c10 http://h/", "duration_s=35 connections=10"},
		{"h2load -c10 -D1m --rps 20 http://h/", "requests_per_s=200"},
		{"h2load -n10 -c10 --base-uri http://b:81 http://h/", "destinations=b:81"},
		{"h2load -n10 -c10 --connect-to=127.0.0.1 https://h/", "destinations=127.0.0.1:443"},
		{"h2load -n10 -c10 --connect-to '[::1]:4' https://h/", "destinations=[::1]:4"},
		{"h2load -n10 -c10 -i urls", "destinations=f:82"},
		{"h2load -n10 -c10 -i none", "!h2load -i: none: cannot be read"},
		{"h2load -n10 -c10 -i -", "?destinations =needs-input"},
		{"h2load --h1 -n10 -c10 -H 'Connection: close' http://h/",
				"closer=server closer~estimate open_rate_per_s~bound"},
		{"h2load -n10 -c20 http://h/", "!-n 10 requests are fewer than -c 20"},
		{"h2load -n10 -c2 -t4 http://h/", "!fewer than -t 4"},
		{"h2load -D10 -r5 -c10 http://h/", "!exclude each other"},
		{"h2load -n10 -c 1k http://h/", "!-c 1k: \"1k\" is not written as 400"},
		{"h2load -n10 -c0 http://h/", "!at least 1"},
		{"h2load --clinets=4 http://h/",
				"!h2load has no option --clinets; did you mean --clients?"},
};

static const struct plan_case hey[] = {
		{"hey http://h/",
				"connections=88 fds_base=5 runtime=go open_rate_per_s=0 closer=client "
				"+plan-dial-races =estimate"},
		{"hey -z 1m30s -c 1000 http://h/",
				"connections=1750 duration_s=90 +plan-idle-pool ?open-rate"},
		{"hey -n=10 -c=10 http://h:8080/", "connections=18 destinations=h:8080"},
		{"hey -disable-keepalive -c 50 -n 5000 http://h/",
				"connections=50 closer=server open_rate_per_s~bound =estimate"},
		{"hey -disable-keepalive=false -c 50 http://h/", "closer=client"},
		{"hey -disable-keepalive -z 10s -c 50 http://h/", "?latency ?open-rate =needs-input"},
		{"hey -disable-keepalive -q 10 -z 10s -c 50 http://h/",
				"requests_per_s=500 requests_per_connection=1"},
		{"hey -H 'Connection: close' -n 100 http://h/", "closer=server"},
		{"hey -c 50 https://h/", "closer=client closer~bound connections~bound"},
		{"hey -c 50 http://h/", "connections~estimate"},
		{"hey -disable-keepalive -q 10 -z 1m https://h/",
				"closer=server client_closes=0.05 client_closes~estimate"},
		{"hey -disable-keepalive -q 10 -z 1m -x http://p:3128 https://h/", "client_closes=-"},
		{"hey -disable-keepalive -q 10 -z 1m https://localhost/", "client_closes=-"},
		{"hey -h2 -c 250 -n 1000 https://h/", "connections=1188 streams_per_connection=-"},
		{"hey -x 10.0.0.9:3128 http://h/", "destinations=10.0.0.9:3128"},
		{"hey http://h/ -c 500", "connections=88 +plan-ignored-words"},
		{"hey -c50 http://h/", "!hey has no option -c50"},
		{"hey -n 10 -c 20 http://h/", "!-n 10 is less than -c 20"},
		{"hey -z 5 http://h/", "!\"5\" is not written as 30s"},
		{"hey", "!no URL"},
};

static const struct plan_case ab[] = {
		{"ab -n 200000 -c 500 http://h/",
				"connections=500 closer=server closer~estimate requests_per_connection=1 "
				"fds_base=4 threads=1 open_rate_per_s~bound =estimate"},
		{"ab -k -n 200000 -c 20000 http://h/",
				"connections=20000 closer=client open_rate_per_s=0 =exact"},
		{"ab -k -t 10 -c 20 http://h/", "closer=client closer~bound connections~exact"},
		{"ab -k -n 600 -c 10 -H 'Connection: close' http://h/",
				"closer=server requests_per_connection=1 open_rate_per_s=600 "
				"open_rate_per_s~bound opens_total=600 opens_total~exact duration_s=-"},
		{"ab -kc 10 -n100 http://h/", "connections=10 open_rate_per_s=0"},
		{"ab -n 100 -t 5 -c 200 http://h/", "duration_s=5 open_rate_per_s=50000 opens_total=50000"},
		{"ab -t 5 -n 100 -c 20 http://h/", "open_rate_per_s=100 opens_total=100"},
		{"ab -n100 -B 10.0.0.2 http://h/", "bind=address source_addresses=10.0.0.2"},
		{"ab -n100 -X proxy:3128 http://h/", "destinations=proxy:3128"},
		{"ab -n 10 -c 20 http://h/", "!-c 20 is more than -n 10"},
		{"ab -n 10 http://h", "!needs a path"},
		{"ab -n 10 http://h/ -c 2", "!options must come before the URL"},
		{"ab -n 10 --c 2 http://h/", "!ab has no option --c"},
		{"ab -n 10 -Y http://h/", "!ab has no option -Y"},
};

static const struct plan_case siege[] = {
		{"siege -R big.conf -r 5 -c10 http://h/", "closer=client closer~exact =exact"},
		{"siege -R big.conf -t 5S -c10 http://h/", "closer=client closer~bound =exact"},
		{"siege --no-parser -c50 -r20 http://h/", "closer=server closer~estimate"},
		{"siege -C", "!this siege command makes no load"},
		{"ab -V", "!this ab command makes no load"},
		{"h2load --alpn-list=h3 -n100 -c10 https://h/", "protocol=udp closer=reset connections=10"},
		{"h2load --timing-script-file=t -c10 http://h/", "connections=10"},
		{"siege --no-parser -c50 -r20 http://h/",
				"connections=50 threads=52 closer=server closer~estimate =estimate"},
		{"siege -c50 -r20 http://h/", "?latency =needs-input"},
		{"siege -N -c500 -r1 http://h/", "connections=255 +plan-siege-limit"},
		{"siege -R big.conf -c500 -t 2M",
				"connections=400 +plan-siege-limit duration_s=120 open_rate_per_s=0 closer=client "
				"destinations=2 =exact"},
		{"siege -R big.conf http://h/", "connections=30 destinations=h:80"},
		{"siege --time=30s -c5 http://h/", "duration_s=30"},
		{"siege -t10 -c5 http://h/", "duration_s=600"},
		{"siege -R none.conf http://h/", "!siege's configuration: none.conf: cannot be read"},
		{"siege -c0 http://h/", "!at least one user"},
		{"siege -c x http://h/", "!\"x\" is not written as 400"},
		{"siege -f urls http://h/ -c 5", "connections=5 destinations=h:80"},
};

static const struct plan_case vegeta[] = {
		{"vegeta attack -targets=targets -rate=100 -duration=5m",
				"requests_per_s=100 duration_s=300 bind=wildcard ?latency "
				"?connections destinations=3 runtime=go =needs-input"},
		{"vegeta attack -targets targets -rate 3000/m -max-workers 50",
				"requests_per_s=50 connections=50 connections~estimate"},
		{"vegeta attack -targets targets -rate 10/s -timeout 2s -max-connections=100",
				"connections=21"},
		{"vegeta -cpus 2 attack -targets targets -rate=0 -max-workers=70",
				"requests_per_s=- connections=89"},
		{"vegeta attack -targets targets -rate=0", "!-rate=0 requires -max-workers"},
		{"vegeta attack -targets targets -keepalive=false -max-workers=10",
				"closer=server requests_per_connection=1"},
		{"vegeta attack -targets targets -max-workers=10 -keepalive false",
				"closer=client connections=10 +plan-ignored-words"},
		{"vegeta attack -targets targets -laddr 10.0.0.3 -max-workers=1",
				"bind=address source_addresses=10.0.0.3"},
		{"vegeta attack -targets json -format json -max-workers=1", "destinations=j:83"},
		{"vegeta attack -max-workers=1", "?destinations"},
		{"vegeta attack -targets bad -max-workers=1", "!line 1: a target is METHOD URL"},
		{"vegeta attack -targets none", "!vegeta -targets: none: cannot be read"},
		{"vegeta attack -rate=5x -targets targets", "!\"5x\" is not written"},
		{"vegeta attack -rtae=5", "!vegeta has no option -rtae; did you mean -rate?"},
		{"vegeta report results.bin", "!makes no load"},
		{"sh -c 'echo GET https://a/ | vegeta attack -rate=10 -max-workers=5 | tee r.bin | vegeta "
		 "report'",
				"destinations=a:443 connections=5"},
		{"sh -c 'cat targets | vegeta attack -max-workers=5 >r.bin'", "destinations=3"},
		{"sh -c 'vegeta attack -max-workers=5 <targets'", "destinations=3"},
		{"bash -c 'vegeta attack -max-workers=5 <<<\"GET http://x/\"'", "destinations=x:80"},
		{"sh -c 'printf \"GET %s\\n\" https://a/ http://b/ | vegeta attack -keepalive=false "
		 "-max-workers=5'",
				"destinations=2 closer=server client_closes=-"},
		{"sh -c 'printf \"GET %s\\n\" https://a/ https://b/ | vegeta attack -keepalive=false "
		 "-max-workers=5'",
				"destinations=2 closer=server client_closes=0.05"},
		{"sh -c 'printf \"GET %s\\n\" http://a/ http://b/ | vegeta attack -max-workers=5'",
				"destinations=2"},
		{"sh -c 'jq -n 1 | vegeta attack -max-workers=5'", "?destinations"},
		{"sh -c 'cat none | vegeta attack'", "!cat: none: cannot be read"},
};

static const struct plan_case tcpkali[] = {
		{"tcpkali -c 20k --connect-rate 1k -T 1min 10.0.0.1:80 10.0.0.2:80",
				"connections=20000 ramp_rate_per_s=1000 "
				"duration_s=60 destinations=2 nofile=hard fds_base=8 threads=3 open_rate_per_s=0 "
				"=estimate"},
		{"tcpkali -c 20k --connect-rate 1k --channel-lifetime 2s h:80",
				"connections=2000 lifetime_s=2"},
		{"tcpkali -w1 --source-ip 10.0.0.5 --source-ip 10.0.0.6 h:80",
				"bind=address source_addresses=2 fds_base=6"},
		{"tcpkali -T -1 h:80", "duration_s=-"},
		{"tcpkali --ws -c 10 h:80", "connections=10"},
		{"tcpkali -l 80", "!-l alone starts a server"},
		{"tcpkali --connect-rate 0 h:80", "!more than 0"},
};

static const struct plan_pair files[] = {
		{"urls", "http://f:82/\nhttp://g/\n"},
		{"big.conf",
				"# a comment\nconcurrent = 30\nlimit=400\nconnection = keep-alive # why "
				"not\nparser : false\n"
				"file = list\n"},
		{"list", "# URLs\nHOST=a\nhttp://a/\nb.example:8080/x POST a=1\n"},
		{"targets",
				"GET http://a/\nX-Header: http://no/\n\nPOST http://b:81/x\n@body\nGET "
				"http://c/\nGET http://a/\n"},
		{"json", "{\"method\":\"GET\",\"url\":\"http://j:83/\"}\n"},
		{"bad", "nothing\n"},
		{NULL, NULL},
};

static void check(const struct plan_case *cases, size_t count)
{
	plan_test_files = files;
	plan_test_table(cases, count);
}

static void h2load_commands(void **state)
{
	(void)state;
	check(h2load, COUNT_OF(h2load));
}

static void hey_commands(void **state)
{
	(void)state;
	check(hey, COUNT_OF(hey));
}

static void ab_commands(void **state)
{
	(void)state;
	check(ab, COUNT_OF(ab));
}

static void siege_commands(void **state)
{
	(void)state;
	check(siege, COUNT_OF(siege));
}

static void vegeta_commands(void **state)
{
	(void)state;
	check(vegeta, COUNT_OF(vegeta));
}

static void tcpkali_commands(void **state)
{
	(void)state;
	check(tcpkali, COUNT_OF(tcpkali));
}

/* The user's own latency answers the question and gives the number. */
static void latency_answers(void **state)
{
	static const struct plan_case cases[] = {
			{"vegeta attack -targets targets -rate=2000",
					"connections=600 connections~estimate =estimate"},
			{"vegeta attack -targets targets -rate=2000 -max-workers=100", "connections=100"},
			{"siege -c50 http://h/", "lifetime_s=0.2 =estimate"},
			{"wrk -c100 -H 'Connection: close' http://h/",
					"lifetime_s=0.2 closer=server =estimate"},
	};
	(void)state;
	struct error err = {0};
	struct arena *arena = arena_new();
	assert_true(workload_set(arena, &plan_test_given, W_LATENCY, "200ms", "--latency", &err));
	check(cases, COUNT_OF(cases));
	plan_test_given = (struct workload){0};
	arena_free(arena);
}

/* A command that no reader knows is no obstacle where the flags say the load. */
static void flags_are_the_plan(void **state)
{
	static const struct plan_case cases[] = {
			{"./loadtest.sh -x", "tool=loadtest.sh +plan-not-read runtime=native connections=-"},
			{"prlimit --nofile=99 ./loadtest.sh", "tool=loadtest.sh nofile=99"},
			{"timeout 9 sh -c 'for i in 1; do ./x; done'", "timeout_s=9 +plan-not-read"},
			{"wrk --bogus http://h/", "!wrk has no option --bogus"},
	};
	(void)state;
	struct error err = {0};
	struct arena *arena = arena_new();
	assert_true(workload_set(arena, &plan_test_given, W_CONNECTIONS, "500", "--connections", &err));
	check(cases, COUNT_OF(cases));
	plan_test_given = (struct workload){0};
	arena_free(arena);
}

/* Rows people rely on: names, a line of help, no two tools with one program, a place in the manual.
 */
static void every_reader_is_whole(void **state)
{
	(void)state;
	static char manual[64 * 1024];
	FILE *file = fopen("docs/plans.md", "r");
	assert_non_null(file);
	assert_true(fread(manual, 1, sizeof manual - 1, file) > 0);
	(void)fclose(file);
	for (size_t i = 0; plan_readers[i]; i++) {
		const struct plan_reader *r = plan_readers[i];
		char row[80];
		(void)snprintf(row, sizeof row, "| **%s**", r->tool);
		if (!strstr(manual, row))
			fail_msg("docs/plans.md has no row of %s", r->tool);
		assert_non_null(r->tool);
		assert_non_null(r->programs[0]);
		assert_non_null(r->runtime);
		assert_non_null(r->read);
		assert_non_null(r->help);
		const char *words[] = {r->programs[0], NULL};
		const struct plan_command command = {.words = words, .count = 1};
		assert_ptr_equal(plan_reader_of(&command), r);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(h2load_commands),
			cmocka_unit_test(hey_commands),
			cmocka_unit_test(ab_commands),
			cmocka_unit_test(siege_commands),
			cmocka_unit_test(vegeta_commands),
			cmocka_unit_test(tcpkali_commands),
			cmocka_unit_test(latency_answers),
			cmocka_unit_test(flags_are_the_plan),
			cmocka_unit_test(every_reader_is_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
