/* A logarithmic axis of multiples of the plan, and the rows on it: one for each limit, now and
 * after the changes. Both drawings of the limits use it. */
#ifndef HEADROOM_REPORT_CHART_TRACK_H
#define HEADROOM_REPORT_CHART_TRACK_H

#include "report/chart/chart.h"

enum {
	TRACK_ROWS_MAX = 40,
	TRACK_DOT = 5,
	TRACK_BAR = 12
};

struct track {
	struct canvas *canvas;
	double x, width;     /* the whole field */
	double inner, reach; /* where the axis begins and ends in it */
	double from, to;     /* logarithms */
};

/* How many rows of this chart of the page are drawn; the table below has all. */
int track_rows_shown(const cJSON *chart);
/* The decades that the rows need. */
void track_span(struct track *track, const cJSON *rows);
/* The place of a multiple; what lies beyond the axis is at the field's end. */
double track_place(const struct track *track, double multiple);
/* Whether it lies beyond. */
bool track_is_beyond(const struct track *track, double multiple);

/* The zones of failing and passing loads. */
void track_zones(const struct track *track, double top, double height);
/* Ticks of the decades under the field, and figures if there is room. */
void track_scale(const struct track *track, double y, double size);
/* What a row shows at the height y. */
void track_row(const struct track *track, const cJSON *row, double y);
/* Where a row of an unknown limit ends. */
double track_best(const struct track *track, const cJSON *row);

/* The colors of a row's figures. */
enum color track_color_now(const cJSON *row);
enum color track_color_after(const cJSON *row);

#endif
