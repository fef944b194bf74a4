/* The decimal digits of a number, exactly rounded, as printf's %.15g and %.17g have them, but by
 * integers alone: in a twentieth of the time. */
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

/* `number`, from 0.0001 up to below 10^14, rounded to so many significant digits (1 to 17); zeros
 * at the end of the decimals are dropped. False outside of that range, and on machines without
 * integers of 128 bits: use printf there. */
bool decimal_of(double number, int significant, struct decimal *ret);

#endif
