/* The horizontal axis of a plot: ticks and figures under its frame. */
#ifndef HEADROOM_REPORT_CHART_AXIS_H
#define HEADROOM_REPORT_CHART_AXIS_H

#include "report/chart/plot.h"

void axis_shares(const struct plot *plot);
void axis_seconds(const struct plot *plot);

/* Returns a time for an axis of `span` seconds: "1:53" from two minutes on, "1:00:00" for hours,
 * else "34.8 s". In the arena. */
const char *axis_clock(struct arena *arena, double seconds, double span);

#endif
