/* Every limit, and without a plan what the host carries. */
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "report/document/load.h"
#include "report/document/question.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/write/markdown/markdown.h"

static const char *const limit_marks[] = {
		[STATUS_PASS] = "✓",
		[STATUS_FAIL] = "✗",
		[STATUS_WARN] = "△",
		[STATUS_UNKNOWN] = "◇",
		[STATUS_NOT_APPLICABLE] = "–",
};

static const char *limit_note(const cJSON *limit)
{
	if (view_true(limit, "ignored"))
		return " (ignored)";
	if (view_true(limit, "waived"))
		return " (waived)";
	return "";
}

static const char *limit_safe(const struct markdown *m, const cJSON *limit)
{
	const char *figure = view_figure(m->arena, limit, "max_safe.connections", UNIT_COUNT);
	if (!view_true(limit, "max_safe.at_most"))
		return figure;
	return arena_printf(m->arena, "at most %s", figure);
}

static void limit_add_row(const struct markdown *m, const cJSON *limit)
{
	const char *mark = limit_marks[document_status(limit)];
	const char *use = view_figure(m->arena, limit, "utilization", UNIT_RATIO);
	const char *measured = "";
	const char *part = "";
	if (document_is_kernel_part(m->document, limit))
		part = " (kernel only)";
	if (view_object(limit, "calibrated"))
		measured = " (measured)";
	text_addf(m->out,
			"| %s %s%s | %s%s | %s | %s%s | %s | %s |\n",
			mark,
			markdown_string(m, limit, "status", 20),
			limit_note(limit),
			markdown_string(m, limit, "title", 80),
			part,
			view_needed(m->arena, limit),
			markdown_figure(m, limit, "capacity"),
			measured,
			markdown_escaped(m, use),
			limit_safe(m, limit));
}

typedef bool is_of_kind(const cJSON *limit);

static void limits_add_away(const struct markdown *m,
		const cJSON *limits,
		const char *before,
		is_of_kind *wanted)
{
	const cJSON *limit;
	const char *end = "";
	cJSON_ArrayForEach(limit, limits) {
		if (!wanted(limit))
			continue;
		text_addf(m->out, "%s%s", before, markdown_string(m, limit, "title", 80));
		before = ", ";
		end = ".\n\n";
	}
	text_add(m->out, end);
}

static void limits_add_reasons(const struct markdown *m, const cJSON *limits)
{
	const cJSON *limit;
	const char *end = "";
	cJSON_ArrayForEach(limit, limits) {
		const char *reason = markdown_string(m, limit, "reason", 400);
		if (document_status(limit) != STATUS_UNKNOWN || !*reason)
			continue;
		text_addf(m->out, "* %s: %s\n", markdown_string(m, limit, "title", 80), reason);
		end = "\n";
	}
	text_add(m->out, end);
}

/* "* Open files (process): needs 10 of the program itself + 15,000 connections = 15,010 files". */
static void limits_add_words(const struct markdown *m, const cJSON *limits)
{
	enum {
		WORDS_MAX = 400
	};
	const cJSON *limit;
	const char *before = "How the needs come about:\n\n";
	cJSON_ArrayForEach(limit, limits) {
		const char *title = markdown_string(m, limit, "title", 80);
		const char *words = markdown_string(m, limit, "demand_words", WORDS_MAX);
		enum status status = document_status(limit);
		if (status == STATUS_NOT_APPLICABLE || *words == '\0')
			continue;
		text_addf(m->out, "%s* %s: %s\n", before, title, words);
		before = "";
	}
	if (*before == '\0')
		text_add(m->out, "\n");
}

/* What the plan would have to state. */
static void limits_add_unsaid(const struct markdown *m, const cJSON *limits)
{
	const cJSON *limit;
	const char *before = "Not checked:\n\n";
	cJSON_ArrayForEach(limit, limits) {
		const char *title = markdown_string(m, limit, "title", 80);
		const char *reason = markdown_string(m, limit, "reason", 200);
		if (!document_is_unsaid(limit))
			continue;
		text_addf(m->out, "%s* %s: %s\n", before, title, reason);
		before = "";
	}
	if (*before == '\0')
		text_add(m->out, "\n");
}

/* What needs reading first; limits that do not apply in one line. */
void markdown_limits(const struct markdown *m)
{
	static const enum status order[] = {STATUS_FAIL, STATUS_UNKNOWN, STATUS_WARN, STATUS_PASS};
	static const char head[] = "| status | limit | needed | available | use | safe up to |\n"
							   "|---|---|--:|--:|--:|--:|\n";
	const cJSON *limit, *limits = view_array(m->document, "resources");
	if (cJSON_GetArraySize(limits) == 0)
		return;
	if (document_verdict(m->document) == VERDICT_NONE)
		return;
	markdown_fold(m, "Every limit");
	text_add(m->out, head);
	for (size_t i = 0; i < COUNT_OF(order); i++)
		cJSON_ArrayForEach(limit, limits) {
			if (document_status(limit) == order[i])
				limit_add_row(m, limit);
		}
	text_add(m->out, "\n");
	limits_add_reasons(m, limits);
	limits_add_words(m, limits);
	limits_add_unsaid(m, limits);
	limits_add_away(m, limits, "Do not apply: ", document_is_idle);
	markdown_unfold(m);
}

/* Where limits could not be judged: the most that could be safe, and which limits those are. */
static void holds_add_unknown(const struct markdown *m, const cJSON *hold)
{
	text_addf(m->out,
			"| %s | at most %s | not known: %s | |\n",
			markdown_string(m, hold, "title", 80),
			markdown_load(m, hold, "at_most.max_safe"),
			markdown_joined(m, view_array(hold, "at_most.limits")));
}

static void holds_add(const struct markdown *m, const cJSON *hold)
{
	if (view_count(hold, "at_most.limits") > 0) {
		holds_add_unknown(m, hold);
		return;
	}
	text_addf(m->out,
			"| %s | %s | %s | %s |\n",
			markdown_string(m, hold, "title", 80),
			markdown_load(m, hold, "max_safe"),
			markdown_string(m, hold, "binds_title", 80),
			markdown_load(m, hold, "after_fixes"));
}

void markdown_holds(const struct markdown *m)
{
	const cJSON *hold;
	if (!view_count(m->document, "holds"))
		return;
	text_add(m->out,
			"| as | safe up to | tightest limit | after the changes |\n|---|---|---|---|\n");
	cJSON_ArrayForEach(hold, view_array(m->document, "holds"))
		holds_add(m, hold);
	text_add(m->out, "\n");
}
