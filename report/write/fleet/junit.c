/* headroom.fleet/1 as JUnit: a case for each host. One that fails is a failure; one that did not
 * answer or cannot be judged is an error: nobody takes it for a pass. */
#include <math.h>
#include <string.h>

#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/fleet/page.h"
#include "report/write/markup.h"
#include "report/write/write.h"

struct fleet_cases {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

static bool stands_by(const cJSON *host)
{
	return strcmp(view_raw(host, "state"), "standing-by") == 0;
}

static const char *why_unknown(const struct fleet_cases *cases, const cJSON *host)
{
	const char *state = view_text(cases->arena, host, "state", 20);
	const char *why = view_text(cases->arena, host, "why", FLEET_WHY_CHARS);
	const char *same = view_text(cases->arena, host, "same_as", FLEET_NAME_CHARS);
	if (*same)
		return arena_printf(cases->arena, "the same machine as %s", same);
	if (*why)
		return arena_printf(cases->arena, "%s: %s", state, why);
	if (strcmp(state, "missing") == 0)
		return "it did not answer";
	if (strcmp(state, "stale") == 0)
		return "its values are too old";
	return "it cannot be judged";
}

static const char *why_failed(const struct fleet_cases *cases, const cJSON *host)
{
	const char *id = view_text(cases->arena, host, "limit", FLEET_NAME_CHARS);
	const char *title = fleet_limit_title(cases->arena, cases->document, id);
	if (!*title)
		title = id;
	return arena_printf(cases->arena,
			"%s: %s used",
			title,
			view_figure(cases->arena, host, "use", UNIT_RATIO));
}

static void add_fleet_case(const struct fleet_cases *cases, const cJSON *host)
{
	struct text *out = cases->out;
	const char *element = "error";
	const char *why = "";
	switch (document_verdict(host)) {
	case VERDICT_FAIL:
		element = "failure";
		why = why_failed(cases, host);
		break;
	case VERDICT_UNKNOWN:
		why = why_unknown(cases, host);
		break;
	case VERDICT_PASS:
	case VERDICT_NONE:
		break;
	}
	text_add(out, "\t\t<testcase classname=\"headroom.fleet\" name=\"");
	markup_add_html(out, view_text(cases->arena, host, "name", FLEET_NAME_CHARS));
	text_add(out, "\" time=\"0\"");
	if (stands_by(host)) {
		text_add(out, ">\n\t\t\t<skipped/>\n\t\t</testcase>\n");
		return;
	}
	if (!*why) {
		text_add(out, "/>\n");
		return;
	}
	text_addf(out, ">\n\t\t\t<%s type=\"headroom\" message=\"", element);
	markup_add_html(out, why);
	text_add(out, "\"/>\n\t\t</testcase>\n");
}

/* A source that ended in an error is a case of its own: hosts may be missing from it. */
static void add_source_case(const struct fleet_cases *cases)
{
	const cJSON *problem;
	const char *why = "a signal ended it half-way, or no host is there";
	if (view_true(cases->document, "egress_exceeded"))
		why = view_text(cases->arena, cases->document, "headline", FLEET_WHY_CHARS);
	text_add(cases->out,
			"\t\t<testcase classname=\"headroom.fleet\" name=\"sources\" time=\"0\">\n"
			"\t\t\t<error type=\"headroom\" message=\"");
	cJSON_ArrayForEach(problem, view_array(cases->document, "problems")) {
		if (!view_true(problem, "ends"))
			continue;
		why = arena_printf(cases->arena,
				"%s: %s",
				view_text(cases->arena, problem, "where", FLEET_WHY_CHARS),
				view_text(cases->arena, problem, "why", FLEET_WHY_CHARS));
		break;
	}
	markup_add_html(cases->out, why);
	text_add(cases->out, "\"/>\n\t\t</testcase>\n");
}

static bool has_source_case(const cJSON *document)
{
	bool none = view_count(document, "hosts") == 0 || view_true(document, "egress_exceeded");
	return none || view_true(document, "source_error") || view_true(document, "stopped");
}

static const char *case_numbers(const struct fleet_cases *cases)
{
	const cJSON *host;
	size_t failures = 0, errors = 0, skipped = 0;
	size_t tests = view_count(cases->document, "hosts");
	cJSON_ArrayForEach(host, view_array(cases->document, "hosts")) {
		failures += document_verdict(host) == VERDICT_FAIL;
		errors += document_verdict(host) == VERDICT_UNKNOWN;
		skipped += stands_by(host);
	}
	if (has_source_case(cases->document)) {
		errors++;
		tests++;
	}
	return arena_printf(cases->arena,
			"tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
			tests,
			failures,
			errors,
			skipped);
}

void write_fleet_junit(const cJSON *document, const struct write_options *options, struct text *out)
{
	const struct fleet_cases cases = {document, options->arena, out};
	const char *numbers = case_numbers(&cases);
	const cJSON *host;
	text_addf(out,
			"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"headroom\" %s>\n",
			numbers);
	text_addf(out, "\t<testsuite name=\"headroom fleet\" %s time=\"0\" timestamp=\"", numbers);
	markup_add_html(out, view_text(options->arena, document, "created", 40));
	text_add(out, "\">\n");
	cJSON_ArrayForEach(host, view_array(document, "hosts"))
		add_fleet_case(&cases, host);
	if (has_source_case(document))
		add_source_case(&cases);
	text_add(out, "\t</testsuite>\n</testsuites>\n");
}
