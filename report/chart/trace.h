/* A line through values over time: cut where it leaves its frame, dashed from a second on. */
#ifndef HEADROOM_REPORT_CHART_TRACE_H
#define HEADROOM_REPORT_CHART_TRACE_H

#include "report/chart/plot.h"

struct line {
	const cJSON *times, *values; /* of one length; shares of the limit */
	const char *name, *note;     /* the two lines of its label */
	double peak;                 /* its label stands at this height; a share */
	bool ghost;                  /* what was planned: thin and dashed */
};

struct trace {
	enum color color;
	double width;
	double dashed_from; /* a second; 0: all of it, INFINITY: nothing */
};

/* Values that are no numbers are passed over; of many the highest of every few are drawn. */
void trace_line(const struct plot *plot, const struct line *line, const struct trace *how);

#endif
