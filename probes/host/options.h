/* What to read of a host, and how much of it. */
#ifndef HEADROOM_PROBES_HOST_OPTIONS_H
#define HEADROOM_PROBES_HOST_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>

/* A process that does not run yet, as its unit or container is configured. Nothing can be read from
 * the process, and headroom's own process is not used instead. */
struct host_planned {
	double uid;            /* NAN: not known */
	const char *group;     /* where it will be among the control groups, "/system.slice/x.service";
	                        * NULL: not known */
	const char *container; /* "docker"; NULL: it will be in none */
};

/* Processes whose inotify instances are counted already, by ascending id (inotify_count_ahead()).
 */
struct counted_process {
	int pid;
	size_t inotify;
};

struct host_counted {
	const struct counted_process *items;
	size_t count;
	unsigned links; /* that were read for it */
	bool partial;   /* there were more */
};

struct host_options {
	/* The root of a system that does not run: only its files are judged, not this machine;
	 * NULL: none. If set, the next member is ignored. */
	const char *image;
	const char *image_unit; /* the service whose limits count there; NULL: a login's */
	/* NULL: the live machine. A directory is a snapshot; a file or "-" has facts as JSON. */
	const char *facts_path;
	/* Live: the directory below which the files of the machine lie, as a container has those of its
	 * node; NULL: the root directory. What the kernel says is read where it always is. */
	const char *host_root;
	/* The process whose limits count. 0: this one, in place of the shell that started it. */
	int pid;
	const struct host_planned *planned; /* NULL: the process runs */
	/* KEY=VALUE or KEY[INSTANCE]=VALUE: each replaces what was read. */
	const char *const *set;
	size_t set_count;
	/* Look at the open files of all processes: name the process of every listener, not only of
	 * those inside the ephemeral range, and count inotify instances. */
	bool all_files;
	/* Their files are not looked at once more for them. */
	struct host_counted counted;
	/* All destinations (up to 4,096), not only the 32 with the most sockets. */
	bool destinations_detail;
	/* The names of /etc/hosts, for a file that is judged elsewhere. */
	bool hosts_file;
};

#endif
