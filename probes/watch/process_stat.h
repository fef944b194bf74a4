/* Parses /proc/PID/stat. */
#ifndef HEADROOM_PROBES_WATCH_PROCESS_STAT_H
#define HEADROOM_PROBES_WATCH_PROCESS_STAT_H

#include <stdbool.h>

/* The fields that are needed. process_stat_parse returns false if the text is not understood.
 * Pure. */
struct process_stat {
	int parent;
	double ticks, child_ticks, threads, resident_pages;
	double start_ticks; /* clock ticks from boot to its start */
};
bool process_stat_parse(const char *text, struct process_stat *ret_stat);

#endif
