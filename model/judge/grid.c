/* Use can turn where the plan changes, and where that change falls out of a window that a formula
 * looks back over ("the closes of the last 60 s"). */
#include "model/judge/grid.h"

#include <assert.h>
#include <math.h>

#include "model/judge/series.h"
#include "model/load/together.h"

/* A series at the moments of a grid, and half-way to the next; not yet multiplied by anything. */
struct column {
	const double *at, *half;
};

/* Those that were asked for. */
struct columns {
	struct arena *arena;
	struct entry *entries;
};

/* A series over its last seconds; NAN: its value at the moment. */
struct entry {
	struct entry *next;
	const struct timeline_point *points;
	enum timeline_series kind;
	double seconds;
	struct column column;
};

/* What a grid depends on of one load: its course, and the windows over it. */
struct side {
	const struct timeline_point *down, *up;
	const double *windows;
	size_t window_count;
};

struct found_grid {
	const struct side *sides;
	size_t side_count;
	struct grid grid;
};

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
	list->items[list->count] = moment;
	list->count++;
}

static void list_points(struct moment_list *list, const struct timeline *timeline, double later)
{
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_point *point = &timeline->points[i];
		double t = point->t + later;
		if (t > 0 && point->jump)
			list_moment(list, moment_before(t));
		list_moment(list, moment_at(t));
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

/* The end of the plan or, where it has none, its steady state. Waves of connections that come round
 * for ever are no steady state: they count as they have been seen. */
static void list_end(struct moment_list *list, struct moment end)
{
	bool waves = list->end_s < end.t;
	if (waves && isfinite(end.t))
		return;
	list->end_s = end.t;
	if (isfinite(end.t) && end.t > 0)
		list_moment(list, moment_before(end.t)); /* what falls out of a window then */
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

static bool is_curved(const struct timeline *timeline)
{
	for (size_t i = 0; i < timeline->count; i++) {
		const struct timeline_point *point = &timeline->points[i];
		if (point->opens.slope != 0 || point->closes.slope != 0)
			return true;
	}
	return false;
}

static bool any_is_curved(const struct names *names)
{
	for (size_t i = 0; i < names_loads(names); i++) {
		const struct load *load = names_load(names, i);
		if (is_curved(&load->down) || is_curved(&load->up))
			return true;
	}
	return false;
}

static struct side side_of(const struct names *names, size_t i)
{
	const struct load *load = names_load(names, i);
	struct side side = {
			.down = load->down.points,
			.up = load->up.points,
	};
	side.windows = names_windows(names, i, &side.window_count);
	return side;
}

static bool is_same_side(const struct side *a, const struct side *b)
{
	if (a->down != b->down || a->up != b->up)
		return false;
	if (a->window_count != b->window_count)
		return false;
	for (size_t i = 0; i < a->window_count; i++) {
		if (a->windows[i] != b->windows[i])
			return false;
	}
	return true;
}

static bool is_for(const struct found_grid *found, const struct names *names)
{
	if (found->side_count != names_loads(names))
		return false;
	for (size_t i = 0; i < found->side_count; i++) {
		const struct side side = side_of(names, i);
		if (!is_same_side(&found->sides[i], &side))
			return false;
	}
	return true;
}

static const struct side *copy_sides(struct arena *arena, const struct names *names)
{
	size_t count = names_loads(names);
	struct side *sides = arena_alloc(arena, count * sizeof *sides);
	for (size_t i = 0; i < count; i++) {
		struct side side = side_of(names, i);
		const size_t size = side.window_count * sizeof *side.windows;
		double *windows = arena_alloc(arena, size);
		for (size_t k = 0; k < side.window_count; k++)
			windows[k] = side.windows[k];
		side.windows = windows;
		sides[i] = side;
	}
	return sides;
}

/* All moments of the plan at which use can turn. */
static void list_all(struct moment_list *list, const struct judge *judge)
{
	const struct names *names = judge->names;
	const struct moment end = moment_at(judge->s->together.end_s);
	list->end_s = fmin(end.t, settled_of(names));
	for (size_t i = 0; i < names_loads(names); i++)
		list_changes(list, names, i);
	list_end(list, end);
	list->count = moments_sort(list->items, list->count);
	assert(list->items); /* a plan has its first moment at least */
}

static const struct grid *grid_find(struct grids *grids, const struct judge *judge)
{
	const struct names *names = judge->names;
	struct arena *arena = grids->arena;
	struct moment_list list = {.arena = arena};
	list_all(&list, judge);
	struct columns *columns = arena_alloc(arena, sizeof *columns);
	columns->arena = arena;
	grids->items =
			arena_grow(arena, grids->items, grids->count, &grids->capacity, sizeof *grids->items);
	struct found_grid *found = arena_alloc(arena, sizeof *found);
	grids->items[grids->count] = found;
	grids->count++;
	found->sides = copy_sides(arena, names);
	found->side_count = names_loads(names);
	found->grid = (struct grid){
			.moments = list.items,
			.count = list.count,
			.curved = any_is_curved(names),
			.columns = columns,
	};
	return &found->grid;
}

const struct grid *grid_of(struct judge *judge, double scale)
{
	struct grids *grids = judge->s->grids;
	const struct moment end = moment_at(judge->s->together.end_s);
	(void)judge_use(judge, scale, end); /* names its windows */
	for (size_t i = 0; i < grids->count; i++) {
		const struct found_grid *found = grids->items[i];
		if (is_for(found, judge->names))
			return &found->grid;
	}
	return grid_find(grids, judge);
}

/* The second half-way between a moment and the next; NAN: there is nothing between them. */
static double half_way(const struct grid *grid, size_t i)
{
	if (i + 1 == grid->count)
		return (double)NAN;
	double from = grid->moments[i].t;
	double to = grid->moments[i + 1].t;
	if (from == to || isinf(to))
		return (double)NAN;
	return from + (to - from) / 2;
}

static double value_at(const struct plan_series *series,
		struct moment moment,
		double seconds,
		struct timeline_cursor *cursor)
{
	if (isnan(seconds))
		return timeline_at_near(series->timeline, series->kind, moment, cursor);
	return timeline_last_near(series->timeline, series->kind, moment, seconds, cursor);
}

static struct column column_find(const struct grid *grid,
		const struct plan_series *series,
		double seconds)
{
	struct arena *arena = grid->columns->arena;
	struct timeline_cursor cursor = {0};
	const size_t size = grid->count * sizeof(double);
	double *at = arena_alloc(arena, size);
	double *half = arena_alloc(arena, size);
	for (size_t i = 0; i < grid->count; i++) {
		double between = half_way(grid, i);
		at[i] = value_at(series, grid->moments[i], seconds, &cursor);
		half[i] = (double)NAN;
		if (grid->curved && !isnan(between))
			half[i] = value_at(series, moment_at(between), seconds, &cursor);
	}
	return (struct column){at, half};
}

static bool is_entry(const struct entry *entry, const struct plan_series *series, double seconds)
{
	if (entry->points != series->timeline->points)
		return false;
	if (entry->kind != series->kind)
		return false;
	if (isnan(seconds))
		return isnan(entry->seconds);
	return entry->seconds == seconds;
}

static const struct column *grid_column(const struct grid *grid,
		const struct plan_series *series,
		double seconds)
{
	struct columns *columns = grid->columns;
	for (struct entry *entry = columns->entries; entry; entry = entry->next)
		if (is_entry(entry, series, seconds))
			return &entry->column;
	struct entry *entry = arena_alloc(columns->arena, sizeof *entry);
	*entry = (struct entry){
			.next = columns->entries,
			.points = series->timeline->points,
			.kind = series->kind,
			.seconds = seconds,
			.column = column_find(grid, series, seconds),
	};
	columns->entries = entry;
	return &entry->column;
}

/* Adds `times` as much of the series to each sum. False: one of them has its most. */
static bool add_column(double *sums,
		const double *values,
		size_t count,
		const struct plan_series *series,
		double scale,
		double times)
{
	bool free = true;
	for (size_t i = 0; i < count; i++) {
		double value = values[i] * series->factor * scale;
		free &= !(value >= series->most);
		sums[i] += times * value;
	}
	return free;
}

static void uses_of(double *sums, size_t count, double capacity)
{
	for (size_t i = 0; i < count; i++)
		sums[i] = use_of(whole_if_near(sums[i]), capacity);
}

/* Does what the kernel keeps of one load depend on what it keeps of others? */
static bool is_shared(const struct judge *judge, const struct plan_series *series)
{
	if (judge->instance->member_count < 2)
		return false;
	return series->kept && isfinite(series->most);
}

bool grid_use(struct judge *judge,
		const struct grid *grid,
		double scale,
		double *ret_at,
		double *ret_half)
{
	struct judge_sum sum;
	double seconds;
	if (!judge_sum(judge, &sum))
		return false;
	const size_t count = grid->count;
	const double own = sum.demand->constant + sum.demand->factors[0] * scale;
	for (size_t i = 0; i < count; i++) {
		ret_at[i] = own;
		ret_half[i] = own;
	}
	const struct plan_series *series;
	for (int i = 1; (series = names_atom(judge->names, i, &seconds)); i++) {
		double times = sum.demand->factors[i];
		if (times == 0)
			continue;
		if (series->factor <= 0 && !isnan(seconds))
			continue;
		const struct column *column = grid_column(grid, series, seconds);
		if (is_shared(judge, series))
			return false;
		if (!add_column(ret_at, column->at, count, series, scale, times))
			return false;
		if (!add_column(ret_half, column->half, count, series, scale, times))
			return false;
	}
	uses_of(ret_at, count, sum.capacity);
	uses_of(ret_half, count, sum.capacity);
	return true;
}
