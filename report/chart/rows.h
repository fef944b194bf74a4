/* What the charts with one row for each limit share: names at the left, figures at the right. */
#ifndef HEADROOM_REPORT_CHART_ROWS_H
#define HEADROOM_REPORT_CHART_ROWS_H

#include "report/chart/chart.h"

enum {
	ROWS_PLOT_X = 276,
	ROWS_HEIGHT = 26,
	ROWS_TOP = 52,
	ROWS_TEXT = 13,
	ROWS_SMALL = 12,
	ROWS_FIGURE_MAX = 230
};

/* The value of an axis at its left and right end: logarithms or ratios. */
struct axis {
	double from, to;
	double x, width;
};

double axis_place(const struct axis *axis, double value);

/* The middle of a row. */
double rows_y(int index);
/* Shape and word of the status, then the name. `strong` is the index of a bold row, or -1. */
void rows_names(struct canvas *canvas, const cJSON *rows, int strong);
/* What stands over the plot. */
void rows_subtitle(struct canvas *canvas, const char *text);

#endif
