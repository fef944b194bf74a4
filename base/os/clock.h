/* The time of day and the time that passes. */
#ifndef HEADROOM_BASE_OS_CLOCK_H
#define HEADROOM_BASE_OS_CLOCK_H

#include <stdbool.h>
#include <time.h>

enum {
	CLOCK_TEXT_MAX = 32
};

/* Seconds since some moment in the past. Never goes backwards: for durations and deadlines. */
double clock_now_s(void);

/* The same of any clock of clock_gettime(2), such as CLOCK_PROCESS_CPUTIME_ID. */
double clock_read_s(clockid_t clock);

/* The moment in UTC after RFC 3339, "2026-05-20T08:00:00Z". Returns out. */
const char *clock_utc(time_t moment, char out[CLOCK_TEXT_MAX]);
const char *clock_utc_now(char out[CLOCK_TEXT_MAX]);

/* Reads what clock_utc writes, also with a fraction of a second and with an offset instead of "Z".
 * false: it is no such moment. */
bool clock_parse(const char *text, time_t *ret_moment);

/* The date that files should carry so that building them again gives the same bytes:
 * SOURCE_DATE_EPOCH (reproducible-builds.org), whole seconds since 1970 up to the year 9999. */
enum source_date {
	SOURCE_DATE_NONE, /* not set, or empty */
	SOURCE_DATE_GIVEN,
	SOURCE_DATE_INVALID
};

/* *ret_moment is set for SOURCE_DATE_GIVEN only. */
enum source_date clock_source_date(time_t *ret_moment);

/* The moment of this run: SOURCE_DATE_EPOCH where it is given, else now. Returns out. */
const char *clock_utc_run(char out[CLOCK_TEXT_MAX]);

#endif
