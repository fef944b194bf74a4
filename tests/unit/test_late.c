/* What is known only after a look, or after the command: whose late connections are, what goes on,
 * and what to do about threads that were in each other's way. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/watch/command_run.h"
#include "tests/unit/state_test.h"

struct late {
	struct arena *arena;
	struct observations seen;
	struct workload planned;
	struct result plan;
	struct watched_limits limits;
	struct certify_input input;
	struct certificate out;
};

static void set_up(struct late *late)
{
	*late = (struct late){.arena = arena_new()};
	observations_init(late->arena, &late->seen);
	late->plan.loads = loads_of(&late->planned);
	late->input = (struct certify_input){
			.seen = &late->seen,
			.plan = &late->plan,
			.limits = &late->limits,
			.min_reached = 0.8,
			.max_cpu_wait = 0.05,
			.run_s = 10,
	};
}

static struct observation *look(struct late *late, double live, double unsure, double others)
{
	struct observation sample = {.t_s = (double)late->seen.count};
	sample.values[O_LIVE] = live;
	sample.values[O_UNSURE] = unsure;
	sample.values[O_OTHERS_OPENED] = others;
	observations_add(&late->seen, &sample);
	return &late->seen.items[late->seen.count - 1];
}

static double peak(const struct late *late)
{
	return observations_peak(&late->seen, O_LIVE, NULL);
}

/* Counted for one look as the command's; the next look finds that they are another program's. */
static void others_that_come_late(void **state)
{
	(void)state;
	struct late late;
	set_up(&late);
	(void)look(&late, 0, 0, 0);
	(void)look(&late, 60, 0, 0);
	(void)look(&late, 110, 50, 0);
	assert_true(peak(&late) == 110);
	(void)look(&late, 60, 0, 50);
	assert_true(peak(&late) == 60);
	/* What stays unknown counts, and so does the command's own. */
	(void)look(&late, 90, 30, 50);
	(void)look(&late, 90, 0, 50);
	assert_true(peak(&late) == 90);
	/* Some of them; as one item with a look before. */
	late.seen.every = 2;
	(void)look(&late, 140, 50, 50);
	(void)look(&late, 95, 0, 90);
	assert_true(peak(&late) == 100);
	arena_free(late.arena);
}

/* The command is over, and a process that it started has the connections. */
static void goes_on(void **state)
{
	(void)state;
	struct late late;
	set_up(&late);
	struct charge *charge = &late.out.charges[CHARGE_UNSEEN];
	(void)look(&late, 0, 0, 0);
	(void)look(&late, 500, 0, 0);
	struct observation *last = look(&late, 499, 0, 0);
	charge_unseen(late.arena, &late.input, &late.out);
	assert_null(charge->sentence);
	last->values[O_PROCESSES] = 2;
	last->values[O_LIVE] = 20; /* something else that it started */
	charge_unseen(late.arena, &late.input, &late.out);
	assert_null(charge->sentence);
	last->values[O_LIVE] = last->values[O_UNSURE] = 499;
	charge_unseen(late.arena, &late.input, &late.out);
	assert_null(charge->sentence);
	last->values[O_UNSURE] = 0;
	late.planned.values[W_DURATION] = (struct workload_value){.set = true, .number = 11};
	charge_unseen(late.arena, &late.input, &late.out);
	assert_null(charge->sentence);
	late.planned.values[W_DURATION].number = 20;
	charge_unseen(late.arena, &late.input, &late.out);
	assert_non_null(charge->sentence);
	assert_non_null(strstr(charge->sentence, "kept 499 connections open"));
	arena_free(late.arena);
}

static const char *fix_of_starved(struct late *late, double threads)
{
	late->seen.items[1].values[O_OWN_THREADS] = threads;
	charge_starved(late->arena, &late->input, &late->out);
	return late->out.charges[CHARGE_STARVED].fix;
}

static void fewer_threads(void **state)
{
	(void)state;
	struct late late;
	set_up(&late);
	struct facts *facts = facts_new(late.arena);
	facts_put_number(facts, "host.cpus", NULL, 2, UNIT_COUNT, NULL);
	late.plan.facts = facts;
	(void)look(&late, 0, 0, 0);
	look(&late, 10, 0, 0)->values[O_CPU_WAIT_S] = 3;
	assert_null(strstr(fix_of_starved(&late, 2), "threads"));
	assert_non_null(strstr(fix_of_starved(&late, 21), "it had 21 for 2 CPUs"));
	arena_free(late.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(others_that_come_late),
			cmocka_unit_test(goes_on),
			cmocka_unit_test(fewer_threads),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
