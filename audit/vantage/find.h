/* Finds a systemd unit or a container by name, with its process and configuration. */
#ifndef HEADROOM_AUDIT_VANTAGE_FIND_H
#define HEADROOM_AUDIT_VANTAGE_FIND_H

#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "model/layer/holder.h"
#include "model/result.h"
#include "probes/host/options.h"

/* A fact from the configuration, and its source. */
struct configured {
	const char *key, *value; /* value: in the form for --set, or "infinity" */
	const char *where;       /* "systemctl show web.service: LimitNOFILE" */
};

struct vantage {
	const char *shown; /* "container web (podman)", "unit nginx.service" */
	/* If it does not run: the facts from its configuration. */
	struct configured *configured;
	size_t configured_count, configured_capacity;
	struct host_planned planned; /* if it is not running */
	const char *nofile;          /* as configured, "4096:8192"; NULL: not set */
	struct name_list published;  /* "18080 to 80/tcp" */
	const char *network; /* for a container: "bridge", "host", "none", …; NULL for a unit */
	const char *unseen;  /* a sentence: what part of the configuration the engine does not tell;
	                        NULL: none */
	bool forwarded;      /* its traffic crosses the host's NAT */
	bool own_network;    /* it gets a separate network namespace when it starts */
	/* A file that may set sysctls of that namespace and was not read: "PATH: why"; NULL: none. */
	const char *network_unread;
	struct node_settings node; /* for a container that does not exist yet */
};

void vantage_configure(struct arena *arena,
		struct vantage *vantage,
		const char *key,
		const char *value,
		const char *where);

/* Find a unit or a container. Return false with err if it does not exist. *ret_pid is 0 if it does
 * not run. */
bool vantage_find_unit(struct arena *arena,
		const char *name,
		struct vantage *ret_vantage,
		int *ret_pid,
		struct error *err);
/* For a container that does not exist yet, on this machine or, with `tree`, on that of a snapshot.
 * Returns false with err if there is no container engine. */
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
