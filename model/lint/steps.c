/* Steps of CI jobs, of any CI system. */
#include "model/lint/steps.h"

#include "model/lint/ports.h"
#include "model/lint/readers.h"
#include "model/lint/shell.h"

static bool starts_compose(struct slice script)
{
	static const char *const engines[] = {"docker compose",
			"docker-compose",
			"podman-compose",
			NULL};
	static const char *const verbs[] = {" up", " run", " start", NULL};
	return slice_find_any(script, engines) && slice_find_any(script, verbs);
}

static bool runs_tests(struct slice script)
{
	static const char *const words[] = {"test", "make check", "tox", "rspec", "spec", "nox", NULL};
	return slice_find_any(script, words);
}

/* limits.conf is read where a session begins: no step of a runner does so. */
static void check_limits_file(struct lint_scan *scan, const struct node *script)
{
	static const char *const items[] = {"nofile", "nproc", NULL};
	static const char *const sessions[] = {"su ", "sudo -i", "sudo -u", "runuser", "login", NULL};
	struct slice rest = script->value;
	struct slice line;
	if (!slice_find(rest, "/etc/security/limits") || slice_find_any(rest, sessions))
		return;
	for (size_t number = script->line; slice_line(&rest, &line); number++) {
		if (slice_begins(slice_trim(line), "#") || !slice_find(line, "/etc/security/limits"))
			continue;
		if (!slice_find_any(line, items))
			continue;
		lint_add_useless(scan,
				(struct lint_useless){
						.rule = LINT_ULIMIT,
						.line = number,
						.what = "limits.conf",
						.says = "limits.conf is read at a login: the steps that follow keep their "
								"limits",
						.instead = "ulimit -n in the step that needs it, or prlimit",
				});
		return;
	}
}

void lint_read_step(struct lint_scan *scan, const struct node *script)
{
	struct lint_job *job = NULL;
	if (scan->job > 0)
		job = &scan->found->jobs[scan->job - 1];
	if (job && job->compose == 0 && starts_compose(script->value))
		job->compose = scan->step;
	if (job && job->tests == 0 && runs_tests(script->value))
		job->tests = scan->step;
	lint_read_script(scan, script);
	lint_read_idle_ulimit(scan, script->value, script->line, "the end of this step");
	check_limits_file(scan, script);
}

/* --- other CI systems: scripts wherever they stand, in their order ---------------------------- */

static bool is_script_key(struct slice key)
{
	static const char *const keys[] = {"script",
			"before_script",
			"after_script",
			"before_install",
			"install",
			"run",
			"command",
			"commands",
			"bash",
			"sh",
			"pwsh",
			"cmd",
			"cmds",
			"init",
			"before",
			"test_script",
			"build_script",
			NULL};
	return slice_in(key, keys);
}

static void read_pipeline_node(struct lint_scan *scan, const struct node *node);

static void read_script_node(struct lint_scan *scan, const struct node *node)
{
	if (node->kind == NODE_SCALAR || node->kind == NODE_BLOCK) {
		scan->step++;
		lint_read_step(scan, node);
		return;
	}
	read_pipeline_node(scan, node);
	for (const struct node *item = node->child; item; item = item->next) {
		if (item->kind != NODE_SCALAR && item->kind != NODE_BLOCK)
			continue;
		scan->step++;
		/* Lines of one list share a shell: a ulimit among them holds for the next. */
		struct lint_job *job = NULL;
		if (scan->job > 0)
			job = &scan->found->jobs[scan->job - 1];
		if (job && job->compose == 0 && starts_compose(item->value))
			job->compose = scan->step;
		if (job && job->tests == 0 && runs_tests(item->value))
			job->tests = scan->step;
		lint_read_script(scan, item);
	}
}

/* Ports that Azure Pipelines publishes for a container. */
static void read_containers(struct lint_scan *scan, const struct node *containers)
{
	for (const struct node *item = containers->child; item; item = item->next) {
		const struct node *ports = node_get(item, "ports");
		if (!ports)
			continue;
		scan->start = LINT_STARTS_SERVICE;
		for (const struct node *port = ports->child; port; port = port->next)
			lint_add_published_node(scan, port, "containers");
		scan->start = LINT_STARTS_STEP;
	}
}

static void read_pipeline_node(struct lint_scan *scan, const struct node *node)
{
	for (const struct node *child = node->child; child; child = child->next) {
		if (child->kind == NODE_LIST && slice_is(child->key, "containers"))
			read_containers(scan, child);
		if (is_script_key(child->key))
			read_script_node(scan, child);
		else if (child->kind != NODE_SCALAR && child->kind != NODE_BLOCK)
			read_pipeline_node(scan, child);
	}
}

static bool is_pipeline(struct slice path)
{
	static const char *const names[] = {".gitlab-ci",
			".gitlab/",
			"gitlab-ci",
			".circleci/",
			"azure-pipelines",
			".azure",
			"bitbucket-pipelines",
			".travis.yml",
			".drone.yml",
			".woodpecker",
			".cirrus.yml",
			"appveyor.yml",
			".appveyor.yml",
			".buildkite/",
			"buildspec",
			".semaphore/",
			".gitpod.yml",
			"Taskfile",
			"taskfile",
			"lefthook.yml",
			".builds/",
			".build.yml",
			NULL};
	return slice_find_any(path, names);
}

static void pipeline_job(struct lint_scan *scan,
		const struct node *document,
		const struct node *job)
{
	const struct node *before = node_get(document, "before_script");
	lint_begin_job(scan, slice_text(scan->arena, slice_cut(job->key, 80)));
	scan->start = LINT_STARTS_STEP;
	if (before && !node_get(job, "before_script"))
		read_script_node(scan, before);
	if (is_script_key(job->key))
		read_script_node(scan, job);
	else
		read_pipeline_node(scan, job);
	lint_end_job(scan);
}

/* Is the whole file one job, as for Travis? */
static bool is_one_job(const struct node *document)
{
	return node_get(document, "script") || node_get(document, "steps") ||
			node_get(document, "test_script");
}

bool lint_read_pipeline(struct lint_scan *scan, const struct node *document)
{
	const struct node *jobs = node_get(document, "jobs");
	struct slice path = slice_of(lint_file_of(scan)->path);
	if (!is_pipeline(path))
		return false;
	const struct node *variables = node_get(document, "variables");
	for (const struct node *item = node_first(variables); item; item = item->next)
		lint_set_name(scan, item->key, item->value, item->line);
	if (is_one_job(document)) {
		lint_begin_job(scan, "");
		scan->start = LINT_STARTS_STEP;
		read_pipeline_node(scan, document);
		lint_end_job(scan);
		return true;
	}
	const struct node *resources = node_at(document, "resources.containers");
	if (resources)
		read_containers(scan, resources);
	if (!jobs)
		jobs = document;
	for (const struct node *job = jobs->child; job; job = job->next) {
		if (!slice_is(job->key, "before_script"))
			pipeline_job(scan, document, job);
	}
	return true;
}
