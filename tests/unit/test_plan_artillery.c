/* Artillery: from a script to the plan. Scripts are JSON here, which Artillery takes as well; what
 * each must say was counted with Artillery 2.0.34 or follows from its source. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

#define RUN "artillery run a.json"
#define SCRIPT(c, f) \
	"{\"config\":{\"target\":\"http://10.0.0.5:8080\"," c "},\"scenarios\":[{\"flow\":[" f "]}]}"
#define PHASE(p)   "\"phases\":[" p "]"
#define TEN        PHASE("{\"duration\":60,\"arrivalRate\":10}")
#define GET        "{\"get\":{\"url\":\"/\"}}"
#define THINK(s)   "{\"think\":" #s "}"
#define LOOP(n, f) "{\"loop\":[" f "],\"count\":" #n "}"
#define CLOSING    "{\"get\":{\"url\":\"/\",\"headers\":{\"Connection\":\"close\"}}}"
#define ENGINE(e)                                                                               \
	"{\"config\":{\"target\":\"http://10.0.0.5:8080\"," TEN "},\"scenarios\":[{\"engine\":\"" e \
	"\",\"flow\":[{\"send\":\"x\"}," THINK(9) "]}]}"

#define SOCKET_AND_HTTP(e)                                                                      \
	"{\"config\":{\"target\":\"http://10.0.0.5:8080\"," TEN "},\"scenarios\":[{\"engine\":\"" e \
	"\",\"flow\":[" GET ",{\"send\":\"x\"}," THINK(6) "," GET "]}]}"

struct artillery_case {
	const char *text, *command, *want;
	double latency_s; /* 0: not said */
};

static const struct artillery_case sessions[] = {
		{SCRIPT(TEN, GET "," THINK(2) "," GET),
				RUN,
				"lifetime_s=6 stages=0s:10/s,60s:10/s stages~exact closer=client closer~exact "
				"memory_base_bytes=3.25e+08 memory_per_connection_bytes=45000 fds_base=26 "
				"threads=12 "
				"nofile=hard +plan-artillery-latency",
				0},
		{SCRIPT(TEN, GET "," THINK(2) "," GET), RUN, "lifetime_s=7", 0.5},
		{SCRIPT(TEN, GET), RUN, "?latency ?lifetime", 0},
		{SCRIPT(TEN, GET), RUN, "lifetime_s=5", 1},
		/* a think time of 4 s and more: the next request opens another socket */
		{SCRIPT(TEN, GET "," THINK(6) "," GET),
				RUN,
				"stages=0s:10/s,6s:10/s,0s:20/s,54s:20/s,0s:10/s,6s:10/s lifetime_s=4 "
				"stages~estimate",
				0},
		{SCRIPT(TEN, LOOP(3, GET "," THINK(5))),
				RUN,
				"stages=0s:10/s,5s:10/s,0s:20/s,5s:20/s,0s:30/s,50s:30/s,0s:20/s,5s:20/s,0s:10/"
				"s,5s:"
				"10/s lifetime_s=4",
				0},
		{SCRIPT(TEN, GET "," THINK(3) "," GET), RUN, "lifetime_s=7 stages=0s:10/s,60s:10/s", 0},
		{SCRIPT(TEN, GET ",{\"think\":\"3 s\",\"jitter\":\"50%\"}," GET),
				RUN,
				"stages~estimate",
				0},
		{SCRIPT(TEN, GET "," THINK(1) "," LOOP("1-3", GET "," THINK(1))), RUN, "lifetime_s=6", 0},
		{SCRIPT(TEN, GET "," THINK(4.5) "," GET),
				RUN,
				"+plan-artillery-fraction lifetime_s=4.0045",
				0},
		{SCRIPT(TEN, GET ",{\"think\":\"4.5s\"}," GET), RUN, "lifetime_s=4 stages~estimate", 0},
		{SCRIPT(TEN, "{\"loop\":[" GET "],\"whileTrue\":\"more\"}"), RUN, "?lifetime", 0},
		{SCRIPT(TEN, "{\"think\":\"{{ pause }}\"}," GET), RUN, "?lifetime", 0},
		{SCRIPT(TEN, GET ",{\"think\":\"{{ $randomNumber(1, 3) }}\"}," GET),
				RUN,
				"lifetime_s=6",
				0},
		{SCRIPT("\"variables\":{\"pause\":2}," TEN, GET ",{\"think\":\"{{ pause }}\"}"),
				RUN,
				"lifetime_s=4.001",
				0.001},
		{SCRIPT(TEN, GET ",{\"think\":\"{{ pause }}\"}," GET),
				RUN " -v '{\"pause\":\"3\"}'",
				"lifetime_s=7",
				0},
		{SCRIPT(TEN, "{\"parallel\":[" GET "," GET "," GET "]}"), RUN, "lifetime_s=7", 1},
		{SCRIPT(TEN, GET ",{\"get\":{\"url\":\"http://10.0.0.6/x\"}}," THINK(1)),
				RUN,
				"stages=0s:20/s,60s:20/s destinations=2",
				0.0},
		/* answers that never come are given up, and the user with them */
		{SCRIPT("\"http\":{\"timeout\":2}," TEN, GET "," GET),
				RUN,
				"lifetime_s=2 closer=client closer~estimate",
				5},
		{SCRIPT(TEN, GET), RUN, "lifetime_s=10 closer=client closer~estimate", 60},
};

static const struct artillery_case closing[] = {
		{SCRIPT(TEN, LOOP(5, CLOSING)),
				RUN,
				"closer=server requests_per_connection=1 lifetime_s=0.2 stages~estimate",
				0.1},
		{SCRIPT(TEN, CLOSING), RUN, "closer=server ?latency", 0},
		{SCRIPT("\"http\":{\"defaults\":{\"headers\":{\"connection\":\"Close\"}}}," TEN, GET),
				RUN,
				"closer=server",
				0.1},
		{SCRIPT("\"defaults\":{\"headers\":{\"Connection\":\"close\"}}," TEN, GET),
				RUN,
				"closer=server",
				0.1},
		{SCRIPT("\"defaults\":{\"headers\":{\"Connection\":\"keep-alive\"}}," TEN, GET),
				RUN,
				"closer=client",
				0.1},
		{SCRIPT(TEN,
				 "{\"post\":{\"url\":\"/\",\"json\":{\"headers\":{\"Connection\":\"close\"}}}}"),
				RUN,
				"closer=client",
				0.1},
};

static const struct artillery_case phases[] = {
		{SCRIPT("\"x\":1", GET), RUN, "stages=0s:1/s,1s:1/s lifetime_s=4.01", 0.01},
		{SCRIPT(TEN, GET), RUN " --solo", "stages=0s:1/s,1s:1/s", 0.01},
		{SCRIPT(PHASE("{\"duration\":\"1m\",\"arrivalRate\":0,\"rampTo\":50}"), GET),
				RUN,
				"stages=0s:0/s,60s:50/s",
				0.01},
		{SCRIPT(PHASE("{\"duration\":4,\"arrivalCount\":100},{\"pause\":10}"), GET),
				RUN,
				"stages=0s:25/s,4s:25/s,0s:0/s,10s:0/s",
				0.01},
		/* maxVusers bounds users, not arrivals */
		{SCRIPT(PHASE("{\"duration\":6,\"arrivalRate\":50,\"maxVusers\":60}"),
				 LOOP(10, GET "," THINK(1))),
				RUN,
				"stages=0s:50/s,1.2s:50/s,0s:0/s,4.8s:0/s stages~estimate",
				0.01},
		{SCRIPT(PHASE("{\"duration\":10,\"arrivalRate\":5,\"maxVusers\":60}"),
				 LOOP(10, GET "," THINK(1))),
				RUN,
				"stages=0s:5/s,10s:5/s stages~exact",
				0.01},
		{SCRIPT(PHASE("{\"duration\":20,\"arrivalRate\":0,\"rampTo\":40,\"maxVusers\":25}"),
				 GET "," THINK(1)),
				RUN,
				"stages=0s:0/s,12.5s:25/s,0s:25/s,7.5s:25/s",
				0},
		{SCRIPT(PHASE("{\"arrivalRate\":5}"), GET), RUN, "!a phase needs duration or pause", 1},
		{SCRIPT(PHASE("{\"duration\":5}"), GET), RUN, "!a phase needs arrivalRate", 1},
		{SCRIPT(PHASE("{\"duration\":0,\"arrivalRate\":5}"), GET),
				RUN,
				"!the phases have no duration",
				1},
};

static const struct artillery_case others[] = {
		{ENGINE("ws"), RUN, "closer=server lifetime_s=9", 0},
		{ENGINE("socketio-v3"), RUN, "+plan-artillery-polling lifetime_s=9", 0},
		/* HTTP beside a socket: a second connection, and a third one after a long pause */
		{SOCKET_AND_HTTP("socketio"),
				RUN,
				"stages=0s:20/s,6s:20/s,0s:30/s,54s:30/s,0s:10/s,6s:10/s closer=client "
				"closer~estimate +plan-artillery-polling stages~estimate",
				0},
		{SOCKET_AND_HTTP("ws"), RUN, "closer=client closer~estimate stages~estimate", 0},
		{"{\"config\":{\"target\":\"http://10.0.0.5:8080\"," TEN "},\"scenarios\":["
		 "{\"flow\":[" GET "," THINK(2) "]},{\"engine\":\"socketio\",\"flow\":["
										"{\"emit\":{\"channel\":\"a\"}}," THINK(6) "]}]}",
				RUN,
				"closer=client closer~estimate stages=0s:10/s,60s:10/s lifetime_s=5",
				0},
		{ENGINE("playwright"), RUN, "?connections", 0},
		{ENGINE("kinesis"), RUN, "?connections", 0},
		{SCRIPT("\"http\":{\"pool\":20}," TEN, GET),
				RUN,
				"connections=20 connections~bound open_rate_per_s=0",
				0},
		{SCRIPT("\"http\":{\"pool\":20}," TEN, CLOSING), RUN, "closer=server connections=-", 0.1},
		{"",
				"artillery run load.ts --target http://10.0.0.9",
				"?connections destinations=10.0.0.9:80",
				0},
		{"", "artillery run load.js", "?connections", 0},
		{SCRIPT(TEN, GET), RUN " --platform aws:lambda", "!the load comes from elsewhere", 0},
		{SCRIPT(TEN, GET), "artillery run-lambda a.json", "!the load comes from elsewhere", 0},
		{SCRIPT(TEN, GET), RUN " -e none", "+plan-artillery-environment", 1},
		{SCRIPT(TEN, GET),
				"env HTTP_PROXY=http://10.9.9.9:3128 " RUN,
				"destinations=10.9.9.9:3128",
				1},
		{SCRIPT(TEN, GET), RUN " -c b.json", "stages=0s:3/s,5s:3/s", 1},
		{SCRIPT(TEN, GET),
				"artillery run -q -k -o r.json a.json b.json",
				"stages=0s:3/s,5s:3/s",
				1},
		{"{\"config\":{}}", RUN, "!there are no scenarios", 1},
		{SCRIPT(TEN, GET), RUN " --scenario-name x", "!no scenario has the name", 1},
		{SCRIPT(PHASE("{\"duration\":\"{{ $env.D }}\",\"arrivalRate\":2}"), GET),
				"env D=7 " RUN,
				"stages=0s:2/s,7s:2/s",
				1},
};

static void run_rows(const struct artillery_case *rows, size_t count)
{
	static const char later[] = "{\"config\":{\"phases\":[{\"duration\":5,\"arrivalRate\":3}]}}";
	int failures = 0;
	for (size_t i = 0; i < count; i++) {
		const struct plan_pair files[] = {{"a.json", rows[i].text},
				{"b.json", later},
				{NULL, NULL}};
		const struct plan_case one = {rows[i].command, rows[i].want};
		struct arena *arena = arena_new();
		plan_test_files = files;
		if (rows[i].latency_s > 0)
			plan_test_given.values[W_LATENCY] = (struct workload_value){.set = true,
					.number = rows[i].latency_s};
		int failed = plan_test_one(arena, &one);
		plan_test_given = (struct workload){0};
		if (failed)
			print_error("---\n%s\n---\n", rows[i].text);
		failures += failed;
		arena_free(arena);
	}
	plan_test_files = NULL;
	assert_int_equal(failures, 0);
}

static void test_sessions(void **state)
{
	(void)state;
	run_rows(sessions, COUNT_OF(sessions));
}

static void test_closing(void **state)
{
	(void)state;
	run_rows(closing, COUNT_OF(closing));
}

static void test_phases(void **state)
{
	(void)state;
	run_rows(phases, COUNT_OF(phases));
}

static void test_others(void **state)
{
	(void)state;
	run_rows(others, COUNT_OF(others));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_sessions),
			cmocka_unit_test(test_closing),
			cmocka_unit_test(test_phases),
			cmocka_unit_test(test_others),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
