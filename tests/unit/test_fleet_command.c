/* Commands of single hosts: what headroom reads back from them is the host's share, and together
 * they are the whole test. */
#include "base/array.h"
#include "model/fleet/command.h"
#include "tests/unit/plan_test.h"
#include "tests/unit/plan_trees.h"
#include "tests/unit/random_plans.h"

enum {
	FLEETS = 12,
	MOST_HOSTS = 9
};

static const struct plan_pair files[] = {
		{"t.txt", "GET http://10.0.0.5/\n"},
		{"k.js",
				"import http from 'k6/http';\nexport default function () { "
				"http.get('http://10.0.0.5:8080/'); }\n"},
		{"/here/k.js",
				"import http from 'k6/http';\nexport default function () { "
				"http.get('http://10.0.0.5:8080/'); }\n"},
		{"l.py",
				"from locust import HttpUser, task, constant\nclass U(HttpUser):\n"
				"    host = 'http://10.0.0.5:8080'\n    @task\n    def t(self):\n"
				"        self.client.get('/')\n"},
		{"j.jmx",
				"<jmeterTestPlan version='1.2' properties='5.0' jmeter='5.6.3'><hashTree>"
				"<TestPlan testname='t' enabled='true'/><hashTree>"
				"<ThreadGroup testname='g' enabled='true'>"
				"<elementProp name='ThreadGroup.main_controller' elementType='LoopController'>"
				"<boolProp name='LoopController.continue_forever'>false</boolProp>"
				"<stringProp name='LoopController.loops'>-1</stringProp></elementProp>"
				"<stringProp name='ThreadGroup.num_threads'>${__P(users,10)}</stringProp>"
				"<stringProp name='ThreadGroup.ramp_time'>0</stringProp></ThreadGroup><hashTree>"
				"<HTTPSamplerProxy testname='h' enabled='true'>"
				"<stringProp name='HTTPSampler.path'>/</stringProp>"
				"<stringProp name='HTTPSampler.domain'>10.0.0.9</stringProp>"
				"<stringProp name='HTTPSampler.port'>80</stringProp>"
				"<boolProp name='HTTPSampler.use_keepalive'>true</boolProp>"
				"</HTTPSamplerProxy><hashTree/></hashTree></hashTree></hashTree></jmeterTestPlan>"},
		{NULL, NULL},
};

static struct arena *arena;

static struct plan read_words(const struct name_list *words)
{
	struct error err = {0};
	struct plan plan;
	const struct plan_context context = plan_test_context(arena);
	if (!plan_read(&context, words->items, words->count, &plan, &err))
		fail_msg("%s", err.text);
	return plan;
}

static struct name_list words_of(const char *command)
{
	struct name_list words = {0};
	char *rest = arena_strdup(arena, command);
	for (char *word; (word = strsep(&rest, " "));)
		name_list_append(arena, &words, word);
	return words;
}

static struct fleet random_fleet(const struct name_list *words, bool weighted)
{
	static const double weights[] = {1, 1, 2, 5, 0.5};
	size_t count = 2 + below(MOST_HOSTS - 2);
	struct fleet_host *hosts = arena_alloc(arena, count * sizeof *hosts);
	for (size_t i = 0; i < count; i++)
		hosts[i] = (struct fleet_host){.name = "h", .weight = 1, .capacity = (double)NAN};
	for (size_t i = 0; weighted && i < count; i++)
		hosts[i].weight = weights[below(COUNT_OF(weights))];
	return (struct fleet){.hosts = hosts, .count = count, .command = words};
}

/* How many of it, or at the highest stage. */
static double live_in(const struct workload *load)
{
	if (load->stage_count > 0)
		return plan_test_peak(load);
	return load->values[W_CONNECTIONS].number;
}

struct sums {
	double live, requests, users;
};

static void assert_near(const char *command, const char *what, double is, double expected)
{
	if (fabs(is - expected) > fabs(expected) * 1e-9)
		fail_msg("%s: %s: %.17g is not %.17g", command, what, is, expected);
}

static void add_host(const char *command,
		const struct fleet_split *split,
		const struct name_list *own,
		size_t host,
		struct sums *sums)
{
	const struct plan back = read_words(own);
	const struct loads share = fleet_plan_of(arena, split, host);
	const struct workload_value *values = back.workload.values;
	bool by_rate = strstr(command, "-rate") != NULL; /* its connections are an estimate */
	double live = live_in(&back.workload);
	if (!by_rate)
		assert_near(command, "connections of a host", live, live_in(&share.items[0]));
	sums->live += live;
	if (values[W_REQUESTS].set)
		sums->requests += values[W_REQUESTS].number;
	if (values[W_USERS].set)
		sums->users += values[W_USERS].number;
}

static void check_command(const char *command, bool weighted)
{
	const struct name_list words = words_of(command);
	struct plan whole = read_words(&words);
	const struct loads plan = loads_of(&whole.workload);
	const struct fleet fleet = random_fleet(&words, weighted);
	struct fleet_split *split;
	struct error err = {0};
	struct sums sums = {0};
	const char *why;
	if (!fleet_split(arena, &plan, &fleet, &split, &err))
		fail_msg("%s: %s", command, err.text);
	const struct fleet_commands *commands = fleet_commands_new(arena, split, &words, &why);
	if (!commands)
		fail_msg("%s: %s", command, why);
	for (size_t i = 0; i < fleet.count; i++) {
		struct name_list own;
		if (fleet_command_of(arena, commands, i, &own, &why))
			add_host(command, split, &own, i, &sums);
		else
			assert_true(fleet_shares(split)[i].nothing);
	}
	if (!strstr(command, "-rate"))
		assert_near(command, "connections", sums.live, live_in(&whole.workload));
	if (whole.workload.values[W_REQUESTS].set)
		assert_near(command, "requests", sums.requests, whole.workload.values[W_REQUESTS].number);
	if (whole.workload.values[W_USERS].set)
		assert_near(command, "users", sums.users, whole.workload.values[W_USERS].number);
}

static void what_is_read_back_adds_up(void **state)
{
	(void)state;
	static const char *const commands[] = {
			"wrk -t4 -c400 -d30s http://10.0.0.5/",
			"wrk --threads=12 --connections 1k -d 30s http://10.0.0.5/",
			"wrk http://10.0.0.5/ -c 97 -t 1",
			"env GOGC=off taskset -c 0 wrk -c 120 http://10.0.0.5/",
			"wrk2 -R2k -c100 -t2 http://10.0.0.5/",
			"vegeta attack -rate=1000 -timeout=1s -duration=10s -targets t.txt -max-workers 500",
			"vegeta attack -rate 700/1m --duration=10s -targets=t.txt -max-workers=40",
			"k6 run -u 1000 -d 1m k.js",
			"docker run --rm -v /here:/here -w /here grafana/k6 run --vus=77 -d 1m k.js",
			"locust -f l.py --headless -u 500 -r 500 -t 1m",
			"locust -f l.py --headless --users=500 -r 20 -t 2m",
			"jmeter -n -t j.jmx -Jusers=300",
			"jmeter -n -t j.jmx -J users=300 -Jother=5",
	};
	plan_test_files = files;
	plan_test_tree = plan_trees_read;
	for (size_t i = 0; i < plans_to_try(FLEETS, 20 * FLEETS) * COUNT_OF(commands); i++) {
		arena = arena_new();
		check_command(commands[i % COUNT_OF(commands)], below(2) == 0);
		arena_free(arena);
	}
}

/* Of three equal hosts the second. */
static const char *second_of_three(const char *command, const char **ret_why)
{
	const struct name_list words = words_of(command);
	struct plan whole = read_words(&words);
	const struct loads plan = loads_of(&whole.workload);
	const struct fleet_host hosts[] = {{.name = "a", .weight = 1},
			{.name = "b", .weight = 1},
			{.name = "c", .weight = 1}};
	const struct fleet fleet = {.hosts = hosts, .count = 3, .command = &words};
	struct fleet_split *split;
	struct name_list own;
	struct error err;
	if (!fleet_split(arena, &plan, &fleet, &split, &err))
		fail_msg("%s: %s", command, err.text);
	const struct fleet_commands *commands = fleet_commands_new(arena, split, &words, ret_why);
	if (!commands || !fleet_command_of(arena, commands, 1, &own, ret_why))
		return NULL;
	const char *text = own.items[0];
	for (size_t i = 1; i < own.count; i++)
		text = arena_printf(arena, "%s %s", text, own.items[i]);
	return text;
}

struct command_case {
	const char *whole, *second, *why;
};

static void commands_read_as_people_write_them(void **state)
{
	(void)state;
	static const struct command_case cases[] = {
			{"wrk -t4 -c400 -d30s http://h/", "wrk -t4 -c132 -d30s http://h/", NULL},
			{"wrk -d30s http://h/", "wrk --threads=2 --connections=4 -d30s http://h/", NULL},
			{"vegeta attack -rate=100 -timeout=1s -targets t.txt -max-workers=300",
					"vegeta attack -rate=370/11s -timeout=1s -targets t.txt -max-workers=100",
					NULL},
			{"k6 run -u 30 k.js",
					"k6 run --execution-segment=1/3:2/3 "
					"--execution-segment-sequence=0,1/3,2/3,1 -u 30 k.js",
					NULL},
			{"locust -f l.py --headless -u 40 -r 10",
					"locust -f l.py --headless -u 13 -r 3.25",
					NULL},
			{"k6 run -u 30 --execution-segment=0:1/2 k.js", NULL, "already divided"},
			{"jmeter -n -t j.jmx", NULL, "-Jusers=N"},
			{"hey -c 30 http://h/", NULL, "of wrk, vegeta, k6, Locust and JMeter"},
			{"wrk2 -R1 -c30 http://h/", NULL, "smaller than the number of hosts"},
	};
	plan_test_files = files;
	plan_test_tree = plan_trees_read;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const char *why = "";
		arena = arena_new();
		const char *second = second_of_three(cases[i].whole, &why);
		if (cases[i].second)
			assert_string_equal(second ? second : why, cases[i].second);
		else if (second || !strstr(why, cases[i].why))
			fail_msg("%s: %s", cases[i].whole, second ? second : why);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(what_is_read_back_adds_up),
			cmocka_unit_test(commands_read_as_people_write_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
