/* Walks a test plan: what belongs to an element stands in the <hashTree> after it. Test fragments
 * count where a Module or Include Controller runs them. Sources: TestCompiler.java,
 * ModuleController.java, IncludeController.java, LoopController.java, TestFragmentController.java.
 */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/jmeter/jmeter.h"

enum {
	NESTING_MAX = 100,
	INCLUDES_MAX = 200,
	INCLUDES_DEEP = 8,
	VISITED_MAX = 300000 /* elements, those of fragments as often as they are called */
};

/* Where the walk is. */
struct place {
	const struct jmeter_scope *scope;
	struct jmeter_group *group; /* NULL: in none */
	double times;               /* how often it runs in an iteration of the group */
	unsigned depth;
};

static bool walk_tree(struct jmeter *j, const struct tree_node *tree, struct place place);

static const struct tree_node *next_element(const struct tree_node *at)
{
	while (at && at->kind != TREE_ELEMENT)
		at = at->next;
	return at;
}

/* The <hashTree> of an element, NULL if it has none. */
static const struct tree_node *tree_of(const struct tree_node *element)
{
	const struct tree_node *next = next_element(element->next);
	if (!next || strcmp(next->name, "hashTree") != 0)
		return NULL;
	return next;
}

/* User Defined Variables count everywhere, wherever they stand in the plan; not in a sampler's
 * arguments, which are no element of their own. */
static void read_variables(struct jmeter *j, const struct tree_node *element)
{
	for (const struct tree_node *at = element; (at = tree_next(element, at, "elementProp"));) {
		const struct tree_node *name = jmeter_node(at, "Argument.name"),
							   *value = jmeter_node(at, "Argument.value");
		if (name && value)
			jmeter_property_set(&j->variables,
					name->text,
					value->text,
					document_where(&j->document, value));
	}
}

static void read_all_variables(struct jmeter *j, const struct tree_node *tree)
{
	const struct tree_node *at = next_element(tree->child);
	for (; at; at = next_element(at->next)) {
		const struct tree_node *below = tree_of(at);
		if (!jmeter_enabled(at)) {
			if (below)
				at = below;
			continue;
		}
		if (strcmp(at->name, "Arguments") == 0 || strcmp(at->name, "TestPlan") == 0)
			read_variables(j, at);
		else if (strcmp(at->name, "hashTree") == 0)
			read_all_variables(j, at);
	}
}

/* The element of that name in a tree. */
static const struct tree_node *named_element(const struct tree_node *tree, const char *name)
{
	const struct tree_node *at = next_element(tree->child);
	for (; at; at = next_element(at->next))
		if (document_is(at, "testname", name))
			return at;
	return NULL;
}

/* What a Module Controller runs: the path of names to it begins with the root of JMeter's window.
 */
static const struct tree_node *module_target(const struct jmeter *j, const struct tree_node *module)
{
	const struct tree_node *path = jmeter_node(module, "ModuleController.node_path");
	const struct tree_node *tree = j->top, *found = NULL;
	if (!path || !path->child)
		return NULL;
	const struct tree_node *root = next_element(path->child), *name = NULL;
	if (root)
		name = next_element(root->next);
	for (; name; name = next_element(name->next)) {
		found = NULL;
		if (tree)
			found = named_element(tree, name->text);
		if (!found)
			return NULL;
		tree = tree_of(found);
	}
	return found;
}

static void ask_for_module(struct jmeter *j, const struct tree_node *module)
{
	plan_ask(j->plan,
			j->context,
			arena_printf(j->arena,
					"%s: the target of this Module Controller is not in the plan; how many "
					"connections are open at peak",
					document_where(&j->document, module)),
			W_CONNECTIONS,
			WORKLOAD_FIELDS);
}

/* The target runs in the place of the controller, also where it is disabled in its own place. */
static bool run_module(struct jmeter *j, const struct tree_node *module, struct place place)
{
	const struct tree_node *target = module_target(j, module), *below;
	if (!target) {
		ask_for_module(j, module);
		return true;
	}
	below = tree_of(target);
	return !below || walk_tree(j, below, place);
}

/* The first test fragment of a file, in document order; a <hashTree> is walked into. */
static const struct tree_node *first_fragment(const struct tree_node *root)
{
	return tree_next(root, root, "TestFragmentController");
}

/* As JMeter looks for it: from the current directory, then beside the plan. */
static const char *include_path(const struct jmeter *j, const char *written)
{
	const char *path = j->document.path, *slash = strrchr(path, '/');
	const struct plan_context *context = j->context;
	if (*written == '/' || !slash || plan_file_exists(context, j->command, written))
		return written;
	return arena_printf(j->arena, "%.*s/%s", (int)(slash - path), path, written);
}

static bool run_include(struct jmeter *j, const struct tree_node *include, struct place place)
{
	const char *written = jmeter_text(j, include, "IncludeController.includepath", NULL);
	const struct jmeter_property *prefix = jmeter_property_find(&j->properties,
			"includecontroller.prefix");
	const struct document outer = j->document;
	const struct tree_node *top = j->top, *fragment, *below = NULL;
	if (++j->includes > INCLUDES_MAX || j->include_depth == INCLUDES_DEEP)
		return document_error(&j->document,
				include,
				j->err,
				"more than %d files are included, or they include each other",
				INCLUDES_MAX);
	if (!written || !*written)
		return document_error(&j->document, include, j->err, "the include does not name its file");
	if (prefix)
		written = arena_printf(j->arena, "%s%s", prefix->value, written);
	if (!document_read(j->context,
				j->command,
				include_path(j, written),
				"xml",
				arena_printf(j->arena, "%s", document_where(&outer, include)),
				&j->document,
				j->err))
		return false;
	fragment = first_fragment(j->document.root);
	if (fragment)
		below = tree_of(fragment);
	j->top = tree_child(j->document.root, "hashTree");
	bool good = true;
	if (below) {
		read_all_variables(j, below);
		j->include_depth++;
		good = walk_tree(j, below, place);
		j->include_depth--;
	}
	j->document = outer;
	j->top = top;
	return good;
}

/* How often what is in a controller runs each time that the controller does. JMeter's window writes
 * continue_forever into every loop inside a group; its count ends it all the same
 * (LoopController.java, endOfLoop). */
static double repeats(struct jmeter *j, const struct tree_node *node, struct jmeter_group *group)
{
	static const char *const branching[] = {"IfController",
			"SwitchController",
			"RandomController",
			"InterleaveControl",
			"InterleaveController",
			"ThroughputController",
			"WhileController",
			"ForeachController",
			"RunTime",
			"WeightedSwitchController"};
	if (strcmp(node->name, "OnceOnlyController") == 0)
		return 0;
	for (size_t i = 0; i < COUNT_OF(branching); i++)
		group->branches |= jmeter_ends_with(node->name, branching[i]);
	if (strcmp(node->name, "LoopController") != 0)
		return 1;
	double loops = jmeter_guess(j, node, "LoopController.loops");
	if (!(loops >= 0))
		return 1;
	return loops;
}

/* The plug-in's Parallel Controller: each of its samplers has a thread and a connection of its own,
 * and they go when all of them are done. */
static void read_parallel(struct jmeter *j, const struct tree_node *node)
{
	if (j->other_sampler)
		return;
	j->other_sampler = document_where(&j->document, node);
	j->other_name = "Parallel Controller";
}

static bool walk_element(struct jmeter *j, const struct tree_node *at, struct place place)
{
	const struct tree_node *below = tree_of(at);
	struct jmeter_scope scope;
	bool good = true;
	if (++j->visited > VISITED_MAX)
		return document_error(&j->document, at, j->err, "more than %d elements run", VISITED_MAX);
	if (!place.group)
		place.group = jmeter_group_read(j, at, &good);
	else if (jmeter_is_sampler(at)) {
		const struct jmeter_scope *inner = place.scope;
		if (below) {
			jmeter_scope_enter(j, place.scope, below, &scope);
			inner = &scope;
		}
		jmeter_sampler(j, inner, at, place.group, place.times);
		return true;
	} else {
		place.times *= repeats(j, at, place.group);
	}
	if (!good)
		return false;
	if (place.group && strcmp(at->name, "ModuleController") == 0)
		return run_module(j, at, place);
	if (place.group && strcmp(at->name, "IncludeController") == 0)
		return run_include(j, at, place);
	if (place.group && jmeter_ends_with(at->name, "ParallelSampler"))
		read_parallel(j, at);
	return !below || walk_tree(j, below, place);
}

static bool walk_tree(struct jmeter *j, const struct tree_node *tree, struct place place)
{
	struct jmeter_scope scope;
	if (++place.depth > NESTING_MAX)
		return document_error(&j->document, tree, j->err, "nested too deeply");
	jmeter_scope_enter(j, place.scope, tree, &scope);
	place.scope = &scope;
	const struct tree_node *at = next_element(tree->child);
	for (; at; at = next_element(at->next)) {
		if (strcmp(at->name, "hashTree") == 0 || !jmeter_enabled(at) ||
				strcmp(at->name, "TestFragmentController") == 0)
			continue;
		if (!walk_element(j, at, place))
			return false;
	}
	return true;
}

bool jmeter_walk(struct jmeter *j)
{
	const struct place place = {.times = 1};
	read_all_variables(j, j->top);
	return walk_tree(j, j->top, place);
}
