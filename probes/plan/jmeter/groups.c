/* Thread groups: how many users they have, and when these come and go. JMeter's own, and those of
 * the plugin manager. Counts no connections. Sources: ThreadGroup.java (perThreadDelay,
 * scheduleThread), jmeter-plugins: SteppingThreadGroup.java, UltimateThreadGroup.java,
 * ConcurrencyThreadGroup.java. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/jmeter/jmeter.h"

enum {
	ROWS_MAX = 500 /* of an Ultimate Thread Group, steps of others */
};

void jmeter_knot_add(struct jmeter *j, struct jmeter_group *group, double at_s, double level)
{
	group->knots = arena_grow(j->arena,
			group->knots,
			group->knot_count,
			&group->knot_capacity,
			sizeof *group->knots);
	group->knots[group->knot_count++] = (struct jmeter_knot){at_s, level};
}

static bool read_loops(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	const struct tree_node *controller = jmeter_node(node, "ThreadGroup.main_controller");
	if (!controller)
		return true;
	const char *loops = jmeter_text(j, controller, "LoopController.loops", NULL);
	bool forever = jmeter_is_true(j, controller, "LoopController.continue_forever", false);
	group->loops_end = !forever && loops && *loops != '-';
	return true;
}

static bool read_threads(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		struct jmeter_group *group)
{
	return jmeter_number(j, node, name, W_CONNECTIONS, &group->threads, &group->threads_from);
}

/* A group of a plug-in that is not known. */
static bool ask_for_group(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	group->threads = NAN;
	plan_ask(j->plan,
			j->context,
			arena_printf(j->arena,
					"%s: headroom does not read %.80s; how many connections are open at peak",
					document_where(&j->document, node),
					text_clean(j->arena, node->name, strlen(node->name), 80)),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
	return true;
}

static bool read_plain(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	double ramp_s = 0;
	double delay_s = 0;
	double duration_s = INFINITY;
	bool own = !strchr(node->name, '.');
	group->threads = 1; /* AbstractThreadGroupSchema.kt */
	if (!own && !jmeter_node(node, "ThreadGroup.num_threads"))
		return ask_for_group(j, node, group);
	if (!read_threads(j, node, "ThreadGroup.num_threads", group) ||
			!jmeter_number(j, node, "ThreadGroup.ramp_time", W_CONNECTIONS, &ramp_s, NULL))
		return false;
	if (jmeter_is_true(j, node, "ThreadGroup.scheduler", false)) {
		if (!jmeter_number(j, node, "ThreadGroup.duration", W_DURATION, &duration_s, NULL) ||
				!jmeter_number(j, node, "ThreadGroup.delay", WORKLOAD_FIELDS, &delay_s, NULL))
			return false;
		if (!(duration_s > 0))
			duration_s = INFINITY;
		group->end_s = delay_s + duration_s;
	}
	group->delayed = jmeter_is_true(j, node, "ThreadGroup.delayedStart", false);
	group->new_user = !jmeter_is_true(j, node, "ThreadGroup.same_user_on_next_iteration", true);
	jmeter_knot_add(j, group, delay_s, 0);
	jmeter_knot_add(j, group, delay_s + ramp_s, group->threads);
	return read_loops(j, node, group);
}

void jmeter_climb(struct jmeter *j, struct jmeter_group *group, double ramp_s, double steps)
{
	double level = group->threads;
	if (!(steps > 1) || !(ramp_s > 0)) {
		jmeter_knot_add(j, group, 0, 0);
		jmeter_knot_add(j, group, ramp_s, level);
		return;
	}
	steps = fmin(steps, ROWS_MAX);
	const unsigned whole = (unsigned)steps;
	for (unsigned step = 1; step <= whole; step++) {
		double at_s = ramp_s * (step - 1) / steps;
		jmeter_knot_add(j, group, at_s, ceil(level * (step - 1) / steps));
		jmeter_knot_add(j, group, at_s, ceil(level * step / steps));
	}
}

/* The plugin manager's Concurrency Thread Group: times in minutes or seconds. */
static bool read_concurrency(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	const char *unit = jmeter_text(j, node, "Unit", NULL);
	double factor = 60;
	double hold = NAN;
	double ramp = 0;
	double steps = 0;
	if (!read_threads(j, node, "TargetLevel", group) ||
			!jmeter_number(j, node, "RampUp", W_CONNECTIONS, &ramp, NULL) ||
			!jmeter_number(j, node, "Steps", WORKLOAD_FIELDS, &steps, NULL) ||
			!jmeter_number(j, node, "Hold", W_DURATION, &hold, NULL))
		return false;
	if (unit && *unit == 'S')
		factor = 1;
	if (!isnan(hold))
		group->end_s = (ramp + hold) * factor;
	jmeter_climb(j, group, ramp * factor, steps);
	return true;
}

/* The numbers of a row; those that are not there stay. */
static bool read_row(struct jmeter *j, const struct tree_node *row, double *cells, size_t count)
{
	size_t i = 0;
	for (const struct tree_node *cell = row->child; cell && i < count; cell = cell->next) {
		struct error inner;
		if (cell->kind != TREE_ELEMENT)
			continue;
		const char *text = jmeter_value(j, cell, NULL);
		if (!text)
			return document_error(&j->document,
					cell,
					j->err,
					"%.60s is not known before the run",
					cell->text);
		if (*text && !quantity_read(text, &quantity_decimal, &cells[i], &inner))
			return document_error(&j->document,
					cell,
					j->err,
					"\"%.40s\": not a number",
					cell->text);
		i++;
	}
	return true;
}

/* The Ultimate Thread Group: rows of threads, delay, start-up, hold, shutdown. */
static bool read_ultimate(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	const struct tree_node *rows = jmeter_node(node, "ultimatethreadgroupdata");
	size_t count = 0;
	group->end_s = 0;
	const struct tree_node *row = NULL;
	if (rows)
		row = rows->child;
	for (; row; row = row->next) {
		double cells[5] = {0};
		if (row->kind != TREE_ELEMENT || !row->child)
			continue;
		if (++count > ROWS_MAX)
			return document_error(&j->document, row, j->err, "more than %d rows", ROWS_MAX);
		if (!read_row(j, row, cells, COUNT_OF(cells)))
			return false;
		double up = cells[1] + cells[2];
		double down = up + cells[3];
		group->threads += cells[0];
		group->threads_from = document_where(&j->document, row);
		jmeter_knot_add(j, group, cells[1], 0);
		jmeter_knot_add(j, group, up, cells[0]);
		jmeter_knot_add(j, group, down, cells[0]);
		jmeter_knot_add(j, group, down + cells[4], 0);
		group->end_s = fmax(group->end_s, down + cells[4]);
	}
	if (count)
		group->rows = count;
	return true;
}

/* The Stepping Thread Group: a first batch, then others at a distance, each over its own ramp; all
 * hold, then go. */
static bool read_stepping(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	double delay = 0;
	double each = 0;
	double first = 0;
	double period = 0;
	double ramp = 0;
	double flight = 0;
	double level = 0;
	if (!read_threads(j, node, "ThreadGroup.num_threads", group) ||
			!jmeter_number(j, node, "Threads initial delay", W_CONNECTIONS, &delay, NULL) ||
			!jmeter_number(j, node, "Start users count", W_CONNECTIONS, &each, NULL) ||
			!jmeter_number(j, node, "Start users count burst", W_CONNECTIONS, &first, NULL) ||
			!jmeter_number(j, node, "Start users period", W_CONNECTIONS, &period, NULL) ||
			!jmeter_number(j, node, "rampUp", W_CONNECTIONS, &ramp, NULL) ||
			!jmeter_number(j, node, "flighttime", W_DURATION, &flight, NULL))
		return false;
	double all = group->threads;
	double at = delay;
	double batch = first;
	if (!(each > 0))
		each = all;
	if (!(batch > 0))
		batch = each;
	double steps = ceil(fmax(0, all - batch) / each);
	if (steps > ROWS_MAX) { /* a line through the beginning of each step: never below it */
		jmeter_knot_add(j, group, at, 0);
		jmeter_knot_add(j, group, at, batch);
		at += steps * (period + ramp);
		jmeter_knot_add(j, group, at, all);
		level = all;
	}
	for (; level < all; batch = each) {
		jmeter_knot_add(j, group, at, level);
		level = fmin(all, level + batch);
		jmeter_knot_add(j, group, at + ramp, level);
		if (level < all)
			at += period + ramp;
	}
	group->end_s = at + ramp + period + flight;
	return true;
}

/* Groups of plug-ins make JMeter's threads without saying that the user stays the same: each
 * iteration is a new user, whose connections JMeter closes first (JMeterThread.java, the shorter
 * constructor; measured with jmeter-plugins-casutg 2.10: a connection for each iteration). */
static const struct {
	const char *name; /* the end of the element's name or class */
	const char *kind;
	enum jmeter_phase phase;
	bool new_user;
	bool (*read)(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group);
} group_kinds[] = {
		{"SetupThreadGroup", "a setUp Thread Group", JMETER_SETUP, false, read_plain},
		{"PostThreadGroup", "a tearDown Thread Group", JMETER_TEARDOWN, false, read_plain},
		{"ConcurrencyThreadGroup",
				"a Concurrency Thread Group",
				JMETER_MAIN,
				true,
				read_concurrency},
		{"UltimateThreadGroup", "an Ultimate Thread Group", JMETER_MAIN, true, read_ultimate},
		{"SteppingThreadGroup", "a Stepping Thread Group", JMETER_MAIN, true, read_stepping},
		{"FreeFormArrivalsThreadGroup",
				"a Free-Form Arrivals Thread Group",
				JMETER_MAIN,
				true,
				jmeter_read_free_form},
		{"ArrivalsThreadGroup",
				"an Arrivals Thread Group",
				JMETER_MAIN,
				true,
				jmeter_read_arrivals},
		{"OpenModelThreadGroup",
				"an Open Model Thread Group",
				JMETER_MAIN,
				true,
				jmeter_read_open_model},
		{"ThreadGroup", "a Thread Group", JMETER_MAIN, false, read_plain},
};

struct jmeter_group *jmeter_group_read(struct jmeter *j,
		const struct tree_node *node,
		bool *ret_good)
{
	*ret_good = true;
	for (size_t i = 0; i < COUNT_OF(group_kinds); i++) {
		if (!jmeter_ends_with(node->name, group_kinds[i].name))
			continue;
		*ret_good = false;
		if (j->group_count == JMETER_GROUPS_MAX) {
			(void)document_error(&j->document,
					node,
					j->err,
					"more than %d thread groups",
					JMETER_GROUPS_MAX);
			return NULL;
		}
		struct jmeter_group *group = &j->groups[j->group_count++];
		*group = (struct jmeter_group){.node = node,
				.kind = group_kinds[i].kind,
				.new_user = group_kinds[i].new_user,
				.phase = group_kinds[i].phase,
				.rows = 1,
				.end_s = INFINITY,
				.most_per_s = INFINITY,
				.threads_from = document_where(&j->document, node)};
		*ret_good = group_kinds[i].read(j, node, group);
		return group;
	}
	return NULL;
}
