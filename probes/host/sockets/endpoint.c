/* Endpoints as text. */
#include "probes/host/sockets/endpoint.h"

#include <arpa/inet.h>
#include <assert.h>

#include "probes/host/parse.h"

static int address_family(const struct endpoint *endpoint)
{
	if (endpoint->family == 6)
		return AF_INET6;
	assert(endpoint->family == 4);
	return AF_INET;
}

const char *endpoint_text(struct arena *arena, const struct endpoint *endpoint)
{
	char address[INET6_ADDRSTRLEN] = "?";
	int family = address_family(endpoint);
	(void)inet_ntop(family, endpoint->address, address, sizeof address);
	if (family == AF_INET6)
		return arena_printf(arena, "[%s]:%u", address, endpoint->port);
	return arena_printf(arena, "%s:%u", address, endpoint->port);
}

bool endpoint_parse(const char *text, struct endpoint *ret_endpoint)
{
	char address[INET6_ADDRSTRLEN + 1];
	const char *close = ":"; /* what stands between the address and the port */
	uint64_t port;
	*ret_endpoint = (struct endpoint){.family = 4};
	if (*text == '[') {
		text++;
		close = "]:";
		ret_endpoint->family = 6;
	}
	const char *end = strstr(text, close);
	if (!end || (size_t)(end - text) >= sizeof address)
		return false;
	size_t length = (size_t)(end - text);
	memcpy(address, text, length);
	address[length] = '\0';
	if (!parse_whole(end + strlen(close), &port) || port > UINT16_MAX)
		return false;
	ret_endpoint->port = (uint16_t)port;
	return inet_pton(address_family(ret_endpoint), address, ret_endpoint->address) == 1;
}
