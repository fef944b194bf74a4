/* The processes with the most open files, and their limits: which of them is full? */
#ifndef HEADROOM_PROBES_HOST_PROCESSES_OPEN_FILES_H
#define HEADROOM_PROBES_HOST_PROCESSES_OPEN_FILES_H

#include "probes/host/probing.h"

enum {
	OPEN_FILES_SHOWN = 8
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

/* Puts files.open, files.soft and files.process of each, on a live host. `counted`: this kernel
 * tells how many files a process has (since 6.2). Of a snapshot those that it has. */
void open_files_put(struct probing *probing, const struct most_open_files *most, bool counted);

#endif
