/* A double is mantissa / 2^shift. Times 10^decimals that is a whole number of at most 120 bits,
 * divided by 2^shift: the digits are its upper bits, and the lower ones say how to round. */
#include "base/decimal.h"

#include <assert.h>
#include <math.h>
#include <stddef.h>

#include "base/array.h"

#ifdef __SIZEOF_INT128__

__extension__ typedef unsigned __int128 wide;

enum {
	MANTISSA_BITS = 53
};

static wide power_of_ten(int exponent)
{
	wide power = 1;
	while (exponent-- > 0)
		power *= 10;
	return power;
}

/* How many digits stand before the point; 0 and below: minus the zeros behind it. The doubles
 * nearest to 0.1, 0.01 and 0.001 are all a little above them, so comparing with them is exact. */
static int digits_before_point(double number)
{
	static const double bounds[] = {
			1e-3,
			1e-2,
			1e-1,
			1e0,
			1e1,
			1e2,
			1e3,
			1e4,
			1e5,
			1e6,
			1e7,
			1e8,
			1e9,
			1e10,
			1e11,
			1e12,
			1e13,
	};
	int digits = -3;
	for (size_t i = 0; i < COUNT_OF(bounds) && number >= bounds[i]; i++)
		digits++;
	return digits;
}

/* product / 2^shift, to the nearest; between two, to the even one. */
static uint64_t shift_rounded(wide product, int shift)
{
	wide half = (wide)1 << (shift - 1);
	wide rest = product & ((half << 1) - 1);
	uint64_t quotient = (uint64_t)(product >> shift);
	bool odd = quotient % 2 == 1;
	if (rest > half || (rest == half && odd))
		quotient++;
	return quotient;
}

bool decimal_of(double number, int significant, struct decimal *ret)
{
	int exponent;
	assert(significant >= 1 && significant <= DECIMAL_DIGITS_MAX);
	if (!(number >= 0.0001 && number < 1e14))
		return false;
	int decimals = significant - digits_before_point(number);
	if (decimals < 0)
		return false;
	uint64_t mantissa = (uint64_t)ldexp(frexp(number, &exponent), MANTISSA_BITS);
	uint64_t digits = shift_rounded(mantissa * power_of_ten(decimals), MANTISSA_BITS - exponent);
	while (decimals > 0 && digits % 10 == 0) {
		digits /= 10;
		decimals--;
	}
	*ret = (struct decimal){.digits = digits, .decimals = decimals};
	return true;
}

#else

bool decimal_of(double number, int significant, struct decimal *ret)
{
	(void)number, (void)significant, (void)ret;
	return false;
}

#endif
