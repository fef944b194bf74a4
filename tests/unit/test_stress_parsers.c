/* Texts that the calibrators read: /proc/slabinfo, the Erlang VM's answers, a worker's prediction,
 * held sockets. */
#include <arpa/inet.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "probes/stress/imitate.h"
#include "probes/stress/protocol.h"
#include "probes/stress/slabs.h"
#include "probes/stress/vm.h"

#define SLAB_HEAD                                                                                 \
	"slabinfo - version: 2.1\n# name            <active_objs> <num_objs> <objsize> <objperslab> " \
	"<pagesperslab> : "                                                                           \
	"tunables <limit> <batchcount> <sharedfactor> : slabdata <active_slabs> <num_slabs> "         \
	"<sharedavail>\n"
#define SLAB_TAIL " : tunables    0    0    0 : slabdata      9      9      0\n"

static struct slabs *parse(const char *text, bool *ret_good)
{
	struct slabs *slabs = calloc(1, sizeof *slabs);
	assert_non_null(slabs);
	*ret_good = slabs_parse(text, 4096, slabs);
	return slabs;
}

static void reads_slabs(void **state)
{
	bool good;
	struct slabs *slabs = parse(SLAB_HEAD
			"TCP                   66    117   2368   13    8" SLAB_TAIL
			"filp                 688   1050    192   21    1" SLAB_TAIL "cut 1 2 3\n\n",
			&good);
	(void)state;
	assert_true(good);
	assert_int_equal(slabs->count, 2);
	assert_string_equal(slabs->items[0].name, "TCP");
	assert_int_equal((int)slabs->items[0].active, 66);
	assert_int_equal((int)slabs->items[0].object_bytes, 2368);
	assert_int_equal((int)slabs->items[0].room_bytes, 8 * 4096 / 13);
	free(slabs);
}

static void refuses_other_texts(void **state)
{
	static const char *const texts[] = {
			"",
			"TCP 66 117 2368 13 8 : x\n",
			SLAB_HEAD,
			SLAB_HEAD "TCP -1 2 3 4 5" SLAB_TAIL,
			SLAB_HEAD "TCP 1 2 3 0 5" SLAB_TAIL,
			SLAB_HEAD "TCP 1 2 0 4 5" SLAB_TAIL,
			SLAB_HEAD "1 2 3 4 5" SLAB_TAIL,
			SLAB_HEAD "TCP 1 2 3 4 99999999999999999999999" SLAB_TAIL,
			SLAB_HEAD "TCP 1 2 3 4",
			SLAB_HEAD "a_name_that_is_longer_than_any_cache_of_the_kernel 1 2 3 4 5" SLAB_TAIL,
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		bool good;
		struct slabs *slabs = parse(texts[i], &good);
		if (good)
			fail_msg("text %zu was taken", i);
		free(slabs);
	}
}

static void sums_growth(void **state)
{
	bool good;
	struct slabs *before =
			parse(SLAB_HEAD "a 100 100 10 100 1" SLAB_TAIL "b 100 100 100 40 1" SLAB_TAIL, &good);
	struct slabs *after = parse(SLAB_HEAD "a 600 600 10 100 1" SLAB_TAIL
										  "b 140 140 100 40 1" SLAB_TAIL
										  "new 1000 1000 20 128 1" SLAB_TAIL,
			&good);
	(void)state;
	assert_int_equal((int)slabs_growth(before, after, 500, true, NULL, NULL), 500 * 10 + 1000 * 20);
	assert_int_equal((int)slabs_growth(before, after, 40, true, NULL, NULL),
			500 * 10 + 40 * 100 + 1000 * 20);
	assert_int_equal((int)slabs_growth(before, after, 600, false, NULL, NULL), 32 * 1000);
	assert_int_equal((int)slabs_growth(after, before, 1, true, NULL, NULL), 0);
	free(before);
	free(after);
}

static void reads_vm(void **state)
{
	static const struct {
		const char *line;
		enum vm_word word;
		double first, second;
		const char *text;
	} rows[] = {
			{"pid 4711 0 ok", VM_PID, 4711, 0, "ok"},
			{"ready 65536 3 ok", VM_READY, 65536, 3, "ok"},
			{"at 500 12345 ok", VM_AT, 500, 12345, "ok"},
			{"end 1007 99 system_limit", VM_END, 1007, 99, "system_limit"},
	};
	static const char *const bad[] = {
			"",
			"pid",
			"pid 1",
			"pid 1 2",
			"pid 1 2 ",
			"pid x 2 ok",
			"at 1 2 ok more",
			"hello 1 2 ok",
			"end -1 2 emfile",
			"end 1 2 e%n",
			"at 99999999999999999999 1 ok",
			"at 18446744073709551615 1 ok",
			" at 1 2 ok",
			"at  1 2 ok",
			"end 1 2 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	};
	struct vm_answer answer;
	(void)state;
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		assert_true(vm_parse(rows[i].line, &answer));
		assert_int_equal(answer.word, rows[i].word);
		assert_int_equal((int)answer.first, (int)rows[i].first);
		assert_int_equal((int)answer.second, (int)rows[i].second);
		assert_string_equal(answer.text, rows[i].text);
	}
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (vm_parse(bad[i], &answer))
			fail_msg("\"%s\" was taken", bad[i]);
}

static bool feed(struct calibration *calibration, const char *text)
{
	struct arena *arena = arena_new();
	struct protocol protocol;
	*calibration = (struct calibration){.predicted = 7, .measured = NAN};
	protocol_init(&protocol, arena, calibration);
	protocol_feed(&protocol, text, strlen(text));
	arena_free(arena);
	return !protocol.bad;
}

/* A prediction that follows the measurement is none. */
static void predicts_before(void **state)
{
	struct calibration calibration;
	(void)state;
	assert_true(feed(&calibration, "predicted 1007\nmeasured 1000\n"));
	assert_int_equal((int)calibration.predicted, 1007);
	assert_false(feed(&calibration, "measured 1000\npredicted 1000\n"));
	assert_int_equal((int)calibration.predicted, 7);
	assert_false(feed(&calibration, "predicted -1\n"));
}

struct held_case {
	const char *text;
	bool one, other,
			wildcard; /* in the way of a bind() to 127.0.0.1, to 127.78.0.2, to all addresses */
};

static void knows_conflicts(void **state)
{
	static const struct held_case cases[] = {
			{"0.0.0.0:4000", true, true, true},
			{"127.0.0.1:4000", true, false, true},
			{"127.0.0.5:4000", false, false, true},
			{"10.1.2.3:4000", false, false, true},
			{"[::]:4000", true, true, true},
			{"[::]:4000/6", false, false, false},
			{"[::1]:4000/6", false, false, false},
	};
	struct arena *arena = arena_new();
	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct imitation held;
		assert_true(imitation_read(arena, cases[i].text, &held));
		assert_int_equal(held.count, 1);
		assert_int_equal(held.items[0].port, 4000);
		if (held_conflicts(&held.items[0], inet_addr("127.0.0.1")) != cases[i].one ||
				held_conflicts(&held.items[0], inet_addr("127.78.0.2")) != cases[i].other ||
				held_conflicts(&held.items[0], htonl(INADDR_ANY)) != cases[i].wildcard)
			fail_msg("%s", cases[i].text);
	}
	arena_free(arena);
}

static void reads_held(void **state)
{
	static const char *const bad[] = {"x",
			"1.2.3:4",
			"1.2.3.4",
			"1.2.3.4:99999",
			"[::1:4",
			"1.2.3.4:1  1.2.3.4:2",
			"/6",
			"1.2.3.4:1,1.2.3.4:2",
			"1.2.3.4:-1"};
	struct arena *arena = arena_new();
	struct imitation held;
	(void)state;
	assert_true(imitation_read(arena, "", &held));
	assert_int_equal(held.count, 0);
	assert_true(imitation_read(arena, "0.0.0.0:1 [fd00::1]:2/6 127.0.0.1:65535", &held));
	assert_int_equal(held.count, 3);
	assert_int_equal(held.items[2].port, 65535);
	for (size_t i = 0; i < COUNT_OF(bad); i++)
		if (imitation_read(arena, bad[i], &held))
			fail_msg("taken: %s", bad[i]);
	arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(reads_slabs),
			cmocka_unit_test(refuses_other_texts),
			cmocka_unit_test(sums_growth),
			cmocka_unit_test(reads_vm),
			cmocka_unit_test(predicts_before),
			cmocka_unit_test(knows_conflicts),
			cmocka_unit_test(reads_held),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
