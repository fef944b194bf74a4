/* The time of day, and clocks for durations. */
#ifndef HEADROOM_BASE_OS_CLOCK_H
#define HEADROOM_BASE_OS_CLOCK_H

#include <stdbool.h>
#include <time.h>

enum {
	CLOCK_TEXT_MAX = 32
};

/* Returns seconds since an unspecified moment. Never goes backwards: for durations and
 * deadlines. */
double clock_now_s(void);

/* Returns the seconds of any clock of clock_gettime(2), such as CLOCK_PROCESS_CPUTIME_ID. */
double clock_read_s(clockid_t clock);

/* Writes a moment in UTC as RFC 3339 does, "2026-05-20T08:00:00Z". Returns out. */
const char *clock_utc(time_t moment, char out[CLOCK_TEXT_MAX]);
const char *clock_utc_now(char out[CLOCK_TEXT_MAX]);

/* Reads the form that clock_utc writes, also with a fraction of a second, or an offset instead of
 * "Z". Returns false if the text has another form. */
bool clock_parse(const char *text, time_t *ret_moment);

/* Whether SOURCE_DATE_EPOCH (reproducible-builds.org) gives the date of generated files, so that
 * generating them again gives the same bytes. It is in whole seconds since 1970, up to the year
 * 9999. */
enum source_date {
	SOURCE_DATE_NONE, /* not set, or empty */
	SOURCE_DATE_GIVEN,
	SOURCE_DATE_INVALID
};

/* Reads SOURCE_DATE_EPOCH. Sets *ret_moment only for SOURCE_DATE_GIVEN. */
enum source_date clock_source_date(time_t *ret_moment);

/* Writes the moment of this run: SOURCE_DATE_EPOCH if it is given, else now. Returns out. */
const char *clock_utc_run(char out[CLOCK_TEXT_MAX]);

#endif
