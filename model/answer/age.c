/* Ages as they are judged and told. */
#include "model/answer/age.h"

#include <math.h>

static const double day_s = 86400;
/* Two hosts' clocks may differ by this much without anybody having to look at them. */
static const double clocks_differ_s = 300;

struct age_unit {
	double seconds, from_s; /* told in this unit from this age on */
	const char *one, *many;
};

static const struct age_unit age_units[] = {
		{86400, 172800, "day", "days"},
		{3600, 3600, "hour", "hours"},
		{60, 60, "minute", "minutes"},
		{1, 0, "second", "seconds"},
};

static const struct age_unit *age_unit_of(double age_s)
{
	const struct age_unit *unit = age_units;
	while (age_s < unit->from_s)
		unit++;
	return unit;
}

const char *age_text(struct arena *arena, double age_s)
{
	const struct age_unit *unit = age_unit_of(age_s);
	double count = floor(age_s / unit->seconds);
	const char *noun = unit->many;
	if (count == 1)
		noun = unit->one;
	return arena_printf(arena, "%.0f %s", count, noun);
}

bool age_is_future(double age_s)
{
	return age_s < -clocks_differ_s;
}

bool age_is_too_old(const struct model_options *options)
{
	if (!(options->max_age_s > 0))
		return false;
	if (age_is_future(options->age_s))
		return true;
	return !(options->age_s <= options->max_age_s);
}

const char *age_warning(struct arena *arena, const struct model_options *options)
{
	if (age_is_future(options->age_s))
		return arena_printf(arena,
				"The values of this host are dated %s after this audit. One of the two clocks is "
				"wrong, so their age is not known.",
				age_text(arena, -options->age_s));
	if (options->age_s > day_s)
		return arena_printf(arena,
				"The values of this host are %s old. This audit does not know what changed since.",
				age_text(arena, options->age_s));
	return NULL;
}

const char *age_reason(struct arena *arena, const struct model_options *options)
{
	const char *allowed = age_text(arena, options->max_age_s);
	if (isnan(options->age_s))
		return arena_printf(arena,
				"nothing says when its values were read (--max-age allows %s)",
				allowed);
	if (age_is_future(options->age_s))
		return arena_printf(arena,
				"its values are dated %s after this audit (--max-age allows %s)",
				age_text(arena, -options->age_s),
				allowed);
	return arena_printf(arena,
			"its values are %s old (--max-age allows %s)",
			age_text(arena, options->age_s),
			allowed);
}
