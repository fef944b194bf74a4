/* SHA-256 (FIPS 180-4) for digests of documents and of inline blocks, not for passwords; and bytes
 * as hexadecimal digits. */
#ifndef HEADROOM_BASE_HASH_H
#define HEADROOM_BASE_HASH_H

#include <stddef.h>
#include <stdint.h>

enum {
	SHA256_BYTES = 32,
	SHA256_HEX_MAX = 65
};

struct sha256 {
	uint32_t state[8];
	uint64_t length; /* bytes added so far */
	unsigned char block[64];
};

void sha256_init(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *bytes, size_t length);
void sha256_finish(struct sha256 *hash, unsigned char ret_digest[SHA256_BYTES]);

/* Hashes everything at once. Writes lower-case hexadecimal digits and a NUL. Returns out. */
char *sha256_hex(const void *bytes, size_t length, char out[SHA256_HEX_MAX]);

/* Writes two lower-case digits for each byte, then a NUL: 2 * length + 1 chars. Returns out. */
char *hex_encode(const void *bytes, size_t length, char *out);

#endif
