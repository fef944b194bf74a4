/* What every probe is handed. */
#ifndef HEADROOM_PROBES_HOST_PROBING_H
#define HEADROOM_PROBES_HOST_PROBING_H

#include <stdbool.h>

#include "base/arena.h"
#include "model/fact.h"
#include "probes/host/info.h"
#include "probes/host/options.h"
#include "probes/host/source/source.h"

struct probing {
	struct arena *arena;
	struct source *source;
	struct facts *facts;
	struct host_info *info;
	const struct host_options *options;
	const char *read_at; /* NULL: unknown (a snapshot that does not say) */
	bool live;
	/* The network namespace of the vantage process could not be entered. */
	bool netns_denied;
	/* It was entered by way of its user namespace, which now maps the user ids that are read. */
	bool in_userns;
	/* Our user id before that, which is the user id of the vantage process outside. */
	unsigned own_uid;
	/* Not the initial network namespace: global values are hidden. */
	bool child_netns;
	/* It cannot be told whether it is the initial one. */
	bool netns_unknown;
	/* The first file or directory of what the next boot sets that was not read whole; NULL: none.
	 */
	const char *boot_unread;
	unsigned port_low, port_high; /* the ephemeral range; 0, 0: unknown */
};

/* A probe reads one subject. It never fails: what it could not read becomes a fact with a status.
 */
struct probe {
	const char *name;
	void (*run)(struct probing *probing);
};

/* Reads a small file and copies it into the arena. 0 or an errno; then *ret_text is NULL. */
int probing_read_text(struct probing *probing, const char *path, char **ret_text);

/* "name: value" of a snapshot's ORIGIN, cleaned. NULL: it does not say, or the source is live. */
const char *probing_origin(struct probing *probing, const char *name);

extern const struct probe probe_identity, probe_vantage, probe_netns, probe_sysctl, probe_limits,
		probe_process_maps, probe_memory, probe_cgroup, probe_sockets, probe_processes,
		probe_conntrack, probe_ena, probe_counters, probe_sysctl_files, probe_limits_files,
		probe_systemd_files, probe_modules_files, probe_modprobe_files, probe_dockerfile,
		probe_later_files, probe_hosts_file, probe_image, probe_image_booted, probe_macos;

/* Is it the tree of a Mac? Then probe_macos reads all of it. */
bool macos_is_in(struct source *source);

#endif
