/* Text: the buffer, the cleaning of host strings, and the formatter of numbers. */
#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/utf8.h"

#define BAD  "\xef\xbf\xbd"
#define MORE "\xe2\x80\xa6"

static const struct {
	double value;
	enum unit unit;
	const char *text;
} numbers[] = {
		{0, UNIT_COUNT, "0"},
		{999, UNIT_COUNT, "999"},
		{1000, UNIT_COUNT, "1,000"},
		{28232, UNIT_COUNT, "28,232"},
		{1234567, UNIT_COUNT, "1,234,567"},
		{9007199254740992.0, UNIT_COUNT, "9,007,199,254,740,992"},
		{352.9411, UNIT_COUNT, "352.9"},
		{352.0001, UNIT_COUNT, "352"},
		{999.96, UNIT_COUNT, "1,000"},
		{0.5, UNIT_COUNT, "0.5"},
		{0.05, UNIT_COUNT, "0.05"},
		{0.00001, UNIT_COUNT, "<0.0001"},
		{-28232,
				UNIT_COUNT,
				"\xe2\x88\x92"
				"28,232"},
		{1e300, UNIT_COUNT, "1e+300"},
		{INFINITY, UNIT_COUNT, "unlimited"},
		{INFINITY, UNIT_BYTES, "unlimited"},
		{INFINITY, UNIT_RATIO, "over"},
		{NAN, UNIT_SECONDS, "\xe2\x80\x93"},
		{0, UNIT_BYTES, "0 B"},
		{1023, UNIT_BYTES, "1,023 B"},
		{1024, UNIT_BYTES, "1 KiB"},
		{4352, UNIT_BYTES, "4.25 KiB"},
		{1048575, UNIT_BYTES, "1 MiB"},
		{13421772800.0, UNIT_BYTES, "12.5 GiB"},
		{60, UNIT_SECONDS, "60 s"},
		{1.5, UNIT_SECONDS, "1.5 s"},
		{0.02, UNIT_SECONDS, "20 ms"},
		{0.9999, UNIT_SECONDS, "1 s"},
		{0.9994, UNIT_SECONDS, "999 ms"},
		{0.3784, UNIT_SECONDS, "378 ms"},
		{0.0009996, UNIT_SECONDS, "1 ms"},
		{0.99999, UNIT_SECONDS, "1 s"},
		{0.0002, UNIT_SECONDS, "200 \xc2\xb5s"},
		{0, UNIT_SECONDS, "0 s"},
		{432000, UNIT_SECONDS, "5 days"},
		{86400, UNIT_SECONDS, "24 h"},
		{3600, UNIT_SECONDS, "1 h"},
		{3599, UNIT_SECONDS, "3,599 s"},
		{172801, UNIT_SECONDS, "172,801 s"},
		{250, UNIT_PER_S, "250/s"},
		{16.6667, UNIT_PER_S, "16.7/s"},
		{8.3333, UNIT_PER_S, "8.33/s"},
		{9.999, UNIT_PER_S, "10/s"},
		{352.94, UNIT_PER_S, "353/s"},
		{28232, UNIT_PER_S, "28,232/s"},
		{1.06, UNIT_RATIO, "106%"},
		{0.75, UNIT_RATIO, "75%"},
		{0.7505, UNIT_RATIO, "75.1%"},
		{1.0002, UNIT_RATIO, "100.1%"},
		{1.0046, UNIT_RATIO, "100.5%"},
		{1.006, UNIT_RATIO, "101%"},
		{0.5454, UNIT_RATIO, "54.5%"},
		{0.004, UNIT_RATIO, "<1%"},
		{0, UNIT_RATIO, "0%"},
		{9.99, UNIT_RATIO, "999%"},
		{9.996, UNIT_RATIO, "10\xc3\x97"},
		{12, UNIT_RATIO, "12\xc3\x97"},
		{14.66, UNIT_RATIO, "15\xc3\x97"},
		{1466.2, UNIT_RATIO, "1,467\xc3\x97"},
		{1, UNIT_BOOL, "yes"},
		{0, UNIT_BOOL, "no"},
		{6018, UNIT_VERSION, "6.18"},
		{5004, UNIT_VERSION, "5.4"},
};

static const struct {
	double value;
	const char *text;
} plain[] = {
		{28232, "28232"},
		{0.75, "0.75"},
		{0.1, "0.1"},
		{1e15, "1000000000000000"},
		{-1, "-1"},
		{-0.0, "0"},
		{INFINITY, "unlimited"},
		{0.0000001, "0"},
		{NAN, "unknown"},
};

static const struct {
	const char *raw;
	size_t max_chars;
	const char *text;
} cleanings[] = {
		{"", 0, ""},
		{"k6 run", 0, "k6 run"},
		{"a\tb\nc", 0, "a b c"},
		{"\033[31mred", 0, BAD "[31mred"},
		{"caf\xc3\xa9", 0, "caf\xc3\xa9"},
		{"\xff\xc3", 0, BAD BAD},
		{"\xc0\xaf", 0, BAD BAD},                 /* overlong slash */
		{"\xed\xa0\x80", 0, BAD BAD BAD},         /* a surrogate */
		{"\xf4\x90\x80\x80", 0, BAD BAD BAD BAD}, /* above U+10FFFF */
		{"a\xe2\x80\xae"
		 "b",
				0,
				"a" BAD "b"}, /* right-to-left override */
		{"a\xe2\x80\x8b"
		 "b",
				0,
				"a" BAD "b"}, /* zero width space */
		{"\xc2\x9b"
		 "1m",
				0,
				BAD "1m"}, /* C1 CSI */
		{"abcdef", 3, "abc" MORE},
		{"abc", 3, "abc"},
		{"\xc3\xa9\xc3\xa9\xc3\xa9", 2, "\xc3\xa9\xc3\xa9" MORE},
		{"\xff\xff\xff", 1, BAD MORE},
};

static void numbers_read_well(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(numbers); i++) {
		char out[NUMBER_TEXT_MAX];
		assert_string_equal(text_number(out, numbers[i].value, numbers[i].unit), numbers[i].text);
	}
}

static void plain_numbers(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(plain); i++) {
		char out[NUMBER_TEXT_MAX];
		assert_string_equal(text_plain_number(out, plain[i].value), plain[i].text);
	}
}

/* Any value in any unit must fit the buffer (the sanitizers watch). */
static void no_value_overflows(void **state)
{
	(void)state;
	static const double values[] = {1.7976931348623157e308,
			-1.7976931348623157e308,
			5e-324,
			-5e-324,
			9.99e20,
			1e21,
			-9.99e20,
			-INFINITY,
			1e18,
			-0.0};
	for (size_t i = 0; i < COUNT_OF(values); i++) {
		for (int unit = UNIT_COUNT; unit <= UNIT_TEXT; unit++) {
			char out[NUMBER_TEXT_MAX];
			assert_true(strlen(text_number(out, values[i], (enum unit)unit)) < NUMBER_TEXT_MAX);
			assert_true(strlen(text_plain_number(out, values[i])) < NUMBER_TEXT_MAX);
		}
	}
}

static void host_strings_are_cleaned(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	for (size_t i = 0; i < COUNT_OF(cleanings); i++) {
		const char *raw = cleanings[i].raw;
		char *text = text_clean(arena, raw, strlen(raw), cleanings[i].max_chars);
		assert_string_equal(text, cleanings[i].text);
		assert_true(text_is_utf8(text, strlen(text)));
	}
	assert_string_equal(text_clean(arena, "a\0b", 3, 0), "a" BAD "b");
	arena_free(arena);
}

static void utf8_is_judged(void **state)
{
	(void)state;
	assert_true(text_is_utf8("", 0));
	assert_true(text_is_utf8("\xf0\x9f\x9a\x80", 4));
	assert_false(text_is_utf8("\xf0\x9f\x9a", 3));
	assert_false(text_is_utf8("\x80", 1));
	assert_false(text_is_utf8("\xe0\x80\x80", 3));
	assert_false(text_is_utf8("\xf8\x88\x80\x80\x80", 5));
}

static void the_buffer_grows(void **state)
{
	(void)state;
	struct text text = {0};
	text_add(&text, "");
	assert_string_equal(text.data, "");
	for (int i = 0; i < 1000; i++)
		text_addf(&text, "%03d", i);
	assert_int_equal(text.length, 3000);
	assert_int_equal(strlen(text.data), 3000);
	assert_memory_equal(text.data + 2997, "999", 4);
	text_clear(&text);
	text_add_bytes(&text, "abc", 2);
	assert_string_equal(text.data, "ab");
	text_release(&text);
	assert_null(text.data);
}

static void begins_and_ends(void **state)
{
	(void)state;
	assert_true(text_begins_with("rules/a.json", "rules/"));
	assert_true(text_begins_with("rules", "rules"));
	assert_true(text_begins_with("", ""));
	assert_false(text_begins_with("rule", "rules"));
	assert_false(text_begins_with("Rules", "rules"));
	assert_true(text_ends_with("rules/a.json", ".json"));
	assert_false(text_ends_with(".json", ".json"));
	assert_false(text_ends_with("json", ".json"));
	assert_false(text_ends_with("a.json~", ".json"));
}

static void letters_have_classes(void **state)
{
	(void)state;
	size_t digits = 0, letters = 0, names = 0;
	for (int c = -128; c < 128; c++) {
		digits += ascii_is_digit((char)c);
		letters += ascii_is_letter((char)c);
		names += ascii_is_name((char)c);
		assert_int_equal(ascii_is_letter((char)c), ascii_upper((char)c) != ascii_lower((char)c));
	}
	assert_int_equal(digits, 10);
	assert_int_equal(letters, 52);
	assert_int_equal(names, 63);
	assert_int_equal(ascii_upper('z'), 'Z');
	assert_int_equal(ascii_lower('A'), 'a');
	assert_int_equal(ascii_hex_value('9'), 9);
	assert_int_equal(ascii_hex_value('a'), 10);
	assert_int_equal(ascii_hex_value('F'), 15);
	assert_int_equal(ascii_hex_value('g'), -1);
	assert_int_equal(ascii_hex_value('\0'), -1);
}

static void the_string_is_never_null(void **state)
{
	(void)state;
	struct text text = {0};
	assert_string_equal(text_string(&text), "");
	text_add(&text, "a");
	assert_ptr_equal(text_string(&text), text.data);
	text_clear(&text);
	assert_string_equal(text_string(&text), "");
	text_release(&text);
	assert_string_equal(text_string(&text), "");
}

static void taking_releases(void **state)
{
	(void)state;
	struct arena *arena = arena_new();
	struct text text = {0};
	assert_string_equal(text_take(arena, &text), "");
	text_add_bytes(&text, "a\0b", 3);
	assert_memory_equal(text_take(arena, &text), "a\0b", 4);
	assert_null(text.data);
	assert_int_equal(text.length, 0);
	arena_free(arena);
}

/* RFC 4648, 10. */
static void base64_of_the_standard(void **state)
{
	(void)state;
	static const char *const digits[] =
			{"", "Zg==", "Zm8=", "Zm9v", "Zm9vYg==", "Zm9vYmE=", "Zm9vYmFy"};
	for (size_t length = 0; length < COUNT_OF(digits); length++) {
		struct text text = {0};
		text_add_base64(&text, "foobar", length);
		assert_string_equal(text_string(&text), digits[length]);
		text_release(&text);
	}
	struct text text = {0};
	text_add_base64(&text, "\xff\xfb\x00", 3);
	assert_string_equal(text.data, "//sA");
	text_release(&text);
}

static void one_character_is_decoded(void **state)
{
	(void)state;
	static const struct {
		const char *bytes;
		size_t length, step;
		uint32_t point;
	} characters[] = {
			{"a", 1, 1, 'a'},
			{"", 1, 1, 0},
			{"\xc3\xa9", 2, 2, 0xe9},
			{"\xe2\x82\xac!", 4, 3, 0x20ac},
			{"\xf4\x8f\xbf\xbf", 4, 4, 0x10ffff},
			{"\xc3", 1, 0, 0},
			{"\xc1\xbf", 2, 0, 0},         /* overlong */
			{"\xed\xa0\x80", 3, 0, 0},     /* a surrogate */
			{"\xf4\x90\x80\x80", 4, 0, 0}, /* above U+10FFFF */
			{"\xbf", 1, 0, 0},
			{"\xff", 1, 0, 0},
	};
	for (size_t i = 0; i < COUNT_OF(characters); i++) {
		uint32_t point = 0;
		size_t step = utf8_decode(characters[i].bytes, characters[i].length, &point);
		assert_int_equal(step, characters[i].step);
		assert_int_equal(point, characters[i].point);
		size_t next = utf8_next(characters[i].bytes, characters[i].length, &point);
		assert_int_equal(next, step ? step : 1);
		assert_int_equal(point, step ? characters[i].point : 0xfffd);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(numbers_read_well),
			cmocka_unit_test(plain_numbers),
			cmocka_unit_test(no_value_overflows),
			cmocka_unit_test(host_strings_are_cleaned),
			cmocka_unit_test(utf8_is_judged),
			cmocka_unit_test(the_buffer_grows),
			cmocka_unit_test(begins_and_ends),
			cmocka_unit_test(letters_have_classes),
			cmocka_unit_test(the_string_is_never_null),
			cmocka_unit_test(taking_releases),
			cmocka_unit_test(base64_of_the_standard),
			cmocka_unit_test(one_character_is_decoded),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
