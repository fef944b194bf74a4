/* The head of the terminal view: headline, host and plan, and the numbers that answer. */
#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/answer/age.h"
#include "report/document/age.h"
#include "report/document/badge.h"
#include "report/document/load.h"
#include "report/document/notes.h"
#include "report/document/question.h"
#include "report/document/request.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/now.h"
#include "report/write/terminal_parts.h"

static const struct verdict_row {
	const char *mark;
	enum tone tone;
} verdicts[] = {
		[VERDICT_PASS] = {"✓", TONE_GOOD},
		[VERDICT_FAIL] = {"✗", TONE_BAD},
		[VERDICT_UNKNOWN] = {"?", TONE_CARE},
		[VERDICT_NONE] = {"·", TONE_STRONG},
};

/* A badge that is wider has a line of its own. */
enum {
	BADGE_COLUMNS = 24,
	LABEL_COLUMNS = 17,
	HEADLINE_CHARS = 600,
	HEADLINE_LINES = 5,
	HOST_COLUMNS = 36,
	NOTE_LINES = 2
};

/* "✓ PASS · 1 warning" */
static const char *answer_badge(const struct pen *pen)
{
	const struct verdict_row *verdict = &verdicts[badge_verdict(pen->document)];
	const char *badge = badge_text(pen->arena, pen->document);
	badge = arena_printf(pen->arena, "%s %s", verdict->mark, badge);
	return pen_fold(pen, badge);
}

/* What is to be done about it, in one sentence. */
static const char *answer_way(const struct pen *pen)
{
	const char *way = document_way(pen->arena, pen->document);
	if (strcmp(badge_word(pen->document), "FAIL") != 0)
		return "";
	if (!view_count(pen->document, "ladder"))
		return " No setting on this host can fix that.";
	if (!*way)
		return " The changes below are not enough.";
	return arena_printf(pen->arena, " %c%s.", toupper((unsigned char)*way), way + 1);
}

static void answer_headline(const struct pen *pen)
{
	static const char indents[] = "                            ";
	const char *text = pen_text(pen, pen->document, "headline", HEADLINE_CHARS);
	const char *badge = answer_badge(pen);
	size_t width = columns_of(badge);
	const char *first = "  ", *rest = "  ";
	text = arena_printf(pen->arena, "%s%s", text, answer_way(pen));
	pen_tone(pen, verdicts[badge_verdict(pen->document)].tone);
	pen_tone(pen, TONE_STRONG);
	if (width > BADGE_COLUMNS) {
		pen_wrap(pen, "", "  ", badge);
	} else {
		first = arena_printf(pen->arena, "%s  ", badge);
		rest = indents + strlen(indents) - width - 2;
	}
	pen_wrap(pen, first, rest, text);
	pen_plain(pen);
}

/* "Linux 6.1.0": without the distribution's suffix, 6.1.0-21-amd64. */
static const char *answer_kernel(const struct pen *pen, const char *release)
{
	const cJSON *fact = view_find(view_array(pen->document, "facts"), "key", "os.name");
	int length = (int)strcspn(release, "-");
	const char *name = "Linux "; /* as uname(1) prints it */
	if (strcmp(view_raw(fact, "value"), "darwin") == 0)
		name = "Darwin ";
	if (!strchr("0123456789", *release))
		name = "";
	return arena_printf(pen->arena, "%s%.*s", name, length, release);
}

static bool answer_has_option(const cJSON *document, const char *option)
{
	const cJSON *word;
	cJSON_ArrayForEach(word, view_array(document, "command_line"))
		if (text_begins_with(view_raw(word, ""), option))
			return true;
	return false;
}

/* "live", "snapshot", "as of 2026-11-21 02:00 UTC, 9 days old"; "" where it is not known. */
static const char *answer_when(const struct pen *pen)
{
	const cJSON *document = pen->document;
	double age_s = document_age_s(document);
	if (document_is_dated(document)) {
		const char *old = "old";
		if (age_s < 0)
			old = "in the future";
		return arena_printf(pen->arena,
				"as of %s UTC, %s %s",
				document_minute(pen->arena, document),
				age_text(pen->arena, fabs(age_s)),
				old);
	}
	if (answer_has_option(document, "--facts"))
		return "snapshot";
	if (!view_count(document, "command_line") || answer_has_option(document, "--image"))
		return "";
	return "live";
}

static const char *answer_host(const struct pen *pen)
{
	const cJSON *host = view_object(pen->document, "host");
	const char *name = pen_text(pen, host, "name", 40), *kernel = pen_text(pen, host, "kernel", 40);
	const char *user = pen_text(pen, host, "user", 24),
			   *container = pen_text(pen, host, "container", 24);
	const char *when = answer_when(pen);
	struct text line = {0};
	if (!*name)
		name = "this host";
	text_add(&line, name);
	if (*when)
		text_addf(&line, " (%s)", when);
	if (*kernel)
		text_addf(&line, ", %s", answer_kernel(pen, kernel));
	if (*user)
		text_addf(&line, ", as %s", user);
	if (*container)
		text_addf(&line, ", in %s", container);
	return text_take(pen->arena, &line);
}

/* "client ws-client · 15,000 connections · 1 destination (assumed)": the ports that a client
 * may use follow from the number of destinations. Only where they are too few. */
static const char *answer_plan(const struct pen *pen)
{
	const char *plan = pen_text(pen, pen->document, "workload_title", 120);
	const char *role = view_raw(pen->document, "workload.role");
	const cJSON *assumptions = view_array(pen->document, "assumptions");
	const cJSON *assumed = view_find(assumptions, "field", "destinations");
	const cJSON *ports = view_resource(pen->document, "ephemeral-ports");
	bool one_load = view_count(pen->document, "loads") == 0;
	if (!*plan || !assumed || !one_load || strcmp(role, "client") != 0)
		return plan;
	if (!ports || document_status(ports) != STATUS_FAIL)
		return plan; /* more destinations would not change the answer */
	if (strcmp(view_raw(assumed, "value"), "1") != 0)
		return plan;
	return arena_printf(pen->arena, "%s · 1 destination (assumed)", plan);
}

/* Host and plan: side by side where there is room. */
static void answer_subject(const struct pen *pen)
{
	const char *host = answer_host(pen);
	const char *plan = answer_plan(pen);
	size_t left = columns_of(host) + 3;
	if (left < HOST_COLUMNS)
		left = HOST_COLUMNS;
	if (2 + left + columns_of(plan) > pen_width(pen))
		left = columns_of(host) + 3;
	if (*plan && 2 + left + columns_of(plan) <= pen_width(pen)) {
		text_add(pen->out, "  ");
		columns_left(pen->out, host, left);
		text_addf(pen->out, "%s\n", plan);
		return;
	}
	pen_line(pen, host);
	if (*plan)
		pen_line(pen, plan);
}

/* Of several loads each, and which of them a gate runs. All or none: some of them alone would look
 * like the whole plan. */
static void answer_loads(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *load;
	const char *label = "Loads";
	bool gated = view_object(pen.document, "gate") != NULL;
	cJSON_ArrayForEach(load, view_array(pen.document, "loads")) {
		const char *line = pen_text(&pen, load, "title", 120);
		if (gated)
			line = arena_printf(pen.arena, "%s (%s)", line, load_in_gate(load));
		pen_paragraph(&pen, label, LABEL_COLUMNS, line);
		label = "";
	}
	size_t count = view_count(pen.document, "loads");
	sheet_counted(sheet, RANK_DETAIL, count * NOTE_LINES, NOUN_LOAD, count);
}

/* Only where it is not simply the shell that runs headroom. */
static void answer_vantage(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const char *vantage = pen_text(&pen, pen.document, "host.vantage", 160);
	if (!*vantage || strstr(vantage, "this shell"))
		return;
	pen_paragraph(&pen, "Checked", LABEL_COLUMNS, vantage);
	sheet_block(sheet, RANK_NOTE, 1); /* no note: the host's line says it in short */
}

/* The rank of what is to be known before believing the numbers. The age stands with the host. */
static const enum rank note_ranks[NOTE_KINDS] = {
		[NOTE_DIFFERS] = RANK_MUST,
		[NOTE_WHAT_TO_DO] = RANK_MUST,
		[NOTE_BEFORE] = RANK_DETAIL,
		[NOTE_IMAGE] = RANK_BASIS,
		[NOTE_HYPOTHETICAL] = RANK_MUST,
		[NOTE_GIVEN] = RANK_DETAIL,
		[NOTE_PRESET] = RANK_ANSWER,
		[NOTE_AGE] = RANK_NEVER,
		[NOTE_BASELINE] = RANK_MUST,
		[NOTE_WAIVED] = RANK_BASIS,
		[NOTE_IGNORED] = RANK_BASIS,
};

static size_t note_lines(enum note_kind kind)
{
	if (kind == NOTE_HYPOTHETICAL)
		return 1;
	if (kind == NOTE_BASELINE)
		return 2 * NOTE_LINES;
	return NOTE_LINES;
}

static void answer_notes(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const struct notes notes = document_notes(pen.arena, pen.document);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		if (note->kind >= NOTE_UNREAD)
			continue; /* terminal_unread() */
		pen_paragraph(&pen, note->label, LABEL_COLUMNS, note->text);
		if (note->kind == NOTE_AGE)
			sheet_block(sheet, RANK_NEVER, 0);
		else
			sheet_counted(sheet, note_ranks[note->kind], note_lines(note->kind), NOUN_NOTE, 1);
	}
}

void terminal_answer(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const char *request = document_request_text(pen.arena, pen.document);
	enum rank rank = RANK_ANSWER;
	if (document_verdict(pen.document) == VERDICT_NONE)
		rank = RANK_MUST; /* then nothing is left out */
	if (!pen.options->past)
		now_lines(&pen, view_array(pen.document, "resources"));
	sheet_block(sheet, RANK_MUST, 0);
	answer_headline(&pen);
	sheet_block(sheet, RANK_MUST, HEADLINE_LINES);
	sheet_section(sheet);
	answer_subject(&pen);
	sheet_block(sheet, RANK_MUST, 3);
	if (*request) {
		pen_line(&pen, request);
		sheet_block(sheet, rank, 2);
	}
	answer_loads(sheet);
	answer_vantage(sheet);
	answer_notes(sheet);
}

/* Numbers of a plan with several loads count all of them. */
static const char *answer_whole(const struct pen *pen)
{
	if (view_count(pen->document, "loads") > 0)
		return "all loads";
	return "the plan";
}

static const char *answer_share(const struct pen *pen, double scale)
{
	if (!isfinite(scale))
		return "";
	if (scale >= 10)
		return arena_printf(pen->arena,
				" (%s× %s)",
				view_figure_of(pen->arena, floor(scale), UNIT_COUNT),
				answer_whole(pen));
	return arena_printf(pen->arena,
			" (%s of %s)",
			view_figure_of(pen->arena, scale, UNIT_RATIO),
			answer_whole(pen));
}

static void answer_safe(const struct pen *pen)
{
	const char *safe = document_safe_text(pen->arena, pen->document);
	const struct load_point point = document_safe(pen->arena, pen->document);
	if (!*safe)
		return;
	safe = arena_printf(pen->arena, "%s%s", safe, answer_share(pen, point.scale));
	pen_paragraph(pen, "Safe up to", LABEL_COLUMNS, safe);
}

/* "2 min 14 s", "9.6 s" */
static const char *answer_time(struct arena *arena, double seconds)
{
	const double minute = 60;
	if (seconds < 2 * minute)
		return view_figure_of(arena, seconds, UNIT_SECONDS);
	double minutes = floor(seconds / minute);
	double rest = floor(seconds - minutes * minute);
	return arena_printf(arena, "%s min %.0f s", view_figure_of(arena, minutes, UNIT_COUNT), rest);
}

static const char *answer_fails_when(const struct pen *pen, double at_s)
{
	const char *start = view_raw(pen->document, "workload.start");
	bool all_open = strcmp(start, "steady") == 0 || strcmp(start, "together") == 0;
	if (isnan(at_s))
		return "";
	if (at_s < 1 && all_open)
		return ", while the test starts";
	if (at_s < 1)
		return ", right at the start of the plan";
	return arena_printf(pen->arena, ", %s into the plan", answer_time(pen->arena, at_s));
}

static void answer_fails(const struct pen *pen)
{
	const cJSON *breaks = view_object(pen->document, "breaks");
	const struct load_point at = document_load(pen->arena, breaks);
	enum load_says says = load_says(&at);
	if (says == LOAD_SAYS_NOTHING || says == LOAD_SAYS_UNLIMITED)
		return;
	const char *load = load_text(pen->arena, &at, ", ");
	const char *when = answer_fails_when(pen, view_number(breaks, "at_s"));
	pen_paragraph(pen, "Breaks at", LABEL_COLUMNS, arena_printf(pen->arena, "%s%s", load, when));
}

static void answer_hosts_needed(const struct pen *pen)
{
	const char *hosts = document_hosts_text(pen->arena, pen->document);
	double after = view_number(pen->document, "hosts_needed.after_fixes");
	if (!*hosts && isnan(after))
		return;
	if (!*hosts)
		hosts = "more hosts would not help now";
	else
		hosts = arena_printf(pen->arena, "%s now", hosts);
	const char *changes = "changes";
	if (view_count(pen->document, "ladder") == 1)
		changes = "change";
	if (isfinite(after) && view_count(pen->document, "fixes") > 0)
		hosts = arena_printf(pen->arena,
				"%s, %s after the %s",
				hosts,
				view_figure_of(pen->arena, after, UNIT_COUNT),
				changes);
	pen_paragraph(pen, "Hosts needed", LABEL_COLUMNS, hosts);
}

void terminal_load(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	answer_safe(&pen);
	answer_fails(&pen);
	answer_hosts_needed(&pen);
	sheet_block(sheet, RANK_MUST, 5);
}
