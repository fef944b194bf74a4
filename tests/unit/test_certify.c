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
#include "probes/watch/family.h"
#include "tests/unit/certify_test.h"

static bool remarks(const struct run *run, const char *id)
{
	for (size_t i = 0; i < run->out.remark_count; i++)
		if (!strcmp(run->out.remarks[i].id, id))
			return true;
	return false;
}

/* Another load of 400 connections beside it, which the command does not open. */
static void beside(struct run *run, double planned)
{
	struct workload *loads = arena_alloc(run->arena, 2 * sizeof *loads);
	struct load_series *series = arena_alloc(run->arena, 2 * sizeof *series);
	loads[0] = loads[1] = run->planned;
	loads[0].values[W_CONNECTIONS].number = 400;
	loads[1].peak_connections = planned;
	for (size_t i = 0; i < 2; i++) {
		series[i] = (struct load_series){.load = i};
		series[i].live = arena_alloc(run->arena, 2 * sizeof(double));
		series[i].time_wait = arena_alloc(run->arena, 2 * sizeof(double));
		series[i].live[0] = series[i].live[1] = loads[i].values[W_CONNECTIONS].number;
	}
	run->plan.loads = (struct loads){.items = loads, .count = 2};
	run->plan.timeline.loads = series;
	run->plan.timeline.load_count = 2;
	run->plan.timeline.live[0] = run->plan.timeline.live[1] = planned + 400;
}

static void of_several_loads_the_command_counts(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	beside(&run, 500);
	hold(&run, 500);
	judge(&run);
	assert_true(run.out.compared[0].predicted == 500);
	assert_false(remarks(&run, "connections-missing"));
	arena_free(run.arena);
	set_up(&run, 500);
	beside(&run, 500);
	hold(&run, 300);
	judge(&run);
	assert_true(remarks(&run, "connections-missing"));
	arena_free(run.arena);
}

static void all_well(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_string_equal(run.out.sentence,
			"This host was not the bottleneck. Closest limit: outgoing ports "
			"(500 of 1,000), 50% used.");
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
	assert_true(run.out.reason < CHARGES);
	assert_string_equal(run.out.bottleneck->id, "ephemeral-ports");
	assert_true(remarks(&run, "connections-missing"));
	arena_free(run.arena);
	set_up(&run, 1500);
	run.limits.items[PORTS].capacity = 28232;
	hold(&run, 1000);
	judge(&run);
	assert_true(run.out.reason < CHARGES);
	assert_null(run.out.bottleneck);
	assert_non_null(strstr(run.out.sentence, "it had 1,000 of the 1,500 planned connections open"));
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
	assert_string_equal(run.out.bottleneck->id, "process-fds");
	assert_true(run.out.peaks[FDS].reached);
	arena_free(run.arena);
}

/* Of a plan that holds its connections until the end. One that counts what it sends may end them
 * one after the other. */
static void dropped_midway(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 6; i < 10; i++)
		run.seen.items[i].values[O_LIVE] = run.seen.items[i].values[O_PORTS_USED] = 300;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_true(remarks(&run, "connections-dropped"));
	run.planned.values[W_DURATION] = (struct workload_value){.set = true, .number = 10};
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_SHORT);
	assert_non_null(strstr(run.out.sentence, "200 of its 500 connections had ended after 6 s"));
	/* The load was to last until then; what the command did afterwards is not the load. */
	run.planned.values[W_DURATION].number = 5.5;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	run.planned.values[W_DURATION] =
			(struct workload_value){.set = true, .number = 10, .assumed = true};
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	arena_free(run.arena);
}

/* A server that closes after each answer: looks find some missing, but all are made anew. Resets
 * are no such thing. */
static void made_anew(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	run.planned.values[W_DURATION] = (struct workload_value){.set = true, .number = 10};
	for (size_t i = 4; i < 10; i++)
		run.seen.items[i].values[O_LIVE] = 300;
	run.seen.items[10].values[O_OPENS] = 5000;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	run.seen.items[10].values[O_RESETS] = 200;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_SHORT);
	run.seen.items[10].values[O_RESETS] = 0;
	run.seen.items[10].values[O_ATTEMPT_FAILS] = 4500;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_SHORT);
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
	assert_int_equal(run.out.reason, CHARGES);
	assert_false(remarks(&run, "connections-dropped"));
	arena_free(run.arena);
}

/* Some attempts that fail may be the tool's way (::1 before 127.0.0.1); its own result says what it
 * lost. Where nothing was ever connected there is no doubt. */
static void refused(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	run.seen.items[10].values[O_ATTEMPT_FAILS] = 50;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_true(remarks(&run, "attempts-failed"));
	run.planned.values[W_CONNECTIONS].confidence = CONFIDENCE_ESTIMATE;
	for (size_t i = 0; i < 11; i++)
		run.seen.items[i].values[O_LIVE] = 0;
	run.seen.items[10].values[O_ATTEMPT_FAILS] = 500;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_ERRORS);
	assert_non_null(strstr(run.out.sentence, "500 of 500 attempts were refused"));
	arena_free(run.arena);
}

/* What the command and others use together is what is full, and both shares are said. */
static void shares_of_a_limit(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 100);
	hold(&run, 25);
	for (size_t i = 0; i < 11; i++)
		run.seen.items[i].values[O_PORTS_USED] = 975;
	for (size_t i = 3; i < 10; i++)
		run.seen.items[i].values[O_PORTS_USED] = 1000;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_LIMIT);
	assert_string_equal(run.out.charges[CHARGE_LIMIT].subject, "ephemeral-ports");
	assert_non_null(strstr(run.out.sentence, "the command used 25 of them, others 975"));
	assert_non_null(
			strstr(run.out.charges[CHARGE_LIMIT].fix, "Stop the other programs that use them"));
	arena_free(run.arena);
}

static void starved(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	wait_for_processors(&run, 0.049);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	wait_for_processors(&run, 0.4);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_STARVED);
	assert_non_null(strstr(run.out.sentence, "waited for a CPU for 4 s of 10 s"));
	wait_for_processors(&run, 0.01);
	run.seen.items[10].values[O_THROTTLED_S] = 3;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_STARVED);
	assert_non_null(strstr(run.out.sentence, "quota"));
	/* A millisecond of a run that is over at once is nothing. */
	run.end_s = 0.05;
	run.seen.items[10].values[O_THROTTLED_S] = 0;
	run.seen.items[10].values[O_CPU_WAIT_S] = 0.01;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	arena_free(run.arena);
}

static void waits_that_are_not_known(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_CPU_WAIT_S] = (double)NAN;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_true(remarks(&run, "cpu-wait-unknown"));
	wait_for_processors(&run, 0);
	run.seen.items[10].values[O_CPU_S] = 8;
	run.seen.items[10].values[O_CPU_UNSEEN_S] = 7;
	judge(&run);
	assert_true(remarks(&run, "cpu-wait-unseen"));
	arena_free(run.arena);
}

/* Only what the plan says exactly convicts, and from the threshold on. */
static void short_of_the_plan(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 1000);
	run.limits.items[PORTS].capacity = 28232;
	hold(&run, 801);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_true(remarks(&run, "connections-missing"));
	arena_free(run.arena);
	set_up(&run, 1000);
	run.limits.items[PORTS].capacity = 28232;
	hold(&run, 799);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_SHORT);
	assert_non_null(strstr(run.out.sentence, "it had 799 of the 1,000 planned connections open"));
	assert_non_null(run.out.differs);
	run.planned.values[W_CONNECTIONS].confidence = CONFIDENCE_BOUND;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	arena_free(run.arena);
}

static void killed(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	run.planned.values[W_DURATION] = (struct workload_value){.set = true, .number = 60};
	run.signal = 9;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_SHORT);
	assert_non_null(strstr(run.out.sentence, "signal 9 ended it after 10 s"));
	run.signal = 0;
	run.status = 137; /* a shell's child was */
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_SHORT);
	run.status = 143; /* it was told to end */
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	run.status = 1; /* a status alone is no reason */
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	arena_free(run.arena);
}

/* Neither what ran elsewhere nor what was not seen is too little. */
static void unseen(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 1);
	run.elsewhere = "ssh";
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_UNSEEN);
	assert_non_null(strstr(run.out.sentence, "ssh ran it elsewhere"));
	arena_free(run.arena);
	/* The whole load was seen here: ssh was there for something else. */
	set_up(&run, 500);
	hold(&run, 500);
	run.elsewhere = "ssh";
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	arena_free(run.arena);
	set_up(&run, 500);
	run.planned.values[W_CONNECTIONS].confidence = CONFIDENCE_ESTIMATE;
	hold(&run, 0);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_UNSEEN);
	arena_free(run.arena);
}

/* The first of those that stand, in their order; what others found stands among them. */
static void order_of_reasons(void **state)
{
	(void)state;
	static const char *const names[] =
			{"limit", "starved", "short", "errors", "unseen", "timed-out"};
	struct run run;
	for (size_t i = 0; i < CHARGES; i++)
		assert_string_equal(charge_name((enum charge_kind)i), names[i]);
	assert_null(charge_name(CHARGES));
	set_up(&run, 500);
	hold(&run, 500);
	run.given[CHARGE_TIMED_OUT] = (struct charge){.sentence = "too long", .fix = "wait"};
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_TIMED_OUT);
	assert_string_equal(run.out.sentence, "too long");
	run.given[CHARGE_ERRORS] = (struct charge){.sentence = "3 errors", .fix = "look"};
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_ERRORS);
	wait_for_processors(&run, 0.5);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_STARVED);
	assert_string_equal(run.out.charges[CHARGE_TIMED_OUT].sentence, "too long");
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
	assert_string_equal(run.out.bottleneck->id, "thread-cpu");
	arena_free(run.arena);
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 0; i < run.seen.count; i++) /* busy for three seconds of ten */
		run.seen.items[i].values[O_THREAD_CPU_S] = fmin(run.seen.items[i].t_s, 3);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
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
	assert_int_equal(run.out.reason, CHARGES); /* all were opened, if no sample shows them */
	run.seen.items[3].values[O_OPENS] = 100;
	judge(&run);
	assert_true(run.out.reason < CHARGES);
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
	assert_int_equal(run.out.reason, CHARGES); /* short as it was, it was seen */
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_LIVE] = (double)NAN;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGE_UNSEEN);
	const struct certify_input blind = {.seen = &run.seen,
			.limits = &run.limits,
			.plan = NULL,
			.run_s = 5,
			.blind = true};
	certify(run.arena, &blind, &run.out);
	assert_int_equal(run.out.reason, CHARGE_UNSEEN);
	assert_non_null(strstr(run.out.sentence, "another network namespace"));
	arena_free(run.arena);
}

/* Capacities are the rule's, unless the limit of what is observed is seen as well. */
static void limits_of_rules(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	const struct observation *now = &run.seen.items[5], *before = &run.seen.items[4];
	assert_int_equal(run.limits.count, LIMITS + 2); /* processors have no rule */
	assert_true(run.limits.items[PORTS].capacity == 1000);
	struct watched_use use = watched_use(&run.limits.items[PORTS], before, now);
	assert_true(use.used == 500 && use.capacity == 1000 && use.ratio == 0.5);
	use = watched_use(&run.limits.items[FDS], before, now);
	assert_true(use.used == 508 && use.capacity == 5000);
	struct observation blind = *now;
	blind.values[O_FDS_LIMIT] = (double)NAN;
	use = watched_use(&run.limits.items[FDS], before, &blind);
	assert_true(use.capacity == 9000);
	const struct watched_limit *cpu = watched_find(&run.limits, "cpu");
	assert_true(cpu->capacity == 4 && cpu->processor);
	assert_null(watched_find(&run.limits, "threads"));
	/* The formula asks for the plan. */
	run.workload.values[W_BIND].text = "wildcard";
	run.limits = watched_limits_of(&run.situation);
	blind.values[O_SOURCE_PORTS] = 600;
	blind.values[O_SOURCE_OWN] = 400;
	use = watched_use(&run.limits.items[PORTS], before, &blind);
	assert_true(use.used == 600 && use.own == 400);
	arena_free(run.arena);
}

/* At the pressure of TCP memory nothing fails; once the kernel resets connections for want of it,
 * it does. TIME_WAIT that is cut short loses nothing. */
static void what_is_lost(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 1; i < 10; i++)
		run.seen.items[i].values[O_TCP_PAGES] = 300;
	run.seen.items[10].values[O_TIME_WAIT_OVERFLOW] = 7;
	judge(&run);
	assert_true(run.out.peaks[MEMORY].reached && run.out.peaks[TIME_WAIT].reached);
	assert_null(run.out.bottleneck);
	run.seen.items[10].values[O_ABORT_ON_MEMORY] = 1;
	judge(&run);
	assert_string_equal(run.out.bottleneck->id, "tcp-memory");
	arena_free(run.arena);
}

/* What was over its limit before the command started is not what the kernel counts. Of ports it is.
 */
static void over_before_the_start(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 0; i < 11; i++)
		run.seen.items[i].values[O_PORTS_USED] = 1200;
	judge(&run);
	assert_string_equal(run.out.bottleneck->id, "ephemeral-ports");
	assert_true(run.out.peaks[PORTS].use.ratio == 1.2);
	run.limits.items[PORTS].scope = SCOPE_HOST;
	judge(&run);
	assert_null(run.out.bottleneck);
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
			cmocka_unit_test(of_several_loads_the_command_counts),
			cmocka_unit_test(a_third_is_lost),
			cmocka_unit_test(descriptors_run_out),
			cmocka_unit_test(dropped_midway),
			cmocka_unit_test(made_anew),
			cmocka_unit_test(not_counted),
			cmocka_unit_test(refused),
			cmocka_unit_test(shares_of_a_limit),
			cmocka_unit_test(starved),
			cmocka_unit_test(waits_that_are_not_known),
			cmocka_unit_test(short_of_the_plan),
			cmocka_unit_test(killed),
			cmocka_unit_test(unseen),
			cmocka_unit_test(order_of_reasons),
			cmocka_unit_test(processors),
			cmocka_unit_test(brief),
			cmocka_unit_test(not_seen),
			cmocka_unit_test(limits_of_rules),
			cmocka_unit_test(what_is_lost),
			cmocka_unit_test(over_before_the_start),
			cmocka_unit_test(time_wait),
			cmocka_unit_test(bounded),
			cmocka_unit_test(stat_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
