/* headroom.why/1 on a terminal: the cause first, with its evidence and its fix; then the others. */
#include <math.h>
#include <string.h>

#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/pen.h"

enum {
	INDENT = 13,
	TEXT_CHARS = 600,
	ID_CHARS = 60,
	FIXES_MAX = 3,
	RULED_OUT_MAX = 4
};

static const struct why_mark {
	const char *strength, *text;
	enum tone tone;
} why_marks[] = {
		{"full-now", "✗ NOW FULL", TONE_BAD},
		{"hit-now", "✗ HIT NOW", TONE_BAD},
		{"nearly-full", "! NEARLY FULL", TONE_CARE},
		{"hit-since-boot", "! HIT SINCE BOOT", TONE_CARE},
		{"possible", "? NOT FULL NOW", TONE_QUIET},
		{"impossible", "– RULED OUT", TONE_QUIET},
		{NULL, NULL, TONE_QUIET},
};

static bool is_limit(const cJSON *cause)
{
	return strcmp(view_raw(cause, "kind"), "limit") == 0;
}

static const struct why_mark *mark_of(const cJSON *cause)
{
	static const struct why_mark found = {NULL, "✗ FOUND", TONE_BAD};
	static const struct why_mark other = {NULL, "? NO LIMIT", TONE_QUIET};
	const char *strength = view_raw(cause, "strength");
	const struct why_mark *mark = why_marks;
	if (!is_limit(cause) && strcmp(strength, "full-now") == 0)
		return &found;
	if (!is_limit(cause) && strcmp(strength, "possible") == 0)
		return &other;
	while (mark->strength && strcmp(mark->strength, strength) != 0)
		mark++;
	return mark;
}

/* A sentence that begins in the first column. */
static void why_say(const struct pen *pen, const char *mark, enum tone tone, const char *text)
{
	const char *first = arena_printf(pen->arena, "%s  ", pen_fold(pen, mark));
	pen_tone(pen, tone);
	pen_tone(pen, TONE_STRONG);
	columns_wrap(pen->out, first, "  ", pen_fold(pen, text), PEN_WIDTH);
	pen_plain(pen);
}

/* "ephemeral-ports (limit): Outgoing ports" */
static void add_name(const struct pen *pen, const cJSON *cause)
{
	if (!is_limit(cause))
		return;
	text_addf(pen->out,
			"%s (limit): %s\n",
			pen_text(pen, cause, "id", ID_CHARS),
			pen_text(pen, cause, "title", ID_CHARS));
}

static void add_fixes(const struct pen *pen, const cJSON *cause)
{
	const cJSON *fix;
	int count = 0;
	cJSON_ArrayForEach(fix, view_array(cause, "fixes")) {
		if (count == FIXES_MAX && !pen->options->all)
			return;
		const char *text = arena_printf(pen->arena,
				"%s (headroom explain %s)",
				pen_text(pen, fix, "title", TEXT_CHARS),
				pen_text(pen, fix, "id", ID_CHARS));
		pen_paragraph(pen, count == 0 ? "Fix" : "", INDENT, text);
		count++;
	}
}

/* Sentences, one below the other. */
static void add_texts(const struct pen *pen, const char *label, const cJSON *texts)
{
	const cJSON *item;
	bool first = true;
	cJSON_ArrayForEach(item, texts) {
		pen_paragraph(pen, first ? label : "", INDENT, view_text(pen->arena, item, "", TEXT_CHARS));
		first = false;
	}
}

static void add_cause(const struct pen *pen, const cJSON *cause, const char *text, bool whole)
{
	const struct why_mark *mark = mark_of(cause);
	why_say(pen, mark->text, mark->tone, text);
	add_name(pen, cause);
	if (whole) {
		add_texts(pen, "Evidence", view_array(cause, "shows"));
		add_texts(pen, "Who", view_array(cause, "who"));
		add_fixes(pen, cause);
		add_texts(pen, "Look at", view_array(cause, "look_at"));
	}
}

static void add_others(const struct pen *pen,
		const cJSON *array,
		const cJSON *skip,
		const char *title)
{
	const cJSON *cause;
	bool first = true;
	cJSON_ArrayForEach(cause, array) {
		if (cause == skip)
			continue;
		if (first)
			text_addf(pen->out, "\n%s\n", title);
		first = false;
		add_cause(pen, cause, pen_text(pen, cause, "says", TEXT_CHARS), false);
	}
}

static void add_ruled_out(const struct pen *pen)
{
	struct text line = {0};
	const cJSON *item;
	int count = 0;
	cJSON_ArrayForEach(item, view_array(pen->document, "ruled_out")) {
		if (count == RULED_OUT_MAX && !pen->options->all)
			break;
		text_addf(&line,
				"%s%s %s",
				count > 0 ? " · " : "",
				view_text(pen->arena, item, "title", ID_CHARS),
				view_text(pen->arena, item, "says", ID_CHARS));
		count++;
	}
	if (count > 0)
		pen_paragraph(pen, "Ruled out", INDENT, text_string(&line));
	text_release(&line);
}

static void add_unread(const struct pen *pen)
{
	const cJSON *item;
	bool first = true;
	cJSON_ArrayForEach(item, view_array(pen->document, "could_not_see")) {
		const char *text = arena_printf(pen->arena,
				"%s: %s",
				pen_text(pen, item, "title", ID_CHARS),
				pen_text(pen, item, "why", TEXT_CHARS));
		pen_paragraph(pen, first ? "Not seen" : "", INDENT, text);
		first = false;
	}
}

/* "headroom: WHY ephemeral-ports 100% destination=10.99.0.2:8081" */
void write_why_line(const cJSON *document, struct arena *arena, struct text *out)
{
	const cJSON *cause = cJSON_GetArrayItem(view_array(document, "causes"), 0);
	if (strcmp(view_raw(document, "answer"), "found") != 0) {
		text_addf(out, "headroom: WHY %s\n", view_text(arena, document, "answer", ID_CHARS));
		return;
	}
	double used = view_number(cause, "now.used"), capacity = view_number(cause, "now.capacity");
	text_addf(out, "headroom: WHY %s", view_text(arena, cause, "id", ID_CHARS));
	if (capacity > 0 && !isinf(capacity) && !isnan(used))
		text_addf(out, " %.3g%%", used / capacity * 100);
	if (strcmp(view_raw(cause, "scope"), "destination") == 0 && *view_raw(cause, "now.by"))
		text_addf(out, " destination=%s", view_text(arena, cause, "now.by", ID_CHARS));
	text_add(out, "\n");
}

void write_why(const cJSON *document, const struct write_options *options, struct text *out)
{
	struct text page = {0};
	const struct pen pen = {document, options, options->arena, &page};
	const cJSON *causes = view_array(document, "causes");
	const cJSON *first = cJSON_GetArrayItem(causes, 0);
	const char *headline = pen_text(&pen, document, "headline", TEXT_CHARS);
	if (first)
		add_cause(&pen, first, headline, true);
	else
		pen_line(&pen, headline);
	add_others(&pen, causes, first, "Or, in this order:");
	add_others(&pen, view_array(document, "also"), NULL, "Also seen on this host:");
	text_add(&page, "\n");
	add_ruled_out(&pen);
	add_unread(&pen);
	write_why_line(document, options->arena, &page);
	text_add(out, text_string(&page));
	text_release(&page);
}
