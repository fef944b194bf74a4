/* The kinds of files, and what all of them share: header, comments, quoting. */
#include "report/emit/emit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "model/system.h"
#include "report/write/columns.h"

enum {
	WIDTH = 78
};

bool fix_values_have_sysctls(const struct fix_values *values)
{
	return values->sysctl_count > 0;
}

bool fix_values_have_nofile(const struct fix_values *values)
{
	return !isnan(values->nofile_soft);
}

bool fix_values_have_threads(const struct fix_values *values)
{
	return !isnan(values->tasks_max) || !isnan(values->nproc_soft);
}

bool fix_values_have_erlang(const struct fix_values *values)
{
	return !isnan(values->erlang_ports) || !isnan(values->erlang_processes);
}

static bool has_modules(const struct fix_values *values)
{
	return values->conntrack;
}

static bool has_service(const struct fix_values *values)
{
	return fix_values_have_nofile(values) || fix_values_have_erlang(values) ||
			fix_values_have_threads(values);
}

static bool has_login(const struct fix_values *values)
{
	return fix_values_have_nofile(values) || !isnan(values->nproc_soft);
}

static bool has_host(const struct fix_values *values)
{
	return fix_values_have_sysctls(values) || fix_values_have_nofile(values);
}

static bool has_live(const struct fix_values *values)
{
	return has_host(values) || values->macos.count > 0;
}

static bool has_pod(const struct fix_values *values)
{
	for (size_t i = 0; i < values->sysctl_count; i++)
		if (sysctl_is_namespaced(values->sysctls[i].key))
			return true;
	return false;
}

static bool has_container(const struct fix_values *values)
{
	return has_pod(values) || fix_values_have_nofile(values) || !isnan(values->tasks_max);
}

/* Only who was asked for a number of machines has one. */
static bool has_generators(const struct fix_values *values)
{
	return values->machines >= 1;
}

static bool has_kubelet(const struct fix_values *values)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		const char *key = values->sysctls[i].key;
		if (sysctl_is_namespaced(key) && !sysctl_is_safe_of_pods(key))
			return true;
	}
	return isfinite(values->tasks_max);
}

static bool has_macos(const struct fix_values *values)
{
	return values->darwin && (values->macos.count || fix_values_have_nofile(values));
}

enum {
	SYSCTLS = PART_POD_SYSCTL | PART_HOST_SYSCTL,
	NODE_PARTS = SYSCTLS | PART_FILES | PART_TASKS,
	ALL_PARTS = NODE_PARTS | PART_USER_THREADS | PART_ERLANG | PART_MACOS
};

const struct emit_kind emit_kinds[] = {
		{"sysctl",
				"headroom-sysctl.conf",
				"kernel settings, for sysctl.d",
				false,
				false,
				SYSCTLS,
				0,
				false,
				fix_values_have_sysctls,
				emit_sysctl},
		{"modules-load",
				"headroom-modules.conf",
				"kernel modules that must be there before sysctl.d is applied",
				false,
				false,
				0,
				0,
				false,
				has_modules,
				emit_modules},
		{"limits",
				"headroom-limits.conf",
				"limits of login sessions, for limits.d",
				false,
				false,
				PART_FILES | PART_USER_THREADS,
				0,
				false,
				has_login,
				emit_limits},
		{"systemd",
				"headroom-systemd.conf",
				"limits of a service, a systemd drop-in",
				false,
				false,
				PART_FILES | PART_TASKS | PART_USER_THREADS | PART_ERLANG,
				0,
				false,
				has_service,
				emit_systemd},
		{"docker",
				"docker-run.sh",
				"a container with these values",
				true,
				false,
				PART_POD_SYSCTL | PART_FILES | PART_TASKS,
				SYSCTLS,
				false,
				has_container,
				emit_docker},
		{"docker-daemon",
				"daemon.json",
				"default limits of containers",
				false,
				false,
				PART_FILES,
				0,
				true,
				fix_values_have_nofile,
				emit_docker_daemon},
		{"kubernetes",
				"pod.yaml",
				"a pod with these values",
				false,
				false,
				PART_POD_SYSCTL,
				NODE_PARTS,
				false,
				has_pod,
				emit_kubernetes},
		{"erlang",
				"vm.args",
				"flags of the Erlang VM, for vm.args",
				false,
				true,
				PART_ERLANG,
				0,
				false,
				fix_values_have_erlang,
				emit_erlang},
		{"erlang-env",
				"erlang.env",
				"environment of the Erlang VM",
				false,
				true,
				PART_ERLANG,
				0,
				false,
				fix_values_have_erlang,
				emit_erlang_env},
		{"macos",
				"headroom.plist",
				"values of a Mac, set at each start, for launchd",
				false,
				true,
				PART_MACOS | PART_FILES,
				0,
				false,
				has_macos,
				emit_macos},
		{"cloud-init",
				"cloud-init.yaml",
				"user data of a new machine",
				false,
				false,
				EMIT_HOST_PARTS,
				0,
				false,
				has_host,
				emit_cloud_init},
		{"terraform",
				"headroom.auto.tfvars.json",
				"variables for Terraform",
				false,
				false,
				EMIT_HOST_PARTS,
				0,
				true,
				has_host,
				emit_terraform},
		{"terraform-variables",
				"headroom.variables.tf",
				"what declares Terraform's variables",
				false,
				false,
				0,
				ALL_PARTS,
				false,
				has_host,
				emit_terraform_variables},
		{"startup-script",
				"startup.sh",
				"script that a machine runs at each start",
				true,
				false,
				EMIT_HOST_PARTS,
				0,
				false,
				has_host,
				emit_startup},
		{"k6-operator",
				"testrun.yaml",
				"a TestRun of k6-operator",
				false,
				false,
				PART_POD_SYSCTL,
				NODE_PARTS,
				false,
				has_generators,
				emit_k6_operator},
		{"locust-kubernetes",
				"locust.yaml",
				"Locust as jobs of Kubernetes",
				false,
				false,
				PART_POD_SYSCTL,
				NODE_PARTS,
				false,
				has_generators,
				emit_locust_kubernetes},
		{"kubelet",
				"kubelet.yaml",
				"members of the kubelet's configuration",
				false,
				false,
				PART_TASKS,
				SYSCTLS | PART_FILES,
				false,
				has_kubelet,
				emit_kubelet},
		{"ecs",
				"task-definition.json",
				"a task definition of Amazon ECS",
				false,
				false,
				PART_POD_SYSCTL | PART_FILES,
				0,
				true,
				has_container,
				emit_ecs},
		{"prometheus-rules",
				"headroom-rules.yml",
				"alerts of this plan's limits, for Prometheus",
				false,
				false,
				0,
				ALL_PARTS,
				false,
				emit_has_alerts,
				emit_prometheus_rules},
		{"ansible",
				"playbook.yaml",
				"playbook",
				false,
				false,
				EMIT_HOST_PARTS,
				0,
				false,
				has_host,
				emit_ansible},
		{"shell",
				"headroom.sh",
				"live values, then the program",
				true,
				true,
				SYSCTLS | PART_FILES | PART_MACOS,
				0,
				false,
				has_live,
				emit_shell},
};
const size_t emit_kinds_count = COUNT_OF(emit_kinds);

/* Is there a setting that no container has of its own? */
static bool has_kernel_wide(const struct fix_values *values)
{
	for (size_t i = 0; i < values->sysctl_count; i++) {
		if (!sysctl_is_namespaced(values->sysctls[i].key))
			return true;
	}
	return false;
}

const char *emit_kind_idle(const struct emit_kind *kind, const struct fix_values *values)
{
	bool limits = kind->write == emit_limits;
	if (values->darwin && !kind->mac)
		return "this form is for Linux, and the host judged is a Mac: --emit shell or --emit "
			   "macos holds its values";
	if (limits && values->held_unit)
		return "limits.d is for logins, and the process belongs to a service: --emit systemd "
			   "reaches it";
	if (limits && values->contained)
		return "limits.d is for logins, and the process runs in a container: --emit docker or "
			   "--emit kubernetes reaches it";
	if (kind->write == emit_prometheus_rules && has_generators(values))
		return "alerts watch the host that runs the test: write them there, with headroom fix";
	bool counts = kind->write == emit_k6_operator || kind->write == emit_locust_kubernetes;
	if (counts && !clusters_can_count(values))
		return "a cluster counts to 2,147,483,647, and the plan needs more hosts";
	bool inside = values->contained && !values->host_network;
	if (kind->write == emit_sysctl && inside && !has_kernel_wide(values))
		return "a container has these settings for itself, whatever the host's are: --emit docker "
			   "or --emit kubernetes reaches it";
	return NULL;
}

const struct emit_kind *emit_kind_find(const char *name)
{
	for (size_t i = 0; i < emit_kinds_count; i++)
		if (!strcmp(emit_kinds[i].name, name))
			return &emit_kinds[i];
	return NULL;
}

const char *fix_values_limit(char out[FIX_VALUES_LIMIT_MAX], double value)
{
	if (isinf(value))
		return "infinity";
	(void)snprintf(out, FIX_VALUES_LIMIT_MAX, "%.0f", value);
	return out;
}

const char *emit_plain(struct arena *arena, const char *text)
{
	/* Escapes, quotes, templates ({{ of Jinja): none of them in a comment or a name. */
	static const char bad[] = "\\\"`{}$", good[] = "/''()S";
	char *out = arena_strdup(arena,
			columns_to_ascii(arena, text_clean(arena, text, strlen(text), 600)));
	for (char *p = out; *p; p++) {
		const char *at = strchr(bad, *p);
		if (at)
			*p = good[at - bad];
		else if (*p < 0x20 || *p > 0x7e)
			*p = '?';
	}
	return out;
}

void emit_comment(struct arena *arena, struct text *out, const char *prefix, const char *text)
{
	const char *rest = arena_printf(arena, "%s  ", prefix);
	columns_wrap(out, prefix, rest, text, WIDTH);
}

/* Files that a login reads, and files of others. */
static bool is_at_login(const struct fix_values *values)
{
	return (values->parts_here & PART_USER_THREADS) && !(values->parts_here & PART_TASKS);
}

/* What restarts after a login's limits change; NULL: the file says itself how it takes effect. */
static const char *restart_of_login(const struct fix_values *values,
		const struct fix_restart *restart)
{
	bool mac = (values->parts_here & PART_MACOS) && !(values->parts_here & PART_POD_SYSCTL);
	if (is_at_login(values))
		return "the program, after a new login";
	if (mac)
		return restart->text;
	return NULL;
}

/* Of the changes that are in the file. */
static void emit_restarts(struct arena *arena,
		const struct fix_values *values,
		const char *prefix,
		struct text *out)
{
	struct name_list texts = {0};
	for (size_t i = 0; i < values->restart_count; i++) {
		const struct fix_restart *restart = &values->restarts[i];
		const char *text = restart->text;
		if (!(restart->parts & values->parts_here))
			continue;
		if (restart->at_login)
			text = restart_of_login(values, restart);
		if (text)
			name_list_add_once(arena, &texts, emit_plain(arena, text));
	}
	for (size_t i = 0; i < texts.count; i++) {
		const char *line = arena_printf(arena, "Then restart: %s", texts.items[i]);
		emit_comment(arena, out, prefix, line);
	}
}

static void emit_left_out(struct arena *arena,
		const struct fix_values *values,
		const char *prefix,
		struct text *out)
{
	struct name_list missing = {0};
	const char *indented = arena_printf(arena, "%s  ", prefix);
	emit_missing(arena, values, values->parts_here | values->parts_told, &missing);
	if (missing.count == 0)
		return;
	emit_comment(arena, out, prefix, "Not complete. The plan also needs:");
	for (size_t i = 0; i < missing.count; i++)
		emit_comment(arena, out, indented, missing.items[i]);
}

void emit_header(struct arena *arena,
		const struct fix_values *values,
		const char *prefix,
		const char *title,
		const char *path,
		const char *undo,
		struct text *out)
{
	const char *host = emit_plain(arena, values->host);
	if (!*host)
		host = "a host without a name";
	emit_comment(arena, out, prefix, arena_printf(arena, "headroom fix: %s.", title));
	emit_comment(arena,
			out,
			prefix,
			arena_printf(arena, "Plan: %s", emit_plain(arena, values->plan)));
	emit_comment(arena,
			out,
			prefix,
			arena_printf(arena,
					"Judged for: %s, on %s, by %s",
					host,
					emit_plain(arena, values->date),
					emit_plain(arena, values->tool)));
	if (path)
		emit_comment(arena, out, prefix, arena_printf(arena, "Belongs in: %s", path));
	emit_comment(arena, out, prefix, arena_printf(arena, "Undo: %s", undo));
	for (size_t i = values->sysctl_count; i-- > 0 && *undo && undo[strlen(undo) - 1] == ':';)
		if (values->sysctls[i].from)
			text_addf(out,
					"%s  sysctl -w %s='%s'\n",
					prefix,
					values->sysctls[i].key,
					values->sysctls[i].from);
	emit_restarts(arena, values, prefix, out);
	emit_left_out(arena, values, prefix, out);
}

void emit_quoted(struct arena *arena, struct text *out, const char *text)
{
	text_addf(out, "\"%s\"", emit_plain(arena, text));
}

void emit_indented(struct text *out, const char *indent, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		if (length)
			text_add(out, indent);
		text_add_bytes(out, text, length);
		text_add(out, "\n");
		text += length + (text[length] == '\n');
	}
}
