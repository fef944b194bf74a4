/* Looks at all processes of the host, so it is asked only while a client of an engine runs. */
#include "probes/watch/container.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/os/clock.h"
#include "base/os/file.h"
#include "probes/host/parse.h"
#include "probes/watch/process_stat.h"

enum {
	PROCESSES_MAX = 32768,
	MEMBERS_MAX = 4096,
	FOUND_MAX = 64
};

/* The start of a process is told in hundredths of a second. */
static const double tick_s = 0.02;

/* One container among the processes. */
struct found {
	char id[CONTAINER_ID + 1];
	bool is_new; /* all of its processes began since */
};

struct container {
	struct source *source;
	double since_s;            /* since boot */
	char id[CONTAINER_ID + 1]; /* "": not known yet */
	int all[PROCESSES_MAX];    /* of the host */
	int pids[MEMBERS_MAX];
	size_t count;
	struct found found[FOUND_MAX];
	size_t found_count;
};

struct container *container_new(struct arena *arena, struct source *source)
{
	struct container *container = arena_alloc(arena, sizeof *container);
	*container = (struct container){.source = source};
	container->since_s = clock_read_s(CLOCK_BOOTTIME) - tick_s;
	return container;
}

static bool is_hex(char letter)
{
	return (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f');
}

bool container_id(const char *groups, char ret_id[CONTAINER_ID + 1])
{
	size_t run = 0;
	for (; *groups; groups++) {
		run++;
		if (!is_hex(*groups))
			run = 0;
		if (run != CONTAINER_ID || is_hex(groups[1]))
			continue;
		memcpy(ret_id, groups + 1 - CONTAINER_ID, CONTAINER_ID);
		ret_id[CONTAINER_ID] = '\0';
		return true;
	}
	return false;
}

static bool id_of(struct container *container, int pid, char ret_id[CONTAINER_ID + 1])
{
	char path[64];
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/cgroup", pid);
	if (source_read_bytes(container->source, path, &text, &length) != 0)
		return false;
	return container_id(text, ret_id);
}

/* false also where it cannot be read. */
static bool began_since(struct container *container, int pid)
{
	char path[64];
	const char *text;
	size_t length;
	struct process_stat stat;
	(void)snprintf(path, sizeof path, "proc/%d/stat", pid);
	if (source_read_bytes(container->source, path, &text, &length) != 0)
		return false;
	if (!process_stat_parse(text, &stat))
		return false;
	return stat.start_ticks / (double)sysconf(_SC_CLK_TCK) >= container->since_s;
}

static struct found *found_slot(struct container *container, const char *id)
{
	for (size_t i = 0; i < container->found_count; i++)
		if (!strcmp(container->found[i].id, id))
			return &container->found[i];
	if (container->found_count == FOUND_MAX)
		return NULL;
	struct found *found = &container->found[container->found_count++];
	memcpy(found->id, id, sizeof found->id);
	found->is_new = true;
	return found;
}

/* More containers than there is room for: then it is not known which is new. */
static bool find_new(struct container *container, const int *pids, size_t count)
{
	const struct found *only = NULL;
	size_t new_ones = 0;
	container->found_count = 0;
	for (size_t i = 0; i < count; i++) {
		char id[CONTAINER_ID + 1];
		if (!id_of(container, pids[i], id))
			continue;
		struct found *found = found_slot(container, id);
		if (!found)
			return false;
		found->is_new = found->is_new && began_since(container, pids[i]);
	}
	for (size_t i = 0; i < container->found_count; i++) {
		if (!container->found[i].is_new)
			continue;
		only = &container->found[i];
		new_ones++;
	}
	if (new_ones != 1)
		return false;
	memcpy(container->id, only->id, sizeof container->id);
	return true;
}

/* All processes, as far as there is room; the list is made anew each time. */
static size_t list_processes(struct container *container)
{
	size_t count = 0;
	int fd = source_open(container->source, "proc", O_RDONLY | O_DIRECTORY);
	if (fd < 0)
		return 0;
	DIR *directory = file_read_directory(fd);
	if (!directory)
		return 0;
	for (struct dirent *entry; count < PROCESSES_MAX && (entry = readdir(directory));) {
		uint64_t pid;
		if (parse_whole(entry->d_name, &pid) && pid > 0 && pid <= INT32_MAX)
			container->all[count++] = (int)pid;
	}
	closedir(directory);
	return count;
}

size_t container_look(struct container *container, const int **ret_pids)
{
	size_t count = list_processes(container);
	const int *pids = container->all;
	container->count = 0;
	*ret_pids = container->pids;
	if (!*container->id && !find_new(container, pids, count))
		return 0;
	for (size_t i = 0; i < count && container->count < MEMBERS_MAX; i++) {
		char id[CONTAINER_ID + 1];
		if (id_of(container, pids[i], id) && !strcmp(id, container->id))
			container->pids[container->count++] = pids[i];
	}
	return container->count;
}
