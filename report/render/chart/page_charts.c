/* page.charts: the rows of the charts and their findings. A finding is the one text used for the
 * SVG description, the PDF alternative text and the caption. */
#include "base/array.h"
#include "report/render/page.h"

typedef void page_chart(struct arena *arena, const cJSON *root, cJSON *charts);

static page_chart *const page_chart_rows[] = {
		page_headroom,
		page_roles,
		page_map,
		page_drift,
		page_time,
		page_changes,
		page_history,
		page_run,
		page_calibration,
		page_ports,
};

void page_charts(struct arena *arena, cJSON *root, cJSON *page)
{
	cJSON *charts = cJSON_AddObjectToObject(page, "charts");
	for (size_t i = 0; i < COUNT_OF(page_chart_rows); i++)
		page_chart_rows[i](arena, root, charts);
}
