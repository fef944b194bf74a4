/* What a new container on this machine would get: what its engine's configuration says, and what
 * the engine itself runs with, which a container inherits. Asks no engine. */
#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/vantage/find.h"
#include "base/array.h"
#include "base/os/file.h"
#include "base/os/json.h"
#include "base/text.h"
#include "report/document/view.h"

enum {
	CONFIG_MAX = 64 * 1024,
	NAME_MAX_BYTES = 32,
	LIMITS_MAX = 4096
};

/* Who starts containers, in the order looked for. */
static const struct starter {
	const char *process, *engine;
} starters[] = {
		{"crio", "kubernetes"},
		{"kubelet", "kubernetes"},
		{"dockerd", "docker"},
		{"containerd", "nerdctl"},
};

/* Whose limits of open files a container gets where nothing is said: it is their descendant. */
static const char *const parents[] = {"crio", "containerd", "dockerd"};

struct new_container {
	struct arena *arena;
	struct vantage *vantage;
	const char *engine;
};

/* A small file of the machine, NUL-terminated; NULL: it is not there, or too long. */
static const char *small_file(struct arena *arena, const char *path)
{
	char *bytes = arena_alloc(arena, CONFIG_MAX);
	const ssize_t length = file_read_path(path, bytes, CONFIG_MAX);
	if (length <= 0 || length >= CONFIG_MAX)
		return NULL;
	bytes[length] = '\0';
	return bytes;
}

static bool is_number(const char *name)
{
	return *name && name[strspn(name, "0123456789")] == '\0';
}

/* The first process of this name; 0: none runs. */
static int process_named(struct arena *arena, const char *name)
{
	const struct dirent *entry;
	int found = 0;
	DIR *processes = file_open_directory("/proc");
	if (!processes)
		return 0;
	while (!found && (entry = readdir(processes))) {
		char comm[NAME_MAX_BYTES] = "";
		if (!is_number(entry->d_name))
			continue;
		const char *path = arena_printf(arena, "/proc/%.20s/comm", entry->d_name);
		const ssize_t length = file_read_path(path, comm, sizeof comm - 1);
		if (length <= 0)
			continue;
		comm[length] = '\0';
		comm[strcspn(comm, "\n")] = '\0';
		if (strcmp(comm, name) == 0)
			found = atoi(entry->d_name);
	}
	(void)closedir(processes);
	return found;
}

static const char *engine_here(struct arena *arena)
{
	static const char *const podmans[] = {"/usr/bin/podman", "/usr/local/bin/podman"};
	for (size_t i = 0; i < COUNT_OF(starters); i++)
		if (process_named(arena, starters[i].process) > 0)
			return starters[i].engine;
	for (size_t i = 0; i < COUNT_OF(podmans); i++)
		if (access(podmans[i], X_OK) == 0)
			return "podman";
	return NULL;
}

/* --- open files
 * ------------------------------------------------------------------------------- */

static void put_files(const struct new_container *new,
		const char *soft,
		const char *hard,
		const char *where)
{
	vantage_configure(new->arena, new->vantage, "limits.nofile.soft", soft, where);
	vantage_configure(new->arena, new->vantage, "limits.nofile.hard", hard, where);
}

/* "nofile": {"Soft": 1024, "Hard": 4096} in "default-ulimits" of daemon.json. */
static bool files_of_daemon(const struct new_container *new)
{
	static const char path[] = "/etc/docker/daemon.json";
	char a[NUMBER_TEXT_MAX], b[NUMBER_TEXT_MAX];
	struct error ignored;
	const char *bytes = small_file(new->arena, path);
	struct json *json = NULL;
	if (bytes)
		json = json_read(path, bytes, strlen(bytes), &ignored);
	if (!json)
		return false;
	const cJSON *limit = view_object(json_root(json), "default-ulimits.nofile");
	double soft = view_number(limit, "Soft");
	double hard = view_number(limit, "Hard");
	bool good = soft >= 0 && hard >= soft;
	if (good)
		put_files(new,
				arena_strdup(new->arena, text_plain_number(a, soft)),
				arena_strdup(new->arena, text_plain_number(b, hard)),
				path);
	json_free(json);
	return good;
}

/* "nofile=1024:4096" after default_ulimits in TOML, of Podman and of CRI-O. */
static bool files_of_toml(const struct new_container *new, const char *path)
{
	const char *bytes = small_file(new->arena, path);
	for (const char *line = bytes; line && *line;) {
		size_t length = strcspn(line, "\n");
		const char *text = arena_copy(new->arena, line, length);
		text += strspn(text, " \t");
		const char *at = NULL;
		if (*text != '#')
			at = strstr(text, "nofile=");
		unsigned long long soft, hard;
		if (at && sscanf(at, "nofile=%20llu:%20llu", &soft, &hard) == 2 && hard >= soft) {
			put_files(new,
					arena_printf(new->arena, "%llu", soft),
					arena_printf(new->arena, "%llu", hard),
					path);
			return true;
		}
		line += length;
		line += strspn(line, "\n");
	}
	return false;
}

static bool files_of_config(const struct new_container *new)
{
	/* The later ones win; so they are asked first. */
	static const char *const podman[] = {"/etc/containers/containers.conf",
			"/usr/share/containers/containers.conf",
			NULL};
	static const char *const crio[] = {"/etc/crio/crio.conf", NULL};
	const char *const *paths = NULL;
	if (strcmp(new->engine, "docker") == 0)
		return files_of_daemon(new);
	if (strcmp(new->engine, "podman") == 0)
		paths = podman;
	else if (strcmp(new->engine, "kubernetes") == 0)
		paths = crio;
	for (; paths && *paths; paths++)
		if (files_of_toml(new, *paths))
			return true;
	return false;
}

/* As configurations write it. */
static const char *limit_text(struct arena *arena, const char *shown)
{
	if (strcmp(shown, "unlimited") == 0)
		return "infinity";
	return arena_strdup(arena, shown);
}

/* Of what starts containers: /proc/PID/limits. */
static bool files_of_parent(const struct new_container *new)
{
	static const char row[] = "Max open files";
	for (size_t i = 0; i < COUNT_OF(parents); i++) {
		char limits[LIMITS_MAX], soft[NAME_MAX_BYTES], hard[NAME_MAX_BYTES];
		int pid = process_named(new->arena, parents[i]);
		if (pid <= 0)
			continue;
		const char *path = arena_printf(new->arena, "/proc/%d/limits", pid);
		const ssize_t length = file_read_path(path, limits, sizeof limits - 1);
		if (length <= 0)
			continue;
		limits[length] = '\0';
		const char *at = strstr(limits, row);
		if (!at || sscanf(at + strlen(row), " %31s %31s", soft, hard) != 2)
			continue;
		const char *where = arena_printf(new->arena, "%s of %s", path, parents[i]);
		put_files(new, limit_text(new->arena, soft), limit_text(new->arena, hard), where);
		return true;
	}
	return false;
}

/* podPidsLimit of the kubelet; Podman sets a limit where nobody does (containers.conf(5)). */
static void threads_of(const struct new_container *new)
{
	static const char kubelet[] = "/var/lib/kubelet/config.yaml", key[] = "\npodPidsLimit:";
	const char *bytes = NULL, *at = NULL;
	if (strcmp(new->engine, "podman") == 0)
		vantage_configure(new->arena,
				new->vantage,
				"cgroup.pids.max",
				"2048",
				"Podman's default for pids_limit");
	if (strcmp(new->engine, "kubernetes") == 0)
		bytes = small_file(new->arena, kubelet);
	if (bytes)
		at = strstr(bytes, key);
	unsigned long long most;
	if (at && sscanf(at + strlen(key), "%20llu", &most) == 1 && most > 0)
		vantage_configure(new->arena,
				new->vantage,
				"cgroup.pids.max",
				arena_printf(new->arena, "%llu", most),
				kubelet);
}

bool vantage_new_container(struct arena *arena, struct vantage *ret_vantage, struct error *err)
{
	const char *engine = engine_here(arena);
	if (!engine)
		return error_set(err,
				"--container new: nothing that makes containers is seen here: no dockerd, "
				"containerd, crio or kubelet runs, and there is no podman");
	const struct new_container new = {arena, ret_vantage, engine};
	ret_vantage->shown = arena_printf(arena, "a new container (%s)", engine);
	ret_vantage->network = "bridge";
	ret_vantage->forwarded = true;
	ret_vantage->own_network = true;
	ret_vantage->planned = (struct host_planned){.uid = (double)NAN, .container = engine};
	vantage_configure(arena, ret_vantage, "cgroup.pids.group", "/", "a container has its own");
	vantage_configure(arena, ret_vantage, "cgroup.memory.max", "infinity", "none is set for all");
	threads_of(&new);
	if (!files_of_config(&new) && !files_of_parent(&new))
		ret_vantage->unseen = arena_printf(arena,
				"How many files a new container of %s may open is not written anywhere that is "
				"read: give it with --nofile, or look into one: ulimit -n.",
				engine);
	return true;
}
