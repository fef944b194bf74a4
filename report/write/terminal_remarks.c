/* The terminal view's remarks: findings, counters that were hit, who judged, assumptions, and what
 * could not be read. */
#include <string.h>

#include "base/list.h"
#include "base/text.h"
#include "report/document/assumed.h"
#include "report/document/badge.h"
#include "report/document/notes.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/foreign.h"
#include "report/write/terminal_parts.h"

enum {
	LABEL_COLUMNS = 17,
	FINDING_LINES = 2,
	FINDING_LINES_ALONE = 4, /* without a plan */
	FOREIGN_LINES = 2,
	UNREAD_LINES = 5
};

/* Findings of the program, not of a rule, have no page of their own. */
static bool is_explained(const cJSON *finding)
{
	if (!view_count(finding, "sources"))
		return false;
	return strcmp(view_raw(finding, "id"), "planning-constant") != 0;
}

static const char *finding_text(const struct pen *pen, const cJSON *finding)
{
	const char *text = pen_text(pen, finding, "text", 600);
	const char *where = pen_text(pen, finding, "where", 120);
	const char *id = pen_text(pen, finding, "id", 60);
	if (*where && !strstr(text, where))
		text = arena_printf(pen->arena, "%s (%s)", text, where);
	if (pen->options->all && is_explained(finding))
		text = arena_printf(pen->arena, "%s [headroom explain %s]", text, id);
	return text;
}

static bool finding_is_of_age(const cJSON *finding)
{
	return strcmp(view_raw(finding, "id"), "facts-age") == 0;
}

static const struct finding_kind {
	const char *severity, *label;
	enum sheet_noun noun;
	enum rank rank;
} finding_kinds[] = {
		{"warning", "Warning", NOUN_WARNING, RANK_WARNING},
		{"note", "Note", NOUN_NOTE, RANK_NOTE},
};

/* Without a plan, what is wrong with the host is a part of the answer. */
static enum rank remark_rank(const struct pen *pen, enum rank rank)
{
	if (document_verdict(pen->document) == VERDICT_NONE)
		return RANK_MUST;
	return rank;
}

static size_t finding_lines(const struct pen *pen)
{
	if (document_verdict(pen->document) == VERDICT_NONE)
		return FINDING_LINES_ALONE;
	return FINDING_LINES;
}

/* How old the values are stands with the host. */
static void add_findings(struct sheet *sheet, const struct finding_kind *kind)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *finding;
	cJSON_ArrayForEach(finding, view_array(pen.document, "findings")) {
		enum rank rank = kind->rank;
		if (strcmp(view_raw(finding, "severity"), kind->severity) != 0)
			continue;
		if (rank == RANK_WARNING)
			rank = remark_rank(&pen, rank);
		if (strcmp(view_raw(finding, "id"), "plan-fewer-connections") == 0)
			rank = RANK_BASIS; /* it says why a number is not the one that was typed */
		if (finding_is_of_age(finding))
			rank = RANK_NOTE;
		pen_paragraph(&pen, kind->label, LABEL_COLUMNS, finding_text(&pen, finding));
		sheet_counted(sheet, rank, finding_lines(&pen), kind->noun, 1);
	}
}

/* What was hit before concerns the plan if it needs that limit, too. */
static enum rank hit_rank(const struct pen *pen, const cJSON *hit)
{
	const cJSON *limits = view_array(pen->document, "resources");
	const cJSON *limit = view_find(limits, "id", view_raw(hit, "resource"));
	if (limit && document_status(limit) != STATUS_NOT_APPLICABLE)
		return RANK_DETAIL;
	return RANK_NOTE;
}

static void add_hits(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *hit;
	cJSON_ArrayForEach(hit, view_array(pen.document, "hit_since_boot")) {
		pen_paragraph(&pen,
				"Hit since boot",
				LABEL_COLUMNS,
				arena_printf(pen.arena,
						"%s = %s: %s",
						pen_text(&pen, hit, "counter", 80),
						view_figure(pen.arena, hit, "value", UNIT_COUNT),
						pen_text(&pen, hit, "meaning", 200)));
		enum rank rank = remark_rank(&pen, hit_rank(&pen, hit));
		sheet_counted(sheet, rank, FINDING_LINES, NOUN_NOTE, 1);
	}
}

/* Never left out: who decides what is judged, and how, is a part of the answer. */
static void add_foreign(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(pen.document, "foreign")) {
		pen_paragraph(&pen, "Judged by", LABEL_COLUMNS, foreign_line(pen.arena, item));
		sheet_block(sheet, RANK_MUST, FOREIGN_LINES);
	}
}

/* "--lifetime-spread", which can be typed; where no flag states it, the field. */
static const char *remark_flag(const struct pen *pen, const cJSON *item)
{
	const struct assumed assumed = document_assumed(pen->arena, item);
	if (*assumed.flag)
		return assumed.flag;
	return assumed.name;
}

/* "--flag value (source)" of the assumptions whose source is, or is not, the plain default. */
static void add_assumed(const struct pen *pen, bool defaults, struct text *line)
{
	const cJSON *item;
	const char *separator = line->length ? "; " : "";
	cJSON_ArrayForEach(item, view_array(pen->document, "assumptions")) {
		const char *source = pen_text(pen, item, "source", 160);
		if (!strcmp(source, "default") != defaults)
			continue;
		const char *load = pen_text(pen, item, "load", 60);
		if (*load)
			load = arena_printf(pen->arena, "%s: ", load);
		text_addf(line,
				"%s%s%s %s",
				separator,
				load,
				pen_fold(pen, remark_flag(pen, item)),
				pen_fold(pen, view_value(pen->arena, item, "value", UNIT_COUNT)));
		if (!defaults && *source)
			text_addf(line, " (%s)", source);
		separator = defaults ? ", " : "; ";
	}
	if (defaults && line->length)
		text_add(line, " (defaults)");
}

static void terminal_remarks_add_assumptions(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	struct text line = {0};
	struct name_list said = {0};
	const cJSON *resource, *sentence;
	add_assumed(&pen, true, &line);
	add_assumed(&pen, false, &line);
	/* Two limits may have taken the same for granted. */
	cJSON_ArrayForEach(resource, view_array(pen.document, "resources"))
		cJSON_ArrayForEach(sentence, view_array(resource, "assumed"))
			name_list_add_once(pen.arena, &said, pen_text(&pen, sentence, "", 200));
	for (size_t i = 0; i < said.count; i++) {
		if (line.length > 0)
			text_add(&line, "; ");
		text_add(&line, said.items[i]);
	}
	if (line.length)
		pen_paragraph(&pen, "Assumed", LABEL_COLUMNS, line.data);
	sheet_counted(sheet,
			RANK_NEVER,
			0,
			NOUN_ASSUMED,
			view_count(pen.document, "assumptions") + said.count);
	text_release(&line);
}

void terminal_remarks(struct sheet *sheet)
{
	add_findings(sheet, &finding_kinds[0]);
	add_findings(sheet, &finding_kinds[1]);
	add_hits(sheet);
	add_foreign(sheet);
	terminal_remarks_add_assumptions(sheet);
}

static void unread_add(const struct pen *pen, const struct note *note)
{
	pen_paragraph(pen, note->label, LABEL_COLUMNS, note->text);
}

/* Is the next note about the same file? */
static bool unread_goes_on(const struct notes *notes, size_t at)
{
	if (at + 1 == notes->count)
		return false;
	return notes->items[at + 1].kind > NOTE_UNREAD;
}

/* A file and the way out of not knowing it belong together. */
void terminal_unread(struct sheet *sheet)
{
	const struct pen pen = sheet_pen(sheet);
	const struct notes notes = document_notes(pen.arena, pen.document);
	enum rank rank = RANK_STEP;
	if (badge_verdict(pen.document) == VERDICT_UNKNOWN)
		rank = RANK_MUST;
	for (size_t i = 0; i < notes.count; i++) {
		enum note_kind kind = notes.items[i].kind;
		if (kind < NOTE_UNREAD)
			continue;
		unread_add(&pen, &notes.items[i]);
		if (unread_goes_on(&notes, i))
			continue;
		sheet_counted(sheet, rank, UNREAD_LINES, NOUN_FILE, 1);
		rank = RANK_DETAIL;
	}
}
