/* The series is short, so that what happens now counts, and long enough that a burst does not. */
#include "model/watch/trend.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

/* Counts that are nearer to each other take the same place. */
static const double apart_s = 1;
/* A forecast needs so long a time, and so much growth in it: this part of the capacity, and at
 * least so many. */
static const double span_least_s = 10, growth_part = 0.01, growth_least = 4;

enum {
	PARTS = 3
};

static const struct trend_count *last_of(const struct trend *trend)
{
	return &trend->counts[trend->count - 1];
}

/* Is the latest count still one for the same second as the one before? */
static bool takes_the_place(const struct trend *trend, double t_s)
{
	if (trend->count < 2)
		return false;
	return t_s - trend->counts[trend->count - 2].t_s < apart_s;
}

void trend_add(struct trend *trend, double t_s, double used)
{
	if (isnan(used)) {
		trend->count = 0;
		return;
	}
	if (takes_the_place(trend, t_s))
		trend->count--;
	if (trend->count == TREND_COUNTS) {
		const size_t kept = (TREND_COUNTS - 1) * sizeof *trend->counts;
		memmove(&trend->counts[0], &trend->counts[1], kept);
		trend->count--;
	}
	trend->counts[trend->count++] = (struct trend_count){t_s, used};
}

static double rate_between(const struct trend_count *from, const struct trend_count *to)
{
	double seconds = to->t_s - from->t_s;
	if (!(seconds > 0))
		return (double)NAN;
	return (to->used - from->used) / seconds;
}

double trend_rate(const struct trend *trend)
{
	if (trend->count < 2)
		return (double)NAN;
	return rate_between(&trend->counts[0], last_of(trend));
}

/* It grows in each part of the counts, and in none much slower than in all of them. */
static bool grows_steadily(const struct trend *trend)
{
	double whole = trend_rate(trend);
	size_t steps = trend->count - 1;
	if (!(whole > 0))
		return false;
	for (size_t part = 0; part < PARTS; part++) {
		size_t from = part * steps / PARTS;
		size_t to = (part + 1) * steps / PARTS;
		double rate = rate_between(&trend->counts[from], &trend->counts[to]);
		if (!(rate > whole / PARTS))
			return false;
	}
	return true;
}

double trend_left_s(const struct trend *trend, double level, double capacity)
{
	const double never = (double)NAN;
	if (trend->count <= PARTS)
		return never;
	if (isinf(level) || isnan(capacity))
		return never;
	const struct trend_count *first = &trend->counts[0];
	const struct trend_count *last = last_of(trend);
	double span_s = last->t_s - first->t_s;
	double growth = last->used - first->used;
	double least = fmax(growth_least, capacity * growth_part);
	if (span_s < span_least_s || growth < least)
		return never;
	if (last->used >= level)
		return never;
	if (!grows_steadily(trend))
		return never;
	double left = level - last->used;
	return left / trend_rate(trend);
}
