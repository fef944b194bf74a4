#include "probes/plan/tool/arrivals.h"

#include <math.h>

enum {
	PARTS_MAX = 60, /* segments × times of opening */
	TIMES_MAX = 24
};

/* Sockets that are opened so long after the arrival. */
struct later {
	double offset_s, weight;
};

void arrivals_add(struct arrivals *all,
		double seconds,
		double from_per_s,
		double to_per_s,
		const char *where)
{
	if (seconds <= 0 || all->count == ARRIVALS_MAX)
		return;
	all->segments[all->count++] = (struct arrival_segment){
			.start_s = all->end_s,
			.end_s = all->end_s + seconds,
			.from_per_s = from_per_s,
			.to_per_s = to_per_s,
			.where = where,
	};
	all->end_s += seconds;
}

/* The arrivals at that second, seen from before it or from behind it. */
static double arrivals_at(const struct arrivals *all, double second, bool before)
{
	static const double near = 1e-9;
	for (size_t i = 0; i < all->count; i++) {
		const struct arrival_segment *segment = &all->segments[i];
		double since = second - segment->start_s;
		double left = segment->end_s - second;
		if (since < -near || left < -near)
			continue;
		if (before && since <= near)
			continue;
		if (!before && left <= near)
			continue;
		double part = since / (since + left);
		double change = segment->to_per_s - segment->from_per_s;
		return segment->from_per_s + part * change;
	}
	return 0;
}

/* Gathers the times of opening into a few. */
static size_t gather(const struct opening *openings, size_t count, size_t most, struct later *ret)
{
	double last = 0;
	size_t kept = 0;
	for (size_t i = 0; i < count; i++)
		last = fmax(last, openings[i].offset_s);
	for (size_t i = 0; i < most; i++)
		ret[i] = (struct later){0, 0};
	for (size_t i = 0; i < count; i++) {
		const struct opening *opening = &openings[i];
		size_t bin = 0;
		if (last > 0)
			bin = (size_t)(opening->offset_s / last * (double)most * 0.999999);
		struct later *later = &ret[bin];
		later->offset_s += opening->offset_s * opening->weight;
		later->weight += opening->weight;
	}
	for (size_t i = 0; i < most; i++) {
		double weight = ret[i].weight;
		if (weight <= 0)
			continue;
		ret[kept++] = (struct later){ret[i].offset_s / weight, weight};
	}
	return kept;
}

/* The next second after `now` at which a part of the sum begins or ends. */
static double next_change(const struct arrivals *all,
		const struct later *times,
		size_t count,
		double now)
{
	double next = INFINITY;
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < all->count; j++) {
			const struct arrival_segment *segment = &all->segments[j];
			double starts = segment->start_s + times[i].offset_s;
			double ends = segment->end_s + times[i].offset_s;
			if (starts > now + 1e-6)
				next = fmin(next, starts);
			if (ends > now + 1e-6)
				next = fmin(next, ends);
		}
	}
	return next;
}

static double opens_at(const struct arrivals *all,
		const struct later *times,
		size_t count,
		double second,
		bool before)
{
	double sum = 0;
	for (size_t i = 0; i < count; i++) {
		double arrived = arrivals_at(all, second - times[i].offset_s, before);
		sum += arrived * times[i].weight;
	}
	return sum;
}

/* Sockets opened in the middle of sessions: the arrivals, each part of them so much later. */
static void set_sum(const struct arrivals *all,
		const struct opening *openings,
		size_t opening_count,
		struct plan *plan)
{
	struct later times[TIMES_MAX];
	size_t most = PARTS_MAX / (all->count + 1);
	if (most > TIMES_MAX)
		most = TIMES_MAX;
	if (most < 1)
		most = 1;
	size_t count = gather(openings, opening_count, most, times);
	const char *from = all->segments[0].where;
	double now = 0;
	for (;;) {
		double next = next_change(all, times, count, now);
		if (isinf(next))
			break;
		double first = opens_at(all, times, count, now, false);
		double last = opens_at(all, times, count, next, true);
		plan_stage(plan, 0, NAN, first, CONFIDENCE_ESTIMATE, from);
		plan_stage(plan, next - now, NAN, last, CONFIDENCE_ESTIMATE, from);
		now = next;
	}
}

double openings_mean_s(const struct opening *openings, size_t count, double *ret_sockets)
{
	double open = 0;
	*ret_sockets = 0;
	for (size_t i = 0; i < count; i++) {
		open += openings[i].open_s * openings[i].weight;
		*ret_sockets += openings[i].weight;
	}
	if (*ret_sockets <= 0)
		return NAN;
	return open / *ret_sockets;
}

/* All sockets are opened as the users arrive. */
static void set_plain(const struct arrivals *all,
		double sockets,
		enum confidence confidence,
		struct plan *plan)
{
	for (size_t i = 0; i < all->count; i++) {
		const struct arrival_segment *segment = &all->segments[i];
		double seconds = segment->end_s - segment->start_s;
		double first = segment->from_per_s * sockets;
		double last = segment->to_per_s * sockets;
		plan_stage(plan, 0, NAN, first, confidence, segment->where);
		plan_stage(plan, seconds, NAN, last, confidence, segment->where);
	}
}

void arrivals_set_stages(const struct arrivals *all,
		const struct opening *openings,
		size_t count,
		bool estimated,
		struct plan *plan)
{
	bool later = false;
	double sockets;
	enum confidence confidence = CONFIDENCE_EXACT;
	if (estimated)
		confidence = CONFIDENCE_ESTIMATE;
	(void)openings_mean_s(openings, count, &sockets);
	for (size_t i = 0; i < count; i++)
		later |= openings[i].offset_s > 0;
	if (later)
		set_sum(all, openings, count, plan);
	else
		set_plain(all, sockets, confidence, plan);
}
