/* page.charts.headroom: every limit that applies, in the order in which a reader wants them, with
 * its highest safe load as a multiple of the plan, now and after the changes. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "report/chart/words.h"
#include "report/document/member.h"
#include "report/document/question.h"
#include "report/document/verdict.h"
#include "report/document/view.h"
#include "report/render/page.h"

enum {
	LIMITS_MAX = 1000,
	TITLE_CHARS = 60
};

/* Unknown limits that decide come first, then what fails, what warns, what passes, and at the end
 * what is not known and does not decide. */
enum rank {
	RANK_OPEN,
	RANK_FAIL,
	RANK_WARN,
	RANK_PASS,
	RANK_OTHER
};

struct standing {
	const cJSON *limit;
	enum rank rank;
	double multiple;
	size_t position; /* equal numbers keep the order of the document */
};

/* What the rows have in common. */
struct measure {
	struct arena *arena;
	const cJSON *root, *words;
	const char *path;        /* the member of a load that the axis shows */
	const char *now, *after; /* the words of a load now, and after the changes */
	enum unit unit;
	double plan;
};

static bool is_set_aside(const cJSON *limit)
{
	return view_true(limit, "waived") || view_true(limit, "ignored");
}

static enum rank standing_rank(const cJSON *limit)
{
	bool hard = strcmp(view_raw(limit, "severity"), "hard") == 0;
	switch (document_status(limit)) {
	case STATUS_FAIL:
		return RANK_FAIL;
	case STATUS_WARN:
		return RANK_WARN;
	case STATUS_PASS:
		return RANK_PASS;
	case STATUS_UNKNOWN:
	case STATUS_NOT_APPLICABLE:
		break;
	}
	if (hard && !is_set_aside(limit))
		return RANK_OPEN;
	return RANK_OTHER;
}

/* A load of a limit as a multiple of the plan. */
static double multiple_in(const struct measure *measure, const cJSON *load)
{
	double scale = view_number(load, "scale");
	if (!isnan(scale))
		return scale;
	double value = view_number(load, measure->path);
	if (isinf(value))
		return value;
	return value / measure->plan;
}

static double standing_multiple(const struct measure *measure, const cJSON *limit)
{
	if (document_status(limit) == STATUS_UNKNOWN)
		return (double)NAN;
	double scale = view_number(limit, "max_safe_scale");
	if (!isnan(scale))
		return scale;
	return multiple_in(measure, view_object(limit, "max_safe"));
}

static int standing_before(const void *a, const void *b)
{
	const struct standing *left = a;
	const struct standing *right = b;
	if (left->rank != right->rank)
		return (int)left->rank - (int)right->rank;
	if (left->multiple < right->multiple)
		return -1;
	if (left->multiple > right->multiple)
		return 1;
	return (left->position > right->position) - (left->position < right->position);
}

/* "6.5", "123", "1,470": never more than it is. */
static const char *times_text(struct arena *arena, double multiple)
{
	const double ten = 10, hundred = 100;
	if (multiple >= ten)
		return view_figure_of(arena, floor(multiple), UNIT_COUNT);
	if (multiple >= 1)
		return view_figure_of(arena, floor(multiple * ten) / ten, UNIT_COUNT);
	return view_figure_of(arena, floor(multiple * hundred) / hundred, UNIT_COUNT);
}

static const char *load_of(const struct measure *measure, const cJSON *load)
{
	return view_figure(measure->arena, load, measure->path, measure->unit);
}

static const char *with_load(const struct measure *measure, const char *key, const cJSON *load)
{
	const char *text = load_of(measure, load);
	return words_say(measure->arena, measure->words, key, "load", text, NULL);
}

static const char *with_times(const struct measure *measure, const char *key, double multiple)
{
	const char *text = times_text(measure->arena, multiple);
	return words_say(measure->arena, measure->words, key, "times", text, NULL);
}

/* The limit at best: "? between 0 and 19×". */
static void say_not_known(const struct measure *measure, const cJSON *limit, cJSON *row)
{
	const cJSON *most = view_object(limit, "max_safe");
	double best = (double)NAN;
	if (view_true(most, "at_most"))
		best = multiple_in(measure, most);
	const char *text = words_say(measure->arena, measure->words, "headroom.unknown", NULL);
	const char *brief = "?";
	if (isfinite(best)) {
		text = with_times(measure, "headroom.best", best);
		brief = with_times(measure, "headroom.best.brief", best);
	} else {
		best = (double)NAN;
	}
	member_number(row, "best", best);
	cJSON_AddStringToObject(row, "says_now", text);
	cJSON_AddStringToObject(row, "says_briefly", brief);
}

/* What a limit allows now, and with the changes. */
static void say_known(const struct measure *measure, const struct standing *standing, cJSON *row)
{
	const cJSON *limit = standing->limit;
	const cJSON *now = view_object(limit, "max_safe");
	const cJSON *after = view_object(limit, "max_safe_after");
	const char *binding = view_raw(measure->root, "binding.resource");
	bool tightest = strcmp(binding, view_raw(limit, "id")) == 0;
	const char *text;
	if (isinf(standing->multiple))
		text = words_say(measure->arena, measure->words, "headroom.unlimited", NULL);
	else if (standing->multiple < 1 || after)
		text = with_load(measure, measure->now, now);
	else
		text = with_times(measure, "headroom.times", standing->multiple);
	if (standing->multiple >= 1 && !after && !isinf(standing->multiple))
		cJSON_AddStringToObject(row,
				"says_briefly",
				arena_printf(measure->arena,
						"%s×",
						times_text(measure->arena, standing->multiple)));
	cJSON_AddBoolToObject(row, "tightest", tightest);
	cJSON_AddStringToObject(row, "says_now", text);
	if (!after)
		return;
	double then = multiple_in(measure, after);
	text = with_load(measure, measure->after, after);
	if (isinf(then))
		text = words_say(measure->arena, measure->words, "headroom.unlimited.after", NULL);
	member_number(row, "multiple_after", then);
	cJSON_AddStringToObject(row, "says_after", text);
}

/* What the plan needs and the limit allows, as a sentence and for two columns. */
static void say_need(const struct measure *measure, const cJSON *limit, cJSON *row)
{
	struct arena *arena = measure->arena;
	enum unit unit = view_unit(limit, "quantity");
	const char *demand = "", *capacity = "";
	const char *unknown = words_say(arena, measure->words, "headroom.not-known", NULL);
	if (!isnan(view_number(limit, "demand")))
		demand = view_needed(arena, limit);
	if (!isnan(view_number(limit, "capacity")))
		capacity = view_figure(arena, limit, "capacity", unit);
	const char *key = "headroom.need";
	if (!*demand && !*capacity)
		key = "headroom.no-need";
	if (!*demand)
		demand = unknown;
	if (!*capacity)
		capacity = unknown;
	const char *text =
			words_say(arena, measure->words, key, "demand", demand, "capacity", capacity, NULL);
	cJSON_AddStringToObject(row, "needs", text);
	cJSON_AddStringToObject(row, "need", demand);
	cJSON_AddStringToObject(row, "allows", capacity);
}

/* For a limit that does not decide, or of which only a part is counted or known: why. */
static void say_aside(const struct measure *measure, const cJSON *limit, cJSON *row)
{
	const char *aside = NULL, *text = "";
	if (view_true(limit, "waived"))
		aside = "headroom.waived";
	else if (view_true(limit, "ignored"))
		aside = "headroom.ignored";
	else if (document_is_assumed(measure->root, limit))
		aside = "headroom.assumed";
	else if (strcmp(view_raw(limit, "severity"), "advisory") == 0)
		aside = "headroom.advisory";
	else if (document_is_kernel_part(measure->root, limit))
		aside = "headroom.kernel-part";
	if (aside)
		text = words_say(measure->arena, measure->words, aside, NULL);
	cJSON_AddStringToObject(row, "aside", text);
	cJSON_AddBoolToObject(row, "hypothetical", document_is_assumed(measure->root, limit));
}

static void add_standing(const struct measure *measure,
		const struct standing *standing,
		cJSON *rows)
{
	cJSON *row = cJSON_Duplicate(standing->limit, true);
	member_number(row, "multiple", standing->multiple);
	if (isnan(standing->multiple))
		say_not_known(measure, standing->limit, row);
	else
		say_known(measure, standing, row);
	say_need(measure, standing->limit, row);
	say_aside(measure, standing->limit, row);
	cJSON_AddItemToArray(rows, row);
}

/* The limits that apply, in their order. */
static size_t standings(const struct measure *measure, struct standing list[LIMITS_MAX])
{
	size_t count = 0;
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(measure->root, "resources")) {
		if (document_status(limit) == STATUS_NOT_APPLICABLE || count == LIMITS_MAX)
			continue;
		double multiple = standing_multiple(measure, limit);
		enum rank rank = standing_rank(limit);
		if (isnan(multiple) && rank != RANK_OPEN)
			rank = RANK_OTHER;
		list[count] = (struct standing){limit, rank, multiple, count};
		count++;
	}
	if (count)
		qsort(list, count, sizeof *list, standing_before);
	return count;
}

/* --- the finding ---------------------------------------------------------------------------- */

static const char *title_text(const struct measure *measure, const cJSON *limit)
{
	return view_text(measure->arena, limit, "title", TITLE_CHARS);
}

/* Beside a limit that is not known, what is safe is not known either. */
static void tell_tightest(const struct measure *measure, const cJSON *limit, struct text *out)
{
	const char *key = "headroom.finding";
	if (view_object(measure->root, "at_most"))
		key = "headroom.finding.at-most";
	text_add(out,
			words_say(measure->arena,
					measure->words,
					key,
					"limit",
					title_text(measure, limit),
					"load",
					page_load_text(measure->arena, measure->root, view_get(limit, "max_safe")),
					"plan",
					page_load_text(measure->arena, measure->root, view_get(measure->root, "plan")),
					NULL));
}

static void tell_limit(const struct measure *measure,
		const char *key,
		const cJSON *limit,
		struct text *out)
{
	const cJSON *load = view_get(limit, "max_safe");
	text_add(out,
			words_say(measure->arena,
					measure->words,
					key,
					"limit",
					title_text(measure, limit),
					"load",
					page_load_text(measure->arena, measure->root, load),
					NULL));
}

/* What all changes together give. */
static void tell_after(const struct measure *measure, struct text *out)
{
	const cJSON *rung, *last = NULL;
	cJSON_ArrayForEach(rung, view_array(measure->root, "ladder"))
		last = rung;
	if (!view_object(last, "max_safe"))
		return;
	text_add(out,
			words_say(measure->arena,
					measure->words,
					"headroom.finding.after",
					"load",
					page_load_text(measure->arena, measure->root, view_get(last, "max_safe")),
					NULL));
}

/* What is not known, the tightest limit, and the next hard one above it. */
static void tell_headroom(const struct measure *measure,
		const struct standing *list,
		size_t count,
		struct text *out)
{
	const char *binding = view_raw(measure->root, "binding.resource");
	const cJSON *next = NULL, *tightest = NULL;
	for (size_t i = 0; i < count; i++) {
		const cJSON *limit = list[i].limit;
		bool hard = strcmp(view_raw(limit, "severity"), "hard") == 0;
		if (list[i].rank == RANK_OPEN)
			tell_limit(measure, "headroom.finding.open", limit, out);
		else if (!tightest && strcmp(view_raw(limit, "id"), binding) == 0)
			tightest = limit;
		else if (tightest && !next && hard && isfinite(list[i].multiple))
			next = limit;
	}
	if (tightest)
		tell_tightest(measure, tightest, out);
	else
		text_add(out, words_say(measure->arena, measure->words, "headroom.finding.far", NULL));
	if (next)
		tell_limit(measure, "headroom.finding.next", next, out);
	tell_after(measure, out);
}

/* By what the plan is counted. */
static struct measure measure_of(struct arena *arena, const cJSON *root)
{
	struct measure measure = {
			.arena = arena,
			.root = root,
			.words = words_of(root),
			.path = "connections",
			.now = "headroom.now",
			.after = "headroom.after",
			.unit = UNIT_COUNT,
	};
	if (*view_raw(root, "image")) { /* new machines have no "now": a line above says what is what */
		measure.now = "headroom.load";
		measure.after = "headroom.load";
	}
	if (strcmp(view_raw(root, "page.basis"), "rate") == 0) {
		measure.path = "open_rate_per_s";
		measure.unit = UNIT_PER_S;
	}
	measure.plan = view_number(view_object(root, "plan"), measure.path);
	return measure;
}

static const char *plan_label(const struct measure *measure)
{
	bool part = view_true(measure->root, "part");
	const char *key = "headroom.plan";
	if (part)
		key = "headroom.plan.part";
	if (measure->unit == UNIT_PER_S)
		key = "headroom.plan.rate";
	if (part && measure->unit == UNIT_PER_S)
		key = "headroom.plan.part.rate";
	return with_load(measure, key, view_object(measure->root, "plan"));
}

/* Page 1 has room for what decides and for the tightest of the others: the fewer, the more changes
 * it asks for. */
static size_t standings_shown(const struct measure *measure,
		const struct standing *list,
		size_t count)
{
	enum {
		ROWS_MAX = 12,
		CHANGES_WITH_OTHERS = 5
	};
	size_t changes = view_count(measure->root, "ladder");
	size_t shown = 0, others = ROWS_MAX;
	while (shown < count && list[shown].rank < RANK_PASS && shown < ROWS_MAX)
		shown++;
	if (changes > 0)
		others = CHANGES_WITH_OTHERS - changes;
	if (changes > CHANGES_WITH_OTHERS)
		others = 0;
	shown += others;
	if (shown > ROWS_MAX)
		shown = ROWS_MAX;
	if (shown + 1 >= count) /* the line that says so would take as much */
		return count;
	return shown;
}

/* Which limits have no row: "2 more limits pass: Memory, Threads", and without their names. */
static void say_more(const struct measure *measure,
		const struct standing *list,
		size_t count,
		cJSON *chart)
{
	bool pass = true;
	struct text names = {0};
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			text_add(&names, ", ");
		text_add(&names, title_text(measure, list[i].limit));
		pass = pass && list[i].rank == RANK_PASS;
	}
	const char *key = "headroom.more", *brief = "headroom.more.brief";
	if (pass) {
		key = "headroom.more.pass";
		brief = "headroom.more.pass.brief";
	}
	const char *limits = view_figure_of(measure->arena, (double)count, UNIT_COUNT);
	const char *named = text_string(&names);
	const char *text =
			words_say(measure->arena, measure->words, key, "limits", limits, "names", named, NULL);
	if (count > 0) {
		cJSON_AddStringToObject(chart, "more", text);
		text = words_say(measure->arena, measure->words, brief, "limits", limits, NULL);
		cJSON_AddStringToObject(chart, "more_briefly", text);
	}
	text_release(&names);
}

void page_headroom(struct arena *arena, const cJSON *root, cJSON *charts)
{
	const struct measure measure = measure_of(arena, root);
	struct standing *list = arena_alloc(arena, LIMITS_MAX * sizeof *list);
	size_t count = 0;
	if (view_object(root, "plan"))
		count = standings(&measure, list);
	if (count == 0)
		return;
	struct text finding = {0};
	tell_headroom(&measure, list, count, &finding);
	cJSON *chart = cJSON_AddObjectToObject(charts, "headroom");
	cJSON_AddStringToObject(chart, "finding", text_string(&finding));
	cJSON_AddStringToObject(chart, "plan", plan_label(&measure));
	size_t shown = standings_shown(&measure, list, count);
	cJSON_AddNumberToObject(chart, "shown", (double)shown);
	say_more(&measure, &list[shown], count - shown, chart);
	cJSON *rows = cJSON_AddArrayToObject(chart, "rows");
	for (size_t i = 0; i < count; i++)
		add_standing(&measure, &list[i], rows);
	text_release(&finding);
}
