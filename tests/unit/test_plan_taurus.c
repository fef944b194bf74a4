/* Taurus: configurations are merged, options go over them, and the tool of each execution says what
 * becomes of its load. */
#include "base/array.h"
#include "tests/unit/plan_test.h"
#include "tests/unit/plan_trees.h"

#define LOAD(executor)                  \
	"execution:\n- executor: " executor \
	"\n  concurrency: 100\n  ramp-up: 1m\n  hold-for: 5m\n  scenario: shop\n"
#define SHOP(more)                                                              \
	"scenarios:\n  shop:\n" more "    requests:\n    - http://10.0.0.5:8080/\n" \
	"    - url: http://10.0.0.5:8080/b\n"

static const struct plan_pair files[] = {
		{"plain.yml", LOAD("jmeter") SHOP("    retrieve-resources: false\n")},
		{"iterations.yml",
				"execution:\n- concurrency: 20\n  iterations: 5\n  scenario: shop\n" SHOP(
						"    retrieve-resources: false\n")},
		{"resources.yml", LOAD("jmeter") SHOP("")},
		{"one.yml", "execution:\n  concurrency: 1\n  hold-for: 60\n  scenario: shop\n" SHOP("")},
		{"think.yml",
				LOAD("jmeter")
						SHOP("    retrieve-resources: false\n    think-time: uniform(2s,500ms)\n")},
		{"close.yml", LOAD("jmeter") SHOP("    retrieve-resources: false\n    keepalive: false\n")},
		{"header.yml",
				LOAD("jmeter") SHOP("    retrieve-resources: false\n    headers:\n"
									"      Connection: close\n")},
		{"locust.yml", LOAD("locust") SHOP("")},
		{"script.yml",
				"execution:\n- executor: locust\n  concurrency: 50\n  ramp-up: 10s\n"
				"  hold-for: 20s\n  scenario: users.py\n"},
		{"users.py",
				"class U(HttpUser):\n  def t(self):\n    self.client.get('http://h.example/')\n"},
		{"apiritif.yml", LOAD("apiritif") SHOP("    think-time: 500ms\n")},
		{"apiritif-bare.yml", LOAD("apiritif") SHOP("")},
		{"ab.yml",
				"execution: {executor: ab, concurrency: 10, iterations: 100, scenario: s}\n"
				"scenarios: {s: {requests: ['http://10.0.0.5/']}}\n"},
		{"ab-hold.yml",
				"execution: {executor: ab, concurrency: 10, hold-for: 30, scenario: s}\n"
				"scenarios: {s: {requests: ['http://10.0.0.5/'], keepalive: false}}\n"},
		{"k6.yml", "execution: [{executor: k6, concurrency: 10, hold-for: 1m, scenario: s.js}]\n"},
		{"s.js", "import http from 'k6/http';\nhttp.get('http://k.example/');\n"},
		{"selenium.yml", LOAD("selenium") SHOP("")},
		{"blocks.yml",
				"execution: [{concurrency: 10, iterations: 1, scenario: s}]\n"
				"scenarios:\n"
				"  s:\n"
				"    retrieve-resources: false\n"
				"    default-address: http://a.example:81\n"
				"    requests:\n"
				"    - /x\n"
				"    - if: $x > 1\n      then: ['http://b.example/']\n      else: [/y]\n"
				"    - loop: 5\n      do: [{url: 'http://c.example/', keepalive: false}]\n"
				"    - include-scenario: other\n"
				"    - action: pause\n      pause-duration: 2s\n"
				"  other: {requests: ['http://d.example/']}\n"},
		{"self.yml",
				"execution: [{scenario: s}]\n"
				"scenarios: {s: {requests: [{include-scenario: s}]}}\n"},
		{"two.yml",
				LOAD("jmeter") "- concurrency: 50\n  hold-for: 1m\n  scenario: shop\n" SHOP(
						"    retrieve-resources: false\n")},
		{"mixed.yml",
				LOAD("jmeter") "- executor: locust\n  concurrency: 50\n  scenario: shop\n" SHOP(
						"")},
		{"more.yml", "execution: [{concurrency: 7, scenario: shop, iterations: 1}]\n"},
		{"over.yml", "scenarios: {shop: {retrieve-resources: false}}\n"},
		{"drop.yml", "~execution: [{concurrency: 7, iterations: 1, scenario: shop}]\n"},
		{"unknown.yml", "execution: [{concurrency: '${USERS}', scenario: shop}]\n" SHOP("")},
		{"local.yml",
				"execution: [{concurrency: {local: 5, cloud: 500}, iterations: 1, scenario: "
				"shop}]\n" SHOP("    retrieve-resources: false\n")},
		{"cloud.yml", "provisioning: cloud\n" LOAD("jmeter") SHOP("")},
		{"plan.yml",
				"execution: [{concurrency: 30, hold-for: 1m, scenario: {script: plan.jmx}}]\n"
				"modules: {jmeter: {properties: {host: 10.1.1.1}}}\n"},
		{"plan.jmx",
				"<jmeterTestPlan jmeter='5.6.3'><hashTree><TestPlan/><hashTree>"
				"<ThreadGroup><stringProp "
				"name='ThreadGroup.num_threads'>10</stringProp></ThreadGroup>"
				"<hashTree><HTTPSamplerProxy>"
				"<stringProp name='HTTPSampler.domain'>${__P(host)}</stringProp>"
				"<boolProp name='HTTPSampler.use_keepalive'>true</boolProp>"
				"</HTTPSamplerProxy><hashTree/></hashTree>"
				"<ThreadGroup><stringProp "
				"name='ThreadGroup.num_threads'>20</stringProp></ThreadGroup>"
				"<hashTree><HTTPSamplerProxy><stringProp name='HTTPSampler.domain'>b</stringProp>"
				"<boolProp name='HTTPSampler.use_keepalive'>true</boolProp>"
				"</HTTPSamplerProxy><hashTree/></hashTree></hashTree></hashTree></jmeterTestPlan>"},
		{"list.yml", "- a\n- b\n"},
		{"nothing.yml", "scenarios: {}\n"},
		{"time.yml", "execution: [{hold-for: soon, scenario: shop}]\n" SHOP("")},
		{"bad.yml", "execution: [{\n"},
		{"inference.yml",
				"load:\n  type: constant\n  stages:\n  - {rate: 10, duration: 30}\n"
				"  - {rate: 40.0, duration: 60}\n  num_workers: 4\n"
				"server:\n  base_url: http://10.0.0.5:8000\n"},
		{"streams.yml",
				"load:\n  type: concurrent\n  stages:\n"
				"  - {concurrency_level: 30, num_requests: 500}\n"
				"  - {concurrency_level: 8, num_requests: 500}\n"
				"  worker_max_concurrency: 50\n"},
		{"trace.yml", "load:\n  type: trace_replay\nserver: {base_url: 'http://10.0.0.5'}\n"},
		{"word.yml", "load:\n  stages:\n  - {rate: many}\n"},
		{NULL, NULL},
};

static const struct plan_case loads[] = {
		{"bzt plain.yml",
				"tool=taurus runtime=java duration_s=360 users=100 nofile=hard ?lifetime"},
		{"bzt plain.yml -o modules.jmeter.force-ctg=false",
				"stages=60s:100,300s:100 lifetime_s=60 closer=client destinations=10.0.0.5:8080"},
		{"bzt iterations.yml", "connections=20 connections~bound lifetime_s=60"},
		{"bzt resources.yml", "?open-rate +plan-jmeter-downloads"},
		{"bzt one.yml", "connections=4 duration_s=60"},
		{"bzt think.yml", "stages=60s:100,300s:100 lifetime_s=4 lifetime_s~bound closer=client"},
		{"bzt close.yml", "closer=server ?open-rate"},
		{"bzt header.yml", "closer=server ?open-rate"},
		{"bzt locust.yml", "stages=60s:100,300s:100 duration_s=360 runtime=python closer=client"},
		{"bzt script.yml", "users=50 duration_s=30 destinations=h.example:80"},
		{"bzt apiritif.yml", "connections=1200 lifetime_s=6 closer=client users=100 =estimate"},
		{"bzt apiritif-bare.yml", "?open-rate closer=client connections=1200"},
		{"bzt ab.yml", "connections=10 opens_total=- closer=client"},
		{"bzt ab-hold.yml", "connections=10 closer=server"},
		{"bzt k6.yml", "connections=10 destinations=k.example:80 runtime=go"},
		{"bzt selenium.yml", "?connections destinations=10.0.0.5:8080"},
		{"bzt two.yml -o modules.jmeter.force-ctg=false",
				"stages=0s:50,60s:150,0s:100,300s:100 processes=2"},
		{"bzt mixed.yml", "?connections"},
		{"bzt local.yml", "connections=5"},
		{"bzt plan.yml -o modules.jmeter.force-ctg=false",
				"connections=30 users=30 duration_s=60 destinations=2"},
		{"bzt plan.jmx", "connections=30 lifetime_s=60"},
		{"bzt http://10.0.0.9/",
				"connections=500 connections~bound duration_s=120 closer=server "
				"lifetime_s=0.833333"},
};

static const struct plan_case configs[] = {
		{"bzt resources.yml over.yml more.yml -o modules.jmeter.force-ctg=false",
				"stages=0s:7,60s:107,300s:107,0s:7,600s:7"},
		{"bzt resources.yml over.yml drop.yml", "connections=7"},
		{"bzt plain.yml -o execution.0.concurrency=9 -o modules.jmeter.force-ctg=false",
				"stages=60s:9,300s:9"},
		{"bzt one.yml -o execution.concurrency=2 -o scenarios.shop.retrieve-resources=false",
				"users=2"},
		{"bzt one.yml -o execution.0.iterations=3", "users=1"},
		{"bzt plain.yml -o 'execution.0.scenario={requests: [\"http://z.example/\"]}'",
				"destinations=z.example:80"},
		{"bzt plain.yml -o settings.default-executor=ab -report -q", "destinations=10.0.0.5:8080"},
		{"bzt plain.yml -o execution.-1.concurrency=9", "!does not read this kind of override"},
		{"bzt plain.yml -o execution", "!PATH=VALUE"},
		{"bzt plain.yml -o execution.99999.concurrency=1", "!no such place"},
		{"bzt blocks.yml", "destinations=4 connections=40 closer=server lifetime_s~bound"},
		{"bzt self.yml", "!scenarios include each other"},
		{"bzt unknown.yml", "?connections =needs-input"},
		{"bzt cloud.yml", "!from the cloud"},
		{"bzt plain.yml -cloud", "!from the cloud"},
		{"bzt list.yml", "!not a Taurus configuration"},
		{"bzt nothing.yml", "!no execution"},
		{"bzt time.yml", "!time.yml: \"soon\""},
		{"bzt bad.yml", "!bad.yml"},
		{"bzt none.yml", "!none.yml: cannot be read"},
		{"bzt", "!no configuration"},
};

/* Another tool whose plan is YAML. */
static const struct plan_case inference[] = {
		{"inference-perf --config_file inference.yml",
				"connections=400 connections~bound requests_per_s=40 duration_s=90 processes=4 "
				"destinations=10.0.0.5:8000 open_rate_per_s=0 nofile=soft closer=client"},
		{"inference-perf -c streams.yml --server.api_key x", "connections=30 connections~bound"},
		{"inference-perf -c trace.yml", "?connections destinations=10.0.0.5:80"},
		{"inference-perf -c plain.yml", "!no load section"},
		{"inference-perf -c word.yml", "!word.yml:3"},
		{"inference-perf -c none.yml", "!none.yml: cannot be read"},
		{"inference-perf", "!--config_file needs a file"},
};

static int start(void **state)
{
	(void)state;
	plan_test_tree = plan_trees_read;
	plan_test_files = files;
	return 0;
}

static void test_loads(void **state)
{
	(void)state;
	plan_test_table(loads, COUNT_OF(loads));
}

static void test_configs(void **state)
{
	(void)state;
	plan_test_table(configs, COUNT_OF(configs));
}

static void test_inference_perf(void **state)
{
	(void)state;
	plan_test_table(inference, COUNT_OF(inference));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_loads),
			cmocka_unit_test(test_configs),
			cmocka_unit_test(test_inference_perf),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
