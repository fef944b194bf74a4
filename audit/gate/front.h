/* While a command runs, the gate consists of two processes. The front is the process that the
 * caller started: it passes signals on, stops and continues with the command, and ends like the
 * command. The worker does everything else. If one of the two is killed, the other one kills what
 * the command left, anywhere in the tree: every orphan becomes a child of the worker or, without a
 * worker, of the front (PR_SET_CHILD_SUBREAPER). */
#ifndef HEADROOM_AUDIT_GATE_FRONT_H
#define HEADROOM_AUDIT_GATE_FRONT_H

#include <signal.h>
#include <stdbool.h>
#include <sys/types.h>

#include "base/error.h"

/* The worker's side. */
struct front {
	pid_t pid;                  /* of the front */
	double heard_s[_NSIG];      /* for each signal, when a process sent it to the worker itself */
	sigset_t blocked, before;   /* signals blocked in the worker, and by the caller before */
	struct sigaction child_was; /* the caller's setting for SIGCHLD */
};

/* Returns in the worker, with all signals blocked that can be passed on; the front never returns.
 * Returns false with err if no process could be created: then there is still one process, and
 * nothing has changed. */
bool front_split(struct front *ret_front, struct error *err);

/* Returns the signal that the front reports, unless the command received it by itself; else 0. A
 * signal that the worker received as well was sent to the whole group, including the command. */
int front_signal(struct front *front, const siginfo_t *info);

bool front_is_gone(const struct front *front);

/* Call after the command has ended: signals now concern this process, which ends together with the
 * front. */
void front_release(const struct front *front);

/* Ends this process by a signal, so that a shell sees what it would see from the command. */
_Noreturn void front_die(int number);

#endif
