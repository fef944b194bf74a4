/* How long a thread waited for a processor: others in its way, or one that had to wake up. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "probes/watch/waiting.h"

/* One thread that got a processor 10,000 times within a second and waited for 300 ms in all. */
static double waited_s(double idle)
{
	struct waiting *waiting = waiting_new(true);
	waiting_begin(waiting, idle);
	assert_true(waiting_add(waiting, 7, "1000000 0 10"));
	waiting_end(waiting, 1);
	waiting_begin(waiting, idle);
	assert_true(waiting_add(waiting, 7, "401000000 300000000 10010"));
	waiting_end(waiting, 1);
	const struct waited sums = waiting_sums(waiting);
	waiting_free(waiting);
	assert_true(fabs(sums.run_s - 0.401) < 1e-9);
	return sums.wait_s;
}

static void many_short_waits(void **state)
{
	(void)state;
	assert_true(waited_s(1) == 0); /* 30 us each, as long as it takes to wake up */
	assert_true(waited_s(7.5) == 0);
	assert_true(fabs(waited_s(0) - 0.3) < 1e-9);
	assert_true(fabs(waited_s(0.2) - 0.2) < 1e-9);
}

static void not_told(void **state)
{
	(void)state;
	struct waiting *waiting = waiting_new(false);
	waiting_begin(waiting, 1);
	assert_false(waiting_add(waiting, 7, "12"));
	assert_false(waiting_add(waiting, 7, "a b c"));
	waiting_end(waiting, 1);
	assert_true(isnan(waiting_sums(waiting).wait_s));
	waiting_free(waiting);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(many_short_waits),
			cmocka_unit_test(not_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
