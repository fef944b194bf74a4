/* How long the threads of a command wait for a processor, from look to look. */
#ifndef HEADROOM_PROBES_WATCH_WAITING_H
#define HEADROOM_PROBES_WATCH_WAITING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct waiting;

/* known: this kernel has schedstat. */
struct waiting *waiting_new(bool known);
void waiting_free(struct waiting *waiting);

/* A look begins. `idle`: how many processors are idle on average; from 1 on there is one for who
 * wakes up. */
void waiting_begin(struct waiting *waiting, double idle);
/* The text of /proc/PID/task/TID/schedstat: nanoseconds on a processor, nanoseconds waiting for
 * one, how often it got one. false: not understood. */
bool waiting_add(struct waiting *waiting, int thread, const char *schedstat);
/* Ends the look, `elapsed_s` after the previous one: no thread can have waited longer. */
void waiting_end(struct waiting *waiting, double elapsed_s);

struct waited {
	/* Of each look the thread that waited longest since the look before, summed up: what a thread
	 * that is always busy waits, or a row of threads that follow each other. Short waits do not
	 * count: a processor that slept needs a moment to wake up. NAN: the kernel does not say. */
	double wait_s;
	double run_s;    /* processor time of all threads that were seen */
	double thread_s; /* the most that one of them has used */
};
struct waited waiting_sums(const struct waiting *waiting);

#endif
