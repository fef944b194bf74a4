/* The vantage: which process's limits count, in which network namespace and container it is. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

static const char status_path[] = "proc/self/status";

/* The rest of the line that begins with "Name:", in place; NULL. */
static char *status_value(struct probing *probing, const char *status, const char *name)
{
	char *cursor = arena_strdup(probing->arena, status);
	size_t length = strlen(name);
	for (char *line; (line = parse_line(&cursor)) != NULL;)
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return parse_trim(line + length + 1);
	return NULL;
}

static void put_status_number(struct probing *probing, const char *key, const char *text, int field)
{
	uint64_t number;
	if (text && parse_field(text, field, &number) && number <= UINT32_MAX)
		put_number(probing, key, (double)number, UNIT_COUNT, status_path, text);
	else
		put_malformed(probing, key, UNIT_COUNT, status_path, text, "a number was expected");
}

/* CapEff is a hexadecimal mask of the bits in linux/capability.h. */
static void put_capabilities(struct probing *probing, const char *text)
{
	static const struct {
		const char *key;
		unsigned bit;
	} rows[] = {{"vantage.cap_net_admin", CAP_NET_ADMIN},
			{"vantage.cap_sys_resource", CAP_SYS_RESOURCE}};
	uint64_t mask = 0;
	const char *cursor = text;
	bool known = text && parse_hex(&cursor, &mask) && *cursor == '\0';
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		if (known)
			put_number(probing,
					rows[i].key,
					(double)(mask >> rows[i].bit & 1),
					UNIT_BOOL,
					status_path,
					text);
		else
			put_malformed(probing, rows[i].key, UNIT_BOOL, status_path, text, "no CapEff mask");
	}
}

/* The user's line of passwd(5): kept alone, so that a snapshot does not carry the others. */
static void put_user(struct probing *probing, double uid)
{
	static const char path[] = "etc/passwd";
	const char *bytes;
	size_t length;
	uint64_t number;
	int error = source_read_bytes(probing->source, path, &bytes, &length);
	char *cursor = error ? NULL : arena_copy(probing->arena, bytes, length);
	for (char *line; cursor && (line = parse_line(&cursor)) != NULL;) {
		const char *colon = strchr(line, ':'), *id = colon ? strchr(colon + 1, ':') : NULL;
		if (!id || (id++, !parse_u64(&id, &number)) || *id != ':' || (double)number < uid ||
				(double)number > uid)
			continue;
		const char *kept = arena_printf(probing->arena, "%s\n", line);
		source_keep(probing->source, path, kept, strlen(kept));
		const char *user = text_clean(probing->arena, line, (size_t)(colon - line), 64);
		put_text(probing, "vantage.user", user, path, user);
		probing->info->user = user;
		return;
	}
	put_missing(probing, "vantage.user", FACT_ABSENT, UNIT_TEXT, path, "no line of this user id");
}

static void read_status(struct probing *probing)
{
	char *status;
	int error = probing_read_text(probing, status_path, &status);
	if (error) {
		put_errno(probing, "vantage.uid", UNIT_COUNT, status_path, error);
		return;
	}
	const char *name = status_value(probing, status, "Name");
	if (name)
		put_text(probing,
				"vantage.process",
				text_clean(probing->arena, name, strlen(name), 64),
				status_path,
				name);
	put_status_number(probing, "vantage.pid", status_value(probing, status, "Pid"), 0);
	if (probing->in_userns) /* RLIMIT_NPROC goes by the user outside, not by root inside */
		put_number(probing, "vantage.uid", probing->own_uid, UNIT_COUNT, status_path, NULL);
	else
		put_status_number(probing, "vantage.uid", status_value(probing, status, "Uid"), 1);
	put_status_number(probing, "process.threads", status_value(probing, status, "Threads"), 0);
	put_capabilities(probing, status_value(probing, status, "CapEff"));
	double pid = facts_number(probing->facts, "vantage.pid"),
		   uid = facts_number(probing->facts, "vantage.uid");
	probing->info->pid = pid > 0 ? (int)pid : 0;
	if (uid >= 0)
		put_user(probing, uid);
}

struct container_row {
	const char *part; /* of the control group's path */
	const char *name;
};

static const struct container_row container_rows[] = {
		{"kubepods", "kubernetes"},
		{"/docker/", "docker"},
		{"docker-", "docker"},
		{"libpod", "podman"},
		{"/lxc/", "lxc"},
		{"lxc.payload", "lxc"},
		{"/machine.slice/machine-", "systemd-nspawn"},
};

/* NULL: another user's process, whose root directory may not be looked into. */
static const char *container_of(struct probing *probing, const char **ret_path)
{
	char *groups;
	bool other = probing->live && probing->options->pid != 0;
	const char *environ_path = "proc/self/environ";
	*ret_path = environ_path;
	if (probing->live && !other && getenv("KUBERNETES_SERVICE_HOST")) {
		source_keep(probing->source, environ_path, "KUBERNETES_SERVICE_HOST=masked", 31);
		return "kubernetes";
	}
	*ret_path = "proc/self/cgroup";
	if (probing_read_text(probing, *ret_path, &groups) == 0)
		for (size_t i = 0; i < COUNT_OF(container_rows); i++)
			if (strstr(groups, container_rows[i].part))
				return container_rows[i].name;
	static const char *const marks[][2] = {{".dockerenv", "docker"},
			{"run/.containerenv", "podman"}};
	for (size_t i = 0; i < 2; i++) {
		*ret_path = other ? arena_printf(probing->arena, "proc/self/root/%s", marks[i][0])
						  : marks[i][0];
		if (!source_exists(probing->source, *ret_path))
			continue;
		source_keep(probing->source, marks[i][0], "", 0);
		return marks[i][1];
	}
	*ret_path = "proc/self/root";
	if (source_manifest_error(probing->source, *ret_path) ||
			(other && !source_exists(probing->source, "proc/self/root/proc")))
		return NULL;
	const char *bytes;
	size_t length;
	*ret_path = environ_path;
	if (!probing->live && source_read_bytes(probing->source, environ_path, &bytes, &length) == 0 &&
			memmem(bytes, length, "KUBERNETES_SERVICE_HOST=", 24))
		return "kubernetes";
	*ret_path = "proc/self/cgroup";
	return "none";
}

static void run_vantage(struct probing *probing)
{
	const char *path;
	read_status(probing);
	const char *container = container_of(probing, &path);
	if (!container) {
		put_missing(probing, "host.container", FACT_DENIED, UNIT_TEXT, path, NULL);
		source_keep_error(probing->source, path, EACCES);
		return;
	}
	put_text(probing, "host.container", container, path, NULL);
	if (strcmp(container, "none") != 0)
		probing->info->container = container;
}

const struct probe probe_vantage = {.name = "vantage", .run = run_vantage};

/* A child network namespace has tcp_rmem and lacks tcp_mem (register_pernet in
 * net/ipv4/sysctl_net_ipv4.c leaves the global table out). */
static void run_netns(struct probing *probing)
{
	static const char path[] = "proc/sys/net/ipv4/tcp_mem";
	static const char key[] = "vantage.netns.initial";
	struct host_info *info = probing->info;
	const char *namespace = "unknown network namespace";
	bool some = source_exists(probing->source, "proc/sys/net/ipv4/tcp_rmem");
	bool global = source_exists(probing->source, path) ||
			source_manifest_error(probing->source, path);
	if (probing->netns_denied) {
		put_missing(probing,
				key,
				FACT_DENIED,
				UNIT_BOOL,
				path,
				"the network namespace of the vantage process could not be entered");
	} else if (some || global) {
		put_number(probing, key, global, UNIT_BOOL, path, NULL);
		probing->child_netns = !global;
		namespace = global ? "network namespace of the host" : "its own network namespace";
	} else {
		put_missing(probing, key, FACT_ABSENT, UNIT_BOOL, path, "no IPv4 settings at all");
	}
	const char *user = info->user ? info->user : "an unnamed user";
	const char *kept = probing_origin(probing, "vantage");
	if (kept)
		info->vantage = kept;
	else if (probing->live && probing->options->pid == 0)
		info->vantage = arena_printf(probing->arena, "as %s, this shell, %s", user, namespace);
	else
		info->vantage =
				arena_printf(probing->arena, "as %s, pid %d, %s", user, info->pid, namespace);
}

const struct probe probe_netns = {.name = "netns", .run = run_netns};
