/* Tools that are read by rules: how words become terms, and terms a plan; with rules of this test's
 * own, and the built-in ones. */
#include "tests/unit/plan_test.h"

#include "audit/rules/rules.h"
#include "base/array.h"

static struct rules own_rules;

static int failures_of(struct arena *arena, const struct plan_case *c)
{
	struct error err = {0};
	struct plan plan;
	struct plan_context context = plan_test_context(arena);
	const struct shell_world world = {0};
	struct shell_command *line;
	size_t count;
	context.rules = &own_rules;
	if (!shell_read(arena, c->command, &world, &line, &count, &err))
		fail_msg("%s: %s", c->command, err.text);
	bool good = plan_read(&context, line->words.items, line->words.count, &plan, &err);
	if (good && *c->want != '!')
		return plan_test_judge(arena, c, &plan);
	if (!good && *c->want == '!' && strstr(err.text, c->want + 1))
		return 0;
	print_error("%s\n    want %s, got %s\n", c->command, c->want, good ? "a plan" : err.text);
	return 1;
}

/* The commands as a tool of this rule; NULL cases: the rule must be refused with this text. */
static int with_rule(const char *rule, const struct plan_case *cases, size_t count)
{
	struct arena *arena = arena_new();
	struct rule_extras extras = {0};
	struct error err = {0};
	int failures = 0;
	own_rules = (struct rules){0};
	if (!rules_read(arena, "own.json", rule, strlen(rule), &own_rules, &extras, &err))
		fail_msg("%s\n%s", rule, err.text);
	for (size_t i = 0; i < count; i++)
		failures += failures_of(arena, &cases[i]);
	rule_extras_release(&extras);
	arena_free(arena);
	return failures;
}

#define RULE(syntax, rest)                                                                         \
	"{\"kind\": \"tool\", \"id\": \"gun\", \"title\": \"Gun\", \"programs\": [\"gun\"], "          \
	"\"truth\": {\"how\": \"measured\", \"version\": \"1\"}, \"syntax\": \"" syntax "\", " rest    \
	"\"words\": [{\"term\": \"url\", \"takes\": \"url\", \"shown\": \"URL\", \"needed\": true}], " \
	"\"to\": [{\"url\": \"url\"}]}"
#define OPTIONS                                                                                 \
	"\"options\": [{\"names\": \"-c --connections\", \"takes\": \"count\", \"term\": \"c\", "   \
	"\"default\": 7}, {\"names\": \"-k --keep\", \"takes\": \"nothing\", \"term\": \"keep\"}, " \
	"{\"names\": \"-H --header --head-er\", \"takes\": \"header\", \"term\": \"closes\"}], "    \
	"\"switches\": \"-v --verbose\", \"values\": \"-o --out\", "                                \
	"\"per_request\": {\"when\": \"closes\", \"why\": \"it says nothing of its rate\"}, "       \
	"\"plan\": [{\"field\": \"connections\", \"value\": \"c\"}, "                               \
	"{\"field\": \"open_rate_per_s\", \"when\": \"keep && kept\", \"value\": 0}], "

static void every_syntax(void **state)
{
	static const struct {
		const char *rule;
		struct plan_case cases[8];
	} rows[] = {
			{RULE("getopt-long", OPTIONS),
					{{"gun http://h/", "connections=7 connections~exact destinations=h:80"},
							{"gun -c5 -kv http://h/", "connections=5 open_rate_per_s=0"},
							{"gun http://h/ --conn=9", "connections=9"},
							{"gun -H 'connection: Close' http://h/", "closer=server ?open-rate"},
							{"gun --head-er 'A: b' -k http://h/", "open_rate_per_s=0"},
							{"gun --nothing http://h/", "!gun has no option --nothing"},
							{"gun", "!gun: no URL in the command"},
							{"gun http://h/ http://i/", "!one word too many"}}},
			{RULE("getopt", OPTIONS),
					{{"gun -c 5 http://h/", "connections=5"},
							{"gun --keep http://h/", "!gun has no option"},
							{"gun http://h/ -c 5", "!one word too many"}}},
			{RULE("go", OPTIONS),
					{{"gun -c=5 -keep=false http://h/", "connections=5 open_rate_per_s=-"},
							{"gun --connections 5 -keep http://h/", "open_rate_per_s=0"},
							{"gun -c5 http://h/", "!gun has no option -c5"}}},
			{RULE("kingpin", OPTIONS),
					{{"gun -c5 http://h/ --keep", "connections=5 open_rate_per_s=0"},
							{"gun --keep --no-keep http://h/", "open_rate_per_s=-"},
							{"gun --no-such http://h/", "!gun has no option --no-such"}}},
			{RULE("clap", OPTIONS),
					{{"gun -c=5 http://h/", "connections=5"},
							{"gun --connections=5 -c 6 http://h/", "connections=6"}}},
			{RULE("node", OPTIONS),
					{{"gun -c=5 -o '[' -c 80 -d 2 ']' http://h/", "connections=5"},
							{"gun --keep=false -c 3 http://h/", "open_rate_per_s=-"},
							{"gun -H Connection=close http://h/", "closer=server"}}},
			{RULE("flexible", OPTIONS),
					{{"gun --head_er 'Connection: close' http://h/", "closer=server"},
							{"gun -c=5 http://h/", "connections=5"}}},
			{RULE("exact", OPTIONS),
					{{"gun -c 5 http://h/", "connections=5"},
							{"gun -c5 http://h/", "!gun has no option -c5"},
							{"gun --connections=5 http://h/", "!gun has no option"}}},
			{RULE("assigned", OPTIONS),
					{{"gun --connections=5 --of-a-script=3 http://h/", "connections=5"},
							{"gun --connections 5 http://h/", "!needs its value after ="}}},
	};
	int failures = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		size_t count = 0;
		while (count < COUNT_OF(rows[i].cases) && rows[i].cases[count].command)
			count++;
		failures += with_rule(rows[i].rule, rows[i].cases, count);
	}
	assert_int_equal(failures, 0);
}

/* What nobody has counted is no more than an estimate, and says so. */
static void read_is_an_estimate(void **state)
{
	static const char rule[] =
			"{\"kind\": \"tool\", \"id\": \"gun\", \"title\": \"Gun\", \"programs\": [\"gun\"], "
			"\"truth\": {\"how\": \"read\", \"version\": \"1\"}, \"options\": [{\"names\": \"-c\", "
			"\"takes\": \"count\", \"term\": \"c\"}], \"plan\": [{\"field\": \"connections\", "
			"\"value\": \"c\"}, {\"field\": \"closer\", \"value\": \"'client'\", "
			"\"confidence\": \"bound\"}]}";
	static const struct plan_case cases[] = {
			{"gun -c 5", "connections=5 connections~estimate closer~estimate =estimate"},
			{"gun -c 5x", "!gun: -c 5x"},
			{"gun", "connections=-"},
	};
	(void)state;
	assert_int_equal(with_rule(rule, cases, COUNT_OF(cases)), 0);
}

/* A rule that is wrong is refused where it is used, not passed over. */
static void wrong_rules_are_refused(void **state)
{
	static const struct {
		const char *rest, *want;
	} rows[] = {
			{"\"plan\": [{\"field\": \"connections\", \"value\": \"c\"}], ", "!no such name \"c\""},
			{"\"plan\": [{\"field\": \"conections\", \"value\": 5}], ", "!has no field"},
			{"\"plan\": [{\"field\": \"connections\", \"value\": \"5 s\"}], ", "!is in seconds"},
			{"\"plan\": [{\"field\": \"closer\", \"value\": \"'nobody'\"}], ",
					"!is not one of the choices"},
			{"\"plan\": [{\"field\": \"bind\", \"value\": \"'none'\"}], ", "!how many connections"},
			{"\"options\": [{\"names\": \"c\", \"takes\": \"count\"}], ",
					"!must begin with a dash"},
			{"\"options\": [{\"names\": \"-c -c\", \"takes\": \"count\"}], ", "!is given twice"},
			{"\"options\": [{\"names\": \"-c\", \"takes\": \"count\", \"term\": \"url\"}], ",
					"!is defined twice"},
			{"\"options\": [{\"names\": \"-c\", \"takes\": \"count\", \"term\": \"tls\"}], ",
					"!headroom's own"},
			{"\"let\": {\"a\": \"kept\"}, ", "!no such name \"kept\""},
			{"\"let\": {\"a\": \"b\", \"b\": 1}, ", "!no such name \"b\""},
			{"\"findings\": [{\"id\": \"x\", \"severity\": \"note\", \"text\": \"y\"}], "
			 "\"plan\": [{\"field\": \"connections\", \"value\": 5}], ",
					"!an id is plan-"},
			{"\"errors\": [{\"text\": \"{nobody} is wrong\"}], ", "!no such name \"nobody\""},
			{"\"errors\": [{\"text\": \"{url is wrong\"}], ", "!a { without its }"},
			{"\"asks\": [{\"fields\": [], \"why\": \"y\"}], "
			 "\"plan\": [{\"field\": \"connections\", \"value\": 5}], ",
					"!one to 4 fields"},
	};
	int failures = 0;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		char rule[2000];
		const struct plan_case one = {"gun http://h/", rows[i].want};
		(void)snprintf(rule, sizeof rule, RULE("go", "%s"), rows[i].rest);
		failures += with_rule(rule, &one, 1);
	}
	assert_int_equal(failures, 0);
}

/* Numbers that no plan may have, images of no program, and many words. */
static void what_is_too_much(void **state)
{
	static const char rule[] =
			"{\"kind\": \"tool\", \"id\": \"gun\", \"title\": \"Gun\", \"programs\": [\"gun\"], "
			"\"options\": [{\"names\": \"-c\", \"takes\": \"count\", \"term\": \"c\"}], "
			"\"plan\": [{\"field\": \"connections\", \"value\": \"c * 1000 - 5000\"}]}";
	static const char image[] =
			"{\"kind\": \"tool\", \"id\": \"gun\", \"title\": \"Gun\", \"images\": [\"some/gun\"]}";
	static const struct plan_case cases[] = {
			{"gun -c 9", "connections=4000"},
			{"gun -c 4", "!which a plan cannot use"},
			{"gun -c 9007199254740992", "!which a plan cannot use"},
	};
	static const struct plan_case started = {"docker run some/gun -c 5",
			"!in the image some/gun is"};
	(void)state;
	assert_int_equal(with_rule(rule, cases, COUNT_OF(cases)), 0);
	assert_int_equal(with_rule(image, &started, 1), 0);
}

/* How a program is called, and which rule counts. */
static void programs(void **state)
{
	static const char rules[] =
			"[{\"kind\": \"tool\", \"id\": \"old\", \"title\": \"old\", \"programs\": "
			"[\"gun\", \"python -m gun.bench\", \"python gun.py\", \"gun2 bench serve\"], "
			"\"ignores_words\": true, \"plan\": [{\"field\": \"connections\", \"value\": 1}]}, "
			"{\"kind\": \"tool\", \"id\": \"new\", \"title\": \"new\", \"programs\": [\"gun\"], "
			"\"ignores_words\": true, \"plan\": [{\"field\": \"connections\", \"value\": 2}]}]";
	static const struct plan_case cases[] = {
			{"/opt/bin/gun x", "connections=2 tool=new"},
			{"python3.11 -u -W ignore -m gun.bench", "connections=1"},
			{"python3 ./tools/gun.py", "connections=1"},
			{"gun2 bench serve now", "connections=1"},
			{"gun2 bench latency", "!makes no load that headroom can read; it reads gun"},
			{"python3 -m gun.other", "!gun.other is not a load test tool"},
			{"pythonic -m gun.bench", "!is not a load test tool"},
			{"gunner", "!gunner is not a load test tool"},
			{"gun --version", "!makes no load"},
			{"python3", "!does not read Python programs"},
	};
	(void)state;
	assert_int_equal(with_rule(rules, cases, COUNT_OF(cases)), 0);
}

static void bombardier(void **state)
{
	static const struct plan_case cases[] = {
			{"bombardier h:8080", "connections=125 destinations=h:8080 runtime=go closer=client"},
			{"bombardier -c5 http://h/ -d 1m30s", "connections=5 duration_s=90"},
			{"bombardier -n 9 -d 5s http://h/", "duration_s=-"},
			{"bombardier -a http://h/", "+plan-no-effect requests_per_connection=-"},
			{"bombardier --http1 -a -n 500 http://h/", "requests_per_connection=1 opens_total=500"},
			{"bombardier --http2 -c 80 https://h/", "connections=80 connections~bound"},
			{"bombardier --http2 -c 80 http://h/", "connections=136 connections~estimate"},
			{"bombardier --http1 -c 80 https://h/", "connections=560 connections~bound"},
			{"bombardier -r 0.5 http://h/", "!at least one request per second"},
			{"bombardier -d 5 http://h/", "!-d 5"},
			{"bombardier -c http://h/", "!-c http://h/"},
			{"docker run --rm --ulimit nofile=99:99 alpine/bombardier -c 9 http://h/",
					"connections=9 nofile=99"},
	};
	(void)state;
	plan_test_table(cases, COUNT_OF(cases));
}

static void autocannon(void **state)
{
	static const struct plan_case cases[] = {
			{"npx -y autocannon@9 -c100 -d 20 http://h/", "connections=100 duration_s=20"},
			{"autocannon -d 0.05m http://h/", "duration_s=3 closer=reset"},
			{"autocannon -c 102 -w 4 http://h/", "connections=100 fds_base=37 threads=-"},
			{"autocannon -c 100 -R 40 http://h/",
					"connections=40 requests_per_s=40 closer=client closer~estimate"},
			{"autocannon -c 9 -D 1 -r 4 http://h/", "open_rate_per_s=45 closer=client"},
			{"autocannon -c 9 -r 5 http://h/ http://i:81/", "requests_per_s=45 destinations=2"},
			{"autocannon -f http://h/", "duration_s=-"},
			{"autocannon -c 9 -D 5 -a 90 http://h/",
					"requests_per_connection=5 closer=client opens_total=27"},
			{"autocannon -S /run/x http://h/", "!unix socket"},
			{"autocannon --on-port http://h/", "!starts another server"},
			{"autocannon -c 0 http://h/", "!at least one connection"},
	};
	(void)state;
	plan_test_table(cases, COUNT_OF(cases));
}

/* What people write, and what breaks readers: values that are empty, huge, negative, twice, or of
 * another kind. */
static void other_tools(void **state)
{
	static const struct plan_case cases[] = {
			{"oha http://h/", "connections=50 fds_base=17 nofile=soft closer=client"},
			{"oha -z30s -c100 https://h/", "connections=100 duration_s=30 closer=reset"},
			{"oha -n 1k -c 2000 http://h/", "connections=1000 connections~bound"},
			{"oha -q 100 -z 5s http://h/",
					"fds_base=10 fds_base~bound requests_per_s=100 closer=client closer~estimate"},
			{"oha -q 100 -z 5s -w http://h/", "closer=client closer~exact"},
			{"oha -c -5 http://h/", "!oha: -c -5"},
			{"oha --http-version 3 https://h/", "!HTTP/3"},
			{"fortio load http://h/", "connections=4 requests_per_s=8 duration_s=5"},
			{"fortio load -qps=-1 -c 1000 -n 5 http://h/", "requests_per_s=- duration_s=-"},
			{"fortio load -keepalive=false http://h/", "closer=server requests_per_s=8"},
			{"fortio load -stdclient -keepalive=false http://h/", "client_closes=0.29"},
			{"fortio load -connection-reuse x http://h/", "!fortio: -connection-reuse x"},
			{"fortio load -resolve 10.0.0.1 http://h/", "?destinations"},
			{"fortio report", "!makes no load that headroom can read"},
			{"docker run --rm --ulimit nofile=99:99 fortio/fortio load -c 9 http://h/",
					"connections=9 nofile=99"},
			{"loadtest -k -c 100 -t 20 http://h/", "connections=200 duration_s=20 nofile=hard"},
			{"loadtest --tcp -c 50 http://h/", "connections=50 open_rate_per_s=0"},
			{"loadtest -c 50 ws://h/", "connections=50 closer=server"},
			{"loadtest -c 5 -n 90 --cores 2 http://h/",
					"connections=20 connections~bound requests_per_connection=1 opens_total=90"},
			{"loadtest -k --rps 100 http://h/", "?latency"},
			{"redis-benchmark -h 10.0.0.5 -n 10000",
					"connections=50 opens_total=1001 closer=client"},
			{"redis-benchmark -t get -c 9", "open_rate_per_s=0 connections=9"},
			{"redis-benchmark -l", "?open-rate"},
			{"redis-benchmark -l -t get", "?open-rate"},
			{"redis-benchmark -l -I", "open_rate_per_s=0"},
			{"redis-benchmark -t get,set -n 20000",
					"connections=50 opens_total=101 opens_total~bound closer=client"},
			{"redis-benchmark -t mset -k 0 -n 9 -c 3", "opens_total=12 requests_per_connection=1"},
			{"redis-benchmark -h ::1 ping", "destinations=[::1]:6379"},
			{"redis-benchmark --clients 5", "!has no option --clients"},
			{"valkey-benchmark -c 9 ping", "connections=9 connections~estimate"},
			{"valkey-benchmark -l -t get", "?open-rate"},
			{"memtier_benchmark -s h -c 20 -t 3", "connections=60 connections~estimate threads=4"},
			{"memtier_benchmark --cluster-mode", "?connections"},
			{"iperf3 -c h -P 10 -t 60", "connections=11 duration_s=60 fds_per_connection=2"},
			{"iperf3 -c h -t 0", "duration_s=-"},
			{"iperf3 -c h --bidir -P 5", "connections=11"},
			{"iperf3 -c h -B 10.0.0.9", "bind=address source_addresses=10.0.0.9"},
			{"iperf3 -c h -B 'a b'", "!iperf3"},
			{"iperf3 -c h -P 200", "!1 to 128"},
			{"iperf3", "!no -c HOST"},
			{"pgbench -h 10.0.0.5 -c 50 -j 80 -T 60 db", "connections=50 threads=50"},
			{"pgbench -h 10.0.0.5 -C -c 10 -t 2000", "requests_per_connection=1 opens_total=20001"},
			{"pgbench -h 10.0.0.5 -C -T 9", "?open-rate"},
			{"pgbench 'postgresql://h/db'", "!connection string"},
			{"pgbench db", "!local socket"},
			{"pgbench -h '' db", "!local socket"},
			{"sysbench oltp_read_only --db-driver=pgsql --pgsql-host=h --threads=9 --x=5 run",
					"connections=9 threads=10 destinations=h:5432"},
			{"sysbench oltp_read_only --mysql-host=h --threads=9 run", "connections~estimate"},
			{"sysbench --threads=9", "!no test in the command"},
			{"sysbench memory run", "!uses no network"},
			{"emqtt_bench pub -c 5000 -R 0 -i 1 -h a,b", "ramp_rate_per_s=1000 destinations=2"},
			{"emqtt_bench conn -i 0", "burst=200 ramp_rate_per_s=-"},
	};
	(void)state;
	plan_test_table(cases, COUNT_OF(cases));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(every_syntax),
			cmocka_unit_test(read_is_an_estimate),
			cmocka_unit_test(wrong_rules_are_refused),
			cmocka_unit_test(what_is_too_much),
			cmocka_unit_test(programs),
			cmocka_unit_test(bombardier),
			cmocka_unit_test(autocannon),
			cmocka_unit_test(other_tools),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
