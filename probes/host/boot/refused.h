/* Lines of sysctl.d without effect: values that the kernel refuses, and names that it no longer
 * has. */
#ifndef HEADROOM_PROBES_HOST_BOOT_REFUSED_H
#define HEADROOM_PROBES_HOST_BOOT_REFUSED_H

#include "probes/host/facts/sysctl.h"
#include "probes/host/probing.h"

/* Returns why the kernel refuses this value of the key, or NULL if it probably accepts it.
 * `port_start` is the value of net.ipv4.ip_unprivileged_port_start at that point of the boot. */
const char *refused_why(struct probing *probing,
		const struct known_key *known,
		const struct reading *value,
		double port_start);
/* Puts boot.refused for the key: the kernel refuses the value of this line. */
void refused_put(struct probing *probing,
		const char *key,
		const char *path,
		int line,
		const char *value,
		const char *why);
/* Returns the name that the kernel has for this setting today: another name of the same file, or
 * the name itself. */
const char *refused_alias(const char *name);
/* Puts boot.dead if the kernel no longer has the name in this line. */
void refused_put_dead(struct probing *probing, const char *name, const char *path, int line);

#endif
