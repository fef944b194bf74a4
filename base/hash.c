/* SHA-256 as FIPS 180-4 describes it in sections 4 to 6. Plain C: what is hashed here is so small
 * that speed does not matter. */
#include "base/hash.h"

#include <string.h>

/* FIPS 180-4, 4.2.2 */
static const uint32_t round_constants[64] = {
		0x428a2f98,
		0x71374491,
		0xb5c0fbcf,
		0xe9b5dba5,
		0x3956c25b,
		0x59f111f1,
		0x923f82a4,
		0xab1c5ed5,
		0xd807aa98,
		0x12835b01,
		0x243185be,
		0x550c7dc3,
		0x72be5d74,
		0x80deb1fe,
		0x9bdc06a7,
		0xc19bf174,
		0xe49b69c1,
		0xefbe4786,
		0x0fc19dc6,
		0x240ca1cc,
		0x2de92c6f,
		0x4a7484aa,
		0x5cb0a9dc,
		0x76f988da,
		0x983e5152,
		0xa831c66d,
		0xb00327c8,
		0xbf597fc7,
		0xc6e00bf3,
		0xd5a79147,
		0x06ca6351,
		0x14292967,
		0x27b70a85,
		0x2e1b2138,
		0x4d2c6dfc,
		0x53380d13,
		0x650a7354,
		0x766a0abb,
		0x81c2c92e,
		0x92722c85,
		0xa2bfe8a1,
		0xa81a664b,
		0xc24b8b70,
		0xc76c51a3,
		0xd192e819,
		0xd6990624,
		0xf40e3585,
		0x106aa070,
		0x19a4c116,
		0x1e376c08,
		0x2748774c,
		0x34b0bcb5,
		0x391c0cb3,
		0x4ed8aa4a,
		0x5b9cca4f,
		0x682e6ff3,
		0x748f82ee,
		0x78a5636f,
		0x84c87814,
		0x8cc70208,
		0x90befffa,
		0xa4506ceb,
		0xbef9a3f7,
		0xc67178f2,
};

static uint32_t rotate(uint32_t word, unsigned bits)
{
	return word >> bits | word << (32 - bits);
}

static void schedule(const unsigned char *block, uint32_t w[64])
{
	for (size_t i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
				(uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (size_t i = 16; i < 64; i++) {
		uint32_t a = w[i - 15], b = w[i - 2];
		w[i] = w[i - 16] + (rotate(a, 7) ^ rotate(a, 18) ^ a >> 3) + w[i - 7] +
				(rotate(b, 17) ^ rotate(b, 19) ^ b >> 10);
	}
}

static void compress(uint32_t state[8], const unsigned char *block)
{
	uint32_t w[64];
	schedule(block, w);
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
	uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
	for (size_t i = 0; i < 64; i++) {
		uint32_t sum1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25);
		uint32_t first = h + sum1 + ((e & f) ^ (~e & g)) + round_constants[i] + w[i];
		uint32_t sum0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22);
		uint32_t second = sum0 + ((a & b) ^ (a & c) ^ (b & c));
		h = g;
		g = f;
		f = e;
		e = d + first;
		d = c;
		c = b;
		b = a;
		a = first + second;
	}
	const uint32_t last[8] = {a, b, c, d, e, f, g, h};
	for (size_t i = 0; i < 8; i++)
		state[i] += last[i];
}

void sha256_init(struct sha256 *hash)
{
	/* FIPS 180-4, 5.3.3 */
	*hash = (struct sha256){.state = {0x6a09e667,
									0xbb67ae85,
									0x3c6ef372,
									0xa54ff53a,
									0x510e527f,
									0x9b05688c,
									0x1f83d9ab,
									0x5be0cd19}};
}

void sha256_add(struct sha256 *hash, const void *bytes, size_t length)
{
	const unsigned char *next = bytes;
	while (length > 0) {
		size_t used = hash->length % sizeof hash->block;
		size_t room = sizeof hash->block - used;
		size_t take = length;
		if (take > room)
			take = room;
		memcpy(hash->block + used, next, take);
		hash->length += take;
		next += take;
		length -= take;
		if (take == room)
			compress(hash->state, hash->block);
	}
}

void sha256_finish(struct sha256 *hash, unsigned char ret_digest[SHA256_BYTES])
{
	static const unsigned char padding[64] = {0x80};
	unsigned char bits[8];
	for (size_t i = 0; i < 8; i++)
		bits[i] = (unsigned char)(hash->length * 8 >> (56 - 8 * i));
	/* The length in bits fills the last 8 bytes of a block: this one or, if it is too full, the
	 * next. */
	size_t used = hash->length % 64;
	size_t end = 56;
	if (used >= end)
		end += 64;
	sha256_add(hash, padding, end - used);
	sha256_add(hash, bits, sizeof bits);
	for (size_t i = 0; i < SHA256_BYTES; i++)
		ret_digest[i] = (unsigned char)(hash->state[i / 4] >> (24 - 8 * (i % 4)));
}

char *hex_encode(const void *bytes, size_t length, char *out)
{
	static const char digits[] = "0123456789abcdef";
	const unsigned char *from = bytes;
	for (size_t i = 0; i < length; i++) {
		out[2 * i] = digits[from[i] >> 4];
		out[2 * i + 1] = digits[from[i] & 15];
	}
	out[2 * length] = '\0';
	return out;
}

char *sha256_hex(const void *bytes, size_t length, char out[SHA256_HEX_MAX])
{
	unsigned char digest[SHA256_BYTES];
	struct sha256 hash;
	sha256_init(&hash);
	sha256_add(&hash, bytes, length);
	sha256_finish(&hash, digest);
	return hex_encode(digest, sizeof digest, out);
}
