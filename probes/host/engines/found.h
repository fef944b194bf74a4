/* What is found of the engines of a host. */
#ifndef HEADROOM_PROBES_HOST_ENGINES_FOUND_H
#define HEADROOM_PROBES_HOST_ENGINES_FOUND_H

#include "base/list.h"

/* A value as configurations write it, "1024" or "infinity", and where it is written. */
struct engine_value {
	const char *text; /* NULL: not known, or not set */
	const char *where;
};

struct engine_setting {
	const char *key;
	struct engine_value value;
};

struct engines {
	const char *engine;    /* "kubernetes", "docker", "nerdctl", "podman"; NULL: none is seen */
	const char *runtime;   /* "containerd": who makes the containers; NULL: the engine itself */
	bool runs;             /* a daemon of it was seen */
	struct name_list also; /* other engines that are seen here */
	struct engine_value soft, hard;  /* RLIMIT_NOFILE */
	const char *files_by;            /* the file that sets them; NULL: they are inherited */
	const char *unknown;             /* why one of these two is not known, as a sentence */
	struct engine_value threads;     /* pids.max */
	struct engine_setting *settings; /* of the network namespace */
	size_t setting_count, setting_capacity;
	struct name_list allowed; /* sysctls that pods may set besides the safe ones; "net.core.*" */
	/* Files that are there, or may be, and could not be read or understood: "PATH: why". */
	struct name_list unread;
	bool network_unread;             /* one of them may set sysctls */
	struct name_list kubelet_unread; /* the same of the kubelet, which sets threads and `allowed` */
};

#endif
