/* When a run is looked at, and what is kept of its looks. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/watch/busiest.h"
#include "model/watch/pace.h"

/* A run of so many seconds, with looks of this cost, on a made clock. */
struct looks {
	size_t count;
	double cpu_s, longest_s, last_s;
};

static struct looks look_for(double run_s, double cost_s, double sockets)
{
	struct pace pace;
	struct looks looks = {.count = 1};
	double now_s = 0;
	pace_init(&pace, 1);
	for (;;) {
		const struct pace_look look = {now_s, cost_s + looks.cpu_s, sockets};
		double pause_s = pace_next(&pace, &look);
		assert_true(pause_s >= 0);
		if (now_s + pause_s > run_s)
			break;
		looks.longest_s = fmax(looks.longest_s, pause_s + cost_s);
		now_s += pause_s + cost_s;
		looks.last_s = now_s - cost_s;
		looks.cpu_s += cost_s;
		looks.count++;
	}
	assert_true(fabs(pace_taken_s(&pace) - looks.cpu_s) < 1e-9);
	return looks;
}

static void looking_takes_its_share(void **state)
{
	static const double sockets[] = {0, 1000, 10000, 50000, 1000000};
	static const double costs_s[] = {0.0001, 0.0005, 0.002, 0.01, 0.05, 0.3, 2};
	(void)state;
	assert_true(fabs(pace_share(1000) - 0.005) < 1e-12);
	assert_true(pace_share(50000) <= 0.03);
	assert_true(pace_share(INFINITY) <= 0.03);
	for (size_t i = 0; i < COUNT_OF(sockets); i++) {
		for (size_t k = 0; k < COUNT_OF(costs_s); k++) {
			double run_s = 100, cost_s = costs_s[k];
			const struct looks looks = look_for(run_s, cost_s, sockets[i]);
			double most_s = pace_share(sockets[i]) * run_s + 0.02;
			assert_true(looks.cpu_s <= most_s + 1e-9);
		}
	}
}

static void cheap_looks_keep_to_the_schedule(void **state)
{
	(void)state;
	const struct looks brief = look_for(0.05, 0.0005, 10);
	assert_true(brief.count >= 4); /* a run of 50 ms is seen several times */
	const struct looks hours = look_for(36000, 0.0005, 10);
	assert_true(hours.longest_s <= 1.0011);
	assert_true(hours.count > 36000 && hours.count < 36020); /* no drift */
	assert_true(hours.last_s > 35998.9);
}

static void dear_looks_become_rare(void **state)
{
	(void)state;
	const struct looks looks = look_for(1000, 0.2, 50000);
	assert_true(looks.longest_s > 5 && looks.longest_s < 20);
	assert_true(looks.count > 100);
}

static void look(struct busiest *busiest, double t_s, double opens)
{
	struct observation sample = {.t_s = t_s};
	for (size_t i = 0; i < OBSERVED; i++)
		sample.values[i] = (double)NAN;
	sample.values[O_OPENS] = opens;
	busiest_add(busiest, &sample);
}

static void the_busiest_second(void **state)
{
	struct busiest busiest;
	(void)state;
	busiest_init(&busiest);
	assert_true(isnan(busiest_second(&busiest, O_OPENS)));
	look(&busiest, 0, 500);
	assert_true(isnan(busiest_second(&busiest, O_OPENS)));
	/* 100 within 10 ms are 100 in a second, not 10,000. */
	look(&busiest, 0.01, 600);
	assert_true(busiest_second(&busiest, O_OPENS) == 100);
	/* 40 more in the same second. */
	look(&busiest, 0.9, 640);
	assert_true(busiest_second(&busiest, O_OPENS) == 140);
	/* Far apart: the mean is what is known. */
	look(&busiest, 5.9, 1140);
	assert_true(busiest_second(&busiest, O_OPENS) == 140);
	assert_true(busiest.longest_s == 5);
	look(&busiest, 6.9, 2140);
	assert_true(busiest_second(&busiest, O_OPENS) == 1000);
	assert_true(isnan(busiest_second(&busiest, O_ACCEPTS)));
	assert_true(isnan(busiest_second(&busiest, O_LIVE)));
}

static void what_is_not_known_hides_nothing(void **state)
{
	struct busiest busiest;
	(void)state;
	busiest_init(&busiest);
	look(&busiest, 0, 0);
	look(&busiest, 0.5, 50);
	look(&busiest, 0.6, (double)NAN);
	look(&busiest, 0.9, 90);
	assert_true(busiest_second(&busiest, O_OPENS) == 90);
}

/* A burst in the midst of ten hours is kept, and so is the memory. */
static void ten_hours(void **state)
{
	struct busiest busiest;
	double opens = 0;
	(void)state;
	busiest_init(&busiest);
	for (int t = 0; t < 36000; t++) {
		opens += 3;
		if (t == 20000)
			opens += 97;
		look(&busiest, t, opens);
	}
	assert_true(busiest_second(&busiest, O_OPENS) == 100);
	assert_true(busiest.count == BUSIEST_LOOKS);
}

/* More looks in a second than are kept. */
static void many_looks(void **state)
{
	struct busiest busiest;
	(void)state;
	busiest_init(&busiest);
	for (int i = 0; i <= 3000; i++)
		look(&busiest, i / 1000.0, i);
	assert_true(busiest_second(&busiest, O_OPENS) >= 980);
	assert_true(busiest_second(&busiest, O_OPENS) <= 1000.001);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(looking_takes_its_share),
			cmocka_unit_test(cheap_looks_keep_to_the_schedule),
			cmocka_unit_test(dear_looks_become_rare),
			cmocka_unit_test(the_busiest_second),
			cmocka_unit_test(what_is_not_known_hides_nothing),
			cmocka_unit_test(ten_hours),
			cmocka_unit_test(many_looks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
