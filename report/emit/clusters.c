/* Load generators where a cluster runs them: k6-operator, Locust as jobs, and what the kubelet of
 * their nodes must allow. Written after the published types (tests/emit), not run on a cluster;
 * each file says so. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "report/emit/emit.h"
#include "report/emit/pod_parts.h"

/* Counts of a cluster are int32. */
static const double count_max = 2147483647;

bool clusters_can_count(const struct fix_values *values)
{
	return !(values->machines > count_max);
}

static double cluster_count(const struct fix_values *values)
{
	if (values->machines >= 1)
		return values->machines;
	return 1;
}

static void cluster_header(struct arena *arena,
		const struct fix_values *values,
		const char *title,
		const char *tried,
		struct text *out)
{
	emit_header(arena, values, "# ", title, NULL, "kubectl delete -f this file", out);
	emit_comment(arena, out, "# ", tried);
	if (!(values->machines >= 1))
		emit_comment(arena,
				out,
				"# ",
				"How many it takes is not known here: headroom size PLAN --emit gives the number.");
	if (values->at_least)
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena, "At least so many: %s", emit_plain(arena, values->at_least)));
	if (!values->memory_counted && values->memory_bytes > 0)
		emit_comment(arena,
				out,
				"# ",
				"Memory: the connections' alone; what the program takes is not known. Measure one, "
				"and raise the request.");
	pod_parts_of_node(arena, values, out);
}

static void cluster_nothing(const struct fix_values *values, struct text *out)
{
	if (!values->sysctl_count && !fix_values_have_nofile(values) && isnan(values->tasks_max))
		text_add(out, "# Nothing to set: a pod needs no value that it does not have.\n");
}

static void cluster_requests(const struct fix_values *values,
		const char *indent,
		double cpus,
		struct text *out)
{
	double memory = pod_parts_memory_mib(values);
	if (!(memory > 0) && !(cpus > 0))
		return;
	text_addf(out, "%sresources:\n%s  requests:\n", indent, indent);
	if (cpus > 0)
		text_addf(out, "%s    cpu: \"%.0f\"\n", indent, cpus);
	if (memory > 0)
		text_addf(out, "%s    memory: %.0fMi\n", indent, memory);
}

/* --- k6-operator
 * ------------------------------------------------------------------------------------ */

static const char *const k6_drop[] = {
		"run",
		"--execution-segment ",
		"--execution-segment-sequence ",
		"--paused",
		"--address ",
		"-a ",
		NULL,
};
static const char *const k6_files[] = {".js", ".ts", ".tar", NULL};

static bool cluster_runs(const struct fix_values *values, const char *program)
{
	const struct name_list *words = &values->command;
	if (words->count == 0)
		return false;
	const char *name = words->items[0];
	const char *slash = strrchr(name, '/');
	if (slash)
		name = slash + 1;
	return strcmp(name, program) == 0;
}

static void add_arguments(struct arena *arena, const struct fix_values *values, struct text *out)
{
	if (!cluster_runs(values, "k6")) {
		text_add(out,
				"  # arguments: options of k6 for the whole test; its parts are made by the "
				"operator.\n");
		return;
	}
	const struct pod_command command = pod_parts_command(arena, values, k6_drop, k6_files);
	if (!command.plain) {
		text_add(out,
				"  # arguments: not written, since a word of the command is secret or needs "
				"quotes.\n");
		return;
	}
	if (command.rest.count == 0)
		return;
	text_add(out, "  arguments: \"");
	for (size_t i = 0; i < command.rest.count; i++)
		text_addf(out, "%s%s", i > 0 ? " " : "", command.rest.items[i]);
	text_add(out, "\"\n");
}

void emit_k6_operator(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct pod_command command = {0};
	bool several = cluster_count(values) > 1;
	if (cluster_runs(values, "k6"))
		command = pod_parts_command(arena, values, k6_drop, k6_files);
	const char *file = "script.js";
	if (command.file)
		file = command.file;
	cluster_header(arena,
			values,
			"a TestRun of k6-operator",
			"Checked against the types of k6.io/v1alpha1; not run on a cluster. Replace "
			"CONFIGMAP by the ConfigMap that has the script.",
			out);
	cluster_nothing(values, out);
	text_addf(out,
			"apiVersion: k6.io/v1alpha1\nkind: TestRun\nmetadata:\n  name: headroom-load\nspec:\n"
			"  parallelism: %.0f\n",
			cluster_count(values));
	if (several)
		text_add(out, "  separate: true   # a node for each: what they share was counted once\n");
	add_arguments(arena, values, out);
	text_add(out, "  script:\n    configMap:\n      name: CONFIGMAP\n      file: ");
	emit_quoted(arena, out, file);
	text_add(out, "\n");
	struct text runner = {0};
	cluster_requests(values, "    ", 0, &runner);
	(void)pod_parts_sysctls(arena, values, "    ", &runner);
	if (runner.length)
		text_addf(out, "  runner:\n%s", runner.data);
	text_release(&runner);
}

/* --- Locust
 * ------------------------------------------------------------------------------------ */

static const char *const locust_drop[] = {
		"-f ",
		"--locustfile ",
		"--headless",
		"--autostart",
		"--autoquit ",
		"--master",
		"--worker",
		"--master-host ",
		"--master-port ",
		"--master-bind-host ",
		"--master-bind-port ",
		"--expect-workers ",
		"--expect-workers-max-wait ",
		"--processes ",
		"--web-host ",
		"--web-port ",
		"-P ",
		NULL,
};
static const char *const locust_files[] = {".py", NULL};

struct locust_jobs {
	double pods, processes; /* processes of each pod */
	struct pod_command command;
	const char *file;
};

static void locust_argument(struct arena *arena, struct text *out, const char *word)
{
	text_add(out, ", ");
	emit_quoted(arena, out, word);
}

static void locust_master_args(struct arena *arena,
		const struct locust_jobs *jobs,
		struct text *out)
{
	text_add(out, "          command: [locust, -f, ");
	emit_quoted(arena, out, jobs->file);
	text_add(out, ", --headless, --master, ");
	text_addf(out, "\"--expect-workers=%.0f\"", jobs->pods * jobs->processes);
	if (jobs->command.rest.count && jobs->command.plain)
		for (size_t i = 0; i < jobs->command.rest.count; i++)
			locust_argument(arena, out, jobs->command.rest.items[i]);
	else
		text_add(out, ", -u, USERS, -r, RATE, -t, TIME");
	text_add(out, "]\n");
}

static void locust_job(const char *name, double pods, struct text *out)
{
	text_addf(out,
			"---\napiVersion: batch/v1\nkind: Job\nmetadata:\n  name: %s\nspec:\n  backoffLimit: "
			"0\n",
			name);
	text_addf(out, "  parallelism: %.0f\n  completions: %.0f\n", pods, pods);
	text_addf(out,
			"  template:\n    metadata:\n      labels:\n        app: %s\n    spec:\n      "
			"restartPolicy: Never\n",
			name);
}

static const char locust_apart[] =
		"      affinity:   # a node for each: what they share was counted once\n"
		"        podAntiAffinity:\n"
		"          requiredDuringSchedulingIgnoredDuringExecution:\n"
		"            - topologyKey: kubernetes.io/hostname\n"
		"              labelSelector:\n"
		"                matchLabels:\n"
		"                  app: headroom-locust-worker\n";

static void locust_workers(struct arena *arena,
		const struct fix_values *values,
		const struct locust_jobs *jobs,
		struct text *out)
{
	locust_job("headroom-locust-worker", jobs->pods, out);
	if (jobs->pods > 1)
		text_add(out, locust_apart);
	(void)pod_parts_sysctls(arena, values, "      ", out);
	text_add(out, "      containers:\n        - name: locust\n          image: IMAGE\n");
	text_add(out, "          command: [locust, -f, ");
	emit_quoted(arena, out, jobs->file);
	text_addf(out,
			", --worker, --master-host=headroom-locust-master, \"--processes=%.0f\"]\n",
			jobs->processes);
	cluster_requests(values, "          ", jobs->processes, out);
}

void emit_locust_kubernetes(struct arena *arena, const struct fix_values *values, struct text *out)
{
	struct locust_jobs jobs = {.pods = cluster_count(values), .processes = 1};
	jobs.command.plain = true;
	if (values->vcpus >= 1)
		jobs.processes = floor(values->vcpus);
	if (cluster_runs(values, "locust"))
		jobs.command = pod_parts_command(arena, values, locust_drop, locust_files);
	jobs.file = "locustfile.py";
	if (jobs.command.file)
		jobs.file = jobs.command.file;
	cluster_header(arena,
			values,
			"Locust on Kubernetes: a master, and workers as a job",
			"Checked against the types of batch/v1 of Kubernetes; not run on a cluster. IMAGE has "
			"Locust 2.18 or later (--processes) and the locustfile in its working directory. A "
			"process uses one core: each pod has one for each of its processors.",
			out);
	if (!jobs.command.plain)
		emit_comment(arena,
				out,
				"# ",
				"Options of the command that are secret or need quotes were not written: complete "
				"those of the master.");
	cluster_nothing(values, out);
	text_add(out,
			"apiVersion: v1\nkind: Service\nmetadata:\n  name: headroom-locust-master\nspec:\n"
			"  selector:\n    app: headroom-locust-master\n  ports:\n    - name: master\n      "
			"port: "
			"5557\n");
	locust_job("headroom-locust-master", 1, out);
	text_add(out, "      containers:\n        - name: locust\n          image: IMAGE\n");
	locust_master_args(arena, &jobs, out);
	text_add(out, "          ports:\n            - containerPort: 5557\n");
	locust_workers(arena, values, &jobs, out);
}

/* --- kubelet
 * ------------------------------------------------------------------------------------ */

void emit_kubelet(struct arena *arena, const struct fix_values *values, struct text *out)
{
	bool any = false;
	emit_header(arena,
			values,
			"# ",
			"members of the kubelet's configuration",
			"/var/lib/kubelet/config.yaml of the nodes, merged into it",
			"delete these members, then restart the kubelet",
			out);
	emit_comment(arena,
			out,
			"# ",
			"Checked against the types of kubelet.config.k8s.io/v1beta1; not run on a node. A list "
			"replaces the one before it: add to yours. Restart the kubelet. Managed nodes take "
			"these values in the provider's own form.");
	if (fix_values_have_nofile(values))
		emit_comment(arena,
				out,
				"# ",
				arena_printf(arena,
						"Open files are not the kubelet's: LimitNOFILE=%s of containerd or CRI-O "
						"on the nodes.",
						pod_parts_ulimit(arena, values)));
	pod_parts_of_host(arena, values, out);
	text_add(out, "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n");
	for (size_t i = 0; i < values->sysctl_count; i++) {
		if (!pod_parts_is_unsafe(&values->sysctls[i]))
			continue;
		if (!any)
			text_add(out, "allowedUnsafeSysctls:\n");
		any = true;
		text_addf(out, "  - %s\n", values->sysctls[i].key);
	}
	if (isfinite(values->tasks_max))
		text_addf(out, "podPidsLimit: %.0f\n", values->tasks_max);
	if (!any && !isfinite(values->tasks_max))
		text_add(out, "# Nothing to set: pods need no unsafe sysctl, and no more threads.\n");
}
