/* How much memory and how many open files a calibrator may use without harming the host. Only reads
 * /proc. */
#ifndef HEADROOM_PROBES_STRESS_BUDGET_H
#define HEADROOM_PROBES_STRESS_BUDGET_H

#include <stdbool.h>

#include "probes/stress/worker.h"

/* Returns the bytes of kernel memory available now, minus a reserve: free memory and file cache, or
 * less if a control group leaves less. (MemAvailable would be too high: it counts inodes and
 * dentries as reclaimable although open sockets pin them.) 0: none left; INFINITY: /proc does not
 * say. */
double budget_memory(void);
/* Returns how many more files the system may open before 80% of fs.file-max are in use. */
double budget_files(void);

/* Kernel memory to plan for one loopback connection with one end in the accept queue (6.5 KB
 * measured on 6.18). */
enum {
	BUDGET_PAIR_BYTES = 7500
};

/* Returns true if the calibrator may open this many such connections with this many tasks;
 * otherwise the refusal has been reported with its reason. */
bool budget_allows(struct worker *worker, double connections, double tasks);

#endif
