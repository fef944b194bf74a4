/* The last line: one verdict word, what decides it, and the highest safe load, for a log grep.
 * Plain ASCII, no thousands separators. */
#include <math.h>

#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/write.h"

/* In connections; in new ones per second where none of the plan stays open. */
static void add_safe(const cJSON *document, struct text *out)
{
	char figure[NUMBER_TEXT_MAX];
	bool rate = !(view_number(document, "plan.connections") > 0);
	double safe = view_number(document, rate ? "max_safe.open_rate_per_s" : "max_safe.connections");
	text_addf(out, " safe=%s", text_plain_number(figure, floor(safe)));
	if (rate && isfinite(safe))
		text_add(out, "/s");
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
	const char *before = " ";
	cJSON_ArrayForEach(resource, view_array(document, "resources")) {
		if (document_status(resource) != STATUS_UNKNOWN || view_true(resource, "ignored"))
			continue;
		text_addf(out, "%s%s", before, view_text(arena, resource, "id", 60));
		before = ",";
	}
}

static void summary_line_add_fail(const cJSON *document, struct arena *arena, struct text *out)
{
	const cJSON *leading = document_leading_limit(document);
	const char *id = view_text(arena, leading, "id", 60);
	if (!*id)
		id = "unknown-limit";
	text_addf(out, "FAIL %s", id);
	summary_line_add_use(leading, out);
	add_safe(document, out);
}

static void summary_line_add_pass(const cJSON *document, struct arena *arena, struct text *out)
{
	const cJSON *leading = document_leading_limit(document);
	const char *id = "none";
	if (view_object(document, "binding"))
		id = view_text(arena, leading, "id", 60);
	text_addf(out, "PASS binding=%s", id);
	summary_line_add_use(leading, out);
	add_safe(document, out);
}

void write_summary_line(const cJSON *document, struct arena *arena, struct text *out)
{
	text_add(out, "headroom: ");
	switch (document_verdict(document)) {
	case VERDICT_FAIL:
		summary_line_add_fail(document, arena, out);
		break;
	case VERDICT_PASS:
		summary_line_add_pass(document, arena, out);
		break;
	case VERDICT_NONE:
		text_add(out, "AUDIT no workload: name one for a verdict");
		break;
	case VERDICT_UNKNOWN:
		text_add(out, "UNKNOWN");
		add_unknown(document, arena, out);
		break;
	}
	text_add(out, "\n");
}
