/* JMeter's test plans, one idea in each: what the tree around a sampler says, when the users of a
 * thread group come, who closes connections and how often. */
#include "base/array.h"
#include "tests/unit/plan_test.h"
#include "tests/unit/plan_trees.h"

#define PLAN_OF(test, body)                                                    \
	"<jmeterTestPlan version='1.2' properties='5.0' jmeter='5.6.3'><hashTree>" \
	"<TestPlan testname='t' enabled='true'>" test "</TestPlan><hashTree>" body \
	"</hashTree></hashTree></jmeterTestPlan>"
#define PLAN(body)     PLAN_OF("", body)
#define S(name, value) "<stringProp name='" name "'>" value "</stringProp>"
#define B(name, value) "<boolProp name='" name "'>" value "</boolProp>"
#define EL(class, props, below)                                                            \
	"<" class " testname='" class "' enabled='true'>" props "</" class "><hashTree>" below \
																	   "</hashTree>"
#define LOOPS(n)                                                                       \
	"<elementProp name='ThreadGroup.main_controller' elementType='LoopController'>" B( \
			"LoopController.continue_forever",                                         \
			"false") S("LoopController.loops", n) "</elementProp>"
#define USERS(n, ramp) S("ThreadGroup.num_threads", n) S("ThreadGroup.ramp_time", ramp)
#define LASTS(delay, duration)         \
	B("ThreadGroup.scheduler", "true") \
	S("ThreadGroup.delay", delay) S("ThreadGroup.duration", duration)
#define GROUP(n, ramp, more, below) EL("ThreadGroup", LOOPS("-1") USERS(n, ramp) more, below)
#define KEEP                        B("HTTPSampler.use_keepalive", "true")
#define HOST(host, port)            S("HTTPSampler.domain", host) S("HTTPSampler.port", port)
#define HTTP(props, below)          EL("HTTPSamplerProxy", S("HTTPSampler.path", "/") props, below)
#define GET                         HTTP(HOST("10.0.0.9", "80") KEEP, "")
#define DEFAULTS(props)             EL("ConfigTestElement", props, "")
#define PAUSE(ms)                   EL("ConstantTimer", S("ConstantTimer.delay", ms), "")
#define HEADER(name, value)                                                                        \
	EL("HeaderManager",                                                                            \
			"<collectionProp name='HeaderManager.headers'><elementProp name='x'>" S("Header.name", \
					name) S("Header.value", value) "</elementProp></collectionProp>",              \
			"")
#define ARRIVALS(props) EL("com.blazemeter.jmeter.threads.arrivals.ArrivalsThreadGroup", props, GET)
#define OPEN_MODEL(schedule) \
	EL("OpenModelThreadGroup", S("OpenModelThreadGroup.schedule", schedule), GET)
#define ROW(a, b, c, d, e)                                                                    \
	"<collectionProp name='1'><stringProp name='1'>" a "</stringProp><stringProp name='2'>" b \
	"</stringProp><stringProp name='3'>" c "</stringProp><stringProp name='4'>" d             \
	"</stringProp><stringProp name='5'>" e "</stringProp></collectionProp>"
#define MODULE(names)                                                                       \
	EL("ModuleController",                                                                  \
			"<collectionProp name='ModuleController.node_path'>" names "</collectionProp>", \
			"")

static const struct plan_pair files[] = {
		/* Settings of the trees around a sampler. */
		{"blank",
				PLAN(GROUP("20",
						"0",
						"",
						DEFAULTS(HOST("10.0.0.9", "8080") S("HTTPSampler.protocol", ""))
								HTTP(HOST("", "") KEEP, "")))},
		{"https",
				PLAN(GROUP("20",
						"0",
						"",
						DEFAULTS(HOST("a.example", "") S("HTTPSampler.protocol", "https"))
								HTTP(KEEP, "")))},
		{"443", PLAN(GROUP("20", "0", "", HTTP(HOST("a.example", "443") KEEP, "")))},
		{"nearer",
				PLAN(DEFAULTS(HOST("far.example", "81")) GROUP("20",
						"0",
						"",
						HTTP(KEEP, "") DEFAULTS(HOST("near.example", ""))
								DEFAULTS(HOST("second.example", "82"))))},
		{"own-child",
				PLAN(DEFAULTS(HOST("far.example", "81")) GROUP("20",
						"0",
						"",
						HTTP(KEEP, DEFAULTS(HOST("child.example", "")))))},
		{"other-tree",
				PLAN(GROUP("20",
						"0",
						"",
						EL("GenericController", "", DEFAULTS(HOST("inside.example", "")))
								HTTP(HOST("10.0.0.9", "") KEEP, "")))},
		{"off",
				PLAN(GROUP("20",
						"0",
						"",
						"<ConfigTestElement enabled='false'>" HOST("off.example",
								"") "</ConfigTestElement><hashTree/>" DEFAULTS(HOST("on.example",
								"")) HTTP(KEEP, "")))},
		{"url",
				PLAN(GROUP("20",
						"0",
						"",
						HTTP(KEEP HOST("10.0.0.9", ""), "") EL("HTTPSamplerProxy",
								S("HTTPSampler.path", "https://other.example/x?u=http://y") KEEP,
								"")))},
		{"defaults-close",
				PLAN(GROUP("20",
						"0",
						"",
						DEFAULTS(B("HTTPSampler.use_keepalive", "false"))
								HTTP(HOST("h", ""), "")))},
		{"own-keeps",
				PLAN(GROUP("20",
						"0",
						"",
						DEFAULTS(B("HTTPSampler.use_keepalive", "false"))
								HTTP(HOST("h", "") KEEP, "")))},
		{"no-word", PLAN(GROUP("20", "0", "", HTTP(HOST("h", ""), "")))},
		{"header", PLAN(HEADER("Connection", "close") GROUP("20", "0", "", GET))},
		{"header-nearer",
				PLAN(HEADER("connection", "close")
								GROUP("20", "0", "", HEADER("Connection", "keep-alive") GET))},
		{"variables",
				PLAN_OF("<elementProp name='v'><collectionProp name='a'><elementProp name='n'>" S(
								"Argument.name",
								"users")
								S("Argument.value", "${__P(u)}") "</elementProp>"
																 "</collectionProp></elementProp>",
						GROUP("${users}", "${__intSum(5,${ramp})}", "", GET) EL("Arguments",
								"<collectionProp name='a'><elementProp name='ramp'>" S(
										"Argument.name",
										"ramp")
										S("Argument.value", "5") "</elementProp></collectionProp>",
								""))},
		{"env", PLAN(GROUP("${__env(USERS,,40)}", "0", "", GET))},
		/* Groups over time. */
		{"cut", PLAN(GROUP("100", "20", LASTS("", "5"), GET))},
		{"cut-delay", PLAN(GROUP("100", "20", LASTS("2", "5"), GET))},
		{"two",
				PLAN(GROUP("100", "10", LASTS("", "60"), GET)
								GROUP("50", "0", LASTS("20", "10"), GET))},
		{"setup",
				PLAN(EL("SetupThreadGroup", LOOPS("1") USERS("50", "0"), GET)
								GROUP("100", "0", "", GET)
										EL("PostThreadGroup", LOOPS("1") USERS("70", "0"), GET))},
		{"setups",
				PLAN(EL("SetupThreadGroup", LOOPS("1") USERS("60", "0"), GET)
								EL("SetupThreadGroup", LOOPS("1") USERS("60", "0"), GET)
										GROUP("100", "0", "", GET))},
		{"serial",
				PLAN_OF(B("TestPlan.serialize_threadgroups", "true"),
						GROUP("30", "5", LASTS("", "10"), GET)
								GROUP("50", "5", LASTS("", "20"), GET))},
		{"ultimate",
				PLAN(EL("kg.apc.jmeter.threads.UltimateThreadGroup",
						"<collectionProp name='ultimatethreadgroupdata'>" ROW("10",
								"0",
								"10",
								"20",
								"10") ROW("30", "40", "0", "10", "0") "</collectionProp>",
						GET))},
		{"ultimate-none", PLAN(EL("kg.apc.jmeter.threads.UltimateThreadGroup", "", GET))},
		{"stepping",
				PLAN(EL("kg.apc.jmeter.threads.SteppingThreadGroup",
						S("ThreadGroup.num_threads", "30") S("Threads initial delay", "0")
								S("Start users count", "10") S("Start users count burst", "0")
										S("Start users period", "20") S("rampUp", "5")
												S("flighttime", "60"),
						GET))},
		{"stepping-many",
				PLAN(EL("kg.apc.jmeter.threads.SteppingThreadGroup",
						S("ThreadGroup.num_threads", "100000") S("Start users count", "1")
								S("Start users period", "1") S("flighttime", "60"),
						GET))},
		{"concurrency",
				PLAN(EL("com.blazemeter.jmeter.threads.concurrency.ConcurrencyThreadGroup",
						S("TargetLevel", "40") S("RampUp", "2") S("Steps", "") S("Hold", "3")
								S("Unit", "M"),
						GET))},
		{"unknown-group", PLAN(EL("org.example.CleverThreadGroup", S("n", "5"), GET))},
		/* Arrivals. */
		{"arrivals",
				PLAN(ARRIVALS(S("TargetLevel", "120") S("RampUp", "60") S("Hold", "300")
								S("Unit", "S") S("ConcurrencyLimit", "")))},
		{"arrivals-limit",
				PLAN(GROUP("200", "0", LASTS("", "60"), GET) ARRIVALS(S("TargetLevel", "120")
								S("Hold", "300") S("Unit", "S") S("ConcurrencyLimit", "500")))},
		{"open-model",
				PLAN(OPEN_MODEL("rate(10/sec) random_arrivals(1 min) rate(.5 per sec)\n"
								"/* slow */ even_arrivals(30 s) // done\n pause(10 sec)"))},
		{"open-model-bad", PLAN(OPEN_MODEL("rate(10/sec) arrivals(1 min)"))},
		{"open-model-property", PLAN(OPEN_MODEL("rate(${__P(rate)}/sec) random_arrivals(10 s)"))},
		/* Where samplers stand. */
		{"fragment", PLAN(EL("TestFragmentController", "", GET) GROUP("20", "0", "", GET))},
		{"module",
				PLAN(DEFAULTS(HOST("a.example",
						"")) EL("TestFragmentController", "", HTTP(KEEP, "")) GROUP("20",
						"0",
						"",
						MODULE(S("1", "Test Plan") S("2", "t") S("3", "TestFragmentController"))))},
		{"module-off",
				PLAN("<TestFragmentController testname='F' enabled='false'/><hashTree>" GET
					 "</hashTree>" GROUP("20",
							 "0",
							 "",
							 MODULE(S("1", "Test Plan") S("2", "t") S("3", "F"))))},
		{"module-lost",
				PLAN(GROUP("20",
						"0",
						"",
						GET MODULE(S("1", "Test Plan") S("2", "t") S("3", "G"))))},
		{"module-self",
				PLAN("<TestFragmentController testname='F'/><hashTree>" MODULE(
						S("1", "r") S("2", "t") S("3", "F")) MODULE(S("1", "r") S("2", "t")
								S("3", "F")) "</hashTree>" GROUP("20",
						"0",
						"",
						MODULE(S("1", "Test Plan") S("2", "t") S("3", "F"))))},
		{"dir/include",
				PLAN(GROUP("20",
						"0",
						"",
						EL("IncludeController", S("IncludeController.includepath", "part"), "")))},
		{"dir/part",
				PLAN(EL("TestFragmentController", "", GET HTTP(HOST("b.example", "") KEEP, "")))},
		{"include-self",
				PLAN(EL("TestFragmentController",
						"",
						EL("IncludeController",
								S("IncludeController.includepath", "include-self"),
								"")) GROUP("20",
						"0",
						"",
						EL("IncludeController",
								S("IncludeController.includepath", "include-self"),
								"")))},
		{"include-lost",
				PLAN(GROUP("20",
						"0",
						"",
						EL("IncludeController",
								S("IncludeController.includepath", "nowhere"),
								"")))},
		{"transaction",
				PLAN(GROUP("20",
						"0",
						"",
						EL("TransactionController", "", EL("IfController", "", GET))
								EL("OnceOnlyController",
										"",
										HTTP(HOST("login.example", "") KEEP, ""))))},
		{"outside", PLAN(GET)},
		/* Who closes, and how often. */
		{"close",
				PLAN(GROUP("50",
						"0",
						LASTS("", "60"),
						HTTP(HOST("10.0.0.9", "") B("HTTPSampler.use_keepalive", "false"), "")))},
		{"close-pause",
				PLAN(GROUP("50",
						"0",
						LASTS("", "60"),
						PAUSE("400") EL("UniformRandomTimer",
								S("ConstantTimer.delay", "0") S("RandomTimer.range", "200"),
								"")
								HTTP(HOST("10.0.0.9", "") B("HTTPSampler.use_keepalive", "false"),
										"")))},
		{"close-half",
				PLAN(GROUP("50",
						"0",
						LASTS("", "60"),
						PAUSE("500") GET HTTP(HOST("10.0.0.9", "")
													  B("HTTPSampler.use_keepalive", "false"),
								"")))},
		{"close-loop",
				PLAN(GROUP("50",
						"0",
						LASTS("", "60"),
						EL("LoopController",
								S("LoopController.loops", "9"),
								PAUSE("100") HTTP(HOST("10.0.0.9", "")
														  B("HTTPSampler.use_keepalive", "false"),
										"")) EL("TestAction",
								S("ActionProcessor.action", "1")
										S("ActionProcessor.duration", "100"),
								"")))},
		{"loop-forever",
				PLAN(GROUP("50",
						"0",
						LASTS("", "60"),
						PAUSE("100") GET EL("LoopController",
								B("LoopController.continue_forever", "true")
										S("LoopController.loops", "5"),
								HTTP(HOST("10.0.0.9", "") B("HTTPSampler.use_keepalive", "false"),
										""))))},
		{"delayed",
				PLAN(GROUP("100",
						"20",
						LASTS("", "5") B("ThreadGroup.delayedStart", "true"),
						GET))},
		{"close-throughput",
				PLAN(GROUP("50",
						"0",
						LASTS("", "60"),
						EL("ConstantThroughputTimer",
								"<intProp "
								"name='calcMode'>1</intProp><doubleProp><name>throughput</"
								"name><value>600.0</value>"
								"<savedValue>0.0</savedValue></doubleProp>",
								"")
								HTTP(HOST("10.0.0.9", "") B("HTTPSampler.use_keepalive", "false"),
										"")))},
		{"java",
				PLAN(GROUP("30",
						"0",
						LASTS("", "60"),
						PAUSE("100") HTTP(HOST("10.0.0.9", "")
												  KEEP S("HTTPSampler.implementation", "Java"),
								"")))},
		{"new-user",
				PLAN(GROUP("30",
						"0",
						LASTS("", "60") B("ThreadGroup.same_user_on_next_iteration", "false"),
						PAUSE("1000") GET))},
		{"embedded",
				PLAN(GROUP("20",
						"0",
						LASTS("", "60"),
						HTTP(HOST("10.0.0.9", "") KEEP B("HTTPSampler.image_parser", "true")
										B("HTTPSampler.concurrentDwn", "true")
												S("HTTPSampler.concurrentPool", "4"),
								"")))},
		{"embedded-alone",
				PLAN(GROUP("1",
						"0",
						LASTS("", "60"),
						HTTP(HOST("10.0.0.9", "") KEEP B("HTTPSampler.image_parser", "true")
										B("HTTPSampler.concurrentDwn", "true"),
								"")))},
		{"embedded-serial",
				PLAN(GROUP("20",
						"0",
						LASTS("", "60"),
						HTTP(HOST("10.0.0.9", "") KEEP B("HTTPSampler.image_parser", "true"),
								"")))},
		{"tcp",
				PLAN(GROUP("20",
						"0",
						LASTS("", "60"),
						EL("TCPSampler",
								S("TCPSampler.server", "10.0.0.9") S("TCPSampler.port", "5000"),
								"")))},
		{"tcp-close",
				PLAN(GROUP("20",
						"0",
						LASTS("", "60"),
						PAUSE("100") EL("TCPSampler",
								S("TCPSampler.server", "10.0.0.9") S("TCPSampler.port", "5000")
										B("TCPSampler.reUseConnection", "false"),
								"")))},
		{"idle", PLAN(GROUP("20", "0", LASTS("", "60"), PAUSE("5500") GET))},
		{"jdbc", PLAN(GROUP("20", "0", LASTS("", "60"), GET EL("JDBCSampler", "", "")))},
		{"java-request",
				PLAN(GROUP("20",
						"0",
						"",
						GET EL("JavaSampler",
								S("classname", "org.apache.jmeter.protocol.java.test.SleepTest"),
								"")
								EL("JavaSampler", S("classname", "com.example.KafkaClient"), "")))},
		{"scripted", PLAN(GROUP("20", "0", "", GET EL("JSR223Sampler", "", "")))},
		{"plan-proxy",
				PLAN(GROUP("20",
						"0",
						"",
						DEFAULTS(S("HTTPSampler.proxyHost", "proxy.example")
										S("HTTPSampler.proxyPort", "3128"))
								GET HTTP(HOST("b.example", "") KEEP, "")))},
		{"nothing", ""},
		{"not-xml", "<jmeterTestPlan><hashTree>"},
		{"other-xml", "<a/>"},
		{"words", PLAN(GROUP("many", "0", "", GET))},
		{NULL, NULL},
};

static const struct plan_case scopes[] = {
		{"jmeter -n -t blank",
				"connections=20 destinations=10.0.0.9:8080 connections~exact start=together"},
		{"jmeter -n -t https", "destinations=a.example:443"},
		{"jmeter -n -t 443", "destinations=a.example:443"},
		{"jmeter -n -t nearer", "destinations=near.example:82"},
		{"jmeter -n -t own-child", "destinations=child.example:81"},
		{"jmeter -n -t other-tree", "destinations=10.0.0.9:80"},
		{"jmeter -n -t off", "destinations=on.example:80"},
		{"jmeter -n -t url", "connections=40 destinations=2"},
		{"jmeter -n -t defaults-close", "closer=server ?open-rate"},
		{"jmeter -n -t own-keeps", "closer=client connections~exact"},
		{"jmeter -n -t no-word", "closer=server ?open-rate"},
		{"jmeter -n -t header", "closer=server ?open-rate"},
		{"jmeter -n -t header-nearer", "closer=client connections=20"},
		{"jmeter -n -t variables", "stages=10s:1,600s:1"},
		{"jmeter -n -t variables -Ju=30", "stages=10s:30,600s:30"},
		{"jmeter -n -t env", "connections=40"},
		{"env USERS=70 jmeter -n -t env", "connections=70"},
};

#define KEPT " -Jhttpclient.reset_state_on_thread_group_iteration=false"
static const struct plan_case groups[] = {
		{"jmeter -n -t cut", "stages=5s:25 duration_s=5 users=25 stages~exact"},
		{"jmeter -n -t cut-delay", "stages=2s:0,5s:25 duration_s=7 threads=126"},
		{"jmeter -n -t delayed", "stages=5s:25 threads=51 stages~bound"},
		{"jmeter -n -t two", "stages=10s:100,10s:100,0s:150,10s:150,0s:100,30s:100 users=150"},
		{"jmeter -n -t setup", "connections=100 users=100"},
		{"jmeter -n -t setups", "connections=120"},
		{"jmeter -n -t serial", "connections=50 connections~bound duration_s=30"},
		{"jmeter -n -t ultimate" KEPT,
				"stages=10s:10,20s:10,10s:0,0s:30,10s:30 duration_s=50 connections=-"},
		{"jmeter -n -t ultimate-none", "?connections"},
		{"jmeter -n -t stepping" KEPT,
				"stages=5s:10,20s:10,5s:20,20s:20,5s:30,80s:30 duration_s=135"},
		{"jmeter -n -t stepping-many" KEPT, "connections=- duration_s=100060"},
		{"jmeter -n -t concurrency", "connections=40 closer=client ?lifetime ?open-rate"},
		{"jmeter -n -t concurrency" KEPT, "stages=120s:40,180s:40 duration_s=300"},
		{"jmeter -n -t unknown-group", "?connections =needs-input"},
};

static const struct plan_case arrivals[] = {
		{"jmeter -n -t arrivals", "?latency ?connections =needs-input"},
		{"jmeter -n -t arrivals-limit", "stages=0s:700,60s:700,0s:500,240s:500 stages~bound"},
		{"jmeter -n -t open-model", "?latency =needs-input duration_s=100"},
		{"jmeter -n -t open-model-bad", "!pause(…) at \"arrivals(1 min)\""},
		{"jmeter -n -t open-model-property", "?latency duration_s=10"},
};

static const struct plan_case places[] = {
		{"jmeter -n -t fragment", "connections=20"},
		{"jmeter -n -t module", "connections=20 destinations=a.example:80"},
		{"jmeter -n -t module-off", "connections=20 destinations=10.0.0.9:80"},
		{"jmeter -n -t module-lost", "?connections"},
		{"jmeter -n -t module-self", "!nested too deeply"},
		{"jmeter -n -t dir/include", "connections=40"},
		{"jmeter -n -t include-self", "!or they include each other"},
		{"jmeter -n -t include-lost", "!include-lost:1: nowhere: cannot be read"},
		{"jmeter -n -t transaction", "connections=40 connections~bound"},
		{"jmeter -n -t outside", "!no thread group is enabled"},
};

static const struct plan_case closes[] = {
		{"jmeter -n -t close", "closer=server connections=50 ?open-rate ?latency"},
		{"jmeter -n -t close-pause", "closer=server lifetime_s=0.5 lifetime_s~bound =estimate"},
		{"jmeter -n -t close-half", "closer=server lifetime_s=1 lifetime_s~bound"},
		{"jmeter -n -t close-loop", "lifetime_s=0.111111"},
		{"jmeter -n -t loop-forever", "lifetime_s=0.12 closer=server"},
		{"jmeter -n -t close-throughput", "lifetime_s=5 lifetime_s~estimate"},
		{"jmeter -n -t java", "closer=client lifetime_s=0.1 lifetime_s~bound"},
		{"jmeter -n -t idle -Jjmeter.httpsampler=Java", "closer=client lifetime_s=5.5"},
		{"jmeter -n -t new-user", "closer=client lifetime_s=1 lifetime_s~bound"},
		{"jmeter -n -t new-user -Jhttpclient.reset_state_on_thread_group_iteration=false",
				"closer=client lifetime_s=60 =estimate"},
		{"jmeter -n -t embedded",
				"closer=client connections=80 threads=126 ?open-rate ?requests "
				"+plan-jmeter-downloads"},
		{"jmeter -n -t embedded-alone", "connections=6 lifetime_s=60"},
		{"jmeter -n -t embedded-serial", "connections=20 lifetime_s=60 threads=46"},
		{"jmeter -n -t tcp", "closer=client connections=20 destinations=10.0.0.9:5000"},
		{"jmeter -n -t tcp-close", "closer=client lifetime_s=0.1"},
		{"jmeter -n -t idle", "lifetime_s=60.5"},
		{"jmeter -n -t idle -Jhttpclient4.time_to_live=3000", "lifetime_s=5.5"},
		{"jmeter -n -t idle -Jhttpclient4.idletimeout=2000", "lifetime_s=5.5"},
		{"jmeter -n -t idle -Jhttpclient4.idletimeout=9000", "lifetime_s=60.5"},
		{"jmeter -n -t idle -Jhttpclient4.idletimeout=x", "!httpclient4.idletimeout"},
		{"jmeter -n -t jdbc", "?connections =needs-input"},
		{"jmeter -n -t java-request", "?connections"},
		{"jmeter -n -t scripted", "connections=20 connections~exact"},
};

static const struct plan_case lines[] = {
		{"jmeter -n -t plan-proxy", "destinations=proxy.example:3128 connections=40"},
		{"jmeter -n -t blank -H proxy.example -P 8080", "destinations=proxy.example:8080"},
		{"jmeter -n -t blank -H proxy.example", "!its port is missing: add -P"},
		{"jmeter -n -t blank -Dhttp.proxyHost=p.example -Dhttp.proxyPort=1",
				"destinations=p.example:1"},
		{"sh -c '/opt/jmeter/bin/jmeter -n -t blank'", "connections=20"},
		{"jmeter -n -t nothing", "!nothing"},
		{"jmeter -n -t not-xml", "!not-xml"},
		{"jmeter -n -t other-xml", "!not a JMeter test plan"},
		{"jmeter -n -t words", "!ThreadGroup.num_threads: \"many\""},
		{"jmeter -n -t blank -r", "!from other hosts"},
		{"jmeter -t blank", "+plan-jmeter-gui"},
};

static int start(void **state)
{
	(void)state;
	plan_test_tree = plan_trees_read;
	plan_test_files = files;
	return 0;
}

static void test_scopes(void **state)
{
	(void)state;
	plan_test_table(scopes, COUNT_OF(scopes));
}

static void test_groups(void **state)
{
	(void)state;
	plan_test_table(groups, COUNT_OF(groups));
}

static void test_arrivals(void **state)
{
	(void)state;
	plan_test_table(arrivals, COUNT_OF(arrivals));
}

static void test_places(void **state)
{
	(void)state;
	plan_test_table(places, COUNT_OF(places));
}

static void test_closes(void **state)
{
	(void)state;
	plan_test_table(closes, COUNT_OF(closes));
}

static void test_lines(void **state)
{
	(void)state;
	plan_test_table(lines, COUNT_OF(lines));
}

/* A latency says how long a sample takes: arrivals become users, and rates of closes follow. */
static void test_latency(void **state)
{
	static const struct plan_case cases[] = {
			{"jmeter -n -t arrivals",
					"stages=60s:144,300s:144 closer=client lifetime_s=1.2 =estimate"},
			{"jmeter -n -t arrivals-limit",
					"stages=0s:344,60s:344,0s:144,240s:144 stages~estimate"},
			{"jmeter -n -t close", "lifetime_s=0.2 lifetime_s~estimate"},
			{"jmeter -n -t close-pause", "lifetime_s=0.7"},
			{"jmeter -n -t new-user", "lifetime_s=1.2"},
			{"jmeter -n -t open-model", "closer=client lifetime_s=1.2"},
	};
	struct workload_value *latency = &plan_test_given.values[W_LATENCY];
	(void)state;
	*latency = (struct workload_value){.set = true, .number = 0.2};
	plan_test_table(cases, COUNT_OF(cases));
	*latency = (struct workload_value){0};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_scopes),
			cmocka_unit_test(test_groups),
			cmocka_unit_test(test_arrivals),
			cmocka_unit_test(test_places),
			cmocka_unit_test(test_closes),
			cmocka_unit_test(test_lines),
			cmocka_unit_test(test_latency),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
