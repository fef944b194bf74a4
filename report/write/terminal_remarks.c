/* The terminal view's fixes and remarks: findings, counters that were hit, waivers, assumptions. */
#include <math.h>
#include <string.h>

#include "report/write/columns.h"
#include "report/write/terminal.h"

enum {
	SHORT_FIXES = 3,
	SHORT_FINDINGS = 4,
	LABEL_COLUMNS = 11
};

/* A command with its own line breaks kept; continuation lines are indented. */
static void add_command(const struct terminal *t, const char *first, const char *command)
{
	const char *begin = first, *at = command;
	terminal_tone(t, TONE_STRONG);
	while (*at) {
		size_t length = strcspn(at, "\n");
		const char *line = text_clean(t->arena, at, length, 0);
		columns_wrap_shell(t->out, begin, "       ", terminal_fold(t, line), TERMINAL_WIDTH);
		begin = "       ";
		at += length + (at[length] == '\n');
	}
	terminal_plain(t);
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

static const char *gain_of(const struct terminal *t, const cJSON *fix)
{
	struct text line = {0};
	const char *after = document_load_text(t->arena, view_object(fix, "gain.after"));
	const char *id = view_raw(fix, "gain.next"),
			   *next = terminal_text(t, view_resource(t->document, id), "title", 60);
	const char *restart = terminal_text(t, fix, "restart", 160);
	if (*after)
		text_addf(&line, "safe up to %s", after);
	if (view_true(fix, "gain.fits"))
		add_clause(&line, "the plan fits");
	else if (*next)
		add_clause(&line, arena_printf(t->arena, "next limit: %s", next));
	add_clause(&line, terminal_text(t, fix, "note", 200));
	if (*restart && strncmp(restart, "nothing", 7) != 0)
		add_clause(&line, arena_printf(t->arena, "restart: %s", restart));
	return text_take(t->arena, &line);
}

static void terminal_remarks_add_fix(const struct terminal *t, const cJSON *fix, size_t number)
{
	const char *first = arena_printf(t->arena, "  %-2zu ", number);
	const char *command = view_raw(fix, "command");
	add_command(t, first, *command ? command : view_raw(fix, "title"));
	const char *gain = gain_of(t, fix);
	if (*gain)
		columns_wrap(t->out, "     ", "     ", terminal_fold(t, gain), TERMINAL_WIDTH);
}

static const char *fixes_title(const struct terminal *t, size_t ladder)
{
	const char *more = t->options->all ? "" : "; -o report.html has persistent form and undo";
	const char *how = ladder > 1 ? "in this order" : "the smallest change";
	return arena_printf(t->arena, "Fix (%s%s)", how, more);
}

/* The fixes of one kind under their title. */
static void add_fix_list(const struct terminal *t,
		const char *title,
		bool in_ladder,
		bool advisory,
		size_t most)
{
	const cJSON *fix;
	size_t number = 0;
	cJSON_ArrayForEach(fix, view_array(t->document, "fixes")) {
		if (view_true(fix, "in_ladder") != in_ladder || view_true(fix, "advisory") != advisory)
			continue;
		if (number == most) {
			text_add(t->out, t->options->ascii ? "  .  more: --all\n" : "  …  more: --all\n");
			break;
		}
		if (!number++)
			terminal_line(t, title);
		terminal_remarks_add_fix(t, fix, number);
	}
	if (number)
		text_add(t->out, "\n");
}

void terminal_fixes(const struct terminal *t)
{
	const cJSON *fix;
	size_t ladder = 0, total = view_count(t->document, "fixes");
	cJSON_ArrayForEach(fix, view_array(t->document, "fixes"))
		ladder += view_true(fix, "in_ladder");
	size_t most = t->options->all ? total : SHORT_FIXES;
	add_fix_list(t, fixes_title(t, ladder), true, false, most);
	size_t others = ladder && !t->options->all ? 2 : most;
	add_fix_list(t, ladder ? "Or instead" : "Fix (each on its own)", false, false, others);
	add_fix_list(t, "Against the warnings", false, true, others);
}

static void add_findings(const struct terminal *t,
		const char *severity,
		const char *label,
		size_t *left)
{
	const cJSON *finding;
	cJSON_ArrayForEach(finding, view_array(t->document, "findings")) {
		if (strcmp(view_raw(finding, "severity"), severity) != 0 || !*left)
			continue;
		const char *text = terminal_text(t, finding, "text", 600),
				   *where = terminal_text(t, finding, "where", 120);
		const char *id = terminal_text(t, finding, "id", 60);
		if (*where && !strstr(text, where))
			text = arena_printf(t->arena, "%s (%s)", text, where);
		/* Findings of the program, not of a rule, have no page of their own. */
		if (t->options->all && view_count(finding, "sources") &&
				strcmp(id, "planning-constant") != 0)
			text = arena_printf(t->arena, "%s [headroom explain %s]", text, id);
		terminal_paragraph(t, label, LABEL_COLUMNS, text);
		(*left)--;
	}
}

static void add_hits(const struct terminal *t)
{
	const cJSON *hit;
	cJSON_ArrayForEach(hit, view_array(t->document, "hit_since_boot"))
		terminal_paragraph(t,
				"Hit",
				LABEL_COLUMNS,
				arena_printf(t->arena,
						"%s = %s since boot: %s",
						terminal_text(t, hit, "counter", 80),
						view_figure(t->arena, hit, "value", UNIT_COUNT),
						terminal_text(t, hit, "meaning", 200)));
}

static void add_waivers(const struct terminal *t)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(t->document, "ignored"))
		terminal_paragraph(t,
				"Ignored",
				LABEL_COLUMNS,
				arena_printf(t->arena,
						"%s does not count for the verdict (--ignore)",
						terminal_text(t, item, "", 60)));
	cJSON_ArrayForEach(item, view_array(t->document, "waivers")) {
		bool expired = view_true(item, "expired");
		terminal_paragraph(t,
				"Waived",
				LABEL_COLUMNS,
				arena_printf(t->arena,
						"%s: %s (%s %s)",
						terminal_text(t, item, "id", 60),
						terminal_text(t, item, "justification", 200),
						expired ? "EXPIRED, counts again since" : "until",
						terminal_text(t, item, "expires", 20)));
	}
}

/* "field value (source)" of the assumptions whose source is, or is not, the plain default. */
static void add_assumed(const struct terminal *t, bool defaults, struct text *line)
{
	const cJSON *item;
	const char *separator = line->length ? "; " : "";
	cJSON_ArrayForEach(item, view_array(t->document, "assumptions")) {
		const char *source = terminal_text(t, item, "source", 160);
		if (!strcmp(source, "default") != defaults)
			continue;
		text_addf(line,
				"%s%s %s",
				separator,
				terminal_text(t, item, "field", 60),
				terminal_fold(t, view_value(t->arena, item, "value", UNIT_COUNT)));
		if (!defaults && *source)
			text_addf(line, " (%s)", source);
		separator = defaults ? ", " : "; ";
	}
	if (defaults && line->length)
		text_add(line, " (defaults)");
}

static void terminal_remarks_add_assumptions(const struct terminal *t)
{
	struct text line = {0};
	const cJSON *resource, *sentence;
	add_assumed(t, true, &line);
	add_assumed(t, false, &line);
	cJSON_ArrayForEach(resource, view_array(t->document, "resources"))
		cJSON_ArrayForEach(sentence, view_array(resource, "assumed"))
			text_addf(&line, "%s%s", line.length ? "; " : "", terminal_text(t, sentence, "", 200));
	if (line.length)
		terminal_paragraph(t, "Assumed", LABEL_COLUMNS, line.data);
	text_release(&line);
}

void terminal_remarks(const struct terminal *t)
{
	size_t total = view_count(t->document, "findings"),
		   left = t->options->all ? total : SHORT_FINDINGS;
	size_t before = t->out->length;
	add_findings(t, "warning", "Warning", &left);
	add_findings(t, "note", "Note", &left);
	if (!t->options->all && total > SHORT_FINDINGS)
		terminal_line(t,
				arena_printf(t->arena,
						"%zu more %s: --all",
						total - SHORT_FINDINGS,
						total - SHORT_FINDINGS == 1 ? "finding" : "findings"));
	add_hits(t);
	add_waivers(t);
	terminal_remarks_add_assumptions(t);
	if (t->out->length > before)
		text_add(t->out, "\n");
}
