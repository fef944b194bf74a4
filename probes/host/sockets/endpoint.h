/* An address and a port, as sockets have them. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_ENDPOINT_H
#define HEADROOM_PROBES_HOST_SOCKETS_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

/* IPv4-mapped IPv6 addresses are kept as IPv4, so that one address has one form. All bytes count in
 * comparisons: those that are not used are 0. */
struct endpoint {
	unsigned char address[16]; /* network order; IPv4 in the first four, the rest 0 */
	uint16_t port;
	uint16_t family; /* 4 or 6 */
};

/* The address has been filled with the sixteen bytes of an IPv6 one: sets the family, and gives an
 * IPv4-mapped address its IPv4 form. Inline, because each socket of a dump passes it twice. */
static inline void endpoint_set_six(struct endpoint *endpoint)
{
	static const unsigned char mapped_prefix[12] = {[10] = 0xFF, [11] = 0xFF};
	unsigned char *address = endpoint->address;
	endpoint->family = 6;
	if (memcmp(address, mapped_prefix, sizeof mapped_prefix) != 0)
		return;
	endpoint->family = 4;
	memcpy(address, address + sizeof mapped_prefix, 4);
	memset(address + 4, 0, sizeof mapped_prefix);
}

static inline bool endpoint_is_same(const struct endpoint *a, const struct endpoint *b)
{
	return memcmp(a, b, sizeof *a) == 0;
}

/* "10.0.0.5:443", "[::1]:443". */
const char *endpoint_text(struct arena *arena, const struct endpoint *endpoint);
/* Parses what the function above writes. Returns false if the text is not an endpoint. */
bool endpoint_parse(const char *text, struct endpoint *ret_endpoint);

#endif
