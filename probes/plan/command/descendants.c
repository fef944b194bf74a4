/* Finds its children in /proc: no other list has those that left the process group. */
#include "probes/plan/command/descendants.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/os/file.h"

enum {
	STAT_BYTES = 512,
	ROUNDS = 100,
	ROUND_NS = 10000000
};

bool descendants_adopt(void)
{
	return prctl(PR_SET_CHILD_SUBREAPER, 1) == 0;
}

/* The parent in "PID (NAME) STATE PARENT …"; 0: not known. The name may hold anything. */
static long parent_in(const char *stat)
{
	const char *end = strrchr(stat, ')');
	char state;
	long parent;
	if (!end || sscanf(end + 1, " %c %ld", &state, &parent) != 2)
		return 0;
	return parent;
}

static long parent_of(int proc, const char *pid)
{
	char path[64], stat[STAT_BYTES];
	if (snprintf(path, sizeof path, "%s/stat", pid) >= (int)sizeof path)
		return 0;
	__attribute__((cleanup(file_close_fd))) int fd = openat(proc, path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return 0;
	ssize_t length = read(fd, stat, sizeof stat - 1);
	if (length <= 0)
		return 0;
	stat[length] = '\0';
	return parent_in(stat);
}

static void kill_children(void)
{
	__attribute__((cleanup(file_close_directory))) DIR *proc = file_open_directory("/proc");
	if (!proc)
		return;
	for (struct dirent *entry; (entry = readdir(proc)) != NULL;) {
		long pid = strtol(entry->d_name, NULL, 10);
		if (pid > 1 && parent_of(dirfd(proc), entry->d_name) == getpid())
			(void)kill((pid_t)pid, SIGKILL);
	}
}

/* Reaps what has ended. false: there is no child any more. */
static bool reap_ended(void)
{
	pid_t pid;
	do {
		pid = waitpid(-1, NULL, WNOHANG);
	} while (pid > 0 || (pid < 0 && errno == EINTR));
	return pid == 0;
}

void descendants_end(void)
{
	const struct timespec pause = {.tv_nsec = ROUND_NS};
	for (int round = 0; round < ROUNDS && reap_ended(); round++) {
		kill_children();
		(void)nanosleep(&pause, NULL);
	}
}
