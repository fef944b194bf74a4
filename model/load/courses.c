/* All loads begin together; one that ends before the others closes its connections then. */
#include "model/load/courses.h"

#include <math.h>
#include <string.h>

#include "model/load/population.h"

static bool is_proxy(const struct workload *load)
{
	const char *role = load->values[W_ROLE].text;
	return role && strcmp(role, "proxy") == 0;
}

static void build_course(struct arena *arena,
		const struct loads *loads,
		struct load_course *course,
		double follow_s)
{
	const struct workload *load = &loads->items[course->load];
	course->down = timeline_build_until(arena, load, false, follow_s);
	course->end_s = course->down.end_s;
	course->up = course->down;
	if (is_proxy(load))
		course->up = timeline_build_until(arena, load, true, follow_s);
}

/* Was something that comes round in waves followed for too short a time? */
static bool is_cut_short(const struct timeline *timeline, double follow_s)
{
	return isfinite(timeline->settled_s) && timeline->follow_s < follow_s;
}

static void join_courses(struct arena *arena,
		const struct loads *loads,
		struct load_course *courses,
		size_t count)
{
	double follow_s = 0, end_s = 0;
	for (size_t i = 0; i < count; i++) {
		follow_s = fmax(follow_s, courses[i].down.follow_s);
		follow_s = fmax(follow_s, courses[i].up.follow_s);
		end_s = fmax(end_s, courses[i].end_s);
	}
	for (size_t i = 0; i < count; i++) {
		struct load_course *course = &courses[i];
		bool cut_short = is_cut_short(&course->down, follow_s);
		cut_short |= is_cut_short(&course->up, follow_s);
		if (cut_short)
			build_course(arena, loads, course, follow_s);
		timeline_outlive(arena, &course->down, end_s);
		timeline_outlive(arena, &course->up, end_s);
	}
}

/* At least one, unless no load asks for anything. */
static struct load_course *loads_courses(struct arena *arena,
		const struct loads *loads,
		size_t *ret_count)
{
	struct load_course *courses = arena_alloc(arena, loads->count * sizeof *courses);
	size_t count = 0;
	for (size_t i = 0; i < loads->count; i++) {
		bool nothing = workload_is_nothing(&loads->items[i]);
		if (nothing && loads->count > 1)
			continue;
		struct load_course *course = &courses[count];
		course->load = i;
		build_course(arena, loads, course, 0);
		count++;
	}
	if (count > 1)
		join_courses(arena, loads, courses, count);
	*ret_count = count;
	return courses;
}

static struct timeline loads_sum(struct arena *arena,
		const struct load_course *courses,
		size_t count)
{
	const struct timeline **all = arena_alloc(arena, count * sizeof *all);
	for (size_t i = 0; i < count; i++) {
		all[i] = &courses[i].down;
	}
	return timeline_sum(arena, all, count);
}

struct courses *courses_new(struct arena *arena, const struct loads *loads)
{
	struct courses *courses = arena_alloc(arena, sizeof *courses);
	courses->items = loads_courses(arena, loads, &courses->count);
	courses->together = loads_sum(arena, courses->items, courses->count);
	courses->grids.arena = arena;
	return courses;
}

static bool all_are_nothing(const struct loads *loads)
{
	for (size_t i = 0; i < loads->count; i++) {
		const struct workload *load = &loads->items[i];
		if (!workload_is_nothing(load))
			return false;
	}
	return true;
}

bool loads_finish(struct arena *arena, struct loads *loads, struct error *err)
{
	static const char nothing[] = "the plan opens no connection, so there is nothing to judge; add "
								  "--connections or --open-rate";
	if (all_are_nothing(loads))
		return error_set(err, nothing);
	if (!loads_check_groups(arena, loads, err))
		return false;
	loads_measure(arena, loads);
	return true;
}

bool loads_complete(struct arena *arena, struct loads *loads, struct error *err)
{
	for (size_t i = 0; i < loads->count; i++) {
		struct assumption *ignored;
		size_t count;
		if (!loads_complete_one(arena, loads, i, &ignored, &count, err))
			return false;
	}
	return loads_finish(arena, loads, err);
}

void loads_measure(struct arena *arena, struct loads *loads)
{
	size_t count;
	if (loads->count == 1) {
		loads->peak_connections = loads->items[0].peak_connections;
		return;
	}
	const struct load_course *courses;
	courses = loads_courses(arena, loads, &count);
	const struct timeline sum = loads_sum(arena, courses, count);
	loads->peak_connections = timeline_most_live(&sum);
}
