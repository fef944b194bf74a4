/* The addresses behind the names in a plan, and the source addresses that the plan uses. */
#ifndef HEADROOM_MODEL_POOLS_ADDRESSES_H
#define HEADROOM_MODEL_POOLS_ADDRESSES_H

#include "model/load/destination.h"
#include "model/pools/view.h"

/* Addresses that may be meant; at most one pool of each counts. */
struct address_list {
	struct address *items;
	size_t count, capacity;
};

void pool_address_add(struct arena *arena,
		struct address_list *list,
		const struct address *address);
bool pool_address_has(const struct address_list *list, const struct address *address);
/* The addresses of HOST:PORT. What --resolve gives for it comes before the addresses of the name.
 * false: they are not known. */
bool pool_addresses(const struct pool_view *view,
		const struct host_port *to,
		struct address_list *ret_list);
/* The address of the destination; family 0: it has several, or it is not known. */
struct address pool_destination_address(const struct pool_view *view, const char *destination);
/* The local address that connect() chooses; false: not known. */
bool pool_routed_source(const struct pool_view *view,
		const struct address *to,
		struct address *ret_from);
/* The source addresses that the plan lists; empty for a plan that gives only their number. */
struct address_list pool_listed_sources(const struct pool_view *view);
/* The source addresses that the plan passes to bind() for a destination; empty if they are not
 * known. */
struct address_list pool_bound_sources(const struct pool_view *view, const char *destination);

#endif
