/* A process that does nothing but share our process group: what it was sent as well was sent to the whole group, the
 * command included, and need not be forwarded. No other way tells kill(pid) from kill(-group). */
#ifndef HEADROOM_AUDIT_SENTINEL_H
#define HEADROOM_AUDIT_SENTINEL_H

#include <stdbool.h>

struct sentinel {
	int pid; /* 0: there is none; then every signal counts as ours alone */
	int ask_fd, answer_fd;
};

/* Signals must be blocked already. Without processes left there is none. It ends with this process. */
void sentinel_start(struct sentinel *ret_sentinel);
void sentinel_stop(struct sentinel *sentinel);

/* Was this signal sent to the whole group? */
bool sentinel_got(const struct sentinel *sentinel, int signal);

#endif
