/* UTF-8, read strictly: RFC 3629. */
#ifndef HEADROOM_BASE_UTF8_H
#define HEADROOM_BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

enum {
	UTF8_MAX = 4 /* bytes of the longest character */
};

/* The length of the well-formed character at the start of bytes[length], and its code point.
 * 0 if there is none: a byte out of place, an overlong form, a surrogate, above U+10FFFF, cut off.
 * length must be at least 1. */
size_t utf8_decode(const char *bytes, size_t length, uint32_t *ret_point);

/* The same for texts that are shown even where they are not UTF-8: a byte that begins no
 * well-formed character counts as U+FFFD. Never 0. */
size_t utf8_next(const char *bytes, size_t length, uint32_t *ret_point);

#endif
