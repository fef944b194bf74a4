/* The plan over time: stages, Little's law, and what happened in the last seconds. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/load/timeline.h"
#include "model/load/workload.h"

static void assert_close(double a, double b, double relative)
{
	if (fabs(a - b) > relative * fmax(1, fabs(b)))
		fail_msg("%.9g is not %.9g", a, b);
}

struct plan {
	const char *connections, *rate, *lifetime, *ramp, *duration, *stages;
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
	assert_close(timeline_at(&tl, SERIES_LIVE, 0), 15000, 1e-9);
	assert_close(timeline_at(&tl, SERIES_CLOSES, INFINITY), 250, 1e-9);
	assert_close(timeline_last(&tl, SERIES_CLOSES, INFINITY, 60, &steady), 15000, 1e-9);
	assert_true(steady);
	assert_close(timeline_last(&tl, SERIES_CLOSES, 10, 60, &steady),
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
	assert_close(timeline_at(&tl, SERIES_LIVE, 5), 500, 1e-9);
	assert_close(timeline_at(&tl, SERIES_OPENS, 5), 100, 1e-9);
	assert_close(timeline_at(&tl, SERIES_LIVE, 1000), 1000, 1e-9);
	assert_close(timeline_at(&tl, SERIES_OPENS, 1000), 0, 1e-9);
	arena_free(arena);
}

/* 0 to 1,000 users in 60 s, a connection per iteration of 0.1 s: closes(t) = 166.67 t, so 83.33 t^2
 * in all. */
static void connect_per_iteration(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.stages = "60s:1000", .lifetime = "0.1s"});
	bool steady;
	assert_close(timeline_last(&tl, SERIES_CLOSES, 13.92, 30, &steady),
			83.3333 * 13.92 * 13.92,
			1e-4);
	assert_close(timeline_last(&tl, SERIES_CLOSES, 60, 30, &steady), 83.3333 * (3600 - 900), 1e-4);
	assert_close(tl.end_s, 60, 1e-9);
	arena_free(arena);
}

/* Artillery: 20/s to 300/s in 300 s, 12 s each: at the end 294.4/s x 12 s are live. */
static void ramp_of_rates(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.stages = "0s:20/s,300s:300/s", .lifetime = "12s"});
	assert_close(timeline_at(&tl, SERIES_LIVE, 300), 3532.8, 1e-3);
	assert_close(timeline_at(&tl, SERIES_CLOSES, 300), 294.4, 1e-3);
	arena_free(arena);
}

/* A falling ramp closes what it loses, whatever the lifetime says. */
static void ramp_down(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.stages = "10s:1000,10s:0"});
	bool steady;
	assert_close(timeline_last(&tl, SERIES_CLOSES, 20, 20, &steady), 1000, 1e-6);
	assert_close(timeline_last(&tl, SERIES_OPENS, 20, 20, &steady), 1000, 1e-6);
	assert_close(timeline_at(&tl, SERIES_LIVE, 15), 500, 1e-6);
	arena_free(arena);
}

static void jump(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena, (struct plan){.stages = "0s:500,60s:500"});
	bool steady;
	assert_close(timeline_at(&tl, SERIES_LIVE, 30), 500, 1e-9);
	assert_close(timeline_last(&tl, SERIES_OPENS, 30, 60, &steady), 500, 1e-9);
	arena_free(arena);
}

/* A minute of 500/s in a plan of ten hours: 500 x (60 - 1/2) have closed after it. */
static void short_stage_in_a_long_plan(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct timeline tl = build(arena,
			(struct plan){.stages = "0s:500/s,60s:500/s,36000s:0/s", .lifetime = "1s"});
	bool steady;
	assert_close(timeline_last(&tl, SERIES_CLOSES, 60, 60, &steady), 500 * 59.5, 1e-9);
	assert_close(timeline_at(&tl, SERIES_CLOSES, 30), 500, 1e-9);
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
	assert_close(timeline_last(&tl, SERIES_CLOSES, 30, 60, &steady), 3000, 1e-9);
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
			cmocka_unit_test(bounded_duration),
			cmocka_unit_test(short_stage_in_a_long_plan),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
