/* Draws values over time as a line, cut at the edge of the frame and dashed from a given second
 * on. */
#ifndef HEADROOM_REPORT_CHART_TRACE_H
#define HEADROOM_REPORT_CHART_TRACE_H

#include "report/chart/plot.h"

struct line {
	const cJSON *times, *values; /* of equal length; the values are shares of the limit */
	const char *name, *note;     /* the two lines of its label */
	double peak;                 /* height of its label, as a share */
	bool ghost;                  /* planned values: thin and dashed */
};

struct trace {
	enum color color;
	double width;
	double dashed_from; /* seconds; 0: all dashed; INFINITY: nothing dashed */
};

/* Draws the line. Skips values that are not numbers; if there are very many, draws the highest of
 * each group. */
void trace_line(const struct plot *plot, const struct line *line, const struct trace *how);

#endif
