/* Lines of sysctl.d that have no effect: values that the kernel refuses, and names that it no
 * longer has. */
#ifndef HEADROOM_PROBES_HOST_BOOT_REFUSED_H
#define HEADROOM_PROBES_HOST_BOOT_REFUSED_H

#include "probes/host/facts/sysctl.h"
#include "probes/host/probing.h"

/* Why the kernel refuses this value of the key; NULL if it probably accepts it. `port_start` is
 * net.ipv4.ip_unprivileged_port_start at that moment of the boot. */
const char *refused_why(struct probing *probing,
		const struct known_key *known,
		const struct reading *value,
		double port_start);
/* Puts boot.refused for the key: this line sets nothing. */
void refused_put(struct probing *probing,
		const char *key,
		const char *path,
		int line,
		const char *value,
		const char *why);
/* The name by which the kernel has this setting today: another name of the same file, or the name
 * itself. */
const char *refused_alias(const char *name);
/* Puts boot.dead if the kernel no longer has the name of this line. */
void refused_put_dead(struct probing *probing, const char *name, const char *path, int line);

#endif
