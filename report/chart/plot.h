/* Places, ticks and labels that do not overlap, for charts with two linear axes. */
#ifndef HEADROOM_REPORT_CHART_PLOT_H
#define HEADROOM_REPORT_CHART_PLOT_H

#include <stddef.h>

#include "base/unit.h"
#include "report/chart/canvas.h"

enum {
	PLOT_TEXT = 13,
	PLOT_SMALL = 13, /* 8.5 points on paper */
	PLOT_LINE = 17,
	PLOT_LABELS_MAX = 8
};

/* The frame on the canvas, and where the axes end; both begin at 0. */
struct plot {
	struct canvas *canvas;
	double x, y, width, height;
	double end_x, end_y;
};

double plot_x(const struct plot *plot, double value);
double plot_y(const struct plot *plot, double value);

/* Returns the distance of ticks that divides `span` into about `parts`: 1, 2 or 5 times a power of
 * ten. */
double plot_step(double span, double parts);
/* Returns the smallest multiple of a step that leaves some space above the value. */
double plot_end(double value, double parts);

/* Draws the lines and figures of the vertical axis, and moves the left edge so that the figures
 * fit. */
void plot_rows(struct plot *plot, enum unit unit, bool whole);
/* A label beside the frame: a bold first line and a second line, which may be NULL. */
struct side_label {
	double y; /* where its middle should be */
	enum color color;
	const char *first, *second;
};

/* Draws the labels from x to the edge of the canvas, without overlaps and within the frame's
 * height. */
void plot_side_labels(const struct plot *plot, double x, struct side_label *labels, size_t count);
/* Draws a label at a point: to the right of x if it fits, else to the left; cut to the canvas. */
void plot_label_at(const struct plot *plot, double x, double baseline, bool bold, const char *text);

/* Draws the text above the plot, on the left. */
void plot_subtitle(const struct plot *plot, const char *text);

/* Returns the value if a scale can show it (finite, 0 to 1e15), else 0. */
double plot_sane(double value);

#endif
