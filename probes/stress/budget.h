/* What a calibrator may use without harming the host: memory, open files. Reads /proc, changes
 * nothing. */
#ifndef HEADROOM_PROBES_STRESS_BUDGET_H
#define HEADROOM_PROBES_STRESS_BUDGET_H

#include <stdbool.h>

#include "probes/stress/worker.h"

/* Kernel memory that can be had at once, less a reserve: free memory and file cache (not
 * MemAvailable, which counts inodes and dentries that open sockets pin as reclaimable), and what
 * the tightest control group leaves. 0 when it is used up; INFINITY where /proc does not tell. */
double budget_memory(void);
/* Open files the whole system has left before 80 % of fs.file-max. */
double budget_files(void);

/* Kernel bytes of one loopback connection with one end in the accept queue, and what is planned for
 * it (6.5 KB measured on 6.18). */
enum {
	BUDGET_PAIR_BYTES = 7500
};

/* May `connections` of them be held, with `tables` tasks? false: refused, with the reason told. */
bool budget_allows(struct worker *worker, double connections, double tasks);

#endif
