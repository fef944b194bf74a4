/* The judgement after the run. A limit was reached when a sample shows it full, or the kernel
 * counted what it refused. A tool can lose connections without any counter (connect() without a
 * port, socket() without a descriptor), so the connections seen are compared with those of the plan
 * as well. */
#include "model/watch/certify.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* Full: one port of an odd range cannot be had, and sampling may miss the last few. */
static const double full_ratio = 0.995, full_slack = 1;
/* A processor counts as full from here on, if it is for half of the run. */
static const double cpu_ratio = 0.95, cpu_part = 0.5, cpu_interval_s = 0.4;
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
	const char *role = input->plan ? input->plan->workload.values[W_ROLE].text : NULL;
	return role ? role : "client";
}

static bool is_server(const struct certify_input *input)
{
	const char *role = role_of(input);
	return !strcmp(role, "server") || !strcmp(role, "proxy");
}

static enum observed opened_of(const struct certify_input *input)
{
	return is_server(input) ? O_ACCEPTS : O_OPENS;
}

/* --- limits --------------------------------------------------------------------------------------
 */

static bool is_full(const struct watched_use *use)
{
	return use->capacity > 0 && isfinite(use->capacity) &&
			use->used >= use->capacity * full_ratio - full_slack && use->ratio > 0.5;
}

/* NAN: the sockets were not counted then. */
static double live_at(const struct certify_input *input, const struct observation *sample)
{
	return sample->values[is_server(input) ? O_ACCEPTED : O_LIVE];
}

/* Where they were not counted, the highest count. */
static double live_about(const struct certify_input *input, const struct observation *sample)
{
	double live = live_at(input, sample);
	return isnan(live)
			? observations_peak(input->seen, is_server(input) ? O_ACCEPTED : O_LIVE, NULL)
			: live;
}

/* The first full sample, else the fullest. */
static void certify_find_peak(const struct certify_input *input,
		enum watched what,
		struct watched_peak *peak)
{
	const struct observations *seen = input->seen;
	*peak = (struct watched_peak){.use = {(double)NAN, (double)NAN, (double)NAN},
			.at_s = (double)NAN};
	for (size_t i = 1; i < seen->count && !peak->reached; i++) {
		const struct observation *now = &seen->items[i];
		struct watched_use use = watched_use(what, input->room, &seen->items[i - 1], now);
		if (isnan(use.ratio) || use.ratio <= peak->use.ratio)
			continue;
		*peak = (struct watched_peak){use, now->t_s, live_about(input, now), is_full(&use)};
	}
}

/* Processor time says nothing over a short interval: it is counted in hundredths of a second. */
static void find_cpu(const struct certify_input *input,
		enum watched what,
		struct watched_peak *peak)
{
	const struct observations *seen = input->seen;
	const struct observation *before = seen->count ? &seen->items[0] : NULL;
	double busy_s = 0, all_s = 0;
	*peak = (struct watched_peak){.use = {(double)NAN, (double)NAN, (double)NAN},
			.at_s = (double)NAN};
	for (size_t i = 1; i < seen->count; i++) {
		const struct observation *now = &seen->items[i];
		double seconds = now->t_s - before->t_s;
		if (seconds < cpu_interval_s)
			continue;
		struct watched_use use = watched_use(what, input->room, before, now);
		before = now;
		if (isnan(use.ratio))
			continue;
		all_s += seconds;
		busy_s += use.ratio >= cpu_ratio ? seconds : 0;
		if (!(use.ratio <= peak->use.ratio))
			*peak = (struct watched_peak){use, now->t_s, live_about(input, now), false};
	}
	peak->reached = all_s > 0 && busy_s >= cpu_part * all_s;
}

/* The limits that the generator itself has; a listener's queue is one only where it is the
 * command's. */
static bool concerns(const struct certify_input *input, enum watched what)
{
	if (what == WATCH_ACCEPT_QUEUE)
		return is_server(input);
	return what != WATCH_PORTS || strcmp(role_of(input), "server") != 0;
}

static void find_limits(const struct certify_input *input, struct certificate *out)
{
	out->first = WATCHED;
	for (size_t i = 0; i < WATCHED; i++) {
		struct watched_peak *peak = &out->peaks[i];
		enum observed counter = watched_rows[i].counter;
		if (i == WATCH_CPU || i == WATCH_THREAD_CPU)
			find_cpu(input, (enum watched)i, peak);
		else
			certify_find_peak(input, (enum watched)i, peak);
		if (counter != OBSERVED && observations_growth(input->seen, counter) > 0)
			peak->reached = true;
		bool binds = peak->reached && watched_rows[i].fails && concerns(input, (enum watched)i);
		if (binds && (out->first == WATCHED || peak->at_s < out->peaks[out->first].at_s))
			out->first = (enum watched)i;
	}
	out->bottleneck = out->first != WATCHED;
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
	double difference = predicted > 0 ? (seen - predicted) / predicted : (double)NAN;
	out->compared[out->compared_count++] =
			(struct compared){id, title, unit, predicted, seen, difference};
}

/* The last sample was taken after the end: what was still open then ended in TIME_WAIT all at once,
 * and is not what the plan's closes make. */
static double time_wait_while_running(const struct certify_input *input)
{
	const struct observations *seen = input->seen;
	enum observed what = is_server(input) ? O_ACCEPTED_TIME_WAIT : O_TIME_WAIT;
	double most = (double)NAN, live = 0;
	for (size_t i = 1; i + 1 < seen->count; i++) {
		double now = live_at(input, &seen->items[i]);
		most = fmax(most, seen->items[i].values[what]);
		live = isnan(now) ? live : now;
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
	return input->signal || early ? (double)NAN : end->time_wait;
}

static double descriptors_planned(const struct result *plan)
{
	for (size_t i = 0; i < plan->resource_count; i++) {
		const struct judgement *worst = &plan->resources[i].worst;
		if (!strcmp(worst->rule->id, watched_rows[WATCH_PROCESS_FDS].id))
			return worst->demand;
	}
	return (double)NAN;
}

static void compare_all(const struct certify_input *input, struct certificate *out)
{
	const struct result *plan = input->plan;
	const struct observations *seen = input->seen;
	bool server = is_server(input);
	double opened = observations_growth(seen, opened_of(input));
	double live = (double)NAN, rate = (double)NAN, time_wait = (double)NAN;
	if (plan) {
		live = most_until(&plan->timeline, plan->timeline.live, input->run_s);
		time_wait = most_until(&plan->timeline, plan->timeline.time_wait, input->run_s);
		rate = plan->plan.open_rate_per_s;
	}
	certify_compare(out,
			"live",
			"Live connections",
			UNIT_COUNT,
			live,
			observations_peak(seen, server ? O_ACCEPTED : O_LIVE, NULL));
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
			input->run_s > 0 ? opened / input->run_s : (double)NAN);
	certify_compare(out,
			"fds",
			"Open files of the fullest process",
			UNIT_COUNT,
			plan ? descriptors_planned(plan) : (double)NAN,
			observations_peak(seen, O_FDS_MOST, NULL));
	certify_compare(out,
			"time_wait_left",
			"TIME_WAIT after the end",
			UNIT_COUNT,
			plan ? left_planned(input) : (double)NAN,
			seen->count ? seen->items[seen->count - 1]
								  .values[server ? O_ACCEPTED_TIME_WAIT : O_TIME_WAIT]
						: (double)NAN);
}

/* --- what was lost
 * ---------------------------------------------------------------------------------- */

static void certify_remark(struct certificate *out, const char *id, bool lost, const char *text)
{
	if (out->remark_count < REMARKS_MAX)
		out->remarks[out->remark_count++] = (struct remark){id, lost, text};
}

static bool stays(const struct result *plan)
{
	const struct workload_value *live = &plan->workload.values[W_CONNECTIONS];
	return live->set && !live->assumed &&
			plan->plan.connections > plan->plan.open_rate_per_s * stay_s;
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
	double held = input->run_s < brief_s ? fmax(live->seen, opened) : live->seen;
	double at_s = 0, least = held_least(input, live->seen, &at_s);
	enum confidence confidence = plan->workload.values[W_CONNECTIONS].confidence;
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
	if (!plan->workload.stage_count && least < live->seen * 0.9 && live->seen - least > 1)
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

/* --- what the next plan can use
 * ---------------------------------------------------------------------- */

static void learn(const struct certify_input *input, struct certificate *out)
{
	const struct observations *seen = input->seen;
	const struct compared *live = &out->compared[0], *time_wait = &out->compared[1];
	double opened = observations_growth(seen, opened_of(input));
	double processes = observations_peak(seen, O_PROCESSES, NULL);
	double resident = observations_peak(seen, O_RESIDENT, NULL),
		   files = observations_peak(seen, O_FDS_MOST, NULL);
	double closed = opened - live->seen;
	out->closes_here_share = out->fds_base = out->bytes_per_connection =
			out->sockets_per_connection = (double)NAN;
	if (closed >= 100 && closed > live->seen && input->run_s < 60)
		out->closes_here_share = fmin(1, time_wait->seen / closed);
	if (processes == 1 && files >= live->seen)
		out->fds_base = files - live->seen;
	if (live->seen >= 10) {
		out->bytes_per_connection = ceil(resident / live->seen);
		out->sockets_per_connection = live->seen / live->predicted;
	}
}

/* --- the sentence
 * ------------------------------------------------------------------------------------ */

static const char *lost_text(struct arena *arena, const struct certificate *out)
{
	const char *text = "";
	for (size_t i = 0; i < out->remark_count; i++)
		if (out->remarks[i].lost)
			text = arena_printf(arena, "%s%s%s", text, *text ? "; " : "", out->remarks[i].text);
	return text;
}

static const char *limit_text(struct arena *arena, const struct certificate *out, enum watched what)
{
	const struct watched_peak *peak = &out->peaks[what];
	bool cores = what == WATCH_CPU || what == WATCH_THREAD_CPU;
	const char *used = cores ? arena_printf(arena, "%.2f", peak->use.used)
							 : certify_figure(arena, peak->use.used, UNIT_COUNT);
	return arena_printf(arena,
			"%s (%s of %s %s)",
			watched_rows[what].title,
			used,
			certify_figure(arena, peak->use.capacity, UNIT_COUNT),
			watched_rows[what].unit);
}

static const char *nearest_text(struct arena *arena,
		const struct certify_input *input,
		const struct certificate *out)
{
	enum watched nearest = WATCHED;
	for (size_t i = 0; i < WATCHED; i++) {
		double ratio = out->peaks[i].use.ratio;
		if (!watched_rows[i].fails || !concerns(input, (enum watched)i) || !(ratio > 0))
			continue;
		if (nearest == WATCHED || ratio > out->peaks[nearest].use.ratio)
			nearest = (enum watched)i;
	}
	if (nearest == WATCHED)
		return "";
	return arena_printf(arena,
			"; nearest to its limit: %s, %s",
			limit_text(arena, out, nearest),
			certify_figure(arena, out->peaks[nearest].use.ratio, UNIT_RATIO));
}

/* A tool that tries again and again what is refused is busy without being the bottleneck. */
static void excuse(struct certificate *out)
{
	bool busy = out->first == WATCH_CPU || out->first == WATCH_THREAD_CPU, excused = false;
	for (size_t i = 0; i < out->remark_count; i++)
		excused |= !strcmp(out->remarks[i].id, "attempts-failed") ||
				!strcmp(out->remarks[i].id, "connections-dropped");
	if (busy && excused) {
		out->bottleneck = false;
		out->first = WATCHED;
	}
}

static void certify_conclude(struct arena *arena,
		const struct certify_input *input,
		struct certificate *out)
{
	const char *lost = lost_text(arena, out);
	bool seen = input->seen->count > 2 && !isnan(observations_peak(input->seen, O_LIVE, NULL));
	if (input->blind) {
		out->certified = CERTIFIED_UNKNOWN;
		out->sentence =
				"Not judged: it ran in another network namespace, which could not be entered.";
	} else if (out->bottleneck) {
		const struct watched_peak *peak = &out->peaks[out->first];
		out->certified = CERTIFIED_NO;
		out->sentence = arena_printf(arena,
				"The generator was the bottleneck: it reached %s after %s, at %s connections%s%s.",
				limit_text(arena, out, out->first),
				certify_figure(arena, peak->at_s, UNIT_SECONDS),
				certify_figure(arena, peak->live, UNIT_COUNT),
				*lost ? "; " : "",
				lost);
	} else if (*lost) {
		out->certified = CERTIFIED_NO;
		out->sentence = arena_printf(arena,
				"Not certified: %s. No limit of this host was seen to be reached.",
				lost);
	} else if (!seen) {
		out->certified = CERTIFIED_UNKNOWN;
		out->sentence = arena_printf(arena,
				"Not judged: %s, too short to be seen.",
				certify_figure(arena, input->run_s, UNIT_SECONDS));
	} else {
		out->certified = CERTIFIED_YES;
		out->sentence = arena_printf(arena,
				"The generator was not the bottleneck%s.",
				nearest_text(arena, input, out));
	}
}

void certify(struct arena *arena,
		const struct certify_input *input,
		struct certificate *ret_certificate)
{
	*ret_certificate = (struct certificate){0};
	find_limits(input, ret_certificate);
	compare_all(input, ret_certificate);
	look_for_missing(arena, input, ret_certificate);
	look_at_attempts(arena, input, ret_certificate);
	look_at_counters(arena, input, ret_certificate);
	learn(input, ret_certificate);
	excuse(ret_certificate);
	certify_conclude(arena, input, ret_certificate);
}
