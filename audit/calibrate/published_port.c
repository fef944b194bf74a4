/* A port alone is taken on this host's first address that is not a loopback one: as a client from
 * elsewhere comes. Connects to nothing itself. */
#include "audit/calibrate/published_port.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <net/if.h>
#include <string.h>

#include "base/portset.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/endpoint.h"

bool published_port_is_target(const char *text, struct error *err)
{
	struct endpoint at;
	uint64_t port;
	if (!strcmp(text, "auto") || (parse_whole(text, &port) && port > 0 && port <= 65535) ||
			(endpoint_parse(text, &at) && at.port > 0))
		return true;
	return error_set(err,
			"--published: \"%.100s\" is not a port; give ADDR:PORT, PORT or auto",
			text);
}

/* Of the first published port that is known; 0: none is. */
static unsigned first_port(const struct facts *facts)
{
	const char *ports = facts_text(facts, "ports.published");
	struct portset set;
	struct error ignored;
	if (!ports || !portset_parse(ports, &set, &ignored))
		return 0;
	for (unsigned port = 1; port <= 65535; port++)
		if (portset_has(&set, port))
			return port;
	return 0;
}

static const char *own_address(struct arena *arena)
{
	char text[INET_ADDRSTRLEN] = "127.0.0.1";
	struct ifaddrs *all = NULL;
	if (getifaddrs(&all) != 0)
		return "127.0.0.1";
	for (const struct ifaddrs *item = all; item; item = item->ifa_next) {
		if (!item->ifa_addr || item->ifa_addr->sa_family != AF_INET ||
				item->ifa_flags & IFF_LOOPBACK)
			continue;
		(void)inet_ntop(AF_INET,
				&((const struct sockaddr_in *)(const void *)item->ifa_addr)->sin_addr,
				text,
				sizeof text);
		break;
	}
	freeifaddrs(all);
	return arena_strdup(arena, text);
}

const char *published_port_target(struct arena *arena,
		const char *text,
		const struct facts *facts,
		const char **ret_why)
{
	uint64_t port = first_port(facts);
	*ret_why = NULL;
	if (!text && port) {
		*ret_why = "not requested; to open 16 connections to a container's port: --published auto";
		return NULL;
	}
	if ((!text || !strcmp(text, "auto")) && !port) {
		*ret_why = "no published container port was found on this host";
		return NULL;
	}
	if (strchr(text, ':'))
		return text;
	if (strcmp(text, "auto") != 0)
		(void)parse_whole(text, &port);
	return arena_printf(arena, "%s:%u", own_address(arena), (unsigned)port);
}
