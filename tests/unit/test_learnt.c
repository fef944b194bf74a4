/* What a run shows, and the spread of several: series of samples with what must be learned of them;
 * how it becomes part of a plan. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "audit/run/taught.h"
#include "base/array.h"
#include "base/text.h"
#include "model/watch/estimate.h"
#include "model/watch/learnt.h"

struct lesson_test {
	struct arena *arena;
	struct observations seen;
	struct workload planned;
	struct result plan;
	struct certificate certificate;
	double run_s;
	struct learnt_run out;
};

static struct observation *take(struct lesson_test *test, double t_s)
{
	struct observation sample = {.t_s = t_s};
	for (size_t i = 0; i < OBSERVED; i++)
		sample.values[i] = observed_counts((enum observed)i) ? 0 : (double)NAN;
	sample.values[O_CPU_S] = (double)NAN;
	observations_add(&test->seen, &sample);
	return &test->seen.items[test->seen.count - 1];
}

/* A client of that many connections. */
static void begin(struct lesson_test *test, double connections)
{
	*test = (struct lesson_test){.arena = arena_new(), .run_s = 10};
	observations_init(test->arena, &test->seen);
	test->planned.values[W_ROLE].text = "client";
	test->plan.loads = loads_of(&test->planned);
	test->certificate.compared[0] = (struct compared){
			.predicted = connections,
			.seen = connections,
	};
}

/* A sample of sockets: so many live ones, opened until now, and TIME_WAIT by side. */
static struct observation *sockets(struct lesson_test *test,
		double t_s,
		double live,
		double opened,
		double here,
		double there)
{
	struct observation *sample = take(test, t_s);
	sample->values[O_LIVE] = live;
	sample->values[O_OPENS] = opened;
	sample->values[O_TIME_WAIT] = here;
	sample->values[O_TIME_WAIT_ALL] = here + there;
	return sample;
}

static void learn(struct lesson_test *test)
{
	const struct certify_input input = {
			.seen = &test->seen,
			.plan = &test->plan,
			.run_s = test->run_s,
	};
	learnt_of_run(&input, &test->certificate, (double)NAN, &test->out);
}

static double value(const struct lesson_test *test, enum learnt what)
{
	return test->out.values[what];
}

static void near(double got, double want)
{
	if (isnan(want) ? !isnan(got) : !(fabs(got - want) <= 1e-6 * fmax(1, fabs(want))))
		fail_msg("got %g, want %g", got, want);
}

/* --- who closed ---------------------------------------------------------------------------------
 */

static void test_client_closes(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	sockets(&test, 0, 0, 0, 0, 0);
	sockets(&test, 5, 10, 500, 120, 0);
	sockets(&test, 10, 0, 1000, 300, 0);
	learn(&test);
	near(value(&test, LEARNT_CLIENT_CLOSES), 0.3);
	near(value(&test, LEARNT_SERVER_CLOSES), NAN); /* the other end is elsewhere */
	near(value(&test, LEARNT_OPEN_RATE), 100);
	assert_false(test.out.both_here);
	arena_free(test.arena);
}

static void test_both_ends(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	sockets(&test, 0, 0, 0, 0, 0);
	sockets(&test, 5, 10, 500, 0, 250);
	sockets(&test, 10, 0, 1000, 100, 800)->values[O_ACCEPTS] = 1000;
	learn(&test);
	assert_true(test.out.both_here);
	near(value(&test, LEARNT_CLIENT_CLOSES), 0.1);
	near(value(&test, LEARNT_SERVER_CLOSES), 0.8);
	arena_free(test.arena);
}

/* What others open in the same network namespace is counted with it, and taken out. */
static void test_beside_others(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	sockets(&test, 0, 0, 0, 0, 500);
	sockets(&test, 5, 10, 700, 100, 600);
	struct observation *last = sockets(&test, 10, 0, 1200, 300, 700);
	last->values[O_OTHERS_OPENED] = 200;
	learn(&test);
	near(value(&test, LEARNT_CLIENT_CLOSES), 0.3);
	near(value(&test, LEARNT_OPEN_RATE), 100);
	arena_free(test.arena);
}

static void test_server_closes(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	test.planned.values[W_ROLE].text = "server";
	take(&test, 0)->values[O_ACCEPTED] = 0;
	take(&test, 5)->values[O_ACCEPTED] = 10;
	struct observation *last = take(&test, 10);
	last->values[O_ACCEPTED] = 0;
	last->values[O_ACCEPTS] = 1000;
	last->values[O_ACCEPTED_TIME_WAIT] = 700;
	learn(&test);
	near(value(&test, LEARNT_SERVER_CLOSES), 0.7);
	near(value(&test, LEARNT_CLIENT_CLOSES), NAN);
	arena_free(test.arena);
}

/* A port that was taken out of TIME_WAIT was closed as well; ended before its time it is not seen.
 */
static void test_time_wait_that_ended(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	sockets(&test, 0, 0, 0, 0, 0);
	sockets(&test, 5, 10, 500, 100, 0);
	struct observation *last = sockets(&test, 10, 0, 1000, 200, 0);
	last->values[O_TIME_WAIT_REUSED] = 50;
	learn(&test);
	near(value(&test, LEARNT_CLIENT_CLOSES), 0.25);
	last->values[O_TIME_WAIT_OVERFLOW] = 1;
	learn(&test);
	near(value(&test, LEARNT_CLIENT_CLOSES), NAN);
	arena_free(test.arena);
}

/* Of a long run the last minute: 30 of 100 a second are this side's. */
static void test_long_run(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	test.run_s = 200;
	sockets(&test, 0, 0, 0, 0, 0);
	for (int i = 1; i <= 40; i++) {
		double t_s = 5.0 * i;
		sockets(&test, t_s, 10, 10 + t_s * 100, fmin(t_s, 60) * 30, 0);
	}
	sockets(&test, 200.1, 0, 20010, 1810, 0);
	learn(&test);
	near(value(&test, LEARNT_CLIENT_CLOSES), 0.3);
	arena_free(test.arena);
}

/* Connections that stay are closed by the end of the run, and nobody chose who closes. */
static void test_connections_that_stay(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 1000);
	sockets(&test, 0, 0, 0, 0, 0);
	sockets(&test, 5, 1000, 1000, 0, 0);
	sockets(&test, 10, 0, 1000, 1000, 0);
	learn(&test);
	near(value(&test, LEARNT_CLIENT_CLOSES), NAN);
	near(value(&test, LEARNT_OPEN_RATE), NAN);
	near(value(&test, LEARNT_CONNECTIONS), 1000);
	arena_free(test.arena);
}

/* --- what the program takes ----------------------------------------------------------------------
 */

static void resources(struct lesson_test *test, double t_s, double live, double files, double bytes)
{
	struct observation *sample = sockets(test, t_s, live, live, 0, 0);
	sample->values[O_FDS_MOST] = files;
	sample->values[O_RESIDENT] = bytes;
}

static void test_descriptors_and_memory(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 1000);
	take(&test, 0);
	resources(&test, 1, 100, 207, 1e6 + 100 * 5000);
	resources(&test, 2, 1000, 2007, 1e6 + 1000 * 5000);
	take(&test, 3);
	learn(&test);
	near(value(&test, LEARNT_FDS_PER_CONNECTION), 2);
	near(value(&test, LEARNT_FDS_BASE), 7);
	near(value(&test, LEARNT_MEMORY_PER_CONNECTION), 5000);
	near(value(&test, LEARNT_MEMORY_BASE), 1e6);
	arena_free(test.arena);
}

/* Few connections say nothing of each: all but what the plan knows is the program's own. */
static void test_few_connections(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	test.planned.values[W_MEMORY_PER_CONNECTION] = (struct workload_value){.set = true,
			.number = 1000};
	take(&test, 0);
	resources(&test, 1, 10, 17, 22e6);
	resources(&test, 2, 10, 17, 22e6);
	take(&test, 3);
	learn(&test);
	near(value(&test, LEARNT_MEMORY_PER_CONNECTION), NAN);
	near(value(&test, LEARNT_MEMORY_BASE), 22e6 - 10 * 1000);
	near(value(&test, LEARNT_FDS_BASE), 7);
	arena_free(test.arena);
}

static void test_several_processes(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 100);
	test.planned.values[W_PROCESSES] = (struct workload_value){.set = true, .number = 4};
	take(&test, 0);
	resources(&test, 1, 100, 33, 8e6);
	resources(&test, 2, 100, 33, 8e6);
	take(&test, 3);
	learn(&test);
	near(value(&test, LEARNT_FDS_BASE), NAN); /* which of them has how many is not seen */
	near(value(&test, LEARNT_MEMORY_BASE), 2e6);
	arena_free(test.arena);
}

static void test_processor(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	take(&test, 0);
	sockets(&test, 1, 10, 100, 0, 0)->values[O_CPU_S] = 0.5;
	sockets(&test, 5, 10, 8100, 0, 0)->values[O_CPU_S] = 2.5;
	take(&test, 6);
	learn(&test);
	near(value(&test, LEARNT_CPU_CORES), 0.5);
	near(value(&test, LEARNT_OPENS_PER_CORE), 4000);
	near(value(&test, LEARNT_REQUESTS_PER_CORE), NAN);
	arena_free(test.arena);
}

static void test_brief_and_blind(void **state)
{
	struct lesson_test test;
	(void)state;
	begin(&test, 10);
	test.run_s = 0.3;
	take(&test, 0);
	sockets(&test, 0.1, 7, 7, 0, 0);
	sockets(&test, 0.3, 0, 10, 10, 0);
	learn(&test);
	near(value(&test, LEARNT_CONNECTIONS), NAN); /* ten may have been open between two looks */
	arena_free(test.arena);
	begin(&test, 10);
	take(&test, 0);
	learn(&test);
	for (size_t i = 0; i < LEARNT_VALUES; i++)
		near(value(&test, (enum learnt)i), NAN);
	arena_free(test.arena);
}

/* --- several runs --------------------------------------------------------------------------------
 */

static void test_spread(void **state)
{
	double none[] = {(double)NAN}, odd[] = {5, 1, (double)NAN, 3}, even[] = {4, 1, 2, 9};
	(void)state;
	assert_int_equal(learnt_spread_of(none, 1).n, 0);
	struct learnt_spread spread = learnt_spread_of(odd, 4);
	assert_int_equal(spread.n, 3);
	near(spread.min, 1);
	near(spread.median, 3);
	near(spread.max, 5);
	near(learnt_spread_of(even, 4).median, 3);
}

/* --- processors ----------------------------------------------------------------------------------
 */

static struct cpu_estimate estimate(struct measured_rates seen,
		double opens_per_s,
		double requests_per_s,
		double threads)
{
	const struct asked_rates asked = {
			.opens_per_s = opens_per_s,
			.requests_per_s = requests_per_s,
			.processors = 2,
			.threads = threads,
	};
	return cpu_estimate_of(&seen, &asked);
}

static void test_estimate(void **state)
{
	struct measured_rates seen = {1, 2000, 14636, true};
	struct cpu_estimate result;
	(void)state;
	result = estimate(seen, 100, 50000, (double)NAN);
	assert_true(result.of_requests);
	near(result.needed, 50000.0 / 14636);
	near(result.available, 2);
	seen.requests_per_core = (double)NAN;
	result = estimate(seen, 100, 50000, 1);
	assert_false(result.of_requests);
	assert_true(result.by_threads);
	near(result.needed, 0.05);
	near(result.available, 1);
	result = estimate(seen, 0, (double)NAN, 8); /* more threads than processors */
	assert_false(result.by_threads);
	near(result.needed, 1);
	near(result.rate, (double)NAN);
	seen.same_command = false;
	near(estimate(seen, 0, (double)NAN, 8).needed, (double)NAN);
}

/* --- part of a plan ------------------------------------------------------------------------------
 */

static const char learned[] = LOCK_FILE_PATH ", median of 3 runs, last 2026-01-02";

static void put(struct workload *workload,
		enum workload_field field,
		double number,
		enum confidence confidence,
		const char *from)
{
	workload->values[field] = (struct workload_value){
			.set = true,
			.number = number,
			.confidence = confidence,
			.from = from,
	};
}

/* Of connections, rate and lifetime the one that is only estimated gives way to what was counted.
 */
static void test_rates_agree(void **state)
{
	struct workload plan = {0};
	(void)state;
	put(&plan, W_CONNECTIONS, 50, CONFIDENCE_EXACT, "-c 50");
	put(&plan, W_OPEN_RATE, 700, CONFIDENCE_ESTIMATE, learned);
	put(&plan, W_LIFETIME, 0.02, CONFIDENCE_ESTIMATE, "--latency");
	taught_settle(&plan);
	assert_false(plan.values[W_LIFETIME].set);
	assert_true(plan.values[W_OPEN_RATE].set);
	put(&plan, W_LIFETIME, 0.02, CONFIDENCE_EXACT, "--lifetime");
	taught_settle(&plan);
	assert_true(plan.values[W_LIFETIME].set);
	assert_false(plan.values[W_OPEN_RATE].set);
	assert_true(plan.values[W_CONNECTIONS].set);
}

static void test_closes_agree(void **state)
{
	struct workload plan = {0};
	(void)state;
	put(&plan, W_CLIENT_CLOSES, 0.3, CONFIDENCE_ESTIMATE, learned);
	plan.values[W_CLOSER] = (struct workload_value){.set = true, .text = "client"};
	taught_settle(&plan);
	assert_false(plan.values[W_CLIENT_CLOSES].set);
}

static void test_highest(void **state)
{
	struct lock_taught taught = {.any = true, .runs = 3};
	struct workload plan = {0}, highest;
	(void)state;
	put(&taught.highest, W_FDS_BASE, 90, CONFIDENCE_ESTIMATE, learned);
	put(&taught.highest, W_CONNECTIONS, 500, CONFIDENCE_ESTIMATE, learned);
	put(&plan, W_FDS_BASE, 20, CONFIDENCE_ESTIMATE, learned);
	put(&plan, W_CONNECTIONS, 400, CONFIDENCE_EXACT, "--connections");
	assert_true(taught_highest(&taught, &plan, &highest));
	near(highest.values[W_FDS_BASE].number, 90);
	near(highest.values[W_CONNECTIONS].number, 400);
	plan.values[W_FDS_BASE].number = 90;
	assert_false(taught_highest(&taught, &plan, &highest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(test_client_closes),
			cmocka_unit_test(test_both_ends),
			cmocka_unit_test(test_beside_others),
			cmocka_unit_test(test_server_closes),
			cmocka_unit_test(test_time_wait_that_ended),
			cmocka_unit_test(test_long_run),
			cmocka_unit_test(test_connections_that_stay),
			cmocka_unit_test(test_descriptors_and_memory),
			cmocka_unit_test(test_few_connections),
			cmocka_unit_test(test_several_processes),
			cmocka_unit_test(test_processor),
			cmocka_unit_test(test_brief_and_blind),
			cmocka_unit_test(test_spread),
			cmocka_unit_test(test_estimate),
			cmocka_unit_test(test_rates_agree),
			cmocka_unit_test(test_closes_agree),
			cmocka_unit_test(test_highest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
