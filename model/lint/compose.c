/* Compose files: what their services publish on the host. */
#include "model/lint/names.h"
#include "model/lint/ports.h"
#include "model/lint/readers.h"
#include "model/lint/scope.h"
#include "model/lint/shell.h"

void lint_add_published_node(struct lint_scan *scan, const struct node *node, const char *what)
{
	lint_add_published(scan, node->value, node->line, what);
}

void lint_add_address_node(struct lint_scan *scan, const struct node *node, const char *what)
{
	lint_add_address(scan, node->value, node->line, what);
}

void lint_read_arguments(struct lint_scan *scan, const struct node *node, const char *program)
{
	struct shell_command *command;
	if (!node)
		return;
	if (node->kind == NODE_SCALAR || node->kind == NODE_BLOCK) {
		lint_read_script(scan, node);
		return;
	}
	command = arena_alloc(scan->arena, sizeof *command);
	if (program)
		command->words[command->count++] = (struct shell_word){slice_of(program), node->line};
	for (const struct node *item = node->child; item; item = item->next) {
		if (command->count == SHELL_WORDS_MAX)
			break;
		if (item->kind == NODE_SCALAR || item->kind == NODE_BLOCK)
			command->words[command->count++] = (struct shell_word){item->value, item->line};
	}
	lint_read_command(scan, command);
}

void lint_read_script(struct lint_scan *scan, const struct node *node)
{
	lint_read_shell(scan, node->value, node->line);
}

/* {target: 5432, published: "52302"} */
static void read_long_port(struct lint_scan *scan, const struct node *item, const char *what)
{
	const struct node *published = node_get(item, "published");
	if (published)
		lint_add_address_node(scan, published, what);
}

static void compose_ports(struct lint_scan *scan, const struct node *service)
{
	const struct node *ports = node_get(service, "ports");
	const char *what = slice_text(scan->arena, slice_cut(service->key, 60));
	if (!ports)
		return;
	for (const struct node *item = ports->child; item; item = item->next) {
		if (item->kind == NODE_SCALAR)
			lint_add_published_node(scan, item, what);
		else
			read_long_port(scan, item, what);
	}
}

static bool runs_never(const struct node *service)
{
	if (slice_is(node_value(service, "scale"), "0"))
		return true;
	const struct node *replicas = node_at(service, "deploy.replicas");
	return replicas && slice_is(replicas->value, "0");
}

static void read_compose_service(struct lint_scan *scan, const struct node *service)
{
	bool on_host = slice_is(node_value(service, "network_mode"), "host");
	lint_check_sysctls(scan, node_get(service, "sysctls"), on_host);
	if (runs_never(service))
		return;
	if (!on_host) {
		compose_ports(scan, service);
		return;
	}
	/* On the host's network, what it listens on is the host's; ports are not published. */
	const struct node *environment = node_get(service, "environment");
	lint_read_arguments(scan, node_get(service, "command"), "server");
	lint_read_arguments(scan, node_get(service, "entrypoint"), NULL);
	for (const struct node *item = node_first(environment); item; item = item->next) {
		if (name_is_own_port(item->key))
			lint_add_address_node(scan, item, "on the host's network");
	}
}

static bool is_service(const struct node *node)
{
	static const char *const members[] = {"image",
			"build",
			"ports",
			"extends",
			"container_name",
			"command",
			"depends_on",
			"network_mode",
			"<<",
			"labels",
			"environment",
			"env_file",
			"volumes",
			"networks",
			"entrypoint",
			"deploy",
			"restart",
			"profiles",
			"healthcheck",
			NULL};
	for (const struct node *child = node->child; child; child = child->next) {
		if (slice_in(child->key, members))
			return true;
	}
	return false;
}

static bool is_compose_name(const char *path)
{
	struct slice whole = slice_of(path);
	const char *slash = slice_last_char(whole, '/');
	if (slash)
		whole = slice_between(slash + 1, slice_end(whole));
	return name_has_word(whole, "compose");
}

bool lint_read_compose(struct lint_scan *scan, const struct node *document)
{
	const struct node *services = node_get(document, "services");
	const struct node *first = NULL;
	bool is_compose = false;
	if (services && services->kind == NODE_MAP)
		first = services->child;
	/* The first version of the format had no "services". */
	if (!services && is_compose_name(lint_file_of(scan)->path))
		first = document->child;
	for (const struct node *service = first; service; service = service->next)
		is_compose |= is_service(service);
	if (!is_compose)
		return false;
	scan->start = LINT_STARTS_COMPOSE;
	for (const struct node *service = first; service; service = service->next)
		read_compose_service(scan, service);
	/* Parts that services take over by an anchor. */
	for (const struct node *part = document->child; part; part = part->next) {
		if (slice_begins(part->key, "x-"))
			read_compose_service(scan, part);
	}
	scan->start = LINT_STARTS_ANY;
	return true;
}
