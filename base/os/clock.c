/* Clocks of the kernel, and the one form in which headroom writes a moment. */
#include "base/os/clock.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum {
	CLOCK_DAY_AND_TIME = 19 /* "2026-05-20T08:00:00" */
};

#define YEAR_9999_ENDS 253402300799LL

double clock_read_s(clockid_t clock)
{
	struct timespec now = {0};
	(void)clock_gettime(clock, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double clock_now_s(void)
{
	return clock_read_s(CLOCK_MONOTONIC);
}

const char *clock_utc(time_t moment, char out[CLOCK_TEXT_MAX])
{
	struct tm utc = {0};
	(void)gmtime_r(&moment, &utc);
	size_t length = strftime(out, CLOCK_TEXT_MAX, "%Y-%m-%dT%H:%M:%SZ", &utc);
	assert(length > 0); /* a year has at most ten digits */
	(void)length;
	return out;
}

const char *clock_utc_now(char out[CLOCK_TEXT_MAX])
{
	return clock_utc(time(NULL), out);
}

static bool clock_is_two_digits(const char *text)
{
	return isdigit((unsigned char)text[0]) && isdigit((unsigned char)text[1]);
}

static int clock_two_digits(const char *text)
{
	return (text[0] - '0') * 10 + text[1] - '0';
}

/* "Z", "+01:00" or "-01:00" as seconds before UTC. */
static bool clock_parse_zone(const char *text, long *ret_offset_s)
{
	*ret_offset_s = 0;
	if (strcmp(text, "Z") == 0)
		return true;
	bool shaped = strlen(text) == 6 && (*text == '+' || *text == '-') && text[3] == ':';
	if (!shaped || !clock_is_two_digits(text + 1) || !clock_is_two_digits(text + 4))
		return false;
	*ret_offset_s = clock_two_digits(text + 1) * 3600L + clock_two_digits(text + 4) * 60L;
	if (*text == '-')
		*ret_offset_s = -*ret_offset_s;
	return true;
}

/* Does the calendar have this day and the day this second? */
static bool clock_is_real(const struct tm *utc, time_t moment)
{
	struct tm again = {0};
	if (!gmtime_r(&moment, &again))
		return false;
	return again.tm_mon == utc->tm_mon && again.tm_mday == utc->tm_mday &&
			again.tm_hour == utc->tm_hour && again.tm_min == utc->tm_min;
}

bool clock_parse(const char *text, time_t *ret_moment)
{
	struct tm utc = {0};
	long offset_s;
	const char *zone = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
	if (!zone || zone - text != CLOCK_DAY_AND_TIME)
		return false;
	if (*zone == '.')
		zone += 1 + strspn(zone + 1, "0123456789");
	if (!clock_parse_zone(zone, &offset_s))
		return false;
	const struct tm read = utc;
	time_t moment = timegm(&utc);
	if (!clock_is_real(&read, moment))
		return false;
	*ret_moment = moment - offset_s;
	return true;
}

enum source_date clock_source_date(time_t *ret_moment)
{
	const char *text = getenv("SOURCE_DATE_EPOCH");
	if (!text || !*text)
		return SOURCE_DATE_NONE;
	if (text[strspn(text, "0123456789")] != '\0')
		return SOURCE_DATE_INVALID;
	errno = 0;
	long long seconds = strtoll(text, NULL, 10);
	if (errno != 0 || seconds > YEAR_9999_ENDS)
		return SOURCE_DATE_INVALID;
	*ret_moment = (time_t)seconds;
	return SOURCE_DATE_GIVEN;
}

const char *clock_utc_run(char out[CLOCK_TEXT_MAX])
{
	time_t moment;
	if (clock_source_date(&moment) == SOURCE_DATE_GIVEN)
		return clock_utc(moment, out);
	return clock_utc_now(out);
}
