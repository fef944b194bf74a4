/* Was the generator the bottleneck? Series of samples and what must be said of them; the bounded
 * series itself; lines of /proc/PID/stat. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/watch/certify.h"
#include "probes/watch/family.h"

struct run {
	struct arena *arena;
	struct observations seen;
	struct watched_room room;
	struct result plan;
	struct certificate out;
	double end_s;
};

/* A client with long-lived connections, 10 samples a second apart, a sample before and one after.
 */
static void set_up(struct run *run, double planned)
{
	*run = (struct run){.arena = arena_new(), .end_s = 10};
	observations_init(run->arena, &run->seen);
	for (size_t i = 0; i < WATCHED; i++)
		run->room.of[i] = (double)NAN;
	run->room.of[WATCH_PORTS] = 1000;
	run->room.of[WATCH_CPU] = 4;
	run->room.of[WATCH_THREAD_CPU] = 1;
	run->plan.plan.connections = planned;
	run->plan.workload.values[W_ROLE].text = "client";
	run->plan.workload.values[W_CONNECTIONS] =
			(struct workload_value){.set = true, .number = planned, .confidence = CONFIDENCE_EXACT};
	run->plan.timeline.points = 2;
	run->plan.timeline.t = arena_alloc(run->arena, 2 * sizeof(double));
	run->plan.timeline.t[1] = 60;
	run->plan.timeline.live = arena_alloc(run->arena, 2 * sizeof(double));
	run->plan.timeline.live[0] = run->plan.timeline.live[1] = planned;
	run->plan.timeline.time_wait = arena_alloc(run->arena, 2 * sizeof(double));
}

static struct observation *add(struct run *run, double t_s, double live)
{
	struct observation sample = {.t_s = t_s};
	for (size_t i = 0; i < OBSERVED; i++)
		sample.values[i] = observed_counts((enum observed)i) ? 0 : (double)NAN;
	sample.values[O_LIVE] = sample.values[O_PORTS_USED] = live;
	sample.values[O_TIME_WAIT] = 0;
	sample.values[O_FDS_MOST] = live + 8;
	sample.values[O_FDS_LIMIT] = 5000;
	sample.values[O_OPENS] = t_s > 0 ? live : 0;
	observations_add(&run->seen, &sample);
	return &run->seen.items[run->seen.count - 1];
}

static void hold(struct run *run, double live)
{
	(void)add(run, 0, 0);
	for (int i = 1; i < 10; i++)
		(void)add(run, i, live);
	(void)add(run, 10, 0);
	run->seen.items[run->seen.count - 1].values[O_OPENS] = live;
}

static void judge(struct run *run)
{
	const struct certify_input input = {.seen = &run->seen,
			.room = &run->room,
			.plan = &run->plan,
			.run_s = run->end_s};
	certify(run->arena, &input, &run->out);
}

static bool remarks(const struct run *run, const char *id)
{
	for (size_t i = 0; i < run->out.remark_count; i++)
		if (!strcmp(run->out.remarks[i].id, id))
			return true;
	return false;
}

static void all_well(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_YES);
	assert_string_equal(run.out.sentence,
			"The generator was not the bottleneck; nearest to its limit: Ephemeral ports "
			"(500 of 1,000 ports), 50 %.");
	assert_true(run.out.compared[0].difference == 0);
	arena_free(run.arena);
}

/* wrk, h2load and hey end with 0 then, and no counter of the kernel moves. */
static void a_third_is_lost(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 1500);
	hold(&run, 1000);
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_NO);
	assert_true(run.out.bottleneck);
	assert_int_equal(run.out.first, WATCH_PORTS);
	assert_true(remarks(&run, "connections-missing"));
	arena_free(run.arena);
	set_up(&run, 1500);
	run.room.of[WATCH_PORTS] = 28232;
	hold(&run, 1000);
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_NO);
	assert_false(run.out.bottleneck);
	assert_non_null(strstr(run.out.sentence, "it held 1,000 of the 1,500 connections planned"));
	arena_free(run.arena);
}

static void descriptors_run_out(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 150);
	hold(&run, 56);
	for (size_t i = 1; i < 10; i++)
		run.seen.items[i].values[O_FDS_LIMIT] = 64;
	judge(&run);
	assert_int_equal(run.out.first, WATCH_PROCESS_FDS);
	assert_true(run.out.peaks[WATCH_PROCESS_FDS].reached);
	arena_free(run.arena);
}

static void dropped_midway(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 6; i < 10; i++)
		run.seen.items[i].values[O_LIVE] = run.seen.items[i].values[O_PORTS_USED] = 300;
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_NO);
	assert_true(remarks(&run, "connections-dropped"));
	arena_free(run.arena);
}

/* Sockets are not counted in every sample. */
static void not_counted(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	run.seen.items[1].values[O_LIVE] = (double)NAN;
	run.seen.items[2].values[O_LIVE] = 0;
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_YES);
	assert_false(remarks(&run, "connections-dropped"));
	arena_free(run.arena);
}

static void refused(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	run.seen.items[10].values[O_ATTEMPT_FAILS] = 50;
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_NO);
	assert_true(remarks(&run, "attempts-failed"));
	arena_free(run.arena);
}

static void processors(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_THREAD_CPU_S] = 0.99 * run.seen.items[i].t_s;
	judge(&run);
	assert_int_equal(run.out.first, WATCH_THREAD_CPU);
	arena_free(run.arena);
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 0; i < run.seen.count; i++) /* busy for three seconds of ten */
		run.seen.items[i].values[O_THREAD_CPU_S] = fmin(run.seen.items[i].t_s, 3);
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_YES);
	arena_free(run.arena);
}

static void brief(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 150);
	run.end_s = 0.06;
	(void)add(&run, 0, 0);
	(void)add(&run, 0.01, 0);
	(void)add(&run, 0.03, 0);
	(void)add(&run, 0.06, 0);
	run.seen.items[3].values[O_OPENS] = 150;
	judge(&run);
	assert_int_equal(run.out.certified,
			CERTIFIED_YES); /* all were opened, if no sample shows them */
	run.seen.items[3].values[O_OPENS] = 100;
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_NO);
	arena_free(run.arena);
}

static void not_seen(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 10);
	(void)add(&run, 0, 0);
	(void)add(&run, 0.002, 10);
	run.end_s = 0.002;
	judge(&run);
	assert_int_equal(run.out.certified, CERTIFIED_UNKNOWN);
	const struct certify_input blind = {.seen = &run.seen,
			.room = &run.room,
			.plan = NULL,
			.run_s = 5,
			.blind = true};
	certify(run.arena, &blind, &run.out);
	assert_int_equal(run.out.certified, CERTIFIED_UNKNOWN);
	assert_non_null(strstr(run.out.sentence, "another network namespace"));
	arena_free(run.arena);
}

/* What ends with the command does not count as the plan's TIME_WAIT. */
static void time_wait(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 100);
	hold(&run, 100);
	run.seen.items[10].values[O_TIME_WAIT] = 103;
	judge(&run);
	assert_true(run.out.compared[1].seen == 3);
	arena_free(run.arena);
}

static void bounded(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 100);
	for (int i = 0; i < 100000; i++)
		(void)add(&run, i, i == 77777 ? 4321 : 100);
	double at_s = 0;
	assert_true(run.seen.count <= OBSERVATIONS_MAX);
	assert_int_equal(run.seen.samples, 100000);
	assert_true(observations_peak(&run.seen, O_LIVE, &at_s) == 4321);
	assert_true(fabs(at_s - 77777) < 100000.0 / OBSERVATIONS_MAX * 4);
	assert_true(run.seen.items[0].t_s == 0);
	assert_true(run.seen.items[run.seen.count - 1].t_s == 99999);
	for (size_t i = 1; i < run.seen.count; i++)
		assert_true(run.seen.items[i].t_s > run.seen.items[i - 1].t_s);
	arena_free(run.arena);
}

static void stat_lines(void **state)
{
	static const char usual[] = "4711 (wrk) S 4700 4711 4700 34816 4711 4194560 1 0 0 0 12 34 5 6 "
								"20 0 3 0 100 5000 250 "
								"18446744073709551615 1 1 0\n";
	static const char *const bad[] = {"",
			"4711",
			"4711 (wrk",
			"4711 (wrk)",
			"4711 (wrk) S",
			"4711 (wrk) S x 1 2",
			"4711 (wrk) S 4700 4711 4700"};
	struct process_stat stat;
	(void)state;
	assert_true(process_stat_parse(usual, &stat));
	assert_int_equal(stat.parent, 4700);
	assert_true(stat.ticks == 46 && stat.child_ticks == 11 && stat.threads == 3 &&
			stat.resident_pages == 250);
	assert_true(process_stat_parse("1 (a) b) S 7 0 0 0 0 0 0 0 0 0 1 2 3 4 0 0 9 0 0 0 8 0",
			&stat)); /* a hostile name */
	assert_int_equal(stat.parent, 7);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		assert_false(process_stat_parse(bad[i], &stat));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(all_well),
			cmocka_unit_test(a_third_is_lost),
			cmocka_unit_test(descriptors_run_out),
			cmocka_unit_test(dropped_midway),
			cmocka_unit_test(not_counted),
			cmocka_unit_test(refused),
			cmocka_unit_test(processors),
			cmocka_unit_test(brief),
			cmocka_unit_test(not_seen),
			cmocka_unit_test(time_wait),
			cmocka_unit_test(bounded),
			cmocka_unit_test(stat_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
