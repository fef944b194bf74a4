/* What every probe gets. */
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
	const char *read_at; /* NULL: unknown (a snapshot without that information) */
	bool live;
	/* The network namespace of the vantage process could not be entered. */
	bool netns_denied;
	/* It was entered through its user namespace, which now maps the user ids that are read. */
	bool in_userns;
	/* This process's user id before that: outside, it is the user id of the vantage process. */
	unsigned own_uid;
	/* A child network namespace, where global values are hidden. */
	bool child_netns;
	/* It is not known whether the namespace is the initial one. */
	bool netns_unknown;
	/* The first file or directory with settings for the next boot that was not read completely;
	 * NULL: none. */
	const char *boot_unread;
	unsigned port_low, port_high; /* the ephemeral range; 0, 0: unknown */
};

/* A probe reads one subject. It never fails: what it cannot read becomes a fact with a status. */
struct probe {
	const char *name;
	void (*run)(struct probing *probing);
};

/* Reads a small file into the arena. Returns 0, or an errno with *ret_text NULL. */
int probing_read_text(struct probing *probing, const char *path, char **ret_text);

/* Returns the value of a line "name: value" in a snapshot's ORIGIN, cleaned. NULL: there is none,
 * or the source is live. */
const char *probing_origin(struct probing *probing, const char *name);

extern const struct probe probe_identity, probe_vantage, probe_netns, probe_sysctl, probe_limits,
		probe_process_maps, probe_memory, probe_cgroup, probe_sockets, probe_processes,
		probe_conntrack, probe_ena, probe_counters, probe_sysctl_files, probe_limits_files,
		probe_systemd_files, probe_modules_files, probe_modprobe_files, probe_dockerfile,
		probe_later_files, probe_hosts_file, probe_image, probe_image_booted, probe_macos;

/* Returns true if this is the tree of a Mac, which probe_macos reads completely. */
bool macos_is_in(struct source *source);

#endif
