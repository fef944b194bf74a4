/* One sentence for each thing to know. */
#include "report/document/notes.h"

#include <math.h>
#include <string.h>
#include <strings.h>

#include "base/array.h"
#include "base/text.h"
#include "model/answer/age.h"
#include "report/document/age.h"
#include "report/document/badge.h"
#include "report/document/baseline.h"
#include "report/document/image.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	KEY_CHARS = 80,
	VALUE_CHARS = 80,
	NAME_CHARS = 60,
	REASON_CHARS = 200,
	FINDING_CHARS = 2000,
	UNREAD_MAX = 6
};

static const char *const labels[NOTE_KINDS] = {
		[NOTE_DIFFERS] = "Plan and run",
		[NOTE_WHAT_TO_DO] = "What to do",
		[NOTE_BEFORE] = "Before the run",
		[NOTE_IMAGE] = "Image",
		[NOTE_HYPOTHETICAL] = "Hypothetical",
		[NOTE_GIVEN] = "Given",
		[NOTE_PRESET] = "Load",
		[NOTE_AGE] = "Host as of",
		[NOTE_BASELINE] = "Baseline",
		[NOTE_WAIVED] = "Waived",
		[NOTE_IGNORED] = "Ignored",
		[NOTE_UNREAD] = "Could not read",
		[NOTE_WAY_OUT] = "Way out",
		[NOTE_DECIDES] = "What decides",
};

struct note_list {
	struct arena *arena;
	const cJSON *document;
	struct notes notes;
	size_t capacity;
};

static void notes_add(struct note_list *list, enum note_kind kind, const char *text)
{
	struct notes *notes = &list->notes;
	notes->items = arena_grow(list->arena,
			notes->items,
			notes->count,
			&list->capacity,
			sizeof *notes->items);
	notes->items[notes->count++] = (struct note){kind, labels[kind], text};
}

/* "limits.nofile.soft", "listener.backlog[0.0.0.0:443]" */
static const char *note_key(struct arena *arena, const cJSON *item)
{
	const char *key = view_text(arena, item, "key", KEY_CHARS);
	const char *instance = view_text(arena, item, "instance", KEY_CHARS);
	if (!*instance)
		return key;
	return arena_printf(arena, "%s[%s]", key, instance);
}

static const char *note_value(struct arena *arena, const cJSON *item, const char *side)
{
	const char *value = view_value(arena, item, side, view_unit(item, "unit"));
	return text_clean(arena, value, strlen(value), VALUE_CHARS);
}

/* Items, joined by ", ", each printed by `print`. */
typedef const char *print_item(struct arena *arena, const cJSON *item);

static const char *notes_joined(struct arena *arena, const cJSON *items, print_item *print)
{
	struct text text = {0};
	const cJSON *item;
	cJSON_ArrayForEach(item, items) {
		if (text.length)
			text_add(&text, ", ");
		text_add(&text, print(arena, item));
	}
	return text_take(arena, &text);
}

/* "limits.nofile.soft = 21,000 instead of 1,024" */
static const char *print_hypothetical(struct arena *arena, const cJSON *item)
{
	const char *key = note_key(arena, item);
	const char *to = note_value(arena, item, "to");
	if (strcmp(view_raw(item, "was"), "absent") == 0)
		return arena_printf(arena, "%s = %s, which this host does not have", key, to);
	return arena_printf(arena, "%s = %s instead of %s", key, to, note_value(arena, item, "from"));
}

/* "fs.file-max = 1,000,000 (denied)" */
static const char *print_given(struct arena *arena, const cJSON *item)
{
	const char *key = note_key(arena, item);
	const char *to = note_value(arena, item, "to");
	const char *was = view_text(arena, item, "was", NAME_CHARS);
	if (strcmp(was, "known") == 0)
		return arena_printf(arena, "%s = %s (as read)", key, to);
	if (!*was)
		was = "not read";
	return arena_printf(arena, "%s = %s (%s)", key, to, was);
}

/* Of headroom.audit/1: nothing says whether it had been read. */
static const char *print_fact(struct arena *arena, const cJSON *fact)
{
	const char *value = note_value(arena, fact, "value");
	return arena_printf(arena, "%s = %s", note_key(arena, fact), value);
}

static bool is_set(const cJSON *fact)
{
	bool given = strcmp(view_raw(fact, "origin"), "given") == 0;
	return given && strcmp(view_raw(fact, "where"), "--set") == 0;
}

static const char *facts_of_before(struct arena *arena, const cJSON *document)
{
	struct text text = {0};
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(document, "facts")) {
		if (!is_set(fact))
			continue;
		if (text.length)
			text_add(&text, ", ");
		text_add(&text, print_fact(arena, fact));
	}
	if (!text.length)
		return "";
	return text_take(arena, &text);
}

/* Of the first charge, which is the reason. */
static void note_what_to_do(struct note_list *list)
{
	const cJSON *charge = cJSON_GetArrayItem(view_array(list->document, "gate.charges"), 0);
	const char *fix = view_text(list->arena, charge, "fix", FINDING_CHARS);
	if (*fix)
		notes_add(list, NOTE_WHAT_TO_DO, fix);
}

static const char *verdict_before(const cJSON *document)
{
	switch (document_verdict(document)) {
	case VERDICT_PASS:
		return "PASS";
	case VERDICT_FAIL:
		return "FAIL";
	case VERDICT_UNKNOWN:
	case VERDICT_NONE:
		break;
	}
	return "UNKNOWN";
}

const char *document_differs(struct arena *arena, const cJSON *document)
{
	const char *differs = view_text(arena, document, "gate.differs", FINDING_CHARS);
	size_t beginning = strcspn(differs, ":");
	if (strncmp(differs, view_raw(document, "gate.sentence"), beginning) == 0)
		return "";
	return differs;
}

static void note_run(struct note_list *list)
{
	struct arena *arena = list->arena;
	const char *differs = document_differs(arena, list->document);
	const char *before = view_text(arena, list->document, "run.headline_before", FINDING_CHARS);
	if (*differs)
		notes_add(list, NOTE_DIFFERS, differs);
	note_what_to_do(list);
	if (!*before)
		return;
	const char *verdict = verdict_before(list->document);
	notes_add(list, NOTE_BEFORE, arena_printf(arena, "%s. %s", verdict, before));
}

static void note_image(struct note_list *list)
{
	const cJSON *finding;
	cJSON_ArrayForEach(finding, view_array(list->document, "findings")) {
		if (strcmp(view_raw(finding, "id"), DOCUMENT_IMAGE_FINDING) != 0)
			continue;
		notes_add(list, NOTE_IMAGE, view_text(list->arena, finding, "text", FINDING_CHARS));
	}
}

static void note_hypothetical(struct note_list *list)
{
	struct arena *arena = list->arena;
	const cJSON *values = view_array(list->document, "hypothetical");
	const char *assumed = facts_of_before(arena, list->document);
	if (values)
		assumed = notes_joined(arena, values, print_hypothetical);
	if (*assumed)
		notes_add(list,
				NOTE_HYPOTHETICAL,
				arena_printf(arena, "%s: assumed, not read from the host.", assumed));
}

static void note_given(struct note_list *list)
{
	const cJSON *values = view_array(list->document, "given");
	if (cJSON_GetArraySize(values) == 0)
		return;
	const char *given = notes_joined(list->arena, values, print_given);
	notes_add(list, NOTE_GIVEN, arena_printf(list->arena, "%s.", given));
}

/* A verdict on a number that nobody gave must not look like one on the reader's. */
static void note_preset(struct note_list *list)
{
	const cJSON *origin = view_object(list->document, "workload.origins.connections");
	double connections = view_number(list->document, "workload.connections");
	if (!text_begins_with(view_raw(origin, "from"), "preset ") || !(connections > 0))
		return;
	notes_add(list,
			NOTE_PRESET,
			arena_printf(list->arena,
					"%s connections are the preset's example; set yours with --connections.",
					view_figure_of(list->arena, connections, UNIT_COUNT)));
}

static void note_age(struct note_list *list)
{
	struct arena *arena = list->arena;
	if (!document_is_dated(list->document))
		return;
	double age_s = document_age_s(list->document);
	const char *when = "before";
	if (age_s < 0)
		when = "after";
	notes_add(list,
			NOTE_AGE,
			arena_printf(arena,
					"%s UTC: its values were read %s %s this audit.",
					document_minute(arena, list->document),
					age_text(arena, fabs(age_s)),
					when));
}

static void note_baseline(struct note_list *list)
{
	const char *text = baseline_text(list->arena, list->document);
	if (*text)
		notes_add(list, NOTE_BASELINE, text);
}

static void note_waived(struct note_list *list)
{
	struct arena *arena = list->arena;
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(list->document, "waivers")) {
		const char *by = view_text(arena, item, "by", NAME_CHARS);
		const char *until = "until";
		if (view_true(item, "expired"))
			until = "EXPIRED, counts again since";
		if (*by)
			by = arena_printf(arena, ", waived by %s", by);
		notes_add(list,
				NOTE_WAIVED,
				arena_printf(arena,
						"%s: %s (%s %s)%s",
						view_text(arena, item, "id", NAME_CHARS),
						view_text(arena, item, "justification", REASON_CHARS),
						until,
						view_text(arena, item, "expires", NAME_CHARS),
						by));
	}
}

static const cJSON *excuse_waiver(const cJSON *document, const char *id)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "waivers")) {
		bool same = strcmp(view_raw(item, "id"), id) == 0;
		if (same && !view_true(item, "expired"))
			return item;
	}
	return NULL;
}

const char *document_excuse(struct arena *arena, const cJSON *document, const cJSON *limit)
{
	const char *by = "";
	if (view_true(limit, "ignored"))
		return "ignored (--ignore)";
	if (!view_true(limit, "waived"))
		return "";
	const cJSON *waiver = excuse_waiver(document, view_raw(limit, "id"));
	const char *name = view_text(arena, waiver, "by", NAME_CHARS);
	if (!waiver)
		return "waived";
	if (*name)
		by = arena_printf(arena, " by %s", name);
	return arena_printf(arena,
			"waived%s until %s: %s",
			by,
			view_text(arena, waiver, "expires", NAME_CHARS),
			view_text(arena, waiver, "justification", REASON_CHARS));
}

static void note_ignored(struct note_list *list)
{
	struct arena *arena = list->arena;
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(list->document, "ignored")) {
		const char *id = view_text(arena, item, "", NAME_CHARS);
		notes_add(list,
				NOTE_IGNORED,
				arena_printf(arena,
						"%s does not count for the verdict, and no number includes it (--ignore)",
						id));
	}
}

static const struct unread_word {
	const char *status, *word;
} unread_words[] = {
		{"absent", "does not exist"},
		{"denied", "permission denied"},
		{"malformed", "not understood"},
		{"not-visible", "not visible from here"},
		{"skipped", "not collected"},
};

static const char *unread_word(const char *status)
{
	for (size_t i = 0; i < COUNT_OF(unread_words); i++) {
		if (strcmp(unread_words[i].status, status) == 0)
			return unread_words[i].word;
	}
	return "not known";
}

/* "/proc/sys/fs/file-max (permission denied)"; the note of a file only says it again. */
static const char *note_unread_text(struct arena *arena, const cJSON *item)
{
	const char *what = view_text(arena, item, "path", REASON_CHARS);
	const char *note = view_text(arena, item, "note", REASON_CHARS);
	const char *word = unread_word(view_raw(item, "status"));
	if (!*what)
		what = note_key(arena, item);
	if (!*note || strcasecmp(note, word) == 0)
		return arena_printf(arena, "%s (%s)", what, word);
	return arena_printf(arena, "%s (%s: %s)", what, word, note);
}

const char *document_decides_text(struct arena *arena, const cJSON *document)
{
	const cJSON *decides = view_object(document, "decides");
	enum unit unit = view_unit(decides, "unit");
	double least = view_number(decides, "pass_least");
	double most = view_number(decides, "pass_most");
	if (!decides)
		return "";
	if (isnan(least))
		return "FAIL whatever the value is";
	const char *from = view_figure_of(arena, least, unit);
	const char *to = view_figure_of(arena, most, unit);
	if (isinf(most))
		return arena_printf(arena, "PASS with %s or more, FAIL with less", from);
	return arena_printf(arena, "PASS with up to %s, FAIL with more", to);
}

static void note_decides(struct note_list *list)
{
	const cJSON *decides = view_object(list->document, "decides");
	const char *text = document_decides_text(list->arena, list->document);
	if (*text == '\0')
		return;
	const char *key = note_key(list->arena, decides);
	text = arena_printf(list->arena, "%s: %s", key, text);
	notes_add(list, NOTE_DECIDES, text);
}

static void note_unread(struct note_list *list)
{
	struct arena *arena = list->arena;
	const cJSON *unread = view_array(list->document, "unread");
	const cJSON *item;
	size_t shown = 0, count = (size_t)cJSON_GetArraySize(unread);
	cJSON_ArrayForEach(item, unread) {
		if (shown++ == UNREAD_MAX)
			break;
		const char *way_out = view_text(arena, item, "way_out", REASON_CHARS);
		notes_add(list, NOTE_UNREAD, note_unread_text(arena, item));
		if (*way_out)
			notes_add(list, NOTE_WAY_OUT, way_out);
	}
	if (count > UNREAD_MAX)
		notes_add(list,
				NOTE_UNREAD,
				arena_printf(arena, "%zu more, which the JSON document lists", count - UNREAD_MAX));
}

struct notes document_notes(struct arena *arena, const cJSON *document)
{
	struct note_list list = {.arena = arena, .document = document};
	note_run(&list);
	note_image(&list);
	note_hypothetical(&list);
	note_given(&list);
	note_preset(&list);
	note_age(&list);
	note_baseline(&list);
	note_waived(&list);
	note_ignored(&list);
	note_unread(&list);
	note_decides(&list);
	return list.notes;
}

static void put_notes(struct arena *arena, const cJSON *audit, cJSON *array)
{
	const struct notes notes = document_notes(arena, audit);
	for (size_t i = 0; i < notes.count; i++) {
		const struct note *note = &notes.items[i];
		cJSON *item = cJSON_CreateObject();
		cJSON_AddItemToArray(array, item);
		cJSON_AddStringToObject(item, "label", note->label);
		cJSON_AddStringToObject(item, "text", note->text);
	}
}

void document_put_basis(const cJSON *audit, cJSON *object)
{
	struct arena *arena = arena_new();
	cJSON_AddStringToObject(object, "badge", badge_text(arena, audit));
	put_notes(arena, audit, cJSON_AddArrayToObject(object, "notes"));
	arena_free(arena);
}
