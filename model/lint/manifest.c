/* Kubernetes manifests, kind and k3d clusters: what takes a port of the node. */
#include "model/lint/ports.h"
#include "model/lint/readers.h"
#include "model/lint/scope.h"

static bool on_host_network(const struct node *pod)
{
	return slice_is(node_value(pod, "hostNetwork"), "true");
}

/* A port of a container whose pod is on the host's network is the host's. */
static void manifest_container_ports(struct lint_scan *scan, const struct node *container)
{
	const struct node *ports = node_get(container, "ports");
	const struct node *port = node_first(ports);
	while (port) {
		const struct node *inner = node_get(port, "containerPort");
		const struct node *outer = node_get(port, "hostPort");
		if (inner && !outer)
			lint_add_address_node(scan, inner, "containerPort on the host's network");
		port = port->next;
	}
}

static void read_host_container(struct lint_scan *scan, const struct node *container)
{
	const struct node *command = node_get(container, "command");
	const struct node *arguments = node_get(container, "args");
	manifest_container_ports(scan, container);
	lint_read_arguments(scan, command, NULL);
	lint_read_arguments(scan, arguments, "server");
}

static void read_pod(struct lint_scan *scan, const struct node *pod)
{
	static const char *const lists[] = {
			"containers",
			"initContainers",
			NULL,
	};
	bool on_host = on_host_network(pod);
	const struct node *context = node_get(pod, "securityContext");
	if (context)
		lint_check_sysctls(scan, node_get(context, "sysctls"), on_host);
	for (const char *const *list = lists; *list && on_host; list++) {
		const struct node *containers = node_get(pod, *list);
		const struct node *container = node_first(containers);
		while (container) {
			read_host_container(scan, container);
			container = container->next;
		}
	}
}

static void read_port_member(struct lint_scan *scan, const struct node *node)
{
	static const char *const names[] = {
			"hostPort",
			"nodePort",
			"apiServerPort",
			NULL,
	};
	const char *what = slice_text(scan->arena, node->key);
	if (slice_in(node->key, names) && node->kind == NODE_SCALAR)
		lint_add_address_node(scan, node, what);
}

/* k3d: ports: [{port: "54320:80"}] */
static void read_cluster_port(struct lint_scan *scan, const struct node *node)
{
	const struct node *list = node->parent->parent;
	bool named = slice_is(node->key, "port");
	if (named && list && slice_is(list->key, "ports"))
		lint_add_published_node(scan, node, "k3d port");
}

static void walk_manifest(struct lint_scan *scan, const struct node *node)
{
	if (node_is_off(node))
		return;
	if (node_get(node, "containers"))
		read_pod(scan, node);
	const struct node *child = node->child;
	while (child) {
		read_port_member(scan, child);
		read_cluster_port(scan, child);
		walk_manifest(scan, child);
		child = child->next;
	}
}

bool lint_read_values(struct lint_scan *scan, const struct node *document)
{
	struct slice path = slice_of(lint_file_of(scan)->path);
	const char *slash = slice_last_char(path, '/');
	if (slash)
		path = slice_between(slash + 1, slice_end(path));
	if (!slice_begins(path, "values"))
		return false;
	walk_manifest(scan, document);
	return true;
}

bool lint_read_manifest(struct lint_scan *scan, const struct node *document)
{
	const struct node *version = node_get(document, "apiVersion");
	const struct node *kind = node_get(document, "kind");
	if (!version || !kind)
		return false;
	walk_manifest(scan, document);
	return true;
}
