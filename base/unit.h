/* Units and dimensions, and the strict reading of numbers written by people. */
#ifndef HEADROOM_BASE_UNIT_H
#define HEADROOM_BASE_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/* How a number is to be shown, and its base unit. */
enum unit {
	UNIT_COUNT, /* ports, entries, connections: dimensionless */
	UNIT_BYTES,
	UNIT_SECONDS,
	UNIT_PER_S, /* a rate: 1/s */
	UNIT_RATIO, /* 0..1, shown as per cent */
	UNIT_BOOL,
	UNIT_VERSION, /* kernel version: major * 1000 + minor */
	UNIT_TEXT
};

/* The word used in JSON ("count" "bytes" "seconds" "per_s" "ratio" "bool" "version" "text"). */
const char *unit_name(enum unit unit);
bool unit_from_name(const char *name, enum unit *ret_unit);

/* Dimension: exponents. A count is {0,0}, a rate is {0,-1}. */
struct dimension {
	signed char bytes, seconds;
};

struct dimension unit_dimension(enum unit unit);
bool dimension_equal(struct dimension a, struct dimension b);

/* One unit word ("KiB", "ms", "/s", "%", "k"): its factor to the base unit and what it measures.
 * k and M measure UNIT_COUNT: they fit any unit. false: no such word. */
bool unit_scale(const char *word, size_t length, double *ret_scale, enum unit *ret_unit);

/* Reads a number with an optional unit: "15000" "15k" "1.5M" "60s" "100ms" "2m" "1h" "4KiB"
 * "1GiB" "75%" "250/s" "unlimited". k and M are decimal. No sign, no blanks inside the number
 * (one blank before the unit is allowed), no hex, no exponent, at most 2^53.
 * `want` is the unit the caller expects: a bare number is taken in its base unit ("60" for
 * UNIT_SECONDS is 60 s; for UNIT_RATIO a bare number is the ratio itself, "75%" is 0.75);
 * another dimension is an error. UNIT_COUNT refuses fractions after scaling ("1.5k" is 1500).
 * UNIT_BOOL reads yes/no/true/false/1/0, UNIT_VERSION "6.18" or "v6.18"; UNIT_TEXT is an error.
 * On failure err says what was wrong with the literal text, without naming the option. */
bool unit_parse(const char *text, enum unit want, double *ret_value, struct error *err);

#endif
