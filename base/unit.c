/* Units, dimensions and the strict reader of numbers. It knows no sign, no exponent and no locale,
 * and strtod sees only what it has accepted. */
#include "base/unit.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define NUMBER_MAX 9007199254740992.0 /* 2^53: above it a double skips whole numbers */

enum {
	QUOTED_MAX = 44
};

/* One row per unit: its JSON name and its dimension. */
static const struct {
	const char *name;
	struct dimension dimension;
} units[] = {
		[UNIT_COUNT] = {"count", {0, 0}},
		[UNIT_BYTES] = {"bytes", {1, 0}},
		[UNIT_SECONDS] = {"seconds", {0, 1}},
		[UNIT_PER_S] = {"per_s", {0, -1}},
		[UNIT_RATIO] = {"ratio", {0, 0}},
		[UNIT_BOOL] = {"bool", {0, 0}},
		[UNIT_VERSION] = {"version", {0, 0}},
		[UNIT_TEXT] = {"text", {0, 0}},
};

enum {
	UNITS = COUNT_OF(units)
};

/* One row per word that may follow a number: its factor to the base unit. */
static const struct scale {
	const char *word;
	double scale;
	enum unit unit;
} scales[] = {
		{"k", 1e3, UNIT_COUNT},
		{"M", 1e6, UNIT_COUNT},
		{"B", 1, UNIT_BYTES},
		{"KiB", 1024, UNIT_BYTES},
		{"MiB", 1048576, UNIT_BYTES},
		{"GiB", 1073741824, UNIT_BYTES},
		{"TiB", 1099511627776, UNIT_BYTES},
		{"ms", 1e-3, UNIT_SECONDS},
		{"s", 1, UNIT_SECONDS},
		{"m", 60, UNIT_SECONDS},
		{"h", 3600, UNIT_SECONDS},
		{"d", 86400, UNIT_SECONDS},
		{"/s", 1, UNIT_PER_S},
		{"k/s", 1e3, UNIT_PER_S},
		{"M/s", 1e6, UNIT_PER_S},
		{"%", 0.01, UNIT_RATIO},
};

/* Examples for the messages: what would have been right. */
static const char *const expected[] = {
		[UNIT_COUNT] = "a count such as 15000 or 15k",
		[UNIT_BYTES] = "a size such as 4096, 4KiB or 1GiB",
		[UNIT_SECONDS] = "a time such as 60, 60s, 100ms or 2m",
		[UNIT_PER_S] = "a rate such as 250 or 250/s",
		[UNIT_RATIO] = "a share such as 75% or 0.75",
		[UNIT_BOOL] = "yes or no",
		[UNIT_VERSION] = "a version such as 6.18",
		[UNIT_TEXT] = "a text",
};

const char *unit_name(enum unit unit)
{
	assert((size_t)unit < COUNT_OF(units));
	return units[unit].name;
}

bool unit_from_name(const char *name, enum unit *ret_unit)
{
	for (int i = 0; i < UNITS; i++) {
		if (strcmp(name, units[i].name) == 0) {
			*ret_unit = (enum unit)i;
			return true;
		}
	}
	return false;
}

struct dimension unit_dimension(enum unit unit)
{
	assert((size_t)unit < COUNT_OF(units));
	return units[unit].dimension;
}

bool dimension_equal(struct dimension a, struct dimension b)
{
	return a.bytes == b.bytes && a.seconds == b.seconds;
}

bool unit_scale(const char *word, size_t length, double *ret_scale, enum unit *ret_unit)
{
	for (size_t i = 0; i < COUNT_OF(scales); i++) {
		if (strlen(scales[i].word) == length && memcmp(scales[i].word, word, length) == 0) {
			*ret_scale = scales[i].scale;
			*ret_unit = scales[i].unit;
			return true;
		}
	}
	return false;
}

/* The first 40 characters of what a person wrote. A control character, which could upset a
 * terminal, and a byte that is not ASCII become a question mark. */
static const char *quotable(const char *text, char out[QUOTED_MAX])
{
	static const char more[] = "...";
	size_t length = 0;
	for (; text[length] && length < QUOTED_MAX - sizeof more; length++) {
		out[length] = text[length];
		if (text[length] < ' ' || text[length] > '~')
			out[length] = '?';
	}
	out[length] = '\0';
	if (text[length])
		memcpy(out + length, more, sizeof more);
	return out;
}

/* "15,000" without what separates its thousands; false: it is not written like that. */
static bool without_separators(const char *text, char out[QUOTED_MAX])
{
	size_t digits = strspn(text, "0123456789"), length = digits;
	bool any = false;
	if (!digits || digits > 3 || strlen(text) >= QUOTED_MAX)
		return false;
	memcpy(out, text, digits);
	text += digits;
	while (*text && strchr(",_'", *text) && strspn(text + 1, "0123456789") == 3) {
		memcpy(out + length, text + 1, 3);
		length += 3;
		text += 4;
		any = true;
	}
	memcpy(out + length, text, strlen(text) + 1);
	return any && !strpbrk(text, ",_'");
}

static bool unit_refuse(const char *text, enum unit want, struct error *err)
{
	char shown[QUOTED_MAX], plain[QUOTED_MAX];
	if (want != UNIT_TEXT && without_separators(text, plain)) {
		char right[QUOTED_MAX];
		return error_set(err,
				"write \"%s\" without separators: %s",
				quotable(text, shown),
				quotable(plain, right));
	}
	return error_set(err, "\"%s\" is not %s", quotable(text, shown), expected[want]);
}

/* The end of digits[.digits], or NULL. */
static const char *skip_decimal(const char *text)
{
	size_t whole = strspn(text, "0123456789");
	if (!whole)
		return NULL;
	text += whole;
	if (*text != '.')
		return text;
	size_t fraction = strspn(text + 1, "0123456789");
	if (!fraction)
		return NULL;
	return text + 1 + fraction;
}

static bool unit_parse_bool(const char *text, double *ret_value, struct error *err)
{
	static const struct {
		const char *word;
		double value;
	} words[] = {{"yes", 1}, {"true", 1}, {"1", 1}, {"no", 0}, {"false", 0}, {"0", 0}};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(text, words[i].word) == 0) {
			*ret_value = words[i].value;
			return true;
		}
	}
	return unit_refuse(text, UNIT_BOOL, err);
}

/* The number of digits at the start of the text, if there are one to three; else 0. */
static size_t short_number(const char *text)
{
	size_t length = strspn(text, "0123456789");
	if (length > 3)
		return 0;
	return length;
}

/* MAJOR.MINOR, each below 1000. */
static bool unit_parse_version(const char *text, double *ret_value, struct error *err)
{
	const char *major = text + (*text == 'v');
	size_t major_length = short_number(major);
	if (!major_length || major[major_length] != '.')
		return unit_refuse(text, UNIT_VERSION, err);
	const char *minor = major + major_length + 1;
	size_t minor_length = short_number(minor);
	if (!minor_length || minor[minor_length] != '\0')
		return unit_refuse(text, UNIT_VERSION, err);
	long version = strtol(major, NULL, 10) * 1000 + strtol(minor, NULL, 10);
	*ret_value = (double)version;
	return true;
}

static bool check_value(const char *text, enum unit want, double value, struct error *err)
{
	char shown[QUOTED_MAX];
	if (value > NUMBER_MAX)
		return error_set(err,
				"\"%s\" is too large: at most 9007199254740992 (2^53)",
				quotable(text, shown));
	if (want == UNIT_COUNT && value != floor(value))
		return error_set(err, "\"%s\" is not a whole number", quotable(text, shown));
	return true;
}

/* May a number with this unit, or without one, be read where `want` is expected? k and M fit every
 * unit but a ratio, and a bare number is in the base unit. */
static bool unit_fits(enum unit unit, enum unit want, bool bare)
{
	if (unit == want || bare)
		return true;
	return unit == UNIT_COUNT && want != UNIT_RATIO;
}

/* A number of at most 2^53 in decimals, with its unit behind it. */
static bool unit_parse_number(const char *text,
		enum unit want,
		double *ret_value,
		struct error *err)
{
	const char *end = skip_decimal(text);
	if (!end)
		return unit_refuse(text, want, err);
	const char *word = end;
	if (*word == ' ')
		word++;
	double scale = 1;
	enum unit unit = UNIT_COUNT;
	bool bare = *end == '\0';
	if (!bare && !unit_scale(word, strlen(word), &scale, &unit))
		return unit_refuse(text, want, err);
	if (!unit_fits(unit, want, bare))
		return unit_refuse(text, want, err);
	double value = strtod(text, NULL);
	/* 1000 is exact in binary, while 0.001 is not: dividing gives the nearest number. */
	if (scale < 1)
		value /= round(1 / scale);
	else
		value *= scale;
	if (!check_value(text, want, value, err))
		return false;
	*ret_value = value;
	return true;
}

bool unit_parse(const char *text, enum unit want, double *ret_value, struct error *err)
{
	switch (want) {
	case UNIT_BOOL:
		return unit_parse_bool(text, ret_value, err);
	case UNIT_VERSION:
		return unit_parse_version(text, ret_value, err);
	case UNIT_TEXT:
		return unit_refuse(text, want, err);
	case UNIT_RATIO:
		break;
	case UNIT_COUNT:
	case UNIT_BYTES:
	case UNIT_SECONDS:
	case UNIT_PER_S:
		if (strcmp(text, "unlimited") != 0)
			break;
		*ret_value = INFINITY;
		return true;
	}
	return unit_parse_number(text, want, ret_value, err);
}
