/* headroom.why/1: the cause, what proves it, what ends it, and what was ruled out. */
#include <math.h>
#include <string.h>

#include "report/answer/kinds.h"
#include "report/document/notes.h"
#include "report/document/view.h"
#include "report/write/why_page.h"

static const cJSON *why_first(const struct answer *a)
{
	const cJSON *causes = answer_list(a, "causes");
	return cJSON_GetArrayItem(causes, 0);
}

/* --- head ------------------------------------------------------------------------------------ */

static const char *why_tone(const struct why_mark *mark)
{
	switch (mark->tone) {
	case TONE_BAD:
		return "fail";
	case TONE_CARE:
		return "unknown";
	case TONE_GOOD:
	case TONE_QUIET:
	case TONE_STRONG:
		break;
	}
	return "none";
}

static void why_badge(const struct answer *a)
{
	const cJSON *cause = why_first(a);
	if (!cause && why_hit_before(a->root) > 0) {
		answer_badge(a, "NOT FULL NOW", "WHY", "none");
		return;
	}
	if (!cause) {
		answer_badge(a, "NO LIMIT", "WHY", "none");
		return;
	}
	const struct why_mark *mark = why_mark_of(cause);
	const char *word = why_mark_text(cause);
	const char *verdict = why_tone(mark);
	answer_badge(a, word, "WHY", verdict);
}

static const char *why_place(const struct answer *a)
{
	const char *host = answer_of(a, "host.name");
	const char *vantage = answer_of(a, "host.vantage");
	if (*host && *vantage)
		return answer_printf(a, "%s, %s", host, vantage);
	if (*host)
		return host;
	return vantage;
}

static void why_head(const struct answer *a)
{
	const cJSON *cause = why_first(a);
	const char *title = answer_said(a, cause, "title");
	const char *kind = view_raw(cause, "kind");
	answer_head(a, "Incident", "Why does it fail?");
	answer_note(a, why_place(a));
	why_badge(a);
	answer_is(a, answer_of(a, "headline"));
	if (strcmp(kind, "limit") == 0)
		answer_also(a, why_name_text(a->arena, cause));
	else
		answer_also(a, title);
	answer_also(a, answer_said(a, cause, "means"));
}

/* --- tiles ----------------------------------------------------------------------------------- */

static void why_tile_use(const struct answer *a)
{
	const cJSON *cause = why_first(a);
	enum unit unit = view_unit(cause, "quantity");
	const char *used = answer_figure(a, cause, "now.used", unit);
	const char *capacity = answer_figure(a, cause, "now.capacity", unit);
	const char *title = answer_said(a, cause, "title");
	const char *by = answer_said(a, cause, "now.by");
	if (!view_object(cause, "now") || !*used)
		return;
	if (*by)
		title = answer_printf(a, "%s, %s", title, by);
	used = answer_printf(a, "%s of %s", used, capacity);
	answer_tile(a, "In use now", used, title);
}

static const struct why_reach {
	const char *reach, *text;
} why_reaches[] = {
		{"now", "at once, nothing is restarted"},
		{"reload", "after a reload"},
		{"restart", "after a restart"},
		{"", ""},
};

static void why_tile_fix(const struct answer *a)
{
	const cJSON *cause = why_first(a);
	const cJSON *remedies = view_array(cause, "remedies");
	const cJSON *remedy = cJSON_GetArrayItem(remedies, 0);
	const char *title = answer_said(a, remedy, "title");
	const char *reach = view_raw(remedy, "reach");
	const struct why_reach *row = why_reaches;
	while (*row->reach && strcmp(row->reach, reach) != 0)
		row++;
	if (*row->text)
		answer_tile(a, "The change works", row->text, title);
}

static void why_tiles(const struct answer *a)
{
	double looks = answer_number(a, "looks.count");
	double apart_s = answer_number(a, "looks.apart_s");
	const char *as_of = answer_of(a, "as_of");
	const char *how = answer_plural(a, looks, "look");
	const char *basis = "seen on this host";
	if (isfinite(apart_s))
		how = answer_printf(a, "%s, %.2g s apart", how, apart_s);
	if (!view_true(a->root, "host.live"))
		basis = "a snapshot, not live";
	why_tile_use(a);
	why_tile_fix(a);
	how = answer_printf(a, "%s; host as of %s", how, as_of);
	answer_tile(a, "Basis", basis, how);
}

/* --- evidence -------------------------------------------------------------------------------- */

/* Lines of the screen that have this label, or the one before where they have none. */
static void why_lines(const struct answer *a, cJSON *part)
{
	const struct why_page page = why_page_more(a->arena, a->root);
	const char *label = "";
	for (size_t i = 0; i < page.count; i++) {
		const struct why_block *block = &page.blocks[i];
		if (block->kind != WHY_BLOCK_LINE || !block->label)
			continue;
		if (*block->label)
			label = block->label;
		answer_fact(part, label, block->text);
	}
}

static void why_evidence(const struct answer *a)
{
	const cJSON *cause = why_first(a);
	cJSON *part = answer_part(a, "evidence", "Evidence");
	answer_facts(a, part, "Found", view_array(cause, "shows"));
	answer_facts(a, part, "Who", view_array(cause, "who"));
	answer_facts(a, part, "Look at", view_array(cause, "look_at"));
	why_lines(a, part);
	if (!view_array(part, "facts"))
		answer_text(part, "Nothing of this host is near its limit.");
}

/* --- what to do ------------------------------------------------------------------------------ */

static const struct answer_label why_remedy_rows[] = {
		{"Note", "note"},
		{"Affects", "shared_with"},
		{"Risk", "risk"},
		{NULL, NULL},
};

static void why_remedy(const struct answer *a, cJSON *part, const cJSON *remedy)
{
	const cJSON *file, *undo = view_get(remedy, "undo");
	const char *title = answer_said(a, remedy, "title");
	const char *reach = view_raw(remedy, "reach");
	bool now = strcmp(reach, "now") == 0;
	const char *label = "Fix";
	cJSON *step = answer_step(a, part, title);
	if (now)
		label = "Fix now";
	answer_step_commands(a, step, label, view_array(remedy, "commands"));
	cJSON_ArrayForEach(file, view_array(remedy, "files"))
		answer_step_file(a, step, "Permanent", file);
	if (!view_array(remedy, "files"))
		answer_step_each(a, step, "Permanent", view_array(remedy, "lasting"));
	answer_step_texts(a, step, remedy, why_remedy_rows);
	if (*view_raw(undo, ""))
		answer_step_line(a, step, "Undo", undo);
}

/* headroom explain takes this id. */
static const struct answer_label why_explain[] = {
		{"headroom explain", "id"},
		{NULL, NULL},
};

static void why_fixes(const struct answer *a, cJSON *part, const cJSON *cause)
{
	const cJSON *fix;
	cJSON_ArrayForEach(fix, view_array(cause, "fixes")) {
		const char *title = answer_said(a, fix, "title");
		cJSON *step = answer_step(a, part, title);
		answer_step_texts(a, step, fix, why_explain);
	}
}

static void why_do(const struct answer *a)
{
	const cJSON *remedy, *cause = why_first(a);
	size_t remedies = view_count(cause, "remedies");
	size_t fixes = view_count(cause, "fixes");
	if (remedies + fixes == 0)
		return;
	if (why_is_of_no_process(a->root))
		return;
	cJSON *part = answer_part(a, "fix", "What ends it");
	answer_text(part, "One of these; the first reaches the program soonest.");
	cJSON_ArrayForEach(remedy, view_array(cause, "remedies"))
		why_remedy(a, part, remedy);
	if (remedies == 0)
		why_fixes(a, part, cause);
}

static void why_do_next(const struct answer *a)
{
	struct why_next next;
	if (!why_next_of(a->arena, a->root, &next))
		return;
	cJSON *part = answer_part(a, "next", "What to do next");
	cJSON *step = answer_step(a, part, next.text);
	for (size_t i = 0; i < next.commands.count; i++) {
		const char *line = next.commands.items[i];
		cJSON *command = cJSON_CreateString(line);
		answer_step_line(a, step, "Run", command);
		cJSON_Delete(command);
	}
}

/* --- the rest -------------------------------------------------------------------------------- */

static const char *const why_says[] = {
		"says",
		NULL,
};

static const struct answer_column why_cause_columns[] = {
		{"Cause", ""},
		{"What was found", ""},
		{"How strong", "nowrap"},
		{NULL, NULL},
};

static cJSON *why_cause_table(const struct answer *a, const char *id, const char *title)
{
	static const char strongest[] = "The strongest first";
	cJSON *part = answer_part(a, id, title);
	answer_table(part, strongest, why_cause_columns);
	return part;
}

/* Without the colon that it has on a screen. */
static const char *why_part_title(const struct answer *a, const char *title)
{
	size_t length = strcspn(title, ":");
	return arena_copy(a->arena, title, length);
}

static void why_causes(const struct answer *a, const char *id, const char *title)
{
	const cJSON *cause;
	const cJSON *causes = answer_list(a, id);
	const cJSON *first = why_first(a);
	cJSON *part = NULL;
	cJSON_ArrayForEach(cause, causes) {
		if (cause == first)
			continue;
		if (!part)
			part = why_cause_table(a, id, title);
		const char *name = answer_said(a, cause, "title");
		cJSON *row = answer_row_of(a, part, name, cause, why_says);
		answer_cell(part, row, why_mark_text(cause));
	}
}

static void why_ruled_out(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Limit", ""},
			{"In use", "num"},
			{NULL, NULL},
	};
	const cJSON *items = answer_list(a, "ruled_out");
	if (cJSON_GetArraySize(items) == 0)
		return;
	cJSON *part = answer_part(a, "ruled", "Ruled out");
	answer_table(part, "Limits that are not full", columns);
	answer_rows(a, part, items, "title", why_says);
}

static void why_trust(const struct answer *a)
{
	cJSON *part = answer_part(a, "trust", "How far to trust this");
	const cJSON *item, *log = answer_object(a, "kernel_log");
	const struct notes notes = document_notes(a->arena, a->root);
	cJSON_ArrayForEach(item, answer_list(a, "could_not_see")) {
		const char *title = answer_said(a, item, "title");
		const char *why = answer_said(a, item, "why");
		if (*why)
			title = answer_printf(a, "%s: %s", title, why);
		answer_fact(part, "Not known", title);
	}
	const char *error = answer_said(a, log, "error");
	error = answer_printf(a, "the kernel's log: %s", error);
	if (log && !view_true(log, "read"))
		answer_fact(part, "Not known", error);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		answer_fact(part, note->label, note->text);
	}
	answer_text(part, "What is full changes by the second. This is a picture of one moment.");
}

void answer_why(const struct answer *a)
{
	why_head(a);
	why_tiles(a);
	why_do(a);
	why_do_next(a);
	why_evidence(a);
	why_causes(a, "causes", why_part_title(a, why_rest_title(a->root)));
	why_causes(a, "also", why_part_title(a, why_also_title(a->root)));
	why_ruled_out(a);
	why_trust(a);
}
