/* vegeta, hey and ghz: from command lines to the plan, where Go's own ways decide. Numbers that a
 * running tool was measured by stand in docs/plans.md. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

/* Of a test that gives no latency. */
static const struct plan_case vegeta[] = {
		{"vegeta attack -targets one -rate=0 -max-workers=200",
				"connections=254 connections~estimate requests_per_s=-"},
		{"vegeta attack -targets one -max-workers=20 -max-connections=10",
				"connections=10 connections~bound"},
		{"vegeta attack -targets three -max-connections=10", "connections=30 connections~bound"},
		{"vegeta attack -targets one -max-connections=-1 -max-workers=4", "connections=4"},
		{"vegeta attack -targets one -workers=300", "?latency"},
		{"vegeta attack -targets one -rate=infinity -max-workers=9", "requests_per_s=50"},
		{"vegeta attack -targets one -rate=5/0s", "!the time must not be 0"},
		{"vegeta attack -targets one -rate=5/", "!a rate is 50/1s"},
		{"vegeta attack -targets one -rate=-5", "!a rate is 50/1s"},
		{"vegeta attack -targets one -rate=5 -duration=1s -max-workers=90", "connections=5"},
		{"vegeta attack -targets one -rate=10 -timeout=0 -max-workers=7", "connections=7"},
		{"vegeta attack -targets one -duration=0 -max-workers=7", "duration_s=-"},

		{"vegeta attack -targets one -max-workers=5 -keepalive=false",
				"closer=server closer~estimate requests_per_connection=1 requests_per_s=50"},
		{"vegeta attack -targets one -max-workers=5 -header 'Connection: close'",
				"closer=server requests_per_connection=1"},
		{"vegeta attack -targets one -max-workers=5 -header 'connection:Close, TE'",
				"closer=server requests_per_connection=1"},
		{"vegeta attack -targets one -max-workers=5 -header 'Connection: keep-alive'",
				"closer=client requests_per_connection=-"},
		{"vegeta attack -targets one -max-workers=5 -header 'X-Connection: close'",
				"closer=client requests_per_connection=-"},
		{"vegeta attack -targets closing -max-workers=5",
				"closer=server requests_per_connection=1"},
		{"vegeta attack -targets some -max-workers=5 -rate=100",
				"closer=server open_rate_per_s=25 requests_per_connection=-"},
		{"vegeta attack -targets some -max-workers=5 -rate=0", "?open-rate ?lifetime"},
		{"vegeta attack -targets closing.json -format=json -max-workers=5",
				"destinations=j:83 closer=server requests_per_connection=1"},
		{"vegeta attack -targets some.json -format=json -max-workers=5 -rate=10",
				"destinations=2 open_rate_per_s=5"},
		{"vegeta attack -targets one -max-workers=5 -connections=-1",
				"closer=client closer~exact requests_per_connection=1 requests_per_s=50"},
		{"vegeta attack -targets one -max-workers=50 -connections=5 -rate=100",
				"closer=client open_rate_per_s=35 +plan-idle-pool"},
		{"vegeta attack -targets one -max-workers=3 -connections=0", "+plan-idle-pool"},
		{"vegeta attack -targets one -max-workers=2 -connections=0", "open_rate_per_s=0"},
		{"vegeta attack -targets one -max-workers=50 -connections=5 -rate=0", "?open-rate"},

		{"vegeta attack -targets one -rate=100 -max-workers=5 -keepalive false -max-workers=9",
				"connections=5 closer=client open_rate_per_s=0 +plan-ignored-words"},
		{"vegeta attack -rate=100 -targets one stop -max-workers=9",
				"?latency +plan-ignored-words"},

		{"vegeta attack -targets one -h2c -max-workers=50",
				"connections=1 streams_per_connection=50"},
		{"vegeta attack -targets three -h2c -max-workers=900 -rate=0", "connections=12"},
		{"vegeta attack -targets one -h2c -keepalive=false -max-workers=50",
				"connections=1 closer=client open_rate_per_s=0"},
		{"vegeta attack -targets one -h2c -header 'Connection: close' -max-workers=50",
				"closer=client closer~exact requests_per_connection=1"},
		{"vegeta attack -targets one -h2c -session-tickets", "!make vegeta panic"},
		{"vegeta attack -targets one -unix-socket /run/s", "!a unix socket has no ports"},
		{"vegeta attack -targets one -h2c -unix-socket /run/s -max-workers=1", "connections=1"},
		{"vegeta attack -targets tls -max-workers=50", "connections=50 +plan-http2"},
		{"vegeta attack -targets tls -http2=false -max-workers=50", "connections=50"},

		{"vegeta attack -targets three -lazy -rate=10 -max-workers=9",
				"connections=3 connections~bound opens_total=3 duration_s=0.3"},
		{"vegeta attack -targets three -lazy -rate=1 -duration=2s -max-workers=9",
				"connections=2 opens_total=2 duration_s=2"},

		{"vegeta attack -targets empty-host -max-workers=3",
				"destinations=localhost:8000 connections=3 +plan-no-host"},
		{"vegeta attack -targets one -connect-to a:80:10.0.0.9:81 -max-workers=1",
				"destinations=10.0.0.9:81"},
		{"vegeta attack -targets one -connect-to a:80:p:81 -connect-to a:80:q:82 -max-workers=1",
				"destinations=2"},
		{"vegeta attack -targets one -connect-to a:8080:p:81 -max-workers=1", "destinations=a:80"},
		{"vegeta attack -targets one -connect-to a:80 -max-workers=1", "!HOST:PORT:HOST:PORT"},
		{"vegeta attack -targets one -laddr :: -max-workers=1", "bind=wildcard source_addresses=-"},
		{"vegeta attack -targets one -laddr 127.0.0.2 -max-workers=1",
				"bind=address source_addresses=127.0.0.2"},
		{"vegeta attack -targets one -resolvers 10.0.0.1:53 -max-workers=1", "destinations=a:80"},
		{"vegeta attack -targets one -proxy-header 'A: b' -session-tickets -max-workers=1",
				"destinations=a:80"},

		{"vegeta attack -targets swallowed -max-workers=1", "destinations=a:80"},
		{"vegeta attack -targets bodies -max-workers=1", "destinations=2"},
		{"vegeta attack -targets notes -max-workers=1", "destinations=a:80"},
		{"vegeta attack -targets lower -max-workers=1", "!line 1: a target is METHOD URL"},
		{"vegeta attack -targets empty", "!no target with a URL"},
		{"vegeta attack -targets half.json -format json", "!line 1"},
		{"vegeta attack -targets nourl.json -format json", "!a target without a url"},
		{"vegeta attack -targets one -format xml", "!-format xml: http or json"},

		{"vegeta attack -targets one -max-workers=1", "fds_base=6 memory_base_bytes=1.52e+07"},
		{"vegeta attack -targets one -output r.bin -body b -prometheus-addr :80 -max-workers=1",
				"fds_base=9 memory_per_connection_bytes=40000"},
		{"sh -c 'echo GET http://a/ | vegeta attack -max-workers=1'", "fds_base=5"},
		{"sh -c 'echo GET http://a/ | vegeta attack -targets=/dev/stdin -max-workers=1'",
				"destinations=a:80"},
		{"vegeta attack -targets one -rate= -max-workers=1", "!a rate is 50/1s"},
		{"vegeta attack -targets one -connections=many -max-workers=1", "!is not written as"},

		{"vegeta encode results.bin", "!makes no load"},
		{"vegeta plot attack", "!makes no load"},
		{"vegeta report -type=json results.bin", "!makes no load"},
		{"vegeta -cpus 4 report attack", "!makes no load"},
		{"vegeta -cpus=4 attack -targets one -max-workers=1", "connections=1"},
		{"vegeta dump attack", "!makes no load"},
		{"vegeta --profile cpu -cpus=2 attack -targets one -max-workers=1", "connections=1"},
		{"vegeta -cpus attack", "!makes no load"},
};

static const struct plan_case vegeta_200ms[] = {
		{"vegeta attack -targets one -rate=100", "connections=30 connections~estimate"},
		{"vegeta attack -targets one -rate=0 -max-workers=200", "connections=200"},
		{"vegeta attack -targets one -rate=100 -timeout=100ms",
				"connections=20 open_rate_per_s=100 closer=client"},
		{"vegeta attack -targets one -rate=100 -timeout=100ms -h2c",
				"connections=1 open_rate_per_s=0"},
		{"vegeta attack -targets one -rate=500 -h2c", "connections=2"},
		{"vegeta attack -targets one -rate=300 -connections=5 -duration=8s",
				"connections=90 open_rate_per_s=105 closer=client"},
		{"vegeta attack -targets one -rate=300 -connections=90", "open_rate_per_s=0"},
		{"vegeta attack -targets one -rate=100 -max-connections=5 -duration=4s",
				"connections=5 connections~bound duration_s=16 duration_s~estimate"},
		{"vegeta attack -targets one -rate=100 -max-connections=1 -duration=4s", "duration_s=34"},
		{"vegeta attack -targets one -rate=100 -max-connections=20 -duration=4s", "duration_s=4"},
		{"vegeta attack -targets one -rate=1000 -duration=10ms", "connections=10"},
};

static const struct plan_case vegeta_streams[] = {
		{"vegeta attack -targets tls -max-workers=150 -rate=0",
				"connections=191 streams_per_connection=96"},
		{"vegeta attack -targets tls -max-workers=150 -rate=1000", "connections=50"},
		{"vegeta attack -targets tls -max-workers=20 -rate=1000", "connections=20"},
		{"vegeta attack -targets one -h2c -max-workers=150 -rate=1000", "connections=2"},
		{"vegeta attack -targets tls -max-workers=150 -rate=0 -http2=false", "connections=1050"},
		{"vegeta attack -targets one -max-workers=150 -rate=0", "connections=191"},
		{"vegeta attack -targets tls -max-workers=150 -connections=2", "open_rate_per_s=0"},
};

static const struct plan_case hey[] = {
		{"hey -h2 -c 100 -n 1000 http://127.0.0.1:8080/",
				"connections=175 streams_per_connection=- +plan-http2"},
		{"hey -h2 -c 100 https://h/", "connections=275 open_rate_per_s=0 +plan-http2"},
		{"hey -c 100 -z 9s https://h/", "connections=700 connections~bound +plan-dial-races"},
		{"hey -c 1000 -n 1500 https://h/", "connections=1750 opens_total=1750 opens_total~bound"},
		{"hey -n 100 -c 30 -disable-keepalive http://h/",
				"opens_total=90 open_rate_per_s=90 connections=30"},
		{"hey -c 1000 -q 1 -z 6s http://h/",
				"open_rate_per_s=500 open_rate_per_s~bound requests_per_s=1000 closer=client"},
		{"hey -c 500 -q 1 -z 6s http://h/", "open_rate_per_s=0"},
		{"hey -c 1000 -z 6s http://h/", "?open-rate ?requests +plan-idle-pool"},
		{"hey -c 1000 -n 20000 http://h/",
				"open_rate_per_s=2000 opens_total=20750 opens_total~bound +plan-idle-pool"},
		{"hey -c 10 -z 1h http://h/", "memory_base_bytes=1.48e+08 opens_total=-"},
		{"hey http://:8080/", "destinations=localhost:8080"},
		{"hey -c 80 http://h/",
				"fds_base=5 users=80 memory_per_user_bytes=76000 memory_base_bytes=1.8e+07"},
		{"hey -c 80 -n 100000 https://h/",
				"memory_per_user_bytes=136000 memory_base_bytes=3.1e+07"},
		{"hey -t 1.5 http://h/", "!is not written as 400"},
};

static const struct plan_case hey_200ms[] = {
		{"hey -c 100 http://h/", "connections=103 open_rate_per_s=0"},
		{"hey -c 1000 -z 9s http://h/", "connections=1030 open_rate_per_s=0 +plan-idle-pool"},
		{"hey -c 2000 -n 9000 http://h/", "connections=3500 open_rate_per_s=800"},
		{"hey -c 90 -t 0 http://h/", "open_rate_per_s=0"},
};

static const struct plan_case hey_30s[] = {
		{"hey -c 100 -t 10 -z 1m http://h/", "connections=103 open_rate_per_s=10 closer=client"},
		{"hey -c 100 -z 1m http://h/", "open_rate_per_s=5"},
		{"hey -c 100 -t 0 -z 1m http://h/", "open_rate_per_s=0"},
};

static const struct plan_case ghz[] = {
		{"ghz --insecure --call a.B.c -n 1000 127.0.0.1:50051",
				"connections=1 open_rate_per_s=0 open_rate_per_s~estimate burst=1 nofile=hard "
				"streams_per_connection=50 closer=client closer~exact bind=none fds_base=5"},
		{"ghz -c 10 --connections 10 -z 5s h:1", "connections=10 closer=client closer~bound"},
		{"ghz -c 10 --connections 20 h:1", "!20 connections for 10 workers"},
		{"ghz -c 10 --connections 20 --concurrency-schedule step --concurrency-end 50 h:1",
				"!20 connections for 10 workers"},
		{"ghz -c 10 --connections 10 --concurrency-schedule line --concurrency-end 50 -z 9s h:1",
				"streams_per_connection=5 users=50"},
		{"ghz --connections 0 h:1", "!0 connections"},
		{"ghz -c 50 -n 10 h:1", "streams_per_connection=10"},
		{"ghz -c 50 -n 10 -z 1s h:1", "streams_per_connection=50 duration_s=1"},
		{"ghz -n 10 -z 9s -x 3s h:1", "duration_s=3 streams_per_connection=50"},
		{"ghz --load-schedule step --load-start 10 --load-end 90 --rps 5 h:1", "requests_per_s=90"},
		{"ghz --async --rps 100 -z 3s h:1", "?latency ?streams-per-connection"},
		{"ghz --async -z 3s h:1", "?streams-per-connection"},
		{"ghz --async -n 400 -c 4 --connections 4 h:1", "streams_per_connection=100"},

		{"ghz unix:///run/app.sock", "!a unix socket has no ports"},
		{"ghz unix:run/app.sock", "!a unix socket has no ports"},
		{"ghz unix-abstract:app", "!a unix socket has no ports"},
		{"ghz dns:///h:50051", "destinations=h:50051"},
		{"ghz dns:h:50051", "destinations=h:50051"},
		{"ghz dns://8.8.8.8/h:50051", "destinations=h:50051"},
		{"ghz dns:///h", "destinations=h:443"},
		{"ghz 'dns:///[fd00::1]'", "destinations=[fd00::1]:443"},
		{"ghz passthrough:///h:50051", "destinations=h:50051"},
		{"ghz '[::1]:50051'", "destinations=[::1]:50051"},
		{"ghz 0.0.0.0:50051", "destinations=localhost:50051"},
		{"ghz :50051", "destinations=localhost:50051"},
		{"ghz h", "!ghz: h: gRPC dials HOST:PORT"},
		{"ghz dns:///", "!gRPC dials HOST:PORT"},
		{"ghz dns://h:50051", "!gRPC dials HOST:PORT"},
		{"ghz http://h:50051", "!gRPC dials HOST:PORT"},
		{"ghz --insecure", "!no HOST in the command"},
		{"env HTTPS_PROXY=p:3128 ghz h:50051", "destinations=p:3128"},
		{"env HTTP_PROXY=p:3128 ghz h:50051", "destinations=h:50051"},
		{"env HTTPS_PROXY=p:3128 ghz localhost:50051", "destinations=localhost:50051"},

		{"ghz --config lists.toml", "connections=10 destinations=10.0.0.9:50051 duration_s=90"},
		{"ghz --config async.toml", "?streams-per-connection"},
		{"ghz --config async.json --rps 10 -n 30", "streams_per_connection=30"},
		{"ghz --config cut.toml", "!cut.toml:3: an array without its closing ]"},
};

static const struct plan_case ghz_200ms[] = {
		{"ghz -c 10 --connections 5 --rps 200 --async -z 3s h:1",
				"connections=5 streams_per_connection=12 streams_per_connection~estimate"},
		{"ghz --rps 200 --async -n 20 h:1", "streams_per_connection=20"},
		{"ghz --rps 200 -z 3s h:1", "streams_per_connection=50 streams_per_connection~exact"},
};

/* Variables of the shell that starts the tool. */
static const struct plan_case proxies[] = {
		{"vegeta attack -targets one -max-workers=1", "destinations=p.example:3128"},
		{"vegeta attack -targets tls -max-workers=1", "destinations=10.0.0.8:1080"},
		{"vegeta attack -targets mixed -max-workers=1", "destinations=2"},
		{"vegeta attack -targets one -h2c -max-workers=1", "destinations=a:80"},
		{"vegeta attack -targets one -connect-to p.example:3128:r:9 -max-workers=1",
				"destinations=r:9"},
		{"vegeta attack -targets local -max-workers=1", "destinations=3"},
		{"env NO_PROXY=b,a vegeta attack -targets one -max-workers=1", "destinations=a:80"},
		{"env NO_PROXY='b, .a' vegeta attack -targets one -max-workers=1",
				"destinations=p.example:3128"},
		{"env NO_PROXY=a:81 vegeta attack -targets one -max-workers=1",
				"destinations=p.example:3128"},
		{"env NO_PROXY=A:80 vegeta attack -targets one -max-workers=1", "destinations=a:80"},
		{"env no_proxy='*' vegeta attack -targets one -max-workers=1", "destinations=a:80"},
		{"env NO_PROXY=example vegeta attack -targets below -max-workers=1",
				"destinations=x.example:80"},
		{"env NO_PROXY='*.example' vegeta attack -targets below -max-workers=1",
				"destinations=x.example:80"},
		{"env NO_PROXY=ample vegeta attack -targets below -max-workers=1",
				"destinations=p.example:3128"},
		{"env NO_PROXY=10.0.0.0/8 vegeta attack -targets address -max-workers=1",
				"destinations=10.1.2.3:80"},
		{"env NO_PROXY=10.1.2.4/30 vegeta attack -targets address -max-workers=1",
				"destinations=p.example:3128"},
		{"env NO_PROXY=10.0.0.0/33,10.0.0.0/x,/8, vegeta attack -targets address -max-workers=1",
				"destinations=p.example:3128"},
		{"env NO_PROXY=10.1.2.3 vegeta attack -targets address -max-workers=1",
				"destinations=10.1.2.3:80"},
		{"env HTTP_PROXY= vegeta attack -targets one -max-workers=1", "destinations=a:80"},
		{"env HTTP_PROXY=http://u:secret@q/ vegeta attack -targets one -max-workers=1",
				"destinations=q:80"},
		{"env HTTP_PROXY='http://bad port' vegeta attack -targets one -max-workers=1",
				"!HTTP_PROXY: "},
		{"env HTTP_PROXY=p:99 vegeta attack -targets tls3 -max-connections=5", "connections=15"},
		{"env HTTP_PROXY=p:99 vegeta attack -targets three -max-connections=5", "connections=5"},
		{"hey http://h/", "destinations=h:80"},
		{"docker run --ulimit nofile=99 peterevans/vegeta vegeta attack -max-workers=1",
				"?destinations"},
};

static const struct plan_pair variables[] = {
		{"HTTP_PROXY", "http://p.example:3128"},
		{"https_proxy", "socks5://10.0.0.8"},
		{NULL, NULL},
};

static const struct plan_pair files[] = {
		{"one", "GET http://a/\n"},
		{"three", "GET http://a/\nGET http://b/\nGET http://c/"},
		{"closing", "GET http://a/\nConnection: close\n\nGET http://b/\nConnection : CLOSE\n"},
		{"some",
				"GET http://a/\nConnection: close\n\nGET http://a/\n\nGET http://a/\nX-C: close\n\n"
				"GET http://a/\n"},
		{"closing.json",
				"{\"method\":\"GET\",\"url\":\"http://j:83/"
				"\",\"header\":{\"Connection\":[\"close\"]}}\n"},
		{"some.json",
				"{\"method\":\"GET\",\"url\":\"http://j/"
				"\",\"header\":{\"Connection\":[\"close\"]}}\n\n"
				"{\"method\":\"GET\",\"url\":\"http://k/\",\"header\":{\"Connection\":\"x\"}}\n"},
		{"half.json", "{\"method\":\"GET\",\n"},
		{"nourl.json", "{\"method\":\"GET\"}\n"},
		{"tls", "GET https://a/\nGET https://a/x\n"},
		{"tls3", "GET https://a/\nGET https://b/\nGET https://c/\n"},
		{"mixed", "GET https://a/\nGET http://a/x\n"},
		{"empty-host", "GET http://:8000/\n"},
		{"local", "GET http://localhost/\nGET http://127.9.9.9/\nGET http://[::1]/\n"},
		{"below", "GET http://x.example/\n"},
		{"address", "GET http://10.1.2.3/\n"},
		{"swallowed", "GET http://a/\nA: b\nGET http://b/\n"},
		{"bodies", "POST http://a/\n@body\nPOST http://b/\nA: b\n@body\n"},
		{"notes", "# GET http://no/\n\n  GET http://a/ \r\n# http://no/\nA: b\n"},
		{"empty", "\n# GET http://a/\n"},
		{"lists.toml",
				"host = '10.0.0.9:50051' # one\nconnections = 10\n\"duration\" = \"1m30s\"\n"
				"import-paths = [\n\t'a', # of two\n\t\"b\",\n]\ntags = { a = 'b', c = [1, 2] }\n"
				"[metadata]\nconnections = '99'\n[[data]]\nname = \"\"\"x\nhost = 1\"\"\"\n"},
		{"async.toml", "host = 'h:1'\nasync = true\nmax-duration = '3s'\n"},
		{"async.json", "{\"host\": \"h:1\", \"async\": true}"},
		{"cut.toml", "host = 'h:1'\nimport-paths = [ 'a'\n'b' ]\n"},
		{"lower", "get http://a/\n"},
		{NULL, NULL},
};

static void check(const struct plan_case *cases, size_t count)
{
	plan_test_files = files;
	plan_test_table(cases, count);
}

/* The same with a value that the user gives. */
static void check_given(enum workload_field field,
		const char *text,
		const struct plan_case *cases,
		size_t count)
{
	struct error err = {0};
	struct arena *arena = arena_new();
	assert_true(workload_set(arena, &plan_test_given, field, text, "--flag", &err));
	check(cases, count);
	plan_test_given = (struct workload){0};
	arena_free(arena);
}

static void vegeta_commands(void **state)
{
	(void)state;
	check(vegeta, COUNT_OF(vegeta));
	check_given(W_LATENCY, "200ms", vegeta_200ms, COUNT_OF(vegeta_200ms));
	check_given(W_STREAMS, "100", vegeta_streams, COUNT_OF(vegeta_streams));
}

static void hey_commands(void **state)
{
	(void)state;
	check(hey, COUNT_OF(hey));
	check_given(W_LATENCY, "200ms", hey_200ms, COUNT_OF(hey_200ms));
	check_given(W_LATENCY, "30s", hey_30s, COUNT_OF(hey_30s));
}

static void ghz_commands(void **state)
{
	(void)state;
	check(ghz, COUNT_OF(ghz));
	check_given(W_LATENCY, "200ms", ghz_200ms, COUNT_OF(ghz_200ms));
}

static void proxies_of_the_environment(void **state)
{
	(void)state;
	plan_test_variables = variables;
	check(proxies, COUNT_OF(proxies));
	plan_test_variables = NULL;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(vegeta_commands),
			cmocka_unit_test(hey_commands),
			cmocka_unit_test(ghz_commands),
			cmocka_unit_test(proxies_of_the_environment),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
