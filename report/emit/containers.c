/* Docker, Podman and Kubernetes. What a container cannot have of its own is named, to be set on the
 * host. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "model/system.h"
#include "report/emit/emit.h"
#include "report/emit/pod_parts.h"

void emit_docker(struct arena *arena, const struct fix_values *values, struct text *out)
{
	bool any = false;
	text_add(out, "#!/bin/sh\n");
	emit_header(arena,
			values,
			"# ",
			"a container with these values",
			NULL,
			"start the container without them; nothing of the host is changed",
			out);
	emit_comment(arena,
			out,
			"# ",
			"Use: sh docker-run.sh [OPTIONS] IMAGE [COMMAND]; DOCKER=podman for Podman. Not with "
			"--network host: there the host's own values hold.");
	pod_parts_of_host(arena, values, out);
	text_add(out, "\nset -- \"$@\"\n");
	if (fix_values_have_nofile(values)) {
		text_addf(out, "set -- --ulimit nofile=%s \"$@\"\n", pod_parts_ulimit(arena, values));
		any = true;
	}
	if (isfinite(values->tasks_max)) {
		text_addf(out, "set -- --pids-limit %.0f \"$@\"\n", values->tasks_max);
		any = true;
	}
	for (size_t i = values->sysctl_count; i-- > 0;) {
		const struct fix_values_sysctl *sysctl = &values->sysctls[i];
		if (!sysctl_is_namespaced(sysctl->key) || values->host_network)
			continue;
		if (strchr(sysctl->to, ','))
			text_addf(out,
					"# Podman splits --sysctl at commas, Docker does not.\n"
					"case ${DOCKER:-docker} in *podman*) q='\"' ;; *) q= ;; esac\n"
					"set -- --sysctl \"${q}%s=%s${q}\" \"$@\"\n",
					sysctl->key,
					sysctl->to);
		else
			text_addf(out, "set -- --sysctl '%s=%s' \"$@\"\n", sysctl->key, sysctl->to);
		any = true;
	}
	if (!any)
		text_add(out, "# Nothing to set: a container needs no value that it does not have.\n");
	text_add(out, "exec \"${DOCKER:-docker}\" run \"$@\"\n");
}

/* JSON has no comments and dockerd refuses members that it does not know: the header is labels of
 * the daemon, which `docker info` shows. */
static void add_label(struct arena *arena,
		struct text *out,
		const char *name,
		const char *text,
		bool last)
{
	text_add(out, "    ");
	emit_quoted(arena, out, arena_printf(arena, "headroom.%s=%s", name, text));
	text_add(out, last ? "\n" : ",\n");
}

void emit_docker_daemon(struct arena *arena, const struct fix_values *values, struct text *out)
{
	char soft[FIX_VALUES_LIMIT_MAX], hard[FIX_VALUES_LIMIT_MAX];
	bool any = fix_values_have_nofile(values);
	double most = isnan(values->nofile_hard) ? values->nofile_soft : values->nofile_hard;
	text_add(out, "{\n");
	if (any)
		text_addf(out,
				"  \"default-ulimits\": {\n    \"nofile\": { \"Name\": \"nofile\", \"Soft\": %s, "
				"\"Hard\": %s }\n"
				"  },\n",
				isinf(values->nofile_soft) ? "-1" : fix_values_limit(soft, values->nofile_soft),
				isinf(most) ? "-1" : fix_values_limit(hard, most));
	text_add(out, "  \"labels\": [\n");
	add_label(arena, out, "plan", values->plan, false);
	add_label(arena, out, "host", values->host, false);
	add_label(arena, out, "date", values->date, false);
	add_label(arena, out, "tool", values->tool, false);
	add_label(arena,
			out,
			"then",
			any ? "merge into /etc/docker/daemon.json, restart dockerd, create the containers anew"
				: "nothing to set: the descriptor limits are enough",
			false);
	add_label(arena,
			out,
			"undo",
			"delete these members, restart dockerd, create the containers anew",
			true);
	text_add(out, "  ]\n}\n");
}

void emit_kubernetes(struct arena *arena, const struct fix_values *values, struct text *out)
{
	emit_header(arena,
			values,
			"# ",
			"a pod with these values",
			NULL,
			"delete the pod, or apply it without securityContext.sysctls",
			out);
	emit_comment(arena,
			out,
			"# ",
			"Take over securityContext; replace IMAGE. Not with hostNetwork. Checked against the "
			"schema of Kubernetes 1.37, not run on a cluster.");
	pod_parts_of_node(arena, values, out);
	text_add(out, "apiVersion: v1\nkind: Pod\nmetadata:\n  name: headroom-load\nspec:\n");
	if (!pod_parts_sysctls(arena, values, "  ", out))
		text_add(out, "  # Nothing to set: the pod needs no sysctls.\n");
	text_add(out, "  containers:\n    - name: load\n      image: IMAGE\n");
}
