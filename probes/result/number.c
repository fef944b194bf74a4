/* Numbers as tools print them. Independent of the locale. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "probes/result/forms.h"

enum {
	DIGITS_MAX = 40
};

/* 1,234: a comma that three digits follow. */
static bool groups(const char *bytes, size_t length)
{
	if (length < 4)
		return false;
	if (!ascii_is_digit(bytes[1]) || !ascii_is_digit(bytes[2]) || !ascii_is_digit(bytes[3]))
		return false;
	return length == 4 || !ascii_is_digit(bytes[4]);
}

static size_t take_whole(const char *bytes, size_t length, double *ret_number)
{
	size_t at = 0;
	double number = 0;
	while (at < length && at < DIGITS_MAX) {
		if (ascii_is_digit(bytes[at]))
			number = number * 10 + (bytes[at] - '0');
		else if (at == 0 || bytes[at] != ',' || !groups(bytes + at, length - at))
			break;
		at++;
	}
	*ret_number = number;
	return at;
}

static size_t take_part(const char *bytes, size_t length, double *number)
{
	double part = 0.1;
	size_t at = 1;
	if (length < 2 || bytes[0] != '.' || !ascii_is_digit(bytes[1]))
		return 0;
	for (; at < length && ascii_is_digit(bytes[at]); at++) {
		*number += part * (bytes[at] - '0');
		part /= 10;
	}
	return at;
}

static size_t take_exponent(const char *bytes, size_t length, double *number)
{
	size_t at = 1;
	double power = 0, sign = 1;
	if (length < 2 || (bytes[0] != 'e' && bytes[0] != 'E'))
		return 0;
	if (bytes[at] == '-')
		sign = -1;
	if (bytes[at] == '-' || bytes[at] == '+')
		at++;
	if (at >= length || !ascii_is_digit(bytes[at]))
		return 0;
	for (; at < length && ascii_is_digit(bytes[at]); at++)
		power = fmin(power * 10 + (bytes[at] - '0'), 400);
	*number *= pow(10, sign * power);
	return at;
}

static size_t number_take(const char *bytes, size_t length, double *ret_number)
{
	size_t at = take_whole(bytes, length, ret_number);
	if (at == 0)
		return 0;
	at += take_part(bytes + at, length - at, ret_number);
	at += take_exponent(bytes + at, length - at, ret_number);
	return at;
}

/* 25k requests; not 25kB, nor 25ms. */
static double multiple(const char *bytes, size_t length)
{
	static const char letters[] = "kMG";
	static const double factors[] = {1e3, 1e6, 1e9};
	if (length == 0)
		return 1;
	const char *letter = memchr(letters, bytes[0], sizeof letters - 1);
	bool goes_on = length > 1 && (ascii_is_letter(bytes[1]) || ascii_is_digit(bytes[1]));
	if (!letter || goes_on)
		return 1;
	return factors[letter - letters];
}

size_t result_number_at(const char *bytes, size_t length, double *ret_number)
{
	size_t at = number_take(bytes, length, ret_number);
	if (at == 0)
		return 0;
	double factor = multiple(bytes + at, length - at);
	*ret_number *= factor;
	if (factor > 1)
		at++;
	return at;
}

struct time_unit {
	const char *name;
	double seconds;
};

/* The longer before the shorter that it begins with. */
static const struct time_unit time_units[] = {
		{"ms", 1e-3},
		{"us", 1e-6},
		{"\xc2\xb5s", 1e-6},
		{"\xce\xbcs", 1e-6},
		{"ns", 1e-9},
		{"h", 3600},
		{"m", 60},
		{"s", 1},
};

static size_t take_unit(const char *bytes, size_t length, double *ret_seconds)
{
	for (size_t i = 0; i < COUNT_OF(time_units); i++) {
		const struct time_unit *unit = &time_units[i];
		size_t wanted = strlen(unit->name);
		if (length < wanted || memcmp(bytes, unit->name, wanted) != 0)
			continue;
		*ret_seconds = unit->seconds;
		return wanted;
	}
	return 0;
}

size_t result_time_at(const char *bytes, size_t length, double *ret_seconds)
{
	size_t at = 0;
	*ret_seconds = 0;
	while (at < length) {
		double number, unit = 1;
		size_t digits = number_take(bytes + at, length - at, &number);
		if (digits == 0)
			break;
		at += digits;
		size_t blank = at < length && bytes[at] == ' ';
		size_t letters = take_unit(bytes + at + blank, length - at - blank, &unit);
		*ret_seconds += number * unit;
		if (letters == 0)
			break;
		at += blank + letters;
	}
	return at;
}
