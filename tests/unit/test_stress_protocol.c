/* The lines of a calibrator's worker: what is taken, and that nothing else is. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "probes/stress/protocol.h"

struct reading {
	struct arena *arena;
	struct calibration calibration;
	struct protocol protocol;
};

static void begin(struct reading *reading)
{
	reading->arena = arena_new();
	reading->calibration =
			(struct calibration){.comparable = true, .measured = NAN, .reached = NAN};
	protocol_init(&reading->protocol, reading->arena, &reading->calibration);
}

static void feed(struct reading *reading, const char *text)
{
	protocol_feed(&reading->protocol, text, strlen(text));
}

static void takes_results(void **state)
{
	struct reading r;
	(void)state;
	begin(&r);
	feed(&r,
			"progress 10 100\nbound lower\nsample 0.5 10\nsample 0.5 12\ndecile 9 "
			"1234.500\nmeasured 28232.000000\n"
			"tolerance 1\nstopped EADDRNOTAVAIL\nnumber time_wait 3\ntext method plain "
			"connect\nend\n");
	assert_false(r.protocol.bad);
	assert_true(r.protocol.ended);
	assert_true(r.protocol.done > 9.9 && r.protocol.of > 99.9);
	assert_int_equal(r.calibration.sample_count, 2);
	assert_true(r.calibration.deciles[9] > 1234 && r.calibration.deciles[9] < 1235);
	assert_int_equal((int)r.calibration.measured, 28232);
	assert_string_equal(r.calibration.stopped_by, "EADDRNOTAVAIL");
	assert_int_equal(r.calibration.field_count, 2);
	assert_string_equal(r.calibration.fields[0].name, "time_wait");
	assert_null(r.calibration.fields[0].text);
	assert_string_equal(r.calibration.fields[1].text, "plain connect");
	assert_true(r.calibration.comparable && r.calibration.lower_bound);
	arena_free(r.arena);
}

static void keeps_first_reason(void **state)
{
	struct reading r;
	(void)state;
	begin(&r);
	feed(&r, "reason not run: first\nreason second\nuncopied net.core.somaxconn\n");
	assert_false(r.protocol.bad);
	assert_false(r.calibration.comparable);
	assert_string_equal(r.calibration.reason, "not run: first");
	assert_int_equal(r.calibration.not_copied_count, 1);
	arena_free(r.arena);
}

static void refuses_bad_lines(void **state)
{
	static const char *const lines[] = {
			"\n",
			"nothing\n",
			"measured\n",
			"measured \n",
			"measured -1\n",
			"measured 1e9\n",
			"measured 0x10\n",
			"measured nan\n",
			"measured 1.\n",
			"measured .5\n",
			"measured 9007199254740993000\n",
			"measured 1 2\n",
			"sample 1\n",
			"sample inf 1\n",
			"sample 2 1\nsample 1 1\n",
			"decile 10 1\n",
			"decile 1.5 1\n",
			"number Big 1\n",
			"number 1st 1\n",
			"number a b\n",
			"number a\n",
			"text a\n",
			"stopped two words\n",
			"stopped a\033[31m\n",
			"end\nmeasured 1\n",
			"end \n",
			"bound upper\n",
			"measured 1\nbound lower\n",
			"number aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa 1\n",
	};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(lines); i++) {
		struct reading r;
		begin(&r);
		feed(&r, lines[i]);
		if (!r.protocol.bad)
			fail_msg("taken: %s", lines[i]);
		assert_true(strlen(r.protocol.why) > 0);
		arena_free(r.arena);
	}
}

static void bounds_everything(void **state)
{
	static const char *const repeated[] = {"sample 1 1\n",
			"number a 1\n",
			"uncopied a\n",
			"progress 1 1\n"};
	(void)state;
	for (size_t i = 0; i < COUNT_OF(repeated); i++) {
		struct reading r;
		begin(&r);
		for (unsigned n = 0; n < PROTOCOL_LINES + 1 && !r.protocol.bad; n++)
			feed(&r, repeated[i]);
		assert_true(r.protocol.bad);
		assert_true(r.calibration.sample_count <= CALIBRATION_SAMPLES);
		assert_true(r.calibration.field_count <= CALIBRATION_FIELDS);
		arena_free(r.arena);
	}
	struct reading r;
	begin(&r);
	for (unsigned n = 0; n < PROTOCOL_LINE + 10; n++)
		feed(&r, "a");
	assert_true(r.protocol.bad);
	arena_free(r.arena);
	begin(&r);
	protocol_feed(&r.protocol, "end\0\n", 5);
	assert_true(r.protocol.bad);
	arena_free(r.arena);
}

static void cleans_texts(void **state)
{
	struct reading r;
	(void)state;
	begin(&r);
	feed(&r,
			"text a \033[2J\xff"
			"b\nreason x\033y\n");
	assert_false(r.protocol.bad);
	assert_null(strchr(r.calibration.fields[0].text, '\033'));
	assert_null(strchr(r.calibration.reason, '\033'));
	arena_free(r.arena);
}

/* Lines may come in any pieces. */
static void takes_pieces(void **state)
{
	static const char text[] = "measured 7\nstopped EMFILE\nend\n";
	struct reading r;
	(void)state;
	begin(&r);
	for (size_t i = 0; i + 1 < sizeof text; i++)
		protocol_feed(&r.protocol, text + i, 1);
	assert_true(r.protocol.ended && !r.protocol.bad);
	assert_int_equal((int)r.calibration.measured, 7);
	arena_free(r.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(takes_results),
			cmocka_unit_test(keeps_first_reason),
			cmocka_unit_test(refuses_bad_lines),
			cmocka_unit_test(bounds_everything),
			cmocka_unit_test(cleans_texts),
			cmocka_unit_test(takes_pieces),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
