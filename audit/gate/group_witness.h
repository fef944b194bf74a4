/* A process that does nothing but belong to our process group. A signal that it got as well was
 * sent to the whole group, the command included, so it need not be forwarded. There is no other way
 * to tell kill(pid) from kill(-group). */
#ifndef HEADROOM_AUDIT_GATE_GROUP_WITNESS_H
#define HEADROOM_AUDIT_GATE_GROUP_WITNESS_H

#include <stdbool.h>

struct group_witness {
	int pid; /* 0: there is none; then every signal counts as ours alone */
	int ask_fd, answer_fd;
};

/* Signals must be blocked already. If no process can be made, there is no witness. It ends when
 * this process ends. */
void group_witness_start(struct group_witness *ret_witness);
void group_witness_stop(struct group_witness *group_witness);

/* Was this signal sent to the whole group? */
bool group_witness_got(const struct group_witness *group_witness, int signal);

#endif
