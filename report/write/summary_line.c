/* The last line: one verdict word, what decides it, and the highest safe load, for a log grep.
 * Plain ASCII, no thousands separators. */
#include <math.h>
#include <string.h>

#include "report/document/view.h"
#include "report/write/write.h"

/* In connections; in new ones per second where none of the plan stays open. */
static void add_safe(const cJSON *document, struct text *out)
{
	char figure[NUMBER_TEXT_MAX];
	bool rate = !(view_number(document, "plan.connections") > 0);
	double safe = view_number(document, rate ? "max_safe.open_rate_per_s" : "max_safe.connections");
	if (isnan(safe))
		text_add(out, " safe=unknown");
	else
		text_addf(out,
				" safe=%s%s",
				isinf(safe) ? "unlimited" : text_plain_number(figure, floor(safe)),
				rate && !isinf(safe) ? "/s" : "");
}

/* "1,466 %" as 1466%. */
static void summary_line_add_use(const cJSON *resource, struct text *out)
{
	char figure[NUMBER_TEXT_MAX];
	double use = view_number(resource, "utilization");
	if (isnan(use))
		return;
	text_add(out, " ");
	for (const char *at = text_number(figure, use, UNIT_RATIO); *at; at++) {
		if (*at != ' ' && *at != ',' && (unsigned char)*at < 0x80)
			text_add_bytes(out, at, 1);
	}
}

static void add_unknown(const cJSON *document, struct arena *arena, struct text *out)
{
	const cJSON *resource;
	bool first = true;
	cJSON_ArrayForEach(resource, view_array(document, "resources")) {
		if (strcmp(view_raw(resource, "status"), "unknown") != 0 || view_true(resource, "ignored"))
			continue;
		text_addf(out, "%s%s", first ? " " : ",", view_text(arena, resource, "id", 60));
		first = false;
	}
}

void write_summary_line(const cJSON *document, struct arena *arena, struct text *out)
{
	const char *verdict = view_raw(document, "verdict");
	const cJSON *leading = view_leading_resource(document);
	const char *id = view_text(arena, leading, "id", 60);
	text_add(out, "headroom: ");
	if (!strcmp(verdict, "fail")) {
		text_addf(out, "FAIL %s", *id ? id : "unknown-limit");
		summary_line_add_use(leading, out);
		add_safe(document, out);
	} else if (!strcmp(verdict, "pass")) {
		text_addf(out, "PASS binding=%s", view_object(document, "binding") ? id : "none");
		summary_line_add_use(leading, out);
		add_safe(document, out);
	} else if (!strcmp(verdict, "none")) {
		text_add(out, "AUDIT no workload: name one for a verdict");
	} else {
		text_add(out, "UNKNOWN");
		add_unknown(document, arena, out);
	}
	text_add(out, "\n");
}
