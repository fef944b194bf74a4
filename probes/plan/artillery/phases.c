/* The phases: who arrives when. maxVusers bounds the users that are there at one time; arrivals
 * beyond are skipped. Sockets that users open later in their session follow the arrivals. */
#include <math.h>

#include "probes/plan/artillery/artillery.h"

enum {
	PHASES_MAX = 300,
	SEGMENTS_MAX = 1000,
	PARTS_MAX = 60, /* segments × times of opening */
	TIMES_MAX = 24,
	ROUNDS_MAX = 40
};

/* Arrivals per second, from one second to another. */
struct segment {
	double start_s, end_s;
	double from_per_s, to_per_s;
	const char *where;
};

struct phase {
	double seconds, from_per_s, to_per_s, most;
	const char *where;
};

struct arrivals {
	struct artillery *a;
	struct segment segments[SEGMENTS_MAX];
	size_t count;
	double end_s;
	bool capped;
};

/* Sockets that are opened so long after the arrival. */
struct later {
	double offset_s, weight;
};

static void add_segment(struct arrivals *all,
		double seconds,
		double from_per_s,
		double to_per_s,
		const char *where)
{
	if (seconds <= 0 || all->count == SEGMENTS_MAX)
		return;
	all->segments[all->count++] = (struct segment){
			.start_s = all->end_s,
			.end_s = all->end_s + seconds,
			.from_per_s = from_per_s,
			.to_per_s = to_per_s,
			.where = where,
	};
	all->end_s += seconds;
}

/* The second at which so many users have come. */
static double reached_s(const struct phase *phase, double users)
{
	double slope = (phase->to_per_s - phase->from_per_s) / phase->seconds;
	double from = phase->from_per_s;
	if (fabs(slope) < 1e-9)
		return users / from;
	double root = from * from + 2 * slope * users;
	if (root < 0)
		return INFINITY;
	return (sqrt(root) - from) / slope;
}

static double rate_at(const struct phase *phase, double second)
{
	double change = phase->to_per_s - phase->from_per_s;
	return phase->from_per_s + change * second / phase->seconds;
}

/* At a constant rate: all places are taken at once, and again as soon as the sessions end. */
static void add_rounds(struct arrivals *all, const struct phase *phase, double full_s)
{
	double session = all->a->session_s, left = phase->seconds;
	double rate = phase->from_per_s;
	while (left > 0) {
		double comes = fmin(full_s, left);
		add_segment(all, comes, rate, rate, phase->where);
		left -= comes;
		double waits = fmin(session - full_s, left);
		add_segment(all, waits, 0, 0, phase->where);
		left -= waits;
	}
}

static void add_capped(struct arrivals *all, const struct phase *phase)
{
	double session = all->a->session_s, steady = phase->most / session;
	double full_s = reached_s(phase, phase->most);
	double slope = (phase->to_per_s - phase->from_per_s) / phase->seconds;
	bool constant = fabs(slope) < 1e-9;
	all->capped = true;
	if (constant && phase->seconds / session <= ROUNDS_MAX) {
		add_rounds(all, phase, full_s);
		return;
	}
	if (full_s > session && !constant) /* they leave while others come */
		full_s = (steady - phase->from_per_s) / slope;
	full_s = fmin(fmax(full_s, 0), phase->seconds);
	double waits = fmin(fmax(session - full_s, 0), phase->seconds - full_s);
	double rest = phase->seconds - full_s - waits;
	add_segment(all, full_s, phase->from_per_s, rate_at(phase, full_s), phase->where);
	add_segment(all, waits, 0, 0, phase->where);
	add_segment(all, rest, steady, steady, phase->where);
}

static void artillery_add_phase(struct arrivals *all, const struct phase *phase)
{
	double highest = fmax(phase->from_per_s, phase->to_per_s);
	bool capped = highest * all->a->session_s > phase->most;
	if (capped && phase->seconds > 0)
		add_capped(all, phase);
	else
		add_segment(all, phase->seconds, phase->from_per_s, phase->to_per_s, phase->where);
}

static bool read_phase(struct arrivals *all,
		const struct document *document,
		const struct tree_node *node)
{
	struct artillery *a = all->a;
	double pause = NAN, count = NAN;
	struct phase phase = {
			.seconds = NAN,
			.from_per_s = NAN,
			.to_per_s = NAN,
			.most = INFINITY,
			.where = document_where(document, node),
	};
	const struct {
		const char *name;
		const struct quantity_syntax *syntax;
		double *ret;
	} entries[] = {
			{"duration", &artillery_duration, &phase.seconds},
			{"pause", &artillery_duration, &pause},
			{"arrivalRate", &quantity_decimal, &phase.from_per_s},
			{"rampTo", &quantity_decimal, &phase.to_per_s},
			{"arrivalCount", &quantity_decimal, &count},
			{"maxVusers", &quantity_decimal, &phase.most},
	};
	for (size_t i = 0; i < sizeof entries / sizeof *entries; i++)
		if (!artillery_number(a,
					document,
					node,
					entries[i].name,
					entries[i].syntax,
					entries[i].ret))
			return false;
	if (!isnan(pause)) {
		add_segment(all, pause, 0, 0, phase.where);
		return true;
	}
	if (isnan(phase.seconds))
		return document_error(document, node, a->err, "a phase needs duration or pause");
	if (!isnan(count))
		phase.from_per_s = count / fmax(phase.seconds, 1e-3);
	if (isnan(phase.from_per_s) && isnan(phase.to_per_s))
		return document_error(document,
				node,
				a->err,
				"a phase needs arrivalRate, arrivalCount or rampTo");
	if (isnan(phase.from_per_s))
		phase.from_per_s = 0;
	if (isnan(phase.to_per_s) || !isnan(count))
		phase.to_per_s = phase.from_per_s;
	artillery_add_phase(all, &phase);
	return true;
}

/* The arrivals at that second, seen from before it or from behind it. */
static double arrivals_at(const struct arrivals *all, double second, bool before)
{
	static const double near = 1e-9;
	for (size_t i = 0; i < all->count; i++) {
		const struct segment *segment = &all->segments[i];
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
static size_t gather(const struct artillery *a, size_t most, struct later *ret)
{
	double last = 0;
	size_t count = 0;
	for (size_t i = 0; i < a->event_count; i++)
		last = fmax(last, a->events[i].offset_s);
	for (size_t i = 0; i < most; i++)
		ret[i] = (struct later){0, 0};
	for (size_t i = 0; i < a->event_count; i++) {
		const struct artillery_event *event = &a->events[i];
		size_t bin = 0;
		if (last > 0)
			bin = (size_t)(event->offset_s / last * (double)most * 0.999999);
		struct later *later = &ret[bin];
		later->offset_s += event->offset_s * event->weight;
		later->weight += event->weight;
	}
	for (size_t i = 0; i < most; i++) {
		if (ret[i].weight <= 0)
			continue;
		double weight = ret[i].weight;
		ret[count++] = (struct later){ret[i].offset_s / weight, weight};
	}
	return count;
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
			const struct segment *segment = &all->segments[j];
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
static void set_sum(const struct arrivals *all, enum confidence confidence)
{
	struct later times[TIMES_MAX];
	struct plan *plan = all->a->plan;
	size_t most = PARTS_MAX / (all->count + 1);
	if (most > TIMES_MAX)
		most = TIMES_MAX;
	if (most < 1)
		most = 1;
	size_t count = gather(all->a, most, times);
	const char *from = all->segments[0].where;
	double now = 0;
	for (;;) {
		double next = next_change(all, times, count, now);
		if (isinf(next))
			break;
		double first = opens_at(all, times, count, now, false);
		double last = opens_at(all, times, count, next, true);
		plan_stage(plan, 0, NAN, first, confidence, from);
		plan_stage(plan, next - now, NAN, last, confidence, from);
		now = next;
	}
}

/* All sockets are opened as the users arrive. */
static void set_plain(const struct arrivals *all, enum confidence confidence)
{
	struct plan *plan = all->a->plan;
	double sockets = 0;
	for (size_t i = 0; i < all->a->event_count; i++)
		sockets += all->a->events[i].weight;
	for (size_t i = 0; i < all->count; i++) {
		const struct segment *segment = &all->segments[i];
		double seconds = segment->end_s - segment->start_s;
		double first = segment->from_per_s * sockets;
		double last = segment->to_per_s * sockets;
		plan_stage(plan, 0, NAN, first, confidence, segment->where);
		plan_stage(plan, seconds, NAN, last, confidence, segment->where);
	}
}

static bool read_phases(struct arrivals *all,
		const struct document *document,
		const struct tree_node *phases)
{
	size_t count = 0;
	for (const struct tree_node *at = phases->child; at; at = at->next) {
		if (++count > PHASES_MAX)
			return document_error(document, at, all->a->err, "more than %d phases", PHASES_MAX);
		if (!read_phase(all, document, at))
			return false;
	}
	return true;
}

bool artillery_set_phases(struct artillery *a, bool solo)
{
	const struct document *document = &a->layers[0].document;
	const struct tree_node *phases = artillery_lookup(a, "phases", NULL, &document);
	struct arrivals *all = arena_alloc(a->arena, sizeof *all);
	bool later = false;
	all->a = a;
	if (solo)
		add_segment(all, 1, 1, 1, "--solo: one user");
	else if (!phases || !phases->child)
		add_segment(all, 1, 1, 1, "no phases: one user");
	else if (!read_phases(all, document, phases))
		return false;
	if (!all->count)
		return document_error(document, document->root, a->err, "the phases last no time");
	for (size_t i = 0; i < a->event_count; i++)
		later |= a->events[i].offset_s > 0;
	enum confidence confidence = CONFIDENCE_EXACT;
	if (later || all->capped)
		confidence = CONFIDENCE_ESTIMATE;
	if (later)
		set_sum(all, confidence);
	else
		set_plain(all, confidence);
	return true;
}
