/* Starts another program: the one place where its descriptors and signals are settled. */
#ifndef HEADROOM_BASE_OS_SPAWN_H
#define HEADROOM_BASE_OS_SPAWN_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* How the program starts. Everything is the caller's and only read. */
struct spawn {
	const char *program;       /* a path; with `search` a name that PATH is asked for */
	char *const *argv;         /* ends with NULL */
	char *const *environment;  /* NULL: this process's own */
	const char *directory;     /* NULL: this process's own; searched for from there, too */
	int input, output, errors; /* its descriptors 0, 1 and 2; -1: what this process has there */
	const int *files;          /* more descriptors, which keep their numbers */
	size_t file_count;
	bool search;
	bool group; /* it leads a new process group */
};

/* Returns 0, or the errno of the call that failed. The program starts with the default action for
 * SIGPIPE, even if this process ignores it. The caller waits for *ret_pid. */
int spawn_start(const struct spawn *how, pid_t *ret_pid);

#endif
