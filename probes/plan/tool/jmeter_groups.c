/* JMeter's thread groups: its own, and those of the plugin manager. Counts no connections. */
#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "probes/plan/tool/jmeter.h"

const struct tree_node *jmeter_node(const struct tree_node *node, const char *name)
{
	for (const struct tree_node *child = node->child; child; child = child->next)
		if (document_is(child, "name", name))
			return child;
	return NULL;
}

const char *jmeter_text(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		const char **ret_from)
{
	const struct tree_node *entry = jmeter_node(node, name);
	return entry ? jmeter_resolve(&j->properties, &j->variables, entry->text, ret_from) : NULL;
}

bool jmeter_is_true(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		bool otherwise)
{
	const char *text = jmeter_text(j, node, name, NULL);
	return text && *text ? strcmp(text, "true") == 0 : otherwise;
}

bool jmeter_number(struct jmeter *j,
		const struct tree_node *node,
		const char *name,
		enum workload_field field,
		double *ret,
		const char **ret_from)
{
	const struct tree_node *entry = jmeter_node(node, name);
	struct error inner;
	assert(ret);
	const char *from = NULL,
			   *text = entry ? jmeter_resolve(&j->properties, &j->variables, entry->text, &from)
							 : NULL;
	if (entry && ret_from)
		*ret_from = from
				? arena_printf(j->arena, "%s, %s", document_where(&j->document, entry), from)
				: document_where(&j->document, entry);
	if (entry && !text && field != WORKLOAD_FIELDS) {
		*ret = NAN;
		plan_ask(j->plan,
				j->context,
				arena_printf(j->arena,
						"%s: %s is decided by %.60s, which is not known before",
						document_where(&j->document, entry),
						name,
						entry->text),
				field,
				WORKLOAD_FIELDS);
		return true;
	}
	return !text || !*text || quantity_read(text, &quantity_decimal, ret, &inner) ||
			document_error(&j->document, entry, j->err, "%s: %s", name, inner.text);
}

static bool read_loops(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	const struct tree_node *controller = jmeter_node(node, "ThreadGroup.main_controller");
	if (!controller)
		return true;
	const char *loops = jmeter_text(j, controller, "LoopController.loops", NULL);
	group->loops_end = !jmeter_is_true(j, controller, "LoopController.continue_forever", false) &&
			loops && *loops != '-';
	return true;
}

static bool read_plain(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	bool scheduled = jmeter_is_true(j, node, "ThreadGroup.scheduler", false);
	if (!jmeter_number(j,
				node,
				"ThreadGroup.num_threads",
				W_CONNECTIONS,
				&group->threads,
				&group->threads_from) ||
			!jmeter_number(j,
					node,
					"ThreadGroup.ramp_time",
					WORKLOAD_FIELDS,
					&group->ramp_s,
					NULL) ||
			(scheduled &&
					(!jmeter_number(j,
							 node,
							 "ThreadGroup.duration",
							 WORKLOAD_FIELDS,
							 &group->duration_s,
							 NULL) ||
							!jmeter_number(j,
									node,
									"ThreadGroup.delay",
									WORKLOAD_FIELDS,
									&group->delay_s,
									NULL))))
		return false;
	group->new_user = !jmeter_is_true(j, node, "ThreadGroup.same_user_on_next_iteration", true);
	return read_loops(j, node, group);
}

/* The plugin manager's Concurrency Thread Group: times in minutes or seconds. */
static bool read_concurrency(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	const char *unit = jmeter_text(j, node, "Unit", NULL);
	double factor = unit && *unit == 'S' ? 1 : 60, hold = NAN;
	if (!jmeter_number(j,
				node,
				"TargetLevel",
				W_CONNECTIONS,
				&group->threads,
				&group->threads_from) ||
			!jmeter_number(j, node, "RampUp", WORKLOAD_FIELDS, &group->ramp_s, NULL) ||
			!jmeter_number(j, node, "Hold", WORKLOAD_FIELDS, &hold, NULL))
		return false;
	group->ramp_s *= factor;
	group->duration_s = group->ramp_s + hold * factor;
	return true;
}

/* The Ultimate Thread Group: rows of threads, delay, start-up, hold, shutdown. All rows at once are
 * a bound. */
static bool read_ultimate(struct jmeter *j,
		const struct tree_node *node,
		struct jmeter_group *group)
{
	const struct tree_node *rows = jmeter_node(node, "ultimatethreadgroupdata");
	for (const struct tree_node *row = rows ? rows->child : NULL; row; row = row->next) {
		const struct tree_node *first = row->child;
		while (first && first->kind != TREE_ELEMENT)
			first = first->next;
		const char *text = first ? jmeter_resolve(&j->properties, &j->variables, first->text, NULL)
								 : NULL;
		double threads = 0;
		struct error inner;
		if (row->kind != TREE_ELEMENT || !first)
			continue;
		if (!text || !quantity_read(text, &quantity_decimal, &threads, &inner))
			return document_error(&j->document,
					first,
					j->err,
					"threads \"%.40s\": not a number",
					first->text);
		group->threads += threads;
		group->threads_from = document_where(&j->document, row);
	}
	return true;
}

static const struct {
	const char *name; /* the end of the element's name or class */
	bool setup;
	bool (*read)(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group);
} group_kinds[] = {
		{"SetupThreadGroup", true, read_plain},
		{"PostThreadGroup", true, read_plain},
		{"ConcurrencyThreadGroup", false, read_concurrency},
		{"UltimateThreadGroup", false, read_ultimate},
		{"SteppingThreadGroup", false, read_plain},
		{"ThreadGroup", false, read_plain},
};

bool jmeter_ends_with(const char *text, const char *end)
{
	size_t length = strlen(text), tail = strlen(end);
	return length >= tail && strcmp(text + length - tail, end) == 0;
}

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
				.duration_s = NAN,
				.setup = group_kinds[i].setup,
				.parallel = 1,
				.threads_from = document_where(&j->document, node)};
		*ret_good = group_kinds[i].read(j, node, group);
		return group;
	}
	if (jmeter_ends_with(node->name, "ArrivalsThreadGroup")) {
		*ret_good = false;
		(void)document_error(&j->document,
				node,
				j->err,
				"an arrivals thread group is not read; give the plan's numbers "
				"as flags (headroom help workload)");
	}
	return NULL;
}
