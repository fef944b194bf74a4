/* A systemd unit: its main process, asked of systemd where that runs, else the oldest process of
 * its control group; for one that does not run, the limits that its files set. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <pwd.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/vantage/find.h"
#include "base/array.h"
#include "base/list.h"
#include "base/os/file.h"
#include "base/text.h"
#include "probes/plan/command/find.h"
#include "probes/plan/command/run.h"

enum {
	ASK_SECONDS_MAX = 5,
	ASK_BYTES_MAX = 64 * 1024,
	PID_MOST = 4194304 /* PID_MAX_LIMIT, include/linux/threads.h */
};

static bool unit_plain_name(const char *name)
{
	size_t length = strlen(name);
	return length > 0 && length < 256 && name[0] != '-' && name[0] != '.' &&
			strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@:\\-") ==
			length;
}

/* What systemctl show prints: "Name=value" lines. */
static const char *unit_property(const char *text, const char *name, struct arena *arena)
{
	size_t length = strlen(name);
	for (const char *line = text; line && *line;
			line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (!strncmp(line, name, length) && line[length] == '=')
			return arena_copy(arena, line + length + 1, strcspn(line + length + 1, "\n"));
	return "";
}

/* NULL: systemd does not run here, or does not answer. */
static const char *ask_systemd(struct arena *arena, const char *unit)
{
	static const char wanted[] =
			"--property=LoadState,MainPID,LimitNOFILE,LimitNOFILESoft,LimitNPROC,LimitNPROCSoft,"
			"TasksMax,MemoryMax,ActiveState,User,DynamicUser,PrivateUsers,PrivateNetwork,Slice,"
			"AmbientCapabilities";
	const char *const arguments[] = {"systemctl", "show", "--no-pager", wanted, "--", unit, NULL};
	const char *why;
	const char *path = find_program(arena, "systemctl", &why);
	const struct run_request request = {.program = path,
			.arguments = arguments,
			.seconds_max = ASK_SECONDS_MAX,
			.bytes_max = ASK_BYTES_MAX};
	struct run_result result = {0};
	if (!path)
		return NULL;
	if (access("/run/systemd/system", F_OK) < 0)
		return NULL;
	run_program(&request, &result);
	bool good = result.end == RUN_EXITED && result.status == 0 && result.output.data;
	const char *said = good ? arena_strdup(arena, result.output.data) : NULL;
	text_release(&result.output);
	text_release(&result.errors);
	return said;
}

struct property_row {
	const char *property, *key;
};

static const struct property_row unit_tasks = {"TasksMax", "cgroup.pids.max"};
static const struct property_row unit_limits[] = {
		{"LimitNOFILESoft", "limits.nofile.soft"},
		{"LimitNOFILE", "limits.nofile.hard"},
		{"LimitNPROCSoft", "limits.nproc.soft"},
		{"LimitNPROC", "limits.nproc.hard"},
		{"MemoryMax", "cgroup.memory.max"},
};

/* systemd of Debian 10 writes "infinity" as a number. */
static bool is_infinity(const char *value)
{
	return strcmp(value, "infinity") == 0 || strcmp(value, "18446744073709551615") == 0;
}

static void configure_limit(struct arena *arena,
		struct vantage *vantage,
		const char *said,
		const struct property_row *row)
{
	const char *value = unit_property(said, row->property, arena);
	const char *where = arena_printf(arena, "systemctl show, %s", row->property);
	if (is_infinity(value))
		value = "infinity";
	else if (!*value || strspn(value, "0123456789") != strlen(value))
		return;
	vantage_configure(arena, vantage, row->key, value, where);
}

/* "system-web.slice" is in "/system.slice/system-web.slice" (systemd.slice(5)). */
static const char *group_of_slice(struct arena *arena, const char *slice)
{
	const char *path = "";
	if (!text_ends_with(slice, ".slice") || strcmp(slice, "-.slice") == 0)
		return path;
	size_t end = strlen(slice) - strlen(".slice");
	for (size_t length = 1; length <= end; length++) {
		if (slice[length] == '-' || length == end)
			path = arena_printf(arena, "%s/%.*s.slice", path, (int)length, slice);
	}
	return path;
}

/* INFINITY: no limit is set. */
static double tasks_of(struct arena *arena, const char *said)
{
	const char *value = unit_property(said, unit_tasks.property, arena);
	if (!*value || is_infinity(value) || strspn(value, "0123456789") != strlen(value))
		return INFINITY;
	return strtod(value, NULL);
}

/* "a-b.slice" is in "a.slice"; NULL: in none but the root. */
static const char *slice_above(struct arena *arena, const char *slice)
{
	const char *dash = strrchr(slice, '-');
	if (!dash || dash == slice)
		return NULL;
	return arena_printf(arena, "%.*s.slice", (int)(dash - slice), slice);
}

/* The group with the least TasksMax: the unit's own, or that of a slice around it that is not there
 * yet. Those that are there are read where the kernel has them. */
static void plan_tasks(struct arena *arena,
		const char *said,
		const char *slice,
		struct vantage *vantage)
{
	const char *least = said;
	while (slice && text_ends_with(slice, ".slice")) {
		const char *around = ask_systemd(arena, slice);
		if (!around || strcmp(unit_property(around, "ActiveState", arena), "inactive") != 0)
			break;
		if (tasks_of(arena, around) < tasks_of(arena, least)) {
			least = around;
			vantage->planned.group = group_of_slice(arena, slice);
		}
		slice = slice_above(arena, slice);
	}
	configure_limit(arena, vantage, least, &unit_tasks);
}

/* The id of a user by number or by name; NAN: not known here. */
static double user_id(const char *user)
{
	char *end;
	if (!*user)
		return 0;
	unsigned long number = strtoul(user, &end, 10);
	if (*end == '\0' && number <= UINT32_MAX)
		return (double)number;
	const struct passwd *entry = getpwnam(user);
	if (!entry)
		return (double)NAN;
	return (double)entry->pw_uid;
}

/* What a capability that systemd gives a user means for the limits of threads. */
static void configure_capabilities(struct arena *arena,
		struct vantage *vantage,
		const char *capabilities)
{
	static const char *const rows[][2] = {
			{"cap_sys_resource", "vantage.cap_sys_resource"},
			{"cap_sys_admin", "vantage.cap_sys_admin"},
	};
	static const char where[] = "systemctl show, AmbientCapabilities";
	for (size_t i = 0; i < COUNT_OF(rows); i++) {
		const char *value = "0";
		if (strstr(capabilities, rows[i][0]))
			value = "1";
		vantage_configure(arena, vantage, rows[i][1], value, where);
	}
}

/* A service that does not run, as it will run. */
static void plan_unit(struct arena *arena,
		const char *said,
		const char *unit,
		struct vantage *vantage)
{
	const char *within = unit_property(said, "Slice", arena);
	const char *slice = group_of_slice(arena, within);
	const char *user = unit_property(said, "User", arena);
	for (size_t i = 0; i < COUNT_OF(unit_limits); i++)
		configure_limit(arena, vantage, said, &unit_limits[i]);
	vantage->planned.group = arena_printf(arena, "%s/%s", slice, unit);
	plan_tasks(arena, said, within, vantage);
	vantage->planned.uid = user_id(user);
	if (strcmp(unit_property(said, "DynamicUser", arena), "yes") == 0)
		vantage->planned.uid = (double)NAN;
	configure_capabilities(arena, vantage, unit_property(said, "AmbientCapabilities", arena));
	if (strcmp(unit_property(said, "PrivateUsers", arena), "yes") != 0)
		vantage_configure(arena, vantage, "vantage.userns.initial", "1", "systemctl show");
	vantage_configure(arena, vantage, "vantage.unit", unit, "systemctl show");
	vantage->own_network = strcmp(unit_property(said, "PrivateNetwork", arena), "yes") == 0;
}

static bool from_systemd(struct arena *arena,
		const char *said,
		const char *unit,
		struct vantage *vantage,
		int *ret_pid,
		struct error *err)
{
	const char *soft = unit_property(said, "LimitNOFILESoft", arena);
	const char *hard = unit_property(said, "LimitNOFILE", arena);
	const char *state = unit_property(said, "LoadState", arena);
	long pid = strtol(unit_property(said, "MainPID", arena), NULL, 10);
	if (strcmp(state, "loaded") != 0)
		return error_set(err,
				"--unit %s: systemd has no unit of this name loaded (state \"%.40s\"); for a list: "
				"systemctl list-units",
				unit,
				state);
	*ret_pid = 0;
	if (pid > 0 && pid <= PID_MOST)
		*ret_pid = (int)pid;
	else
		plan_unit(arena, said, unit, vantage);
	if (*ret_pid && *soft && *hard)
		vantage->nofile = arena_printf(arena, "%s:%s", soft, hard);
	return true;
}

static size_t read_proc(int pid, const char *name, char *out, size_t size)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, name);
	ssize_t length = file_read_path(path, out, size);
	if (length < 0)
		return 0;
	return (size_t)length;
}

/* Is the unit a component of one of its control groups' paths? */
static bool belongs(int pid, const char *unit)
{
	char groups[8192];
	size_t length = strlen(unit);
	if (!read_proc(pid, "cgroup", groups, sizeof groups))
		return false;
	for (const char *at = groups; (at = strstr(at, unit)); at += length)
		if (at > groups && at[-1] == '/' &&
				(at[length] == '\n' || at[length] == '/' || !at[length]))
			return true;
	return false;
}

/* Clock ticks since boot: field 22 of proc(5) stat, counted behind the name, which may hold
 * anything. */
static unsigned long long started_at(int pid)
{
	char stat[4096];
	char *at = read_proc(pid, "stat", stat, sizeof stat) ? strrchr(stat, ')') : NULL;
	for (int field = 2; at && field < 22; field++)
		at = strchr(at + 1, ' ');
	return at ? strtoull(at, NULL, 10) : ~0ULL;
}

static int oldest_process(const char *unit)
{
	DIR *proc = file_open_directory("/proc");
	unsigned long long oldest = ~0ULL;
	int found = 0;
	for (struct dirent *entry; proc && (entry = readdir(proc));) {
		int pid = isdigit((unsigned char)entry->d_name[0]) ? atoi(entry->d_name) : 0;
		if (pid <= 0 || !belongs(pid, unit))
			continue;
		unsigned long long started = started_at(pid);
		if (!found || started < oldest) {
			oldest = started;
			found = pid;
		}
	}
	if (proc)
		(void)closedir(proc);
	return found;
}

bool vantage_find_unit(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err)
{
	const char *unit = strchr(name, '.') ? name : arena_printf(arena, "%s.service", name);
	if (!unit_plain_name(name))
		return error_set(err, "--unit: \"%.60s\" is not a unit name", name);
	ret_vantage->shown = arena_printf(arena, "unit %s", unit);
	const char *said = ask_systemd(arena, unit);
	if (said)
		return from_systemd(arena, said, unit, ret_vantage, ret_pid, err);
	*ret_pid = oldest_process(unit);
	if (*ret_pid)
		return true;
	return error_set(err,
			"--unit %s: the unit has no running process, and its configuration cannot be read, "
			"because systemd does not run here",
			unit);
}
