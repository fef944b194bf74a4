/* The daemons that start containers: the one that runs, its limits of files, the unit that started
 * it, and options of its command line. */
#ifndef HEADROOM_PROBES_HOST_ENGINES_DAEMON_H
#define HEADROOM_PROBES_HOST_ENGINES_DAEMON_H

#include "base/list.h"
#include "probes/host/source/source.h"

struct daemon {
	const char *name;  /* "containerd" */
	int pid;           /* 0: none of this name is seen */
	bool several;      /* more than one of this name runs, with other limits or of another unit */
	double soft, hard; /* RLIMIT_NOFILE; NAN: not known, INFINITY: none */
	const char *unit;  /* "containerd.service"; NULL: not known, or it belongs to none */
	/* Only the options that are looked for, as "--config=/etc/x" or "--config" "/etc/x". */
	struct name_list options;
};

struct daemons {
	struct daemon *items;
	size_t count, capacity;
	bool partial; /* not all processes could be looked at */
};

void daemons_find(struct arena *arena, struct source *source, struct daemons *ret_daemons);
/* "docker.service" of "dockerd", as packages name it. */
const char *daemon_unit(struct arena *arena, const char *name);
/* NULL: none of this name was seen. */
const struct daemon *daemons_get(const struct daemons *daemons, const char *name);
/* The value of the last such option ("--config"); NULL: it is not given. */
const char *daemon_option(const struct daemon *daemon, const char *option);
/* The same of a file: a source path; `usual` where it is not given as an absolute one. */
const char *daemon_path(const struct daemon *daemon, const char *option, const char *usual);

#endif
