/* The addresses that the names in a plan stand for, and the plan's source addresses. */
#ifndef HEADROOM_MODEL_POOLS_ADDRESSES_H
#define HEADROOM_MODEL_POOLS_ADDRESSES_H

#include "model/load/destination.h"
#include "model/pools/view.h"

/* Addresses that a name may stand for, without duplicates. */
struct address_list {
	struct address *items;
	size_t count, capacity;
};

void pool_address_add(struct arena *arena,
		struct address_list *list,
		const struct address *address);
bool pool_address_has(const struct address_list *list, const struct address *address);
/* Gives the addresses of HOST:PORT. Those given with --resolve come first. Returns false if they
 * are not known. */
bool pool_addresses(const struct pool_view *view,
		const struct host_port *to,
		struct address_list *ret_list);
/* Returns the address of the destination; family 0: it has several, or it is not known. */
struct address pool_destination_address(const struct pool_view *view, const char *destination);
/* Gives the local address that connect() chooses; returns false if it is not known. */
bool pool_routed_source(const struct pool_view *view,
		const struct address *to,
		struct address *ret_from);
/* Returns the source addresses that the plan lists; empty if it gives only their number. */
struct address_list pool_listed_sources(const struct pool_view *view);
/* Returns the source addresses that the plan passes to bind() for this destination; empty if they
 * are not known. */
struct address_list pool_bound_sources(const struct pool_view *view, const char *destination);

#endif
