/* The plan over time: stages, Little's law, and what happened in the last seconds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/load/population.h"
#include "model/load/workload.h"

static void assert_close(double a, double b, double relative)
{
	if (fabs(a - b) > relative * fmax(1, fabs(b)))
		fail_msg("%.9g is not %.9g", a, b);
}

static struct moment at(double t)
{
	return (struct moment){.t = t};
}

struct plan {
	const char *connections, *rate, *lifetime, *ramp, *duration, *stages;
	const char *timeout, *total, *start, *spread;
};

static struct timeline build(struct arena *arena, struct plan plan)
{
	const struct {
		enum workload_field field;
		const char *text;
	} fields[] = {{W_CONNECTIONS, plan.connections},
			{W_OPEN_RATE, plan.rate},
			{W_LIFETIME, plan.lifetime},
			{W_RAMP_RATE, plan.ramp},
			{W_DURATION, plan.duration},
			{W_TIMEOUT, plan.timeout},
			{W_OPENS_TOTAL, plan.total},
			{W_START, plan.start},
			{W_LIFETIME_SPREAD, plan.spread},
			{W_STAGES, plan.stages}};
	struct workload *workload = arena_alloc(arena, sizeof *workload);
	struct assumption *assumptions;
	struct error err = {0};
	size_t count;
	for (size_t i = 0; i < COUNT_OF(fields); i++)
		if (fields[i].text &&
				!workload_set(arena, workload, fields[i].field, fields[i].text, "test", &err))
			fail_msg("%s", err.text);
	if (!workload_complete(arena, workload, &assumptions, &count, &err))
		fail_msg("%s", err.text);
	return timeline_build(arena, workload, false);
}

static void steady_plan(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.connections = "15000", .lifetime = "60s"});
	bool steady;
	assert_close(timeline_at(&tl, SERIES_LIVE, at(0)), 15000, 1e-9);
	assert_close(timeline_at(&tl, SERIES_CLOSES, at(INFINITY)), 250, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(INFINITY), 60, &steady), 15000, 1e-9);
	assert_true(steady);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(10), 60, &steady),
			2500,
			1e-9); /* only 10 s have passed */
	assert_false(steady);
	arena_free(arena);
}

static void ramp_then_hold(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.connections = "1000", .ramp = "100/s"});
	assert_close(timeline_at(&tl, SERIES_LIVE, at(5)), 500, 1e-9);
	assert_close(timeline_at(&tl, SERIES_OPENS, at(5)), 100, 1e-9);
	assert_close(timeline_at(&tl, SERIES_LIVE, at(1000)), 1000, 1e-9);
	assert_close(timeline_at(&tl, SERIES_OPENS, at(1000)), 0, 1e-9);
	arena_free(arena);
}

/* 0 to 1,000 users in 60 s, a connection per iteration of 0.1 s. Each user that is there at t has
 * closed one connection for each 0.1 s before: 83.33 t^2 in all, less half a connection per user.
 */
static void connect_per_iteration(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.stages = "60s:1000", .lifetime = "0.1s"});
	bool steady;
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(13.92), 30, &steady),
			83.333333 * 13.92 * 13.92 - 8.333333 * 13.92,
			1e-5);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(60), 30, &steady),
			83.333333 * (3600 - 900) - 250,
			1e-5);
	assert_close(tl.end_s, 60, 1e-9);
	arena_free(arena);
}

/* Artillery: 20/s to 300/s in 300 s, 12 s each: at the end 294.4/s x 12 s are live,
 * and those close that opened 12 s before, at 288.8/s. */
static void ramp_of_rates(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.stages = "0s:20/s,300s:300/s", .lifetime = "12s"});
	assert_close(timeline_at(&tl, SERIES_LIVE, at(300)), 3532.8, 1e-6);
	assert_close(timeline_at(&tl, SERIES_CLOSES, at(300)), 288.8, 1e-6);
	arena_free(arena);
}

/* A falling ramp closes what it loses, whatever the lifetime says. */
static void ramp_down(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.stages = "10s:1000,10s:0"});
	bool steady;
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(20), 20, &steady), 1000, 1e-6);
	assert_close(timeline_last(&tl, SERIES_OPENS, at(20), 20, &steady), 1000, 1e-6);
	assert_close(timeline_at(&tl, SERIES_LIVE, at(15)), 500, 1e-6);
	arena_free(arena);
}

static void jump(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.stages = "0s:500,60s:500"});
	bool steady;
	assert_close(timeline_at(&tl, SERIES_LIVE, at(30)), 500, 1e-9);
	assert_close(timeline_last(&tl, SERIES_OPENS, at(30), 60, &steady), 500, 1e-9);
	arena_free(arena);
}

/* A minute of 500/s, then a fall to 0 in ten hours: 500 x (60 - 1) have closed after the minute. */
static void short_stage_in_a_long_plan(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.stages = "0s:500/s,60s:500/s,36000s:0/s", .lifetime = "1s"});
	bool steady;
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(60), 60, &steady), 500 * 59, 1e-9);
	assert_close(timeline_at(&tl, SERIES_CLOSES, at(30)), 500, 1e-9);
	arena_free(arena);
}

/* A plan by its rate starts empty: ports in use are never more than connections ever opened. */
static void rate_starts_empty(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.rate = "100/s", .lifetime = "20s"});
	bool steady;
	assert_close(timeline_at(&tl, SERIES_LIVE, at(0)), 0, 1e-9);
	assert_close(timeline_at(&tl, SERIES_LIVE, at(15)), 1500, 1e-9);
	assert_close(timeline_at(&tl, SERIES_LIVE, at(30)), 2000, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(20), 60, &steady), 0, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(50), 60, &steady), 3000, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(INFINITY), 60, &steady), 6000, 1e-9);
	assert_true(steady);
	arena_free(arena);
}

static void starts(void **state)
{
	(void)state;
	static const struct {
		const char *start, *spread;
		double live_at_0, closed_at_10, closed_at_20, closed_before_40, closed_at_40;
	} rows[] = {
			{"steady", "fixed", 2000, 1000, 2000, 4000, 4000},
			{"together", "fixed", 2000, 0, 2000, 2000, 4000},
			{"empty", "fixed", 0, 0, 0, 2000, 2000},
			{"steady", "exponential", 2000, 1000, 2000, 4000, 4000},
			{"together", "exponential", 2000, 1000, 2000, 4000, 4000},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct timeline tl = build(arena,
				(struct plan){.connections = "2000",
						.lifetime = "20s",
						.start = rows[i].start,
						.spread = rows[i].spread});
		const struct moment before = {.t = 40, .before = true};
		bool steady;
		assert_close(timeline_at(&tl, SERIES_LIVE, at(0)), rows[i].live_at_0, 1e-9);
		assert_close(timeline_last(&tl, SERIES_CLOSES, at(10), 99, &steady),
				rows[i].closed_at_10,
				1e-9);
		assert_close(timeline_last(&tl, SERIES_CLOSES, at(20), 99, &steady),
				rows[i].closed_at_20,
				1e-9);
		assert_close(timeline_last(&tl, SERIES_CLOSES, before, 99, &steady),
				rows[i].closed_before_40,
				1e-9);
		assert_close(timeline_last(&tl, SERIES_CLOSES, at(40), 99, &steady),
				rows[i].closed_at_40,
				1e-9);
		arena_free(arena);
	}
}

/* live(t) = R L (1 - exp(-t / L)). */
static void exponential_from_empty(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.rate = "100/s", .lifetime = "20s", .spread = "exponential"});
	for (double t = 1; t < 200; t *= 1.7) {
		bool steady;
		double live = 2000 * (1 - exp(-t / 20));
		assert_close(timeline_at(&tl, SERIES_LIVE, at(t)), live, 2e-3);
		double closed = timeline_last(&tl, SERIES_CLOSES, at(t), t, &steady);
		assert_close((100 * t - closed) / live, 1, 2e-3);
	}
	arena_free(arena);
}

/* The end of the test, by its duration, its timeout or its count, ends the ramp. */
static void ends(void **state)
{
	(void)state;
	static const struct {
		struct plan plan;
		double most_live, opened;
	} rows[] = {
			{{.connections = "40000", .ramp = "10/s", .duration = "60s"}, 600, 600},
			{{.connections = "40000", .ramp = "10/s", .timeout = "60s"}, 600, 600},
			{{.connections = "40000", .ramp = "10/s", .timeout = "60s", .duration = "30s"},
					300,
					300},
			{{.connections = "40000", .ramp = "10/s", .total = "250", .duration = "60s"}, 250, 250},
			{{.connections = "20", .rate = "30000/s", .total = "20000", .duration = "60s"},
					20,
					20000},
			{{.rate = "100/s", .lifetime = "20s", .total = "500", .duration = "60s"}, 500, 500},
			{{.rate = "100/s", .lifetime = "20s", .duration = "15s"}, 1500, 1500},
			{{.stages = "100s:1000,100s:1000", .duration = "30s"}, 300, 300},
			{{.stages = "100s:1000", .duration = "300s"}, 1000, 1000},
			{{.stages = "0s:100/s,60s:100/s", .lifetime = "7s", .total = "1000"}, 700, 1000},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct arena *arena = arena_new();
		struct timeline tl = build(arena, rows[i].plan);
		bool steady;
		assert_close(timeline_most_live(&tl), rows[i].most_live, 1e-9);
		assert_close(timeline_last(&tl, SERIES_OPENS, at(INFINITY), 1e6, &steady),
				rows[i].opened,
				1e-9);
		arena_free(arena);
	}
}

/* Users leave: whose connection ends does not come back, and only then are others closed early. */
static void users_leave(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.stages = "0s:1000,100s:0", .lifetime = "5s", .start = "steady"});
	bool steady;
	assert_close(timeline_at(&tl, SERIES_LIVE, at(50)), 500, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(5), 5, &steady), 1000, 1e-9);
	assert_close(timeline_last(&tl, SERIES_OPENS, at(5), 5, &steady), 950, 1e-9);
	tl = build(arena, (struct plan){.stages = "0s:1000,10s:0", .lifetime = "30s"});
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(10), 10, &steady), 1000, 1e-9);
	assert_close(timeline_last(&tl, SERIES_OPENS, at(10), 10, &steady), 0, 1e-9);
	arena_free(arena);
}

/* Lifetimes so short against the plan that they are not followed one by one. */
static void many_lifetimes(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.stages = "600s:1000,3600s:1000,600s:0", .lifetime = "0.1s"});
	bool steady;
	assert_true(tl.count < 4000);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(3000), 60, &steady), 600000, 1e-6);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(300), 60, &steady), 10000 * 27 - 50, 1e-4);
	arena_free(arena);
}

/* A thousand waves are over in 27 s, and TIME_WAIT of the first ones is not: use still grows. */
static void settled_when_timers_are(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.connections = "40",
					.lifetime = "25ms",
					.duration = "60s",
					.start = "together"});
	bool steady;
	assert_true(tl.settled_s >= 60);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(60), 60, &steady), 96000, 1e-3);
	arena_free(arena);
}

static void bounded_duration(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.rate = "100/s", .lifetime = "0", .duration = "30s"});
	bool steady;
	assert_close(tl.end_s, 30, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, at(30), 60, &steady), 3000, 1e-9);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(steady_plan),
			cmocka_unit_test(ramp_then_hold),
			cmocka_unit_test(connect_per_iteration),
			cmocka_unit_test(ramp_of_rates),
			cmocka_unit_test(ramp_down),
			cmocka_unit_test(jump),
			cmocka_unit_test(settled_when_timers_are),
			cmocka_unit_test(bounded_duration),
			cmocka_unit_test(rate_starts_empty),
			cmocka_unit_test(starts),
			cmocka_unit_test(exponential_from_empty),
			cmocka_unit_test(ends),
			cmocka_unit_test(users_leave),
			cmocka_unit_test(many_lifetimes),
			cmocka_unit_test(short_stage_in_a_long_plan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
