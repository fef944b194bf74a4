/* Classes of ASCII characters. Unlike <ctype.h> they ignore the locale and accept any char; bytes
 * of UTF-8 belong to no class. */
#ifndef HEADROOM_BASE_ASCII_H
#define HEADROOM_BASE_ASCII_H

#include <stdbool.h>

static inline bool ascii_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool ascii_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool ascii_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool ascii_is_letter(char c)
{
	return ascii_is_lower(c) || ascii_is_upper(c);
}

/* Letters, digits and the underscore: the characters of names in C, shells and formulas. */
static inline bool ascii_is_name(char c)
{
	return ascii_is_letter(c) || ascii_is_digit(c) || c == '_';
}

static inline char ascii_upper(char c)
{
	if (ascii_is_lower(c))
		return (char)(c - 'a' + 'A');
	return c;
}

static inline char ascii_lower(char c)
{
	if (ascii_is_upper(c))
		return (char)(c - 'A' + 'a');
	return c;
}

/* Returns the value of a hexadecimal digit in either case, or -1 for anything else. */
static inline int ascii_hex_value(char c)
{
	char lower = ascii_lower(c);
	if (ascii_is_digit(c))
		return c - '0';
	if (lower >= 'a' && lower <= 'f')
		return lower - 'a' + 10;
	return -1;
}

#endif
