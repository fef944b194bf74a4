/* Asks the interfaces. */
#include "probes/host/local_address.h"

#include <ifaddrs.h>
#include <netinet/in.h>
#include <string.h>

#include "probes/host/namespace.h"

static bool is_this(const struct sockaddr *at, const struct address *address)
{
	if (at->sa_family == AF_INET && address->family == 4) {
		const struct sockaddr_in *four = (const void *)at;
		return memcmp(&four->sin_addr, address->bytes, sizeof four->sin_addr) == 0;
	}
	if (at->sa_family == AF_INET6 && address->family == 6) {
		const struct sockaddr_in6 *six = (const void *)at;
		return memcmp(&six->sin6_addr, address->bytes, sizeof six->sin6_addr) == 0;
	}
	return false;
}

static enum local_address find_here(const struct address *address)
{
	enum local_address found = LOCAL_ADDRESS_NO;
	struct ifaddrs *all;
	if (getifaddrs(&all) != 0)
		return LOCAL_ADDRESS_UNKNOWN;
	for (const struct ifaddrs *one = all; one; one = one->ifa_next) {
		if (one->ifa_addr && is_this(one->ifa_addr, address))
			found = LOCAL_ADDRESS_YES;
	}
	freeifaddrs(all);
	return found;
}

enum local_address local_address_find(int pid, const struct address *address)
{
	struct namespace namespace = NAMESPACE_NONE;
	struct error err = {0};
	bool denied = false;
	if (address_is_loopback(address) || address_is_any(address))
		return LOCAL_ADDRESS_YES;
	if (pid > 0 && !namespace_enter(&namespace, pid, &denied, &err))
		return LOCAL_ADDRESS_UNKNOWN;
	enum local_address found = LOCAL_ADDRESS_UNKNOWN;
	if (!denied)
		found = find_here(address);
	if (!namespace_leave(&namespace, &err))
		return LOCAL_ADDRESS_UNKNOWN;
	return found;
}
