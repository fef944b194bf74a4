/* The end of page 1: how far to trust it. */
#include "base/text.h"
#include "report/document/coverage.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/foreign.h"
#include "report/write/markdown/markdown.h"
#include "report/write/markup.h"

/* "7 of 22 limits judged; CPU and bandwidth not judged" */
static void trust_add_coverage(const struct markdown *m)
{
	const cJSON *coverage = view_object(m->document, "coverage"), *item;
	const cJSON *not_judged = view_array(coverage, "not_judged");
	const char *judged = view_figure(m->arena, coverage, "judged", UNIT_COUNT);
	const char *total = view_figure(m->arena, coverage, "total", UNIT_COUNT);
	const char *between = "; ";
	text_addf(m->out, "* %s of %s limits apply and were checked", judged, total);
	coverage_add_estimates(m->arena, coverage, m->out);
	cJSON_ArrayForEach(item, not_judged) {
		text_addf(m->out, "%s%s", between, markdown_string(m, item, "", 40));
		between = " and ";
	}
	if (*between == ' ')
		text_add(m->out, " not checked");
	text_add(m->out, "\n");
}

static const char *trust_basis(const cJSON *document)
{
	if (view_true(document, "gate.ran"))
		return "The run was measured; limits and changes are calculated";
	if (view_count(document, "calibration"))
		return "Calculated where not marked as measured";
	return "Calculated, not measured";
}

static void trust_add_assumed(const struct markdown *m)
{
	size_t count = view_count(m->document, "assumptions");
	if (count == 1)
		text_add(m->out, "* 1 value is assumed, because the plan does not give it\n");
	if (count > 1)
		text_addf(m->out, "* %zu values are assumed, because the plan does not give them\n", count);
}

/* Who judged beside what is built in. */
static void trust_add_foreign(const struct markdown *m)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(m->document, "foreign")) {
		const char *line = foreign_line(m->arena, item);
		markdown_item(m, "Not built in", markdown_escaped(m, line));
	}
}

void markdown_trust(const struct markdown *m)
{
	text_add(m->out, "### How far to trust this\n\n");
	if (document_verdict(m->document) != VERDICT_NONE)
		trust_add_coverage(m);
	text_addf(m->out, "* %s\n", trust_basis(m->document));
	trust_add_assumed(m);
	trust_add_foreign(m);
	text_add(m->out, "* This result is valid until the host or the plan changes\n\n");
}
