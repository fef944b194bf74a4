/* GitHub workflows and composite actions: services, steps, and what earlier steps set. */
#include "model/lint/names.h"
#include "model/lint/ports.h"
#include "model/lint/readers.h"
#include "model/lint/shell.h"
#include "model/lint/steps.h"

static bool never_runs(const struct node *node)
{
	struct slice condition = node_value(node, "if");
	return slice_is(condition, "false") || slice_is(condition, "${{ false }}");
}

static void set_names(struct lint_scan *scan, const struct node *environment)
{
	if (!environment)
		return;
	for (const struct node *item = environment->child; item; item = item->next)
		lint_set_name(scan, item->key, item->value, item->line);
}

/* Of several values the last one counts: where one lies in the range, the others mostly do. */
static void set_matrix(struct lint_scan *scan, const struct node *matrix)
{
	for (const struct node *axis = node_first(matrix); axis; axis = axis->next) {
		for (const struct node *item = axis->child; item; item = item->next) {
			if (item->kind == NODE_SCALAR)
				lint_set_name(scan, axis->key, item->value, item->line);
			else
				set_names(scan, item);
		}
	}
}

/* A variable that a program takes its own port from, where steps start it. */
static void read_environment(struct lint_scan *scan, const struct node *environment)
{
	struct lint_range ports;
	if (!environment)
		return;
	for (const struct node *item = environment->child; item; item = item->next) {
		bool own = name_is_own_port(item->key) && !name_has_word(item->key, "host");
		if (own && lint_local_address(item->value, &ports))
			lint_add(scan, item->line, ports, slice_text(scan->arena, item->key));
	}
}

static void read_services(struct lint_scan *scan, const struct node *services, const char *of)
{
	if (!services)
		return;
	scan->start = LINT_STARTS_SERVICE;
	for (const struct node *service = services->child; service; service = service->next) {
		const struct node *ports = node_get(service, "ports");
		struct slice name = service->key;
		if (!ports)
			continue;
		const char *what =
				arena_printf(scan->arena, "%s%s", of, slice_text(scan->arena, slice_cut(name, 60)));
		for (const struct node *item = ports->child; item; item = item->next)
			lint_add_published_node(scan, item, what);
	}
	scan->start = LINT_STARTS_STEP;
}

/* Does an action connect to the port that it is given? */
static bool action_connects(const struct node *step, const struct node *inputs)
{
	static const char *const words[] = {"ssh",
			"scp",
			"sftp",
			"ftp",
			"rsync",
			"deploy",
			"wait",
			"health",
			"healthcheck",
			"mail",
			"email",
			NULL};
	if (name_has_any(node_value(step, "uses"), words))
		return true;
	struct slice host = node_value(inputs, "host");
	struct slice server = node_value(inputs, "server");
	return host.length > 0 || server.length > 0;
}

/* An action that starts a database on a port: "postgresql port", "mongodb-port". */
static void read_inputs(struct lint_scan *scan, const struct node *step)
{
	static const char *const inner[] = {"container", "cluster", NULL};
	const struct node *inputs = node_get(step, "with");
	if (!inputs || action_connects(step, inputs))
		return;
	for (const struct node *item = inputs->child; item; item = item->next) {
		enum name_says says = name_says(item->key);
		bool own = says == NAME_PORT || says == NAME_LISTENS;
		if (own && !name_has_any(item->key, inner))
			lint_add_address_node(scan, item, slice_text(scan->arena, node_value(step, "uses")));
	}
	const struct node *start = node_get(inputs, "start");
	if (start)
		lint_read_script(scan, start);
}

static void workflow_read_step(struct lint_scan *scan, const struct node *step)
{
	const struct node *run = node_get(step, "run");
	const struct node *environment = node_get(step, "env");
	set_names(scan, environment);
	if (run)
		read_environment(scan, environment);
	read_inputs(scan, step);
	if (run)
		lint_read_step(scan, run);
}

static void read_steps(struct lint_scan *scan, const struct node *steps)
{
	if (!steps)
		return;
	scan->start = LINT_STARTS_STEP;
	for (const struct node *step = steps->child; step; step = step->next) {
		scan->step++;
		if (!never_runs(step))
			workflow_read_step(scan, step);
	}
}

/* Other systems hand out other ports. */
static const char *workflow_system_of(struct slice runs_on)
{
	if (slice_find(runs_on, "macos"))
		return "macos";
	if (slice_find(runs_on, "windows"))
		return "windows";
	return NULL;
}

static void read_job(struct lint_scan *scan, const struct node *job)
{
	size_t names = scan->name_count;
	const struct node *environment = node_get(job, "env");
	if (never_runs(job))
		return;
	lint_begin_job(scan, slice_text(scan->arena, slice_cut(job->key, 80)));
	scan->os = workflow_system_of(node_value(job, "runs-on"));
	set_names(scan, environment);
	set_matrix(scan, node_at(job, "strategy.matrix"));
	read_services(scan, node_get(job, "services"), "services.");
	const struct node *container = node_get(job, "container");
	if (container && container->kind == NODE_MAP) {
		struct node alone = *container;
		struct node list = {.kind = NODE_MAP, .child = &alone};
		alone.next = NULL;
		read_services(scan, &list, "");
	}
	scan->start = LINT_STARTS_STEP;
	read_environment(scan, environment);
	read_steps(scan, node_get(job, "steps"));
	lint_end_job(scan);
	scan->name_count = names;
}

bool lint_read_workflow(struct lint_scan *scan, const struct node *document)
{
	const struct node *jobs = node_get(document, "jobs");
	const struct node *runs = node_get(document, "runs");
	struct slice path = slice_of(lint_file_of(scan)->path);
	bool in_place = slice_find(path, ".github/workflows/") ||
			slice_find(path, ".gitea/workflows/") || slice_find(path, ".forgejo/workflows/");
	set_names(scan, node_get(document, "env"));
	if (in_place && jobs) {
		for (const struct node *job = jobs->child; job; job = job->next)
			read_job(scan, job);
		return true;
	}
	if (runs && node_get(runs, "steps")) {
		read_steps(scan, node_get(runs, "steps"));
		lint_end_job(scan);
		return true;
	}
	return in_place;
}
