/* Text: a growable buffer, the cleaning of strings from the host, and the one formatter of numbers
 * that every output uses. Independent of the locale. */
#ifndef HEADROOM_BASE_TEXT_H
#define HEADROOM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

/* A growable buffer; {0} is an empty one. `data` is NULL until something is added, be it "". From
 * then on it ends with a NUL. text_string() is safe in both cases. */
struct text {
	char *data;
	size_t length, capacity;
};

void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *text);   /* length 0, keeps the memory */
void text_release(struct text *text); /* frees and zeroes; also for __attribute__((cleanup(…))) */

/* The content as a string: never NULL, valid until the buffer changes. */
const char *text_string(const struct text *text);
/* The content as a string in the arena. The buffer is released. */
char *text_take(struct arena *arena, struct text *text);

/* Does the string begin with `start`? */
bool text_begins_with(const char *text, const char *start);
/* Does it end with `end`, and is there something before that? "a.json" ends with ".json", ".json"
 * does not. */
bool text_ends_with(const char *text, const char *end);

/* Base64 of the bytes, with "=" at the end (RFC 4648, 4). */
void text_add_base64(struct text *text, const void *bytes, size_t length);

/* A string from the host, made safe to show. Tab and newline become a blank. Bytes that are not
 * UTF-8, other control characters, characters without a width and those that change the direction
 * of writing become U+FFFD. What a CI system would take for a command to its runner ("::error",
 * "##vso[", "##teamcity[") gets a blank inside. After max_chars characters (0: no limit) it is cut
 * off with "…". The result lives in the arena. */
char *text_clean(struct arena *arena, const char *raw, size_t length, size_t max_chars);

/* Do these bytes begin a command to the runner of a CI system? GitHub's act at the start of a line,
 * and any place may become one; the others act anywhere. */
bool text_is_runner_command(const char *bytes, size_t length);

/* True if the bytes are valid UTF-8 (no surrogates, no overlong forms, at most U+10FFFF). */
bool text_is_utf8(const char *bytes, size_t length);

enum {
	NUMBER_TEXT_MAX = 48
};

/* One number as people read it, into out[NUMBER_TEXT_MAX]; returns out.
 * UNIT_COUNT 28232 → "28,232"; fractions keep one decimal ("352.9"); UNIT_BYTES → "12.5 GiB";
 * UNIT_SECONDS → "60 s", "1.5 s", "378 ms", whole hours and days "2 h", "5 days"; UNIT_PER_S with
 * three significant digits → "250/s", "8.33/s"; UNIT_RATIO 1.06 → "106%", 0.545
 * → "54.5%" (below 1%: "<1%"; 0: "0%"); infinity → "unlimited"; NAN → "–"; UNIT_BOOL → yes/no;
 * UNIT_VERSION 6018 → "6.18". */
const char *text_number(char out[NUMBER_TEXT_MAX], double value, enum unit unit);

/* The same for texts that programs read, such as commands: no unit, no separators, up to 6
 * decimals. 28232 → "28232". */
const char *text_plain_number(char out[NUMBER_TEXT_MAX], double value);

#endif
