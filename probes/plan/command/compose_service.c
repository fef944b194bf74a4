/* The services of a compose file as containers: variables put in, and every member under the option
 * of `docker run` that means the same. */
#include "probes/plan/command/compose.h"

#include <string.h>

#include "base/array.h"
#include "base/ascii.h"
#include "base/text.h"

/* --- values --------------------------------------------------------------------------------- */

/* NAME=VALUE of the file .env. */
static const char *dot_env(const struct compose *c, const char *name)
{
	size_t length = strlen(name);
	for (const char *line = c->variables; line && *line;) {
		const char *at = line;
		if (text_begins_with(at, "export ")) {
			at += strlen("export ");
		}
		size_t size = strcspn(at, "\r\n");
		if (!strncmp(at, name, length) && at[length] == '=') {
			const char *value = arena_copy(c->arena, at + length + 1, size - length - 1);
			size_t end = strlen(value);
			bool quoted = end > 1 && (*value == '"' || *value == '\'') && value[end - 1] == *value;
			if (quoted) {
				value = arena_copy(c->arena, value + 1, end - 2);
			}
			return value;
		}
		line = at + size;
		line += strspn(line, "\r\n");
	}
	return NULL;
}

static const char *compose_variable(const struct compose *c, const char *name)
{
	const struct peel *peel = c->peel;
	const char *value = plan_environment(peel->context, peel->command, name);
	if (!value) {
		value = dot_env(c, name);
	}
	return value;
}

/* ${NAME:-other}: `how` is behind NAME, `length` long. */
static void put_variable(struct compose *c,
		struct text *out,
		const char *name,
		const char *how,
		size_t length)
{
	const char *value = compose_variable(c, name);
	bool colon = length && *how == ':';
	char sign = '\0';
	if (length > colon) {
		sign = how[colon];
	}
	bool full = value && (*value || !colon);
	const char *other = "";
	if (sign) {
		other = arena_copy(c->arena, how + colon + 1, length - colon - 1);
	}
	if (sign == '+') {
		if (full) {
			text_add(out, other);
		}
	} else if (full) {
		text_add(out, value);
	} else if (sign == '-') {
		text_add(out, other);
	} else if (!value) {
		c->unset = name;
	}
}

/* A value of the file with its variables put in; "$$" is a dollar sign. NULL stays NULL. */
const char *compose_value(struct compose *c, const char *text)
{
	struct text out = {0};
	if (!text || !strchr(text, '$')) {
		return text;
	}
	for (const char *at = text; *at;) {
		size_t plain = strcspn(at, "$");
		text_add_bytes(&out, at, plain);
		at += plain;
		if (!*at) {
			break;
		}
		bool braces = at[1] == '{';
		const char *name = at + 1 + braces;
		size_t length = 0, end = 0;
		while (ascii_is_name(name[length])) {
			length++;
		}
		if (braces) {
			end = strcspn(name, "}");
		}
		if (!length || (braces && !name[end])) {
			text_add(&out, "$");
			at += 1 + (at[1] == '$');
			continue;
		}
		if (!braces) {
			end = length;
		}
		put_variable(c, &out, arena_copy(c->arena, name, length), name + length, end - length);
		at = name + end + braces;
	}
	return text_take(c->arena, &out);
}

static const char *service_value(struct compose *c, const struct tree_node *node, const char *name)
{
	return compose_value(c, tree_text(node, name));
}

/* --- one service ---------------------------------------------------------------------------- */

/* A member of the service: in the last file that has it. */
const struct tree_node *compose_member(const struct compose *c,
		const char *service,
		const char *name)
{
	for (size_t i = c->file_count; i-- > 0;) {
		const struct tree_node *services = tree_child(c->files[i].root, "services");
		const struct tree_node *found = tree_child(tree_child(services, service), name);
		if (found) {
			return found;
		}
	}
	return NULL;
}

/* The entries of a member in all files, "NAME=VALUE" whether they are a list or a mapping. */
static void service_entries(struct compose *c,
		struct container_words *to,
		const char *service,
		const char *name,
		const char *option)
{
	for (size_t i = 0; i < c->file_count; i++) {
		const struct tree_node *services = tree_child(c->files[i].root, "services");
		const struct tree_node *list = tree_child(tree_child(services, service), name);
		const struct tree_node *entry = NULL;
		if (list) {
			entry = list->child;
		}
		for (; entry; entry = entry->next) {
			const char *value = compose_value(c, entry->text);
			if (entry->kind != TREE_SCALAR) {
				continue;
			}
			if (list->kind == TREE_MAPPING && *value) {
				value = arena_printf(c->arena, "%s=%s", entry->name, value);
			} else if (list->kind == TREE_MAPPING) {
				value = entry->name;
			}
			container_option(to, option, value);
		}
	}
}

/* A path of the file, from where headroom runs. */
static const char *service_path(const struct compose *c, const char *path)
{
	bool absolute = path[0] == '/';
	if (absolute || path[0] == '~') {
		return path;
	}
	return arena_printf(c->arena, "%s%s", c->directory, path);
}

static void service_volumes(struct compose *c, struct container_words *to, const char *service)
{
	const struct tree_node *list = compose_member(c, service, "volumes"), *entry = NULL;
	if (list) {
		entry = list->child;
	}
	for (; entry; entry = entry->next) {
		const char *text = compose_value(c, entry->text), *colon = strchr(text, ':');
		const char *source = service_value(c, entry, "source");
		const char *target = service_value(c, entry, "target");
		bool plain = entry->kind == TREE_SCALAR && colon;
		if (!plain && source && target) {
			text = arena_printf(c->arena, "%s:%s", source, target);
			plain = true;
		}
		if (!plain) {
			continue;
		}
		if (*text == '.' || *text == '/') { /* else a volume, which has a name */
			container_option(to, "-v", service_path(c, text));
		}
	}
}

/* configs: files that the compose file names or holds. */
static void service_configs(struct compose *c, struct container_words *to, const char *service)
{
	const struct tree_node *list = compose_member(c, service, "configs"), *entry = NULL;
	if (list) {
		entry = list->child;
	}
	for (; entry; entry = entry->next) {
		const char *name = entry->text, *target = service_value(c, entry, "target");
		if (entry->kind != TREE_SCALAR) {
			name = tree_text(entry, "source");
		}
		const struct tree_node *configs = tree_child(c->files[0].root, "configs");
		if (!name) {
			continue;
		}
		const struct tree_node *config = tree_child(configs, name);
		const char *file = service_value(c, config, "file"),
				   *content = service_value(c, config, "content");
		if (!target) {
			target = arena_printf(c->arena, "/%s", name);
		}
		if (content) {
			file = arena_printf(c->arena, "compose.config/%s", name);
			peel_written(c->peel, file, content);
		} else if (file) {
			file = service_path(c, file);
		}
		if (file) {
			container_option(to, "-v", arena_printf(c->arena, "%s:%s", file, target));
		}
	}
}

static void service_ulimits(struct compose *c, struct container_words *to, const char *service)
{
	const struct tree_node *files = tree_child(compose_member(c, service, "ulimits"), "nofile");
	const char *soft = service_value(c, files, "soft"), *hard = service_value(c, files, "hard");
	if (files && files->kind == TREE_SCALAR) {
		soft = hard = compose_value(c, files->text);
	}
	if (soft && hard) {
		container_option(to, "--ulimit", arena_printf(c->arena, "nofile=%s:%s", soft, hard));
	}
}

static void service_ports(struct compose *c, struct container_words *to, const char *service)
{
	const struct tree_node *list = compose_member(c, service, "ports"), *entry = NULL;
	if (list) {
		entry = list->child;
	}
	for (; entry; entry = entry->next) {
		const char *published = service_value(c, entry, "published");
		const char *target = service_value(c, entry, "target");
		const char *port = NULL;
		if (entry->kind == TREE_SCALAR) {
			port = compose_value(c, entry->text);
		} else if (published && target) {
			port = arena_printf(c->arena, "%s:%s", published, target);
		}
		container_option(to, "-p", port);
	}
}

static void service_network(struct compose *c, struct container_words *to, const char *service)
{
	const struct tree_node *mode = compose_member(c, service, "network_mode");
	const char *text = NULL;
	if (mode) {
		text = compose_value(c, mode->text);
	}
	if (text && text_begins_with(text, "service:")) {
		text = arena_printf(c->arena, "container:%s", text + strlen("service:"));
	}
	container_option(to, "--network", text);
}

static void service_resources(struct compose *c, struct container_words *to, const char *service)
{
	static const char *const members[] = {
			"cpus",
			"cpuset",
			"mem_limit",
			"pids_limit",
			"working_dir",
	};
	static const char *const names[] = {
			"--cpus",
			"--cpuset-cpus",
			"--memory",
			"--pids-limit",
			"--workdir",
	};
	const struct tree_node *deploy = compose_member(c, service, "deploy");
	const struct tree_node *limits = tree_child(tree_child(deploy, "resources"), "limits");
	for (size_t i = 0; i < COUNT_OF(members); i++) {
		const struct tree_node *node = compose_member(c, service, members[i]);
		if (node) {
			container_option(to, names[i], compose_value(c, node->text));
		}
	}
	container_option(to, "--cpus", service_value(c, limits, "cpus"));
	container_option(to, "--memory", service_value(c, limits, "memory"));
	container_option(to, "--pids-limit", service_value(c, limits, "pids"));
}

/* The words of a list, or of a text that is split. */
static void service_add(struct compose *c, const struct tree_node *node, struct name_list *words)
{
	const struct tree_node *entry = NULL;
	if (node && node->kind == TREE_SCALAR) {
		container_split(c->arena, compose_value(c, node->text), words);
	} else if (node) {
		entry = node->child;
	}
	for (; entry; entry = entry->next) {
		name_list_append(c->arena, words, compose_value(c, entry->text));
	}
}

static void service_env_files(struct compose *c, struct container_words *to, const char *service)
{
	const struct tree_node *node = compose_member(c, service, "env_file"), *entry = NULL;
	if (node && node->kind == TREE_SCALAR) {
		container_option(to, "--env-file", service_path(c, compose_value(c, node->text)));
	} else if (node) {
		entry = node->child;
	}
	for (; entry; entry = entry->next) {
		const char *path = compose_value(c, entry->text);
		if (entry->kind != TREE_SCALAR) {
			path = service_value(c, entry, "path");
		}
		if (path) {
			container_option(to, "--env-file", service_path(c, path));
		}
	}
}

/* The service as its container. `entry` and `command` of `compose run` win over the file's. */
struct container_words compose_service(struct compose *c,
		const char *service,
		const char *entry,
		const struct name_list *command)
{
	struct container_words to = {.arena = c->arena};
	struct name_list first = {0};
	const struct tree_node *image = compose_member(c, service, "image");
	to.image = arena_printf(c->arena, "%s (built here)", service);
	if (image) {
		to.image = compose_value(c, image->text);
	}
	service_network(c, &to, service);
	service_ulimits(c, &to, service);
	service_entries(c, &to, service, "sysctls", "--sysctl");
	service_env_files(c, &to, service);
	service_entries(c, &to, service, "environment", "-e");
	service_volumes(c, &to, service);
	service_configs(c, &to, service);
	service_ports(c, &to, service);
	service_resources(c, &to, service);
	if (entry) {
		container_split(c->arena, entry, &first);
	} else {
		service_add(c, compose_member(c, service, "entrypoint"), &first);
	}
	for (size_t i = 0; i < first.count; i++) {
		if (i == 0) {
			to.entry = first.items[i];
		} else {
			name_list_append(c->arena, &to.words, first.items[i]);
		}
	}
	if (!command || !command->count) {
		service_add(c, compose_member(c, service, "command"), &to.words);
		return to;
	}
	for (size_t i = 0; i < command->count; i++) {
		name_list_append(c->arena, &to.words, command->items[i]);
	}
	return to;
}
