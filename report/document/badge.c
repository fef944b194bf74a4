/* Counts what a document lists; judges nothing. */
#include "report/document/badge.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/age.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

struct badge_row {
	const char *name, *word; /* the value of run.verdict, and the word that is shown */
	enum verdict as;
};

static const struct badge_row rows[] = {
		{"pass", "PASS", VERDICT_PASS},
		{"fail", "FAIL", VERDICT_FAIL},
		{"unknown", "UNKNOWN", VERDICT_UNKNOWN},
		{"certified", "CERTIFIED", VERDICT_PASS},
		{"not-certified", "NOT-CERTIFIED", VERDICT_FAIL},
		{"not-run", "NOT-RUN", VERDICT_UNKNOWN},
		{"none", "AUDIT", VERDICT_NONE},
};

static const struct badge_row *badge_find(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (strcmp(rows[i].name, name) == 0)
			return &rows[i];
	}
	return NULL;
}

/* headroom.audit/1 has only the certificate. */
static const char *run_of_gate(const cJSON *document)
{
	const cJSON *certified = view_get(document, "gate.certified");
	if (cJSON_IsTrue(certified))
		return "certified";
	if (cJSON_IsFalse(certified))
		return "not-certified";
	return "";
}

/* A word that nobody knows must never pass. */
static const struct badge_row *badge_row_of(const cJSON *document)
{
	const char *run = view_raw(document, "run.verdict");
	if (!*run)
		run = run_of_gate(document);
	if (!*run)
		run = verdict_name(document_verdict(document));
	const struct badge_row *row = badge_find(run);
	if (!row)
		row = badge_find("unknown");
	return row;
}

const char *badge_word(const cJSON *document)
{
	return badge_row_of(document)->word;
}

enum verdict badge_verdict(const cJSON *document)
{
	return badge_row_of(document)->as;
}

enum verdict badge_verdict_shown(const cJSON *document)
{
	const struct badge_row *row = badge_find(view_raw(document, "page.badge.verdict"));
	if (row)
		return row->as;
	return badge_verdict(document);
}

static bool badge_is_excused(const cJSON *limit)
{
	return view_true(limit, "waived") || view_true(limit, "ignored");
}

size_t badge_warnings(const cJSON *document)
{
	size_t count = 0;
	const cJSON *item;
	cJSON_ArrayForEach(item, view_array(document, "resources")) {
		if (document_status(item) == STATUS_WARN && !badge_is_excused(item))
			count++;
	}
	cJSON_ArrayForEach(item, view_array(document, "findings")) {
		if (strcmp(view_raw(item, "severity"), "warning") == 0)
			count++;
	}
	return count;
}

/* A waiver for a limit that passes hides nothing, nor does one for a limit that is ignored. */
static size_t badge_waived(const cJSON *document)
{
	size_t count = 0;
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		enum status status = document_status(limit);
		bool good = status == STATUS_PASS || status == STATUS_NOT_APPLICABLE;
		if (view_true(limit, "waived") && !view_true(limit, "ignored") && !good)
			count++;
	}
	return count;
}

const char *badge_by_waiver(struct arena *arena, const cJSON *document)
{
	size_t waived = badge_waived(document);
	bool passes = strcmp(badge_word(document), "PASS") == 0;
	if (!passes || waived == 0)
		return "";
	return arena_printf(arena, "%zu waived", waived);
}

/* headroom.audit/1 does not say whether a value that was given had been read: it may have been. */
static size_t given_facts(const cJSON *document)
{
	size_t count = 0;
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(document, "facts")) {
		bool given = strcmp(view_raw(fact, "origin"), "given") == 0;
		if (given && strcmp(view_raw(fact, "where"), "--set") == 0)
			count++;
	}
	return count;
}

size_t badge_hypothetical(const cJSON *document)
{
	if (view_array(document, "hypothetical"))
		return view_count(document, "hypothetical");
	return given_facts(document);
}

struct name_list badge_tags(struct arena *arena, const cJSON *document)
{
	struct name_list tags = {0};
	size_t warnings = badge_warnings(document);
	size_t waived = badge_waived(document);
	if (warnings == 1)
		name_list_append(arena, &tags, "1 warning");
	if (warnings > 1)
		name_list_append(arena, &tags, arena_printf(arena, "%zu warnings", warnings));
	if (waived)
		name_list_append(arena, &tags, arena_printf(arena, "%zu waived", waived));
	if (badge_hypothetical(document))
		name_list_append(arena, &tags, "hypothetical");
	const char *day = document_day(arena, document);
	if (document_is_dated(document))
		name_list_append(arena, &tags, arena_printf(arena, "host as of %s", day));
	return tags;
}

const char *badge_text(struct arena *arena, const cJSON *document)
{
	struct text text = {0};
	const struct name_list tags = badge_tags(arena, document);
	text_add(&text, badge_word(document));
	for (size_t i = 0; i < tags.count; i++)
		text_addf(&text, " · %s", tags.items[i]);
	return text_take(arena, &text);
}
