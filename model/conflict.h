/* Which sockets are in the way of a bind() that leaves the choice of the port to the kernel
 * (net/ipv4/inet_connection_sock.c, inet_rcv_saddr_equal()). */
#ifndef HEADROOM_MODEL_CONFLICT_H
#define HEADROOM_MODEL_CONFLICT_H

#include "base/address.h"
#include "base/arena.h"
#include "base/portset.h"

/* A socket that has a local port. */
struct holding {
	struct address at;
	unsigned port;
	bool six_only;  /* it listens or is bound, for IPv6 alone */
	bool connected; /* then it is not known whether it is for IPv6 alone */
};

enum conflict {
	CONFLICT_NO,
	CONFLICT_MAYBE,
	CONFLICT_YES
};

/* `address` is what is bound; 0.0.0.0 or [::] for all addresses. */
enum conflict conflict_of(const struct holding *holding, const struct address *address);

struct holdings {
	struct holding *items;
	size_t count;
};

/* Reads "ADDRESS:PORT" words: "/6" follows those of IPv6 alone, "/c" connected ones (the facts
 * ports.pinned and ports.udp_pinned). false: it is not of that form. */
bool holdings_read(struct arena *arena, const char *text, struct holdings *ret_holdings);
/* The ports of those that are in the way: surely, and at worst. */
void holdings_ports(const struct holdings *holdings,
		const struct address *address,
		struct portset *ret_best,
		struct portset *ret_worst);

#endif
