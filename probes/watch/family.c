/* Walks a process tree in /proc. Processes come and go while it is read: what is gone counts
 * nothing. */
#include "probes/watch/family.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/descriptors.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"

/* More than a kernel gives: PID_MAX_LIMIT of include/linux/threads.h is 4,194,304. */
static const double pid_most = 1e7;

struct family {
	struct source *source;
	int root;
	bool with_root, by_size;
	double ticks_per_s, page_bytes;
	int pids[FAMILY_PROCESSES_MAX];
	size_t count;
	bool more;
};

struct family *family_new(struct arena *arena,
		struct source *source,
		int root,
		bool with_root,
		bool by_size)
{
	struct family *family = arena_alloc(arena, sizeof *family);
	*family = (struct family){.source = source,
			.root = root,
			.with_root = with_root,
			.by_size = by_size,
			.ticks_per_s = (double)sysconf(_SC_CLK_TCK),
			.page_bytes = (double)sysconf(_SC_PAGESIZE)};
	return family;
}

/* proc(5): the name stands in parentheses and may hold any byte; the fields after it count from 3.
 */
bool process_stat_parse(const char *text, struct process_stat *ret_stat)
{
	enum {
		PARENT = 4,
		USER = 14,
		SYSTEM,
		CHILD_USER,
		CHILD_SYSTEM,
		THREADS = 20,
		RESIDENT = 24
	};
	const char *at = strrchr(text, ')');
	double fields[RESIDENT + 1] = {0};
	if (!at || at[1] != ' ' || !at[2])
		return false;
	at += 3; /* behind the state's letter */
	for (int i = PARENT; i <= RESIDENT; i++) {
		char *end;
		if (*at != ' ')
			return false;
		double number = strtod(at, &end);
		if (isnan(number) || end == at)
			return false;
		fields[i] = number;
		at = end;
	}
	*ret_stat = (struct process_stat){
			.ticks = fields[USER] + fields[SYSTEM],
			.child_ticks = fields[CHILD_USER] + fields[CHILD_SYSTEM],
			.threads = fields[THREADS],
			.resident_pages = fields[RESIDENT],
	};
	if (fields[PARENT] >= 0 && fields[PARENT] < pid_most)
		ret_stat->parent = (int)fields[PARENT];
	return true;
}

static bool read_stat(struct family *family, const char *path, struct process_stat *ret_stat)
{
	const char *text;
	size_t length;
	return source_read_bytes(family->source, path, &text, &length) == 0 &&
			process_stat_parse(text, ret_stat);
}

static void family_add_children(struct family *family, const char *path)
{
	const char *text;
	size_t length;
	uint64_t pid;
	if (source_read_bytes(family->source, path, &text, &length) != 0)
		return;
	for (;;) {
		text += strspn(text, " \n");
		if (!parse_u64(&text, &pid) || pid > INT32_MAX)
			return;
		family->more |= family->count == FAMILY_PROCESSES_MAX;
		if (family->count < FAMILY_PROCESSES_MAX)
			family->pids[family->count++] = (int)pid;
	}
}

/* NULL: it cannot be read. */
static DIR *open_directory(struct family *family, const char *path)
{
	int fd = source_open(family->source, path, O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return NULL;
	return file_read_directory(fd);
}

/* Children stand at the thread that forked them. Of threads beyond the bound only the time is
 * missed. */
static void look_at_threads(struct family *family, int pid, struct family_totals *totals)
{
	char path[96];
	struct process_stat stat;
	unsigned seen = 0;
	(void)snprintf(path, sizeof path, "proc/%d/task", pid);
	DIR *directory = open_directory(family, path);
	if (!directory)
		return;
	for (struct dirent *entry; (entry = readdir(directory)) && seen < FAMILY_THREADS_MAX;) {
		uint64_t thread;
		if (!parse_whole(entry->d_name, &thread) || thread > INT32_MAX)
			continue;
		seen++;
		(void)snprintf(path, sizeof path, "proc/%d/task/%d/children", pid, (int)thread);
		family_add_children(family, path);
		(void)snprintf(path, sizeof path, "proc/%d/task/%d/stat", pid, (int)thread);
		if ((pid != family->root || family->with_root) && read_stat(family, path, &stat))
			totals->thread_cpu_s = fmax(totals->thread_cpu_s, stat.ticks / family->ticks_per_s);
	}
	closedir(directory);
}

static double size_of_directory(struct family *family, const char *path)
{
	struct stat status;
	int fd = source_open(family->source, path, O_PATH | O_DIRECTORY);
	if (fd < 0)
		return (double)NAN;
	bool known = fstat(fd, &status) == 0;
	close(fd);
	if (!known)
		return (double)NAN;
	return (double)status.st_size;
}

static double count_files(struct family *family, int pid)
{
	const struct descriptor_limits no_limits = {.soft = NAN, .hard = NAN};
	char path[64];
	struct descriptors found;
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	if (family->by_size)
		return size_of_directory(family, path);
	if (descriptors_read(family->source, path, false, &no_limits, &found) != 0)
		return (double)NAN;
	return found.open;
}

static double soft_limit(struct family *family, int pid)
{
	char path[64];
	const char *text;
	size_t length;
	double soft, hard;
	int line;
	(void)snprintf(path, sizeof path, "proc/%d/limits", pid);
	if (source_read_bytes(family->source, path, &text, &length) != 0 ||
			!limits_find(text, "Max open files", &soft, &hard, &line))
		return (double)NAN;
	return soft;
}

static void family_add_files(struct family *family, int pid, struct family_totals *totals)
{
	double files = count_files(family, pid), limit = soft_limit(family, pid);
	if (isnan(files))
		return;
	totals->fds += files;
	if (!totals->fullest || files / limit > totals->fds_most / totals->fds_limit) {
		totals->fullest = pid;
		totals->fds_most = files;
		totals->fds_limit = limit;
	}
}

static uint64_t namespace_of(struct family *family, int pid)
{
	char path[64], target[SOURCE_LINK_MAX];
	uint64_t inode;
	(void)snprintf(path, sizeof path, "proc/%d/ns/net", pid);
	const char *cursor = target + 5;
	if (source_link(family->source, path, target) != 0 || !text_begins_with(target, "net:[") ||
			!parse_u64(&cursor, &inode))
		return 0;
	return inode;
}

static void add_process(struct family *family, int pid, struct family_totals *totals)
{
	char path[64];
	struct process_stat stat;
	(void)snprintf(path, sizeof path, "proc/%d/stat", pid);
	if (!read_stat(family, path, &stat))
		return;
	totals->processes++;
	totals->threads += stat.threads;
	totals->cpu_s += (stat.ticks + stat.child_ticks) / family->ticks_per_s;
	totals->resident_bytes += stat.resident_pages * family->page_bytes;
	family_add_files(family, pid, totals);
}

bool family_read(struct family *family, struct family_totals *ret_totals)
{
	*ret_totals = (struct family_totals){0};
	family->count = 0;
	family->more = false;
	family->pids[family->count++] = family->root;
	for (size_t i = 0; i < family->count; i++) {
		look_at_threads(family, family->pids[i], ret_totals);
		if (i > 0 || family->with_root)
			add_process(family, family->pids[i], ret_totals);
	}
	ret_totals->more = family->more;
	ret_totals->namespace_pid = ret_totals->fullest;
	if (ret_totals->fullest)
		ret_totals->namespace = namespace_of(family, ret_totals->fullest);
	return ret_totals->processes > 0;
}

static bool process_holds(struct family *family, int pid, uint64_t inode)
{
	char path[64], target[64];
	bool found = false;
	unsigned seen = 0;
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	DIR *directory = open_directory(family, path);
	if (!directory)
		return false;
	for (struct dirent *entry;
			!found && (entry = readdir(directory)) && seen++ < FAMILY_INODES_MAX;) {
		ssize_t length = readlinkat(dirfd(directory), entry->d_name, target, sizeof target - 1);
		uint64_t number;
		const char *cursor = target + 8;
		if (length < 0)
			continue;
		target[length] = '\0';
		found = text_begins_with(target, "socket:[") && parse_u64(&cursor, &number) &&
				number == inode;
	}
	closedir(directory);
	return found;
}

bool family_holds(struct family *family, uint64_t inode)
{
	for (size_t i = 0; i < family->count; i++)
		if ((i > 0 || family->with_root) && process_holds(family, family->pids[i], inode))
			return true;
	return false;
}
