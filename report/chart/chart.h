/* The charts. Each draws the data that report/render/page.c put into page.charts of the
 * document. */
#ifndef HEADROOM_REPORT_CHART_CHART_H
#define HEADROOM_REPORT_CHART_CHART_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "report/chart/canvas.h"

enum {
	CHART_WIDTH = 760,
	TICKS_MAX = 40
}; /* more ticks on a scale would be a mistake */

/* `item` is the current item of the template (a mark needs its status). */
typedef struct canvas *chart_fn(struct arena *arena, const cJSON *root, const cJSON *item);

struct chart_row {
	const char *name;
	chart_fn *draw;
};

extern const struct chart_row chart_rows[];
extern const size_t chart_row_count;

const struct chart_row *chart_find(const char *name);

chart_fn chart_headroom, chart_headroom_narrow, chart_time, chart_time_narrow, chart_run,
		chart_run_narrow, chart_drift, chart_drift_narrow, chart_ports, chart_ports_narrow,
		chart_sizing, chart_sizing_narrow, chart_calibration, chart_calibration_narrow,
		chart_history, chart_history_narrow, chart_map, chart_map_narrow, chart_roles,
		chart_roles_narrow, chart_ends, chart_ends_narrow, chart_mark, chart_badge;

#endif
