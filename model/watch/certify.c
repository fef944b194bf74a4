/* The judgement after the run: what was predicted beside what was seen, what was noticed, the
 * reasons against the certificate, and the sentence. */
#include "model/watch/certify.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/instance/instance.h"
#include "model/watch/command_run.h"
#include "model/watch/differs.h"

/* --- predicted and seen
 * ---------------------------------------------------------------------------- */

static void certify_compare(struct certificate *out,
		const char *id,
		const char *title,
		enum unit unit,
		double predicted,
		double seen)
{
	double difference = (double)NAN;
	if (predicted > 0)
		difference = (seen - predicted) / predicted;
	out->compared[out->compared_count++] = (struct compared){
			.id = id,
			.title = title,
			.unit = unit,
			.predicted = predicted,
			.seen = seen,
			.difference = difference,
	};
}

static void compare_peak(struct certificate *out,
		const char *id,
		const char *title,
		double predicted,
		double seen)
{
	certify_compare(out, id, title, UNIT_COUNT, predicted, seen);
	out->compared[out->compared_count - 1].peak = true;
}

/* The last sample was taken after the end: what was still open then ended in TIME_WAIT all at once,
 * and is not what the plan's closes make. */
static double time_wait_while_running(const struct certify_input *input)
{
	const struct observations *seen = input->seen;
	enum observed what = run_time_wait_of(input);
	double most = (double)NAN, live = 0;
	for (size_t i = 1; i + 1 < seen->count; i++) {
		double now = seen->items[i].values[run_live_of(input)];
		most = fmax(most, seen->items[i].values[what]);
		if (!isnan(now))
			live = now;
	}
	if (seen->count > 1)
		most = fmax(most, fmax(0, seen->items[seen->count - 1].values[what] - live));
	return most;
}

/* What the run left: the plan says it for a run that ends by itself and when it was said to. */
static double left_planned(const struct certify_input *input)
{
	const struct plan_end *end = &input->plan->timeline.end;
	bool early = !isnan(end->at_s) && input->run_s < 0.9 * end->at_s;
	bool others = input->plan->loads.count > 1; /* what they leave is in it */
	if (input->signal || early || others)
		return (double)NAN;
	return end->time_wait;
}

static const char descriptors_limit[] = "process-fds";

static double descriptors_planned(const struct result *plan)
{
	for (size_t i = 0; i < plan->resource_count; i++) {
		const struct resource *files = &plan->resources[i];
		if (strcmp(files->worst.rule->id, descriptors_limit) != 0)
			continue;
		if (run_is_of_command(plan, &files->worst))
			return files->worst.demand;
		for (size_t k = 0; k < files->instance_count; k++)
			if (run_is_of_command(plan, &files->instances[k]))
				return files->instances[k].demand;
	}
	return (double)NAN;
}

static void compare_busiest(const struct certify_input *input, struct certificate *out)
{
	double planned = (double)NAN;
	out->every_s = (double)NAN;
	if (!input->busiest)
		return;
	if (input->plan) {
		const struct load_series series = run_series(input->plan);
		planned = busiest_planned(&input->plan->timeline, &series, input->run_s);
	}
	double seen = busiest_second(input->busiest, run_opened_of(input));
	out->every_s = input->busiest->longest_s;
	compare_peak(out, "opens_most", "Connections opened, busiest second", planned, seen);
}

static void compare_all(const struct certify_input *input, struct certificate *out)
{
	const struct result *plan = input->plan;
	const struct observations *seen = input->seen;
	const double unknown = (double)NAN;
	double live = unknown, rate = unknown, time_wait = unknown;
	double descriptors = unknown, left_plan = unknown;
	double opened_per_s = unknown, left = unknown;
	if (input->run_s > 0)
		opened_per_s = run_opened(input) / input->run_s;
	if (seen->count)
		left = seen->items[seen->count - 1].values[run_time_wait_of(input)];
	if (plan) {
		const struct load_series series = run_series(plan);
		descriptors = descriptors_planned(plan);
		left_plan = left_planned(input);
		live = run_most_until(&plan->timeline, series.live, input->run_s);
		time_wait = run_most_until(&plan->timeline, series.time_wait, input->run_s);
		rate = run_point(plan).open_rate_per_s;
	}
	compare_peak(out,
			"live",
			"Live connections",
			live,
			observations_peak(seen, run_live_of(input), NULL));
	compare_peak(out, "time_wait", "TIME_WAIT", time_wait, time_wait_while_running(input));
	certify_compare(out,
			"opens_per_s",
			"Connections opened/s, on average",
			UNIT_PER_S,
			rate,
			opened_per_s);
	compare_peak(out,
			"fds",
			"Open files of the fullest process",
			descriptors,
			observations_peak(seen, O_FDS_MOST, NULL));
	certify_compare(out, "time_wait_left", "TIME_WAIT after the end", UNIT_COUNT, left_plan, left);
	compare_busiest(input, out);
}

/* What a plan opens in this time: all it holds, and those that follow. */
static double opened_planned(const struct certify_input *input, double live)
{
	const struct workload *load = result_load(input->plan);
	const struct workload_value *held = &load->values[W_CONNECTIONS];
	if (load->values[W_OPENS_TOTAL].set)
		return load->values[W_OPENS_TOTAL].number; /* however fast they come */
	double by_rate = run_point(input->plan).open_rate_per_s * input->run_s;
	if (held->set && !held->assumed)
		return live + by_rate;
	return fmax(live, by_rate);
}

static double planned_s(const struct certify_input *input)
{
	const struct workload_value *duration = &result_load(input->plan)->values[W_DURATION];
	if (duration->set && !duration->assumed && duration->confidence == CONFIDENCE_EXACT)
		return duration->number;
	return (double)NAN;
}

static const char *certify_differs(struct arena *arena,
		const struct certify_input *input,
		const struct certificate *out)
{
	const struct compared *live = &out->compared[0];
	if (!input->plan)
		return NULL;
	const struct workload_value *held = &result_load(input->plan)->values[W_CONNECTIONS];
	const struct plan_and_run both = {
			.live_planned = live->predicted,
			.live_seen = live->seen,
			.opened_planned = opened_planned(input, live->predicted),
			.opened_seen = run_opened(input),
			.run_s = input->run_s,
			.planned_s = planned_s(input),
			.at_most = held->confidence != CONFIDENCE_EXACT,
	};
	return run_differs(arena, &both);
}

/* --- what was noticed
 * ------------------------------------------------------------------------------ */

struct counter_remark {
	enum observed counter;
	const char *id, *text;
};

static const struct counter_remark counter_remarks[] = {
		{O_SYN_RETRANSMITS,
				"syn-retransmits",
				"SYNs were retransmitted: the target or the network dropped them"},
		{O_LISTEN_OVERFLOWS,
				"listen-overflows",
				"times an accept queue in this network namespace was full"},
		{O_SOFTNET_DROPPED,
				"softnet-dropped",
				"packets were dropped before TCP saw them (net.core.netdev_max_backlog)"},
		{O_CONNTRACK_DROP, "conntrack-drop", "packets were dropped by conntrack"},
		{O_CONNTRACK_INSERT_FAILED,
				"conntrack-insert-failed",
				"conntrack entries did not fit into the table"},
		{O_TIME_WAIT_OVERFLOW,
				"time-wait-overflow",
				"TIME_WAIT sockets were dropped early (net.ipv4.tcp_max_tw_buckets)"},
		{O_ABORT_ON_MEMORY, "abort-on-memory", "connections were reset for lack of memory"},
};

static void look_at_counters(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	for (size_t i = 0; i < COUNT_OF(counter_remarks); i++) {
		const struct counter_remark *row = &counter_remarks[i];
		double grown = observations_growth(input->seen, row->counter);
		if (grown > 0)
			certify_remark(out,
					row->id,
					false,
					arena_printf(arena, "%s %s", run_figure(arena, grown, UNIT_COUNT), row->text));
	}
}

/* --- the sentence
 * ---------------------------------------------------------------------------------- */

static void certify_conclude(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	if (input->given)
		out->charges[CHARGE_TIMED_OUT] = input->given[CHARGE_TIMED_OUT];
	out->reason = charges_first(out->charges);
	if (out->reason != CHARGES)
		out->sentence = out->charges[out->reason].sentence;
	else
		out->sentence = arena_printf(arena,
				"This host was not the bottleneck.%s",
				nearest_text(arena, input, out));
}

void certify(struct arena *arena,
		const struct certify_input *input,
		struct certificate *ret_certificate)
{
	*ret_certificate = (struct certificate){0};
	find_limits(arena, input, ret_certificate);
	compare_all(input, ret_certificate);
	ret_certificate->differs = certify_differs(arena, input, ret_certificate);
	charge_short(arena, input, ret_certificate);
	look_at_counters(arena, input, ret_certificate);
	charge_limit(arena, input, ret_certificate);
	charge_starved(arena, input, ret_certificate);
	charge_errors(arena, input, ret_certificate);
	charge_unseen(arena, input, ret_certificate);
	certify_conclude(arena, input, ret_certificate);
}
