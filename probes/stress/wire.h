/* A netlink socket that sends requests and waits for the kernel's acknowledgement. It stays in the
 * network namespace in which it was opened, wherever the process moves. */
#ifndef HEADROOM_PROBES_STRESS_WIRE_H
#define HEADROOM_PROBES_STRESS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

struct wire {
	struct mnl_socket *socket;
	uint32_t sequence;
};

/* Opens a socket for `bus` (NETLINK_ROUTE, NETLINK_NETFILTER). Returns 0 or an errno. */
int wire_open(struct wire *wire, int bus);
void wire_close(struct wire *wire);

/* Begins a numbered request with these flags at `buffer`. */
struct nlmsghdr *wire_message(struct wire *wire, void *buffer, unsigned type, unsigned flags);

/* Sends `length` bytes of messages and waits until the one numbered `last` is acknowledged. Returns
 * 0, the errno of the first refused message, or ETIMEDOUT after a second without an answer. */
int wire_talk(struct wire *wire, const void *bytes, size_t length, uint32_t last);

#endif
