/* Walks /proc/PID/task/TID/children (proc(5)). Processes come and go while it is read. */
#include "audit/gate/descendants.h"

#include <dirent.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/os/clock.h"

enum {
	DESCENDANTS_MAX = 4096
};

static const double kill_most_s = 10;

struct descendants {
	pid_t pids[DESCENDANTS_MAX];
	size_t count;
};

static void take_children(struct descendants *all, const char *path)
{
	FILE *file = fopen(path, "re");
	int pid;
	if (!file)
		return;
	while (all->count < DESCENDANTS_MAX && fscanf(file, "%d", &pid) == 1)
		all->pids[all->count++] = pid;
	(void)fclose(file);
}

/* Children stand at the thread that forked them. */
static void take_from_threads(struct descendants *all, pid_t pid)
{
	char path[96];
	(void)snprintf(path, sizeof path, "/proc/%d/task", (int)pid);
	DIR *directory = opendir(path);
	if (!directory)
		return;
	for (struct dirent *entry; (entry = readdir(directory));) {
		int thread = atoi(entry->d_name);
		if (thread <= 0)
			continue;
		(void)snprintf(path, sizeof path, "/proc/%d/task/%d/children", (int)pid, thread);
		take_children(all, path);
	}
	(void)closedir(directory);
}

static void find_descendants(struct descendants *all)
{
	all->count = 0;
	take_from_threads(all, getpid());
	for (size_t i = 0; i < all->count; i++)
		take_from_threads(all, all->pids[i]);
}

bool descendants_signal(int number, pid_t but)
{
	static struct descendants all;
	bool any = false;
	find_descendants(&all);
	for (size_t i = 0; i < all.count; i++) {
		if (all.pids[i] == but)
			continue;
		(void)kill(all.pids[i], number);
		/* One that has ended and is not our child is its parent's to wait for. */
		(void)waitpid(all.pids[i], NULL, WNOHANG);
		/* Even if it was reaped: what it left may have become our child after the list was read. */
		any = true;
	}
	return any;
}

void descendants_kill(pid_t but)
{
	const struct timespec moment = {0, 2000000};
	double until_s = clock_now_s() + kill_most_s;
	while (descendants_signal(SIGKILL, but) && clock_now_s() < until_s)
		(void)nanosleep(&moment, NULL);
}
