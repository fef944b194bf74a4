/* Draws the use of limits over time as lines labeled at their side, and below them a strip with the
 * connections on the same clock. Shared by the charts of a plan and of a run. The narrow drawing,
 * for phones, numbers the lines and names them below. */
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
	struct line held, planned; /* planned.values NULL: there is only `held` */
	double most;               /* the value at the top of the strip */
};

struct lines {
	const char *name; /* name of the canvas */
	bool narrow;
	bool low;           /* low frame, which leaves room for the rest of a first page */
	int rows;           /* rows of height LINES_ROW that the caller draws between strip and clock */
	double end_s;       /* end of the clock, in seconds */
	double most;        /* the highest use of all lines */
	double target;      /* 0.75 is 75% */
	double broken_s;    /* second of the failure; NAN: nothing failed */
	const char *broken; /* the text about that second */
	/* What the dashed lines after that second mean; NULL: the lines stay solid. */
	const char *after;
	struct line line[LINES_MAX];
	size_t count;
	struct strip strip;
	/* Set by lines_open and lines_draw: */
	struct plot plot; /* the frame of the lines */
	double bottom;    /* lower edge of what is drawn so far */
};

/* Returns the canvas, with room for everything that follows. `root` has the words. */
struct canvas *lines_open(struct arena *arena, const cJSON *root, struct lines *lines);

/* Draws the frame, the lines with their labels, the failure, and the strip. */
void lines_draw(struct lines *lines);

/* Draws the clock and the narrow drawing's labels. Call it after the caller's rows. */
void lines_close(struct lines *lines);

#endif
