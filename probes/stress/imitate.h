/* Copies the sockets that block ports of the target's range by bind() into the sandbox, address by
 * address. */
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
	bool six_only; /* IPv6 only, so it does not affect bind() for IPv4 */
};

struct imitation {
	struct held *items;
	size_t count;
};

/* Reads words of the form "ADDR:PORT", followed by "/6" for sockets of IPv6 only (the fact
 * ports.pinned). Returns false if the text has another form. */
bool imitation_read(struct arena *arena, const char *text, struct imitation *ret_imitation);

/* Opens one of them, listening or only bound. Its address is added to the sandbox's lo if needed;
 * if the sandbox cannot have it, all addresses of the family are used. Returns a descriptor, or -1
 * with errno. */
int imitation_open(const struct held *held, bool listens);

bool held_on_all_addresses(const struct held *held);

/* Returns true if it blocks an IPv4 bind() to `source` (INADDR_ANY: all addresses) without a
 * port. */
bool held_conflicts(const struct held *held, in_addr_t source);

#endif
