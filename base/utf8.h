/* Reads UTF-8 strictly (RFC 3629). */
#ifndef HEADROOM_BASE_UTF8_H
#define HEADROOM_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum {
	UTF8_MAX = 4 /* bytes of the longest character */
};

/* Gives the length and code point of the well-formed character at the start of bytes[length];
 * length must be at least 1. Returns 0 if there is none: a misplaced byte, an overlong form, a
 * surrogate, a code point above U+10FFFF, or a truncated character. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_point);

/* The same for texts that are shown even if they are not UTF-8: a byte that begins no well-formed
 * character counts as U+FFFD. Never returns 0. */
size_t utf8_next(const char *bytes, size_t length, uint32_t *ret_point);

#endif
