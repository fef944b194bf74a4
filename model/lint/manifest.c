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
	for (; port; port = port->next) {
		const struct node *inner = node_get(port, "containerPort");
		if (inner && !node_get(port, "hostPort"))
			lint_add_address(scan,
					inner->value,
					inner->line,
					"containerPort on the host's network");
	}
}

static void read_pod(struct lint_scan *scan, const struct node *pod)
{
	static const char *const lists[] = {"containers", "initContainers", NULL};
	bool on_host = on_host_network(pod);
	const struct node *context = node_get(pod, "securityContext");
	if (context)
		lint_check_sysctls(scan, node_get(context, "sysctls"), on_host);
	for (const char *const *list = lists; *list && on_host; list++) {
		const struct node *containers = node_get(pod, *list);
		const struct node *container = node_first(containers);
		for (; container; container = container->next) {
			manifest_container_ports(scan, container);
			lint_read_arguments(scan, node_get(container, "command"), NULL);
			lint_read_arguments(scan, node_get(container, "args"), "server");
		}
	}
}

static void read_port_member(struct lint_scan *scan, const struct node *node)
{
	static const char *const names[] = {"hostPort", "nodePort", "apiServerPort", NULL};
	if (slice_in(node->key, names) && node->kind == NODE_SCALAR)
		lint_add_address(scan, node->value, node->line, slice_text(scan->arena, node->key));
}

/* k3d: ports: [{port: "54320:80"}] */
static void read_cluster_port(struct lint_scan *scan, const struct node *node)
{
	if (slice_is(node->key, "port") && node->parent->parent &&
			slice_is(node->parent->parent->key, "ports"))
		lint_add_published(scan, node->value, node->line, "k3d port");
}

static void walk_manifest(struct lint_scan *scan, const struct node *node)
{
	if (node_is_off(node))
		return;
	if (node_get(node, "containers"))
		read_pod(scan, node);
	for (const struct node *child = node->child; child; child = child->next) {
		read_port_member(scan, child);
		read_cluster_port(scan, child);
		walk_manifest(scan, child);
	}
}

bool lint_read_manifest(struct lint_scan *scan, const struct node *document)
{
	bool is_manifest = node_get(document, "apiVersion") && node_get(document, "kind");
	if (is_manifest)
		walk_manifest(scan, document);
	return is_manifest;
}
