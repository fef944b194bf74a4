/* The answer first, then the number that decides. */
#include "model/answer/headline.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "model/answer/age.h"
#include "model/change.h"

enum {
	NAMED_MAX = 3 /* limits that a headline names; the others are counted */
};

struct headline {
	struct arena *arena;
	const struct result *result;
	const struct model_options *options;
};

typedef bool is_wanted(const struct judgement *judgement);

static bool is_failing(const struct judgement *j)
{
	return j->status == STATUS_FAIL && judgement_decides(j);
}

static bool is_unknown(const struct judgement *j)
{
	return j->status == STATUS_UNKNOWN && judgement_decides(j);
}

/* It could only have warned. */
static bool is_unknown_warning(const struct judgement *j)
{
	bool advisory = j->severity == SEVERITY_ADVISORY;
	return j->status == STATUS_UNKNOWN && advisory && !j->ignored && !j->waived;
}

/* Only the waiver keeps it from deciding. */
static bool is_excused(const struct judgement *j)
{
	bool bad = j->status == STATUS_FAIL || j->status == STATUS_UNKNOWN;
	return bad && judgement_counts(j) && j->waived;
}

static size_t headline_count(const struct headline *h, is_wanted *wanted)
{
	size_t count = 0;
	for (size_t i = 0; i < h->result->resource_count; i++)
		count += wanted(&h->result->resources[i].worst);
	return count;
}

/* The failing limit with the lowest safe load. */
static const struct judgement *headline_worst(const struct headline *h)
{
	const struct judgement *worst = NULL;
	for (size_t i = 0; i < h->result->resource_count; i++) {
		const struct judgement *j = &h->result->resources[i].worst;
		if (!is_failing(j))
			continue;
		if (!worst || j->max_safe_scale < worst->max_safe_scale)
			worst = j;
	}
	return worst;
}

/* Counts are whole; `whole` makes them so. */
static const char *headline_number(const struct headline *h,
		const struct judgement *j,
		double value,
		double whole(double))
{
	char number[NUMBER_TEXT_MAX];
	if (j->rule->quantity == UNIT_COUNT)
		value = whole(value);
	return arena_strdup(h->arena, text_number(number, value, j->rule->quantity));
}

static const char *headline_needed(const struct headline *h, const struct judgement *j)
{
	return headline_number(h, j, j->demand, ceil);
}

static const char *headline_had(const struct headline *h, const struct judgement *j)
{
	return headline_number(h, j, j->capacity, floor);
}

/* "30,000 needed, 28,232 available", "5,000 needed, TasksMax of cron.service is 4,915" */
static const char *headline_need(const struct headline *h, const struct judgement *j)
{
	const char *need = headline_needed(h, j);
	const char *have = headline_had(h, j);
	if (j->rule->name_count > 0)
		return arena_printf(h->arena, "%s needed, %s is %s", need, j->instance, have);
	return arena_printf(h->arena, "%s needed, %s available", need, have);
}

/* The value of a placeholder of breaks_as: {need}, {have}, {limit}; NULL: it is none. */
static const char *headline_placed(const struct headline *h,
		const struct judgement *j,
		const char *name)
{
	if (text_begins_with(name, "{need}"))
		return headline_needed(h, j);
	if (text_begins_with(name, "{have}"))
		return headline_had(h, j);
	if (!text_begins_with(name, "{limit}"))
		return NULL;
	if (j->rule->name_count > 0)
		return j->instance;
	return "this host";
}

/* "it needs 15,010 open files, and the process may open 1,024". Rules without placeholders get the
 * numbers behind their text. */
static const char *headline_breaks(const struct headline *h, const struct judgement *j)
{
	struct text out = {0};
	const char *at = j->rule->breaks_as;
	if (!strchr(at, '{'))
		return arena_printf(h->arena, "%s (%s)", at, headline_need(h, j));
	while (*at) {
		const char *value = headline_placed(h, j, at);
		if (value) {
			text_add(&out, value);
			at += strcspn(at, "}") + 1;
		} else {
			text_add_bytes(&out, at++, 1);
		}
	}
	return text_take(h->arena, &out);
}

/* Where all loads come from elsewhere, this host starts nothing. */
static const char *headline_no(const struct headline *h)
{
	const struct loads *loads = &h->result->loads;
	for (size_t i = 0; i < loads->count; i++) {
		const char *role = loads->items[i].values[W_ROLE].text;
		if (!role || strcmp(role, "server") != 0)
			return "Do not start this test";
	}
	return "This server cannot carry this load";
}

static const char *headline_fail(const struct headline *h)
{
	char use[NUMBER_TEXT_MAX], target[NUMBER_TEXT_MAX];
	const struct judgement *j = headline_worst(h);
	if (j->over)
		return arena_printf(h->arena, "%s: %s.", headline_no(h), headline_breaks(h, j));
	return arena_printf(h->arena,
			"%s: %s would be %s used, over the %s target. "
			"It fits, but only by using your reserve.",
			headline_no(h),
			limit_phrase(j->rule),
			text_number(use, j->utilization, UNIT_RATIO),
			text_number(target, h->result->target, UNIT_RATIO));
}

/* "outgoing ports, tracked connections, and 2 more" */
static const char *headline_titles(const struct headline *h, is_wanted *wanted)
{
	struct text text = {0};
	size_t count = 0;
	for (size_t i = 0; i < h->result->resource_count; i++) {
		const struct judgement *j = &h->result->resources[i].worst;
		if (!wanted(j))
			continue;
		if (++count > NAMED_MAX)
			continue;
		if (count > 1)
			text_add(&text, ", ");
		text_add(&text, limit_phrase(j->rule));
	}
	if (count > NAMED_MAX)
		text_addf(&text, ", and %zu more", count - NAMED_MAX);
	return text_take(h->arena, &text);
}

/* ", nor 2 that only warn": those that are not known, but do not decide. */
static const char *headline_unknown_warnings(const struct headline *h)
{
	size_t more = headline_count(h, is_unknown_warning);
	if (more == 0)
		return "";
	if (more == 1)
		return ", nor 1 that only warns";
	return arena_printf(h->arena, ", nor %zu that only warn", more);
}

static const char *headline_unknown(const struct headline *h)
{
	size_t unknown = headline_count(h, is_unknown);
	const char *noun = "limits";
	if (!unknown)
		return arena_printf(h->arena,
				"Cannot tell how this host is now: %s.",
				age_reason(h->arena, h->options));
	if (unknown == 1)
		noun = "limit";
	return arena_printf(h->arena,
			"Cannot tell: %zu %s could not be checked (%s)%s.",
			unknown,
			noun,
			headline_titles(h, is_unknown),
			headline_unknown_warnings(h));
}

static const struct waiver *headline_waiver(const struct headline *h, const char *id)
{
	for (size_t i = 0; i < h->options->waiver_count; i++) {
		const struct waiver *waiver = &h->options->waivers[i];
		if (!waiver->expired && strcmp(waiver->id, id) == 0)
			return waiver;
	}
	return NULL;
}

/* " Fails: open files per process (15,010 needed, 1,024 available), waived by ops until
 * 2026-12-31." */
static void headline_add_excuse(const struct headline *h,
		const struct judgement *j,
		struct text *out)
{
	const struct waiver *waiver = headline_waiver(h, j->rule->id);
	if (j->status == STATUS_FAIL)
		text_addf(out, " Fails: %s (%s)", limit_phrase(j->rule), headline_need(h, j));
	else
		text_addf(out, " Could not be checked: %s", limit_phrase(j->rule));
	if (waiver && waiver->by)
		text_addf(out, ", waived by %s until %s.", waiver->by, waiver->expires);
	else if (waiver)
		text_addf(out, ", waived until %s.", waiver->expires);
}

static const char *headline_waived(const struct headline *h)
{
	struct text text = {0};
	text_add(&text, "Passes only by waiver.");
	for (size_t i = 0; i < h->result->resource_count; i++) {
		const struct judgement *j = &h->result->resources[i].worst;
		if (is_excused(j))
			headline_add_excuse(h, j, &text);
	}
	return text_take(h->arena, &text);
}

/* What readers may know it as. */
static const char *headline_gloss(const struct headline *h, const struct limit_rule *rule)
{
	if (!rule->gloss)
		return "";
	return arena_printf(h->arena, " (%s)", rule->gloss);
}

/* "Tightest limit: open files per process (ulimit -n), 71.5% used." */
static const char *headline_tightest(const struct headline *h)
{
	char use[NUMBER_TEXT_MAX];
	const struct judgement *j = h->result->binding;
	if (!j)
		return "No limit on this host comes close.";
	return arena_printf(h->arena,
			"Tightest limit: %s%s, %s used.",
			limit_phrase(j->rule),
			headline_gloss(h, j->rule),
			text_number(use, j->utilization, UNIT_RATIO));
}

static const char *headline_without(const struct headline *h)
{
	struct text text = {0};
	const struct name_list *without = &h->result->without;
	for (size_t i = 0; i < without->count; i++) {
		if (i)
			text_add(&text, ", ");
		text_add(&text, without->items[i]);
	}
	return arena_printf(h->arena,
			"Fits if these limits are left out: %s. %s",
			text_take(h->arena, &text),
			headline_tightest(h));
}

/* A pass on old values holds only as long as they do. */
static const char *headline_start(const struct headline *h)
{
	double age_s = h->options->age_s;
	if (facts_are_hypothetical(h->result->facts))
		return "Would be safe to start with the assumed values.";
	if (!age_warning(h->arena, h->options))
		return "Safe to start.";
	if (age_is_future(age_s))
		return arena_printf(h->arena,
				"Safe to start if the values, dated %s after this audit, still hold.",
				age_text(h->arena, -age_s));
	return arena_printf(h->arena,
			"Safe to start if the host has not changed since its values were read, %s ago.",
			age_text(h->arena, age_s));
}

static const char *headline_pass(const struct headline *h)
{
	if (headline_count(h, is_excused))
		return headline_waived(h);
	if (h->result->without.count)
		return headline_without(h);
	return arena_printf(h->arena, "%s %s", headline_start(h), headline_tightest(h));
}

const char *headline_of(struct arena *arena,
		const struct result *result,
		const struct model_options *options)
{
	const struct headline h = {arena, result, options};
	switch (result->verdict) {
	case VERDICT_FAIL:
		return headline_fail(&h);
	case VERDICT_UNKNOWN:
		return headline_unknown(&h);
	case VERDICT_PASS:
	case VERDICT_NONE:
		break;
	}
	return headline_pass(&h);
}
