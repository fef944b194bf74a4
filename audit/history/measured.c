#include "audit/history/measured.h"

#include <math.h>
#include <string.h>

#include "audit/history/history.h"
#include "base/text.h"
#include "model/watch/estimate.h"
#include "report/document/member.h"
#include "report/document/view.h"

enum {
	LOOKED_AT = 5 /* audits of the same host and tool, the newest first */
};

struct measured {
	struct measured_rates rates;
	const char *from; /* "workload.lock.json, median of 3 runs", "audit 12 of 2026-11-30" */
};

/* --- what was measured ---------------------------------------------------------------------------
 */

static double median_of(const struct lock_taught *taught, enum learnt value)
{
	const struct learnt_spread *spread = &taught->spreads[value];
	if (!spread->n)
		return (double)NAN;
	return spread->median;
}

static bool measured_by_lock(const struct run *run,
		const struct lock_taught *taught,
		struct measured *ret_measured)
{
	if (!taught || !taught->any)
		return false;
	size_t runs = taught->spreads[LEARNT_CPU_CORES].n;
	const char *word = "runs";
	if (runs == 1)
		word = "run";
	ret_measured->from = arena_printf(run->arena, "%s, %zu %s", LOCK_FILE_PATH, runs, word);
	ret_measured->rates = (struct measured_rates){
			.cores = median_of(taught, LEARNT_CPU_CORES),
			.opens_per_core = median_of(taught, LEARNT_OPENS_PER_CORE),
			.requests_per_core = median_of(taught, LEARNT_REQUESTS_PER_CORE),
			.same_command = true,
	};
	return runs > 0;
}

static bool measured_by_gate(const struct run *run,
		const cJSON *gate,
		const cJSON *document,
		struct measured *ret_measured)
{
	const cJSON *learnt = view_object(gate, "gate.learnt");
	const char *own = "";
	if (run->options->child.count)
		own = lock_file_digest(run);
	if (isnan(view_number(learnt, "cpu_cores")))
		return false;
	if (strcmp(view_raw(gate, "workload.tool"), view_raw(document, "workload.tool")) != 0)
		return false;
	ret_measured->from = arena_printf(run->arena,
			"the gate's run of %.10s",
			view_text(run->arena, gate, "created", 40));
	ret_measured->rates = (struct measured_rates){
			.cores = view_number(learnt, "cpu_cores"),
			.opens_per_core = view_number(learnt, "opens_per_core"),
			.requests_per_core = view_number(learnt, "requests_per_core"),
			.same_command = *own && strcmp(view_raw(gate, "gate.command"), own) == 0,
	};
	return true;
}

static bool measured_in_rows(const struct run *run,
		struct history *history,
		const cJSON *document,
		struct measured *ret_measured)
{
	const struct history_filter filter = {
			.fingerprint = view_raw(document, "host.fingerprint"),
			.workload = view_raw(document, "workload.name"),
	};
	struct history_row *rows;
	struct error ignored = {0};
	size_t count;
	if (!history_rows(history, run->arena, &filter, LOOKED_AT, &rows, &count, &ignored))
		return false;
	while (count-- > 0) {
		const int64_t id = rows[count].id;
		struct json *json = history_document(history, run->arena, id, &ignored);
		bool found = json && measured_by_gate(run, json_root(json), document, ret_measured);
		json_close(&json);
		if (found)
			return true;
	}
	return false;
}

static bool measured_by_history(const struct run *run,
		const cJSON *document,
		struct measured *ret_measured)
{
	__attribute__((cleanup(history_close))) struct history *history = NULL;
	struct error ignored = {0};
	if (run->options->no_history || history_off())
		return false;
	if (!history_path(run->arena) || !history_open(run->arena, HISTORY_READ, &history, &ignored))
		return false;
	return history && measured_in_rows(run, history, document, ret_measured);
}

/* --- what the plan asks for ----------------------------------------------------------------------
 */

static bool is_exact(const cJSON *workload, const char *field)
{
	const cJSON *origin = view_object(view_object(workload, "origins"), field);
	return strcmp(view_raw(origin, "confidence"), "exact") == 0;
}

/* Each process has so many threads. */
static double threads_of(const cJSON *workload)
{
	double threads = view_number(workload, "threads");
	double processes = view_number(workload, "processes");
	if (!is_exact(workload, "threads"))
		return (double)NAN;
	if (processes > 1)
		threads *= processes;
	return threads;
}

static double processors_of(const cJSON *document)
{
	const cJSON *fact;
	cJSON_ArrayForEach(fact, view_array(document, "facts")) {
		if (strcmp(view_raw(fact, "key"), "host.cpus") == 0)
			return view_number(fact, "value");
	}
	return (double)NAN;
}

static struct asked_rates asked_of(const cJSON *document)
{
	const cJSON *workload = view_object(document, "workload");
	return (struct asked_rates){
			.opens_per_s = view_number(workload, "open_rate_per_s"),
			.requests_per_s = view_number(workload, "requests_per_s"),
			.processors = processors_of(document),
			.threads = threads_of(workload),
	};
}

/* --- what is said --------------------------------------------------------------------------------
 */

static const char *cores_word(double cores)
{
	if (cores == 1)
		return "core";
	return "cores";
}

static const char *available_text(struct arena *arena, const struct cpu_estimate *estimate)
{
	double available = estimate->available;
	if (isnan(available))
		return "";
	if (estimate->by_threads && available == 1)
		return "; the program has one thread";
	if (estimate->by_threads)
		return arena_printf(arena, "; the program has %g threads", available);
	return arena_printf(arena, "; this host has %g", available);
}

/* What was measured, as the reason of what follows. */
static const char *rates_text(struct arena *arena,
		const struct cpu_estimate *estimate,
		const char *from)
{
	char asked[NUMBER_TEXT_MAX], seen[NUMBER_TEXT_MAX];
	const char *what = "connections";
	if (isnan(estimate->rate))
		return arena_printf(arena, "As it was measured (%s), it", from);
	if (estimate->of_requests)
		what = "requests";
	text_number(asked, round(estimate->rate), UNIT_COUNT);
	text_number(seen, round(estimate->per_core), UNIT_COUNT);
	return arena_printf(arena,
			"The plan asks for %s %s/s. One core did %s/s (%s), so it",
			asked,
			what,
			seen,
			from);
}

static const char *estimate_text(struct arena *arena,
		const struct cpu_estimate *estimate,
		const char *from)
{
	double cores = ceil(estimate->needed * 10) / 10;
	return arena_printf(arena,
			"%s needs about %g %s%s. This is an estimate and decides no verdict.",
			rates_text(arena, estimate, from),
			cores,
			cores_word(cores),
			available_text(arena, estimate));
}

/* CPU is estimated now: what is left is not judged at all. */
static void drop_not_judged(cJSON *coverage)
{
	cJSON *list = cJSON_GetObjectItemCaseSensitive(coverage, "not_judged"), *item;
	cJSON_ArrayForEach(item, list) {
		if (!cJSON_IsString(item) || strcmp(item->valuestring, "CPU") != 0)
			continue;
		cJSON_Delete(cJSON_DetachItemViaPointer(list, item));
		return;
	}
}

static void put_estimate(const struct members *put,
		cJSON *document,
		const struct cpu_estimate *estimate,
		const char *text)
{
	cJSON *coverage = cJSON_GetObjectItemCaseSensitive(document, "coverage");
	cJSON *list = cJSON_GetObjectItemCaseSensitive(coverage, "estimated");
	cJSON *item = cJSON_CreateObject();
	const char *unit = NULL;
	if (!isnan(estimate->rate))
		unit = estimate->of_requests ? "requests" : "connections";
	member_text(put, item, "id", "cpu");
	member_text(put, item, "title", "CPU");
	member_text(put, item, "unit", "cores");
	member_number(item, "needed", ceil(estimate->needed * 10) / 10);
	member_number(item, "available", estimate->available);
	member_number(item, "rate", estimate->rate);
	member_text(put, item, "rate_of", unit);
	member_number(item, "per_core", estimate->per_core);
	member_text(put, item, "text", text);
	(void)cJSON_AddItemToArray(list, item);
	drop_not_judged(coverage);
}

static void put_warning(const struct members *put, cJSON *document, const char *text)
{
	cJSON *findings = cJSON_GetObjectItemCaseSensitive(document, "findings");
	cJSON *item = cJSON_CreateObject();
	double warnings = view_number(document, "warnings");
	member_text(put, item, "id", "cpu-estimate");
	member_text(put, item, "severity", "warning");
	member_text(put, item, "text", text);
	member_null(item, "where");
	(void)member_array(item, "sources");
	(void)cJSON_AddItemToArray(findings, item);
	(void)cJSON_ReplaceItemInObjectCaseSensitive(document,
			"warnings",
			member_number_value(warnings + 1));
}

void measured_put(const struct run *run, const struct lock_taught *taught, cJSON *document)
{
	const struct members put = {.arena = run->arena};
	struct measured measured;
	if (!view_object(document, "workload") || view_array(document, "workload.loads"))
		return;
	if (!measured_by_lock(run, taught, &measured) && !measured_by_history(run, document, &measured))
		return;
	const struct asked_rates asked = asked_of(document);
	const struct cpu_estimate estimate = cpu_estimate_of(&measured.rates, &asked);
	if (!(estimate.needed > 0))
		return;
	const char *text = estimate_text(run->arena, &estimate, measured.from);
	put_estimate(&put, document, &estimate, text);
	if (estimate.needed > estimate.available)
		put_warning(&put, document, text);
}
