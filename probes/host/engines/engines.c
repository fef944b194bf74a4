/* Which engine it is, and what its containers inherit where its configuration says nothing. */
#include "probes/host/engines/engines.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/boot/systemd_files.h"
#include "probes/host/engines/configuration.h"
#include "probes/host/parse.h"

/* Who starts containers, in the order looked for: a node of Kubernetes has an engine below it, and
 * dockerd has containerd. */
static const struct starter {
	const char *daemon, *engine;
	const char *runtime;
} starters[] = {
		{"crio", "kubernetes", "crio"},
		{"cri-dockerd", "kubernetes", "dockerd"},
		{"kubelet", "kubernetes", "containerd"},
		{"k3s-server", "kubernetes", "containerd"},
		{"k3s-agent", "kubernetes", "containerd"},
		{"dockerd", "docker", "dockerd"},
		{"containerd", "nerdctl", "containerd"},
};

/* The daemon that a container descends from. */
struct ancestor {
	struct arena *arena;
	struct source *source;
	struct engines *engines;
	const char *name;
	const struct daemon *daemon; /* NULL: none was seen */
	struct systemd_limit unit;
	const char *unit_name;
};

static bool unit_is_here(struct source *source, struct arena *arena, const char *daemon)
{
	static const char *const directories[] = {
			"etc/systemd/system",
			"usr/lib/systemd/system",
			"lib/systemd/system",
	};
	bool here = false;
	for (size_t i = 0; i < COUNT_OF(directories); i++) {
		const char *path = arena_printf(arena, "%s/%s", directories[i], daemon_unit(arena, daemon));
		here |= source_exists(source, path);
	}
	return here;
}

static bool podman_is_here(struct source *source)
{
	static const char *const paths[] = {
			"usr/bin/podman",
			"usr/local/bin/podman",
			"etc/containers/containers.conf",
			"usr/share/containers/containers.conf",
	};
	size_t count = COUNT_OF(paths);
	if (source_is_live(source)) /* other programs have these files, too */
		count = 2;
	for (size_t i = 0; i < count; i++) {
		if (source_exists(source, paths[i]))
			return true;
	}
	return false;
}

static void found_engine(struct arena *arena,
		struct engines *engines,
		const struct starter *starter)
{
	if (!engines->engine) {
		engines->engine = starter->engine;
		engines->runtime = starter->runtime;
		return;
	}
	bool part = strcmp(engines->engine, starter->engine) == 0 ||
			strcmp(engines->runtime, starter->daemon) == 0;
	/* dockerd starts its containers by containerd. */
	if (strcmp(engines->engine, "docker") == 0 && strcmp(starter->daemon, "containerd") == 0)
		part = true;
	if (!part)
		name_list_add_once(arena, &engines->also, starter->engine);
}

static void choose_engine(struct arena *arena,
		struct source *source,
		const struct daemons *daemons,
		struct engines *engines)
{
	for (size_t i = 0; i < COUNT_OF(starters); i++) {
		if (daemons_get(daemons, starters[i].daemon))
			found_engine(arena, engines, &starters[i]);
	}
	static const struct starter podman = {"podman", "podman", "podman"};
	engines->runs = engines->engine != NULL;
	if (podman_is_here(source))
		found_engine(arena, engines, &podman);
	if (engines->runs)
		return;
	for (size_t i = 0; i < COUNT_OF(starters); i++) {
		if (unit_is_here(source, arena, starters[i].daemon))
			found_engine(arena, engines, &starters[i]);
	}
}

/* --- open files that nobody configured
 * ------------------------------------------------------------------------------------------ */

static const char *files_text(struct arena *arena, double number)
{
	char out[NUMBER_TEXT_MAX];
	if (isinf(number))
		return "infinity";
	return arena_strdup(arena, text_plain_number(out, number));
}

static void engine_soft(const struct ancestor *a, double soft, const char *where)
{
	a->engines->soft = (struct engine_value){files_text(a->arena, soft), where};
}

static void engine_hard(const struct ancestor *a, double hard, const char *where)
{
	a->engines->hard = (struct engine_value){files_text(a->arena, hard), where};
}

/* The soft limit that its unit gave it. */
static void soft_of_unit(const struct ancestor *a, double hard)
{
	const struct systemd_limit *unit = &a->unit;
	bool same = isinf(unit->hard) || unit->hard == hard;
	const char *why = NULL;
	if (!a->unit_name || !unit->found)
		why = "the unit that started it cannot be seen from here";
	else if (!unit->whole)
		why = "not all files of its unit could be read";
	else if (!same)
		why = "its unit now sets another hard limit than it has, because it was started before "
			  "the change";
	if (!why) {
		const char *where = arena_printf(a->arena, "%s, %s", a->unit_name, unit->where);
		engine_soft(a, fmin(unit->soft, hard), where);
		return;
	}
	a->engines->unknown = arena_printf(a->arena,
			"A container inherits the soft open-files limit that %s was started with. %s has "
			"since raised its own to the hard limit, and %s. So the inherited limit is unknown. "
			"Run ulimit -n in a container, and give the number with --set limits.nofile.soft=N.",
			a->name,
			a->name,
			why);
}

/* A program in Go raises its soft limit to the hard one when it starts: since Go 1.19, to one less
 * since Go 1.21 or so; since Go 1.19.9 what it starts gets the limit back that it was started with
 * (os/rlimit.go, syscall/rlimit.go). So a soft limit well below the hard one is what a container
 * inherits, and any other says nothing about it. */
static void inherit_from_process(const struct ancestor *a)
{
	const struct daemon *daemon = a->daemon;
	const char *where = arena_printf(a->arena, "/proc/%d/limits of %s", daemon->pid, daemon->name);
	engine_hard(a, daemon->hard, where);
	if (daemon->soft < daemon->hard - 1)
		engine_soft(a, daemon->soft, where);
	else
		soft_of_unit(a, daemon->hard);
}

static void inherit_from_unit(const struct ancestor *a)
{
	const struct systemd_limit *unit = &a->unit;
	const char *where = arena_printf(a->arena, "%s, %s", a->unit_name, unit->where);
	engine_hard(a, unit->hard, where);
	engine_soft(a, unit->soft, where);
}

static void files_unknown(const struct ancestor *a, const char *why)
{
	a->engines->unknown = arena_printf(a->arena,
			"It is unknown how many files a new container may open: %s. Run ulimit -n and ulimit "
			"-Hn in a container, and give the numbers with --set limits.nofile.soft=N and --set "
			"limits.nofile.hard=N.",
			why);
}

static void inherit(struct ancestor *a)
{
	a->unit_name = daemon_unit(a->arena, a->name);
	if (a->daemon)
		a->unit_name = a->daemon->unit;
	if (a->unit_name)
		a->unit = systemd_limit_of(a->arena, a->source, a->unit_name);
	bool by_unit = a->unit.found && a->unit.whole;
	if (a->daemon && a->daemon->several)
		files_unknown(a,
				arena_printf(a->arena,
						"several %s run here, with different limits or from different units",
						a->name));
	else if (a->daemon && !isnan(a->daemon->hard))
		inherit_from_process(a);
	else if (a->daemon)
		files_unknown(a, arena_printf(a->arena, "the limits of %s could not be read", a->name));
	else if (by_unit)
		inherit_from_unit(a);
	else
		files_unknown(a,
				arena_printf(a->arena, "neither %s nor its unit can be seen from here", a->name));
}

/* --- Podman, which has no daemon
 * ------------------------------------------------------------------------------------------ */

/* "Uid:	1000	1000 …" of /proc/self/status: not root. */
static bool is_rootless(struct source *source)
{
	const char *text;
	size_t length;
	uint64_t uid;
	int line;
	if (source_read_bytes(source, "proc/self/status", &text, &length) != 0)
		return false;
	return parse_named(text, "Uid", &uid, &line) && uid != 0;
}

static double own_hard(struct arena *arena, struct source *source)
{
	static const char row[] = "Max open files";
	const char *text;
	size_t length;
	double hard = (double)NAN;
	if (source_read_bytes(source, "proc/self/limits", &text, &length) != 0)
		return hard;
	const char *at = strstr(text, row);
	if (!at)
		return hard;
	char *words = arena_strdup(arena, at + strlen(row));
	(void)parse_word(&words);
	const char *word = parse_word(&words);
	if (!word || !parse_limit(word, &hard))
		return (double)NAN;
	return hard;
}

/* podman-run(1), --ulimit: 1048576, or the hard limit of a user that is lower. */
static void podman_default(const struct ancestor *a)
{
	static const double usual = 1048576;
	const char *where = "Podman's default, podman-run(1)";
	double limit = usual;
	if (is_rootless(a->source)) {
		limit = own_hard(a->arena, a->source);
		where = "Podman's default for a user: the hard limit, at most 1048576";
	}
	if (isnan(limit)) {
		files_unknown(a, "the limits of the user who runs Podman could not be read");
		return;
	}
	engine_soft(a, fmin(limit, usual), where);
	engine_hard(a, fmin(limit, usual), where);
}

static void podman_threads(struct engines *engines)
{
	if (engines->unread.count == 0 && !engines->threads.text)
		engines->threads = (struct engine_value){"2048", "Podman's default for pids_limit"};
}

/* --- all of it
 * ------------------------------------------------------------------------------------------ */

/* nerdctl below 1.7.2 and ctr take the specification that containerd begins with: 1024 files
 * (containerd, oci/spec.go; nerdctl, pull request 2682). */
static void nerdctl_default(struct ancestor *a)
{
	inherit(a);
	a->engines->soft = (struct engine_value){0};
	a->engines->hard = (struct engine_value){0};
	files_unknown(a,
			"nerdctl before 1.7.2 and ctr give 1024, later versions the limit that containerd "
			"was started with, and headroom does not read the version");
}

static void read_configuration(struct engine_reader *reader)
{
	const char *runtime = reader->engines->runtime;
	bool pods = strcmp(reader->engines->engine, "kubernetes") == 0;
	if (strcmp(runtime, "crio") == 0)
		configuration_of_crio(reader);
	else if (strcmp(runtime, "dockerd") == 0)
		configuration_of_docker(reader);
	else if (strcmp(runtime, "podman") == 0)
		configuration_of_podman(reader);
	else if (pods)
		configuration_of_containerd(reader);
}

static void files_of_nobody(struct ancestor *a, const struct daemons *daemons)
{
	struct engines *engines = a->engines;
	const struct daemon *containerd = daemons_get(daemons, "containerd");
	a->name = engines->runtime;
	if (strcmp(a->name, "dockerd") == 0 && containerd)
		a->name = "containerd";
	a->daemon = daemons_get(daemons, a->name);
	if (strcmp(a->name, "podman") == 0)
		podman_default(a);
	else if (strcmp(engines->engine, "nerdctl") == 0)
		nerdctl_default(a);
	else
		inherit(a);
}

static void read_kubelet_of(struct engine_reader *reader, const struct daemons *daemons)
{
	reader->daemon = daemons_get(daemons, "kubelet");
	reader->unread = &reader->engines->kubelet_unread;
	configuration_of_kubelet(reader);
}

static const char *unread_files(struct arena *arena, const struct name_list *list)
{
	struct text text = {0};
	for (size_t i = 0; i < list->count; i++) {
		if (i > 0)
			text_add(&text, "; ");
		text_add(&text, list->items[i]);
	}
	return text_take(arena, &text);
}

void engines_read(struct arena *arena, struct source *source, struct engines *ret_engines)
{
	struct daemons daemons;
	struct ancestor ancestor = {.arena = arena, .source = source, .engines = ret_engines};
	*ret_engines = (struct engines){0};
	daemons_find(arena, source, &daemons);
	choose_engine(arena, source, &daemons, ret_engines);
	if (!ret_engines->engine)
		return;
	struct engine_reader reader = {
			.arena = arena,
			.source = source,
			.engines = ret_engines,
			.daemon = daemons_get(&daemons, ret_engines->runtime),
			.unread = &ret_engines->unread,
	};
	read_configuration(&reader);
	if (ret_engines->unread.count > 0) {
		ret_engines->soft = (struct engine_value){0};
		ret_engines->hard = (struct engine_value){0};
		ret_engines->threads = (struct engine_value){0};
		ret_engines->network_unread = strcmp(ret_engines->runtime, "dockerd") != 0;
		files_unknown(&ancestor,
				arena_printf(arena,
						"what sets it could not be read (%s)",
						unread_files(arena, &ret_engines->unread)));
	} else if (!ret_engines->hard.text) {
		files_of_nobody(&ancestor, &daemons);
	} else {
		ret_engines->files_by = ret_engines->hard.where;
	}
	if (strcmp(ret_engines->engine, "podman") == 0)
		podman_threads(ret_engines);
	if (strcmp(ret_engines->engine, "kubernetes") == 0)
		read_kubelet_of(&reader, &daemons);
}
