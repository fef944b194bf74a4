/* Facts that do not say when they were read have no age. */
#include "audit/run/age.h"

#include <math.h>

#include "base/os/clock.h"

static bool age_is_time(const char *text)
{
	time_t moment;
	return text && clock_parse(text, &moment);
}

static bool age_is_before(const char *text, const char *other)
{
	return !other || age_between(text, other) > 0;
}

const char *age_as_of(const struct facts *facts, const struct host_info *host)
{
	const char *first = NULL;
	if (age_is_time(host->created))
		return host->created;
	for (size_t i = 0; i < facts->count; i++) {
		const char *read_at = facts->items[i]->read_at;
		if (age_is_time(read_at) && age_is_before(read_at, first))
			first = read_at;
	}
	return first;
}

double age_between(const char *as_of, const char *created)
{
	time_t from, to;
	if (!as_of || !clock_parse(as_of, &from) || !clock_parse(created, &to))
		return (double)NAN;
	return difftime(to, from);
}
