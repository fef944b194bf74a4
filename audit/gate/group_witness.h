/* A process that does nothing but share our process group: what it was sent as well was sent to the
 * whole group, the command included, and need not be forwarded. No other way tells kill(pid) from
 * kill(-group). */
#ifndef HEADROOM_AUDIT_GATE_GROUP_WITNESS_H
#define HEADROOM_AUDIT_GATE_GROUP_WITNESS_H

#include <stdbool.h>

struct group_witness {
	int pid; /* 0: there is none; then every signal counts as ours alone */
	int ask_fd, answer_fd;
};

/* Signals must be blocked already. Without processes left there is none. It ends with this process.
 */
void group_witness_start(struct group_witness *ret_sentinel);
void group_witness_stop(struct group_witness *group_witness);

/* Was this signal sent to the whole group? */
bool group_witness_got(const struct group_witness *group_witness, int signal);

#endif
