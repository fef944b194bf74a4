/* The vantage: the process whose limits count, and the network namespace and the container in which
 * it is. */
#include <errno.h>
#include <linux/capability.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	NAME_CHARS = 64
};

static const char status_path[] = "proc/self/status";
static const char passwd_path[] = "etc/passwd";
static const char groups_path[] = "proc/self/cgroup";
static const char environ_path[] = "proc/self/environ";
static const char root_path[] = "proc/self/root";

/* The rest of the line that begins with "Name:", in place; NULL: there is no such line. */
static char *status_value(struct probing *probing, const char *status, const char *name)
{
	char *cursor = arena_strdup(probing->arena, status);
	size_t length = strlen(name);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		if (strncmp(line, name, length) == 0 && line[length] == ':')
			return parse_trim(line + length + 1);
	}
	return NULL;
}

/* Number `field` (from 0) of the line "Name:". */
static void vantage_put_number(struct probing *probing,
		const char *key,
		const char *status,
		const char *name,
		int field)
{
	static const char bad[] = "expected a number";
	const char *text = status_value(probing, status, name);
	uint64_t number;
	bool good = text && parse_field(text, field, &number);
	if (good && number <= UINT32_MAX)
		put_number(probing, key, (double)number, UNIT_COUNT, status_path, text);
	else
		put_malformed(probing, key, UNIT_COUNT, status_path, text, bad);
}

struct capability_row {
	const char *key;
	unsigned bit;
};

static const struct capability_row capability_rows[] = {
		{"vantage.cap_net_admin", CAP_NET_ADMIN},
		{"vantage.cap_sys_resource", CAP_SYS_RESOURCE},
		{"vantage.cap_sys_admin", CAP_SYS_ADMIN},
};

/* CapEff is a hexadecimal mask of the bits in linux/capability.h. */
static void vantage_put_capabilities(struct probing *probing, const char *text)
{
	uint64_t mask = 0;
	const char *cursor = text;
	bool known = text && parse_hex(&cursor, &mask) && *cursor == '\0';
	for (size_t i = 0; i < COUNT_OF(capability_rows); i++) {
		const struct capability_row *row = &capability_rows[i];
		double bit = (double)(mask >> row->bit & 1);
		if (known)
			put_number(probing, row->key, bit, UNIT_BOOL, status_path, text);
		else
			put_malformed(probing, row->key, UNIT_BOOL, status_path, text, "no CapEff line");
	}
}

/* A line of passwd(5), "name:password:uid:…": is it this user's? */
static bool is_line_of(const char *line, double uid)
{
	uint64_t number;
	const char *password = strchr(line, ':'), *id = NULL;
	if (password)
		id = strchr(password + 1, ':');
	if (!id)
		return false;
	id++;
	if (!parse_u64(&id, &number) || *id != ':')
		return false;
	return !((double)number < uid) && !((double)number > uid);
}

/* The user's line of passwd(5), or NULL. */
static const char *find_user(struct probing *probing, double uid)
{
	const char *bytes;
	size_t length;
	if (source_read_bytes(probing->source, passwd_path, &bytes, &length) != 0)
		return NULL;
	char *cursor = arena_copy(probing->arena, bytes, length);
	for (char *line; (line = parse_line(&cursor)) != NULL;) {
		if (is_line_of(line, uid))
			return line;
	}
	return NULL;
}

/* A snapshot keeps this line only, and no other user. */
static void vantage_put_user(struct probing *probing, double uid)
{
	static const char key[] = "vantage.user", none[] = "no line for this user ID";
	const char *line = find_user(probing, uid);
	if (!line) {
		put_missing(probing, key, FACT_ABSENT, UNIT_TEXT, passwd_path, none);
		return;
	}
	const char *kept = arena_printf(probing->arena, "%s\n", line);
	source_keep(probing->source, passwd_path, kept, strlen(kept));
	const char *user = text_clean(probing->arena, line, strcspn(line, ":"), NAME_CHARS);
	put_text(probing, key, user, passwd_path, user);
	probing->info->user = user;
}

static void vantage_put_process(struct probing *probing, const char *status)
{
	const char *name = status_value(probing, status, "Name");
	if (!name)
		return;
	const char *clean = text_clean(probing->arena, name, strlen(name), NAME_CHARS);
	put_text(probing, "vantage.process", clean, status_path, name);
}

/* The user id outside that a line of uid_map gives to this one: "INSIDE OUTSIDE COUNT". */
static bool map_line(const char *line, uint64_t uid, uint64_t *ret_outside)
{
	uint64_t inside, outside, count;
	if (!parse_field(line, 0, &inside) || !parse_field(line, 1, &outside))
		return false;
	if (!parse_field(line, 2, &count) || uid < inside || uid - inside >= count)
		return false;
	*ret_outside = outside + (uid - inside);
	return true;
}

/* The user id outside the user namespace of the process; the same where none is known. */
static uint64_t outside_uid(struct probing *probing, uint64_t uid)
{
	uint64_t outside = uid;
	char *map;
	if (probing_read_text(probing, "proc/self/uid_map", &map) != 0)
		return uid;
	for (char *line; (line = parse_line(&map)) != NULL;) {
		if (map_line(line, uid, &outside))
			return outside;
	}
	return uid;
}

/* RLIMIT_NPROC goes by the real user, and by the one outside a user namespace, not by root inside
 * it (kernel/fork.c, copy_process()). */
static void vantage_put_user_id(struct probing *probing, const char *status)
{
	static const char key[] = "vantage.uid";
	const char *ids = status_value(probing, status, "Uid");
	uint64_t uid;
	if (probing->in_userns)
		put_number(probing, key, probing->own_uid, UNIT_COUNT, status_path, NULL);
	else if (ids && parse_field(ids, 0, &uid) && uid <= UINT32_MAX)
		put_number(probing, key, (double)outside_uid(probing, uid), UNIT_COUNT, status_path, ids);
	else
		put_malformed(probing, key, UNIT_COUNT, status_path, ids, "expected a number");
}

/* The initial user namespace has this number (include/linux/proc_ns.h). */
static void vantage_put_user_namespace(struct probing *probing)
{
	static const char key[] = "vantage.userns.initial", path[] = "proc/self/ns/user";
	static const char initial[] = "user:[4026531837]";
	char target[SOURCE_LINK_MAX];
	int error = source_link(probing->source, path, target);
	if (error)
		put_errno(probing, key, UNIT_BOOL, path, error);
	else
		put_number(probing, key, strcmp(target, initial) == 0, UNIT_BOOL, path, target);
}

/* What is configured of a process that does not run. */
static void put_planned(struct probing *probing, const struct host_planned *planned)
{
	if (isnan(planned->uid)) {
		put_errno(probing, "vantage.uid", UNIT_COUNT, status_path, ENODATA);
		return;
	}
	put_number(probing, "vantage.uid", planned->uid, UNIT_COUNT, NULL, NULL);
	vantage_put_user(probing, planned->uid);
}

static void vantage_put_missing(struct probing *probing, int error)
{
	static const char namespace[] = "vantage.userns.initial";
	for (size_t i = 0; i < COUNT_OF(capability_rows); i++)
		put_errno(probing, capability_rows[i].key, UNIT_BOOL, status_path, error);
	put_errno(probing, namespace, UNIT_BOOL, status_path, error);
	put_errno(probing, "process.fd_slots", UNIT_COUNT, status_path, error);
	if (probing->options->planned)
		put_planned(probing, probing->options->planned);
	else
		put_errno(probing, "vantage.uid", UNIT_COUNT, status_path, error);
}

static void read_status(struct probing *probing)
{
	char *status;
	int error = probing_read_text(probing, status_path, &status);
	if (error) {
		vantage_put_missing(probing, error);
		return;
	}
	vantage_put_process(probing, status);
	vantage_put_number(probing, "vantage.pid", status, "Pid", 0);
	vantage_put_user_id(probing, status);
	vantage_put_number(probing, "process.threads", status, "Threads", 0);
	vantage_put_number(probing, "process.fd_slots", status, "FDSize", 0);
	vantage_put_capabilities(probing, status_value(probing, status, "CapEff"));
	vantage_put_user_namespace(probing);
	double pid = facts_number(probing->facts, "vantage.pid");
	double uid = facts_number(probing->facts, "vantage.uid");
	if (pid > 0)
		probing->info->pid = (int)pid;
	if (uid >= 0)
		vantage_put_user(probing, uid);
}

struct container_row {
	const char *part; /* found in the path of a control group */
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

/* A file at the root of a container says which it is. */
struct mark_row {
	const char *path, *name;
};

static const struct mark_row mark_rows[] = {
		{".dockerenv", "docker"},
		{"run/.containerenv", "podman"},
};

static bool is_another(const struct probing *probing)
{
	return probing->live && probing->options->pid != 0;
}

/* The vantage process is not this one, so its root directory may be another. That of process 1 is
 * where --host-root says. */
static bool is_elsewhere(const struct probing *probing)
{
	const struct host_options *options = probing->options;
	return is_another(probing) && !(options->host_root && options->pid == 1);
}

/* Kubernetes sets a variable in the environment of each process. Live, only our own environment is
 * looked at. */
static bool in_own_pod(struct probing *probing)
{
	static const char kept[] = "KUBERNETES_SERVICE_HOST=masked";
	if (!probing->live || is_another(probing) || probing->options->planned)
		return false;
	if (!getenv("KUBERNETES_SERVICE_HOST"))
		return false;
	source_keep(probing->source, environ_path, kept, sizeof kept);
	return true;
}

static bool in_kept_pod(struct probing *probing)
{
	static const char variable[] = "KUBERNETES_SERVICE_HOST=";
	const char *bytes;
	size_t length;
	if (probing->live)
		return false;
	if (source_read_bytes(probing->source, environ_path, &bytes, &length) != 0)
		return false;
	return memmem(bytes, length, variable, strlen(variable)) != NULL;
}

/* The name that the control group's path tells; NULL: none. */
static const char *container_of_groups(struct probing *probing)
{
	char *groups;
	if (probing_read_text(probing, groups_path, &groups) != 0)
		return NULL;
	for (size_t i = 0; i < COUNT_OF(container_rows); i++) {
		if (strstr(groups, container_rows[i].part))
			return container_rows[i].name;
	}
	return NULL;
}

/* The name that a file tells, which goes into *ret_path; NULL: there is none. */
static const char *container_of_marks(struct probing *probing, const char **ret_path)
{
	for (size_t i = 0; i < COUNT_OF(mark_rows); i++) {
		const struct mark_row *row = &mark_rows[i];
		const char *path = row->path;
		if (is_elsewhere(probing))
			path = arena_printf(probing->arena, "proc/self/root/%s", row->path);
		if (!source_exists(probing->source, path))
			continue;
		source_keep(probing->source, row->path, "", 0);
		*ret_path = path;
		return row->name;
	}
	return NULL;
}

/* The root directory of another user's process may not be looked into. */
static bool is_root_hidden(struct probing *probing)
{
	if (source_manifest_error(probing->source, root_path) != 0)
		return true;
	return is_elsewhere(probing) && !source_exists(probing->source, "proc/self/root/proc");
}

/* The name of the container, and the file that tells it. NULL: *ret_path hides it. */
static const char *container_of(struct probing *probing, const char **ret_path)
{
	const char *name;
	const struct host_planned *planned = probing->options->planned;
	*ret_path = groups_path;
	if (planned && planned->container)
		return planned->container;
	*ret_path = environ_path;
	if (in_own_pod(probing))
		return "kubernetes";
	*ret_path = groups_path;
	name = container_of_groups(probing);
	if (!name)
		name = container_of_marks(probing, ret_path);
	if (name)
		return name;
	*ret_path = root_path;
	if (is_root_hidden(probing))
		return NULL;
	*ret_path = environ_path;
	if (in_kept_pod(probing))
		return "kubernetes";
	*ret_path = groups_path;
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
 * net/ipv4/sysctl_net_ipv4.c leaves the global table out). Returns the namespace in words. */
static const char *vantage_put_netns(struct probing *probing)
{
	static const char path[] = "proc/sys/net/ipv4/tcp_mem", key[] = "vantage.netns.initial";
	static const char denied[] =
			"the network namespace of the vantage process could not be entered";
	struct source *source = probing->source;
	int own = source_look(source, "proc/sys/net/ipv4/tcp_rmem");
	int error = source_look(source, path);
	bool global = put_status_of(error) != FACT_ABSENT;
	if (error == 0)
		own = 0;
	if (probing->netns_denied) {
		put_missing(probing, key, FACT_DENIED, UNIT_BOOL, path, denied);
		return "unknown network namespace";
	}
	if (error == SOURCE_NOT_COLLECTED || own == SOURCE_NOT_COLLECTED) {
		probing->netns_unknown = true;
		put_errno(probing, key, UNIT_BOOL, path, SOURCE_NOT_COLLECTED);
		return "unknown network namespace";
	}
	if (own != 0 && !global) {
		put_missing(probing, key, FACT_ABSENT, UNIT_BOOL, path, "no IPv4 settings at all");
		return "unknown network namespace";
	}
	put_number(probing, key, global, UNIT_BOOL, path, NULL);
	probing->child_netns = !global;
	if (global)
		return "host's network";
	return "its own network namespace";
}

/* "as user root, limits of PID 4711, host's network" */
static const char *vantage_text(const struct probing *probing, const char *namespace)
{
	const struct host_info *info = probing->info;
	const char *user = "an unnamed user";
	if (info->user)
		user = arena_printf(probing->arena, "user %s", info->user);
	if (probing->options->planned)
		return arena_printf(probing->arena, "as %s, %s", user, namespace);
	if (probing->live && probing->options->pid == 0)
		return arena_printf(probing->arena, "as %s, limits of this shell, %s", user, namespace);
	const char *below = probing->options->host_root;
	if (below)
	namespace = arena_printf(probing->arena, "%s, files below %.100s", namespace, below);
	return arena_printf(probing->arena, "as %s, limits of PID %d, %s", user, info->pid, namespace);
}

static void run_netns(struct probing *probing)
{
	struct host_info *info = probing->info;
	const char *namespace = vantage_put_netns(probing);
	info->vantage = probing_origin(probing, "vantage");
	if (!info->vantage)
		info->vantage = vantage_text(probing, namespace);
}

const struct probe probe_netns = {.name = "netns", .run = run_netns};
