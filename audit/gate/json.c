/* What the gate did and saw, as the member "gate" of the audit document. */
#include <math.h>
#include <string.h>

#include "audit/gate/gate.h"
#include "audit/gate/tool_watch.h"
#include "audit/run/lock_file.h"
#include "base/array.h"
#include "model/watch/peak.h"

/* Of looks that lie further apart a peak may lie between two. */
static const double gate_often_s = 1.5;

static void put_compared(const struct members *put,
		cJSON *observed,
		const struct certificate *certificate)
{
	cJSON *array = member_array(observed, "compared");
	for (size_t i = 0; i < certificate->compared_count; i++) {
		const struct compared *row = &certificate->compared[i];
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "id", row->id);
		member_text(put, item, "title", row->title);
		member_text(put, item, "unit", unit_name(row->unit));
		member_number(item, "predicted", row->predicted);
		member_number(item, "seen", row->seen);
		member_number(item, "difference", row->difference);
		bool rare = certificate->every_s > gate_often_s;
		member_bool(item, "at_least", row->peak && rare);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void gate_put_limit(const struct members *put,
		cJSON *array,
		const struct watched_limit *limit,
		const struct watched_peak *peak)
{
	cJSON *item = cJSON_CreateObject();
	member_text(put, item, "id", limit->id);
	member_text(put, item, "title", limit->title);
	member_text(put, item, "unit", limit->unit);
	member_number(item, "used", peak->use.used);
	member_number(item, "own", peak->use.own);
	member_number(item, "capacity", peak->use.capacity);
	member_number(item, "utilization", peak->use.ratio);
	member_number(item, "at_s", peak->at_s);
	member_number(item, "connections", peak->live);
	member_bool(item, "reached", peak->reached);
	(void)cJSON_AddItemToArray(array, item);
}

static void gate_put_limits(const struct members *put, cJSON *observed, const struct gate *gate)
{
	const struct watched_limits *limits = &gate->limits;
	cJSON *array = member_array(observed, "limits");
	for (size_t i = 0; i < limits->count; i++) {
		const struct watched_peak *peak = &gate->certificate.peaks[i];
		if (peak->reached || !isnan(peak->use.ratio))
			gate_put_limit(put, array, &limits->items[i], peak);
	}
}

static void put_remarks(const struct members *put,
		cJSON *observed,
		const struct certificate *certificate)
{
	cJSON *array = member_array(observed, "remarks");
	for (size_t i = 0; i < certificate->remark_count; i++) {
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "id", certificate->remarks[i].id);
		member_bool(item, "lost", certificate->remarks[i].lost);
		member_text(put, item, "text", certificate->remarks[i].text);
		(void)cJSON_AddItemToArray(array, item);
	}
}

static void gate_put_counters(cJSON *observed, const struct observations *seen)
{
	cJSON *counters = member_object(observed, "counters");
	for (size_t i = O_COUNTERS; i < OBSERVED; i++) {
		enum observed what = (enum observed)i;
		double growth = observations_growth(seen, what);
		if (what != O_THREAD_CPU_S)
			member_number(counters, observed_rows[i].name, growth);
	}
}

static void gate_put_destinations(const struct members *put,
		cJSON *observed,
		const struct gate *gate)
{
	cJSON *array = member_array(observed, "destinations");
	for (size_t i = 0; i < gate->destination_count; i++) {
		const struct seen_destination *seen = &gate->destinations[i];
		cJSON *item = cJSON_CreateObject();
		member_text(put, item, "to", seen->to);
		member_number(item, "live", seen->live);
		member_number(item, "time_wait", seen->time_wait);
		member_number(item, "at_s", seen->at_s);
		(void)cJSON_AddItemToArray(array, item);
	}
}

/* A rate is 0 at the start. */
static double series_value(const struct observations *seen, size_t i, enum observed what)
{
	const struct observation *now = &seen->items[i];
	if (!observed_counts(what))
		return now->values[what];
	if (!i)
		return 0;
	return observed_value(what, &seen->items[i - 1], now);
}

struct series_row {
	const char *name;
	enum observed what;
};

static const struct series_row series_rows[] = {
		{"live", O_LIVE},
		{"accepted", O_ACCEPTED},
		{"time_wait", O_TIME_WAIT},
		{"connecting", O_CONNECTING},
		{"opens_per_s", O_OPENS},
		{"fds", O_FDS_MOST},
		{"conntrack", O_CONNTRACK},
		{"accept_queue", O_QUEUE},
		{"retransmits_per_s", O_RETRANSMITS},
		{"cpu_cores", O_CPU_S},
};

static void put_use(cJSON *use, const struct watched_limit *limit, const struct observations *seen)
{
	const struct observation *before = NULL;
	cJSON *values = member_array(use, limit->id);
	for (size_t i = 0; i < seen->count; i++) {
		const struct observation *now = &seen->items[i];
		double ratio = (double)NAN;
		bool counts = peak_counts(limit, before, now);
		if (counts)
			ratio = watched_use(limit, before, now).ratio;
		(void)cJSON_AddItemToArray(values, member_number_value(ratio));
		if (counts || !before)
			before = now;
	}
}

static void put_uses(cJSON *series, const struct gate *gate)
{
	const struct watched_limits *limits = &gate->limits;
	cJSON *use = member_object(series, "use");
	for (size_t i = 0; i < limits->count; i++)
		if (gate->certificate.peaks[i].use.ratio > 0)
			put_use(use, &limits->items[i], &gate->seen);
}

static void put_times(cJSON *timeline, const struct observations *seen)
{
	cJSON *times = member_array(timeline, "t");
	for (size_t i = 0; i < seen->count; i++) {
		double at_ms = round(seen->items[i].t_s * 1000);
		cJSON *time = member_number_value(at_ms / 1000);
		(void)cJSON_AddItemToArray(times, time);
	}
}

static void put_row(cJSON *series, const struct series_row *row, const struct observations *seen)
{
	cJSON *values = member_array(series, row->name);
	for (size_t i = 0; i < seen->count; i++) {
		double value = series_value(seen, i, row->what);
		double rounded = round(value * 1000) / 1000;
		cJSON *number = member_number_value(rounded);
		(void)cJSON_AddItemToArray(values, number);
	}
}

static void put_timeline(cJSON *observed, const struct gate *gate)
{
	cJSON *timeline = member_object(observed, "timeline");
	put_times(timeline, &gate->seen);
	cJSON *series = member_object(timeline, "series");
	for (size_t i = 0; i < COUNT_OF(series_rows); i++)
		put_row(series, &series_rows[i], &gate->seen);
	put_uses(series, gate);
}

/* The same values as in workload.lock.json; null: nothing was watched. */
static void gate_put_learnt(cJSON *member, const struct gate *gate)
{
	if (!gate->watched) {
		member_null(member, "learnt");
		return;
	}
	cJSON *learnt = member_object(member, "learnt");
	for (size_t i = 0; i < LEARNT_VALUES; i++) {
		const char *name = learnt_rows[i].name;
		double value = gate->learnt.values[i];
		member_number(learnt, name, round(value * 1000) / 1000);
	}
}

static void put_observed(const struct members *put, cJSON *member, const struct gate *gate)
{
	if (!gate->watched) {
		member_null(member, "observed");
		return;
	}
	cJSON *observed = member_object(member, "observed");
	member_number(observed, "interval_s", gate->interval_s);
	member_number(observed, "every_s", round(gate->certificate.every_s * 10) / 10);
	member_bool(observed, "rare", gate->certificate.every_s > gate_often_s);
	member_number(observed, "samples", (double)gate->seen.samples);
	double sampler = round(gate->sampler_ratio * 1e6);
	member_number(observed, "sampler_cpu_ratio", sampler / 1e6);
	put_compared(put, observed, &gate->certificate);
	gate_put_limits(put, observed, gate);
	put_remarks(put, observed, &gate->certificate);
	gate_put_counters(observed, &gate->seen);
	gate_put_destinations(put, observed, gate);
	put_timeline(observed, gate);
}

/* Null: it did not run, or no signal ended it. */
static void put_end(cJSON *member, const struct child_end *end)
{
	double status = (double)NAN;
	double number = (double)NAN;
	double run_s = (double)NAN;
	if (end->ran) {
		status = end->status;
		run_s = round(end->run_s * 1000) / 1000;
	}
	if (end->signal)
		number = end->signal;
	member_number(member, "child_status", status);
	member_number(member, "child_signal", number);
	member_bool(member, "timed_out", end->timed_out);
	member_number(member, "run_s", run_s);
}

static void put_soft(cJSON *member, const struct gate *gate)
{
	if (isnan(gate->soft_after)) {
		member_null(member, "soft_nofile");
		return;
	}
	cJSON *soft = member_object(member, "soft_nofile");
	member_number(soft, "from", gate->soft_before);
	member_number(soft, "to", gate->soft_after);
}

cJSON *gate_json(const struct members *put, const struct gate *gate)
{
	cJSON *member = cJSON_CreateObject();
	double waited_s = (double)NAN;
	if (gate->waited_s > 0)
		waited_s = round(gate->waited_s * 10) / 10;
	member_bool(member, "ran", gate->end.ran);
	member_text(put, member, "command", lock_file_digest(gate->pipeline->run));
	member_text(put, member, "reason", gate->reason);
	bool good = gate->result->verdict == VERDICT_PASS && !gate_is_hypothetical(gate);
	member_bool(member, "forced", gate->options->force && !good);
	put_end(member, &gate->end);
	member_number(member, "waited_s", waited_s);
	put_soft(member, gate);
	cJSON *baseline = baseline_json(put, &gate->baseline, gate->options->against);
	(void)member_item(member, "baseline", baseline);
	gate_put_certificate(put, member, gate);
	tool_watch_put(put, member, gate);
	gate_put_learnt(member, gate);
	put_observed(put, member, gate);
	return member;
}
