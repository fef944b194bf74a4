/* A line through values over time: cut where it leaves its frame, dashed from a second on. */
#ifndef HEADROOM_REPORT_CHART_TRACE_H
#define HEADROOM_REPORT_CHART_TRACE_H

#include "report/chart/plot.h"

struct line {
	const cJSON *times, *values; /* of one length; shares of the limit */
	const char *name, *note;     /* the two lines of its label */
	double peak;                 /* the height of its label; a share */
	bool ghost;                  /* what was planned: thin and dashed */
};

struct trace {
	enum color color;
	double width;
	double dashed_from; /* a second; 0: all of it, INFINITY: nothing */
};

/* Skips values that are not numbers. Of very many values it draws the highest of each group. */
void trace_line(const struct plot *plot, const struct line *line, const struct trace *how);

#endif
