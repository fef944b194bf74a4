/* The processes with the most open files, and those nearest to their limits: which of them is full?
 */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_OPEN_FILES_H
#define HEADROOM_PROBES_HOST_PROCESSES_OPEN_FILES_H

#include "probes/host/probing.h"

enum {
	OPEN_FILES_SHOWN = 8,  /* of either kind */
	OPEN_FILES_READ = 256, /* at most so many limits are read */
	OPEN_FILES_FEW = 48    /* whoever has fewer is not asked for its limit */
};

struct open_files {
	int pid;
	double open;
};

/* Those seen so far, most files first. {0} is an empty one. */
struct most_open_files {
	struct open_files items[OPEN_FILES_SHOWN];
	size_t count;
};

void open_files_note(struct most_open_files *most, int pid, double open);

/* The processes that have used the largest part of their own open-files limit. {0} is an empty one.
 */
struct fullest_files {
	struct fullest_process {
		int pid;
		double open, ratio;
	} items[OPEN_FILES_SHOWN];
	size_t count, reads;
};

/* Reads its limit, if it has some files. */
void open_files_ask(struct probing *probing, struct fullest_files *fullest, int pid, double open);

/* Puts files.open, files.soft and files.process of each process, on a live host. `counted`: this
 * kernel says how many files a process has open (since 6.2). For a snapshot, puts the facts that it
 * contains. */
void open_files_put(struct probing *probing,
		const struct most_open_files *most,
		const struct fullest_files *fullest,
		bool counted);

#endif
