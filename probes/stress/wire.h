/* A netlink socket that asks and waits for the kernel's acknowledgement. It belongs to the network
 * namespace in which it was opened, wherever the process goes afterwards. */
#ifndef HEADROOM_PROBES_STRESS_WIRE_H
#define HEADROOM_PROBES_STRESS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include <libmnl/libmnl.h>

struct wire {
	struct mnl_socket *socket;
	uint32_t sequence;
};

/* `bus`: NETLINK_ROUTE, NETLINK_NETFILTER. 0 or an errno. */
int wire_open(struct wire *wire, int bus);
void wire_close(struct wire *wire);

/* Begins a message at `buffer`; a request, numbered, flags added. */
struct nlmsghdr *wire_message(struct wire *wire, void *buffer, unsigned type, unsigned flags);

/* Sends `length` bytes of messages and waits until the one numbered `last` is acknowledged. 0, or
 * the errno of the first that was refused; ETIMEDOUT after a second without an answer. */
int wire_talk(struct wire *wire, const void *bytes, size_t length, uint32_t last);

#endif
