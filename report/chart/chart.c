/* The table of charts, the marks, and what charts share. */
#include "report/chart/chart.h"

#include <string.h>

#include "base/array.h"
#include "report/document/badge.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

const struct chart_row chart_rows[] = {
		{"headroom", chart_headroom},
		{"headroom-narrow", chart_headroom_narrow},
		{"drift", chart_drift},
		{"drift-narrow", chart_drift_narrow},
		{"time", chart_time},
		{"time-narrow", chart_time_narrow},
		{"run", chart_run},
		{"run-narrow", chart_run_narrow},
		{"ports", chart_ports},
		{"ports-narrow", chart_ports_narrow},
		{"sizing", chart_sizing},
		{"sizing-narrow", chart_sizing_narrow},
		{"calibration", chart_calibration},
		{"calibration-narrow", chart_calibration_narrow},
		{"history", chart_history},
		{"history-narrow", chart_history_narrow},
		{"ends", chart_ends},
		{"ends-narrow", chart_ends_narrow},
		{"roles", chart_roles},
		{"roles-narrow", chart_roles_narrow},
		{"map", chart_map},
		{"map-narrow", chart_map_narrow},
		{"mark", chart_mark},
		{"badge", chart_badge},
};

const size_t chart_row_count = COUNT_OF(chart_rows);

const struct chart_row *chart_find(const char *name)
{
	for (size_t i = 0; i < chart_row_count; i++)
		if (strcmp(chart_rows[i].name, name) == 0)
			return &chart_rows[i];
	return NULL;
}

/* The status of a resource beside its word. */
struct canvas *chart_mark(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)root;
	enum status status = document_status(item);
	struct canvas *canvas = canvas_new(arena, "mark", 12, 12);
	canvas_mark(canvas, 6, 6, 11, status, color_of_status(status));
	return canvas;
}

/* The verdict's shape, on its colored ground. */
struct canvas *chart_badge(struct arena *arena, const cJSON *root, const cJSON *item)
{
	(void)item;
	enum status status = canvas_status_of(badge_verdict(root));
	struct canvas *canvas = canvas_new(arena, "badge", 24, 24);
	canvas_rect(canvas,
			0,
			0,
			24,
			24,
			color_of_status(status)); /* seen where the page has no styles */
	canvas_mark(canvas, 12, 12, 21, status, COLOR_BG);
	return canvas;
}
