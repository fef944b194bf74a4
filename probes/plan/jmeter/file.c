/* A test plan is begun, and its file is read. */
#include <string.h>

#include "probes/plan/jmeter/jmeter.h"

/* The environment, as the plan's ${__env()} asks for it. */
static const char *jmeter_environment(void *who, const char *name)
{
	const struct jmeter *j = who;
	const struct plan_context *context = j->context;
	return plan_variable(context, j->command, name, j->plan);
}

struct jmeter *jmeter_begin(const struct plan_context *context,
		const struct plan_command *command,
		struct plan *plan,
		struct error *err)
{
	struct arena *arena = plan->arena;
	struct jmeter *j = arena_alloc(arena, sizeof *j);
	struct jmeter_properties *properties = &j->properties;
	j->context = context;
	j->command = command;
	j->plan = plan;
	j->arena = arena;
	j->err = err;
	properties->arena = arena;
	properties->environment = jmeter_environment;
	properties->who = j;
	j->variables.arena = arena;
	size_t room = JMETER_GROUPS_MAX * sizeof *j->groups;
	j->groups = arena_alloc(arena, room);
	return j;
}

bool jmeter_read_file(struct jmeter *j, const char *path, const char *named_by)
{
	struct document *document = &j->document;
	const struct tree_node *root;
	const struct tree_node *test;
	if (!document_read(j->context, j->command, path, "xml", named_by, document, j->err))
		return false;
	root = document->root;
	j->top = tree_child(root, "hashTree");
	bool is_plan = strcmp(root->name, "jmeterTestPlan") == 0;
	if (!is_plan || !j->top)
		return document_error(document, root, j->err, "not a JMeter test plan");
	test = tree_child(j->top, "TestPlan");
	if (test)
		j->serialized = jmeter_is_true(j, test, "TestPlan.serialize_threadgroups", false);
	if (!jmeter_walk(j))
		return false;
	if (!j->group_count)
		return document_error(document, root, j->err, "no thread group is enabled");
	return true;
}
