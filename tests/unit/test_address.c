/* Addresses: every spelling of one address is that address, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/address.h"
#include "base/array.h"

static bool parse(const char *text, struct address *ret)
{
	return address_parse(text, strlen(text), ret);
}

static void spellings_meet(void **state)
{
	(void)state;
	static const char *const pairs[][2] = {
			{"::ffff:10.0.0.5", "10.0.0.5"},
			{"::FFFF:0A00:0005", "10.0.0.5"},
			{"0:0:0:0:0:ffff:10.0.0.5", "10.0.0.5"},
			{"FD00::1", "fd00:0:0::1"},
			{"fd00:0:0:0:0:0:0:1", "fd00::1"},
			{"fd00::0001", "fd00::1"},
			{"::1", "0:0:0:0:0:0:0:1"},
			{"::", "0:0:0:0:0:0:0:0"},
			{"fe80::1%eth0", "fe80::1"},
			{"1::", "1:0:0:0:0:0:0:0"},
	};
	for (size_t i = 0; i < COUNT_OF(pairs); i++) {
		struct address a, b;
		if (!parse(pairs[i][0], &a) || !parse(pairs[i][1], &b) || !address_is_same(&a, &b))
			fail_msg("%s is not %s", pairs[i][0], pairs[i][1]);
	}
}

static void others_are_none(void **state)
{
	(void)state;
	static const char *const texts[] = {"",
			"localhost",
			"10.0.0",
			"10.0.0.256",
			"10.0.0.05",
			"10.0.0.1.",
			"1.2.3.4.5",
			":",
			":::",
			"1::2::3",
			"1:2:3:4:5:6:7",
			"1:2:3:4:5:6:7:8:9",
			"12345::",
			"fd00:",
			"::1.2.3",
			"1:2:3:4:5:6:7::8",
			"g::1",
			"::1 ",
			"10.0.0.1:80"};
	for (size_t i = 0; i < COUNT_OF(texts); i++) {
		struct address ignored;
		if (parse(texts[i], &ignored))
			fail_msg("\"%s\" is no address", texts[i]);
	}
}

/* inet_pton(3) is the judge of texts made of the letters of addresses. */
static void random_texts_as_the_library_reads_them(void **state)
{
	(void)state;
	static const char letters[] = "0123456789abcdefF:::::..";
	unsigned good = 0;
	srand(1);
	for (unsigned i = 0; i < 400000; i++) {
		char text[24];
		unsigned char expected[16] = {0};
		struct address got;
		size_t length = 1 + (size_t)rand() % (sizeof text - 2);
		for (size_t k = 0; k < length; k++)
			text[k] = letters[(size_t)rand() % (sizeof letters - 1)];
		text[length] = '\0';
		bool right = inet_pton(AF_INET6, text, expected) == 1;
		if (!right)
			right = inet_pton(AF_INET, text, expected) == 1;
		if (address_parse(text, length, &got) != right)
			fail_msg("%s: inet_pton says %d", text, right);
		good += right;
		if (right && got.family == 6)
			assert_memory_equal(got.bytes, expected, sizeof expected);
	}
	assert_true(good > 100);
}

static void hosts_and_ports(void **state)
{
	(void)state;
	static const struct {
		const char *text, *host;
		unsigned port;
		bool good;
	} rows[] = {
			{"10.0.0.5:443", "10.0.0.5", 443, true},
			{"[FD00::1]:9", "FD00::1", 9, true},
			{"[::1]", "::1", 0, true},
			{"::1", "::1", 0, true},
			{"localhost", "localhost", 0, true},
			{"localhost:80", "localhost", 80, true},
			{"a:65536", NULL, 0, false},
			{"a:0", NULL, 0, false},
			{"a:", NULL, 0, false},
			{"[::1]80", NULL, 0, false},
			{"[::1", NULL, 0, false},
	};
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		struct host_port split;
		if (host_port_split(rows[i].text, &split) != rows[i].good)
			fail_msg("%s", rows[i].text);
		if (!rows[i].good)
			continue;
		assert_int_equal(split.port, rows[i].port);
		assert_int_equal(split.length, strlen(rows[i].host));
		assert_memory_equal(split.host, rows[i].host, split.length);
	}
}

static void kinds(void **state)
{
	(void)state;
	struct address a;
	assert_true(parse("127.9.9.9", &a) && address_is_loopback(&a));
	assert_true(parse("::ffff:127.0.0.1", &a) && address_is_loopback(&a));
	assert_true(parse("::1", &a) && address_is_loopback(&a));
	assert_true(parse("::2", &a) && !address_is_loopback(&a));
	assert_true(parse("0.0.0.0", &a) && address_is_any(&a));
	assert_true(parse("::", &a) && address_is_any(&a));
	assert_true(parse("10.0.0.1", &a) && !address_is_any(&a) && !address_is_loopback(&a));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(spellings_meet),
			cmocka_unit_test(others_are_none),
			cmocka_unit_test(random_texts_as_the_library_reads_them),
			cmocka_unit_test(hosts_and_ports),
			cmocka_unit_test(kinds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
