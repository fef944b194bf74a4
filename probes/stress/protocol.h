/* The lines that a worker sends: one result each, "WORD [NAME] VALUE". They are not trusted:
 * lengths, numbers of lines, names and ranges are checked, and reading ends at the first bad line.
 * Pure. */
#ifndef HEADROOM_PROBES_STRESS_PROTOCOL_H
#define HEADROOM_PROBES_STRESS_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "probes/stress/calibration.h"

enum {
	PROTOCOL_LINE = 480,
	PROTOCOL_NAME = 48,
	PROTOCOL_LINES = 100000,
	PROTOCOL_NOT_COPIED = 64
};

struct protocol {
	struct arena *arena;
	struct calibration *calibration; /* filled as lines arrive */
	double done, of;                 /* progress */
	bool ended;                      /* the worker reported that it has finished */
	bool bad;                        /* a line was malformed, so the rest is not read */
	char why[128];                   /* what was wrong with that line */
	size_t lines, length;
	char line[PROTOCOL_LINE];
};

void protocol_init(struct protocol *protocol, struct arena *arena, struct calibration *calibration);
void protocol_feed(struct protocol *protocol, const char *bytes, size_t length);

#endif
