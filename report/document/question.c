/* Words for a reader who decides. */
#include "report/document/question.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/answer/age.h"
#include "report/document/age.h"
#include "report/document/badge.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

enum {
	NAME_CHARS = 40,
	HOST_CHARS = 64 /* as long as the kernel allows */
};

static bool question_has_option(const cJSON *document, const char *option)
{
	const cJSON *word;
	cJSON_ArrayForEach(word, view_array(document, "command_line")) {
		if (text_begins_with(view_raw(word, ""), option))
			return true;
	}
	return false;
}

bool document_is_of_image(const cJSON *document)
{
	return question_has_option(document, "--image");
}

bool document_is_elsewhere(const cJSON *document)
{
	return question_has_option(document, "--facts") || question_has_option(document, "--image");
}

const char *document_origin(struct arena *arena, const cJSON *document)
{
	bool snapshot = question_has_option(document, "--facts");
	double age_s = document_age_s(document);
	const char *what = "values of";
	const char *old = "old";
	if (snapshot)
		what = "snapshot of";
	if (age_s < 0)
		old = "in the future";
	if (document_is_dated(document))
		return arena_printf(arena,
				"%s %s UTC, %s %s",
				what,
				document_minute(arena, document),
				age_text(arena, fabs(age_s)),
				old);
	if (snapshot)
		return "snapshot";
	if (!view_count(document, "command_line") || question_has_option(document, "--image"))
		return "";
	return "live";
}

/* "“ws-client” (15,000 connections)" */
static const char *question_plan(struct arena *arena, const cJSON *document)
{
	const char *name = view_text(arena, document, "workload.name", NAME_CHARS);
	const char *load = document_load_text(arena, view_object(document, "plan"));
	size_t loads = view_count(document, "loads");
	if (loads)
		return arena_printf(arena, "these %zu loads together", loads);
	if (*name && *load)
		return arena_printf(arena, "“%s” (%s)", name, load);
	if (*name)
		return arena_printf(arena, "“%s”", name);
	if (*load)
		return load;
	return "this plan";
}

const char *document_question(struct arena *arena, const cJSON *document)
{
	const char *host = view_text(arena, document, "host.name", HOST_CHARS);
	if (!*host)
		host = "this host";
	if (view_true(document, "gate.ran") && *view_raw(document, "gate.sentence"))
		return arena_printf(arena, "Can the numbers of this run on %s be used?", host);
	if (document_verdict(document) == VERDICT_NONE)
		return arena_printf(arena, "What can %s carry?", host);
	const char *plan = question_plan(arena, document);
	return arena_printf(arena, "Can %s run %s?", host, plan);
}

/* "2 changes fix it", "4 changes on each of 2 hosts fix it" */
static const char *way_text(struct arena *arena, size_t changes, double hosts)
{
	const char *figure = view_figure_of(arena, hosts, UNIT_COUNT);
	bool split = hosts > 1;
	if (!changes && split)
		return arena_printf(arena, "splitting the plan over %s hosts fixes it", figure);
	if (changes == 1 && split)
		return arena_printf(arena, "one change on each of %s hosts fixes it", figure);
	if (split)
		return arena_printf(arena, "%zu changes on each of %s hosts fix it", changes, figure);
	if (changes == 1)
		return "one change fixes it";
	return arena_printf(arena, "%zu changes fix it", changes);
}

const char *document_way(struct arena *arena, const cJSON *document)
{
	size_t changes = 0;
	double hosts = 1;
	const cJSON *fix;
	if (document_verdict_after_fixes(document) != VERDICT_PASS)
		return "";
	cJSON_ArrayForEach(fix, view_array(document, "fixes")) {
		double split = view_number(fix, "facts.hosts.to");
		if (!view_true(fix, "in_ladder"))
			continue;
		if (split > 1)
			hosts = split;
		else
			changes++;
		if (view_true(fix, "gain.fits"))
			break;
	}
	if (!changes && !(hosts > 1))
		return "";
	return way_text(arena, changes, hosts);
}

bool document_is_kernel_part(const cJSON *document, const cJSON *limit)
{
	const cJSON *assumed = view_array(document, "assumptions");
	const cJSON *memory = view_find(assumed, "field", "memory_per_connection_bytes");
	if (strcmp(view_raw(limit, "id"), "host-memory") != 0)
		return false;
	return text_begins_with(view_raw(memory, "source"), "not known");
}

static bool question_lists(const cJSON *list, const char *text)
{
	const cJSON *item;
	cJSON_ArrayForEach(item, list) {
		if (strcmp(view_raw(item, ""), text) == 0)
			return true;
	}
	return false;
}

bool document_is_assumed(const cJSON *document, const cJSON *limit)
{
	const cJSON *facts = view_array(limit, "facts");
	const cJSON *set;
	cJSON_ArrayForEach(set, view_array(document, "hypothetical")) {
		if (question_lists(facts, view_raw(set, "key")))
			return true;
	}
	return false;
}

bool document_is_alternative(const cJSON *fix, bool fits, bool changes_test)
{
	if (view_true(fix, "in_ladder") || view_true(fix, "advisory"))
		return false;
	if (view_true(fix, "changes_test") != changes_test)
		return false;
	return view_true(fix, "gain.fits") == fits;
}

const char *document_alternatives_title(bool fits, bool changes_test)
{
	if (fits && changes_test)
		return "Instead (changes the test): ";
	if (fits)
		return "Instead: ";
	if (changes_test)
		return "Not enough alone (changes the test): ";
	return "Not enough alone: ";
}

/* "The test would break while it starts" */
static const char *answer_end(struct arena *arena, const cJSON *document)
{
	double at_s = view_number(document, "breaks.at_s");
	double scale = view_number(document, "breaks.scale");
	if (!(scale <= 1)) {
		const char *target = view_figure(arena, document, "target_utilization", UNIT_RATIO);
		return arena_printf(arena, "It would use more than %s of a limit", target);
	}
	if (isnan(at_s))
		return "The test would break";
	if (at_s < 1)
		return "The test would break while it starts";
	const char *time = view_figure_of(arena, round(at_s), UNIT_SECONDS);
	return arena_printf(arena, "The test would break after %s", time);
}

static const char *answer_no(struct arena *arena, const cJSON *document)
{
	const char *end = answer_end(arena, document);
	const char *way = document_way(arena, document);
	if (!view_count(document, "ladder"))
		return arena_printf(arena, "No. %s.", end);
	if (!*way)
		return arena_printf(arena, "No. %s, even with the changes below.", end);
	return arena_printf(arena, "No. %s; %s.", end, way);
}

/* How many limits fail that a waiver excuses. */
static size_t answer_waived(const cJSON *document)
{
	size_t count = 0;
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(document, "resources")) {
		bool waived = view_true(limit, "waived") && !view_true(limit, "ignored");
		count += waived && document_status(limit) == STATUS_FAIL;
	}
	return count;
}

/* "Yes, if debian-default has not changed since 2026-11-21."; "": its values are of today. */
static const char *answer_if_same(struct arena *arena, const cJSON *document)
{
	const char *host = view_text(arena, document, "host.name", HOST_CHARS);
	if (!view_find(view_array(document, "findings"), "id", "facts-age"))
		return "";
	if (!*host)
		host = "the host";
	if (age_is_future(document_age_s(document)))
		return "Yes, if the values of the host, whose age is not known, still hold.";
	return arena_printf(arena,
			"Yes, if %s has not changed since %s.",
			host,
			document_day(arena, document));
}

static const char *answer_yes(struct arena *arena, const cJSON *document)
{
	size_t waived = answer_waived(document);
	if (waived == 1)
		return "Accepted risk: one limit is exceeded and waived.";
	if (waived)
		return arena_printf(arena, "Accepted risk: %zu limits are exceeded and waived.", waived);
	if (badge_hypothetical(document))
		return "Yes, if the values given instead of the host's are right.";
	if (view_number(document, "breaks.scale") < 1)
		return "Accepted risk: without the exceptions it would break.";
	const char *same = answer_if_same(arena, document);
	if (*same)
		return same;
	return "Yes. Every limit that was checked leaves enough room.";
}

static const char *answer_unsure(const cJSON *document)
{
	if (view_true(document, "too_old"))
		return "Cannot tell. The values of the host are too old.";
	return "Cannot tell. Values of the host are missing.";
}

const char *document_why(struct arena *arena, const cJSON *document, size_t most)
{
	static const char told[] = "Cannot tell: ";
	const char *headline = view_text(arena, document, "headline", most);
	if (text_begins_with(headline, told))
		return headline + strlen(told);
	return headline;
}

const char *document_answer(struct arena *arena, const cJSON *document)
{
	static const struct {
		const char *word, *answer;
	} runs[] = {
			{"CERTIFIED", "Yes. The load generator was not the bottleneck."},
			{"NOT-CERTIFIED", "No. The run could not be certified."},
			{"NOT-RUN", "The load test did not run."},
	};
	const char *word = badge_word(document);
	bool run = strcmp(word, "NOT-CERTIFIED") == 0;
	if (run && *view_raw(document, "gate.bottleneck"))
		return "No. The load generator was the bottleneck.";
	for (size_t i = 0; i < COUNT_OF(runs); i++) {
		if (strcmp(runs[i].word, word) == 0)
			return runs[i].answer;
	}
	switch (document_verdict(document)) {
	case VERDICT_FAIL:
		return answer_no(arena, document);
	case VERDICT_PASS:
		return answer_yes(arena, document);
	case VERDICT_NONE:
		return "No load test was given: this is what it can carry.";
	case VERDICT_UNKNOWN:
		break;
	}
	return answer_unsure(document);
}
