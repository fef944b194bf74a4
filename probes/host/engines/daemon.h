/* The daemons that create containers: which one runs, its limit of open files, the unit that
 * started it, and options from its command line. */
#ifndef HEADROOM_PROBES_HOST_ENGINES_DAEMON_H
#define HEADROOM_PROBES_HOST_ENGINES_DAEMON_H

#include "base/list.h"
#include "probes/host/source/source.h"

struct daemon {
	const char *name;  /* "containerd" */
	int pid;           /* 0: no process with this name was seen */
	bool several;      /* several with this name run, with different limits or units */
	double soft, hard; /* RLIMIT_NOFILE; NAN: not known; INFINITY: no limit */
	const char *unit;  /* "containerd.service"; NULL: not known, or none */
	/* Only the options that are needed, as "--config=/etc/x" or "--config" "/etc/x". */
	struct name_list options;
};

struct daemons {
	struct daemon *items;
	size_t count, capacity;
	bool partial; /* some processes could not be read */
};

void daemons_find(struct arena *arena, struct source *source, struct daemons *ret_daemons);
/* Returns the unit that packages install for a daemon: "docker.service" for "dockerd". */
const char *daemon_unit(struct arena *arena, const char *name);
/* Returns NULL if no daemon with this name was seen. */
const struct daemon *daemons_get(const struct daemons *daemons, const char *name);
/* Returns the value of the last option with this name ("--config"), or NULL if it is not given. */
const char *daemon_option(const struct daemon *daemon, const char *option);
/* The same for a file, as a source path. Returns `usual` if the option is not given or its path is
 * not absolute. */
const char *daemon_path(const struct daemon *daemon, const char *option, const char *usual);

#endif
