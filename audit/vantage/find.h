/* Finds a systemd unit or a container by its name: its process, and how it is configured. */
#ifndef HEADROOM_AUDIT_VANTAGE_FIND_H
#define HEADROOM_AUDIT_VANTAGE_FIND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/result.h"

struct vantage {
	const char *shown;          /* "container web (podman)", "unit nginx.service" */
	struct name_list given;     /* KEY=VALUE of what the configuration says and no process shows: it
	                               does not run */
	const char *nofile;         /* "4096:8192" as configured, or NULL */
	struct name_list sysctls;   /* KEY=VALUE as configured */
	struct name_list published; /* "18080 to 80/tcp" */
	const char *network;        /* of a container: "bridge", "host", "none", …; NULL for a unit */
	const char *unseen; /* what of the configuration the engine does not tell, as a sentence; NULL:
	                       nothing */
	bool forwarded;     /* its traffic crosses the host's NAT */
};

/* *ret_pid is 0 for one that does not run. Fail where there is none of this name. */
bool vantage_find_unit(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);
bool vantage_find_container(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);

#endif
