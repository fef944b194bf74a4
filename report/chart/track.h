/* A logarithmic axis of multiples of the plan with one row for each limit, today and after the
 * changes. Used by the wide and the narrow drawing of the limits. */
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
	double inner, reach; /* where the axis begins and ends in the field */
	double from, to;     /* ends of the axis, as logarithms */
};

/* Returns how many rows of this chart to draw; the table below has all of them. */
int track_rows_shown(const cJSON *chart);
/* Sets the decades that the rows need. */
void track_span(struct track *track, const cJSON *rows);
/* Returns the x of a multiple. Beyond the axis it is at the end of the field. */
double track_place(const struct track *track, double multiple);
/* Returns true if the multiple is beyond the axis. */
bool track_is_beyond(const struct track *track, double multiple);

/* Draws the zones of failing and of passing loads. */
void track_zones(const struct track *track, double top, double height);
/* Draws ticks for the decades below the field, with figures if there is room. */
void track_scale(const struct track *track, double y, double size);
/* Draws one row at the height y. */
void track_row(const struct track *track, const cJSON *row, double y);
/* Returns the x at which the row of an unknown limit ends. */
double track_best(const struct track *track, const cJSON *row);

/* Return the colors of a row's figures. */
enum color track_color_now(const cJSON *row);
enum color track_color_after(const cJSON *row);

#endif
