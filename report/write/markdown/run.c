/* What a gate's command did. */
#include "base/text.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"

/* Of rare looks a peak is at least what they showed. */
static const char *markdown_seen(const struct markdown *m, const cJSON *row)
{
	const char *seen = view_figure(m->arena, row, "seen", UNIT_COUNT);
	if (!view_true(row, "at_least"))
		return seen;
	return arena_printf(m->arena,
			"at least %s (sampled every %s)",
			seen,
			view_figure(m->arena, m->document, "gate.observed.every_s", UNIT_SECONDS));
}

static void run_add_peaks(const struct markdown *m, const cJSON *rows)
{
	const cJSON *row;
	text_add(m->out, "| peak | predicted | observed |\n|---|--:|--:|\n");
	cJSON_ArrayForEach(row, rows) {
		text_addf(m->out,
				"| %s | %s | %s |\n",
				markdown_string(m, row, "title", 80),
				view_figure(m->arena, row, "predicted", UNIT_COUNT),
				markdown_seen(m, row));
	}
	text_add(m->out, "\n");
}

static const char *run_outcome(const cJSON *check)
{
	const cJSON *applies = view_get(check, "applies");
	if (cJSON_IsTrue(applies))
		return "✕ applies";
	if (cJSON_IsFalse(applies))
		return "✓ does not apply";
	return "? not known";
}

/* All six, those that do not apply as well. */
static void run_add_checks(const struct markdown *m, const cJSON *checks)
{
	const cJSON *check;
	if (cJSON_GetArraySize(checks) == 0)
		return;
	text_add(m->out, "| not certified if | measured | allowed | |\n|---|---|---|---|\n");
	cJSON_ArrayForEach(check, checks) {
		const char *seen = markdown_string(m, check, "seen", 160);
		if (!*seen)
			seen = "not measured";
		text_addf(m->out,
				"| %s | %s | %s | %s |\n",
				markdown_string(m, check, "title", 80),
				seen,
				markdown_string(m, check, "allowed", 120),
				run_outcome(check));
	}
	text_add(m->out, "\n");
}

static void run_add_end(const struct markdown *m, const cJSON *gate)
{
	const char *reason = markdown_string(m, gate, "reason", 200);
	const char *time = view_figure(m->arena, gate, "run_s", UNIT_SECONDS);
	const char *status = view_figure(m->arena, gate, "child_status", UNIT_COUNT);
	if (view_true(gate, "ran"))
		text_addf(m->out, "It ended after %s, exit status %s (%s).\n\n", time, status, reason);
	else
		text_addf(m->out, "Not run: %s.\n\n", reason);
}

static void run_add_remarks(const struct markdown *m, const cJSON *remarks)
{
	const cJSON *remark;
	const char *end = "";
	cJSON_ArrayForEach(remark, remarks) {
		text_addf(m->out, "* %s\n", markdown_string(m, remark, "text", 300));
		end = "\n";
	}
	text_add(m->out, end);
}

void markdown_run(const struct markdown *m)
{
	const cJSON *gate = view_object(m->document, "gate");
	const cJSON *peaks = view_array(gate, "observed.compared");
	const char *result = markdown_string(m, gate, "result.text", 400);
	if (!gate)
		return;
	markdown_fold(m, "What the run showed");
	run_add_end(m, gate);
	if (*result)
		text_addf(m->out, "%s\n\n", result);
	if (cJSON_GetArraySize(peaks) > 0)
		run_add_peaks(m, peaks);
	run_add_checks(m, view_array(gate, "checks"));
	run_add_remarks(m, view_array(gate, "observed.remarks"));
	markdown_unfold(m);
}
