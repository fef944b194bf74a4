/* Of every reason against a certificate: what was measured, and what is allowed. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/certify_test.h"

static const struct charge_check *check_of(const struct run *run, enum charge_kind kind)
{
	return &run->out.charges[kind].check;
}

static int applies(const struct run *run, enum charge_kind kind)
{
	return charge_applies(&run->out.charges[kind]);
}

/* Of every reason it is kept what was measured and what is allowed. */
static void reasons_that_do_not_apply(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 450);
	wait_for_processors(&run, 0.01);
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_int_equal(applies(&run, CHARGE_LIMIT), 0);
	assert_string_equal(check_of(&run, CHARGE_LIMIT)->subject, "ephemeral-ports");
	assert_true(check_of(&run, CHARGE_LIMIT)->measured == 0.45);
	assert_true(check_of(&run, CHARGE_LIMIT)->threshold == 1);
	assert_int_equal(applies(&run, CHARGE_STARVED), 0);
	assert_true(fabs(check_of(&run, CHARGE_STARVED)->measured - 0.01) < 1e-9);
	assert_true(check_of(&run, CHARGE_STARVED)->threshold == 0.05);
	assert_int_equal(applies(&run, CHARGE_SHORT), 0);
	assert_true(check_of(&run, CHARGE_SHORT)->measured == 0.9);
	assert_string_equal(check_of(&run, CHARGE_SHORT)->seen, "450 of 500 connections");
	assert_int_equal(applies(&run, CHARGE_UNSEEN), 0);
	assert_true(check_of(&run, CHARGE_UNSEEN)->measured == 450);
	assert_string_equal(charge_title(CHARGE_TIMED_OUT), "--time-limit ended the run");
	assert_null(charge_title(CHARGES));
	arena_free(run.arena);
}

/* What could not be measured is not said to be absent. */
static void reasons_that_are_not_known(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	run.planned.values[W_CONNECTIONS].confidence = CONFIDENCE_BOUND;
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_CPU_WAIT_S] = (double)NAN;
	judge(&run);
	assert_int_equal(run.out.reason, CHARGES);
	assert_int_equal(applies(&run, CHARGE_STARVED), -1);
	assert_int_equal(applies(&run, CHARGE_SHORT), -1); /* the plan says nothing exactly */
	assert_true(isnan(check_of(&run, CHARGE_SHORT)->measured));
	assert_int_equal(applies(&run, CHARGE_ERRORS), -1); /* no result was read */
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_LIVE] = (double)NAN;
	judge(&run);
	assert_int_equal(applies(&run, CHARGE_UNSEEN), 1);
	assert_int_equal(applies(&run, CHARGE_SHORT), -1);
	arena_free(run.arena);
}

/* Full, and still not what held the command back. */
static void full_without_the_command(void **state)
{
	(void)state;
	struct run run;
	set_up(&run, 500);
	hold(&run, 500);
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_FDS_MOST] = 20;
	for (size_t i = 0; i < run.seen.count; i++)
		run.seen.items[i].values[O_THREAD_CPU_S] = 0.99 * run.seen.items[i].t_s;
	run.seen.items[10].values[O_OPENS] = 1000;
	run.seen.items[10].values[O_ATTEMPT_FAILS] = 500;
	judge(&run);
	assert_int_equal(applies(&run, CHARGE_LIMIT), 0);
	assert_true(check_of(&run, CHARGE_LIMIT)->threshold == 0.95);
	assert_non_null(strstr(check_of(&run, CHARGE_LIMIT)->seen, "busy with attempts that failed"));
	arena_free(run.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(reasons_that_do_not_apply),
			cmocka_unit_test(reasons_that_are_not_known),
			cmocka_unit_test(full_without_the_command),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
