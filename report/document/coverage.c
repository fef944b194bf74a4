#include "report/document/coverage.h"

#include <math.h>

#include "report/document/view.h"

enum {
	WORD_CHARS = 40
};

static void add_estimate(struct arena *arena, const cJSON *item, struct text *out)
{
	const char *title = view_text(arena, item, "title", WORD_CHARS);
	const char *unit = view_text(arena, item, "unit", WORD_CHARS);
	double needed = view_number(item, "needed");
	double available = view_number(item, "available");
	text_addf(out, "; %s about %g", title, needed);
	if (!isnan(available))
		text_addf(out, " of %g", available);
	text_addf(out, " %s (estimate)", unit);
}

void coverage_add_estimates(struct arena *arena, const cJSON *coverage, struct text *out)
{
	const cJSON *list = view_array(coverage, "estimated");
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		add_estimate(arena, item, out);
	}
}
