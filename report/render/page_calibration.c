/* page.charts.calibration: the fill with the most connections, as its points over time, and what it shows. */
#include <math.h>
#include <string.h>

#include "model/text.h"
#include "report/render/page.h"
#include "report/write/view.h"

/* The measurement with points whose count went highest. */
static const cJSON *highest(const cJSON *root)
{
	const cJSON *row, *best = NULL;
	cJSON_ArrayForEach(row, view_array(root, "calibration")) {
		double reached = view_number(row, "reached");
		if (view_count(row, "samples") > 2 && isfinite(reached) &&
		    (!best || reached > view_number(best, "reached")))
			best = row;
	}
	return best;
}

static void tell(struct arena *arena, const cJSON *row, struct text *out)
{
	const char *unit = view_text(arena, row, "unit", 40),
			   *stopped_by = view_text(arena, row, "stopped_by", 40);
	double measured = view_number(row, "measured"), predicted = view_number(row, "predicted");
	text_addf(out, "%s: %s %s", view_text(arena, row, "id", 40),
	          view_figure(arena, row, "reached", UNIT_COUNT), unit);
	if (isfinite(view_number(row, "duration_s")))
		text_addf(out, " in %s", view_figure(arena, row, "duration_s", UNIT_SECONDS));
	if (!isnan(measured) && *stopped_by && strcmp(stopped_by, "none") != 0)
		text_addf(out, ", then %s", stopped_by);
	else if (isnan(measured))
		text_add(out, "; the limit was not met");
	if (!isnan(predicted))
		text_addf(out, ". Predicted: %s", view_figure(arena, row, "predicted", UNIT_COUNT));
	const cJSON *agrees = view_get(row, "agrees");
	text_add(out, cJSON_IsTrue(agrees)    ? "; the model agrees"
	              : cJSON_IsFalse(agrees) ? "; the model disagrees"
	                                      : "");
	text_add(out, ". Measured on this kernel.");
}

void page_calibration(struct arena *arena, const cJSON *root, cJSON *charts)
{
	static const char *const members[] = {"id", "predicted", "measured", "reached", "stopped_by", "agrees",
	                                   "tolerance", "samples"};
	const cJSON *best = highest(root);
	struct text finding = {0};
	if (!best)
		return;
	tell(arena, best, &finding);
	cJSON *chart = cJSON_AddObjectToObject(charts, "calibration"), *row = cJSON_CreateObject();
	cJSON_AddStringToObject(chart, "finding", finding.data);
	cJSON_AddItemToArray(cJSON_AddArrayToObject(chart, "rows"), row);
	for (size_t i = 0; i < sizeof members / sizeof *members; i++) {
		const cJSON *value = view_get(best, members[i]);
		cJSON_AddItemToObject(row, members[i], value ? cJSON_Duplicate(value, true) : cJSON_CreateNull());
	}
	text_release(&finding);
}
