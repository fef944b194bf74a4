/* Clocks of the kernel, and the one form in which headroom writes a moment. */
#include "base/os/clock.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

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
