/* Looks where use can turn (grid.h). Between two such moments rates are linear, so that use is a
 * parabola, whose top three points give. */
#include "model/judge/crossing.h"

#include <assert.h>
#include <math.h>

#include "model/judge/grid.h"

static const double scale_max = 1e9;
static const double scale_least = 1e-12; /* below, nothing is safe */
static const double forever_s = 1e12;

struct moment_list {
	struct arena *arena;
	struct moment *items;
	size_t count, capacity;
};

static void list_moment(struct moment_list *list, struct moment moment)
{
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, sizeof moment);
	list->items[list->count++] = moment;
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

/* Adds the second from which on, or until which, a series has its most, between one at which it has
 * it and one at which it has not. */
static void bisect_bend(struct moment_list *list,
		struct judge *judge,
		double scale,
		const struct span *span)
{
	double low = span->from, high = span->to;
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

/* A series may have its most from one second of a span to another. */
static void list_bend(struct moment_list *list,
		struct judge *judge,
		double scale,
		const struct span *span)
{
	if (span->capped_from != span->capped_to) {
		bisect_bend(list, judge, scale, span);
		return;
	}
	double half = middle_of(span->from, span->to);
	bool capped = is_capped_at(judge, scale, half);
	struct span first = *span, second = *span;
	if (capped == span->capped_from)
		return;
	first.to = second.from = half;
	bisect_bend(list, judge, scale, &first);
	second.capped_from = capped;
	bisect_bend(list, judge, scale, &second);
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
static void list_turns(struct moment_list *list, struct judge *judge, double scale, bool curved)
{
	if (names_may_cap(judge->names))
		list_between(list, judge, scale, list_bend);
	if (curved)
		list_between(list, judge, scale, list_top);
}

static struct course *course_new(struct judge *judge, size_t most)
{
	struct arena *arena = judge->s->arena;
	struct course *course = arena_alloc(arena, sizeof *course);
	course->judge = judge;
	course->moments = arena_alloc(arena, most * sizeof *course->moments);
	course->use = arena_alloc(arena, most * sizeof *course->use);
	return course;
}

static void course_add(struct course *course, struct moment moment, double use)
{
	course->moments[course->count] = moment;
	course->use[course->count++] = use;
}

/* What is the same all the time is looked at once; of a plan without an end, in its steady state.
 */
static struct course *course_flat(struct judge *judge, double scale)
{
	struct course *course = course_new(judge, 1);
	struct moment moment = moment_at(0);
	if (isinf(judge->s->together.end_s))
		moment.t = INFINITY;
	double use = judge_use(judge, scale, moment);
	course_add(course, moment, use);
	return course;
}

/* Where each use is asked for. */
static struct course *course_asked(struct judge *judge, double scale, const struct grid *grid)
{
	struct moment_list list = {.arena = judge->s->arena};
	for (size_t i = 0; i < grid->count; i++)
		list_moment(&list, grid->moments[i]);
	list_turns(&list, judge, scale, grid->curved);
	struct course *course = course_new(judge, list.count);
	assert(list.items);
	for (size_t i = 0; i < list.count; i++) {
		const struct moment moment = list.items[i];
		double use = judge_use(judge, scale, moment);
		course_add(course, moment, use);
	}
	return course;
}

/* Adds the second at which use turns between a moment of the grid and the next, if it does. */
static void add_top(struct course *course,
		const struct grid *grid,
		size_t i,
		const double *at,
		const double *half,
		double scale)
{
	if (i + 1 == grid->count || isnan(half[i]))
		return;
	double part = top_of(at[i], half[i], at[i + 1]);
	double from = grid->moments[i].t;
	double to = grid->moments[i + 1].t;
	double t = from + part * (to - from);
	bool between = t > from && t < to;
	if (!between)
		return;
	const struct moment moment = moment_at(t);
	double use = judge_use(course->judge, scale, moment);
	course_add(course, moment, use);
}

/* From what is known at the moments of the grid; NULL: that is not enough. */
static struct course *course_summed(struct judge *judge, double scale, const struct grid *grid)
{
	struct arena *arena = judge->s->arena;
	double *at = arena_alloc(arena, grid->count * sizeof *at);
	double *half = arena_alloc(arena, grid->count * sizeof *half);
	if (!grid_use(judge, grid, scale, at, half))
		return NULL;
	struct course *course = course_new(judge, 2 * grid->count);
	for (size_t i = 0; i < grid->count; i++) {
		course_add(course, grid->moments[i], at[i]);
		add_top(course, grid, i, at, half, scale);
	}
	return course;
}

static struct course *course_at(struct judge *judge, double scale)
{
	if (judge_course(judge) == COURSE_FLAT)
		return course_flat(judge, scale);
	const struct grid *grid = grid_of(judge, scale);
	struct course *course = course_summed(judge, scale, grid);
	if (!course)
		course = course_asked(judge, scale, grid);
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
	double rise = in->use_high - in->use_low;
	double width = in->high - in->low;
	double slope = (bound - in->use_low) / rise;
	return in->low + slope * width;
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

/* The moment of the highest use if the kernel kept all: at a scale at which it does, it is that. */
static struct moment peak_kept(const struct judge *judge)
{
	struct judge all = judge_new(judge->s, judge->rule, judge->instance, judge->mode);
	names_keep_all(all.names);
	return course_peak(course_of(&all));
}

/* The peak may lie elsewhere at another scale. From a scale at which use passes the bound somewhere
 * else down to one at which it does not. */
static double scale_down(struct judge *judge, double bound, double scale)
{
	static const int tries = 40;
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

double course_scale(const struct course *course, double bound)
{
	struct judge *judge = course->judge;
	double scale = scale_at(judge, bound, course_peak(course));
	if (judge_course(judge) != COURSE_ANY)
		return scale;
	if (names_may_cap(judge->names))
		scale = fmin(scale, scale_at(judge, bound, peak_kept(judge)));
	return scale_down(judge, bound, scale);
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
