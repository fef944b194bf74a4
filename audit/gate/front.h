/* The gate is two processes while a command runs. The front is the one that the caller started: it
 * passes on signals, stops and continues with the command, and ends as the command ended. The
 * worker does everything else. Whichever of the two is killed, the other one ends what the command
 * left, wherever in the tree it is: every orphan becomes a child of the worker, or of the front
 * once the worker is gone (PR_SET_CHILD_SUBREAPER). */
#ifndef HEADROOM_AUDIT_GATE_FRONT_H
#define HEADROOM_AUDIT_GATE_FRONT_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* The worker's side. */
struct front {
	pid_t pid;                  /* of the front */
	double heard_s[_NSIG];      /* when a process sent the worker itself this signal */
	sigset_t blocked, before;   /* signals of the worker; those that the caller had blocked */
	struct sigaction child_was; /* what the caller had made of SIGCHLD */
};

/* Returns in the worker, with all signals blocked that can be passed on. The front never returns.
 * Returns false if no process could be made; then there is still one process, and nothing has
 * changed. */
bool front_split(struct front *ret_front, struct error *err);

/* The signal that the front says it got, if the command has not got it by itself; else 0. A signal
 * that the worker got as well was sent to the whole group, the command included. */
int front_signal(struct front *front, const siginfo_t *info);

bool front_is_gone(const struct front *front);

/* The command has ended: signals mean this process again, and it ends with the front. */
void front_release(const struct front *front);

/* Ends this process by a signal, so that a shell sees what it would see of the command. */
_Noreturn void front_die(int number);

#endif
