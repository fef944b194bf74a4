/* An address and a port of a socket. */
#ifndef HEADROOM_PROBES_HOST_SOCKETS_ENDPOINT_H
#define HEADROOM_PROBES_HOST_SOCKETS_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"

/* Every address has exactly one form: IPv4-mapped IPv6 addresses are stored as IPv4, and unused
 * bytes are 0, so that whole structs can be compared. */
struct endpoint {
	unsigned char address[16]; /* network order; IPv4 in the first four, the rest 0 */
	uint16_t port;
	uint16_t family; /* 4 or 6 */
};

/* Call it after storing the 16 bytes of an IPv6 address: sets the family, and turns an IPv4-mapped
 * address into IPv4. Inline, because it is called twice for each socket of a dump. */
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

/* Returns "10.0.0.5:443" or "[::1]:443". */
const char *endpoint_text(struct arena *arena, const struct endpoint *endpoint);
/* Parses the form of endpoint_text. Returns false if the text is not an endpoint. */
bool endpoint_parse(const char *text, struct endpoint *ret_endpoint);

#endif
