/* Small strict parsers for texts of the kernel. They allocate nothing and do not depend on the
 * locale. Functions that return bool return false for malformed text. */
#ifndef HEADROOM_PROBES_HOST_PARSE_H
#define HEADROOM_PROBES_HOST_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Reads the digits at *cursor, which then points after them. Returns false if there is no digit or
 * the number exceeds 2^64 - 1. */
bool parse_u64(const char **cursor, uint64_t *ret_number);
/* The same for hexadecimal digits without a prefix. */
bool parse_hex(const char **cursor, uint64_t *ret_number);
/* Reads a text that is a single number. White space around it is allowed, because the kernel ends
 * it with a newline. */
bool parse_whole(const char *text, uint64_t *ret_number);
/* Reads the n-th number (from 0) of a text of numbers and blanks. */
bool parse_field(const char *text, int field, uint64_t *ret_number);

/* Converts to a fact's number, which is exact up to 2^53. From 2^62 on it is INFINITY if `huge`
 * (LONG_MAX, and the page-rounded 2^63 of cgroup v1, mean "no limit"). Returns false for all others
 * above 2^53. */
bool parse_to_double(uint64_t number, bool huge, double *ret_number);

/* Reads "max", "unlimited" or a number. */
bool parse_limit(const char *text, double *ret_number);

/* Returns the word at *cursor, which ends at a blank or the end of the text, and writes a NUL after
 * it; *cursor then points after that. NULL: no word is left. */
char *parse_word(char **cursor);
/* Returns the line at *cursor, with a NUL in place of its newline, and moves *cursor to the next
 * line. NULL: end of the text. */
char *parse_line(char **cursor);
/* Returns the start of the next line, or the end of the text. */
const char *parse_next_line(const char *text);
/* Removes the blanks at both ends, in place. */
char *parse_trim(char *text);

/* Returns true if the comma-separated list contains the word. */
bool parse_list_has(const char *list, const char *word);

/* Reads a kernel release: "6.1.0-18-amd64" is 6001. */
bool parse_kernel_version(const char *release, double *ret_version);

/* Reads the number after `name` at the start of a line "name value" or "name: value"; *ret_line is
 * its line, from 1. */
bool parse_named(const char *text, const char *name, uint64_t *ret_number, int *ret_line);

#endif
