/* JUnit XML as Jenkins and GitLab read it: one test case per limit, with names that stay the same
 * from run to run. A failing limit is a failure, an unknown one an error, one that does not apply
 * or does not count is skipped, a warning passes with its text in system-out. A gate has two cases
 * more, the certificate and the command, and something fails exactly where its exit status is not
 * 0: what must not fail the job is skipped with its text. */
#include <string.h>

#include "report/document/badge.h"
#include "report/document/baseline.h"
#include "report/document/notes.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/foreign.h"
#include "report/write/write.h"

/* XML 1.0 allows no control characters but tab, LF and CR, not even escaped; text_clean took them.
 */
static void junit_add_xml(struct text *out, const char *text)
{
	for (const char *at = text; *at; at++) {
		unsigned char c = (unsigned char)*at;
		if (c == '&')
			text_add(out, "&amp;");
		else if (c == '<')
			text_add(out, "&lt;");
		else if (c == '>')
			text_add(out, "&gt;");
		else if (c == '"')
			text_add(out, "&quot;");
		else if (c == '\n')
			text_add(out, "&#10;");
		else if (c >= 0x20 && c != 0x7f)
			text_add_bytes(out, at, 1);
	}
}

enum {
	HEADLINE_CHARS = 600
};

enum outcome {
	OUTCOME_PASS,
	OUTCOME_FAILURE,
	OUTCOME_ERROR,
	OUTCOME_SKIPPED,
	OUTCOMES
};

static const char *const elements[OUTCOMES] = {
		[OUTCOME_FAILURE] = "failure",
		[OUTCOME_ERROR] = "error",
		[OUTCOME_SKIPPED] = "skipped",
};

static enum outcome outcome_of_limit(const cJSON *resource)
{
	if (view_true(resource, "ignored") || view_true(resource, "waived"))
		return OUTCOME_SKIPPED;
	switch (document_status(resource)) {
	case STATUS_NOT_APPLICABLE:
		return OUTCOME_SKIPPED;
	case STATUS_FAIL:
		return OUTCOME_FAILURE;
	case STATUS_PASS:
	case STATUS_WARN:
		return OUTCOME_PASS;
	case STATUS_UNKNOWN:
		break;
	}
	/* An advisory limit does not decide: an error would fail a build that the verdict lets pass. */
	return strcmp(view_raw(resource, "severity"), "advisory") ? OUTCOME_ERROR : OUTCOME_SKIPPED;
}

/* A gate that was forced to run, and ended well. */
static bool job_passes(const cJSON *document)
{
	return view_number(document, "run.exit") == 0;
}

static enum outcome junit_outcome_of(const cJSON *document, const cJSON *resource)
{
	enum outcome outcome = outcome_of_limit(resource);
	bool bad = outcome == OUTCOME_FAILURE || outcome == OUTCOME_ERROR;
	if (bad && (job_passes(document) || baseline_is_known(document, resource)))
		return OUTCOME_SKIPPED;
	return outcome;
}

static const char *message_of_limit(const cJSON *resource, struct arena *arena)
{
	const char *reason = view_text(arena, resource, "reason", 300);
	if (*reason)
		return reason;
	enum unit unit = view_unit(resource, "quantity");
	return arena_printf(arena,
			"%s: %s needed, %s available (%s)",
			view_text(arena, resource, "title", 80),
			view_needed(arena, resource),
			view_figure(arena, resource, "capacity", unit),
			view_figure(arena, resource, "utilization", UNIT_RATIO));
}

/* What is excused says so first, and its numbers all the same. */
static const char *message_of(const cJSON *document, const cJSON *resource, struct arena *arena)
{
	const char *excuse = document_excuse(arena, document, resource);
	const char *numbers = message_of_limit(resource, arena);
	if (!*excuse)
		return numbers;
	return arena_printf(arena, "%s; %s", excuse, numbers);
}

static void add_formula(const cJSON *resource,
		const char *name,
		struct arena *arena,
		struct text *out)
{
	const char *symbolic = view_text(arena, resource, arena_printf(arena, "%s_formula", name), 0);
	const char *values = view_text(arena, resource, arena_printf(arena, "%s_substituted", name), 0);
	if (*symbolic)
		text_addf(out, "%s = %s = %s\n", name, symbolic, values);
}

/* Whether the number was measured, or only modelled. */
static void add_calibrated(const cJSON *resource, struct arena *arena, struct text *out)
{
	const cJSON *calibrated = view_object(resource, "calibrated");
	enum unit unit = view_unit(calibrated, "quantity");
	if (!calibrated)
		text_add(out, "calculated, not measured\n");
	else
		text_addf(out,
				"measured: %s %s (predicted %s, used %s)\n",
				view_text(arena, calibrated, "what", 40),
				view_figure(arena, calibrated, "measured", unit),
				view_figure(arena, calibrated, "predicted", unit),
				view_figure(arena, calibrated, "used", unit));
}

/* One line per calibrator, for the suite. */
static void junit_add_calibration(const cJSON *document, struct arena *arena, struct text *out)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, view_array(document, "calibration"))
		junit_add_xml(out,
				arena_printf(arena,
						"\ncalibration %s: predicted %s%s, measured %s, stopped by %s%s%s",
						view_text(arena, row, "id", 40),
						strcmp(view_raw(row, "prediction"), "at-least") ? "" : "at least ",
						view_figure(arena, row, "predicted", UNIT_COUNT),
						view_figure(arena, row, "measured", UNIT_COUNT),
						view_text(arena, row, "stopped_by", 40),
						*view_raw(row, "reason") ? "; " : "",
						view_text(arena, row, "reason", 300)));
}

/* The commands of the fixes for this limit. */
static void junit_add_fixes(const cJSON *document,
		const cJSON *resource,
		struct arena *arena,
		struct text *out)
{
	const cJSON *fix;
	cJSON_ArrayForEach(fix, view_array(document, "fixes")) {
		if (!strcmp(view_raw(fix, "resource"), view_raw(resource, "id")) &&
				*view_raw(fix, "command"))
			text_addf(out, "fix: %s\n", view_text(arena, fix, "command", 0));
	}
}

static const char *details_of(const cJSON *document, const cJSON *resource, struct arena *arena)
{
	struct text text = {0};
	text_addf(&text, "%s\n", message_of(document, resource, arena));
	add_formula(resource, "demand", arena, &text);
	add_formula(resource, "capacity", arena, &text);
	const char *why = view_text(arena, resource, "why", 0);
	if (*why)
		text_addf(&text, "why: %s\n", why);
	add_calibrated(resource, arena, &text);
	junit_add_fixes(document, resource, arena, &text);
	return text_take(arena, &text);
}

/* <name message="…">details</name> */
static void add_result(struct text *out, const char *name, const char *message, const char *details)
{
	/* The schema of JUnit's Ant task wants a type with failures and errors. */
	text_addf(out,
			"\t\t\t<%s%s message=\"",
			name,
			!strcmp(name, "skipped") ? "" : " type=\"headroom\"");
	junit_add_xml(out, message);
	text_addf(out, "\">");
	junit_add_xml(out, details);
	text_addf(out, "</%s>\n", name);
}

static void add_case(const cJSON *document,
		const cJSON *resource,
		struct arena *arena,
		struct text *out)
{
	text_add(out, "\t\t<testcase classname=\"headroom.");
	junit_add_xml(out, view_text(arena, resource, "id", 60));
	text_add(out, "\" name=\"");
	junit_add_xml(out, view_text(arena, resource, "title", 80));
	text_add(out, "\" time=\"0\">\n");
	enum outcome outcome = junit_outcome_of(document, resource);
	const char *details = details_of(document, resource, arena);
	if (elements[outcome])
		add_result(out,
				elements[outcome],
				message_of(document, resource, arena),
				outcome == OUTCOME_SKIPPED ? "" : details);
	else {
		text_add(out, "\t\t\t<system-out>");
		if (document_status(resource) == STATUS_WARN)
			text_add(out, "WARNING: ");
		junit_add_xml(out, details);
		text_add(out, "</system-out>\n");
	}
	text_add(out, "\t\t</testcase>\n");
}

/* --- the two cases of a gate
 * ----------------------------------------------------------------------- */

struct gate_case {
	const char *id, *name, *message;
	enum outcome outcome;
};

/* The certificate. What was not run was refused; what nobody watched says nothing. */
static struct gate_case certificate_case(const cJSON *document, struct arena *arena)
{
	const cJSON *gate = view_object(document, "gate");
	const cJSON *certified = view_get(gate, "certified");
	struct gate_case row = {
			.id = "gate",
			.name = "The generator was not the bottleneck",
			.message = view_text(arena, gate, "sentence", 400),
			.outcome = OUTCOME_FAILURE,
	};
	if (!*row.message)
		row.message = view_text(arena, gate, "reason", 300);
	if (cJSON_IsTrue(certified))
		row.outcome = OUTCOME_PASS;
	else if (job_passes(document))
		row.outcome = OUTCOME_SKIPPED;
	else if (view_true(gate, "ran") && !cJSON_IsBool(certified))
		row.outcome = OUTCOME_SKIPPED;
	return row;
}

static struct gate_case command_case(const cJSON *document, struct arena *arena)
{
	const cJSON *gate = view_object(document, "gate");
	double status = view_number(gate, "child_status");
	struct gate_case row = {
			.id = "command",
			.name = "The command ended with exit status 0",
			.message = "not run",
			.outcome = OUTCOME_SKIPPED,
	};
	if (!view_true(gate, "ran"))
		return row;
	row.message = arena_printf(arena, "status %.0f", status);
	row.outcome = OUTCOME_PASS;
	if (view_true(gate, "timed_out"))
		row.message = arena_printf(arena, "ended by --time-limit, status %.0f", status);
	if (status != 0 || view_true(gate, "timed_out"))
		row.outcome = OUTCOME_FAILURE;
	return row;
}

static void add_gate_case(const struct gate_case *row, struct text *out)
{
	text_addf(out,
			"\t\t<testcase classname=\"headroom.%s\" name=\"%s\" time=\"0\">\n",
			row->id,
			row->name);
	if (row->outcome == OUTCOME_PASS) {
		text_add(out, "\t\t\t<system-out>");
		junit_add_xml(out, row->message);
		text_add(out, "</system-out>\n");
	} else {
		add_result(out, elements[row->outcome], row->message, "");
	}
	text_add(out, "\t\t</testcase>\n");
}

static void junit_add_property(const char *name, const char *value, struct text *out)
{
	text_addf(out, "\t\t\t<property name=\"headroom.%s\" value=\"", name);
	junit_add_xml(out, value);
	text_add(out, "\"/>\n");
}

static void junit_add_foreign(const cJSON *document, struct arena *arena, struct text *out)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "foreign"))
		junit_add_property("judged-by", foreign_line(arena, item), out);
}

static void junit_add_properties(const cJSON *document, struct arena *arena, struct text *out)
{
	text_add(out, "\t\t<properties>\n");
	junit_add_property("verdict", badge_word(document), out);
	junit_add_property("badge", badge_text(arena, document), out);
	const char *request = document_request_text(arena, document);
	if (*request)
		junit_add_property("request", request, out);
	const cJSON *load;
	cJSON_ArrayForEach(load, view_array(document, "loads"))
		junit_add_property("load", view_text(arena, load, "title", 200), out);
	junit_add_foreign(document, arena, out);
	text_add(out, "\t\t</properties>\n");
}

/* The answer, and what it rests on. */
static void junit_add_basis(const cJSON *document, struct arena *arena, struct text *out)
{
	const struct notes notes = document_notes(arena, document);
	junit_add_xml(out, badge_text(arena, document));
	junit_add_xml(out, "\n");
	junit_add_xml(out, view_text(arena, document, "headline", HEADLINE_CHARS));
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		junit_add_xml(out, arena_printf(arena, "\n%s: %s", note->label, note->text));
	}
}

enum {
	GATE_CASES = 2
};

struct tally {
	size_t outcomes[OUTCOMES], all;
};

static void count_outcome(struct tally *tally, enum outcome outcome)
{
	tally->outcomes[outcome]++;
	tally->all++;
}

/* tests="17" failures="1" … */
static const char *tally_text(struct arena *arena, const struct tally *tally)
{
	const size_t *outcomes = tally->outcomes;
	return arena_printf(arena,
			"tests=\"%zu\" failures=\"%zu\" errors=\"%zu\" skipped=\"%zu\"",
			tally->all,
			outcomes[OUTCOME_FAILURE],
			outcomes[OUTCOME_ERROR],
			outcomes[OUTCOME_SKIPPED]);
}

static void open_suites(const char *numbers, struct text *out)
{
	text_add(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	text_addf(out, "<testsuites name=\"headroom\" %s>\n", numbers);
	text_addf(out, "\t<testsuite name=\"headroom\" %s time=\"0\" timestamp=\"", numbers);
}

void write_junit_not_run(struct arena *arena,
		const char *created,
		const char *message,
		struct text *out)
{
	const struct gate_case row = {
			.id = "gate",
			.name = "The generator was not the bottleneck",
			.message = message,
			.outcome = OUTCOME_FAILURE,
	};
	struct tally tally = {0};
	count_outcome(&tally, row.outcome);
	open_suites(tally_text(arena, &tally), out);
	junit_add_xml(out, created);
	text_add(out, "\" hostname=\"\">\n");
	add_gate_case(&row, out);
	text_add(out, "\t</testsuite>\n</testsuites>\n");
}

void write_junit(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const cJSON *resource, *resources = view_array(document, "resources");
	const struct gate_case cases[GATE_CASES] = {
			certificate_case(document, arena),
			command_case(document, arena),
	};
	size_t case_count = 0;
	struct tally tally = {0};
	if (view_object(document, "gate"))
		case_count = GATE_CASES;
	cJSON_ArrayForEach(resource, resources)
		count_outcome(&tally, junit_outcome_of(document, resource));
	for (size_t i = 0; i < case_count; i++)
		count_outcome(&tally, cases[i].outcome);
	open_suites(tally_text(arena, &tally), out);
	junit_add_xml(out, view_text(arena, document, "created", 40));
	text_add(out, "\" hostname=\"");
	junit_add_xml(out, view_text(arena, document, "host.name", 80));
	text_add(out, "\">\n");
	junit_add_properties(document, arena, out);
	cJSON_ArrayForEach(resource, resources)
		add_case(document, resource, arena, out);
	for (size_t i = 0; i < case_count; i++)
		add_gate_case(&cases[i], out);
	text_add(out, "\t\t<system-out>");
	junit_add_basis(document, arena, out);
	junit_add_calibration(document, arena, out);
	text_add(out, "</system-out>\n\t</testsuite>\n</testsuites>\n");
}
