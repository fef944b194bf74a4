/* Units, dimensions and the strict number reader. No sign, no exponent, no locale: what it does not
 * accept, strtod never gets to see. */
#include "base/unit.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"

#define NUMBER_MAX 9007199254740992.0 /* 2^53: the last whole number a double is sure of */

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

/* "%.40s" of a person's text; whatever could upset a terminal becomes a question mark. */
static const char *quotable(const char *text, char out[44])
{
	size_t length = 0;
	for (; text[length] && length < 40; length++)
		out[length] = text[length] >= ' ' && text[length] <= '~' ? text[length] : '?';
	if (text[length]) {
		memcpy(out + length, "...", 3);
		length += 3;
	}
	out[length] = '\0';
	return out;
}

static bool unit_refuse(const char *text, enum unit want, struct error *err)
{
	char shown[44];
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
	return fraction ? text + 1 + fraction : NULL;
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

/* MAJOR.MINOR, each below 1000. */
static bool unit_parse_version(const char *text, double *ret_value, struct error *err)
{
	const char *major = text + (*text == 'v');
	size_t major_length = strspn(major, "0123456789");
	const char *minor = major + major_length + 1;
	if (!major_length || major_length > 3 || minor[-1] != '.')
		return unit_refuse(text, UNIT_VERSION, err);
	size_t minor_length = strspn(minor, "0123456789");
	if (!minor_length || minor_length > 3 || minor[minor_length])
		return unit_refuse(text, UNIT_VERSION, err);
	*ret_value = (double)(strtol(major, NULL, 10) * 1000 + strtol(minor, NULL, 10));
	return true;
}

static bool check_value(const char *text, enum unit want, double value, struct error *err)
{
	char shown[44];
	if (value > NUMBER_MAX)
		return error_set(err,
				"\"%s\" is too large: at most 9007199254740992 (2^53)",
				quotable(text, shown));
	if (want == UNIT_COUNT && value != floor(value))
		return error_set(err, "\"%s\" is not a whole number", quotable(text, shown));
	return true;
}

bool unit_parse(const char *text, enum unit want, double *ret_value, struct error *err)
{
	if (want == UNIT_BOOL)
		return unit_parse_bool(text, ret_value, err);
	if (want == UNIT_VERSION)
		return unit_parse_version(text, ret_value, err);
	if (want != UNIT_RATIO && want != UNIT_TEXT && strcmp(text, "unlimited") == 0) {
		*ret_value = INFINITY;
		return true;
	}
	const char *end = want == UNIT_TEXT ? NULL : skip_decimal(text);
	if (!end)
		return unit_refuse(text, want, err);
	double scale = 1;
	enum unit unit = UNIT_COUNT;
	const char *word = end + (*end == ' ');
	if (*end && !unit_scale(word, strlen(word), &scale, &unit))
		return unit_refuse(text, want, err);
	if (unit != want && (unit != UNIT_COUNT || (want == UNIT_RATIO && *end)))
		return unit_refuse(text, want, err);
	/* k is exact; 0.01 and 0.001 are not, so that these divide. */
	double number = strtod(text, NULL);
	double value = scale < 1 ? number / round(1 / scale) : number * scale;
	if (!check_value(text, want, value, err))
		return false;
	*ret_value = value;
	return true;
}
