/* SHA-256 against the examples of FIPS 180-2, appendix B, and every padding length. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/array.h"
#include "base/hash.h"

static const struct {
	const char *text, *hex;
} cases[] = {
		{"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
		{"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
				"248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
};

static void known_digests(void **state)
{
	(void)state;
	char hex[SHA256_HEX_MAX];
	for (size_t i = 0; i < COUNT_OF(cases); i++)
		assert_string_equal(sha256_hex(cases[i].text, strlen(cases[i].text), hex), cases[i].hex);
}

static void bytes_become_digits(void **state)
{
	(void)state;
	char out[9];
	assert_string_equal(hex_encode("", 0, out), "");
	assert_string_equal(hex_encode("\x00\x1f\xa0\xff", 4, out), "001fa0ff");
}

static void a_million_letters_in_odd_pieces(void **state)
{
	(void)state;
	static char letters[997];
	memset(letters, 'a', sizeof letters);
	struct sha256 hash;
	sha256_init(&hash);
	for (size_t left = 1000000; left > 0;) {
		size_t take = left < sizeof letters ? left : sizeof letters;
		sha256_add(&hash, letters, take);
		left -= take;
	}
	unsigned char digest[SHA256_BYTES];
	sha256_finish(&hash, digest);
	static const unsigned char first[] = {0xcd, 0xc7, 0x6e, 0x5c, 0x99, 0x14, 0xfb, 0x92};
	assert_memory_equal(digest, first, sizeof first);
}

static void pieces_do_not_matter(void **state)
{
	(void)state;
	unsigned char bytes[200], whole[SHA256_BYTES], parts[SHA256_BYTES];
	for (size_t i = 0; i < sizeof bytes; i++)
		bytes[i] = (unsigned char)(i * 7);
	for (size_t length = 0; length <= sizeof bytes; length++) {
		struct sha256 a, b;
		sha256_init(&a);
		sha256_add(&a, bytes, length);
		sha256_finish(&a, whole);
		sha256_init(&b);
		for (size_t i = 0; i < length; i++)
			sha256_add(&b, bytes + i, 1);
		sha256_finish(&b, parts);
		assert_memory_equal(whole, parts, sizeof whole);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
			cmocka_unit_test(known_digests),
			cmocka_unit_test(bytes_become_digits),
			cmocka_unit_test(a_million_letters_in_odd_pieces),
			cmocka_unit_test(pieces_do_not_matter),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
