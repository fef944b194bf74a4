/* What charts with two linear axes share: places, ticks, and labels that do not overlap. */
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

/* The frame in the canvas, and the ends of the axes, which begin at 0. */
struct plot {
	struct canvas *canvas;
	double x, y, width, height;
	double end_x, end_y;
};

double plot_x(const struct plot *plot, double value);
double plot_y(const struct plot *plot, double value);

/* 1, 2 or 5 times a power of ten. */
double plot_step(double span, double parts);
/* The smallest multiple of a step above the value, with some space. */
double plot_end(double value, double parts);

/* Lines and figures of the vertical axis; sets the left edge so that the figures fit. */
void plot_rows(struct plot *plot, enum unit unit, bool whole);
/* A label beside the frame: a bold first line, and a second one if it is not NULL. */
struct side_label {
	double y; /* wanted middle */
	enum color color;
	const char *first, *second;
};

/* Draws them from x to the canvas's edge, apart from each other, between the frame's edges. */
void plot_side_labels(const struct plot *plot, double x, struct side_label *labels, size_t count);
/* A label at a point, to the right of x where it fits, else to the left; cut to the canvas. */
void plot_label_at(const struct plot *plot, double x, double baseline, bool bold, const char *text);

/* The text above the plot, at the left. */
void plot_subtitle(const struct plot *plot, const char *text);

/* A number that a scale can be made for: finite, not negative, at most 1e15; else 0. */
double plot_sane(double value);

#endif
