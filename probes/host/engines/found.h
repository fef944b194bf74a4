/* What was found about the engines of a host. */
#ifndef HEADROOM_PROBES_HOST_ENGINES_FOUND_H
#define HEADROOM_PROBES_HOST_ENGINES_FOUND_H

#include "base/list.h"

/* A value as configurations write it ("1024" or "infinity"), and where it is written. */
struct engine_value {
	const char *text; /* NULL: not known, or not set */
	const char *where;
};

struct engine_setting {
	const char *key;
	struct engine_value value;
};

struct engines {
	const char *engine; /* "kubernetes", "docker", "nerdctl", "podman"; NULL: no engine was found */
	const char *runtime;   /* what creates the containers: "containerd"; NULL: the engine itself */
	bool runs;             /* one of its daemons was seen */
	struct name_list also; /* other engines found here */
	struct engine_value soft, hard;  /* RLIMIT_NOFILE */
	const char *files_by;            /* the file that sets them; NULL: they are inherited */
	const char *unknown;             /* a sentence: why soft or hard is not known; NULL: both are */
	struct engine_value threads;     /* pids.max */
	struct engine_setting *settings; /* settings of the network namespace */
	size_t setting_count, setting_capacity;
	struct name_list allowed; /* sysctls that pods may set beyond the safe ones: "net.core.*" */
	/* Files that exist, or may exist, and could not be read or understood: "PATH: why". */
	struct name_list unread;
	bool network_unread; /* one of the unread files may set sysctls */
	/* Unread files of the kubelet, which sets threads and `allowed`. */
	struct name_list kubelet_unread;
};

#endif
