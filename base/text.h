/* Text: a growable buffer, the cleaning of strings from the host, and the one number formatter that
 * every output uses. Independent of the locale. */
#ifndef HEADROOM_BASE_TEXT_H
#define HEADROOM_BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

/* A growable buffer; {0} is an empty one. `data` is NULL until something (even "") is added, and
 * from then on ends with a NUL. text_string() is safe in both cases. */
struct text {
	char *data;
	size_t length, capacity;
};

void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const char *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));
void text_clear(struct text *text);   /* sets the length to 0 and keeps the memory */
void text_release(struct text *text); /* frees and zeroes; also for __attribute__((cleanup(…))) */

/* Returns the content as a string, never NULL, valid until the buffer changes. */
const char *text_string(const struct text *text);
/* Moves the content into a string in the arena, and releases the buffer. */
char *text_take(struct arena *arena, struct text *text);

/* Returns true if the string begins with `start`. */
bool text_begins_with(const char *text, const char *start);
/* Returns true if the string ends with `end` and has something before it: "a.json" ends with
 * ".json", but ".json" does not. */
bool text_ends_with(const char *text, const char *end);

/* Appends the bytes in Base64 with "=" padding (RFC 4648, section 4). */
void text_add_base64(struct text *text, const void *bytes, size_t length);

/* Makes a string from the host safe to show. Tab and newline become a blank. Invalid UTF-8, other
 * control characters, characters without a width and those that change the direction of writing
 * become U+FFFD. Text that a CI system would take for a command to its runner ("::error", "##vso[",
 * "##teamcity[") gets a blank inside. After max_chars characters (0: no limit) the string is cut
 * with "…". The result lives in the arena. */
char *text_clean(struct arena *arena, const char *raw, size_t length, size_t max_chars);

/* Returns true if these bytes begin a command to the runner of a CI system. GitHub's act only at
 * the start of a line, but any place may become one; the others act anywhere. */
bool text_is_runner_command(const char *bytes, size_t length);

/* Returns true if the bytes are valid UTF-8: no surrogates, no overlong forms, at most U+10FFFF. */
bool text_is_utf8(const char *bytes, size_t length);

enum {
	NUMBER_TEXT_MAX = 48
};

/* Formats a number for people into out and returns out. UNIT_COUNT: 28232 → "28,232", fractions
 * with one decimal ("352.9"). UNIT_BYTES: "12.5 GiB". UNIT_SECONDS: "60 s", "1.5 s", "378 ms",
 * whole hours and days "2 h", "5 days". UNIT_PER_S: three significant digits, "250/s", "8.33/s".
 * UNIT_RATIO: 1.06 → "106%", 0.545 → "54.5%", below 1% "<1%", 0 → "0%", from ten times on 14.66 →
 * "15×", rounded up. UNIT_BOOL: yes or no.
 * UNIT_VERSION: 6018 → "6.18". Infinity → "unlimited", NAN → "–". */
const char *text_number(char out[NUMBER_TEXT_MAX], double value, enum unit unit);
/* The same for a share of any size, always as a percentage: 14.66 → "1,466%". */
const char *text_percent(char out[NUMBER_TEXT_MAX], double share);

/* Formats a number for programs, such as in commands: no unit, no separators, up to 6 decimals.
 * 28232 → "28232". */
const char *text_plain_number(char out[NUMBER_TEXT_MAX], double value);

#endif
