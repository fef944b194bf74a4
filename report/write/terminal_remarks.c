/* The terminal view's fixes and remarks: findings, counters that were hit, waivers, assumptions. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "report/document/load.h"
#include "report/document/view.h"
#include "report/write/columns.h"
#include "report/write/foreign.h"
#include "report/write/script.h"
#include "report/write/terminal_parts.h"

enum {
	SHORT_FIXES = 3,
	SHORT_OTHERS = 2,
	SHORT_FINDINGS = 4,
	LABEL_COLUMNS = 11
};

/* What to type; else what to do, in words. A document of 0.1 has one text for both. */
static void add_command(const struct pen *pen, const char *first, const cJSON *fix)
{
	const struct script_place place = {first, "     ", script_width(pen->options)};
	const char *say = pen_text(pen, fix, "say", 300);
	pen_tone(pen, TONE_STRONG);
	if (script_add(pen->arena, pen->out, fix, "commands", &place)) {
		pen_plain(pen);
		return;
	}
	if (!*say)
		say = pen_text(pen, fix, "command", 0);
	if (!*say)
		say = pen_text(pen, fix, "title", 200);
	columns_wrap(pen->out, first, "     ", say, PEN_WIDTH);
	pen_plain(pen);
}

/* Adds "; " and the text without its full stop. */
static void add_clause(struct text *line, const char *text)
{
	size_t length = strlen(text);
	if (length && text[length - 1] == '.')
		length--;
	if (!length)
		return;
	if (line->length)
		text_add(line, "; ");
	text_add_bytes(line, text, length);
}

/* Who holds the limit, unless the first look at the command tells. */
static const char *layer_of_fix(const struct pen *pen, const cJSON *fix)
{
	const char *layer = view_raw(fix, "held_by.layer");
	static const char *const plain[] = {
			"",
			"kernel",
			"load-test",
			"network-namespace",
	};
	if (view_true(fix, "changes_test"))
		return "changes the test";
	for (size_t i = 0; i < COUNT_OF(plain); i++)
		if (strcmp(layer, plain[i]) == 0)
			return "";
	const char *text = pen_text(pen, fix, "held_by.text", 160);
	return arena_printf(pen->arena, "held by %s", text);
}

/* A load of nothing: another limit lets none pass, whatever is done about this one. */
static bool is_no_load(const cJSON *fix, const char *load)
{
	const cJSON *node = view_object(fix, load);
	double connections = view_number(node, "connections");
	double rate = view_number(node, "open_rate_per_s");
	if (rate > 0)
		return false;
	return connections == 0;
}

static const char *gain_of(const struct pen *pen, const cJSON *fix)
{
	struct text line = {0};
	const char *after = document_load_text(pen->arena, view_object(fix, "gain.after"));
	const char *id = view_raw(fix, "gain.next");
	const cJSON *limit = view_resource(pen->document, id);
	const char *next = pen_text(pen, limit, "title", 60);
	const cJSON *mended = view_resource(pen->document, view_raw(fix, "resource"));
	const char *own = pen_text(pen, mended, "title", 60);
	const char *restart = pen_text(pen, fix, "restart", 160);
	if (view_count(fix, "commands"))
		add_clause(&line, pen_text(pen, fix, "say", 300));
	add_clause(&line, layer_of_fix(pen, fix));
	if (line.length && *after)
		text_add(&line, "; ");
	if (*after && !is_no_load(fix, "gain.after"))
		text_addf(&line, "safe up to %s", after);
	else if (view_true(fix, "gain.enough"))
		text_addf(&line, "%s: enough then", own);
	if (view_true(fix, "gain.fits"))
		add_clause(&line, "the plan fits");
	else if (*next)
		add_clause(&line, arena_printf(pen->arena, "next limit: %s", next));
	add_clause(&line, pen_text(pen, fix, "note", 200));
	if (*restart && !text_begins_with(restart, "nothing"))
		add_clause(&line, arena_printf(pen->arena, "restart: %s", restart));
	return text_take(pen->arena, &line);
}

static void terminal_remarks_add_fix(const struct pen *pen, const cJSON *fix, size_t number)
{
	const char *first = arena_printf(pen->arena, "  %-2zu ", number);
	add_command(pen, first, fix);
	const char *gain = gain_of(pen, fix);
	if (*gain)
		columns_wrap(pen->out, "     ", "     ", pen_fold(pen, gain), PEN_WIDTH);
}

static const char *fixes_title(const struct pen *pen, size_t ladder)
{
	const char *more = pen->options->all ? "" : "; -o report.html has persistent form and undo";
	const char *how = "the smallest change";
	if (ladder > 1)
		how = "in this order";
	return arena_printf(pen->arena, "Fix (%s%s)", how, more);
}

/* The fixes of one kind under their title. */
static void add_fix_list(const struct pen *pen,
		const char *title,
		bool in_ladder,
		bool advisory,
		size_t most)
{
	const cJSON *fix;
	size_t number = 0;
	cJSON_ArrayForEach(fix, view_array(pen->document, "fixes")) {
		if (view_true(fix, "in_ladder") != in_ladder)
			continue;
		if (view_true(fix, "advisory") != advisory)
			continue;
		if (number == most) {
			text_add(pen->out, pen->options->ascii ? "  .  more: --all\n" : "  …  more: --all\n");
			break;
		}
		if (!number++)
			pen_line(pen, title);
		terminal_remarks_add_fix(pen, fix, number);
	}
	if (number)
		text_add(pen->out, "\n");
}

static size_t count_ladder(const struct pen *pen)
{
	size_t count = 0;
	const cJSON *fix;
	cJSON_ArrayForEach(fix, view_array(pen->document, "fixes")) {
		bool step = view_true(fix, "in_ladder");
		if (step)
			count++;
	}
	return count;
}

/* What fails, and no change is enough for. */
static void add_unhelped(const struct pen *pen)
{
	const cJSON *limit;
	const cJSON *limits = view_array(pen->document, "resources");
	size_t before = pen->out->length;
	cJSON_ArrayForEach(limit, limits) {
		const char *why = pen_text(pen, limit, "no_change", 400);
		const char *title = pen_text(pen, limit, "title", 60);
		if (!*why)
			continue;
		const char *line = arena_printf(pen->arena, "%s: %s", title, why);
		columns_wrap(pen->out, "  ", "     ", line, PEN_WIDTH);
	}
	if (pen->out->length > before)
		text_add(pen->out, "\n");
}

void terminal_fixes(const struct pen *pen)
{
	size_t ladder = count_ladder(pen);
	size_t most = SHORT_FIXES, others = SHORT_FIXES;
	const char *title = "Fix (each on its own)";
	if (ladder) {
		others = SHORT_OTHERS;
		title = "Or instead";
	}
	if (pen->options->all) {
		most = view_count(pen->document, "fixes");
		others = most;
	}
	add_fix_list(pen, fixes_title(pen, ladder), true, false, most);
	add_unhelped(pen);
	add_fix_list(pen, title, false, false, others);
	add_fix_list(pen, "Against the warnings", false, true, others);
}

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

static void add_findings(const struct pen *pen,
		const char *severity,
		const char *label,
		size_t *left)
{
	const cJSON *finding;
	cJSON_ArrayForEach(finding, view_array(pen->document, "findings")) {
		if (strcmp(view_raw(finding, "severity"), severity) != 0 || !*left)
			continue;
		pen_paragraph(pen, label, LABEL_COLUMNS, finding_text(pen, finding));
		(*left)--;
	}
}

static void add_hits(const struct pen *pen)
{
	const cJSON *hit;
	cJSON_ArrayForEach(hit, view_array(pen->document, "hit_since_boot"))
		pen_paragraph(pen,
				"Hit",
				LABEL_COLUMNS,
				arena_printf(pen->arena,
						"%s = %s since boot: %s",
						pen_text(pen, hit, "counter", 80),
						view_figure(pen->arena, hit, "value", UNIT_COUNT),
						pen_text(pen, hit, "meaning", 200)));
}

/* Never left out: who decides what is judged, and how, is a part of the answer. */
static void add_foreign(const struct pen *pen)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(pen->document, "foreign"))
		pen_paragraph(pen, "From", LABEL_COLUMNS, foreign_line(pen->arena, item));
}

/* "field value (source)" of the assumptions whose source is, or is not, the plain default. */
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
				pen_text(pen, item, "field", 60),
				pen_fold(pen, view_value(pen->arena, item, "value", UNIT_COUNT)));
		if (!defaults && *source)
			text_addf(line, " (%s)", source);
		separator = defaults ? ", " : "; ";
	}
	if (defaults && line->length)
		text_add(line, " (defaults)");
}

static void terminal_remarks_add_assumptions(const struct pen *pen)
{
	struct text line = {0};
	struct name_list said = {0};
	const cJSON *resource, *sentence;
	add_assumed(pen, true, &line);
	add_assumed(pen, false, &line);
	/* Two limits may have taken the same for granted. */
	cJSON_ArrayForEach(resource, view_array(pen->document, "resources"))
		cJSON_ArrayForEach(sentence, view_array(resource, "assumed"))
			name_list_add_once(pen->arena, &said, pen_text(pen, sentence, "", 200));
	for (size_t i = 0; i < said.count; i++) {
		if (line.length > 0)
			text_add(&line, "; ");
		text_add(&line, said.items[i]);
	}
	if (line.length)
		pen_paragraph(pen, "Assumed", LABEL_COLUMNS, line.data);
	text_release(&line);
}

void terminal_remarks(const struct pen *pen)
{
	size_t total = view_count(pen->document, "findings"),
		   left = pen->options->all ? total : SHORT_FINDINGS;
	size_t before = pen->out->length;
	add_findings(pen, "warning", "Warning", &left);
	add_findings(pen, "note", "Note", &left);
	if (!pen->options->all && total > SHORT_FINDINGS)
		pen_line(pen,
				arena_printf(pen->arena,
						"%zu more %s: --all",
						total - SHORT_FINDINGS,
						total - SHORT_FINDINGS == 1 ? "finding" : "findings"));
	add_hits(pen);
	add_foreign(pen);
	terminal_remarks_add_assumptions(pen);
	if (pen->out->length > before)
		text_add(pen->out, "\n");
}
