/* Looks for the sample in which a limit was used most. */
#include "model/watch/peak.h"

#include <math.h>

/* Full: one port of an odd range cannot be had, and sampling may miss the last few. */
static const double full_ratio = 0.995, full_slack = 1;
/* A processor counts as full from here on, if it is for half of the run. */
static const double cpu_ratio = 0.95, cpu_part = 0.5, cpu_interval_s = 0.4;

static const struct watched_peak no_peak = {
		.use = {(double)NAN, (double)NAN, (double)NAN, (double)NAN},
		.at_s = (double)NAN,
};

static bool is_full(const struct watched_use *use)
{
	if (!(use->capacity > 0) || isinf(use->capacity))
		return false;
	double full = use->capacity * full_ratio - full_slack;
	return use->used >= full && use->ratio > 0.5;
}

/* Over its capacity before the command started: then what is seen is not what the kernel counts.
 * Ports are counted as the kernel gives them out. */
static bool over_before(const struct observations *seen, const struct watched_limit *limit)
{
	if (!seen->count || limit->scope == SCOPE_DESTINATION)
		return false;
	return watched_use(limit, NULL, &seen->items[0]).ratio > 1;
}

/* Where the connections were not counted, the highest count. */
static double live_about(const struct observations *seen,
		const struct observation *sample,
		enum observed live)
{
	if (isnan(sample->values[live]))
		return observations_peak(seen, live, NULL);
	return sample->values[live];
}

double peak_full_at(const struct watched_limit *limit)
{
	if (limit->processor)
		return cpu_ratio;
	return 1;
}

/* The first full sample, else the fullest. */
static void peak_find_gauge(const struct observations *seen,
		const struct watched_limit *limit,
		enum observed live,
		struct watched_peak *peak)
{
	bool believed = !over_before(seen, limit);
	for (size_t i = 1; i < seen->count && !peak->reached; i++) {
		const struct observation *now = &seen->items[i];
		struct watched_use use = watched_use(limit, &seen->items[i - 1], now);
		if (isnan(use.ratio) || use.ratio <= peak->use.ratio)
			continue;
		peak->use = use;
		peak->at_s = now->t_s;
		peak->live = live_about(seen, now, live);
		peak->reached = believed && is_full(&use);
	}
}

/* Processor time says nothing over a short interval: it is counted in hundredths of a second. */
bool peak_counts(const struct watched_limit *limit,
		const struct observation *before,
		const struct observation *now)
{
	if (!limit->processor)
		return true;
	return before && now->t_s - before->t_s >= cpu_interval_s;
}

static void peak_find_processor(const struct observations *seen,
		const struct watched_limit *limit,
		enum observed live,
		struct watched_peak *peak)
{
	const struct observation *before = seen->items;
	double busy_s = 0, all_s = 0;
	for (size_t i = 1; i < seen->count; i++) {
		const struct observation *now = &seen->items[i];
		double seconds = now->t_s - before->t_s;
		if (!peak_counts(limit, before, now))
			continue;
		struct watched_use use = watched_use(limit, before, now);
		before = now;
		if (isnan(use.ratio))
			continue;
		all_s += seconds;
		if (use.ratio >= cpu_ratio)
			busy_s += seconds;
		if (use.ratio <= peak->use.ratio)
			continue;
		peak->use = use;
		peak->at_s = now->t_s;
		peak->live = live_about(seen, now, live);
	}
	peak->reached = all_s > 0 && busy_s >= cpu_part * all_s;
}

void peak_find(const struct observations *seen,
		const struct watched_limit *limit,
		enum observed live,
		struct watched_peak *ret_peak)
{
	*ret_peak = no_peak;
	if (limit->processor)
		peak_find_processor(seen, limit, live, ret_peak);
	else
		peak_find_gauge(seen, limit, live, ret_peak);
}
