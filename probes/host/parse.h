/* Small strict parsers of kernel texts. None of them allocates or depends on a locale. */
#ifndef HEADROOM_PROBES_HOST_PARSE_H
#define HEADROOM_PROBES_HOST_PARSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

/* Digits at *cursor, which then stands behind them. false: no digit there, or above 2^64 - 1. */
bool parse_u64(const char **cursor, uint64_t *ret_number);
/* The same in base 16, without prefix. */
bool parse_hex(const char **cursor, uint64_t *ret_number);
/* The whole text is one number; white space around it is allowed, as the kernel ends it with a
 * newline. */
bool parse_whole(const char *text, uint64_t *ret_number);
/* The n-th (from 0) number of a text of numbers and blanks. */
bool parse_field(const char *text, int field, uint64_t *ret_number);

/* As a fact's number: exact up to 2^53; from 2^62 on INFINITY when `huge` allows it (LONG_MAX and
 * the page- rounded 2^63 of cgroup v1 mean "no limit"). false: between them, or above without
 * `huge`. */
bool parse_to_double(uint64_t number, bool huge, double *ret_number);

/* "max" or "unlimited" or a number. */
bool parse_limit(const char *text, double *ret_number);

/* The word at *cursor, up to a blank or the end; *cursor then stands behind it and the blanks.
 * NULL: the end. Changes the text. */
char *parse_word(char **cursor);
/* The line at *cursor without its newline; *cursor then stands on the next. NULL: the end. Changes
 * it. */
char *parse_line(char **cursor);
/* Text without the blanks at both ends, in place. */
char *parse_trim(char *text);

/* "6.1.0-18-amd64" is 6001. */
bool parse_kernel_version(const char *release, double *ret_version);

/* The number behind `name` at the start of a line of "name value" or "name: value" text. */
bool parse_named(const char *text, const char *name, uint64_t *ret_number, int *ret_line);

#endif
