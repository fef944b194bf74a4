/* Looks where use can turn: where the plan changes, and where that change falls out of a window
 * that a formula looks back over ("the closes of the last 60 s"). Between two such moments rates
 * are linear, so that use is a parabola, whose top three points give. */
#include "model/judge/crossing.h"

#include <assert.h>
#include <math.h>

#include "model/load/together.h"

static const double scale_max = 1e9;
static const double scale_least = 1e-12; /* below, nothing is safe */
static const double forever_s = 1e12;

struct moment_list {
	struct arena *arena;
	struct moment *items;
	size_t count, capacity;
	double end_s;
};

static void list_moment(struct moment_list *list, struct moment moment)
{
	bool in_plan = moment.t >= 0 && moment.t <= list->end_s;
	if (!in_plan)
		return;
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof moment);
	list->items[list->count++] = moment;
}

static void list_points(struct moment_list *list, const struct timeline *timeline, double later)
{
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_point *point = &timeline->points[i];
		double t = point->t + later;
		list_moment(list, moment_at(t));
		if (t > 0 && point->jump)
			list_moment(list, moment_before(t));
	}
}

static void list_both_sides(struct moment_list *list, const struct load *load, double later)
{
	list_points(list, &load->down, later);
	if (load->up.points != load->down.points)
		list_points(list, &load->up, later);
}

/* Where the course of the i-th load changes, and where that falls out of its windows. */
static void list_changes(struct moment_list *list, const struct names *names, size_t i)
{
	size_t windows;
	const double *seconds = names_windows(names, i, &windows);
	const struct load *load = names_load(names, i);
	list_both_sides(list, load, 0);
	for (size_t k = 0; k < windows; k++)
		list_both_sides(list, load, seconds[k]);
}

static double middle_of(double a, double b)
{
	return a + (b - a) / 2;
}

/* Where, between 0 and 1, a parabola through these three values has its top; NAN: at neither. */
static double top_of(double first, double half, double last)
{
	double bend = first - 2 * half + last;
	double lean = last - first;
	double part = 0.5 - lean / (4 * bend);
	bool turns = bend < 0 && part > 0 && part < 1;
	if (!turns)
		return (double)NAN;
	return part;
}

static bool is_narrow(double low, double high, double relative)
{
	return high - low <= relative * high;
}

static bool is_curved(const struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_point *point = &timeline->points[i];
		if (point->opens.slope != 0 || point->closes.slope != 0)
			return true;
	}
	return false;
}

/* Part of a course: from one moment to the next. Capped: a series has its most
 * (tcp_max_tw_buckets). */
struct span {
	double from, to;
	double use_from, use_to;
	bool capped_from, capped_to;
};

/* Adds the second at which use turns, if it does. */
static void list_top(struct moment_list *list,
		struct judge *judge,
		double scale,
		const struct span *span)
{
	double half = middle_of(span->from, span->to);
	double use = judge_use(judge, scale, moment_at(half));
	double part = top_of(span->use_from, use, span->use_to);
	if (!isnan(part))
		list_moment(list, moment_at(span->from + part * (span->to - span->from)));
}

static bool is_capped_at(struct judge *judge, double scale, double t)
{
	(void)judge_use(judge, scale, moment_at(t));
	return names_capped(judge->names);
}

/* Adds the second from which on, or until which, a series has its most. */
static void list_bend(struct moment_list *list,
		struct judge *judge,
		double scale,
		const struct span *span)
{
	double low = span->from, high = span->to;
	if (span->capped_from == span->capped_to)
		return;
	for (int i = 0; i < 60 && !is_narrow(low, high, 1e-12); i++) {
		double half = middle_of(low, high);
		if (is_capped_at(judge, scale, half) == span->capped_from)
			low = half;
		else
			high = half;
	}
	list_moment(list, moment_at(low));
	list_moment(list, moment_at(high));
}

/* The next span, which ends at this moment. */
static void span_move(struct span *span, struct judge *judge, double scale, struct moment to)
{
	span->from = span->to;
	span->use_from = span->use_to;
	span->capped_from = span->capped_to;
	span->to = to.t;
	span->use_to = judge_use(judge, scale, to);
	span->capped_to = names_capped(judge->names);
}

/* What can be between two moments. */
typedef void span_fn(struct moment_list *list,
		struct judge *judge,
		double scale,
		const struct span *span);

static void list_between(struct moment_list *list, struct judge *judge, double scale, span_fn *find)
{
	size_t count = list->count;
	struct span span = {0};
	for (size_t i = 0; i < count; i++) {
		assert(list->items);
		span_move(&span, judge, scale, list->items[i]);
		bool lasts = span.to > span.from && !isinf(span.to);
		if (i > 0 && lasts)
			find(list, judge, scale, &span);
	}
	list->count = moments_sort(list->items, list->count);
}

/* Between moments at which something changes a series may reach its most, or use may turn. */
static bool any_is_curved(const struct names *names)
{
	for (size_t i = 0; i < names_loads(names); i++) {
		const struct load *load = names_load(names, i);
		if (is_curved(&load->down) || is_curved(&load->up))
			return true;
	}
	return false;
}

static void list_turns(struct moment_list *list, struct judge *judge, double scale)
{
	if (names_may_cap(judge->names))
		list_between(list, judge, scale, list_bend);
	if (any_is_curved(judge->names))
		list_between(list, judge, scale, list_top);
}

/* The end of the plan or, where it has none, its steady state. Waves of connections that come round
 * for ever are no steady state: they count as they have been seen. */
static void list_end(struct moment_list *list, struct moment end)
{
	bool waves = list->end_s < end.t;
	if (waves && isfinite(end.t))
		return;
	list->end_s = end.t;
	list_moment(list, end);
}

/* When all loads have been seen that come round in waves; INFINITY: none does. */
static double settled_of(const struct names *names)
{
	double settled = -1;
	for (size_t i = 0; i < names_loads(names); i++) {
		const struct load *load = names_load(names, i);
		const struct timeline *const both[] = {&load->down, &load->up};
		double own = timeline_settled(both, 2);
		if (isfinite(own))
			settled = fmax(settled, own);
	}
	if (settled < 0)
		return INFINITY;
	return settled;
}

/* What is the same all the time is looked at once; of a plan without an end, in its steady state. */
static struct moment_list one_moment(const struct situation *s)
{
	struct moment_list list = {.arena = s->arena, .end_s = INFINITY};
	struct moment moment = moment_at(0);
	if (isinf(s->together.end_s))
		moment.t = INFINITY;
	list_moment(&list, moment);
	return list;
}

static struct moment_list moments_at(struct judge *judge, double scale)
{
	if (judge_course(judge) == COURSE_FLAT)
		return one_moment(judge->s);
	const struct situation *s = judge->s;
	const struct names *names = judge->names;
	const struct moment end = moment_at(s->together.end_s);
	struct moment_list list = {.arena = s->arena};
	list.end_s = fmin(end.t, settled_of(names));
	(void)judge_use(judge, scale, end); /* names its windows */
	for (size_t i = 0; i < names_loads(names); i++)
		list_changes(&list, names, i);
	list_end(&list, end);
	list.count = moments_sort(list.items, list.count);
	list_turns(&list, judge, scale);
	return list;
}

static struct course *course_at(struct judge *judge, double scale)
{
	struct arena *arena = judge->s->arena;
	const struct moment_list list = moments_at(judge, scale);
	assert(list.items); /* a plan has its first moment at least */
	struct course *course = arena_alloc(arena, sizeof *course);
	course->judge = judge;
	course->moments = list.items;
	course->count = list.count;
	course->use = arena_alloc(arena, list.count * sizeof *course->use);
	for (size_t i = 0; i < list.count; i++)
		course->use[i] = judge_use(judge, scale, list.items[i]);
	return course;
}

const struct course *course_of(struct judge *judge)
{
	if (!judge->course)
		judge->course = course_at(judge, 1);
	return judge->course;
}

/* The moment of the highest of these values: the steady state, if it is as high as others, else the
 * first. */
static struct moment highest(const struct course *course, const double *values)
{
	size_t last = course->count - 1, best = 0;
	double most = -INFINITY;
	assert(course->moments && course->count > 0);
	if (isinf(course->moments[last].t)) {
		best = last;
		most = values[last] * (1 + 1e-12);
	}
	for (size_t i = 0; i < course->count; i++) {
		if (!(values[i] > most))
			continue;
		best = i;
		most = values[i] * (1 + 1e-12);
	}
	return course->moments[best];
}

/* Where there is no bound, all use is 0: the highest demand. */
static struct moment highest_demand(const struct course *course)
{
	struct arena *arena = course->judge->s->arena;
	double *demand = arena_alloc(arena, course->count * sizeof *demand);
	for (size_t i = 0; i < course->count; i++) {
		const struct moment moment = course->moments[i];
		const struct probe probe = judge_probe(course->judge, 1, moment);
		demand[i] = judge_demand(&probe);
	}
	return highest(course, demand);
}

struct moment course_peak(const struct course *course)
{
	const struct moment peak = highest(course, course->use);
	if (judge_use(course->judge, 1, peak) == 0)
		return highest_demand(course);
	return peak;
}

/* A scale that is safe and one that is not, and the use at both. */
struct bracket {
	double low, high, use_low, use_high;
};

/* The scale at which the line through both ends meets the bound. */
static double scale_on_line(const struct bracket *in, double bound)
{
	double slope = (bound - in->use_low) / (in->use_high - in->use_low);
	return in->low + slope * (in->high - in->low);
}

/* Where to look next, and the use there: use is mostly linear in the scale, so first a hair (wider
 * than what whole_if_near forgives) on either side of where the line through both ends meets the
 * bound, else half-way. */
static double guess_scale(struct judge *judge,
		double bound,
		struct moment moment,
		const struct bracket *in,
		double *ret_use)
{
	double crossing = scale_on_line(in, bound);
	double hair = 4e-12 * in->high;
	double below = crossing - hair;
	double above = crossing + hair;
	if (isfinite(crossing) && below > in->low) {
		*ret_use = judge_use(judge, below, moment);
		if (*ret_use <= bound)
			return below;
	}
	if (isfinite(crossing) && above < in->high) {
		*ret_use = judge_use(judge, above, moment);
		if (*ret_use > bound)
			return above;
	}
	double middle = middle_of(in->low, in->high);
	*ret_use = judge_use(judge, middle, moment);
	return middle;
}

/* Twice the scale, until use passes the bound; false: it never does. */
static bool bracket_open(struct judge *judge,
		double bound,
		struct moment moment,
		struct bracket *in)
{
	in->high = 1;
	in->use_high = judge_use(judge, 1, moment);
	while (in->use_high <= bound) {
		in->low = in->high;
		in->use_low = in->use_high;
		in->high *= 2;
		if (in->high > scale_max)
			return false;
		in->use_high = judge_use(judge, in->high, moment);
	}
	return true;
}

/* First scale at which use passes `bound` at this moment; INFINITY: never. */
static double scale_at(struct judge *judge, double bound, struct moment moment)
{
	struct bracket in = {.use_low = judge_use(judge, 0, moment)};
	if (in.use_low > bound)
		return 0;
	if (!bracket_open(judge, bound, moment, &in))
		return INFINITY;
	bool slow = false; /* use that bends leaves one end where it is: then half-way */
	for (int i = 0; i < 120 && !is_narrow(in.low, in.high, 1e-11); i++) {
		double use;
		double width = in.high - in.low;
		double scale = middle_of(in.low, in.high);
		if (slow)
			use = judge_use(judge, scale, moment);
		else
			scale = guess_scale(judge, bound, moment, &in, &use);
		if (use <= bound) {
			in.low = scale;
			in.use_low = use;
		} else {
			in.high = scale;
			in.use_high = use;
		}
		slow = !slow && in.high - in.low > width / 2;
	}
	if (in.low < scale_least)
		return 0;
	return in.low;
}

double course_scale(const struct course *course, double bound)
{
	static const int tries = 3; /* the peak may lie elsewhere at another scale */
	struct judge *judge = course->judge;
	double scale = scale_at(judge, bound, course_peak(course));
	if (judge_course(judge) != COURSE_ANY)
		return scale;
	for (int i = 0; i < tries; i++) {
		if (isinf(scale) || scale <= 0)
			break;
		const struct course *scaled = course_at(judge, scale);
		const struct moment peak = highest(scaled, scaled->use);
		if (judge_use(judge, scale, peak) <= bound * (1 + 1e-9))
			break;
		scale = scale_at(judge, bound, peak);
	}
	return scale;
}

static bool is_over(struct judge *judge, double bound, double t)
{
	return judge_use(judge, 1, moment_at(t)) > bound;
}

/* Between a second within the bound and one above it. */
static double second_between(struct judge *judge, double bound, double low, double high)
{
	for (int i = 0; i < 60 && !is_narrow(low, high, 1e-12); i++) {
		double half = middle_of(low, high);
		if (is_over(judge, bound, half))
			high = half;
		else
			low = half;
	}
	return high;
}

/* A plan without an end whose use grows for ever: a second after `low` at which it is over. */
static double some_second_over(struct judge *judge, double bound, double low)
{
	double step = 1;
	while (step < forever_s && !is_over(judge, bound, low + step))
		step *= 2;
	return low + step;
}

double course_second(const struct course *course, double bound)
{
	size_t i = 0;
	while (i < course->count && !(course->use[i] > bound))
		i++;
	if (i == course->count)
		return (double)NAN;
	double high = course->moments[i].t;
	if (i == 0)
		return high;
	double low = course->moments[i - 1].t;
	if (isinf(high))
		high = some_second_over(course->judge, bound, low);
	return second_between(course->judge, bound, low, high);
}
