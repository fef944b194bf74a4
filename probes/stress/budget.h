/* What a calibrator may use without harming the host: memory, open files. Reads /proc, changes
 * nothing. */
#ifndef HEADROOM_PROBES_STRESS_BUDGET_H
#define HEADROOM_PROBES_STRESS_BUDGET_H

#include <stdbool.h>

#include "probes/stress/worker.h"

/* Bytes of kernel memory that are available now, less a reserve: free memory and file cache, or
 * what the tightest control group leaves if that is less. (MemAvailable would be too much: it
 * counts inodes and dentries as reclaimable that open sockets pin.) 0 when it is used up; INFINITY
 * where /proc does not say. */
double budget_memory(void);
/* Files that the whole system may still open before 80% of fs.file-max are in use. */
double budget_files(void);

/* Kernel bytes to plan for one loopback connection with one end in the accept queue (6.5 KB
 * measured on 6.18). */
enum {
	BUDGET_PAIR_BYTES = 7500
};

/* May the calibrator open this many such connections, with this many tasks? If it returns false,
 * the refusal and its reason have been reported. */
bool budget_allows(struct worker *worker, double connections, double tasks);

#endif
