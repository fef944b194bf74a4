/* docker run, podman run, nerdctl run: the container's limits, sysctls and network are where the
 * tool will run. Options as docker/cli cli/command/container/opts.go and podman-run(1) list them;
 * asks no daemon. */
#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/list.h"
#include "base/text.h"
#include "probes/plan/command/images.h"
#include "probes/plan/command/wrappers.h"
#include "probes/plan/quantity.h"
#include "probes/plan/readers.h"

enum {
	ULIMIT,
	SYSCTL,
	NETWORK,
	PUBLISH,
	VOLUME,
	MOUNT,
	ENV,
	ENV_FILE,
	ENTRYPOINT,
	WORKDIR,
	CPUS,
	CPUSET,
	CPU_PERIOD,
	CPU_QUOTA,
	PIDS,
	MEMORY,
	POD
};
enum {
	CPU_PERIOD_US = 100000 /* where --cpu-quota has none */
};

#define TEXT(long_name)                \
	{                                  \
		long_name, 0, TAKES_TEXT, NULL \
	}
#define SWITCH(long_name)                 \
	{                                     \
		long_name, 0, TAKES_NOTHING, NULL \
	}

static const struct argument_option options[] = {
		[ULIMIT] = TEXT("ulimit"),
		[SYSCTL] = TEXT("sysctl"),
		[NETWORK] = {"network", 0, TAKES_TEXT, "net"},
		[PUBLISH] = {"publish", 'p', TAKES_TEXT, NULL},
		[VOLUME] = {"volume", 'v', TAKES_TEXT, NULL},
		[MOUNT] = TEXT("mount"),
		[ENV] = {"env", 'e', TAKES_TEXT, NULL},
		[ENV_FILE] = TEXT("env-file"),
		[ENTRYPOINT] = TEXT("entrypoint"),
		[WORKDIR] = {"workdir", 'w', TAKES_TEXT, NULL},
		[CPUS] = TEXT("cpus"),
		[CPUSET] = TEXT("cpuset-cpus"),
		[CPU_PERIOD] = TEXT("cpu-period"),
		[CPU_QUOTA] = TEXT("cpu-quota"),
		[PIDS] = TEXT("pids-limit"),
		[MEMORY] = {"memory", 'm', TAKES_TEXT, NULL},
		[POD] = TEXT("pod"),
		TEXT("add-host"),
		TEXT("annotation"),
		{"attach", 'a', TAKES_TEXT, NULL},
		TEXT("authfile"),
		TEXT("blkio-weight"),
		TEXT("blkio-weight-device"),
		TEXT("cap-add"),
		TEXT("cap-drop"),
		TEXT("cgroup-conf"),
		TEXT("cgroup-parent"),
		TEXT("cgroupns"),
		TEXT("cgroups"),
		TEXT("cidfile"),
		TEXT("conmon-pidfile"),
		TEXT("cpu-rt-period"),
		TEXT("cpu-rt-runtime"),
		{"cpu-shares", 'c', TAKES_TEXT, NULL},
		TEXT("cpuset-mems"),
		TEXT("detach-keys"),
		TEXT("device"),
		TEXT("device-cgroup-rule"),
		TEXT("device-read-bps"),
		TEXT("device-read-iops"),
		TEXT("device-write-bps"),
		TEXT("device-write-iops"),
		TEXT("dns"),
		TEXT("dns-option"),
		TEXT("dns-opt"),
		TEXT("dns-search"),
		TEXT("domainname"),
		TEXT("expose"),
		TEXT("gidmap"),
		TEXT("gpus"),
		TEXT("group-add"),
		TEXT("health-cmd"),
		TEXT("health-interval"),
		TEXT("health-retries"),
		TEXT("health-start-interval"),
		TEXT("health-start-period"),
		TEXT("health-timeout"),
		{"hostname", 'h', TAKES_TEXT, NULL},
		TEXT("hostuser"),
		TEXT("image-volume"),
		TEXT("ip"),
		TEXT("ip6"),
		TEXT("ipc"),
		TEXT("isolation"),
		TEXT("kernel-memory"),
		{"label", 'l', TAKES_TEXT, NULL},
		TEXT("label-file"),
		TEXT("link"),
		TEXT("link-local-ip"),
		TEXT("log-driver"),
		TEXT("log-opt"),
		TEXT("mac-address"),
		TEXT("memory-reservation"),
		TEXT("memory-swap"),
		TEXT("memory-swappiness"),
		TEXT("name"),
		TEXT("namespace"),
		{"network-alias", 0, TAKES_TEXT, "net-alias"},
		TEXT("oom-score-adj"),
		TEXT("passwd-entry"),
		TEXT("personality"),
		TEXT("pid"),
		TEXT("pidfile"),
		TEXT("platform"),
		TEXT("pod-id-file"),
		TEXT("preserve-fds"),
		TEXT("pull"),
		TEXT("requires"),
		TEXT("restart"),
		TEXT("runtime"),
		TEXT("sdnotify"),
		TEXT("seccomp-policy"),
		TEXT("secret"),
		TEXT("security-opt"),
		TEXT("shm-size"),
		TEXT("shm-size-systemd"),
		TEXT("stop-signal"),
		TEXT("stop-timeout"),
		TEXT("storage-opt"),
		TEXT("subgidname"),
		TEXT("subuidname"),
		TEXT("systemd"),
		TEXT("timeout"),
		TEXT("tmpfs"),
		TEXT("tz"),
		TEXT("uidmap"),
		TEXT("umask"),
		TEXT("unsetenv"),
		{"user", 'u', TAKES_TEXT, NULL},
		TEXT("userns"),
		TEXT("uts"),
		TEXT("variant"),
		TEXT("volume-driver"),
		TEXT("volumes-from"),
		TEXT("arch"),
		TEXT("os"),
		{"detach", 'd', TAKES_NOTHING, NULL},
		SWITCH("disable-content-trust"),
		SWITCH("env-host"),
		SWITCH("help"),
		SWITCH("http-proxy"),
		SWITCH("init"),
		{"interactive", 'i', TAKES_NOTHING, NULL},
		SWITCH("no-healthcheck"),
		SWITCH("no-hosts"),
		SWITCH("oom-kill-disable"),
		SWITCH("passwd"),
		SWITCH("privileged"),
		{"publish-all", 'P', TAKES_NOTHING, NULL},
		{"quiet", 'q', TAKES_NOTHING, NULL},
		SWITCH("read-only"),
		SWITCH("read-only-tmpfs"),
		SWITCH("replace"),
		SWITCH("rm"),
		SWITCH("rmi"),
		SWITCH("rootfs"),
		SWITCH("sig-proxy"),
		SWITCH("tls-verify"),
		{"tty", 't', TAKES_NOTHING, NULL},
		SWITCH("unsetenv-all"),
		SWITCH("use-api-socket"),
};

/* DOCKER_HOST and its like, on the line or in the environment: the daemon may be elsewhere. */
static bool check_daemon(struct peel *peel, const char *engine)
{
	static const char *const names[] = {"DOCKER_HOST", "CONTAINER_HOST", "DOCKER_CONTEXT"};
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const char *value = plan_environment(peel->context, peel->command, names[i]);
		if (!value || !*value || text_begins_with(value, "unix:") || !strcmp(value, "default"))
			continue;
		return error_set(peel->err,
				"%s with %s: the container may run on another machine, whose limits "
				"headroom cannot see from here; run headroom there, in front of the "
				"command",
				engine,
				names[i]);
	}
	return true;
}

/* Before the subcommand. A daemon elsewhere has other limits. */
static bool to_subcommand(struct peel *peel, const char *engine, size_t *ret_at, bool *ret_compose)
{
	const struct plan_command *command = peel->command;
	size_t at = 1;
	if (!check_daemon(peel, engine))
		return false;
	for (; at < command->count && command->words[at][0] == '-'; at++) {
		const char *word = command->words[at];
		if (text_begins_with(word, "-H") || text_begins_with(word, "--host") ||
				!strcmp(word, "-c") || text_begins_with(word, "--context") ||
				text_begins_with(word, "--remote") || text_begins_with(word, "--url"))
			return error_set(peel->err,
					"%s %.40s: the container may run on another machine, whose limits "
					"headroom cannot see from here; run headroom there",
					engine,
					word);
		if ((!strcmp(word, "--log-level") || !strcmp(word, "--config") || !strcmp(word, "-l")) &&
				at + 1 < command->count)
			at++;
	}
	*ret_compose = at < command->count && !strcmp(command->words[at], "compose");
	if (*ret_compose) {
		*ret_at = at + 1;
		return true;
	}
	if (at < command->count && !strcmp(command->words[at], "container"))
		at++;
	*ret_at = at + 1;
	if (at < command->count && !strcmp(command->words[at], "run"))
		return true;
	const char *word = at < command->count ? command->words[at] : "";
	return error_set(peel->err,
			"headroom does not read %s %.40s, only %s run. For a running container, "
			"audit its process: headroom audit --pid N -- COMMAND",
			engine,
			word,
			engine);
}

/* --mount type=bind,source=A,target=B */
static void add_mount(struct peel *peel, const char *text)
{
	const char *from = NULL, *to = NULL;
	for (char *rest = arena_strdup(peel->context->arena, text), *part;
			(part = strsep(&rest, ","));) {
		char *value = strchr(part, '=');
		if (!value)
			continue;
		*value++ = '\0';
		if (!strcmp(part, "source") || !strcmp(part, "src"))
			from = value;
		if (!strcmp(part, "target") || !strcmp(part, "destination") || !strcmp(part, "dst"))
			to = value;
	}
	if (from && to)
		name_list_append(peel->context->arena,
				&peel->command->vantage.mounts,
				arena_printf(peel->context->arena, "%s:%s", from, to));
}

static bool wrap_container_read_sysctls(struct peel *peel, const struct arguments *arguments)
{
	size_t cursor = 0;
	for (const struct argument *a; (a = arguments_next(arguments, SYSCTL, &cursor));) {
		if (!strchr(a->text, '=') || a->text[0] == '=')
			return error_set(peel->err, "%s: write --sysctl KEY=VALUE", a->shown);
		name_list_append(peel->context->arena, &peel->command->vantage.sysctls, a->text);
	}
	return true;
}

static bool read_ulimits(struct peel *peel, const struct arguments *arguments)
{
	size_t cursor = 0;
	for (const struct argument *a; (a = arguments_next(arguments, ULIMIT, &cursor));) {
		const struct plan_context *context = peel->context;
		if (!strcmp(a->text, "host") &&
				context->nofile_hard > 0) { /* podman-run(1): this process's own */
			peel->command->vantage.nofile_soft = context->nofile_soft;
			peel->command->vantage.nofile_hard = context->nofile_hard;
			peel->command->vantage.nofile_from = "--ulimit host";
		}
		if (text_begins_with(a->text, "nofile=") &&
				!peel_nofile(peel,
						a->text + 7,
						arena_printf(peel->context->arena,
								"%s %s",
								peel->command->vantage.engine,
								a->shown)))
			return false;
	}
	return true;
}

/* NAME=VALUE, or NAME of the shell that starts it. */
static void pass_variable(struct peel *peel, const char *text)
{
	const struct plan_context *context = peel->context;
	const char *value = NULL;
	if (strchr(text, '=')) {
		peel_variable(peel, text);
		return;
	}
	if (context->elsewhere)
		name_list_append(context->arena, &peel->command->passed_on, text);
	else if (context->environment)
		value = context->environment(context, text);
	if (value)
		peel_variable(peel, arena_printf(context->arena, "%s=%s", text, value));
}

/* The variables that the container gets: -e NAME=VALUE, and -e NAME from here. Nothing else of this
 * environment. */
static void wrap_container_read_environment(struct peel *peel, const struct arguments *arguments)
{
	size_t cursor = 0;
	for (const struct argument *a; (a = arguments_next(arguments, ENV, &cursor));) {
		pass_variable(peel, a->text);
	}
}

/* docker run --env-file: NAME=VALUE lines of a file out here; NAME alone is this environment's. */
static bool read_environment_files(struct peel *peel, const struct arguments *arguments)
{
	const struct plan_context *context = peel->context;
	size_t cursor = 0, length;
	for (const struct argument *a; (a = arguments_next(arguments, ENV_FILE, &cursor));) {
		const char *bytes;
		struct error why = {0};
		if (!context->read_file || !context->read_file(context, a->text, &bytes, &length, &why))
			return error_set(peel->err,
					"--env-file: %s",
					context->read_file ? why.text : "cannot be read here");
		for (const char *line = bytes; *line; line += strcspn(line, "\n"), line += *line == '\n') {
			const char *text = arena_copy(context->arena, line, strcspn(line, "\r\n"));
			if (*text && *text != '#')
				pass_variable(peel, text);
		}
	}
	return true;
}

/* Which CPUs it may run on, and how much of their time it gets: two limits, and programs that start
 * a thread for each CPU look at the first alone. */
static bool read_cpus(struct peel *peel, const struct arguments *arguments)
{
	struct plan_vantage *v = &peel->command->vantage;
	const struct argument *set = arguments_last(arguments, CPUSET);
	double cpus = NAN, quota = NAN, period = CPU_PERIOD_US;
	if (set && *set->text) {
		v->processors = peel_count_cpus(set->text);
		if (v->processors < 1)
			return error_set(peel->err, "%s: not a list of CPUs such as 0,2-5", set->shown);
	}
	if (!arguments_number(arguments, CPUS, &quantity_decimal, &cpus, peel->err) ||
			!arguments_number(arguments, CPU_PERIOD, &quantity_count, &period, peel->err))
		return false;
	const char *text = arguments_text(arguments, CPU_QUOTA, "-1");
	if (strcmp(text, "-1") != 0 &&
			!arguments_number(arguments, CPU_QUOTA, &quantity_count, &quota, peel->err))
		return false;
	if (quota > 0 && period > 0)
		v->cpu_quota = quota / period;
	if (cpus > 0) /* 0 means no quota */
		v->cpu_quota = cpus;
	return true;
}

/* What comes from here: files that are mounted, and what the shell gives it on standard input. */
static void keep_outside(struct peel *peel, const struct arguments *arguments)
{
	struct plan_command *command = peel->command;
	struct arena *arena = peel->context->arena;
	struct name_list inner = {0};
	size_t cursor = 0;
	for (const struct argument *a; (a = arguments_next(arguments, VOLUME, &cursor));)
		name_list_append(arena, &command->vantage.mounts, a->text);
	cursor = 0;
	for (const struct argument *a; (a = arguments_next(arguments, MOUNT, &cursor));)
		add_mount(peel, a->text);
	for (size_t i = 0; i < command->vantage.mounts.count; i++) {
		const char *mount = command->vantage.mounts.items[i], *colon = strchr(mount, ':');
		if (!colon)
			continue;
		const char *from = arena_copy(arena, mount, (size_t)(colon - mount));
		from = plan_path(peel->context, command, from);
		name_list_append(arena, &inner, arena_printf(arena, "%s%s", from, colon));
	}
	command->vantage.mounts = inner;
	if (command->input_path)
		command->input_path = plan_path(peel->context, command, command->input_path);
	command->input_here = command->input_path;
}

static bool read_vantage(struct peel *peel, const struct arguments *arguments)
{
	struct plan_vantage *v = &peel->command->vantage;
	size_t cursor = 0;
	keep_outside(peel, arguments);
	v->container = true;
	v->nofile_soft = v->nofile_hard = NAN;
	v->network = arguments_text(arguments, NETWORK, "bridge");
	v->cwd = arguments_text(arguments, WORKDIR, NULL);
	for (const struct argument *a; (a = arguments_next(arguments, PUBLISH, &cursor));)
		name_list_append(peel->context->arena, &v->published, a->text);
	peel->command->environment = (struct name_list){0};
	if (!read_environment_files(peel, arguments))
		return false;
	wrap_container_read_environment(peel, arguments);
	if (text_begins_with(v->network, "container:") || text_begins_with(v->network, "ns:"))
		return error_set(peel->err,
				"%s run --network %.60s: headroom cannot see the settings of that "
				"namespace from here; audit a process in it: headroom audit --pid N -- "
				"COMMAND",
				v->engine,
				v->network);
	if (arguments_given(arguments, POD))
		return error_set(peel->err,
				"%s run --pod: headroom cannot see the pod's network settings from here; "
				"audit a process in it: headroom audit --pid N -- COMMAND",
				v->engine);
	const char *pids = arguments_text(arguments, PIDS, "-1");
	bool limited = strcmp(pids, "-1") != 0 && strcmp(pids, "0") != 0;
	return (!limited || arguments_number(arguments, PIDS, &quantity_count, &v->pids, peel->err)) &&
			read_cpus(peel, arguments) &&
			arguments_number(arguments,
					MEMORY,
					&quantity_docker_bytes,
					&v->memory_bytes,
					peel->err) &&
			wrap_container_read_sysctls(peel, arguments) && read_ulimits(peel, arguments);
}

/* What the container starts: --entrypoint, the image's own where it is known, or the first word. */
static bool wrap_container_start(struct peel *peel, const struct arguments *arguments)
{
	struct arena *arena = peel->context->arena;
	const char *image = arguments->words[0], *entry = arguments_text(arguments, ENTRYPOINT, "");
	size_t rest = arguments->word_count - 1;
	struct plan_vantage *v = &peel->command->vantage;
	struct plan_command first = {.words = arguments->words + 1, .count = rest};
	v->image = image;
	bool names_program = rest && (plan_knows(peel->context, &first) || wrappers_know(&first));
	const char *program = NULL;
	if (*entry)
		program = entry;
	else if (!names_program)
		program = image_program(peel->context,
				image,
				rest ? first.words[0] : NULL,
				&v->image_by_name);
	if (!v->cwd)
		v->cwd = image_directory(image);
	if (!program && !rest)
		return error_set(peel->err,
				"it is not known what the image %.100s starts: name the program with "
				"--entrypoint",
				image);
	if (!program)
		return peel_rest(peel, arguments->words + 1, rest);
	const char **words = arena_alloc(arena, (rest + 2) * sizeof *words);
	words[0] = program;
	for (size_t i = 0; i < rest; i++)
		words[i + 1] = arguments->words[i + 1];
	return peel_rest(peel, words, rest + 1);
}

bool peel_run(struct peel *peel, const char *engine, const char *const *words, size_t count)
{
	const struct argument_syntax syntax = {arena_printf(peel->context->arena, "%s run", engine),
			ARGUMENTS_LONG | ARGUMENTS_PFLAG,
			options,
			COUNT_OF(options)};
	struct arguments arguments;
	if (peel->command->vantage.container)
		return error_set(peel->err,
				"headroom does not read a container inside a container; give the inner command "
				"after \"--\"");
	if (!arguments_read(peel->context->arena, &syntax, words, count, &arguments, peel->err))
		return false;
	if (!arguments.word_count)
		return error_set(peel->err, "%s run: no image in the command", engine);
	peel->command->vantage.engine = engine;
	return read_vantage(peel, &arguments) && wrap_container_start(peel, &arguments);
}

bool peel_container(struct peel *peel)
{
	const struct plan_command *command = peel->command;
	const char *slash = strrchr(command->words[0], '/'), *engine = command->words[0];
	size_t at = 0;
	bool compose = false;
	if (slash)
		engine = slash + 1;
	if (!to_subcommand(peel, engine, &at, &compose))
		return false;
	if (compose)
		return peel_compose(peel, command->words + at, command->count - at);
	return peel_run(peel, engine, command->words + at, command->count - at);
}
