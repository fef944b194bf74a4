/* Starts another program. Only here are a program's descriptors and signals set up. */
#ifndef HEADROOM_BASE_OS_SPAWN_H
#define HEADROOM_BASE_OS_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How to start the program. All pointers belong to the caller and are only read. */
struct spawn {
	const char *program;       /* a path; with `search` a name to look for in PATH */
	char *const *argv;         /* NULL-terminated */
	char *const *environment;  /* NULL: that of this process */
	const char *directory;     /* to start it in, and to search from; NULL: that of this process */
	int input, output, errors; /* its descriptors 0, 1 and 2; -1: those of this process */
	const int *files;          /* further descriptors to keep open, under the same numbers */
	size_t file_count;
	bool search;
	bool group; /* makes it the leader of a new process group */
};

/* Returns 0, or the errno of the call that failed. The program starts with the default action for
 * SIGPIPE, even if this process ignores it. The caller must wait for *ret_pid. */
int spawn_start(const struct spawn *how, pid_t *ret_pid);

#endif
