/* Which sockets make bind() fail or skip a port when the kernel chooses the port
 * (net/ipv4/inet_connection_sock.c, inet_rcv_saddr_equal()). */
#ifndef HEADROOM_MODEL_CONFLICT_H
#define HEADROOM_MODEL_CONFLICT_H

#include "base/address.h"
#include "base/arena.h"
#include "base/portset.h"

/* A socket that uses a local port. */
struct holding {
	struct address at;
	unsigned port;
	bool six_only;  /* a listener or bound socket that takes IPv6 only */
	bool connected; /* connected; it is then not known whether it takes IPv6 only */
};

enum conflict {
	CONFLICT_NO,
	CONFLICT_MAYBE,
	CONFLICT_YES
};

/* Says whether the socket blocks its port for a bind() to `address`; 0.0.0.0 and [::] are all
 * addresses. */
enum conflict conflict_of(const struct holding *holding, const struct address *address);

struct holdings {
	struct holding *items;
	size_t count;
};

/* Reads words of the form "ADDRESS:PORT" as in the facts ports.pinned and ports.udp_pinned. "/6"
 * marks a socket that takes IPv6 only, "/c" a connected one. Returns false if the text has another
 * form. */
bool holdings_read(struct arena *arena, const char *text, struct holdings *ret_holdings);
/* Collects the ports that are certainly blocked for `address` (ret_best) and those that may be
 * (ret_worst). */
void holdings_ports(const struct holdings *holdings,
		const struct address *address,
		struct portset *ret_best,
		struct portset *ret_worst);

#endif
