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

#endif
