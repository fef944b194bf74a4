/* The decimal digits of a number, exactly rounded like printf's %.15g and %.17g. Uses only integers
 * and so takes a twentieth of the time. */
#ifndef HEADROOM_BASE_DECIMAL_H
#define HEADROOM_BASE_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

enum {
	DECIMAL_DIGITS_MAX = 17
};

/* The number digits / 10^decimals. */
struct decimal {
	uint64_t digits;
	int decimals;
};

/* Rounds `number` to this many significant digits (1 to 17) and drops trailing zeros after the
 * point. Returns false if the number is not in 0.0001 ≤ number < 10^14, or if the machine has no
 * 128-bit integers: use printf then. */
bool decimal_of(double number, int significant, struct decimal *ret);

#endif
