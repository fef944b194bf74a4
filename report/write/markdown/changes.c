/* The changes: on page 1 what is to be approved, folded all of them with what keeps them and what
 * takes them back. */
#include <string.h>

#include "base/text.h"
#include "report/document/carry.h"
#include "report/document/question.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"
#include "report/write/markup.h"
#include "report/write/script.h"

enum {
	ALTERNATIVES_MAX = 4
};

/* One line of plain text, one of code that may be pasted. */
static void add_detail(const struct markdown *m,
		const cJSON *fix,
		const char *label,
		const char *member)
{
	const char *text = markdown_string(m, fix, member, 300);
	if (*text)
		text_addf(m->out, "%s: %s\n\n", label, text);
}

/* A path as code, from which it can be copied; where there is none, the kind. */
static const char *place_of(const struct markdown *m, const cJSON *file, const char *kind)
{
	const char *path = view_text(m->arena, file, "path", 0);
	if (!*path)
		return kind;
	if (strchr(path, '`'))
		return markdown_escaped(m, path);
	return arena_printf(m->arena, "`%s`", path);
}

/* Lines of files, and of manifests: never broken. */
static void markdown_add_files(const struct markdown *m, const cJSON *fix)
{
	const cJSON *file;
	cJSON_ArrayForEach(file, view_array(fix, "files")) {
		struct text lines = {0};
		const char *kind = markdown_string(m, file, "kind", 40);
		if (!strcmp(kind, "workload"))
			continue;
		text_addf(m->out, "Permanent (%s):\n\n", place_of(m, file, kind));
		script_add_file(m->arena, &lines, file, "");
		markup_add_code(m->arena, m->out, "", text_string(&lines));
		text_release(&lines);
	}
}

/* What is to be done in words stands in none. */
static void markdown_add_commands(const struct markdown *m, const cJSON *fix)
{
	const char *say = markdown_string(m, fix, "say", 400);
	if (!markdown_script(m, fix, "commands") && !*say)
		say = markdown_string(m, fix, "command", 400);
	if (*say)
		text_addf(m->out, "%s\n\n", say);
}

static void add_undo(const struct markdown *m, const cJSON *fix)
{
	if (view_count(fix, "undo_commands") == 0) {
		add_detail(m, fix, "Undo", "undo_say");
		return;
	}
	text_add(m->out, "Undo:\n\n");
	(void)markdown_script(m, fix, "undo_commands");
	add_detail(m, fix, "Then", "undo_say");
}

static void changes_add_first(const struct markdown *m, const cJSON *change, unsigned number)
{
	const char *gain = carry_gain(m->arena, m->document, change);
	text_addf(m->out, "**%u. %s**", number, markdown_string(m, change, "title", 200));
	if (*gain)
		text_addf(m->out, " (then: %s)", markdown_escaped(m, gain));
	text_add(m->out, "\n\n");
	markdown_add_commands(m, change);
	add_undo(m, change);
}

void markdown_first_changes(const struct markdown *m)
{
	static const char ask[] = "headroom audit ws-client --connections 15000 --lifetime 60s\n"
							  "headroom audit --role server --connections 15000\n"
							  "headroom audit -- wrk -t4 -c400 -d60s http://10.0.0.5/\n";
	const cJSON *change;
	unsigned number = 0;
	if (!view_count(m->document, "holds"))
		return;
	if (view_count(m->document, "first_changes"))
		text_add(m->out, "### What to change first\n\n");
	cJSON_ArrayForEach(change, view_array(m->document, "first_changes")) {
		number++;
		changes_add_first(m, change, number);
	}
	text_add(m->out, "### To get a verdict, describe the load test\n\n");
	markup_add_code(m->arena, m->out, "sh", ask);
}

static void changes_add_title(const struct markdown *m, const cJSON *fix, const char *label)
{
	const char *after = markdown_load(m, fix, "gain.after");
	text_addf(m->out, "**%s %s**", label, markdown_string(m, fix, "title", 200));
	if (view_true(fix, "changes_test"))
		text_add(m->out, " (changes the test)");
	if (*after)
		text_addf(m->out, ": safe up to %s", after);
	if (*after && view_true(fix, "gain.fits"))
		text_add(m->out, "; the plan fits");
	text_add(m->out, "\n\n");
}

static void markdown_add_fix(const struct markdown *m, const cJSON *fix, const char *label)
{
	changes_add_title(m, fix, label);
	if (!view_true(fix, "changes_test"))
		add_detail(m, fix, "Belongs to", "held_by.text");
	markdown_add_commands(m, fix);
	markdown_add_files(m, fix);
	add_detail(m, fix, "Restart", "restart");
	add_undo(m, fix);
	add_detail(m, fix, "Note", "note");
	add_detail(m, fix, "Risk", "risk");
}

/* --- page 1 --- */

static const char *decide_title(const struct markdown *m, size_t steps)
{
	enum verdict verdict = document_verdict(m->document);
	const char *run = "";
	if (view_true(m->document, "gate.ran"))
		run = ", then run again";
	if (verdict == VERDICT_PASS && !*run)
		return "Possible changes: more room than the plan needs";
	if (steps == 0)
		return "What no setting helps";
	if (steps == 1)
		return arena_printf(m->arena, "Approve this change%s", run);
	return arena_printf(m->arena, "Approve these changes%s", run);
}

/* What fails, and no change is enough for. */
static void decide_add_unhelped(const struct markdown *m)
{
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(m->document, "resources")) {
		const char *why = markdown_string(m, limit, "no_change", 400);
		const char *title = markdown_string(m, limit, "title", 60);
		if (*why)
			text_addf(m->out, "**%s**: %s\n\n", title, why);
	}
}

/* "Risk: low. ": a sentence with its full stop. */
static void decide_add_part(const struct markdown *m, const char *label, const char *text)
{
	const char *end = ". ";
	if (text_ends_with(text, "."))
		end = " ";
	if (*text)
		text_addf(m->out, "%s: %s%s", label, text, end);
}

/* "Restart: the program. Affects: this program. Risk: none." */
static void decide_add_effect(const struct markdown *m, const cJSON *fix)
{
	size_t before = m->out->length;
	decide_add_part(m, "Restart", markdown_string(m, fix, "restart", 200));
	decide_add_part(m, "Affects", markdown_string(m, fix, "shared_with", 200));
	decide_add_part(m, "Risk", markdown_string(m, fix, "risk", 200));
	decide_add_part(m, "Note", markdown_string(m, fix, "note", 200));
	if (m->out->length == before)
		return;
	m->out->length--; /* the last blank */
	text_add(m->out, "\n\n");
}

static void decide_add_step(const struct markdown *m, const cJSON *fix, size_t number)
{
	const char *label = arena_printf(m->arena, "%zu.", number);
	changes_add_title(m, fix, label);
	markdown_add_commands(m, fix);
	decide_add_effect(m, fix);
	add_undo(m, fix);
}

static void decide_add_steps(const struct markdown *m)
{
	const cJSON *fix;
	size_t number = 0, steps = view_count(m->document, "ladder");
	cJSON_ArrayForEach(fix, view_array(m->document, "fixes")) {
		if (!view_true(fix, "in_ladder"))
			continue;
		if (number == MARKDOWN_FIXES_MAX)
			break;
		decide_add_step(m, fix, ++number);
	}
	markdown_rest(m, steps, number);
}

/* "Instead (changes the test): 20 hosts like this one (15,160 connections); …" */
static void decide_add_instead(const struct markdown *m, bool fits, bool changes_test)
{
	const char *before = document_alternatives_title(fits, changes_test), *end = "";
	const cJSON *fix;
	size_t count = 0;
	cJSON_ArrayForEach(fix, view_array(m->document, "fixes")) {
		if (!document_is_alternative(fix, fits, changes_test))
			continue;
		if (count++ == ALTERNATIVES_MAX)
			break;
		const char *after = markdown_load(m, fix, "gain.after");
		text_addf(m->out, "%s%s", before, markdown_string(m, fix, "title", 200));
		if (*after)
			text_addf(m->out, " (%s)", after);
		before = "; ";
		end = ".\n\n";
	}
	text_add(m->out, end);
}

static size_t decide_unhelped(const cJSON *document)
{
	const cJSON *limit;
	size_t count = 0;
	cJSON_ArrayForEach(limit, view_array(document, "resources"))
		count += *view_raw(limit, "no_change") != '\0';
	return count;
}

void markdown_decide(const struct markdown *m)
{
	size_t steps = view_count(m->document, "ladder");
	size_t unhelped = decide_unhelped(m->document);
	if (steps || unhelped)
		text_addf(m->out, "### %s\n\n", decide_title(m, steps));
	if (steps > 1)
		text_add(m->out,
				"Make these changes in this order. "
				"Each safe load includes the changes above it.\n\n");
	decide_add_steps(m);
	decide_add_unhelped(m);
	decide_add_instead(m, true, false);
	decide_add_instead(m, true, true);
	decide_add_instead(m, false, false);
	decide_add_instead(m, false, true);
}

/* --- folded --- */

static const char *changes_label(const cJSON *fix)
{
	if (view_true(fix, "advisory"))
		return "Optional (clears a warning):";
	if (view_true(fix, "in_ladder"))
		return "Change:";
	if (view_true(fix, "gain.fits"))
		return "Instead:";
	return "Not enough alone:";
}

void markdown_changes(const struct markdown *m)
{
	const cJSON *fix;
	size_t count = view_count(m->document, "fixes"), number = 0;
	if (!count)
		return;
	markdown_fold(m, "The changes in full");
	cJSON_ArrayForEach(fix, view_array(m->document, "fixes")) {
		if (number++ == MARKDOWN_FIXES_MAX)
			break;
		markdown_add_fix(m, fix, changes_label(fix));
	}
	markdown_rest(m, count, MARKDOWN_FIXES_MAX);
	markdown_unfold(m);
}
