/* How long the threads of a command wait for a processor between two looks. */
#ifndef HEADROOM_PROBES_WATCH_WAITING_H
#define HEADROOM_PROBES_WATCH_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiting;

/* known: this kernel has schedstat. Free with waiting_free. */
struct waiting *waiting_new(bool known);
void waiting_free(struct waiting *waiting);

/* Begins a look. `idle`: the average number of idle processors; from 1 on, a thread that wakes up
 * finds one. */
void waiting_begin(struct waiting *waiting, double idle);
/* Adds a thread by the text of its /proc/PID/task/TID/schedstat: nanoseconds running, nanoseconds
 * waiting, number of time slices. Returns false if the text is not understood. */
bool waiting_add(struct waiting *waiting, int thread, const char *schedstat);
/* Ends the look, `elapsed_s` after the previous one: no thread can have waited longer than that. */
void waiting_end(struct waiting *waiting, double elapsed_s);

struct waited {
	/* For each look, the longest wait of one thread since the previous look, summed over looks: the
	 * wait of an always busy thread, or of a chain of threads. Short waits do not count, because a
	 * sleeping processor needs a moment to wake up. NAN: the kernel does not say. */
	double wait_s;
	double run_s;    /* processor time of all threads seen */
	double thread_s; /* processor time of the busiest thread */
};
struct waited waiting_sums(const struct waiting *waiting);

#endif
