/* Users and connections of all thread groups over time. Groups run side by side, or one after the
 * other; setUp groups before them and tearDown groups after them (StandardJMeterEngine.java, run).
 */
#include <math.h>
#include <string.h>

#include "base/sort.h"
#include "probes/plan/jmeter/jmeter.h"

enum {
	KNOTS_MAX = 400 /* of all groups: above it the peak alone is said */
};

double jmeter_user_sockets(const struct jmeter_group *group)
{
	double sum = 0;
	for (size_t i = 0; i < group->host_count; i++)
		sum += group->hosts[i].parallel;
	return sum;
}

double jmeter_iteration_s(const struct jmeter *j, const struct jmeter_group *group)
{
	double latency = plan_given(j->context, W_LATENCY);
	if (isnan(latency))
		return group->pause_s;
	return group->pause_s + group->samples * latency;
}

/* How many knots of the curve lie before that time. */
static size_t passed(const struct jmeter_knot *knots, size_t count, double at_s, bool before)
{
	size_t i = 0;
	if (before)
		while (i < count && knots[i].at_s < at_s)
			i++;
	else
		while (i < count && knots[i].at_s <= at_s)
			i++;
	return i;
}

/* The level of one curve at a time, or just before it. */
static double curve_at(const struct jmeter_knot *knots, size_t count, double at_s, bool before)
{
	size_t next = passed(knots, count, at_s, before);
	if (!next)
		return 0;
	const struct jmeter_knot *left = &knots[next - 1];
	if (next == count)
		return left->level;
	const struct jmeter_knot *right = &knots[next];
	double length = right->at_s - left->at_s;
	double rise = right->level - left->level;
	if (!(length > 0))
		return left->level;
	return left->level + rise * (at_s - left->at_s) / length;
}

/* Has the group ended by then? */
static bool group_is_over(const struct jmeter_group *group, double at_s, bool before)
{
	if (before)
		return at_s > group->end_s;
	return at_s >= group->end_s;
}

double jmeter_arrivals_at(const struct jmeter_group *group, double at_s, bool before)
{
	size_t each = group->knot_count / group->rows;
	double sum = 0;
	if (each == 0 || group_is_over(group, at_s, before))
		return 0;
	for (size_t row = 0; row < group->rows; row++) {
		const struct jmeter_knot *knots = group->knots + row * each;
		sum += curve_at(knots, each, at_s, before);
	}
	return sum;
}

/* While a JVM starts, its first samples wait: so many seconds of arrivals meet, and threads stay
 * with their connections (measured: 41 connections of 20 arrivals a second for 1 s, 53 in the open
 * model). */
static const double start_stall_s = 1;

/* Users of arrivals a second, where it is known how long a sample takes. */
static double users_of_arrivals(const struct jmeter *j,
		const struct jmeter_group *group,
		double each_s)
{
	double seconds = jmeter_iteration_s(j, group) + start_stall_s;
	return fmin(each_s * seconds, group->threads);
}

static bool latency_is_known(const struct jmeter *j)
{
	return !isnan(plan_given(j->context, W_LATENCY));
}

/* Users of a group: those of arrivals are there for an iteration, as far as a limit lets them. */
static double users_at(const struct jmeter *j,
		const struct jmeter_group *group,
		double at_s,
		bool before)
{
	double level = jmeter_arrivals_at(group, at_s, before);
	if (!group->arrivals || level <= 0)
		return level;
	if (!latency_is_known(j))
		return group->threads;
	return users_of_arrivals(j, group, level);
}

double jmeter_sockets_at(const struct jmeter *j, double at_s, bool before)
{
	double sum = 0;
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		if (group->phase != JMETER_MAIN)
			continue;
		double users = users_at(j, group, at_s, before);
		sum += users * jmeter_user_sockets(group);
	}
	return sum;
}

double jmeter_most_arrivals(const struct jmeter_group *group)
{
	double most = 0;
	if (group->knot_count > KNOTS_MAX && !group->arrivals)
		return group->threads;
	for (size_t i = 0; i < group->knot_count && group->arrivals; i++)
		most = fmax(most, group->knots[i].level);
	if (group->arrivals)
		return most; /* one curve */
	for (size_t i = 0; i < group->knot_count; i++) {
		double at_s = fmin(group->knots[i].at_s, group->end_s);
		double left = jmeter_arrivals_at(group, at_s, true);
		double right = jmeter_arrivals_at(group, at_s, false);
		most = fmax(most, fmax(left, right));
	}
	return most;
}

double jmeter_most(const struct jmeter *j, const struct jmeter_group *group)
{
	double most = jmeter_most_arrivals(group);
	if (!group->arrivals && isnan(group->threads))
		return (double)NAN;
	if (!group->arrivals)
		return most;
	if (!latency_is_known(j))
		return group->threads;
	return users_of_arrivals(j, group, most);
}

/* The most of a phase, if its groups' peaks come together. */
static void add_up(const struct jmeter *j,
		enum jmeter_phase phase,
		double *ret_sockets,
		double *ret_users)
{
	*ret_sockets = 0;
	*ret_users = 0;
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		if (group->phase != phase || isnan(*ret_sockets))
			continue;
		double users = jmeter_most(j, group);
		double sockets = users * jmeter_user_sockets(group);
		if (!j->serialized) {
			*ret_sockets += sockets;
			*ret_users += users;
		} else if (!(sockets <= *ret_sockets)) {
			*ret_sockets = sockets;
			*ret_users = fmax(*ret_users, users);
		}
	}
}

/* Adds the times at which a group's curve bends. */
static size_t add_borders(const struct jmeter_group *group, double *borders, size_t count)
{
	for (size_t i = 0; i < group->knot_count; i++)
		borders[count++] = fmin(group->knots[i].at_s, group->end_s);
	if (!isinf(group->end_s))
		borders[count++] = group->end_s;
	return count;
}

static void find_borders(struct jmeter *j, struct jmeter_course *course)
{
	size_t most = 1;
	size_t count = 0;
	for (size_t i = 0; i < j->group_count; i++)
		most += j->groups[i].knot_count + 1;
	if (most > KNOTS_MAX)
		return;
	double *borders = arena_alloc(j->arena, most * sizeof *borders);
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		if (group->phase == JMETER_MAIN)
			count = add_borders(group, borders, count);
	}
	sort_numbers(borders, count);
	course->borders = borders;
	course->border_count = count;
}

/* Where the course is known in full: fewer than all peaks together, if they do not meet. */
static double most_in_time(const struct jmeter *j, const struct jmeter_course *course)
{
	double most = 0;
	for (size_t i = 0; i < course->border_count; i++) {
		double left = jmeter_sockets_at(j, course->borders[i], true);
		double right = jmeter_sockets_at(j, course->borders[i], false);
		most = fmax(most, fmax(left, right));
	}
	return most;
}

/* One group after the other, or all at once. */
static double end_of_groups(const struct jmeter *j)
{
	double end_s = 0;
	for (size_t i = 0; i < j->group_count; i++) {
		const struct jmeter_group *group = &j->groups[i];
		if (group->phase != JMETER_MAIN)
			continue;
		if (j->serialized)
			end_s += group->end_s;
		else
			end_s = fmax(end_s, group->end_s);
	}
	return end_s;
}

/* The phase with the most of all. */
static void compare_phase(struct jmeter_course *course, double sockets, double users)
{
	if (isnan(sockets))
		course->sockets = NAN;
	if (isnan(users))
		course->users = NAN;
	if (sockets > course->sockets) {
		course->sockets = sockets;
		course->main_is_peak = false;
	}
	if (users > course->users)
		course->users = users;
}

void jmeter_course(struct jmeter *j, struct jmeter_course *ret)
{
	double sockets;
	double users;
	*ret = (struct jmeter_course){.end_s = end_of_groups(j)};
	ret->main_is_peak = true;
	add_up(j, JMETER_MAIN, &ret->sockets, &ret->users);
	if (!isnan(ret->sockets) && !j->serialized)
		find_borders(j, ret);
	if (ret->borders)
		ret->sockets = most_in_time(j, ret);
	add_up(j, JMETER_SETUP, &sockets, &users);
	compare_phase(ret, sockets, users);
	add_up(j, JMETER_TEARDOWN, &sockets, &users);
	compare_phase(ret, sockets, users);
}
