/* Walks a process tree in /proc. Processes come and go while it is read: what is gone counts
 * nothing. */
#include "probes/watch/family.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/clock.h"
#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/descriptors.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/watch/container.h"
#include "probes/watch/throttle.h"
#include "probes/watch/waiting.h"

static const double few_files = 10;

struct family {
	struct source *source;
	int root;
	bool with_root, by_size;
	double ticks_per_s, page_bytes;
	int pids[FAMILY_PROCESSES_MAX];
	size_t count;
	bool more;
	struct waiting *waiting;
	double looked_s; /* when the last look ended */
	struct throttle *throttle;
	struct inodes followed; /* numbers of processes, not of sockets: whose group was looked up */
	const char *elsewhere;
	struct container *container;
	int adopted;                  /* a process of the container that it started; 0: there is none */
	bool found;                   /* there was one */
	double began_s, began_idle_s; /* as proc/uptime had them at the first look */
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
			.page_bytes = (double)sysconf(_SC_PAGESIZE),
			.looked_s = clock_now_s(),
			.waiting = waiting_new(source_exists(source, "proc/self/schedstat")),
			.throttle = throttle_new(arena, source)};
	throttle_follow(family->throttle, root);
	family->container = container_new(arena, source);
	return family;
}

void family_release(struct family *family)
{
	if (!family)
		return;
	waiting_free(family->waiting);
	inodes_release(&family->followed);
}

static bool read_stat(struct family *family, const char *path, struct process_stat *ret_stat)
{
	const char *text;
	size_t length;
	return source_read_bytes(family->source, path, &text, &length) == 0 &&
			process_stat_parse(text, ret_stat);
}

static bool is_member(const struct family *family, int pid)
{
	for (size_t i = 0; i < family->count; i++)
		if (family->pids[i] == pid)
			return true;
	return false;
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
		if (family->adopted && is_member(family, (int)pid))
			continue;
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

/* What it used and how long it waited. A kernel without schedstat tells the first in hundredths of
 * a second. */
static void look_at_thread(struct family *family, int pid, int thread, struct family_totals *totals)
{
	char path[96];
	const char *text;
	size_t length;
	struct process_stat stat;
	(void)snprintf(path, sizeof path, "proc/%d/task/%d/schedstat", pid, thread);
	if (source_read_bytes(family->source, path, &text, &length) == 0 &&
			waiting_add(family->waiting, thread, text))
		return;
	(void)snprintf(path, sizeof path, "proc/%d/task/%d/stat", pid, thread);
	if (read_stat(family, path, &stat))
		totals->thread_cpu_s = fmax(totals->thread_cpu_s, stat.ticks / family->ticks_per_s);
}

/* Children stand at the thread that forked them. Beyond the bound they are missed. totals: NULL:
 * only they are wanted. */
static void look_at_threads(struct family *family, int pid, struct family_totals *totals)
{
	char path[96];
	bool counts = totals && (pid != family->root || family->with_root);
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
		if (counts)
			look_at_thread(family, pid, (int)thread, totals);
	}
	family->more |= seen == FAMILY_THREADS_MAX;
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
	double files = count_files(family, pid);
	if (isnan(files))
		return;
	totals->fds += files;
	/* Of thousands of processes most have hardly more than the usual three. */
	if (files < few_files && totals->fullest)
		return;
	double limit = soft_limit(family, pid);
	if (!totals->fullest || files / limit > totals->fds_most / totals->fds_limit) {
		totals->fullest = pid;
		totals->fds_most = files;
		totals->fds_limit = limit;
	}
}

uint64_t family_namespace(struct family *family, int pid)
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

/* Clients of what runs programs on other hosts, or by a daemon that is no child of theirs. */
static void note_elsewhere(struct family *family, const char *stat)
{
	static const char *const names[] = {"ssh",
			"kubectl",
			"oc",
			"docker",
			"docker-compose",
			"nerdctl",
			"ctr",
			"nomad",
			"pdsh",
			"ansible",
			"ansible-playboo"};
	const char *name = strchr(stat, '(');
	const char *end = strrchr(stat, ')');
	for (size_t i = 0; name && end && i < COUNT_OF(names); i++) {
		size_t length = strlen(names[i]);
		if ((size_t)(end - name) == length + 1 && !strncmp(name + 1, names[i], length))
			family->elsewhere = names[i];
	}
}

/* A process may be put into a group of its own after it has begun: it is looked up again, of many
 * processes once. */
static void follow_group(struct family *family, int pid)
{
	const size_t few_processes = 64;
	uint64_t first = (uint64_t)pid * 2, second = first + 1;
	if (family->count > few_processes && inodes_have(&family->followed, second))
		return;
	if (inodes_have(&family->followed, first))
		inodes_add(&family->followed, second);
	else
		inodes_add(&family->followed, first);
	throttle_follow(family->throttle, pid);
}

static void add_process(struct family *family, int pid, struct family_totals *totals)
{
	char path[64];
	struct process_stat stat;
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/stat", pid);
	if (source_read_bytes(family->source, path, &text, &length) != 0 ||
			!process_stat_parse(text, &stat))
		return;
	note_elsewhere(family, text);
	totals->processes++;
	totals->threads += stat.threads;
	totals->cpu_s += (stat.ticks + stat.child_ticks) / family->ticks_per_s;
	totals->resident_bytes += stat.resident_pages * family->page_bytes;
	family_add_files(family, pid, totals);
	follow_group(family, pid);
}

/* Clients of engines that run containers on this host. */
static bool is_engine(const char *name)
{
	return !strcmp(name, "docker") || !strcmp(name, "docker-compose") || !strcmp(name, "nerdctl");
}

/* The processes of the container that it started, and of what they started. */
static void adopt_container(struct family *family)
{
	const int *pids;
	family->adopted = 0;
	if (!family->elsewhere || !is_engine(family->elsewhere))
		return;
	size_t count = container_look(family->container, &pids);
	for (size_t i = 0; i < count && family->count < FAMILY_PROCESSES_MAX; i++) {
		if (is_member(family, pids[i]))
			continue;
		family->pids[family->count++] = pids[i];
		family->adopted = pids[i];
		family->found = true;
	}
}

/* From the i-th process on, which may add some. */
static void read_from(struct family *family, size_t i, struct family_totals *totals)
{
	for (; i < family->count; i++) {
		look_at_threads(family, family->pids[i], totals);
		if (i > 0 || family->with_root)
			add_process(family, family->pids[i], totals);
	}
}

static void add_waits(struct family *family, struct family_totals *totals)
{
	double now_s = clock_now_s();
	waiting_end(family->waiting, now_s - family->looked_s);
	family->looked_s = now_s;
	const struct waited sums = waiting_sums(family->waiting);
	totals->wait_s = sums.wait_s;
	totals->seen_s = sums.run_s;
	totals->thread_cpu_s = fmax(totals->thread_cpu_s, sums.thread_s);
	totals->throttled_s = throttle_read(family->throttle);
}

/* Seconds since boot, and those that its processors were idle, all together. */
static bool read_uptime(struct family *family, double *ret_up_s, double *ret_idle_s)
{
	const char *text;
	size_t length;
	char *rest, *end;
	if (source_read_bytes(family->source, "proc/uptime", &text, &length) != 0)
		return false;
	*ret_up_s = strtod(text, &rest);
	*ret_idle_s = strtod(rest, &end);
	return rest != text && end != rest;
}

/* How many processors were idle on average since the first look; 1 as long as that is not known. */
static double idle_processors(struct family *family)
{
	const double least_s = 0.5; /* both are in hundredths of a second */
	double up_s, idle_s;
	if (!read_uptime(family, &up_s, &idle_s))
		return 1;
	if (!(family->began_s > 0)) {
		family->began_s = up_s;
		family->began_idle_s = idle_s;
	}
	double seen_s = up_s - family->began_s;
	if (!(seen_s >= least_s))
		return 1;
	return (idle_s - family->began_idle_s) / seen_s;
}

bool family_read(struct family *family, struct family_totals *ret_totals)
{
	*ret_totals = (struct family_totals){0};
	family->count = 0;
	family->more = false;
	waiting_begin(family->waiting, idle_processors(family));
	family->pids[family->count++] = family->root;
	read_from(family, 0, ret_totals);
	size_t own = family->count;
	adopt_container(family);
	read_from(family, own, ret_totals);
	add_waits(family, ret_totals);
	ret_totals->more = family->more;
	ret_totals->namespace_pid = ret_totals->fullest;
	if (family->adopted)
		ret_totals->namespace_pid = family->adopted;
	if (ret_totals->namespace_pid)
		ret_totals->namespace = family_namespace(family, ret_totals->namespace_pid);
	return ret_totals->processes > 0;
}

/* The inode in "socket:[4711]"; 0: it is no socket. */
static uint64_t socket_behind(int directory, const char *name)
{
	char target[64];
	uint64_t number;
	const char *cursor = target + 8;
	ssize_t length = readlinkat(directory, name, target, sizeof target - 1);
	if (length < 0)
		return 0;
	target[length] = '\0';
	if (!text_begins_with(target, "socket:[") || !parse_u64(&cursor, &number))
		return 0;
	return number;
}

static DIR *open_file_list(struct family *family, int pid)
{
	char path[64];
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	return open_directory(family, path);
}

static bool process_holds(struct family *family, int pid, uint64_t inode)
{
	bool found = false;
	unsigned seen = 0;
	DIR *directory = open_file_list(family, pid);
	if (!directory)
		return false;
	for (struct dirent *entry;
			!found && (entry = readdir(directory)) && seen++ < FAMILY_INODES_MAX;)
		found = socket_behind(dirfd(directory), entry->d_name) == inode;
	closedir(directory);
	return found;
}

static bool is_in_family(const struct family *family, size_t i)
{
	return i > 0 || family->with_root;
}

bool family_holds(struct family *family, uint64_t inode)
{
	for (size_t i = 0; i < family->count; i++)
		if (is_in_family(family, i) && process_holds(family, family->pids[i], inode))
			return true;
	return false;
}

/* false: it is there, but its files may not be read. */
static bool add_held(struct family *family, int pid, struct inodes *held)
{
	DIR *directory = open_file_list(family, pid);
	if (!directory)
		return errno == ENOENT || errno == ESRCH;
	for (struct dirent *entry; (entry = readdir(directory));)
		inodes_add(held, socket_behind(dirfd(directory), entry->d_name));
	closedir(directory);
	return true;
}

struct group_search {
	const struct family *family;
	struct inodes *groups;
};

static bool is_of_family(void *context, int pid)
{
	const struct group_search *search = context;
	const struct family *family = search->family;
	for (size_t i = 0; i < family->count; i++)
		if (is_in_family(family, i) && family->pids[i] == pid)
			return true;
	return false;
}

static void add_own_group(void *context, uint64_t id)
{
	struct group_search *search = context;
	inodes_add(search->groups, id);
}

/* The processes that there are now: some may have come since they were last read. */
static void list_family(struct family *family)
{
	family->count = 0;
	family->more = false;
	family->pids[family->count++] = family->root;
	for (size_t i = 0; i < family->count; i++)
		look_at_threads(family, family->pids[i], NULL);
	size_t own = family->count;
	adopt_container(family);
	for (size_t i = own; i < family->count; i++)
		look_at_threads(family, family->pids[i], NULL);
}

void family_holders(struct family *family, struct holders *holders)
{
	list_family(family);
	struct group_search search = {family, &holders->groups};
	holders->complete = !family->more;
	for (size_t i = 0; i < family->count; i++)
		if (is_in_family(family, i) && !add_held(family, family->pids[i], &holders->held))
			holders->complete = false;
	throttle_own_groups(family->throttle, is_of_family, add_own_group, &search);
}

const char *family_elsewhere(const struct family *family)
{
	if (!family->elsewhere || (family->found && is_engine(family->elsewhere)))
		return "";
	return family->elsewhere;
}
