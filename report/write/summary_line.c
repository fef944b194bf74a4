/* The last line: one verdict word, what decides it, and key=value, for a log grep (the keys are in
 * docs/automation.md). Plain ASCII, no thousands separators. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "report/document/badge.h"
#include "report/document/baseline.h"
#include "report/document/notes.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/foreign.h"
#include "report/write/script.h"
#include "report/write/write.h"

enum {
	ID_CHARS = 60,
	TITLE_CHARS = 200,
	HEADLINE_CHARS = 600
};

struct summary {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

/* " safe=758": in connections; in new ones per second where none of the plan stays open. */
static void add_load(const struct summary *s, const char *key, const cJSON *load)
{
	char figure[NUMBER_TEXT_MAX];
	bool rate = !(view_number(s->document, "plan.connections") > 0);
	double value = view_number(load, "connections");
	const char *unit = "";
	if (rate)
		value = view_number(load, "open_rate_per_s");
	if (isnan(value))
		return;
	if (rate && isfinite(value))
		unit = "/s";
	text_addf(s->out, " %s=%s%s", key, text_plain_number(figure, floor(value)), unit);
}

/* Where limits are not known: what could be safe at best, and what is safe all the same. */
static void add_safe(const struct summary *s)
{
	const cJSON *safe = view_object(s->document, "max_safe");
	const cJSON *most = view_object(s->document, "at_most.max_safe");
	if (!most) {
		add_load(s, "safe", safe);
		return;
	}
	if (isfinite(view_number(most, "scale")))
		add_load(s, "safe_at_most", most);
	if (view_number(safe, "scale") > 0)
		add_load(s, "safe", safe);
}

static void add_after(const struct summary *s)
{
	const cJSON *after = view_object(document_last_fix(s->document), "gain.after");
	if (after && !view_true(after, "at_most"))
		add_load(s, "after", after);
}

static void summary_line_add_use(const struct summary *s, const cJSON *resource)
{
	double use = view_number(resource, "utilization");
	if (isnan(use))
		return;
	text_add(s->out, " ");
	view_add_share(s->out, use);
}

/* " key=id,id" of the limits that are wanted. */
typedef bool is_wanted(const cJSON *limit);

static void add_limits(const struct summary *s, const char *before, is_wanted *wanted)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(s->document, "resources")) {
		if (!wanted(limit))
			continue;
		text_addf(s->out, "%s%s", before, view_text(s->arena, limit, "id", ID_CHARS));
		before = ",";
	}
}

static bool is_unknown(const cJSON *limit)
{
	bool excused = view_true(limit, "ignored") || view_true(limit, "waived");
	bool hard = strcmp(view_raw(limit, "severity"), "advisory") != 0;
	return document_status(limit) == STATUS_UNKNOWN && hard && !excused;
}

/* One that is ignored as well stands among those that the numbers leave out. */
static bool is_waived(const cJSON *limit)
{
	enum status status = document_status(limit);
	bool good = status == STATUS_PASS || status == STATUS_NOT_APPLICABLE;
	return view_true(limit, "waived") && !view_true(limit, "ignored") && !good;
}

/* What the numbers leave out. */
static void add_without(const struct summary *s)
{
	const char *before = " without=";
	const cJSON *id;
	cJSON_ArrayForEach(id, view_array(s->document, "max_safe.without")) {
		text_addf(s->out, "%s%s", before, view_text(s->arena, id, "", ID_CHARS));
		before = ",";
	}
}

/* " new=ID,ID": each once, whatever its instances. */
static void add_baseline(const struct summary *s, const char *key, const char *path)
{
	struct name_list ids = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(s->document, path)) {
		const char *id = view_text(s->arena, item, "id", ID_CHARS);
		name_list_add_once(s->arena, &ids, id);
	}
	for (size_t i = 0; i < ids.count; i++) {
		text_add(s->out, i ? "," : " ");
		if (!i)
			text_addf(s->out, "%s=", key);
		text_add(s->out, ids.items[i]);
	}
}

/* What the verdict rests on. */
static void add_basis(const struct summary *s)
{
	add_without(s);
	add_limits(s, " waived=", is_waived);
	add_baseline(s, "new", "gate.baseline.new");
	add_baseline(s, "known", "gate.baseline.known");
	size_t assumed = badge_hypothetical(s->document);
	if (assumed)
		text_addf(s->out, " hypothetical=%zu", assumed);
}

static void summary_line_add_fail(const struct summary *s)
{
	const cJSON *leading = document_leading_limit(s->document);
	const char *id = view_text(s->arena, leading, "id", ID_CHARS);
	if (!*id)
		id = "unknown-limit";
	text_addf(s->out, " %s", id);
	summary_line_add_use(s, leading);
	add_safe(s);
	add_after(s);
}

static void summary_line_add_pass(const struct summary *s)
{
	const cJSON *leading = document_leading_limit(s->document);
	const char *id = "none";
	if (view_object(s->document, "binding"))
		id = view_text(s->arena, leading, "id", ID_CHARS);
	text_addf(s->out, " binding=%s", id);
	summary_line_add_use(s, leading);
	add_safe(s);
}

static void summary_line_add_unknown(const struct summary *s)
{
	add_limits(s, " ", is_unknown);
	if (view_true(s->document, "too_old"))
		text_add(s->out, " too_old=yes");
	add_safe(s);
}

static void add_verdict(const struct summary *s)
{
	switch (document_verdict(s->document)) {
	case VERDICT_FAIL:
		summary_line_add_fail(s);
		break;
	case VERDICT_PASS:
		summary_line_add_pass(s);
		break;
	case VERDICT_NONE:
		text_add(s->out, " no plan given, so no verdict");
		break;
	case VERDICT_UNKNOWN:
		summary_line_add_unknown(s);
		break;
	}
}

/* Has a run a result of its own? Without one the verdict of the audit stays. */
static bool is_of_run(const cJSON *document)
{
	static const char *const words[] = {"CERTIFIED", "NOT-CERTIFIED", "NOT-RUN"};
	for (size_t i = 0; i < COUNT_OF(words); i++) {
		if (strcmp(badge_word(document), words[i]) == 0)
			return true;
	}
	return false;
}

/* The limit of the run that was the fullest. */
static const cJSON *fullest_limit(const cJSON *document)
{
	const cJSON *limit, *fullest = NULL;
	cJSON_ArrayForEach(limit, view_array(document, "gate.observed.limits")) {
		double use = view_number(limit, "utilization");
		if (!isnan(use) && !(use <= view_number(fullest, "utilization")))
			fullest = limit;
	}
	return fullest;
}

/* "CERTIFIED tightest=ephemeral-ports use=1.4%", "NOT-CERTIFIED ephemeral-ports" */
static void add_run(const struct summary *s)
{
	const char *bottleneck = view_text(s->arena, s->document, "gate.bottleneck", ID_CHARS);
	const char *reason = view_text(s->arena, s->document, "run.reason", ID_CHARS);
	const cJSON *fullest = fullest_limit(s->document);
	if (*bottleneck) {
		text_addf(s->out, " %s", bottleneck);
		return;
	}
	if (*reason) {
		text_addf(s->out, " %s", reason);
		return;
	}
	if (!fullest)
		return;
	text_addf(s->out, " tightest=%s", view_text(s->arena, fullest, "id", ID_CHARS));
	struct text use = {0};
	summary_line_add_use(&(struct summary){s->document, s->arena, &use}, fullest);
	if (use.length > 1)
		text_addf(s->out, " use=%s", use.data + 1);
	text_release(&use);
}

void write_summary_line(const cJSON *document, struct arena *arena, struct text *out)
{
	const struct summary s = {document, arena, out};
	double exit = view_number(document, "run.exit");
	text_addf(out, "headroom: %s", badge_word(document));
	if (is_of_run(document))
		add_run(&s);
	else
		add_verdict(&s);
	bool known = baseline_run_is_known(document);
	if (known)
		text_add(out, " before=same");
	if (document_verdict(document) != VERDICT_NONE)
		add_basis(&s);
	if (!isnan(exit))
		text_addf(out, " exit=%.0f", exit);
	if (exit == 0 && !known && strcmp(badge_word(document), "NOT-CERTIFIED") == 0)
		text_add(out, " (--certify strict fails the job)");
	text_add(out, "\n");
}

/* A run that was not certified has a note that says what to do. */
static bool says_what_to_do(const struct notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		if (notes->items[i].kind == NOTE_WHAT_TO_DO)
			return true;
	return false;
}

static const cJSON *first_fix(const cJSON *document)
{
	const cJSON *fix;
	if (document_verdict(document) != VERDICT_FAIL ||
			strcmp(badge_word(document), "CERTIFIED") == 0)
		return NULL;
	cJSON_ArrayForEach(fix, view_array(document, "fixes"))
		if (view_true(fix, "in_ladder"))
			return fix;
	return NULL;
}

/* The first step, with its commands on lines of their own. */
static void add_first_fix(const struct summary *s)
{
	static const struct script_place place = {"  ", "  ", 1000};
	const cJSON *fix = first_fix(s->document);
	if (!fix)
		return;
	const char *say = view_text(s->arena, fix, "say", HEADLINE_CHARS);
	text_addf(s->out, "First change: %s\n", view_text(s->arena, fix, "title", HEADLINE_CHARS));
	(void)script_add(s->arena, s->out, fix, "commands", &place);
	if (*say)
		text_addf(s->out, "  (%s)\n", say);
}

static void add_plan_and_host(const struct summary *s)
{
	const char *plan = view_text(s->arena, s->document, "workload_title", TITLE_CHARS);
	const char *host = view_text(s->arena, s->document, "host.name", TITLE_CHARS);
	const char *kernel = view_text(s->arena, s->document, "host.kernel", TITLE_CHARS);
	if (*plan)
		text_addf(s->out, "Plan: %s\n", plan);
	if (*host)
		text_addf(s->out, "Host: %s%s%s\n", host, *kernel ? ", kernel " : "", kernel);
}

void write_summary(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct arena *arena = options->arena;
	const struct notes notes = document_notes(arena, document);
	const char *headline = view_text(arena, document, "headline", HEADLINE_CHARS);
	const char *badge = badge_text(arena, document);
	text_addf(out, "%s\n", badge);
	text_addf(out, "%s\n", headline);
	const struct summary s = {document, arena, out};
	add_plan_and_host(&s);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		text_addf(out, "%s: %s\n", note->label, note->text);
	}
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "foreign"))
		text_addf(out, "Judged by: %s\n", foreign_line(arena, item));
	if (!says_what_to_do(&notes))
		add_first_fix(&s);
	write_summary_line(document, arena, out);
}
