/* headroom.history/1: the audits that were kept, or those of one host and plan in their order. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/answer/kinds.h"
#include "report/document/load.h"
#include "report/document/verdict.h"
#include "report/document/view.h"

static const cJSON *history_rows_of(const struct answer *a)
{
	return answer_list(a, "audits");
}

static const cJSON *history_last(const struct answer *a)
{
	const cJSON *row, *last = NULL;
	cJSON_ArrayForEach(row, history_rows_of(a))
		last = row;
	return last;
}

/* "2026-11-21 04:12" */
static const char *history_minute(const struct answer *a, const cJSON *row)
{
	const char *created = answer_said(a, row, "created");
	if (strlen(created) < strlen("2026-11-21T04:12"))
		return created;
	return answer_printf(a, "%.10s %.5s", created, created + 11);
}

static const char *history_safe(const struct answer *a, const cJSON *row)
{
	const cJSON *load = view_object(row, "max_safe");
	const char *text = document_load_text(a->arena, load);
	if (*text)
		return text;
	return "not known";
}

static const char *history_plan(const struct answer *a, const cJSON *row)
{
	const char *plan = answer_said(a, row, "workload");
	if (*plan)
		return plan;
	return "no plan";
}

/* "gen-1", or how many hosts a fleet has. */
static const char *history_whose(const struct answer *a, const cJSON *row)
{
	double hosts = view_number(row, "fleet");
	if (hosts > 1)
		return answer_plural(a, hosts, "host");
	return answer_said(a, row, "host");
}

/* "pass", "fail*" where values were assumed. */
static const char *history_verdict(const struct answer *a, const cJSON *row)
{
	const char *verdict = answer_said(a, row, "verdict");
	if (view_number(row, "hypothetical") > 0)
		return answer_printf(a, "%s*", verdict);
	return verdict;
}

/* --- head ------------------------------------------------------------------------------------ */

static void history_none(const struct answer *a)
{
	const char *text = "No audit was kept so far: headroom audit keeps each.";
	if (answer_number(a, "total") > 0)
		text = "No audit matches.";
	answer_badge(a, "NONE", "HISTORY", "none");
	answer_is(a, text);
}

static void history_list_head(const struct answer *a)
{
	double count = (double)view_count(a->root, "audits");
	double total = answer_number(a, "total");
	const char *all = answer_plural(a, total, "audit");
	const char *shown = answer_count(a, count);
	const char *text = "This is every audit that was kept.";
	answer_badge(a, all, "HISTORY", "none");
	if (total > count)
		text = answer_printf(a, "The last %s of %s; --all shows every one.", shown, all);
	answer_is(a, text);
}

static void history_trend_head(const struct answer *a)
{
	const cJSON *last = history_last(a);
	const cJSON *first = cJSON_GetArrayItem(history_rows_of(a), 0);
	double count = (double)view_count(a->root, "audits");
	enum verdict verdict = document_verdict(last);
	static const char *const words[] = {
			[VERDICT_NONE] = "AUDIT",
			[VERDICT_PASS] = "PASS",
			[VERDICT_FAIL] = "FAIL",
			[VERDICT_UNKNOWN] = "UNKNOWN",
	};
	const char *since = history_minute(a, first);
	const char *audits = answer_plural(a, count, "audit");
	const char *safe = history_safe(a, last);
	answer_badge(a, words[verdict], "LAST AUDIT", verdict_name(verdict));
	answer_is(a, answer_printf(a, "The last audit: safe up to %s.", safe));
	answer_also(a, answer_printf(a, "%s since %s UTC.", audits, since));
}

static const char *history_question(const struct answer *a)
{
	const cJSON *last = history_last(a);
	const char *host = history_whose(a, last);
	const char *plan = history_plan(a, last);
	if (!last || !view_true(a->root, "trend"))
		return "Which audits were kept?";
	return answer_printf(a, "How much of “%s” could %s carry over time?", plan, host);
}

/* --- tiles ----------------------------------------------------------------------------------- */

static const char *history_tally(const struct answer *a)
{
	static const enum verdict verdicts[] = {VERDICT_PASS, VERDICT_FAIL, VERDICT_UNKNOWN};
	const char *text = "";
	for (size_t i = 0; i < COUNT_OF(verdicts); i++) {
		const cJSON *row;
		double count = 0;
		cJSON_ArrayForEach(row, history_rows_of(a))
			count += document_verdict(row) == verdicts[i];
		const char *comma = "";
		if (*text)
			comma = ", ";
		const char *word = verdict_name(verdicts[i]);
		const char *number = answer_count(a, count);
		if (count > 0)
			text = answer_printf(a, "%s%s%s %s", text, comma, number, word);
	}
	return text;
}

static void history_tiles(const struct answer *a)
{
	const cJSON *last = history_last(a);
	const cJSON *first = cJSON_GetArrayItem(history_rows_of(a), 0);
	const char *from = history_minute(a, first);
	const char *to = history_minute(a, last);
	const char *span = answer_printf(a, "%s to %s UTC", from, to);
	answer_tile(a, "Verdicts", history_tally(a), span);
	if (!view_true(a->root, "trend"))
		return;
	const char *then = history_safe(a, first);
	const char *now = history_safe(a, last);
	answer_tile(a, "Safe in the first audit shown", then, from);
	answer_tile(a, "Safe in the last", now, to);
}

/* --- parts ----------------------------------------------------------------------------------- */

static void history_row(const struct answer *a, cJSON *part, const cJSON *audit)
{
	double id = view_number(audit, "id");
	const char *use = answer_figure(a, audit, "use", UNIT_RATIO);
	const char *binding = answer_said(a, audit, "binding");
	const char *name = answer_printf(a, "%.0f", id);
	cJSON *row = answer_row(a, part, name);
	answer_cell(part, row, history_minute(a, audit));
	answer_cell(part, row, history_whose(a, audit));
	answer_cell(part, row, history_plan(a, audit));
	answer_cell(part, row, history_verdict(a, audit));
	answer_cell(part, row, answer_or_dash(binding));
	answer_cell(part, row, answer_or_dash(use));
	answer_cell(part, row, history_safe(a, audit));
}

static bool history_any_assumed(const struct answer *a)
{
	const cJSON *row;
	cJSON_ArrayForEach(row, history_rows_of(a))
		if (view_number(row, "hypothetical") > 0)
			return true;
	return false;
}

static void history_table(const struct answer *a)
{
	static const struct answer_column columns[] = {
			{"Audit", ""},
			{"When (UTC)", "nowrap"},
			{"Host", ""},
			{"Plan", ""},
			{"Verdict", ""},
			{"Limit reached first", ""},
			{"Its use", "num"},
			{"Safe up to", ""},
			{NULL, NULL},
	};
	const cJSON *audit;
	cJSON *part = answer_part(a, "audits", "Audits");
	if (history_any_assumed(a))
		answer_text(part, "* hypothetical: values were assumed, not read from the host.");
	answer_table(part, "The oldest first", columns);
	cJSON_ArrayForEach(audit, history_rows_of(a))
		history_row(a, part, audit);
	answer_text(part, "headroom history show NUMBER -o report.html writes one of them in full.");
}

void answer_history(const struct answer *a)
{
	const cJSON *chart;
	answer_head(a, "History", history_question(a));
	if (!history_last(a)) {
		history_none(a);
		return;
	}
	if (!view_true(a->root, "trend")) {
		history_list_head(a);
		history_tiles(a);
		history_table(a);
		return;
	}
	history_trend_head(a);
	history_tiles(a);
	chart = answer_part(a, "trend", "Safe load over time");
	answer_chart((cJSON *)chart, "history");
	history_table(a);
}
