/* What stands on the page, and in which order: the cause first, with its evidence and its fix; then
 * the others, and what was ruled out. */
#include "report/write/why_page.h"

#include <math.h>
#include <string.h>

#include "report/document/notes.h"
#include "report/document/view.h"
#include "report/write/script.h"

enum {
	TEXT_CHARS = 600,
	ID_CHARS = 60,
	FIXES_MAX = 3,
	REMEDIES_SHOWN = 2,
	RULED_OUT_MAX = 4,
	CALLS_MAX = 8,
	PLACES_MAX = 4
};

struct builder {
	struct arena *arena;
	const cJSON *document;
	bool all;
	struct why_page page;
};

static const struct why_mark why_marks[] = {
		{"failing-now", "✗ FAILING NOW", "✗ FAILING NOW", TONE_BAD},
		{"full-now", "✗ NOW FULL", "✗ FOUND", TONE_BAD},
		{"hit-now", "✗ HIT NOW", "✗ FOUND", TONE_BAD},
		{"nearly-full", "! NEARLY FULL", "! LIKELY", TONE_CARE},
		{"hit-since-boot", "! HIT SINCE BOOT", "! LIKELY", TONE_CARE},
		{"possible", "? NOT FULL NOW", "? NO LIMIT", TONE_STRONG},
		{"impossible", "– RULED OUT", "– RULED OUT", TONE_QUIET},
		{NULL, "?", "?", TONE_STRONG},
};

static bool is_limit(const cJSON *cause)
{
	return strcmp(view_raw(cause, "kind"), "limit") == 0;
}

const struct why_mark *why_mark_of(const cJSON *cause)
{
	const char *strength = view_raw(cause, "strength");
	static const struct why_mark unknown = {NULL, "? NOT KNOWN", "? NOT KNOWN", TONE_STRONG};
	const struct why_mark *mark = why_marks;
	bool is_unknown = is_limit(cause) && *view_raw(cause, "now.state") == '\0';
	if (is_unknown && strcmp(strength, "possible") == 0)
		return &unknown;
	while (mark->strength && strcmp(mark->strength, strength) != 0)
		mark++;
	return mark;
}

const char *why_mark_text(const cJSON *cause)
{
	const struct why_mark *mark = why_mark_of(cause);
	if (is_limit(cause))
		return mark->limit;
	return mark->other;
}

static void add_block(struct builder *b, const struct why_block *block)
{
	struct why_page *page = &b->page;
	page->blocks = arena_grow(b->arena, page->blocks, page->count, &page->capacity, sizeof *block);
	page->blocks[page->count++] = *block;
}

static void page_add(struct builder *b,
		enum why_block_kind kind,
		const char *label,
		const char *text)
{
	add_block(b, &(struct why_block){.kind = kind, .label = label, .text = text});
}

static const char *page_text(const struct builder *b, const cJSON *node, const char *path)
{
	return view_text(b->arena, node, path, TEXT_CHARS);
}

/* Blanks and hyphens apart. */
static bool says_the_id(const char *gloss, const char *id)
{
	while (*gloss && (*gloss == *id || (*gloss == ' ' && *id == '-'))) {
		gloss++;
		id++;
	}
	return *gloss == *id;
}

const char *why_name_text(struct arena *arena, const cJSON *cause)
{
	const char *id = view_text(arena, cause, "id", ID_CHARS);
	const char *gloss = view_text(arena, cause, "gloss", ID_CHARS);
	/* "ephemeral ports" would say the id again. */
	if (!*gloss || says_the_id(gloss, id))
		gloss = "for details, run";
	else
		gloss = arena_printf(arena, "%s; see", gloss);
	return arena_printf(arena, "%s (limit): %s headroom explain %s", id, gloss, id);
}

static void add_name(struct builder *b, const cJSON *cause)
{
	if (is_limit(cause))
		page_add(b, WHY_BLOCK_NAME, "", why_name_text(b->arena, cause));
}

static void page_add_fixes(struct builder *b, const cJSON *cause)
{
	static const char line[] = "%s (headroom explain %s)";
	const char *label = "Fix";
	const cJSON *fix;
	int count = 0;
	cJSON_ArrayForEach(fix, view_array(cause, "fixes")) {
		if (count == FIXES_MAX && !b->all)
			return;
		const char *title = page_text(b, fix, "title");
		const char *id = page_text(b, fix, "id");
		const char *text = arena_printf(b->arena, line, title, id);
		page_add(b, WHY_BLOCK_LINE, label, text);
		label = "";
		count++;
	}
}

/* "Fix now": nothing has to be reloaded or started anew for it. */
static const char *remedy_label(const cJSON *remedy, bool first)
{
	if (!first)
		return "Or";
	if (strcmp(view_raw(remedy, "reach"), "now") == 0)
		return "Fix now";
	return "Fix";
}

/* As they are, a line each: what is pasted is never cut. */
static const char *command_lines(const struct builder *b, const cJSON *commands)
{
	struct text lines = {0};
	const cJSON *command;
	cJSON_ArrayForEach(command, commands) {
		const char *line = view_text(b->arena, command, "", 0);
		if (lines.length > 0)
			text_add(&lines, "\n");
		text_add(&lines, line);
	}
	return text_take(b->arena, &lines);
}

/* What keeps it. A document that has no files of it says it in words. */
static void add_lasting(struct builder *b, const cJSON *remedy)
{
	const cJSON *item;
	const char *label = "Permanent";
	cJSON_ArrayForEach(item, view_array(remedy, "files")) {
		const char *kind = page_text(b, item, "kind");
		const char *path = view_text(b->arena, item, "path", 0);
		struct why_block block = {
				.kind = WHY_BLOCK_FILE,
				.label = label,
				.text = script_file_place(b->arena, kind, path),
				.file = item,
		};
		add_block(b, &block);
		label = "";
	}
	if (view_array(remedy, "files"))
		return;
	cJSON_ArrayForEach(item, view_array(remedy, "lasting")) {
		page_add(b, WHY_BLOCK_LINE, label, page_text(b, item, ""));
		label = "";
	}
}

static void add_remedy(struct builder *b, const cJSON *remedy, bool first)
{
	const char *label = remedy_label(remedy, first);
	const char *title = page_text(b, remedy, "title");
	const char *note = page_text(b, remedy, "note");
	const cJSON *array = view_array(remedy, "commands");
	const char *commands = command_lines(b, array);
	const char *undo = view_raw(remedy, "undo");
	if (*commands)
		page_add(b, WHY_BLOCK_COMMAND, label, commands);
	else
		page_add(b, WHY_BLOCK_LINE, label, title);
	if (*note)
		page_add(b, WHY_BLOCK_LINE, "", note);
	add_lasting(b, remedy);
	if (*undo && b->all)
		page_add(b, WHY_BLOCK_COMMAND, "Undo", undo);
}

/* In the form that reaches the process; without one, what the rules know. */
static void add_remedies(struct builder *b, const cJSON *cause)
{
	const cJSON *remedy, *remedies = view_array(cause, "remedies");
	int count = 0;
	cJSON_ArrayForEach(remedy, remedies) {
		if (count == REMEDIES_SHOWN && !b->all)
			return;
		add_remedy(b, remedy, count == 0);
		count++;
	}
	if (count == 0 && !why_is_of_no_process(b->document))
		page_add_fixes(b, cause);
}

/* Sentences, one below the other. */
static void page_add_texts(struct builder *b, const char *label, const cJSON *texts)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, texts) {
		page_add(b, WHY_BLOCK_LINE, label, page_text(b, item, ""));
		label = "";
	}
}

static void page_add_cause(struct builder *b, const cJSON *cause, const char *text)
{
	const struct why_mark *mark = why_mark_of(cause);
	const char *label = why_mark_text(cause);
	const struct why_block block = {
			.kind = WHY_BLOCK_CAUSE,
			.tone = mark->tone,
			.label = label,
			.text = text,
	};
	add_block(b, &block);
	add_name(b, cause);
}

/* The first one, with all that is known of it. */
static void add_first(struct builder *b, const cJSON *cause)
{
	page_add_cause(b, cause, page_text(b, b->document, "headline"));
	page_add_texts(b, "Evidence", view_array(cause, "shows"));
	page_add_texts(b, "Who", view_array(cause, "who"));
	add_remedies(b, cause);
	page_add_texts(b, "Look at", view_array(cause, "look_at"));
}

/* Causes that are no limits, and that nothing speaks for, are named alone. */
static bool is_terse(const cJSON *cause)
{
	return !is_limit(cause) && strcmp(view_raw(cause, "strength"), "possible") == 0;
}

static void page_add_others(struct builder *b,
		const cJSON *array,
		const cJSON *first,
		const char *title)
{
	const cJSON *cause;
	cJSON_ArrayForEach(cause, array) {
		if (cause == first)
			continue;
		if (title)
			page_add(b, WHY_BLOCK_TITLE, "", title);
		title = NULL;
		const char *text = page_text(b, cause, "says");
		if (is_terse(cause))
			text = page_text(b, cause, "title");
		page_add_cause(b, cause, text);
	}
}

/* One alone has no order. */
const char *why_rest_title(const cJSON *document)
{
	const cJSON *causes = view_array(document, "causes");
	if (cJSON_GetArraySize(causes) == 2)
		return "Or:";
	return "Or, in this order:";
}

const char *why_also_title(const cJSON *document)
{
	const cJSON *also = view_array(document, "also");
	size_t count = (size_t)cJSON_GetArraySize(also);
	if (count == why_hit_before(document))
		return "Hit since boot, with room now:";
	return "Also found on this host:";
}

static void page_add_next(struct builder *b)
{
	struct why_next next;
	if (!why_next_of(b->arena, b->document, &next))
		return;
	page_add(b, WHY_BLOCK_LINE, "Next", next.text);
	for (size_t i = 0; i < next.commands.count; i++)
		page_add(b, WHY_BLOCK_LINE, "", next.commands.items[i]);
}

/* "at least 37 × connect EADDRNOTAVAIL to 10.0.0.5:80, PID 4711 (worker)" */
static const char *call_line(const struct builder *b, const cJSON *row, bool at_least)
{
	struct text line = {0};
	double pid = view_number(row, "pid");
	const char *process = page_text(b, row, "process");
	double count = view_number(row, "count");
	if (at_least)
		text_add(&line, "at least ");
	text_addf(&line,
			"%s × %s %s",
			view_figure_of(b->arena, count, UNIT_COUNT),
			page_text(b, row, "call"),
			page_text(b, row, "error"));
	if (*view_raw(row, "to"))
		text_addf(&line, " to %s", page_text(b, row, "to"));
	if (!isnan(pid))
		text_addf(&line, ", PID %.0f", pid);
	if (*view_raw(row, "process"))
		text_addf(&line, " (%s)", process);
	return text_take(b->arena, &line);
}

static void add_call_rows(struct builder *b, const cJSON *calls)
{
	const cJSON *row;
	const char *label = "Calls";
	double more = view_number(calls, "more_rows");
	bool at_least = view_true(calls, "at_least");
	int count = 0;
	cJSON_ArrayForEach(row, view_array(calls, "rows")) {
		if (count == CALLS_MAX && !b->all) {
			more += (double)view_count(calls, "rows") - count;
			break;
		}
		page_add(b, WHY_BLOCK_LINE, label, call_line(b, row, at_least));
		label = "";
		count++;
	}
	if (more > 0)
		page_add(b,
				WHY_BLOCK_LINE,
				"",
				arena_printf(b->arena, "and %.0f more (headroom why --all, -o json)", more));
}

static const char *unwatched_line(const struct builder *b, const cJSON *calls, double seconds)
{
	struct text line = {0};
	const char *way = page_text(b, calls, "way_out");
	text_add(&line, "Failing calls could not be watched: ");
	text_add(&line, page_text(b, calls, "why_not"));
	if (*way)
		text_addf(&line, "; %s", way);
	text_addf(&line, ". Counters of %.3g s instead.", seconds);
	return text_take(b->arena, &line);
}

/* Calls that were watched, or why they were not. */
static void page_add_calls(struct builder *b)
{
	const cJSON *calls = view_object(b->document, "calls");
	const double seconds = view_number(calls, "seconds");
	const double lost = view_number(calls, "lost");
	if (isnan(seconds))
		return;
	if (!view_true(calls, "watched")) {
		page_add(b, WHY_BLOCK_LINE, "Calls", unwatched_line(b, calls, seconds));
		return;
	}
	add_call_rows(b, calls);
	if (view_count(calls, "rows") == 0)
		page_add(b,
				WHY_BLOCK_LINE,
				"Calls",
				arena_printf(b->arena,
						"None failed in %.3g s, of those that are watched",
						seconds));
	if (lost > 0)
		page_add(b,
				WHY_BLOCK_LINE,
				"",
				arena_printf(b->arena,
						"%s failures of all processes were too many to be kept",
						view_figure_of(b->arena, lost, UNIT_COUNT)));
	if (*view_raw(calls, "not_seen"))
		page_add(b, WHY_BLOCK_LINE, "", page_text(b, calls, "not_seen"));
}

/* --- the process ---------------------------------------------------------------------------- */

static const char *files_line(const struct builder *b, const cJSON *process)
{
	struct text line = {0};
	double open = view_number(process, "open_files");
	double soft = view_number(process, "soft_limit");
	double hard = view_number(process, "hard_limit");
	text_addf(&line, "%s open files", view_figure_of(b->arena, open, UNIT_COUNT));
	if (!isnan(soft))
		text_addf(&line, " of %s", view_figure_of(b->arena, soft, UNIT_COUNT));
	if (!isnan(hard) && hard != soft)
		text_addf(&line, " (hard limit %s)", view_figure_of(b->arena, hard, UNIT_COUNT));
	if (*view_raw(process, "says"))
		text_addf(&line, ": %s", page_text(b, process, "says"));
	return text_take(b->arena, &line);
}

static void add_places(struct builder *b, const cJSON *process, const char *path)
{
	const cJSON *item;
	int count = 0;
	cJSON_ArrayForEach(item, view_array(process, path)) {
		if (count++ == PLACES_MAX && !b->all)
			return;
		page_add(b, WHY_BLOCK_LINE, "", page_text(b, item, "says"));
	}
}

static void page_add_process(struct builder *b)
{
	const cJSON *process = view_object(b->document, "process");
	if (!process)
		return;
	struct text line = {0};
	text_addf(&line, "PID %.0f", view_number(process, "pid"));
	if (*view_raw(process, "name"))
		text_addf(&line, " (%s)", page_text(b, process, "name"));
	if (strcmp(view_raw(process, "network_namespace"), "another") == 0)
		text_add(&line, ", in another network namespace than headroom");
	page_add(b, WHY_BLOCK_LINE, "Process", text_take(b->arena, &line));
	if (!isnan(view_number(process, "open_files")))
		page_add(b, WHY_BLOCK_LINE, "", files_line(b, process));
	add_places(b, process, "sockets");
	add_places(b, process, "listeners");
	if (*view_raw(process, "not_read"))
		page_add(b,
				WHY_BLOCK_LINE,
				"",
				arena_printf(b->arena, "Not seen: %s", page_text(b, process, "not_read")));
}

/* A state of sockets is called so as well. */
static const char *ruled_out_title(const struct builder *b, const cJSON *item)
{
	const char *title = page_text(b, item, "title");
	if (strcmp(view_raw(item, "id"), "time-wait-buckets") == 0)
		return arena_printf(b->arena, "%s limit", title);
	return title;
}

/* "14 limits are not full; the fullest: " before those that are shown. */
static const char *ruled_out_count(const struct builder *b, size_t all, size_t shown)
{
	if (all == 1)
		return "1 limit is not full: ";
	if (all == shown)
		return arena_printf(b->arena, "%zu limits are not full: ", all);
	return arena_printf(b->arena, "%zu limits are not full; the fullest: ", all);
}

static void page_add_ruled_out(struct builder *b)
{
	struct text line = {0};
	const cJSON *item;
	size_t count = 0;
	size_t all = view_count(b->document, "ruled_out");
	size_t shown = all;
	if (all > RULED_OUT_MAX && !b->all)
		shown = RULED_OUT_MAX;
	text_add(&line, ruled_out_count(b, all, shown));
	cJSON_ArrayForEach(item, view_array(b->document, "ruled_out")) {
		if (count == shown)
			break;
		if (count > 0)
			text_add(&line, " · ");
		text_addf(&line, "%s %s", ruled_out_title(b, item), page_text(b, item, "says"));
		count++;
	}
	const char *text = text_take(b->arena, &line);
	if (count > 0)
		page_add(b, WHY_BLOCK_LINE, "Ruled out", text);
}

/* Limits whose use is not known; of those with a reason of their own, that. */
static void page_add_unseen(struct builder *b)
{
	struct text line = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(b->document, "could_not_see")) {
		const char *why = page_text(b, item, "why");
		if (line.length > 0)
			text_add(&line, " · ");
		text_add(&line, page_text(b, item, "title"));
		if (*why)
			text_addf(&line, " (%s)", why);
	}
	const cJSON *log = view_object(b->document, "kernel_log");
	if (log && !view_true(log, "read")) {
		if (line.length > 0)
			text_add(&line, " · ");
		text_addf(&line, "the kernel's log (%s)", page_text(b, log, "error"));
	}
	const char *text = text_take(b->arena, &line);
	if (*text)
		page_add(b, WHY_BLOCK_LINE, "Not known", text);
}

/* As short as the labels of this page are. */
static const char *note_label(const struct note *note)
{
	if (note->kind == NOTE_HYPOTHETICAL)
		return "Assumed";
	if (note->kind == NOTE_UNREAD)
		return "Not read";
	return note->label;
}

/* Values that were given, and what could not be read, with the way out. */
static void page_add_notes(struct builder *b)
{
	const struct notes notes = document_notes(b->arena, b->document);
	for (size_t i = 0; i < notes.count; i++)
		page_add(b, WHY_BLOCK_LINE, note_label(&notes.items[i]), notes.items[i].text);
}

struct why_page why_page_of(struct arena *arena, const cJSON *document, bool all)
{
	struct builder b = {.arena = arena, .document = document, .all = all};
	const cJSON *causes = view_array(document, "causes");
	const cJSON *first = cJSON_GetArrayItem(causes, 0);
	if (first)
		add_first(&b, first);
	else
		page_add(&b, WHY_BLOCK_LINE, NULL, page_text(&b, document, "headline"));
	page_add_others(&b, causes, first, why_rest_title(document));
	page_add_others(&b, view_array(document, "also"), NULL, why_also_title(document));
	page_add(&b, WHY_BLOCK_TITLE, "", "");
	page_add_next(&b);
	page_add_calls(&b);
	page_add_process(&b);
	page_add_ruled_out(&b);
	page_add_unseen(&b);
	page_add_notes(&b);
	return b.page;
}

struct why_page why_page_more(struct arena *arena, const cJSON *document)
{
	struct builder b = {.arena = arena, .document = document, .all = true};
	page_add_calls(&b);
	page_add_process(&b);
	return b.page;
}
