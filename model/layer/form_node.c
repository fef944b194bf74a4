/* Limits of pods that no member of a pod sets: the container runtime of the node gives them. */
#include <string.h>

#include "model/layer/form_make.h"

/* default_ulimits of CRI-O win over what its service has (crio.conf(5)). */
static void by_crio(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form)
{
	form->say = "put these lines into a file on the node, together with the other "
				"entries of default_ulimits, and restart CRI-O; a pod has no field for "
				"this";
	form->undo_say = "remove that file on the node, and restart CRI-O";
	form_add_file(form,
			"crio",
			"/etc/crio/crio.conf.d/99-headroom.conf",
			arena_printf(q->arena,
					"[crio.runtime]\ndefault_ulimits = [\n  \"%s=%s:%s\"\n]",
					limit->name,
					limit->soft,
					limit->hard));
}

/* cri-dockerd makes pods by dockerd. */
static void by_dockerd(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form)
{
	form->say = arena_printf(q->arena,
			"merge default-ulimits with %s into /etc/docker/daemon.json on the node, "
			"and restart dockerd; a pod has no field for this",
			limit->name);
	form->undo_say = "remove it from daemon.json, and restart dockerd";
	form_add_file(form,
			"docker-daemon",
			"/etc/docker/daemon.json",
			arena_printf(q->arena,
					"{\"default-ulimits\": {\"%s\": {\"Name\": \"%s\", \"Soft\": %s, \"Hard\": "
					"%s}}}",
					limit->name,
					limit->name,
					limit->soft,
					limit->hard));
}

/* What each container's specification begins with wins over what the service has. */
static void by_specification(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form)
{
	form->say = arena_printf(q->arena,
			"set soft %s and hard %s on the node in %s, which containerd's "
			"base_runtime_spec names, and restart containerd; a pod has no field for "
			"this",
			limit->soft,
			limit->hard,
			q->holder->node.files_by);
	form->undo_say = "set it back there";
}

static void by_service(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form)
{
	const char *runtime = q->holder->node.runtime;
	if (!runtime)
		runtime = "containerd";
	form->say = arena_printf(q->arena,
			"raise %s of the container runtime's service on the node to %s, and "
			"restart it; a pod has no field for this",
			limit->unit_line,
			limit->unit_value);
	form->undo_say = "remove the drop-in on the node";
	form_add_file(form,
			"systemd",
			arena_printf(q->arena, "/etc/systemd/system/%s.service.d/headroom.conf", runtime),
			arena_printf(q->arena, "[Service]\n%s=%s", limit->unit_line, limit->unit_value));
	if (!q->holder->node.runtime)
		form_note(q->arena, form, "With CRI-O, that service is crio.service.");
}

void form_of_node(const struct form_question *q,
		const struct node_limit *limit,
		struct fix_form *form)
{
	const struct node_settings *node = &q->holder->node;
	const char *runtime = node->runtime;
	bool files = strcmp(limit->name, "nofile") == 0;
	if (!runtime)
		runtime = "";
	form->restart = "the node's container runtime, then the pod";
	form->shared_with = "every container of the node";
	if (strcmp(runtime, "crio") == 0)
		by_crio(q, limit, form);
	else if (files && node->files_by && strcmp(runtime, "dockerd") == 0)
		by_dockerd(q, limit, form);
	else if (files && node->files_by)
		by_specification(q, limit, form);
	else
		by_service(q, limit, form);
}
