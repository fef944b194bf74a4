/* The children of this process, their children, and so on. */
#ifndef HEADROOM_AUDIT_GATE_DESCENDANTS_H
#define HEADROOM_AUDIT_GATE_DESCENDANTS_H

#include <stdbool.h>
#include <sys/types.h>

/* Sends a signal to all of them except `but` (0: none) and reaps those that have ended. Returns
 * false if there was none. */
bool descendants_signal(int number, pid_t but);

/* Sends SIGKILL repeatedly, because they may start others meanwhile, until none is left. Gives up
 * after ten seconds on what cannot be killed. */
void descendants_kill(pid_t but);

#endif
