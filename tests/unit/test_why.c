/* Ranking the causes of a failure by what two looks at a host show. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "model/why/why.h"

enum {
	LIMITS = 4
};

/* Four limits and two looks at them. Each limit has a counter of its own name. */
struct bench {
	struct arena *arena;
	struct limit_rule limits[LIMITS];
	struct rules rules;
	struct situation situations[2];
	struct present presents[2][LIMITS];
	struct why_look looks[2];
	struct why_named named[8];
	struct why_question question;
	struct why_answer answer;
};

static const char *const ids[LIMITS] = {"a", "b", "c", "d"};
static const char *const counters[LIMITS] = {
		"conntrack.drop",
		"netstat.TcpExt.ListenOverflows",
		"conntrack.insert_failed",
		"sockets.tcp.time_wait",
};

static struct bench *bench_new(void)
{
	struct arena *arena = arena_new();
	struct bench *b = arena_alloc(arena, sizeof *b);
	b->arena = arena;
	for (size_t i = 0; i < LIMITS; i++) {
		b->limits[i] = (struct limit_rule){
				.id = ids[i],
				.title = ids[i],
				.severity = SEVERITY_HARD,
				.counters = {(const char **)&counters[i], 1},
		};
	}
	b->rules = (struct rules){.limits = b->limits, .limit_count = LIMITS};
	for (size_t look = 0; look < 2; look++) {
		b->situations[look] = (struct situation){.arena = arena, .facts = facts_new(arena)};
		b->looks[look] = (struct why_look){&b->situations[look], b->presents[look]};
		for (size_t i = 0; i < LIMITS; i++) {
			b->presents[look][i] = (struct present){PRESENT_FREE, 1, 100, (double)NAN, .by = "it"};
		}
	}
	b->question = (struct why_question){
			.rules = &b->rules,
			.looks = b->looks,
			.look_count = 2,
			.named = b->named,
	};
	return b;
}

static void count(struct bench *b, size_t limit, double before, double after)
{
	const double values[] = {before, after};
	for (size_t look = 0; look < 2; look++) {
		struct facts *facts = (struct facts *)b->situations[look].facts;
		facts_put_number(facts, counters[limit], NULL, values[look], UNIT_COUNT, "test");
	}
}

static void use(struct bench *b, size_t limit, enum present_state state, double used)
{
	for (size_t look = 0; look < 2; look++) {
		b->presents[look][limit].state = state;
		b->presents[look][limit].used = used;
	}
}

/* The text names these causes, the likelier first; a capital letter is one that is no limit. */
static void name(struct bench *b, const char *letters)
{
	b->question.told = true;
	for (size_t i = 0; letters[i]; i++) {
		char *id = arena_copy(b->arena, &letters[i], 1);
		struct why_named *named = &b->named[b->question.named_count++];
		*named = (struct why_named){.id = id, .seen = WHY_POSSIBLE};
		if (letters[i] < 'a')
			named->title = id;
	}
}

static const char *order(struct bench *b, const struct why_causes *causes)
{
	char *letters = arena_alloc(b->arena, causes->count + 1);
	for (size_t i = 0; i < causes->count; i++) {
		const struct why_cause *cause = &causes->items[i];
		letters[i] = cause->rule ? *cause->rule->id : *cause->named->id;
	}
	return letters;
}

static const char *causes(struct bench *b)
{
	why_judge(b->arena, &b->question, &b->answer);
	return order(b, &b->answer.causes);
}

static enum why_strength first(const struct bench *b)
{
	return b->answer.causes.items[0].strength;
}

static void without_evidence_the_text_decides(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "cXa");
	assert_string_equal(causes(b), "cXa");
	assert_int_equal(first(b), WHY_POSSIBLE);
	assert_int_equal(b->answer.also.count, 0);
	assert_string_equal(order(b, &b->answer.ruled_out), "bd");
	arena_free(b->arena);
}

static void evidence_decides_before_the_text(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "Xdcba");
	use(b, 3, PRESENT_NEAR, 80);
	count(b, 0, 7, 7);
	count(b, 1, 7, 8);
	use(b, 2, PRESENT_FULL, 100);
	assert_string_equal(causes(b), "cbdaX");
	static const enum why_strength strengths[] = {WHY_FULL,
			WHY_HIT_NOW,
			WHY_NEAR,
			WHY_HIT,
			WHY_POSSIBLE};
	for (size_t i = 0; i < COUNT_OF(strengths); i++)
		assert_int_equal(b->answer.causes.items[i].strength, strengths[i]);
	arena_free(b->arena);
}

/* A counter since boot never says that it is now; one look shows no growth. */
static void counters_speak_of_now_by_growing_only(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "a");
	count(b, 0, 1e6, 1e6);
	causes(b);
	assert_int_equal(first(b), WHY_HIT);
	count(b, 0, 1e6, 1e6 + 1);
	causes(b);
	assert_int_equal(first(b), WHY_HIT_NOW);
	b->question.look_count = 1;
	causes(b);
	assert_int_equal(first(b), WHY_HIT);
	assert_true(isnan(b->answer.causes.items[0].hits[0].between));
	arena_free(b->arena);
}

/* Inserts fail when two packets race, and gauges are no events. */
static void some_counters_prove_nothing(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "cd");
	count(b, 2, 1, 9);
	count(b, 3, 1, 9);
	causes(b);
	assert_int_equal(first(b), WHY_POSSIBLE);
	assert_int_equal(b->answer.causes.items[1].strength, WHY_POSSIBLE);
	arena_free(b->arena);
}

static void a_queue_takes_two_looks(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "a");
	use(b, 0, PRESENT_UNKNOWN, 100);
	causes(b);
	assert_int_equal(first(b), WHY_FULL);
	b->presents[0][0].used = 99;
	causes(b);
	assert_int_equal(first(b), WHY_POSSIBLE);
	b->presents[0][0].used = 100;
	b->presents[0][0].by = "another";
	causes(b);
	assert_int_equal(first(b), WHY_POSSIBLE);
	b->question.look_count = 1;
	causes(b);
	assert_int_equal(first(b), WHY_POSSIBLE);
	arena_free(b->arena);
}

static void what_is_not_known_is_not_ruled_out(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "a");
	use(b, 1, PRESENT_UNKNOWN, (double)NAN);
	assert_string_equal(causes(b), "a");
	assert_string_equal(order(b, &b->answer.ruled_out), "cd");
	arena_free(b->arena);
}

static void no_limit_cannot_be_reached(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "abX");
	b->presents[1][0].capacity = INFINITY;
	assert_string_equal(causes(b), "bXa");
	assert_false(why_explains(&b->answer.causes.items[2]));
	assert_non_null(b->answer.causes.items[2].rules_out);
	arena_free(b->arena);
}

/* The queue of another host's listener cannot be seen here. */
static void listeners_here_are_not_those_of_another_host(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "abX");
	b->limits[0].scope = SCOPE_LISTENER;
	use(b, 0, PRESENT_FULL, 100);
	assert_string_equal(causes(b), "abX");
	b->question.remote = true;
	assert_string_equal(causes(b), "bXa");
	assert_int_equal(b->answer.causes.items[2].strength, WHY_IMPOSSIBLE);
	arena_free(b->arena);
}

/* Without a text: what is full or nearly, and apart from that what was hit. */
static void without_a_text_every_limit_may_be_it(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	assert_string_equal(causes(b), "");
	use(b, 2, PRESENT_FULL, 100);
	use(b, 3, PRESENT_NEAR, 80);
	count(b, 1, 5, 5);
	assert_string_equal(causes(b), "cd");
	assert_string_equal(order(b, &b->answer.also), "b");
	assert_string_equal(order(b, &b->answer.ruled_out), "a");
	arena_free(b->arena);
}

/* What is full is worth a word, although the text does not name it. */
static void other_limits_that_are_full_are_told(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "a");
	use(b, 2, PRESENT_FULL, 100);
	use(b, 3, PRESENT_NEAR, 80);
	assert_string_equal(causes(b), "a");
	assert_string_equal(order(b, &b->answer.also), "c");
	arena_free(b->arena);
}

static void the_kernels_log_counts(void **state)
{
	(void)state;
	static const struct {
		double age_s;
		enum why_strength strength;
	} cases[] = {{1, WHY_HIT_NOW}, {600, WHY_HIT}};
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct bench *b = bench_new();
		const struct why_said said = {"b", "full", cases[i].age_s, 1, 0};
		name(b, "ab");
		b->question.said = &said;
		b->question.said_count = 1;
		assert_string_equal(causes(b), "ba");
		assert_int_equal(first(b), cases[i].strength);
		arena_free(b->arena);
	}
}

/* Of what a line names, the use counts, not that of the fullest. */
static void a_line_names_one_of_them(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	const struct why_said said = {"b", "of another", 600, 1, 0};
	struct why_about about = {.id = "b", .name = "another", .now = {.by = "another"}};
	about.now.used = about.now.capacity = (double)NAN;
	b->question.said = &said;
	b->question.said_count = 1;
	b->question.abouts = &about;
	b->question.about_count = 1;
	assert_string_equal(causes(b), "");
	const struct why_cause *cause = b->answer.also.items;
	assert_string_equal(order(b, &b->answer.also), "b");
	assert_string_equal(cause->now.by, "another");
	assert_true(cause->apart && isnan(cause->now.capacity) && cause->here.capacity == 100);
	/* It is full itself. */
	about.now = (struct present){PRESENT_FULL, 7, 7, (double)NAN, .by = "another"};
	assert_string_equal(causes(b), "b");
	assert_int_equal(first(b), WHY_FULL);
	/* The log does not hide what is full. The text does. */
	about.now.state = PRESENT_FREE;
	use(b, 1, PRESENT_FULL, 100);
	assert_string_equal(causes(b), "b");
	assert_string_equal(b->answer.causes.items->now.by, "it");
	about.asked = true;
	assert_string_equal(causes(b), "");
	assert_string_equal(b->answer.also.items->now.by, "another");
	arena_free(b->arena);
}

/* The latest line counts. */
static void of_several_lines_the_latest_counts(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	const struct why_said said[] = {{"b", "late", 5, 1, 0}, {"b", "early", 900, 3, 0}};
	b->question.said = said;
	b->question.said_count = 2;
	assert_string_equal(causes(b), "b");
	assert_string_equal(b->answer.causes.items->said->text, "late");
	arena_free(b->arena);
}

/* A cause that is no limit explains the failure once it is seen here. */
static void others_explain_when_they_are_seen(void **state)
{
	(void)state;
	struct bench *b = bench_new();
	name(b, "Xa");
	causes(b);
	assert_false(why_explains(&b->answer.causes.items[0]));
	assert_true(why_explains(&b->answer.causes.items[1]));
	b->named[0].seen = WHY_FULL;
	assert_string_equal(causes(b), "Xa");
	assert_true(why_explains(&b->answer.causes.items[0]));
	b->named[0].seen = WHY_IMPOSSIBLE;
	assert_string_equal(causes(b), "aX");
	arena_free(b->arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(without_evidence_the_text_decides),
			cmocka_unit_test(evidence_decides_before_the_text),
			cmocka_unit_test(counters_speak_of_now_by_growing_only),
			cmocka_unit_test(some_counters_prove_nothing),
			cmocka_unit_test(a_queue_takes_two_looks),
			cmocka_unit_test(what_is_not_known_is_not_ruled_out),
			cmocka_unit_test(no_limit_cannot_be_reached),
			cmocka_unit_test(listeners_here_are_not_those_of_another_host),
			cmocka_unit_test(without_a_text_every_limit_may_be_it),
			cmocka_unit_test(other_limits_that_are_full_are_told),
			cmocka_unit_test(the_kernels_log_counts),
			cmocka_unit_test(a_line_names_one_of_them),
			cmocka_unit_test(of_several_lines_the_latest_counts),
			cmocka_unit_test(others_explain_when_they_are_seen),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
