/* Units and dimensions, and strict reading of numbers that people write. */
#ifndef HEADROOM_BASE_UNIT_H
#define HEADROOM_BASE_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* How to show a number, and its base unit. */
enum unit {
	UNIT_COUNT, /* ports, entries, connections: dimensionless */
	UNIT_BYTES,
	UNIT_SECONDS,
	UNIT_PER_S, /* a rate: 1/s */
	UNIT_RATIO, /* 1 is 100% */
	UNIT_BOOL,
	UNIT_VERSION, /* kernel version: major * 1000 + minor */
	UNIT_TEXT
};

/* Returns the word used in JSON: "count" "bytes" "seconds" "per_s" "ratio" "bool" "version"
 * "text". */
const char *unit_name(enum unit unit);
bool unit_from_name(const char *name, enum unit *ret_unit);

/* A dimension as exponents: a count is {0, 0}, a rate is {0, -1}. */
struct dimension {
	signed char bytes, seconds;
};

struct dimension unit_dimension(enum unit unit);
bool dimension_equal(struct dimension a, struct dimension b);

/* Gives the factor of a unit word ("KiB", "ms", "/s", "%", "k") to its base unit, and that unit. k
 * and M are UNIT_COUNT and fit any unit. Returns false if there is no such word. */
bool unit_scale(const char *word, size_t length, double *ret_scale, enum unit *ret_unit);

/* Reads a number with an optional unit: "15000" "15k" "1.5M" "60s" "100ms" "2m" "1h" "4KiB" "1GiB"
 * "75%" "250/s" "unlimited". k and M are decimal. Signs, hexadecimal digits, exponents and blanks
 * are refused (one blank before the unit is allowed), and so are numbers above 2^53.
 * `want` is the unit that the caller expects. A bare number is in its base unit ("60" for
 * UNIT_SECONDS is 60 s; for UNIT_RATIO it is the ratio itself); a unit of another dimension is an
 * error. UNIT_COUNT must be whole after scaling ("1.5k" is 1500). UNIT_BOOL reads
 * yes/no/true/false/1/0, UNIT_VERSION "6.18" or "v6.18"; UNIT_TEXT is an error. Returns false with
 * err, which quotes the text but does not name the option. */
bool unit_parse(const char *text, enum unit want, double *ret_value, struct error *err);

#endif
