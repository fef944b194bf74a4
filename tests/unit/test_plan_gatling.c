/* Gatling simulations in Java, Scala and Kotlin: what their text says plainly, and what is asked
 * for because it does not. */
#include "base/array.h"
#include "tests/unit/plan_test.h"

#define JAVA(protocol, user, setup)                                                         \
	"import static io.gatling.javaapi.core.CoreDsl.*;\n"                                    \
	"public class S extends Simulation {\n"                                                 \
	"  // baseUrl(\"http://comment.example\") atOnceUsers(9)\n"                             \
	"  HttpProtocolBuilder p = http.baseUrl(\"https://shop.example:8443\")" protocol        \
	";\n  ScenarioBuilder s = scenario(\"atOnceUsers(7)\")" user ";\n  {\n    setUp(" setup \
	").protocols(p);\n  }\n}\n"
#define GET ".exec(http(\"a\").get(\"/a\"))"
#define TEN ".injectOpen(constantUsersPerSec(10).during(60))"

static const struct plan_pair files[] = {
		{"src/test/java/a/Open.java",
				JAVA("", GET ".pause(2)" GET, "s.injectOpen(constantUsersPerSec(20).during(300))")},
		{"src/test/java/Steps.java",
				JAVA("",
						GET,
						"s.injectOpen(nothingFor(4), atOnceUsers(10), rampUsers(60).during(30),\n"
						"  rampUsersPerSec(1).to(5).during(Duration.ofMinutes(1)).randomized())")},
		{"src/test/java/Closed.java",
				JAVA("",
						GET,
						"s.injectClosed(rampConcurrentUsers(10).to(30).during(20),\n"
						"  constantConcurrentUsers(30).during(Duration.ofSeconds(40)))")},
		{"src/test/java/Once.java", JAVA("", GET, "s.injectOpen(atOnceUsers(500))")},
		{"src/test/java/Levels.java",
				JAVA("",
						GET,
						"s.injectOpen(incrementUsersPerSec(5).times(3).eachLevelLasting(10)\n"
						"  .separatedByRampsLasting(4).startingFrom(10))")},
		{"src/test/java/Two.java",
				JAVA("",
						GET,
						"s.injectOpen(constantUsersPerSec(2).during(10)), "
						"t.injectOpen(constantUsersPerSec(3).during(20))")},
		{"src/test/java/After.java",
				JAVA("",
						GET,
						"s.injectOpen(constantUsersPerSec(2).during(10))"
						".andThen(t.injectOpen(constantUsersPerSec(3).during(20)))")},
		{"src/test/java/Mixed.java",
				JAVA("",
						GET,
						"s.injectOpen(constantUsersPerSec(2).during(10)), "
						"t.injectClosed(constantConcurrentUsers(5).during(10))")},
		{"src/test/java/Property.java",
				JAVA("",
						GET,
						"s.injectOpen(constantUsersPerSec(Integer.getInteger(\"rate\", 7))"
						".during(60))")},
		{"src/test/java/Name.java",
				JAVA("",
						GET,
						"s.injectOpen(rampUsers(USERS).during(10))).maxDuration(Duration.ofMinutes("
						"2)") "class C { static final int USERS = 1_000; }\n"},
		{"src/test/java/Unknown.java",
				JAVA("", GET, "s.injectOpen(constantUsersPerSec(rate()).during(60))")},
		{"src/test/java/Variable.java", JAVA("", GET, "s.injectOpen(steps())")},
		{"src/test/java/Loops.java",
				JAVA("", ".exec(repeat(5).on(exec(http(\"a\").get(\"/\")).pause(1)))", "s" TEN)},
		{"src/test/java/Forever.java",
				JAVA("", ".forever().on(exec(http(\"a\").get(\"/\")).pause(1))", "s" TEN)},
		{"src/test/java/Images.java", JAVA(".inferHtmlResources()", GET, "s" TEN)},
		{"src/test/java/Images2.java",
				JAVA(".inferHtmlResources().maxConnectionsPerHost(3)", GET, "s" TEN)},
		{"src/test/java/H2.java", JAVA(".enableHttp2().inferHtmlResources()", GET, "s" TEN)},
		{"src/test/java/Shared.java", JAVA(".shareConnections()", GET, "s" TEN)},
		{"src/test/java/Close.java", JAVA(".connectionHeader(\"close\")", GET, "s" TEN)},
		{"src/test/java/Header.java", JAVA(".header(\"Connection\", \"close\")", GET, "s" TEN)},
		{"src/test/java/Hosts.java",
				JAVA("", GET ".exec(http(\"b\").get(\"http://b.example/x\"))", "s" TEN)},
		{"src/test/java/NoHost.java",
				"class NoHost extends Simulation { { setUp(s.injectOpen(atOnceUsers(5))); } }"},
		{"src/test/java/Socket.java",
				JAVA("", ".exec(ws(\"c\").connect(\"/chat\")).pause(5)", "s" TEN)},
		{"src/test/java/Split.java",
				JAVA("",
						GET,
						"s.injectOpen(splitUsers(1000).into(rampUsers(10).during(10))"
						".separatedBy(10))")},
		{"src/test/java/Sum.java",
				JAVA("",
						GET,
						"s.injectOpen(rampUsers(10).during(10))).maxDuration(up + hold") "class D "
																						 "{ static "
																						 "int up = "
																						 "3; }"},
		{"src/test/java/Sum2.java", JAVA("", GET, "s.injectOpen(rampUsers(10).during(up + 3))")},
		{"src/test/java/Class.java", JAVA("", GET, "s.injectOpen(CoreDsl.atOnceUsers(5))")},
		{"src/test/java/Open2.java", "class Open2 { /* \" */ // }\n"},
		{"src/test/scala/b/Infix.scala",
				"class Infix extends Simulation {\n"
				"  val users = 40 // rampUsers(1)\n"
				"  val conf = http.baseUrl(\"http://10.0.0.7\")\n"
				"  val scn = scenario(\"x\").exec(http(\"r\").get(\"/\")).pause(500 milliseconds, "
				"1 second)\n"
				"  setUp(scn.inject(rampUsers(users) during (20 seconds),\n"
				"    constantUsersPerSec(4) during (2 minutes),\n"
				"    rampUsersPerSec(4) to 8 during (30.seconds))).protocols(conf)\n}\n"},
		{"src/gatling/kotlin/K.kt",
				"class K : Simulation() {\n"
				"  val rate = System.getProperty(\"rate\", \"3\").toDouble()\n"
				"  val p = http.baseUrl(\"http://k.example\")\n"
				"  val s = scenario(\"k\").exec(http(\"r\").get(\"/\"))\n"
				"  init { setUp(s.injectOpen(constantUsersPerSec(rate).during(10))).protocols(p) "
				"}\n}\n"},
		{"sims/x/Y.scala",
				"class Y extends Simulation { val p = http.baseUrl(\"http://y.example\")\n"
				"setUp(s.inject(heavisideUsers(600).during(60))) }\n"},
		/* properties and variables as people write them */
		{"sims/shop/Look.scala",
				"package shop\nimport io.gatling.core.Predef._\n"
				"class Look extends Simulation {\n"
				"  val users = Integer.parseInt(System.getProperty(\"users\", \"20\"))\n"
				"  val host = sys.env.getOrElse(\"APP\", \"10.0.0.8\")\n"
				"  val url =\n    s\"http://${host}:8080\"\n"
				"  val p = http.baseUrl(url)\n"
				"  setUp(s.inject(rampUsers(users * 3)\n"
				"    .during(Duration(sys.props.getOrElse(\"m\", \"2\").toInt, MINUTES))))\n}\n"},
		/* two in one file */
		{"sims/Both.scala",
				"class Small extends Simulation { val p = http.baseUrl(\"http://s.example\")\n"
				"  setUp(s.inject(atOnceUsers(5))) }\n"
				"class Both extends Simulation { val p = http.baseUrl(\"http://b.example\")\n"
				"  setUp(s.inject(atOnceUsers(900))) }\n"
				"class Helper { val base = \"{\" }\n"},
		{"sims/Props.java",
				"public class Props extends Simulation {\n"
				"  static final int N = Integer.getInteger(\"n\");\n"
				"  String host = System.getenv(\"APP_HOST\");\n"
				"  HttpProtocolBuilder p = http.baseUrl(\"http://\" + host + \":\" + 81);\n"
				"  { setUp(s.injectOpen(rampUsers(N).during("
				"Integer.parseInt(System.getProperty(\"m\", \"3\")) * 60))); }\n}\n"},
		{"sims/Most.java",
				"public class Most extends Simulation {\n"
				"  { setUp(s.injectOpen(atOnceUsers(Math.max(Integer.getInteger(\"n\", 5), 90)))); "
				"}\n"
				"}\n"},
		{NULL, NULL},
};

static const struct plan_case injections[] = {
		{"mvn gatling:test -Dgatling.simulationClass=a.Open",
				"stages=0s:20/s,300s:20/s duration_s=300 destinations=shop.example:8443 ?latency "
				"closer=client runtime=java nofile=hard fds_base=131"},
		{"mvn gatling:test -Dgatling.simulationClass=Steps",
				"stages=4s:0/s,0s:100/s,0.1s:100/s,0s:2/s,30s:2/s,0s:1/s,60s:5/s duration_s=94.1"},
		{"mvn gatling:test -Dgatling.simulationClass=Closed",
				"stages=0s:10,20s:30,40s:30 duration_s=60"},
		{"mvn gatling:test -Dgatling.simulationClass=Once",
				"connections=500 opens_total=500 start=together stages=-"},
		{"mvn gatling:test -Dgatling.simulationClass=Levels",
				"stages=0s:10/s,4s:15/s,10s:15/s,4s:20/s,10s:20/s,4s:25/s,10s:25/s"},
		{"mvn gatling:test -Dgatling.simulationClass=Two", "stages=0s:5/s,10s:5/s,0s:3/s,10s:3/s"},
		{"mvn gatling:test -Dgatling.simulationClass=After",
				"stages=0s:2/s,10s:2/s,0s:3/s,20s:3/s duration_s=30"},
		{"mvn gatling:test -Dgatling.simulationClass=Mixed", "?connections"},
		{"mvn gatling:test -Dgatling.simulationClass=Property", "stages=0s:7/s,60s:7/s"},
		{"mvn gatling:test -Dgatling.simulationClass=Property -Drate=50",
				"stages=0s:50/s,60s:50/s"},
		{"mvn gatling:test -Dgatling.simulationClass=Property -Drate=x", "?connections"},
		{"mvn gatling:test -Dgatling.simulationClass=Name",
				"stages=0s:100/s,10s:100/s timeout_s=120"},
		{"mvn gatling:test -Dgatling.simulationClass=Unknown", "?connections ?open-rate"},
		{"mvn gatling:test -Dgatling.simulationClass=Variable", "?connections"},
		{"sbt 'Gatling/testOnly b.Infix'",
				"stages=0s:2/s,20s:2/s,0s:4/s,120s:4/s,30s:8/s destinations=10.0.0.7:80"},
		{"./gradlew gatlingRun-K", "stages=0s:3/s,10s:3/s destinations=k.example:80"},
		{"./gradlew gatlingRun --simulation=K -Drate=9", "stages=0s:9/s,10s:9/s"},
		{"gatling.sh -sf sims -s x.Y", "stages=30s:20/s,30s:0/s"},
		{"java -Xmx1G -cp 'a:b/*' io.gatling.app.Gatling -s a.Open", "stages=0s:20/s,300s:20/s"},
		{"java -jar other.jar", "!java is not a load test tool"},
		{"mvn gatling:test -Dgatling.simulationClass=a.None", "?connections ?lifetime"},
		{"mvn gatling:test", "?connections ?lifetime"},
		{"gatling.sh -sf sims -s shop.Look",
				"stages=0s:0.5/s,120s:0.5/s destinations=10.0.0.8:8080"},
		{"env APP=a.example JAVA_OPTS='-Dusers=40 -Dm=1' gatling.sh -sf sims -s shop.Look",
				"stages=0s:2/s,60s:2/s destinations=a.example:8080"},
		{"gatling.sh -sf sims -s Props", "?connections ?destinations"},
		{"env APP_HOST=b.example gatling.sh -sf sims -s Props -Dn=36",
				"stages=0s:0.2/s,180s:0.2/s destinations=b.example:81"},
		{"gatling.sh -sf sims -s Most", "?connections"},
		{"gatling.sh -sf sims -s Both", "connections=900 destinations=b.example:80"},
};

static const struct plan_case protocols[] = {
		{"gatling.sh -s Images -sf src/test/java", "stages=0s:60/s,60s:60/s"},
		{"gatling.sh -s Images2 -sf src/test/java", "stages=0s:30/s,60s:30/s"},
		{"gatling.sh -s H2 -sf src/test/java", "stages=0s:10/s,60s:10/s"},
		{"gatling.sh -s Hosts -sf src/test/java", "stages=0s:20/s,60s:20/s destinations=2"},
		{"gatling.sh -s Shared -sf src/test/java", "?connections stages=-"},
		{"gatling.sh -s Close -sf src/test/java", "closer=server ?open-rate"},
		{"gatling.sh -s Header -sf src/test/java", "closer=server"},
		{"gatling.sh -s NoHost -sf src/test/java", "?destinations connections=5"},
		{"gatling.sh -s Socket -sf src/test/java", "+plan-gatling-websocket"},
		{"gatling.sh -s Forever -sf src/test/java", "?lifetime"},
		{"gatling.sh -s Open2 -sf src/test/java", "?connections"},
		{"gatling.sh -s Split -sf src/test/java", "?connections stages=-"},
		{"gatling.sh -s Class -sf src/test/java", "connections=5"},
		{"gatling.sh -s Sum -sf src/test/java", "timeout_s=- stages=0s:1/s,10s:1/s"},
		{"gatling.sh -s Sum2 -sf src/test/java", "?connections"}, /* up has no value */
};

static int start(void **state)
{
	(void)state;
	plan_test_files = files;
	return 0;
}

static void test_injections(void **state)
{
	(void)state;
	plan_test_table(injections, COUNT_OF(injections));
}

static void test_protocols(void **state)
{
	(void)state;
	plan_test_table(protocols, COUNT_OF(protocols));
}

/* With a latency a user's life is known: its pauses, and its requests. */
static void test_latency(void **state)
{
	static const struct plan_case cases[] = {
			{"gatling.sh -s a.Open -sf src/test/java", "lifetime_s=3 =estimate"},
			{"gatling.sh -s Loops -sf src/test/java", "lifetime_s=7.5"},
			{"gatling.sh -s b.Infix -sf src/test/scala", "lifetime_s=1.25"},
			{"gatling.sh -s Mixed -sf src/test/java", "connections=6 lifetime_s=0.5"},
			{"gatling.sh -s Forever -sf src/test/java", "?lifetime"},
			{"gatling.sh -s Shared -sf src/test/java", "?connections"},
	};
	struct workload_value *latency = &plan_test_given.values[W_LATENCY];
	(void)state;
	*latency = (struct workload_value){.set = true, .number = 0.5};
	plan_test_table(cases, COUNT_OF(cases));
	*latency = (struct workload_value){0};
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_injections),
			cmocka_unit_test(test_protocols),
			cmocka_unit_test(test_latency),
	};
	return cmocka_run_group_tests(tests, start, NULL);
}
