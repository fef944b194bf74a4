/* The processes that this one started, and those that they started. */
#ifndef HEADROOM_AUDIT_GATE_DESCENDANTS_H
#define HEADROOM_AUDIT_GATE_DESCENDANTS_H

#include <stdbool.h>
#include <sys/types.h>

/* Sends a signal to all of them but `but` (0: none), and waits for those that have ended. Returns
 * false if none is left. */
bool descendants_signal(int number, pid_t but);

/* SIGKILL until none is left: what one of them starts meanwhile is met the next time. Gives up
 * after ten seconds on what cannot be killed. */
void descendants_kill(pid_t but);

#endif
