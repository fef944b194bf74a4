/* The judgement after the run. A limit was reached when a sample shows it full, or the kernel
 * counted what it refused. A tool can lose connections without any counter (connect() without a
 * port, socket() without a descriptor), so the connections seen are compared with those of the plan
 * as well. */
#include "model/watch/certify.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/instance/instance.h"
#include "model/watch/differs.h"

/* Fewer connections than planned, from here on and by more than one. */
static const double short_ratio = 0.98;
/* Attempts that fail: from this part of all on, and at least so many. */
static const double lost_ratio = 0.01, lost_least = 2;
/* Long-lived connections stay longer than this on average. */
static const double stay_s = 5;
/* Of shorter runs no sample may show all at one time; then what was opened counts. */
static const double brief_s = 1;

static const char *certify_figure(struct arena *arena, double value, enum unit unit)
{
	char text[NUMBER_TEXT_MAX];
	return arena_strdup(arena, text_number(text, value, unit));
}

static const char *role_of(const struct certify_input *input)
{
	const char *role = NULL;
	if (input->plan)
		role = result_load(input->plan)->values[W_ROLE].text;
	if (!role)
		return "client";
	return role;
}

static bool is_server(const struct certify_input *input)
{
	const char *role = role_of(input);
	return !strcmp(role, "server") || !strcmp(role, "proxy");
}

/* A server's connections are those it accepted. */
static enum observed opened_of(const struct certify_input *input)
{
	if (is_server(input))
		return O_ACCEPTS;
	return O_OPENS;
}

static enum observed live_of(const struct certify_input *input)
{
	if (is_server(input))
		return O_ACCEPTED;
	return O_LIVE;
}

static enum observed time_wait_of(const struct certify_input *input)
{
	if (is_server(input))
		return O_ACCEPTED_TIME_WAIT;
	return O_TIME_WAIT;
}

/* --- limits --------------------------------------------------------------------------------------
 */

/* NAN: the sockets were not counted then. */
static double live_at(const struct certify_input *input, const struct observation *sample)
{
	return sample->values[live_of(input)];
}

/* The limits that the generator itself has; a listener's queue is one only where it is the
 * command's. */
static bool concerns(const struct certify_input *input, const struct watched_limit *limit)
{
	switch (limit->side) {
	case WATCHED_BY_CLIENTS:
		return strcmp(role_of(input), "server") != 0;
	case WATCHED_BY_SERVERS:
		return is_server(input);
	case WATCHED_BY_ALL:
		break;
	}
	return true;
}

static void find_limit(const struct certify_input *input,
		const struct watched_limit *limit,
		struct watched_peak *peak)
{
	bool refused = false;
	peak_find(input->seen, limit, live_of(input), peak);
	if (limit->refused != OBSERVED)
		refused = observations_growth(input->seen, limit->refused) > 0;
	bool lost = (peak->reached && limit->loses) || (refused && limit->hard);
	peak->reached = peak->reached || refused;
	peak->held_back = lost && concerns(input, limit);
}

static void find_limits(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const struct watched_limits *limits = input->limits;
	double first_s = (double)NAN;
	out->peaks = arena_alloc(arena, limits->count * sizeof *out->peaks);
	for (size_t i = 0; i < limits->count; i++) {
		struct watched_peak *peak = &out->peaks[i];
		find_limit(input, &limits->items[i], peak);
		if (!peak->held_back)
			continue;
		if (!out->bottleneck || peak->at_s < first_s) {
			out->bottleneck = &limits->items[i];
			first_s = peak->at_s;
		}
	}
}

/* --- the command's load
 * ----------------------------------------------------------------------------
 * Of several loads the last is the command's, and the run is compared with that one alone. */

static size_t command_load(const struct result *plan)
{
	return plan->loads.count - 1;
}

/* Its curves. */
static struct load_series command_series(const struct result *plan)
{
	const struct timeline_result *timeline = &plan->timeline;
	const struct load_series whole = {
			.live = timeline->live,
			.time_wait = timeline->time_wait,
			.opens = timeline->opens,
	};
	if (plan->loads.count < 2)
		return whole;
	for (size_t i = 0; i < timeline->load_count; i++)
		if (timeline->loads[i].load == command_load(plan))
			return timeline->loads[i];
	return (struct load_series){0}; /* it asks for nothing */
}

static struct load_point command_point(const struct result *plan)
{
	const struct workload *load = result_load(plan);
	if (plan->loads.count < 2)
		return plan->plan;
	return (struct load_point){
			.scale = 1,
			.connections = load->peak_connections,
			.open_rate_per_s = load->values[W_OPEN_RATE].number,
	};
}

static bool is_of_command(const struct result *plan, const struct judgement *judgement)
{
	return plan->loads.count < 2 || judgement->at->members[0].load->at == command_load(plan);
}

/* --- predicted and seen
 * ---------------------------------------------------------------------------- */

/* The most of a series of the plan until t. */
static double most_until(const struct timeline_result *timeline, const double *values, double t)
{
	double most = (double)NAN;
	for (size_t i = 0; values && i < timeline->points; i++) {
		double value = values[i];
		if (timeline->t[i] > t && i > 0) {
			double part = (t - timeline->t[i - 1]) / (timeline->t[i] - timeline->t[i - 1]);
			value = values[i - 1] + (values[i] - values[i - 1]) * fmin(fmax(part, 0), 1);
		}
		most = fmax(most, value);
		if (timeline->t[i] > t)
			break;
	}
	return most;
}

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
	out->compared[out->compared_count++] =
			(struct compared){id, title, unit, predicted, seen, difference};
}

/* The last sample was taken after the end: what was still open then ended in TIME_WAIT all at once,
 * and is not what the plan's closes make. */
static double time_wait_while_running(const struct certify_input *input)
{
	const struct observations *seen = input->seen;
	enum observed what = time_wait_of(input);
	double most = (double)NAN, live = 0;
	for (size_t i = 1; i + 1 < seen->count; i++) {
		double now = live_at(input, &seen->items[i]);
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
		if (is_of_command(plan, &files->worst))
			return files->worst.demand;
		for (size_t k = 0; k < files->instance_count; k++)
			if (is_of_command(plan, &files->instances[k]))
				return files->instances[k].demand;
	}
	return (double)NAN;
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
		opened_per_s = observations_growth(seen, opened_of(input)) / input->run_s;
	if (seen->count)
		left = seen->items[seen->count - 1].values[time_wait_of(input)];
	if (plan) {
		const struct load_series series = command_series(plan);
		descriptors = descriptors_planned(plan);
		left_plan = left_planned(input);
		live = most_until(&plan->timeline, series.live, input->run_s);
		time_wait = most_until(&plan->timeline, series.time_wait, input->run_s);
		rate = command_point(plan).open_rate_per_s;
	}
	certify_compare(out,
			"live",
			"Live connections",
			UNIT_COUNT,
			live,
			observations_peak(seen, live_of(input), NULL));
	certify_compare(out,
			"time_wait",
			"TIME_WAIT",
			UNIT_COUNT,
			time_wait,
			time_wait_while_running(input));
	certify_compare(out,
			"opens_per_s",
			"Connections opened per second",
			UNIT_PER_S,
			rate,
			opened_per_s);
	certify_compare(out,
			"fds",
			"Open files of the fullest process",
			UNIT_COUNT,
			descriptors,
			observations_peak(seen, O_FDS_MOST, NULL));
	certify_compare(out, "time_wait_left", "TIME_WAIT after the end", UNIT_COUNT, left_plan, left);
}

/* --- what was lost
 * ---------------------------------------------------------------------------------- */

/* What a plan opens in this time: all it holds, and those that follow. */
static double opened_planned(const struct certify_input *input, double live)
{
	const struct workload_value *held = &result_load(input->plan)->values[W_CONNECTIONS];
	double by_rate = command_point(input->plan).open_rate_per_s * input->run_s;
	if (held->set && !held->assumed)
		return live + by_rate;
	return fmax(live, by_rate);
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
			.opened_seen = observations_growth(input->seen, opened_of(input)),
			.run_s = input->run_s,
			.at_most = held->confidence != CONFIDENCE_EXACT,
	};
	return run_differs(arena, &both);
}

static void certify_remark(struct certificate *out, const char *id, bool lost, const char *text)
{
	if (out->remark_count < REMARKS_MAX)
		out->remarks[out->remark_count++] = (struct remark){id, lost, text};
}

static bool stays(const struct result *plan)
{
	const struct workload_value *live = &result_load(plan)->values[W_CONNECTIONS];
	const struct load_point point = command_point(plan);
	return live->set && !live->assumed && point.connections > point.open_rate_per_s * stay_s;
}

/* An unstaged plan holds its connections until the end: by how much did the samples fall behind? */
static double held_least(const struct certify_input *input, double peak, double *ret_at_s)
{
	const struct observations *seen = input->seen;
	double least = peak;
	bool there = false;
	for (size_t i = 1; i + 2 < seen->count; i++) {
		double live = live_at(input, &seen->items[i]);
		there |= live >= peak;
		if (there && live < least) {
			least = live;
			*ret_at_s = seen->items[i].t_s;
		}
	}
	return least;
}

static void look_for_missing(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const struct compared *live = &out->compared[0];
	const struct result *plan = input->plan;
	if (!plan || !stays(plan) || isnan(live->seen) || isnan(live->predicted))
		return;
	double opened = observations_growth(input->seen, opened_of(input));
	double held = live->seen;
	if (input->run_s < brief_s)
		held = fmax(held, opened);
	double at_s = 0, least = held_least(input, live->seen, &at_s);
	enum confidence confidence = result_load(plan)->values[W_CONNECTIONS].confidence;
	bool sure = confidence == CONFIDENCE_EXACT;
	if (held < live->predicted * short_ratio && live->predicted - held > 1 &&
			(sure || confidence == CONFIDENCE_BOUND))
		certify_remark(out,
				"connections-missing",
				sure,
				arena_printf(arena,
						"it held %s of the %s connections planned",
						certify_figure(arena, held, UNIT_COUNT),
						certify_figure(arena, live->predicted, UNIT_COUNT)));
	else if (live->seen > live->predicted / short_ratio && live->seen - live->predicted > 1 && sure)
		certify_remark(out,
				"connections-more",
				false,
				arena_printf(arena,
						"it held %s connections; %s were planned",
						certify_figure(arena, live->seen, UNIT_COUNT),
						certify_figure(arena, live->predicted, UNIT_COUNT)));
	if (!result_load(plan)->stage_count && least < live->seen * 0.9 && live->seen - least > 1)
		certify_remark(out,
				"connections-dropped",
				true,
				arena_printf(arena,
						"%s of its %s connections were gone after %s",
						certify_figure(arena, live->seen - least, UNIT_COUNT),
						certify_figure(arena, live->seen, UNIT_COUNT),
						certify_figure(arena, at_s, UNIT_SECONDS)));
}

static void look_at_attempts(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	double failed = observations_growth(input->seen, O_ATTEMPT_FAILS),
		   tried = observations_growth(input->seen, O_OPENS);
	if (is_server(input) || !(failed >= lost_least) || !(failed >= tried * lost_ratio))
		return;
	certify_remark(out,
			"attempts-failed",
			true,
			arena_printf(arena,
					"%s of %s attempts to connect failed: refused, or no answer",
					certify_figure(arena, failed, UNIT_COUNT),
					certify_figure(arena, tried, UNIT_COUNT)));
}

struct counter_remark {
	enum observed counter;
	const char *id, *text;
};

static const struct counter_remark counter_remarks[] = {
		{O_SYN_RETRANSMITS,
				"syn-retransmits",
				"SYNs were sent again: the target or the way to it dropped them"},
		{O_LISTEN_OVERFLOWS,
				"listen-overflows",
				"times an accept queue in this network namespace was full"},
		{O_SOFTNET_DROPPED,
				"softnet-dropped",
				"packets were dropped before TCP saw them (net.core.netdev_max_backlog)"},
		{O_CONNTRACK_DROP, "conntrack-drop", "packets were dropped by connection tracking"},
		{O_CONNTRACK_INSERT_FAILED,
				"conntrack-insert-failed",
				"connection tracking entries did not fit"},
		{O_TIME_WAIT_OVERFLOW,
				"time-wait-overflow",
				"TIME_WAIT were cut short (net.ipv4.tcp_max_tw_buckets)"},
		{O_ABORT_ON_MEMORY, "abort-on-memory", "connections were reset for want of memory"},
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
					arena_printf(arena,
							"%s %s",
							certify_figure(arena, grown, UNIT_COUNT),
							row->text));
	}
	if (input->signal)
		certify_remark(out,
				"killed",
				input->signal != 2 && input->signal != 15, /* SIGINT, SIGTERM: it was told to end */
				arena_printf(arena, "signal %d ended it", input->signal));
}

/* --- the sentence
 * ------------------------------------------------------------------------------------ */

static const char *lost_text(struct arena *arena, const struct certificate *out)
{
	struct text list = {0};
	for (size_t i = 0; i < out->remark_count; i++) {
		const struct remark *remark = &out->remarks[i];
		if (!remark->lost)
			continue;
		if (list.length)
			text_add(&list, "; ");
		text_add(&list, remark->text);
	}
	return text_take(arena, &list);
}

static const struct watched_peak *peak_of(const struct certify_input *input,
		const struct certificate *out,
		const struct watched_limit *limit)
{
	return &out->peaks[limit - input->limits->items];
}

/* "Ephemeral ports (500 of 1,000 ports)", "Memory (1 GiB of 2 GiB)". */
static const char *limit_text(struct arena *arena,
		const struct watched_limit *limit,
		const struct watched_use *use)
{
	const char *used = certify_figure(arena, use->used, limit->quantity);
	const char *capacity = certify_figure(arena, use->capacity, limit->quantity);
	if (limit->processor)
		used = arena_printf(arena, "%.2f", use->used);
	if (limit->quantity != UNIT_COUNT)
		return arena_printf(arena, "%s (%s of %s)", limit->title, used, capacity);
	return arena_printf(arena, "%s (%s of %s %s)", limit->title, used, capacity, limit->unit);
}

static const struct watched_limit *nearest_limit(const struct certify_input *input,
		const struct certificate *out)
{
	const struct watched_limit *nearest = NULL;
	double most = 0;
	for (size_t i = 0; i < input->limits->count; i++) {
		const struct watched_limit *limit = &input->limits->items[i];
		double ratio = out->peaks[i].use.ratio;
		if (!limit->loses || !concerns(input, limit) || !(ratio > most))
			continue;
		nearest = limit;
		most = ratio;
	}
	return nearest;
}

static const char *nearest_text(struct arena *arena,
		const struct certify_input *input,
		const struct certificate *out)
{
	const struct watched_limit *nearest = nearest_limit(input, out);
	if (!nearest)
		return "";
	const struct watched_use *use = &peak_of(input, out, nearest)->use;
	return arena_printf(arena,
			"; nearest to its limit: %s, %s",
			limit_text(arena, nearest, use),
			certify_figure(arena, use->ratio, UNIT_RATIO));
}

/* A tool that tries again and again what is refused is busy without being the bottleneck. */
static void excuse(struct certificate *out)
{
	bool excused = false;
	if (!out->bottleneck || !out->bottleneck->processor)
		return;
	for (size_t i = 0; i < out->remark_count; i++)
		excused |= !strcmp(out->remarks[i].id, "attempts-failed") ||
				!strcmp(out->remarks[i].id, "connections-dropped");
	if (excused)
		out->bottleneck = NULL;
}

static void charge_limit(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_LIMIT];
	if (!out->bottleneck)
		return;
	const struct watched_peak *peak = peak_of(input, out, out->bottleneck);
	charge->subject = out->bottleneck->id;
	charge->sentence = arena_printf(arena,
			"The generator was the bottleneck: it reached %s after %s, at %s connections.",
			limit_text(arena, out->bottleneck, &peak->use),
			certify_figure(arena, peak->at_s, UNIT_SECONDS),
			certify_figure(arena, peak->live, UNIT_COUNT));
	charge->fix = "Raise this limit (headroom fix), or run a smaller load on each host.";
	charge_add(charge, "used", peak->use.used, out->bottleneck->quantity);
	charge_add(charge, "capacity", peak->use.capacity, out->bottleneck->quantity);
}

static void charge_short(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_SHORT];
	const char *lost = lost_text(arena, out);
	(void)input;
	if (!*lost)
		return;
	charge->sentence = arena_printf(arena,
			"Not certified: %s. No limit of this host was seen to be reached.",
			lost);
	charge->fix = "Look at what the load test and its target say.";
	charge_add(charge, "live", out->compared[0].seen, UNIT_COUNT);
	charge_add(charge, "planned", out->compared[0].predicted, UNIT_COUNT);
}

static void charge_unseen(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	struct charge *charge = &out->charges[CHARGE_UNSEEN];
	bool seen = input->seen->count > 2 && !isnan(observations_peak(input->seen, O_LIVE, NULL));
	if (input->blind)
		charge->sentence = "It ran in another network namespace, which could not be entered.";
	else if (!seen)
		charge->sentence = arena_printf(arena,
				"It ran for %s, too short to be seen.",
				certify_figure(arena, input->run_s, UNIT_SECONDS));
	if (charge->sentence)
		charge->fix = "Run headroom gate where the load runs.";
}

static void certify_conclude(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	for (size_t i = 0; i < CHARGES; i++)
		if (input->given && !out->charges[i].sentence)
			out->charges[i] = input->given[i];
	out->reason = charges_first(out->charges);
	if (out->reason != CHARGES)
		out->sentence = out->charges[out->reason].sentence;
	else
		out->sentence = arena_printf(arena,
				"The generator was not the bottleneck%s.",
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
	look_for_missing(arena, input, ret_certificate);
	look_at_attempts(arena, input, ret_certificate);
	look_at_counters(arena, input, ret_certificate);
	excuse(ret_certificate);
	charge_limit(arena, input, ret_certificate);
	charge_short(arena, input, ret_certificate);
	charge_unseen(arena, input, ret_certificate);
	certify_conclude(arena, input, ret_certificate);
}
