/* What to read of a host, and how much. */
#ifndef HEADROOM_PROBES_HOST_OPTIONS_H
#define HEADROOM_PROBES_HOST_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* A process that does not run yet, as configured by its unit or container. Nothing can be read from
 * it, and headroom's process is not used instead. */
struct host_planned {
	double uid;        /* NAN: not known */
	const char *group; /* its future control group, "/system.slice/x.service"; NULL: not known */
	const char *container; /* "docker"; NULL: it will be in no container */
};

/* Processes whose inotify instances are already counted, by ascending PID
 * (inotify_count_ahead()). */
struct counted_process {
	int pid;
	size_t inotify;
};

struct host_counted {
	const struct counted_process *items;
	size_t count;
	unsigned links; /* number of links read for that */
	bool partial;   /* some processes were not counted */
};

struct host_options {
	/* The root directory of a system that does not run: only its files are judged, not this
	 * machine; NULL: none. If set, facts_path is ignored. */
	const char *image;
	const char *image_unit; /* the service whose limits count there; NULL: those of a login */
	/* A snapshot directory, or a file or "-" with facts as JSON; NULL: the live machine. */
	const char *facts_path;
	/* Live: the directory with the files of the machine, as a container has those of its node;
	 * NULL: the root directory. Values from the kernel are read in their usual places. */
	const char *host_root;
	/* The process whose limits count; 0: this one, instead of the shell that started it. */
	int pid;
	const struct host_planned *planned; /* NULL: the process runs */
	/* KEY=VALUE or KEY[INSTANCE]=VALUE; each replaces what was read. */
	const char *const *set;
	size_t set_count;
	/* Read the open files of all processes: names the process of every listener (otherwise only of
	 * those inside the ephemeral range) and counts inotify instances. */
	bool all_files;
	/* Their files are not read again for that. */
	struct host_counted counted;
	/* All destinations (up to 4,096) instead of the 32 with the most sockets. */
	bool destinations_detail;
	/* Include the names of /etc/hosts, for a file that is judged elsewhere. */
	bool hosts_file;
};

#endif
