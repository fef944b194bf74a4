/* Reads /proc/PID/status, /proc/PID/cgroup where a group is asked for, and the links of
 * /proc/PID/fd for inotify. */
#include "probes/host/processes/heaviest.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/parse.h"

enum {
	PROCESSES_MAX = 32768,
	STATUS_CHARS = 4096,
	NAME_CHARS = 64,
	LINK_CHARS = 64
};

static const char *process_text(int pid, const char *file, char buffer[STATUS_CHARS])
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%d/%s", pid, file);
	return file_text(path, buffer, STATUS_CHARS);
}

/* A line of /proc/PID/cgroup ends with the path of the group. */
static bool is_in_group(int pid, const char *group)
{
	char buffer[STATUS_CHARS];
	size_t length = strlen(group);
	const char *at = process_text(pid, "cgroup", buffer);
	while ((at = strstr(at, group)) != NULL) {
		bool begins = at > buffer && at[-1] == ':';
		bool ends = at[length] == '\n' || at[length] == '/' || at[length] == '\0';
		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

static bool counts(const struct heavy_query *query, int pid, const char *status)
{
	uint64_t uid;
	if (!isnan(query->uid) &&
			(!parse_named(status, "Uid", &uid, NULL) || (double)uid != query->uid))
		return false;
	return !query->group || is_in_group(pid, query->group);
}

static void keep_most(struct heavy most[HEAVIEST_SHOWN], size_t *count, struct heavy one)
{
	for (size_t i = 0; i < HEAVIEST_SHOWN; i++) {
		if (i < *count && most[i].count >= one.count)
			continue;
		const struct heavy moved = most[i];
		most[i] = one;
		one = moved;
		if (i == *count) {
			(*count)++;
			return;
		}
	}
}

/* "Name:\tjava" */
static const char *heavy_name(struct arena *arena, const char *status)
{
	static const char mark[] = "Name:\t";
	if (!text_begins_with(status, mark))
		return "";
	const char *name = status + sizeof mark - 1;
	return text_clean(arena, name, strcspn(name, "\n"), NAME_CHARS);
}

static double count_inotify(int pid)
{
	static const char link[] = "anon_inode:inotify";
	char path[64], target[LINK_CHARS];
	double count = 0;
	(void)snprintf(path, sizeof path, "/proc/%d/fd", pid);
	__attribute__((cleanup(file_close_directory))) DIR *directory = file_open_directory(path);
	if (!directory)
		return 0;
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		ssize_t length = readlinkat(dirfd(directory), entry->d_name, target, sizeof target);
		count += length == (ssize_t)sizeof link - 1 && memcmp(target, link, (size_t)length) == 0;
	}
	return count;
}

static double heavy_count(enum heavy_with with, int pid, const char *status)
{
	uint64_t threads;
	if (with == HEAVY_INOTIFY)
		return count_inotify(pid);
	if (!parse_named(status, "Threads", &threads, NULL))
		return 0;
	return (double)threads;
}

static void look_at_process(struct arena *arena,
		const struct heavy_query *query,
		int pid,
		struct heavy most[HEAVIEST_SHOWN],
		size_t *count)
{
	char status[STATUS_CHARS];
	(void)process_text(pid, "status", status);
	if (!counts(query, pid, status))
		return;
	double number = heavy_count(query->with, pid, status);
	bool full = *count == HEAVIEST_SHOWN;
	if (!(number > 0) || (full && most[HEAVIEST_SHOWN - 1].count >= number))
		return;
	keep_most(most, count, (struct heavy){pid, heavy_name(arena, status), number});
}

size_t heaviest_read(struct arena *arena,
		const struct heavy_query *query,
		struct heavy ret_heaviest[HEAVIEST_SHOWN])
{
	size_t count = 0, processes = 0;
	__attribute__((cleanup(file_close_directory))) DIR *directory = file_open_directory("/proc");
	if (!directory)
		return 0;
	for (const struct dirent *entry; (entry = readdir(directory)) != NULL;) {
		const char *cursor = entry->d_name;
		uint64_t pid;
		if (!parse_u64(&cursor, &pid) || *cursor || pid > INT32_MAX)
			continue;
		if (processes++ == PROCESSES_MAX)
			break;
		look_at_process(arena, query, (int)pid, ret_heaviest, &count);
	}
	return count;
}
