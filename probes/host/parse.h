/* Small strict parsers of kernel texts. None of them allocates or depends on a locale. */
#ifndef HEADROOM_PROBES_HOST_PARSE_H
#define HEADROOM_PROBES_HOST_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Reads the digits at *cursor, which then points after them. Returns false if there is no digit or
 * if the number is above 2^64 - 1. */
bool parse_u64(const char **cursor, uint64_t *ret_number);
/* The same in base 16, without prefix. */
bool parse_hex(const char **cursor, uint64_t *ret_number);
/* The whole text is one number; white space around it is allowed, as the kernel ends it with a
 * newline. */
bool parse_whole(const char *text, uint64_t *ret_number);
/* The n-th (from 0) number of a text of numbers and blanks. */
bool parse_field(const char *text, int field, uint64_t *ret_number);

/* Converts to a fact's number: exact up to 2^53, and INFINITY from 2^62 on if `huge` allows that
 * (LONG_MAX and the page-rounded 2^63 of cgroup v1 mean "no limit"). Returns false for anything
 * else above 2^53. */
bool parse_to_double(uint64_t number, bool huge, double *ret_number);

/* "max" or "unlimited" or a number. */
bool parse_limit(const char *text, double *ret_number);

/* Reads the word at *cursor, up to a blank or the end, and writes a NUL after it; *cursor then
 * points after the word. NULL: no word is left. */
char *parse_word(char **cursor);
/* The line at *cursor without its newline; *cursor is moved to the next line. NULL: the end of the
 * text. Writes a NUL over the newline. */
char *parse_line(char **cursor);
/* The start of the next line, or the end of the text. Changes nothing. */
const char *parse_next_line(const char *text);
/* Text without the blanks at both ends, in place. */
char *parse_trim(char *text);

/* True if the comma-separated list contains the word. */
bool parse_list_has(const char *list, const char *word);

/* "6.1.0-18-amd64" is 6001. */
bool parse_kernel_version(const char *release, double *ret_version);

/* Reads the number after `name` at the start of a line of "name value" or "name: value" text. */
bool parse_named(const char *text, const char *name, uint64_t *ret_number, int *ret_line);

#endif
