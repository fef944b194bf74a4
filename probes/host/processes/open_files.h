/* Finds the processes with the most open files, and those closest to their limits. */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_OPEN_FILES_H
#define HEADROOM_PROBES_HOST_PROCESSES_OPEN_FILES_H

#include "probes/host/probing.h"

enum {
	OPEN_FILES_SHOWN = 8,  /* of each kind */
	OPEN_FILES_READ = 256, /* most limits that are read */
	OPEN_FILES_FEW = 48    /* the limit of a process with fewer files is not read */
};

struct open_files {
	int pid;
	double open;
};

/* The processes seen so far, most files first. {0} is empty. */
struct most_open_files {
	struct open_files items[OPEN_FILES_SHOWN];
	size_t count;
};

void open_files_note(struct most_open_files *most, int pid, double open);

/* The processes that use the largest part of their limit of open files. {0} is empty. */
struct fullest_files {
	struct fullest_process {
		int pid;
		double open, ratio;
	} items[OPEN_FILES_SHOWN];
	size_t count, reads;
};

/* Reads the limit of a process, if it has enough files. */
void open_files_ask(struct probing *probing, struct fullest_files *fullest, int pid, double open);

/* Puts files.open, files.soft and files.process of each process on a live host; for a snapshot, the
 * facts that it contains. `counted`: this kernel tells how many files a process has open (since
 * 6.2). */
void open_files_put(struct probing *probing,
		const struct most_open_files *most,
		const struct fullest_files *fullest,
		bool counted);

#endif
