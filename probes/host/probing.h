/* What every probe is handed, and the short forms in which probes put facts. */
#ifndef HEADROOM_PROBES_HOST_PROBING_H
#define HEADROOM_PROBES_HOST_PROBING_H

#include "probes/host/host.h"
#include "probes/host/source/source.h"

enum {
	RAW_MAX = 256
};

struct probing {
	struct arena *arena;
	struct source *source;
	struct facts *facts;
	struct host_info *info;
	const struct host_options *options;
	const char *read_at; /* NULL: unknown (a snapshot that does not say) */
	bool live;
	bool netns_denied; /* the vantage process's network namespace could not be entered */
	bool in_userns; /* it was, by way of its user namespace: user ids are read as that one maps them
	                 */
	unsigned own_uid; /* then: our user id outside, which is that of the vantage process */
	bool child_netns; /* not the initial network namespace: global values are hidden */
	unsigned port_low, port_high; /* the ephemeral range; 0, 0: unknown */
};

/* A probe: one subject. It never fails; what it could not read are facts with a status. */
struct probe {
	const char *name;
	void (*run)(struct probing *probing);
};

/* `path` is a source path. raw may be NULL. All return the fact so that note, line … can be added.
 */
struct fact *put_number(struct probing *probing,
		const char *key,
		const char *instance,
		double number,
		enum unit unit,
		const char *path,
		const char *raw);
struct fact *put_text(struct probing *probing,
		const char *key,
		const char *instance,
		const char *text,
		const char *path,
		const char *raw);
struct fact *put_missing(struct probing *probing,
		const char *key,
		const char *instance,
		enum fact_status status,
		enum unit unit,
		const char *path,
		const char *note);
/* The status that an errno from reading means: ENOENT absent, EACCES and EPERM denied, else
 * malformed. */
struct fact *put_errno(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		int error);
enum fact_status status_from_errno(int error);
/* A known key that was there but could not be understood. */
struct fact *put_malformed(struct probing *probing,
		const char *key,
		const char *instance,
		enum unit unit,
		const char *path,
		const char *raw,
		const char *note);
/* Raw text, bounded to RAW_MAX bytes, without the final newline. */
const char *raw_copy(struct arena *arena, const char *raw);

/* Reads a small file and copies it into the arena. 0 or errno. */
int read_text(struct probing *probing, const char *path, char **ret_text);

/* "name: value" of a snapshot's ORIGIN, cleaned; NULL where it does not say, and live. */
const char *origin_line(struct probing *probing, const char *name);

extern const struct probe probe_identity, probe_vantage, probe_netns, probe_sysctl, probe_limits,
		probe_memory, probe_cgroup, probe_sockets, probe_processes, probe_conntrack, probe_counters,
		probe_sysctl_files, probe_limits_files, probe_systemd_files, probe_modules_files,
		probe_dockerfile, probe_later_files;

#endif
