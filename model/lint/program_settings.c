/* Settings of programs: which of their numbers is a port that they listen on. */
#include <string.h>

#include "model/lint/names.h"
#include "model/lint/ports.h"
#include "model/lint/readers.h"
#include "model/lint/shell.h"

enum {
	MEMBERS_LOOKED_AT = 64 /* beside a port: its host, its user */
};

struct settings_file {
	struct lint_scan *scan;
	bool is_settings; /* by its name: a bare "port" in it is its program's */
	bool all_ports;   /* a file whose every port is listened on */
};

/* What serves: a port below such a name is a listener's. */
static const char *const serves[] = {"server",
		"servers",
		"http",
		"https",
		"web",
		"api",
		"grpc",
		"admin",
		"metrics",
		"rpc",
		"ws",
		"dev",
		"app",
		"serve",
		"emulators",
		"emulator",
		"mysqld",
		"studio",
		"inspector",
		"dashboard",
		"ui",
		"gateway",
		"entrypoints",
		"entry",
		"frontend",
		"node",
		"net",
		"tls",
		"tcp",
		"udp",
		"mqtt",
		"management",
		NULL};

static struct slice name_of_node(const struct node *node)
{
	if (node->key.length == 0 && node->parent)
		return node->parent->key;
	return node->key;
}

static bool path_has(const struct node *node, const char *const *words)
{
	for (; node; node = node->parent) {
		if (name_has_any(node->key, words))
			return true;
	}
	return false;
}

static bool path_is_of_others(const struct node *node)
{
	for (; node; node = node->parent) {
		/* Nx calls what it runs its targets. */
		bool runs = slice_is(node->key, "targets") && node_get(node, "serve");
		if (!runs && name_says(node->key) == NAME_OTHER)
			return true;
	}
	return false;
}

static bool path_is_of_client(const struct node *node)
{
	for (; node; node = node->parent) {
		if (name_is_of_client(node->key))
			return true;
	}
	return false;
}

static bool has_member(const struct node *map, const char *const *names)
{
	size_t left = MEMBERS_LOOKED_AT;
	for (const struct node *child = map->child; child && left-- > 0; child = child->next) {
		for (const char *const *name = names; *name; name++) {
			if (slice_is_folded(child->key, *name))
				return true;
		}
	}
	return false;
}

enum host_named {
	HOST_NONE,
	HOST_ANY,  /* 0.0.0.0: only a listener has that address */
	HOST_SELF, /* 127.0.0.1 */
	HOST_OTHER
};

static enum host_named host_beside(const struct node *node)
{
	static const char *const names[] = {"host", "hostname", "address", "ip", "server", NULL};
	static const char *const any[] = {"0.0.0.0", "::", "*", "[::]", NULL};
	static const char *const self[] = {"127.0.0.1", "localhost", "::1", "[::1]", NULL};
	size_t left = MEMBERS_LOOKED_AT;
	const struct node *child = node->parent->child;
	for (; child && left-- > 0; child = child->next) {
		if (!slice_in(child->key, names) || child->kind != NODE_SCALAR || child->value.length == 0)
			continue;
		if (slice_in(child->value, any))
			return HOST_ANY;
		if (slice_in(child->value, self))
			return HOST_SELF;
		return HOST_OTHER;
	}
	return HOST_NONE;
}

/* A plain "port": whose it is, its surroundings say. */
static bool port_is_own(const struct settings_file *file, const struct node *node)
{
	static const char *const account[] =
			{"user", "username", "password", "database", "dbname", "adapter", "pool", NULL};
	bool at_top = !node->parent->key.length;
	enum host_named host = host_beside(node);
	if (file->all_ports)
		return host == HOST_NONE;
	if (host == HOST_ANY)
		return true;
	if (host == HOST_OTHER || has_member(node->parent, account) || path_is_of_client(node))
		return false;
	if (path_has(node, serves))
		return true;
	return host == HOST_NONE && at_top && file->is_settings;
}

/* A list of addresses: "PLAINTEXT://:59092,CONTROLLER://:59093", "*:54320 ssl". */
static void read_addresses(struct settings_file *file, const struct node *node, bool local)
{
	struct lint_scan *scan = file->scan;
	struct slice rest = node->value;
	const char *what = node_path(scan->arena, node, 2);
	while (rest.length > 0) {
		size_t length = 0;
		struct lint_range ports;
		while (length < rest.length && !strchr(",; \t", rest.at[length]))
			length++;
		struct slice part = slice_cut(rest, length);
		struct lint_value value = lint_expand(scan, part, node->line);
		bool found = lint_address(value.text, &ports);
		if (local)
			found = lint_local_address(value.text, &ports) && slice_char(value.text, ':');
		if (found)
			lint_add_at(scan, value.file, value.line, ports, what);
		rest = slice_after(rest, length + 1);
	}
}

static bool names_address(struct slice key)
{
	static const char *const words[] = {"address", "addr", "urls", "url", "endpoint", NULL};
	return name_has_any(key, words);
}

/* clientPort: ZooKeeper; localPort: what skaffold forwards. */
static bool listens_by_name(struct slice key)
{
	static const char *const names[] = {"clientPort", "localPort", "local_port", NULL};
	return slice_in(key, names);
}

static void read_scalar(struct settings_file *file, const struct node *node)
{
	static const char *const listens[] = {"listen",
			"listener",
			"listeners",
			"bind",
			"entrypoints",
			"entry",
			"kestrel",
			"urls",
			NULL};
	struct lint_scan *scan = file->scan;
	struct slice key = name_of_node(node);
	struct lint_range ports;
	enum name_says says = name_says(key);
	if (listens_by_name(key))
		says = NAME_LISTENS;
	else if (says == NAME_OTHER || path_is_of_others(node))
		return;
	scan->likely = !file->all_ports && !path_has(node, listens);
	if (says == NAME_LISTENS) {
		read_addresses(file, node, false);
	} else if (says == NAME_PORT) {
		struct lint_value value = lint_expand(scan, node->value, node->line);
		if (lint_ports_of(value.text, &ports) && port_is_own(file, node))
			lint_add_at(scan, value.file, value.line, ports, node_path(scan->arena, node, 2));
	} else if (names_address(key)) {
		bool bare = slice_begins(node->value, ":") || slice_begins(node->value, "0.0.0.0:") ||
				slice_begins(node->value, "[::]:");
		if (bare || path_has(node, listens))
			read_addresses(file, node, true);
	}
	scan->likely = false;
}

/* A task of Ansible: {name: net.ipv4.…, value: …}. */
static void setting_read_task(struct lint_scan *scan, const struct node *map)
{
	const struct node *value = node_get(map, "value");
	struct slice name = node_value(map, "name");
	if (value && slice_find(name, "ip_local_"))
		lint_read_cure(scan, name, value->value, value->line);
}

/* Containers that Ansible starts. */
static void read_published(struct lint_scan *scan, const struct node *task)
{
	const struct node *ports = node_get(task, "published_ports");
	for (const struct node *port = node_first(ports); port; port = port->next)
		lint_add_published_node(scan, port, "published_ports");
}

static void walk_settings(struct settings_file *file, const struct node *node)
{
	if (node_is_off(node))
		return;
	read_published(file->scan, node);
	setting_read_task(file->scan, node);
	for (const struct node *child = node->child; child; child = child->next) {
		if (child->kind == NODE_BLOCK)
			continue;
		if (child->kind != NODE_SCALAR)
			walk_settings(file, child);
		else if (slice_find(child->key, "ip_local_"))
			lint_read_cure(file->scan, child->key, child->value, child->line);
		else if (node->parent || child->key.length > 0)
			read_scalar(file, child);
	}
}

static bool is_settings_name(struct slice path)
{
	static const char *const words[] = {"config",
			"conf",
			"cfg",
			"settings",
			"appsettings",
			"server",
			"application",
			"bootstrap",
			"options",
			NULL};
	static const char *const endings[] =
			{".conf", ".toml", ".ini", ".cfg", ".cnf", ".properties", NULL};
	static const char *const places[] = {"config/", "conf/", "etc/", NULL};
	static const char *const below[] = {"/config/", "/conf/", "/etc/", NULL};
	const char *slash = slice_last_char(path, '/');
	struct slice name = path;
	if (slice_begins_any(path, places) || slice_find_any(path, below))
		return true;
	if (slash)
		name = slice_between(slash + 1, slice_end(path));
	for (const char *const *ending = endings; *ending; ending++) {
		if (slice_ends(name, *ending))
			return true;
	}
	return name_has_any(name, words);
}

static bool is_settings_json(struct slice path)
{
	static const char *const names[] = {"firebase.json",
			"angular.json",
			"project.json",
			"workspace.json",
			NULL};
	for (const char *const *name = names; *name; name++) {
		if (slice_ends(path, *name))
			return true;
	}
	return false;
}

void lint_read_settings(struct lint_scan *scan, const struct node *root)
{
	struct slice path = slice_of(lint_file_of(scan)->path);
	struct settings_file file = {
			.scan = scan,
			.is_settings = is_settings_name(path),
			.all_ports = slice_ends(path, "supabase/config.toml"),
	};
	bool json = lint_file_of(scan)->kind == LINT_JSON;
	if (json && !file.is_settings && !is_settings_json(path))
		return;
	walk_settings(&file, root);
}

/* --- JSON files of a known name --------------------------------------------------------------- */

static void setting_read_scripts(struct lint_scan *scan, const struct node *root)
{
	const struct node *scripts = node_get(root, "scripts");
	const struct node *script = node_first(scripts);
	for (; script; script = script->next) {
		scan->name_count = 0;
		lint_read_script(scan, script);
	}
}

static void read_devcontainer(struct lint_scan *scan, const struct node *root)
{
	const struct node *ports = node_get(root, "appPort");
	struct lint_range range;
	if (ports && ports->kind == NODE_SCALAR)
		lint_add_published_node(scan, ports, "appPort");
	for (const struct node *port = node_first(ports); port; port = port->next) {
		/* A number alone is published under itself. */
		if (lint_ports_of(port->value, &range))
			lint_add(scan, port->line, range, "appPort");
		else
			lint_add_published_node(scan, port, "appPort");
	}
	const struct node *arguments = node_get(root, "runArgs");
	struct shell_command *command = arena_alloc(scan->arena, sizeof *command);
	command->words[command->count++].text = slice_of("docker");
	command->words[command->count++].text = slice_of("run");
	for (const struct node *word = node_first(arguments); word; word = word->next) {
		if (command->count < SHELL_WORDS_MAX)
			command->words[command->count++] = (struct shell_word){word->value, word->line};
	}
	lint_read_command(scan, command);
}

/* launch.json, tasks.json: what is started, and with which arguments. */
static void read_launches(struct lint_scan *scan, const struct node *node)
{
	for (const struct node *child = node->child; child; child = child->next) {
		if (slice_is(child->key, "args") || slice_is(child->key, "runtimeArgs"))
			lint_read_arguments(scan, child, "server");
		else if (slice_is(child->key, "command") && child->kind == NODE_SCALAR)
			lint_read_script(scan, child);
		else if (child->kind != NODE_SCALAR)
			read_launches(scan, child);
	}
}

/* launchSettings.json: "applicationUrl": "http://localhost:54320;https://localhost:54321" */
static void read_launch_settings(struct lint_scan *scan, const struct node *node)
{
	struct settings_file file = {.scan = scan};
	struct lint_range ports;
	const char *os = scan->os;
	for (const struct node *child = node->child; child; child = child->next) {
		/* IIS Express is a program of Windows. */
		scan->os = os;
		if (slice_is(child->key, "iisSettings"))
			scan->os = "windows";
		if (slice_is(child->key, "applicationUrl"))
			read_addresses(&file, child, false);
		else if (slice_is(child->key, "sslPort") && lint_ports_of(child->value, &ports))
			lint_add(scan, child->line, ports, "sslPort");
		else if (child->kind != NODE_SCALAR)
			read_launch_settings(scan, child);
	}
	scan->os = os;
}

bool lint_read_named_json(struct lint_scan *scan, const struct node *root)
{
	struct slice path = slice_of(lint_file_of(scan)->path);
	if (slice_ends(path, "package.json"))
		setting_read_scripts(scan, root);
	else if (slice_ends(path, "devcontainer.json"))
		read_devcontainer(scan, root);
	else if (slice_ends(path, ".vscode/launch.json") || slice_ends(path, ".vscode/tasks.json"))
		read_launches(scan, root);
	else if (slice_ends(path, "launchSettings.json"))
		read_launch_settings(scan, root);
	else
		return false;
	return true;
}
