/* Finds a systemd unit or a container by its name, with its process and its configuration. */
#ifndef HEADROOM_AUDIT_VANTAGE_FIND_H
#define HEADROOM_AUDIT_VANTAGE_FIND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/layer/holder.h"
#include "model/result.h"
#include "probes/host/options.h"

/* A fact from the configuration, and where it was found. */
struct configured {
	const char *key, *value; /* the value as --set takes it, or "infinity" */
	const char *where;       /* "systemctl show web.service: LimitNOFILE" */
};

struct vantage {
	const char *shown; /* "container web (podman)", "unit nginx.service" */
	/* If it is not running: the facts from its configuration. */
	struct configured *configured;
	size_t configured_count, configured_capacity;
	struct host_planned planned; /* if it is not running */
	const char *nofile;          /* "4096:8192" as configured, or NULL */
	struct name_list published;  /* "18080 to 80/tcp" */
	const char *network; /* of a container: "bridge", "host", "none", …; NULL for a unit */
	const char *unseen;  /* what of the configuration the engine does not tell, as a sentence; NULL:
	                        nothing */
	bool forwarded;      /* its traffic crosses the host's NAT */
	bool own_network;    /* it gets a network namespace of its own when it starts */
	/* A file that may set sysctls of that namespace and was not read: "PATH: why"; or NULL. */
	const char *network_unread;
	struct node_settings node; /* of a container that is not made yet */
};

void vantage_configure(struct arena *arena,
		struct vantage *vantage,
		const char *key,
		const char *value,
		const char *where);

/* These three fail if there is no such unit or container. *ret_pid is 0 if it is not running. */
bool vantage_find_unit(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);
/* A container that does not exist yet, on this machine or, with `tree`, on that of a snapshot.
 * Fails if there is no container engine. */
bool vantage_new_container(struct arena *arena,
		const char *tree,
		struct vantage *ret_vantage,
		struct error *err);
bool vantage_find_container(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);

#endif
