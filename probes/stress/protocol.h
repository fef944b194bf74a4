/* The lines a worker sends: one result each, "WORD [NAME] VALUE". Nothing in them is trusted:
 * lengths, numbers of lines, names and ranges are checked, and the first bad line ends the reading.
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
	struct calibration *calibration; /* filled as lines come */
	double done, of;                 /* progress */
	bool ended;                      /* the worker said that it has finished */
	bool bad;                        /* a line was malformed: what follows is not read */
	char why[128];                   /* what was wrong with that line */
	size_t lines, length;
	char line[PROTOCOL_LINE];
};

void protocol_init(struct protocol *protocol, struct arena *arena, struct calibration *calibration);
void protocol_feed(struct protocol *protocol, const char *bytes, size_t length);

#endif
