/* Which part of the closes stays in TIME_WAIT on this host, and what the finding says of it. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/closes/closer.h"
#include "model/situation.h"
#include "tests/unit/state_test.h"

static struct tool_rule tools[] = {
		{.id = "any", .title = "a tool without figures", .client_closes = {0.29, 0.56, "seen"}},
		{.id = "hey", .title = "hey", .client_closes = {0.1, 0.52, "hey was seen"}},
};
static const struct rules rules = {.tools = tools, .tool_count = COUNT_OF(tools)};

/* A plan as words: field=value; "closer~" makes the closers likely. */
struct closer_case {
	const char *plan;
	struct model_options options;
	double share, up_share;
};

static const struct closer_case cases[] = {
		{"closer=client", {.pessimistic = false}, 1, 1},
		{"closer=server", {.pessimistic = false}, 0, 0},
		{"closer=reset", {.pessimistic = false}, 0, 0},
		/* The tool's own figures, or those of any tool. */
		{"closer=server tool=hey closer~", {.pessimistic = false}, 0.1, 0.1},
		{"closer=server tool=hey closer~", {.closes = CLOSES_HIGHEST}, 0.52, 0.52},
		{"closer=server tool=hey closer~", {.closes = CLOSES_LEAST}, 0.1, 0.1},
		{"closer=server tool=hey closer~", {.pessimistic = true}, 1, 1},
		{"closer=server tool=k6 closer~", {.pessimistic = false}, 0.29, 0.29},
		{"closer=server closer~", {.closes = CLOSES_HIGHEST}, 0.56, 0.56},
		/* What is stated counts for both. */
		{"closer=server tool=hey client_closes=30% closer~", {.pessimistic = false}, 0.3, 0.3},
		{"closer=server client_closes=30%", {.closes = CLOSES_HIGHEST}, 0.3, 0.3},
		{"client_closes=30%", {.pessimistic = false}, 0.3, 0.3},
		{"client_closes=0%", {.pessimistic = false}, 0, 0},
		{"client_closes=30%", {.pessimistic = true}, 1, 1},
		/* Over loopback: none or all. */
		{"closer=server tool=hey destinations=127.0.0.1:80 closer~", {.pessimistic = false}, 1, 1},
		{"closer=server tool=hey destinations=[::1]:80,10.0.0.5:80 closer~",
				{.pessimistic = false},
				1,
				1},
		{"closer=server destinations=127.0.0.1:80 closer~", {.closes = CLOSES_HIGHEST}, 1, 1},
		{"closer=server destinations=127.0.0.1:80 closer~", {.closes = CLOSES_LEAST}, 0, 0},
		{"closer=server destinations=127.0.0.1:80 client_closes=5% closer~",
				{.pessimistic = false},
				0.05,
				0.05},
		{"closer=server destinations=127.0.0.1:80", {.pessimistic = false}, 0, 0},
		{"role=both closer=server tool=hey closer~", {.pessimistic = false}, 1, 1},
		/* A server keeps all that it may have closed. */
		{"role=server closer=server tool=hey closer~", {.pessimistic = false}, 1, 1},
		{"role=server closer=client tool=hey closer~", {.pessimistic = false}, 1, 1},
		{"role=server closer=client", {.pessimistic = false}, 0, 0},
		{"role=server closer=server client_closes=30%", {.pessimistic = false}, 1, 1},
		/* A proxy is a client of its upstreams. */
		{"role=proxy closer=client upstream.closer=server tool=hey closer~",
				{.pessimistic = false},
				1,
				0.1},
		{"role=proxy upstream.closer=server client_closes=30%", {.pessimistic = false}, 0, 0.3},
		{"role=proxy upstream.destinations=127.0.0.1:80 upstream.closer=server closer~",
				{.pessimistic = false},
				0,
				1},
		{"role=proxy destinations=127.0.0.1:80 upstream.closer=server closer~",
				{.pessimistic = false},
				0,
				0.29},
		{"role=proxy client_closes=30%", {.pessimistic = false}, 0, 0.3},
		{"role=proxy upstream.closer=client", {.pessimistic = false}, 0, 1},
};

static void take_word(struct arena *arena, struct workload *plan, char *word)
{
	struct error err = {0};
	char *value = strchr(word, '=');
	int field = 0;
	*value++ = '\0';
	while (field < WORKLOAD_FIELDS && strcmp(workload_rows[field].name, word) != 0)
		field++;
	if (field == WORKLOAD_FIELDS ||
			!workload_set(arena, plan, (enum workload_field)field, value, "test", &err))
		fail_msg("%s=%s: %s", word, value, err.text);
}

static void make_likely(struct workload_value *closer)
{
	if (closer->set)
		closer->confidence = CONFIDENCE_ESTIMATE;
}

static struct workload plan_of(struct arena *arena, const char *words)
{
	struct workload plan = {0};
	char *rest = arena_strdup(arena, words);
	char rate[] = "open_rate_per_s=100", life[] = "lifetime_s=1";
	take_word(arena, &plan, rate);
	take_word(arena, &plan, life);
	for (char *word; (word = strsep(&rest, " "));) {
		if (strcmp(word, "closer~") == 0) {
			make_likely(&plan.values[W_CLOSER]);
			make_likely(&plan.values[W_UP_CLOSER]);
		} else {
			take_word(arena, &plan, word);
		}
	}
	return plan;
}

static bool complete(struct arena *arena, struct workload *plan, struct error *err)
{
	struct assumption *assumptions;
	size_t count;
	if (!workload_complete(arena, plan, &assumptions, &count, err))
		return false;
	closer_complete(arena, &rules, false, plan, &assumptions, &count);
	return true;
}

static void shares(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		const struct closer_case *one = &cases[i];
		struct arena *arena = arena_new();
		struct error err = {0};
		struct workload plan = plan_of(arena, one->plan);
		struct situation s;
		if (!complete(arena, &plan, &err))
			fail_msg("%s: %s", one->plan, err.text);
		const struct state of_plan = state_of_one(arena, facts_new(arena), &plan);
		if (!situation_build(arena, &rules, &of_plan, &one->options, &s, &err))
			fail_msg("%s: %s", one->plan, err.text);
		double here = s.loads[0].share_here, up = s.loads[0].up_share_here;
		if (fabs(here - one->share) > 1e-12 || fabs(up - one->up_share) > 1e-12)
			fail_msg("case %zu, %s: %g, upstream %g", i, one->plan, here, up);
		arena_free(arena);
	}
}

/* What is filled in is no statement: judged again, the plan gives the same. */
static void completed(void **state)
{
	struct arena *arena = arena_new();
	struct error err = {0};
	(void)state;
	struct workload plan = plan_of(arena, "closer=server tool=hey closer~");
	const struct workload_value *value = &plan.values[W_CLIENT_CLOSES];
	assert_true(complete(arena, &plan, &err));
	assert_true(value->set && value->assumed && value->number == 0.1);
	assert_string_equal(value->from, "usual for hey: hey was seen");
	assert_int_equal(closer_shares_of(&rules, &plan, false).basis, CLOSER_MEASURED);
	plan = plan_of(arena, "closer=client tool=hey");
	assert_true(complete(arena, &plan, &err));
	assert_false(value->set);
	arena_free(arena);
}

static void contradictions(void **state)
{
	static const struct {
		const char *plan, *error;
	} bad[] = {
			{"client_closes=10", "--client-closes 1000%: at most 100% of the closes"},
			{"client_closes=10% closer=client", "contradicts closer client (test)"},
			{"client_closes=10% closer=reset", "contradicts closer reset (test)"},
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		struct arena *arena = arena_new();
		struct error err = {0};
		struct workload plan = plan_of(arena, bad[i].plan);
		assert_false(complete(arena, &plan, &err));
		if (!strstr(err.text, bad[i].error))
			fail_msg("%s: %s", bad[i].plan, err.text);
		arena_free(arena);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(shares),
			cmocka_unit_test(completed),
			cmocka_unit_test(contradictions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
