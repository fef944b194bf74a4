/* A container, by the HTTP API that Docker and Podman share (docs.docker.com/reference/api/engine,
 * "Inspect a container"), over the engine's unix socket. */
#include <cjson/cJSON.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "audit/helper/http.h"
#include "audit/vantage/find.h"
#include "base/list.h"
#include "base/os/json.h"
#include "base/text.h"
#include "report/document/view.h"

struct engine {
	const char *name, *socket;
};

/* An engine on this host answers in milliseconds, one started by its socket in a second or two. */
enum {
	ENGINES_MAX = 4,
	ENGINE_SECONDS_MAX = 8
};

static bool is_socket(const char *path)
{
	struct stat status;
	return stat(path, &status) == 0 && S_ISSOCK(status.st_mode);
}

/* An engine that the environment names is meant, and no other. */
static bool find_named(struct engine *ret_engine, bool *ret_found, struct error *err)
{
	static const char *const named[][2] = {{"docker", "DOCKER_HOST"}, {"podman", "CONTAINER_HOST"}};
	*ret_found = false;
	for (size_t i = 0; i < 2 && !*ret_found; i++) {
		const char *value = getenv(named[i][1]);
		if (!value || !*value)
			continue;
		if (!text_begins_with(value, "unix://"))
			return error_set(err,
					"--container: %s is \"%.100s\", but only an engine on this host (unix:///…) "
					"works, because headroom reads the container's process",
					named[i][1],
					value);
		if (!is_socket(value + 7))
			return error_set(err,
					"--container: no container engine answers at %.200s (from %s); start it, or "
					"unset the variable",
					value + 7,
					named[i][1]);
		*ret_engine = (struct engine){named[i][0], value + 7};
		*ret_found = true;
	}
	return true;
}

static size_t find_usual(struct arena *arena, struct engine engines[ENGINES_MAX])
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	const struct engine usual[ENGINES_MAX] = {
			{"docker", "/run/docker.sock"},
			{"podman", "/run/podman/podman.sock"},
			{"docker", runtime ? arena_printf(arena, "%s/docker.sock", runtime) : NULL},
			{"podman", runtime ? arena_printf(arena, "%s/podman/podman.sock", runtime) : NULL},
	};
	size_t count = 0;
	for (size_t i = 0; i < ENGINES_MAX; i++)
		if (usual[i].socket && is_socket(usual[i].socket))
			engines[count++] = usual[i];
	return count;
}

static bool container_plain_name(const char *name)
{
	size_t length = strlen(name);
	return length > 0 && length < 256 && name[0] != '.' && name[0] != '-' &&
			strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-") ==
			length;
}

/* NULL with err; *ret_absent: this engine has no container of the name. */
static struct json *container_inspect(struct arena *arena,
		const struct engine *engine,
		const char *name,
		bool *ret_absent,
		struct error *err)
{
	struct http_answer answer;
	const char *shown = arena_printf(arena, "%s (%s)", engine->name, engine->socket);
	const struct http_request request = {.method = "GET",
			.url = arena_printf(arena, "http://engine/containers/%s/json", name),
			.unix_socket = engine->socket,
			.plain = true,
			.seconds_max = ENGINE_SECONDS_MAX,
			.shown = shown};
	*ret_absent = false;
	if (!http_send(arena, &request, &answer, err))
		return NULL;
	*ret_absent = answer.status == 404;
	if (answer.status == 200 && !answer.truncated)
		return json_read(shown, answer.body, strlen(answer.body), err);
	if (!answer.status)
		(void)error_set(err, "cannot query %s: %s", shown, answer.error);
	else if (answer.status == 200)
		(void)error_set(err,
				"%s: the answer about container %s is longer than 4 MiB or not text; is this a "
				"container engine?",
				shown,
				name);
	else
		(void)error_set(err,
				"%s answered HTTP %d when asked about container %s",
				shown,
				answer.status,
				name);
	return NULL;
}

static void read_nofile(struct arena *arena, const cJSON *root, struct vantage *vantage)
{
	static const char ulimits[] = "HostConfig.Ulimits";
	const cJSON *limit;
	cJSON_ArrayForEach(limit, view_array(root, ulimits)) {
		const char *name = view_raw(limit, "Name"); /* "nofile"; Podman writes RLIMIT_NOFILE */
		double soft = view_number(limit, "Soft"), hard = view_number(limit, "Hard");
		char a[NUMBER_TEXT_MAX], b[NUMBER_TEXT_MAX];
		if ((strcmp(name, "nofile") != 0 && strcmp(name, "RLIMIT_NOFILE") != 0) || !(soft >= 0) ||
				!(hard >= soft))
			continue;
		vantage->nofile = arena_printf(arena,
				"%s:%s",
				text_plain_number(a, soft),
				text_plain_number(b, hard));
		const char *soft_text = arena_strdup(arena, a), *hard_text = arena_strdup(arena, b);
		vantage_configure(arena, vantage, "limits.nofile.soft", soft_text, ulimits);
		vantage_configure(arena, vantage, "limits.nofile.hard", hard_text, ulimits);
	}
}

static void container_read_sysctls(struct arena *arena, const cJSON *root, struct vantage *vantage)
{
	const cJSON *setting;
	static const char sysctls[] = "HostConfig.Sysctls";
	cJSON_ArrayForEach(setting, view_object(root, sysctls)) {
		if (!cJSON_IsString(setting))
			continue;
		const char *key = arena_strdup(arena, setting->string);
		const char *value = arena_strdup(arena, setting->valuestring);
		vantage_configure(arena, vantage, key, value, sysctls);
	}
}

/* {"80/tcp": [{"HostIp": "", "HostPort": "18080"}]} */
static void container_read_ports(struct arena *arena, const cJSON *root, struct vantage *vantage)
{
	const cJSON *inside, *outside;
	cJSON_ArrayForEach(inside, view_object(root, "HostConfig.PortBindings")) {
		cJSON_ArrayForEach(outside, inside) {
			const char *port = view_text(arena, outside, "HostPort", 16);
			const char *to = text_clean(arena, inside->string, strlen(inside->string), 16);
			name_list_append(arena,
					&vantage->published,
					arena_printf(arena, "%s to %s", *port ? port : "?", to));
		}
	}
}

static void container_read_bounds(struct arena *arena, const cJSON *root, struct vantage *vantage)
{
	static const char *const rows[][2] = {{"HostConfig.PidsLimit", "cgroup.pids.max"},
			{"HostConfig.Memory", "cgroup.memory.max"}};
	for (size_t i = 0; i < 2; i++) {
		double value = view_number(root, rows[i][0]);
		char number[NUMBER_TEXT_MAX];
		if (!(value > 0) || isinf(value))
			continue;
		const char *text = arena_strdup(arena, text_plain_number(number, value));
		vantage_configure(arena, vantage, rows[i][1], text, rows[i][0]);
	}
}

/* Both engines say 0 of a container that does not run. An answer that says nothing of it, or
 * something else, is not one about a container. */
static bool read_pid(const struct engine *engine,
		const char *name,
		const cJSON *root,
		int *ret_pid,
		struct error *err)
{
	enum {
		PID_MOST = 4194304 /* PID_MAX_LIMIT, include/linux/threads.h */
	};
	double pid = view_number(root, "State.Pid");
	bool good = pid >= 0 && pid <= PID_MOST && pid == floor(pid);
	if (good)
		*ret_pid = (int)pid;
	return good ||
			error_set(err,
					"%s (%s): the answer about container %s names no process (State.Pid); is this "
					"a container engine?",
					engine->name,
					engine->socket,
					name);
}

static void read_container(struct arena *arena,
		const struct engine *engine,
		const char *name,
		const cJSON *root,
		int pid,
		struct vantage *vantage)
{
	vantage->shown = arena_printf(arena, "container %s (%s)", name, engine->name);
	vantage->network = view_text(arena, root, "HostConfig.NetworkMode", 60);
	read_nofile(arena, root, vantage);
	container_read_sysctls(arena, root, vantage);
	container_read_ports(arena, root, vantage);
	container_read_bounds(arena, root, vantage);
	vantage->forwarded = strcmp(vantage->network, "host") != 0 &&
			strcmp(vantage->network, "none") != 0 &&
			!text_begins_with(vantage->network, "container:");
	if (pid == 0 && !view_object(root, "HostConfig.Sysctls"))
		vantage->unseen = arena_printf(arena,
				"%s is not running, and %s does not report its sysctls, so the defaults of a new "
				"network namespace were used. Start it to read the real ones.",
				vantage->shown,
				engine->name);
	if (pid > 0) {
		vantage->configured_count = 0; /* its process shows them */
		return;
	}
	vantage->nofile = NULL; /* nothing to compare it with */
	vantage->planned = (struct host_planned){.uid = (double)NAN, .container = engine->name};
	vantage_configure(arena, vantage, "cgroup.pids.group", "/", "containers have their own");
	vantage->own_network = vantage->forwarded || strcmp(vantage->network, "none") == 0;
}

bool vantage_find_container(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err)
{
	struct engine engines[ENGINES_MAX];
	size_t count, absent = 0;
	bool named;
	if (!container_plain_name(name))
		return error_set(err, "--container: \"%.60s\" is not a container name or ID", name);
	if (!find_named(engines, &named, err))
		return false;
	count = named ? 1 : find_usual(arena, engines);
	if (!count)
		return error_set(err,
				"--container %s: no container engine answers on this host (tried /run/docker.sock, "
				"/run/podman/podman.sock, XDG_RUNTIME_DIR, DOCKER_HOST and CONTAINER_HOST); for "
				"Podman, start: podman system service",
				name);
	for (size_t i = 0; i < count; i++) {
		bool not_here;
		struct json *json = container_inspect(arena, &engines[i], name, &not_here, err);
		if (json) {
			const cJSON *root = json_root(json);
			bool good = read_pid(&engines[i], name, root, ret_pid, err);
			if (good)
				read_container(arena, &engines[i], name, root, *ret_pid, ret_vantage);
			json_free(json);
			return good;
		}
		absent += not_here;
	}
	return absent < count ? false
						  : error_set(err,
									"--container %s: %s has no container of this name",
									name,
									count > 1 ? "no engine here" : engines[0].name);
}
