/* The head of page 1: question, answer, what the verdict rests on, and the numbers now and after.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "report/document/badge.h"
#include "report/document/load.h"
#include "report/document/notes.h"
#include "report/document/question.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"

enum {
	HEADLINE_CHARS = 600
};

/* The shapes that the charts draw: a color alone, or an emoji that a tracker replaces, would say
 * less. */
static const char *const front_marks[] = {
		[VERDICT_PASS] = "✓ ",
		[VERDICT_FAIL] = "✗ ",
		[VERDICT_UNKNOWN] = "◇ ",
		[VERDICT_NONE] = "",
};

/* After a run the sentence about it is the answer. */
static bool front_is_of_run(const cJSON *document)
{
	return *view_raw(document, "gate.sentence") && view_true(document, "gate.ran");
}

static void front_add_answer(const struct markdown *m)
{
	const char *badge = badge_text(m->arena, m->document);
	enum verdict verdict = badge_verdict(m->document);
	const char *mark = front_marks[verdict];
	const char *headline = document_why(m->arena, m->document, HEADLINE_CHARS);
	const char *answer = document_answer(m->arena, m->document);
	const char *question = document_question(m->arena, m->document);
	question = markdown_escaped(m, question);
	text_addf(m->out, "## %s\n\n", question);
	if (front_is_of_run(m->document))
		answer = "";
	headline = markdown_escaped(m, headline);
	badge = markdown_escaped(m, badge);
	text_addf(m->out, "**%sheadroom: %s**\n\n", mark, badge);
	if (*answer)
		text_addf(m->out, "**%s** ", answer);
	text_addf(m->out, "%s\n\n", headline);
}

/* "loadgen-03, 6.1.0 (live)" */
static const char *front_host(const struct markdown *m)
{
	const cJSON *from = view_object(m->document, "host");
	const char *name = markdown_string(m, from, "name", 80);
	const char *kernel = markdown_string(m, from, "kernel", 80);
	const char *origin = document_origin(m->arena, m->document);
	const char *host = arena_printf(m->arena, "%s, %s", name, kernel);
	if (*origin)
		host = arena_printf(m->arena, "%s (%s)", host, origin);
	return host;
}

/* Each of several loads. */
static void front_add_loads(const struct markdown *m)
{
	const cJSON *load;
	bool gated = view_object(m->document, "gate") != NULL;
	cJSON_ArrayForEach(load, view_array(m->document, "loads")) {
		const char *title = markdown_string(m, load, "title", 200);
		const char *safe = markdown_load(m, load, "max_safe");
		text_addf(m->out, "  * %s", title);
		if (gated)
			text_addf(m->out, " (%s)", load_in_gate(load));
		if (*safe)
			text_addf(m->out, "; safe: %s", safe);
		text_add(m->out, "\n");
	}
}

/* What to know before believing the numbers. The age stands with the host. */
static void front_add_notes(const struct markdown *m)
{
	const struct notes notes = document_notes(m->arena, m->document);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		if (note->kind == NOTE_AGE)
			continue;
		markdown_item(m, note->label, markdown_escaped(m, note->text));
	}
}

static void front_add_items(const struct markdown *m)
{
	const char *request = document_request_text(m->arena, m->document);
	const char *plan = markdown_string(m, m->document, "workload_title", 200);
	markdown_item(m, "Host", front_host(m));
	markdown_item(m, "For", markdown_escaped(m, request));
	markdown_item(m, "Plan", plan);
	front_add_loads(m);
	front_add_notes(m);
	text_add(m->out, "\n");
}

/* --- now and after --- */

static void front_add_row(const struct markdown *m,
		const char *name,
		const char *now,
		const char *after)
{
	if (!*now)
		return;
	if (!*after || strcmp(now, after) == 0)
		after = "–";
	now = markdown_escaped(m, now);
	if (!view_count(m->document, "fixes"))
		text_addf(m->out, "| %s | %s |\n", name, now);
	else
		text_addf(m->out, "| %s | %s | %s |\n", name, now, after);
}

static const char *front_share(const struct markdown *m, double scale)
{
	struct arena *arena = m->arena;
	const char *times = view_figure_of(arena, floor(scale), UNIT_COUNT);
	const char *share = view_figure_of(arena, scale, UNIT_RATIO);
	if (!isfinite(scale))
		return "";
	if (scale >= 10)
		return arena_printf(arena, " (%s× the plan)", times);
	return arena_printf(arena, " (%s of the plan)", share);
}

static const char *front_after(const struct markdown *m)
{
	const cJSON *last = document_last_fix(m->document);
	return markdown_load(m, last, "gain.after");
}

static void front_add_safe(const struct markdown *m)
{
	const char *safe = document_safe_text(m->arena, m->document);
	const struct load_point point = document_safe(m->arena, m->document);
	const char *share = front_share(m, point.scale);
	if (!*safe)
		return;
	safe = arena_printf(m->arena, "%s%s", safe, share);
	front_add_row(m, "Safe up to", safe, front_after(m));
}

/* A host without limits does not fail: there is no such row then. */
static void front_add_fails(const struct markdown *m)
{
	const cJSON *breaks = view_object(m->document, "breaks");
	const struct load_point at = document_load(m->arena, breaks);
	const char *load = load_text(m->arena, &at, ", ");
	const char *share = front_share(m, at.scale);
	double at_s = view_number(breaks, "at_s");
	const char *when = "";
	if (load_says(&at) == LOAD_SAYS_UNLIMITED)
		return;
	if (at_s < 1)
		when = ", while it starts";
	const char *time = view_figure_of(m->arena, round(at_s), UNIT_SECONDS);
	if (at_s >= 1)
		when = arena_printf(m->arena, ", %s into the plan", time);
	if (*load)
		load = arena_printf(m->arena, "%s%s%s", load, share, when);
	front_add_row(m, "Breaks at", load, "");
}

static void front_add_hosts(const struct markdown *m)
{
	const char *hosts = document_hosts_text(m->arena, m->document);
	double after = view_number(m->document, "hosts_needed.after_fixes");
	const char *then = "";
	if (after > 1)
		then = arena_printf(m->arena, "%s hosts", view_figure_of(m->arena, after, UNIT_COUNT));
	if (after == 1)
		then = "1 host";
	front_add_row(m, "Hosts needed", hosts, then);
}

/* The limit that is reached first. */
static void front_add_limit(const struct markdown *m)
{
	const char *id = view_raw(m->document, "binding.resource");
	const cJSON *limit = view_resource(m->document, id);
	if (!limit)
		return;
	const char *text = arena_printf(m->arena,
			"%s: %s needed, %s available (%s)",
			view_text(m->arena, m->document, "binding.title", 80),
			view_needed(m->arena, limit),
			markdown_figure(m, limit, "capacity"),
			view_figure(m->arena, limit, "utilization", UNIT_RATIO));
	front_add_row(m, "Tightest limit", text, "");
}

static void front_add_tiles(const struct markdown *m)
{
	static const char both[] = "| | now | after the changes |\n|---|---|---|\n";
	static const char alone[] = "| | now |\n|---|---|\n";
	const char *head = both;
	struct text rows = {0};
	const struct markdown table = {m->document, m->arena, &rows};
	if (!view_count(m->document, "fixes"))
		head = alone;
	front_add_safe(&table);
	front_add_fails(&table);
	front_add_hosts(&table);
	front_add_limit(&table);
	if (rows.length)
		text_addf(m->out, "%s%s\n", head, rows.data);
	text_release(&rows);
}

void markdown_front(const struct markdown *m)
{
	front_add_answer(m);
	front_add_items(m);
	if (document_verdict(m->document) != VERDICT_NONE)
		front_add_tiles(m);
}
