/* Reads times; the model has judged them. */
#include "report/document/age.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/os/clock.h"
#include "model/answer/age.h"
#include "report/document/view.h"

static const double hour_s = 3600;

/* headroom.audit/1 has no such member: its facts say when they were read. */
static const char *first_reading(const cJSON *document)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(document, "facts")) {
		const char *read_at = view_raw(fact, "read_at");
		if (*read_at)
			return read_at;
	}
	return "";
}

const char *document_as_of(const cJSON *document)
{
	if (view_get(document, "as_of"))
		return view_raw(document, "as_of");
	return first_reading(document);
}

double document_age_s(const cJSON *document)
{
	time_t from, to;
	if (!clock_parse(document_as_of(document), &from))
		return (double)NAN;
	if (!clock_parse(view_raw(document, "created"), &to))
		return (double)NAN;
	return difftime(to, from);
}

bool document_is_dated(const cJSON *document)
{
	double age_s = document_age_s(document);
	return age_s >= hour_s || age_is_future(age_s);
}

/* The first characters of the moment in UTC. */
static const char *age_moment(struct arena *arena, const cJSON *document, size_t length)
{
	char text[CLOCK_TEXT_MAX];
	time_t moment;
	if (!clock_parse(document_as_of(document), &moment))
		return "";
	char *copy = arena_copy(arena, clock_utc(moment, text), length);
	char *between = strchr(copy, 'T');
	if (between)
		*between = ' ';
	return copy;
}

const char *document_day(struct arena *arena, const cJSON *document)
{
	return age_moment(arena, document, strlen("2026-11-21"));
}

const char *document_minute(struct arena *arena, const cJSON *document)
{
	return age_moment(arena, document, strlen("2026-11-21T02:00"));
}
