/* A systemd unit: its main process, asked of systemd where that runs, else the oldest process of
 * its control group; for one that does not run, the limits that its files set. */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "audit/vantage/find.h"
#include "base/list.h"
#include "base/os/file.h"
#include "base/text.h"
#include "probes/plan/command/find.h"
#include "probes/plan/command/run.h"

enum {
	ASK_SECONDS_MAX = 5,
	ASK_BYTES_MAX = 64 * 1024
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
			"--property=LoadState,MainPID,LimitNOFILE,LimitNOFILESoft,TasksMax,MemoryMax";
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
	return said;
}

static void configured(struct arena *arena,
		struct vantage *vantage,
		const char *key,
		const char *value)
{
	if (*value && strcmp(value, "infinity") != 0 && strspn(value, "0123456789") == strlen(value))
		name_list_append(arena, &vantage->given, arena_printf(arena, "%s=%s", key, value));
}

static bool from_systemd(struct arena *arena,
		const char *said,
		const char *unit,
		struct vantage *vantage,
		int *ret_pid,
		struct error *err)
{
	const char *soft = unit_property(said, "LimitNOFILESoft", arena),
			   *hard = unit_property(said, "LimitNOFILE", arena);
	long pid = strtol(unit_property(said, "MainPID", arena), NULL, 10);
	if (strcmp(unit_property(said, "LoadState", arena), "loaded") != 0)
		return error_set(err,
				"--unit %s: systemd has loaded no unit of this name (state \"%.40s\")",
				unit,
				unit_property(said, "LoadState", arena));
	if (*soft && *hard)
		vantage->nofile = arena_printf(arena, "%s:%s", soft, hard);
	*ret_pid = pid > 0 && pid <= 4194304 ? (int)pid : 0;
	if (*ret_pid)
		return true;
	configured(arena, vantage, "limits.nofile.soft", soft);
	configured(arena, vantage, "limits.nofile.hard", hard);
	configured(arena, vantage, "cgroup.pids.max", unit_property(said, "TasksMax", arena));
	configured(arena, vantage, "cgroup.memory.max", unit_property(said, "MemoryMax", arena));
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
	DIR *proc = opendir("/proc");
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
		return error_set(err, "--unit \"%.60s\": no name of a unit", name);
	ret_vantage->shown = arena_printf(arena, "unit %s", unit);
	const char *said = ask_systemd(arena, unit);
	if (said)
		return from_systemd(arena, said, unit, ret_vantage, ret_pid, err);
	*ret_pid = oldest_process(unit);
	if (*ret_pid)
		return true;
	return error_set(err,
			"--unit %s: no process of this unit runs, and systemd, which could tell how it is "
			"configured, "
			"does not run here",
			unit);
}
