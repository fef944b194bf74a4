/* Use of limits over time as lines, each named at its side: what the chart of the plan and the
 * chart of a run share. Under them a strip with the connections, on the same clock. The narrow
 * drawing, for a phone, numbers the lines and names them below. */
#ifndef HEADROOM_REPORT_CHART_LINES_H
#define HEADROOM_REPORT_CHART_LINES_H

#include "report/chart/chart.h"
#include "report/chart/plot.h"
#include "report/chart/trace.h"

enum {
	LINES_MAX = 5,
	LINES_ROW = 22
};

/* Connections over time. */
struct strip {
	struct line held, planned; /* planned.values NULL: only one of the two */
	double most;               /* the top of the strip */
};

struct lines {
	const char *name; /* of the canvas */
	bool narrow;
	bool low;           /* a frame that leaves room for the rest of a first page */
	int rows;           /* of LINES_ROW, which the caller draws between strip and clock */
	double end_s;       /* of the clock */
	double most;        /* the highest use of all */
	double target;      /* a share */
	double broken_s;    /* NAN: nothing broke */
	const char *broken; /* the text about that second */
	const char *after;  /* what the dashed lines after it mean; NULL: they stay solid */
	struct line line[LINES_MAX];
	size_t count;
	struct strip strip;
	/* Set by lines_open and lines_draw: */
	struct plot plot; /* the frame of the lines */
	double bottom;    /* of what is drawn so far */
};

/* The canvas, with room for all that follows. Words for it come from `root`. */
struct canvas *lines_open(struct arena *arena, const cJSON *root, struct lines *lines);

/* The frame with its lines and their labels, what broke, and the strip. */
void lines_draw(struct lines *lines);

/* The clock and the labels of the narrow drawing: after the caller's rows. */
void lines_close(struct lines *lines);

#endif
