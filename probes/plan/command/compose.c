/* docker compose run SERVICE, docker compose up: the service of the compose file that makes the
 * load, as the container that it starts (compose-spec, November 2026). Asks no daemon. */
#include "probes/plan/command/compose.h"

#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/plan/readers.h"

static const char engine[] = "docker compose";

enum {
	SERVICES_MAX = 256, /* more are not looked at */
	COMPOSE_FILE = 0,
	RUN_ENV = 0,
	RUN_VOLUME,
	RUN_WORKDIR,
	RUN_ENTRYPOINT
};

static const struct argument_option options[] = {
		[COMPOSE_FILE] = {"file", 'f', TAKES_TEXT, NULL},
		{"project-name", 'p', TAKES_TEXT, NULL},
		{"project-directory", 0, TAKES_TEXT, NULL},
		{"profile", 0, TAKES_TEXT, NULL},
		{"env-file", 0, TAKES_TEXT, NULL},
		{"ansi", 0, TAKES_TEXT, NULL},
		{"progress", 0, TAKES_TEXT, NULL},
		{"parallel", 0, TAKES_TEXT, NULL},
		{"compatibility", 0, TAKES_NOTHING, NULL},
		{"all-resources", 0, TAKES_NOTHING, NULL},
		{"dry-run", 0, TAKES_NOTHING, NULL},
		{"verbose", 0, TAKES_NOTHING, NULL},
};

static const struct argument_option run_options[] = {
		[RUN_ENV] = {"env", 'e', TAKES_TEXT, NULL},
		[RUN_VOLUME] = {"volume", 'v', TAKES_TEXT, NULL},
		[RUN_WORKDIR] = {"workdir", 'w', TAKES_TEXT, NULL},
		[RUN_ENTRYPOINT] = {"entrypoint", 0, TAKES_TEXT, NULL},
		{"name", 0, TAKES_TEXT, NULL},
		{"user", 'u', TAKES_TEXT, NULL},
		{"publish", 'p', TAKES_TEXT, NULL},
		{"label", 'l', TAKES_TEXT, NULL},
		{"cap-add", 0, TAKES_TEXT, NULL},
		{"cap-drop", 0, TAKES_TEXT, NULL},
		{"env-from-file", 0, TAKES_TEXT, NULL},
		{"pull", 0, TAKES_TEXT, NULL},
		{"rm", 0, TAKES_NOTHING, NULL},
		{"detach", 'd', TAKES_NOTHING, NULL},
		{"interactive", 'i', TAKES_NOTHING, NULL},
		{"no-TTY", 'T', TAKES_NOTHING, NULL},
		{"tty", 't', TAKES_NOTHING, NULL},
		{"no-deps", 0, TAKES_NOTHING, NULL},
		{"build", 0, TAKES_NOTHING, NULL},
		{"quiet", 'q', TAKES_NOTHING, NULL},
		{"quiet-build", 0, TAKES_NOTHING, NULL},
		{"quiet-pull", 0, TAKES_NOTHING, NULL},
		{"remove-orphans", 0, TAKES_NOTHING, NULL},
		{"service-ports", 'P', TAKES_NOTHING, NULL},
		{"use-aliases", 0, TAKES_NOTHING, NULL},
};

static const struct argument_option up_options[] = {
		{"abort-on-container-exit", 0, TAKES_NOTHING, NULL},
		{"abort-on-container-failure", 0, TAKES_NOTHING, NULL},
		{"always-recreate-deps", 0, TAKES_NOTHING, NULL},
		{"attach-dependencies", 0, TAKES_NOTHING, NULL},
		{"build", 0, TAKES_NOTHING, NULL},
		{"detach", 'd', TAKES_NOTHING, NULL},
		{"force-recreate", 0, TAKES_NOTHING, NULL},
		{"menu", 0, TAKES_NOTHING, NULL},
		{"no-build", 0, TAKES_NOTHING, NULL},
		{"no-color", 0, TAKES_NOTHING, NULL},
		{"no-deps", 0, TAKES_NOTHING, NULL},
		{"no-log-prefix", 0, TAKES_NOTHING, NULL},
		{"no-recreate", 0, TAKES_NOTHING, NULL},
		{"no-start", 0, TAKES_NOTHING, NULL},
		{"quiet-pull", 0, TAKES_NOTHING, NULL},
		{"remove-orphans", 0, TAKES_NOTHING, NULL},
		{"renew-anon-volumes", 'V', TAKES_NOTHING, NULL},
		{"timestamps", 0, TAKES_NOTHING, NULL},
		{"wait", 0, TAKES_NOTHING, NULL},
		{"yes", 'y', TAKES_NOTHING, NULL},
		{"attach", 0, TAKES_TEXT, NULL},
		{"exit-code-from", 0, TAKES_TEXT, NULL},
		{"no-attach", 0, TAKES_TEXT, NULL},
		{"pull", 0, TAKES_TEXT, NULL},
		{"scale", 0, TAKES_TEXT, NULL},
		{"timeout", 't', TAKES_TEXT, NULL},
		{"wait-timeout", 0, TAKES_TEXT, NULL},
};

/* --- files ---------------------------------------------------------------------------------- */

static bool exists(const struct compose *c, const char *path)
{
	const struct plan_context *context = c->peel->context;
	const char *here = plan_path(context, c->peel->command, path);
	return context->file_exists && context->file_exists(context, here);
}

static bool read_compose_file(struct compose *c, const char *path)
{
	const char *slash = strrchr(path, '/');
	if (c->file_count == COMPOSE_FILES_MAX) {
		return error_set(c->peel->err, "more than %d compose files", COMPOSE_FILES_MAX);
	}
	if (!c->file_count && slash) {
		c->directory = arena_copy(c->arena, path, (size_t)(slash - path) + 1);
	}
	return document_read(c->peel->context,
			c->peel->command,
			path,
			"yaml",
			engine,
			&c->files[c->file_count++],
			c->peel->err);
}

/* The file that compose finds by itself, and what overrides it. */
static bool read_usual_files(struct compose *c)
{
	static const char *const names[] = {
			"compose.yaml",
			"compose.yml",
			"docker-compose.yml",
			"docker-compose.yaml",
	};
	static const char *const overrides[] = {
			"compose.override.yaml",
			"compose.override.yml",
			"docker-compose.override.yml",
			"docker-compose.override.yaml",
	};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (!exists(c, names[i])) {
			continue;
		}
		if (!read_compose_file(c, names[i])) {
			return false;
		}
		return !exists(c, overrides[i]) || read_compose_file(c, overrides[i]);
	}
	c->peel->budget->absent = true;
	return error_set(c->peel->err, "%s: no compose.yaml here; name the file with -f", engine);
}

static bool read_compose_files(struct compose *c, const struct arguments *arguments)
{
	size_t cursor = 0, length;
	struct error ignored = {0};
	for (const struct argument *a; (a = arguments_next(arguments, COMPOSE_FILE, &cursor));) {
		c->peel->budget->absent |= !exists(c, a->text);
		if (!read_compose_file(c, a->text)) {
			return false;
		}
	}
	if (!c->file_count && !read_usual_files(c)) {
		return false;
	}
	const char *path = arena_printf(c->arena, "%s.env", c->directory);
	if (!exists(c, path) ||
			!plan_file(c->peel->context,
					c->peel->command,
					path,
					engine,
					&c->variables,
					&length,
					&ignored)) {
		c->variables = NULL;
	}
	return true;
}

/* --- which service -------------------------------------------------------------------------- */

/* All services, in the order of the files. */
static struct name_list services_of(const struct compose *c)
{
	struct name_list names = {0};
	for (size_t i = 0; i < c->file_count; i++) {
		const struct tree_node *services = tree_child(c->files[i].root, "services");
		const struct tree_node *service = NULL;
		if (services) {
			service = services->child;
		}
		for (; service && names.count < SERVICES_MAX; service = service->next) {
			name_list_add_once(c->arena, &names, service->name);
		}
	}
	return names;
}

static const char *listed(const struct compose *c, const struct name_list *names)
{
	struct text text = {0};
	for (size_t i = 0; i < names->count; i++) {
		if (i > 0) {
			text_add(&text, ", ");
		}
		text_add(&text, text_clean(c->arena, names->items[i], strlen(names->items[i]), 40));
	}
	return text_take(c->arena, &text);
}

static bool enter_service(struct compose *c,
		const char *service,
		const char *entry,
		const struct name_list *command)
{
	struct error *err = c->peel->err;
	const struct tree_node *copies = compose_member(c, service, "scale");
	if (!copies) {
		copies = tree_child(compose_member(c, service, "deploy"), "replicas");
	}
	if (compose_member(c, service, "extends")) {
		return error_set(err,
				"the service %.60s extends another one, which headroom does not follow; "
				"write all of it out with docker compose config >all.yml, and name that "
				"file with -f all.yml",
				service);
	}
	c->unset = NULL;
	const struct container_words words = compose_service(c, service, entry, command);
	if (c->unset) {
		return error_set(err,
				"the service %.60s uses $%.60s, which is not set; write env %.60s=VALUE in front "
				"of the command",
				service,
				c->unset,
				c->unset);
	}
	if (copies) {
		peel_copies(c->peel, compose_value(c, copies->text));
	}
	return container_enter(c->peel, engine, &words);
}

/* up: the one service that makes load. */
static bool find_service(struct compose *c, const struct name_list *named, const char **ret_service)
{
	struct name_list services = services_of(c), clients = {0}, servers = {0};
	for (size_t i = 0; i < services.count; i++) {
		const char *service = services.items[i];
		bool serves;
		if (named->count && !name_list_has(named, service)) {
			continue;
		}
		const struct container_words words = compose_service(c, service, NULL, NULL);
		if (container_makes_load(c->peel, engine, &words, &serves)) {
			name_list_append(c->arena, serves ? &servers : &clients, service);
		}
	}
	const struct name_list *found = clients.count ? &clients : &servers;
	if (clients.count && servers.count) {
		c->peel->command->beside = servers.items[0];
	}
	if (found->count == 1) {
		*ret_service = found->items[0];
		return true;
	}
	const char *file = c->files[0].path;
	if (found->count) {
		return error_set(c->peel->err,
				"%.200s starts several load tests: %s; name one: docker compose -f %.200s run %s",
				file,
				listed(c, found),
				file,
				found->items[0]);
	}
	c->peel->budget->absent = true;
	return error_set(c->peel->err,
			"no service of %.200s starts a load test tool that headroom reads (it has %.400s)",
			file,
			listed(c, &services));
}

/* --- commands ------------------------------------------------------------------------------- */

static bool compose_up(struct compose *c, const struct arguments *arguments)
{
	struct name_list named = {0};
	const char *service = NULL;
	for (size_t i = 0; i < arguments->word_count; i++) {
		name_list_append(c->arena, &named, arguments->words[i]);
	}
	return find_service(c, &named, &service) && enter_service(c, service, NULL, NULL);
}

/* Its own options stand in front of the service's. */
static bool compose_run(struct compose *c, const struct arguments *arguments)
{
	struct name_list command = {0};
	struct name_list services = services_of(c);
	size_t cursor = 0;
	if (!arguments->word_count) {
		return error_set(c->peel->err,
				"%s run needs a service: %.400s",
				engine,
				listed(c, &services));
	}
	const char *service = arguments->words[0];
	if (!name_list_has(&services, service)) {
		return error_set(c->peel->err,
				"%.200s has no service %.60s; it has %.400s",
				c->files[0].path,
				service,
				listed(c, &services));
	}
	for (size_t i = 1; i < arguments->word_count; i++) {
		name_list_append(c->arena, &command, arguments->words[i]);
	}
	for (const struct argument *a; (a = arguments_next(arguments, RUN_VOLUME, &cursor));) {
		name_list_append(c->arena, &c->peel->command->vantage.mounts, a->text);
	}
	cursor = 0;
	if (!enter_service(c, service, arguments_text(arguments, RUN_ENTRYPOINT, NULL), &command)) {
		return false;
	}
	for (const struct argument *a; (a = arguments_next(arguments, RUN_ENV, &cursor));) {
		if (strchr(a->text, '=')) {
			peel_variable(c->peel, a->text);
		}
	}
	const char *directory = arguments_text(arguments, RUN_WORKDIR, NULL);
	if (directory) {
		c->peel->command->vantage.cwd = directory;
	}
	return true;
}

static const struct {
	const char *name;
	const struct argument_option *options;
	size_t option_count;
	bool (*take)(struct compose *c, const struct arguments *arguments);
} subcommands[] = {
		{"run", run_options, COUNT_OF(run_options), compose_run},
		{"up", up_options, COUNT_OF(up_options), compose_up},
};

bool peel_compose(struct peel *peel, const char *const *words, size_t count)
{
	const struct argument_syntax syntax = {engine, ARGUMENTS_LONG, options, COUNT_OF(options)};
	struct compose *c = arena_alloc(peel->context->arena, sizeof *c);
	struct arguments own, rest;
	*c = (struct compose){.peel = peel, .arena = peel->context->arena, .directory = ""};
	if (!arguments_read(c->arena, &syntax, words, count, &own, peel->err)) {
		return false;
	}
	const char *name = "";
	if (own.word_count) {
		name = own.words[0];
	}
	for (size_t i = 0; i < COUNT_OF(subcommands); i++) {
		const struct argument_syntax inner = {
				arena_printf(c->arena, "%s %s", engine, name),
				ARGUMENTS_LONG,
				subcommands[i].options,
				subcommands[i].option_count,
		};
		if (strcmp(subcommands[i].name, name) != 0) {
			continue;
		}
		return arguments_read(c->arena,
					   &inner,
					   own.words + 1,
					   own.word_count - 1,
					   &rest,
					   peel->err) &&
				read_compose_files(c, &own) && subcommands[i].take(c, &rest);
	}
	return error_set(peel->err,
			"headroom does not read %s %.40s, only run and up. For a running container: "
			"headroom audit --container NAME -- COMMAND",
			engine,
			name);
}
