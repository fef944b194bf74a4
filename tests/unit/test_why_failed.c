/* What calls that failed say of the causes: which one, and before which others. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/why/why.h"

enum {
	PORTS,
	FILES,
	MAPS,
	MEMORY,
	LIMITS
};

static struct limit_rule limits[LIMITS] = {
		{.id = "ephemeral-ports"},
		{.id = "process-fds"},
		{.id = "max-map-count"},
		{.id = "host-memory"},
};
static const struct why_named ports[] = {{.id = "ephemeral-ports"}};
static const struct why_named memory[] = {{.id = "max-map-count"}, {.id = "host-memory"}};
static const struct why_named refused[] = {{.id = "refused", .title = "Nobody listens there"}};

struct given {
	double used[LIMITS]; /* of 100 */
	const struct why_failed *failed;
	size_t failed_count;
	const struct why_named *named;
	size_t named_count;
};

static struct why_answer judge(struct arena *arena, const struct given *given)
{
	const struct rules rules = {.limits = limits, .limit_count = LIMITS};
	struct present *presents = arena_alloc(arena, LIMITS * sizeof *presents);
	struct why_look *look = arena_alloc(arena, sizeof *look);
	struct why_answer answer;
	for (size_t i = 0; i < LIMITS; i++) {
		double used = given->used[i];
		enum present_state state = used >= 100 ? PRESENT_FULL : PRESENT_FREE;
		presents[i] = (struct present){.used = used, .capacity = 100, .state = state};
	}
	look->presents = presents;
	const struct why_question question = {
			.rules = &rules,
			.looks = look,
			.look_count = 1,
			.failed = given->failed,
			.failed_count = given->failed_count,
			.named = given->named,
			.named_count = given->named_count,
			.told = given->named_count > 0,
	};
	why_judge(arena, &question, &answer);
	return answer;
}

static const char *id_of(const struct why_cause *cause)
{
	return cause->rule ? cause->rule->id : cause->named->id;
}

static void what_fails_comes_before_what_is_full(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const struct why_failed failed[] = {{ports, 1, 37}};
	const struct given given = {.used = {10, 100, 0, 0}, .failed = failed, .failed_count = 1};
	struct why_answer answer = judge(arena, &given);
	assert_int_equal(answer.causes.count, 2);
	assert_string_equal(id_of(&answer.causes.items[0]), "ephemeral-ports");
	assert_int_equal(answer.causes.items[0].strength, WHY_FAILING);
	assert_true(answer.causes.items[0].failed == 37);
	assert_string_equal(id_of(&answer.causes.items[1]), "process-fds");
	assert_string_equal(answer.failed_of[0], "ephemeral-ports");
	arena_free(arena);
}

/* ENOMEM of mmap() may be either: what this host shows decides, and if it shows nothing, neither is
 * said to fail. */
static void an_error_of_two_causes(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const struct why_failed failed[] = {{memory, 2, 12}};
	const struct given shown = {.used = {0, 0, 1, 100}, .failed = failed, .failed_count = 1};
	struct why_answer answer = judge(arena, &shown);
	assert_int_equal(answer.causes.count, 1);
	assert_string_equal(id_of(&answer.causes.items[0]), "host-memory");
	assert_int_equal(answer.causes.items[0].strength, WHY_FAILING);
	const struct given nothing = {.used = {0, 0, 1, 1}, .failed = failed, .failed_count = 1};
	answer = judge(arena, &nothing);
	assert_int_equal(answer.causes.count, 2);
	assert_string_equal(id_of(&answer.causes.items[0]), "max-map-count");
	assert_int_equal(answer.causes.items[0].strength, WHY_POSSIBLE);
	assert_true(answer.causes.items[0].failed == 12);
	assert_string_equal(id_of(&answer.causes.items[1]), "host-memory");
	assert_string_equal(answer.failed_of[0], "max-map-count");
	arena_free(arena);
}

static void what_has_no_limit_is_not_it(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	const struct why_failed failed[] = {{memory, 2, 12}};
	struct why_answer answer;
	const struct rules rules = {.limits = limits, .limit_count = LIMITS};
	struct present presents[LIMITS] = {
			[PORTS] = {.used = 0, .capacity = 100, .state = PRESENT_FREE},
			[FILES] = {.used = 0, .capacity = 100, .state = PRESENT_FREE},
			[MAPS] = {.used = 1, .capacity = (double)INFINITY, .state = PRESENT_FREE},
			[MEMORY] = {.used = 1, .capacity = 100, .state = PRESENT_FREE},
	};
	const struct why_look look = {.presents = presents};
	const struct why_question question = {.rules = &rules,
			.looks = &look,
			.look_count = 1,
			.failed = failed,
			.failed_count = 1};
	why_judge(arena, &question, &answer);
	assert_string_equal(answer.failed_of[0], "host-memory");
	assert_int_equal(answer.causes.items[0].strength, WHY_FAILING);
	arena_free(arena);
}

/* A text is about what it names; what fails beside it is not left out. */
static void a_text_and_what_fails(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	static const struct why_named files[] = {{.id = "process-fds"}};
	const struct why_failed failed[] = {{ports, 1, 37}, {refused, 1, 5}, {NULL, 0, 9}};
	const struct given other = {.failed = failed,
			.failed_count = 3,
			.named = files,
			.named_count = 1};
	struct why_answer answer = judge(arena, &other);
	assert_int_equal(answer.causes.count, 1);
	assert_string_equal(id_of(&answer.causes.items[0]), "process-fds");
	assert_int_equal(answer.causes.items[0].strength, WHY_POSSIBLE);
	assert_int_equal(answer.also.count, 2);
	assert_string_equal(id_of(&answer.also.items[0]), "ephemeral-ports");
	assert_string_equal(id_of(&answer.also.items[1]), "refused");
	assert_null(answer.failed_of[2]);
	const struct given same = {.failed = failed,
			.failed_count = 2,
			.named = refused,
			.named_count = 1};
	answer = judge(arena, &same);
	assert_int_equal(answer.causes.count, 1);
	assert_int_equal(answer.causes.items[0].strength, WHY_FAILING);
	assert_true(why_explains(&answer.causes.items[0]));
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(what_fails_comes_before_what_is_full),
			cmocka_unit_test(an_error_of_two_causes),
			cmocka_unit_test(what_has_no_limit_is_not_it),
			cmocka_unit_test(a_text_and_what_fails),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
