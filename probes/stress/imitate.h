/* Reproduces in the sandbox the sockets that occupy ports of the target's range by bind(), address
 * by address. */
#ifndef HEADROOM_PROBES_STRESS_IMITATE_H
#define HEADROOM_PROBES_STRESS_IMITATE_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"

struct held {
	struct sockaddr_storage name;
	socklen_t length;
	unsigned port;
	bool six_only; /* does not affect bind() for IPv4 */
};

struct imitation {
	struct held *items;
	size_t count;
};

/* Reads "ADDR:PORT" words, followed by "/6" for sockets of IPv6 only (the fact ports.pinned).
 * Returns false if the text is not of that form. */
bool imitation_read(struct arena *arena, const char *text, struct imitation *ret_imitation);

/* One of them: it listens, or is only bound; its address is added to lo of the sandbox where
 * needed. On all addresses of the family where the sandbox cannot have that one. A descriptor, or
 * -1 and errno. */
int imitation_open(const struct held *held, bool listens);

bool held_on_all_addresses(const struct held *held);

/* Is it in the way of an IPv4 bind() to `source` (all addresses: INADDR_ANY) with no port given? */
bool held_conflicts(const struct held *held, in_addr_t source);

#endif
