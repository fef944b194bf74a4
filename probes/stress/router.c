/* Makes the namespaces and the links between them through rtnetlink; needs no program. */
#include "probes/stress/router.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "probes/stress/settings.h"
#include "probes/stress/wire.h"

enum {
	MESSAGE_MAX = 4096
};

int router_enter(const struct router *router, enum station station)
{
	return setns(router->stations[station], CLONE_NEWNET) == 0 ? 0 : errno;
}

static int here(void)
{
	return open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
}

static struct nlmsghdr *link_message(struct wire *wire,
		char *buffer,
		unsigned flags,
		struct ifinfomsg **ret_link)
{
	struct nlmsghdr *message = wire_message(wire, buffer, RTM_NEWLINK, NLM_F_ACK | flags);
	*ret_link = mnl_nlmsg_put_extra_header(message, sizeof **ret_link);
	return message;
}

static int talk_one(struct wire *wire, const struct nlmsghdr *message)
{
	return wire_talk(wire, message, message->nlmsg_len, message->nlmsg_seq);
}

/* A device's own number, from the address it gets: locally administered. */
static void put_hardware(struct nlmsghdr *message, unsigned attribute, uint32_t address)
{
	const uint8_t bytes[6] = {2,
			0,
			(uint8_t)(address >> 24),
			(uint8_t)(address >> 16),
			(uint8_t)(address >> 8),
			(uint8_t)address};
	mnl_attr_put(message, (uint16_t)attribute, sizeof bytes, bytes);
}

struct end {
	const char *name, *peer; /* devices: here, and in the router */
	uint32_t address, gateway;
};

static const struct end ends[STATIONS] = {
		[STATION_CLIENT] = {"out", "outside", ROUTER_CLIENT, ROUTER_ADDRESS},
		[STATION_SERVER] = {"in", "inside", ROUTER_SERVER, ROUTER_INSIDE},
};

/* A pair of linked devices, one here and one in the router. */
static int add_veth(struct wire *wire, const struct end *end, int router_namespace)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX];
	struct ifinfomsg *link;
	struct nlmsghdr *message = link_message(wire, buffer, NLM_F_CREATE | NLM_F_EXCL, &link);
	mnl_attr_put_strz(message, IFLA_IFNAME, end->name);
	put_hardware(message, IFLA_ADDRESS, end->address);
	struct nlattr *info = mnl_attr_nest_start(message, IFLA_LINKINFO);
	mnl_attr_put_strz(message, IFLA_INFO_KIND, "veth");
	struct nlattr *data = mnl_attr_nest_start(message, IFLA_INFO_DATA);
	struct nlattr *other = mnl_attr_nest_start(message, VETH_INFO_PEER);
	(void)mnl_nlmsg_put_extra_header(message, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(message, IFLA_IFNAME, end->peer);
	put_hardware(message, IFLA_ADDRESS, end->gateway);
	mnl_attr_put_u32(message, IFLA_NET_NS_FD, (uint32_t)router_namespace);
	mnl_attr_nest_end(message, other);
	mnl_attr_nest_end(message, data);
	mnl_attr_nest_end(message, info);
	return talk_one(wire, message);
}

static int set_up(struct wire *wire, const char *name)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX];
	struct ifinfomsg *link;
	struct nlmsghdr *message = link_message(wire, buffer, 0, &link);
	link->ifi_index = (int)if_nametoindex(name);
	link->ifi_flags = link->ifi_change = IFF_UP;
	return link->ifi_index ? talk_one(wire, message) : errno;
}

static int add_address(struct wire *wire, const char *name, uint32_t address)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX];
	struct nlmsghdr *message =
			wire_message(wire, buffer, RTM_NEWADDR, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct ifaddrmsg *body = mnl_nlmsg_put_extra_header(message, sizeof *body);
	body->ifa_family = AF_INET;
	body->ifa_prefixlen = 24;
	body->ifa_index = if_nametoindex(name);
	mnl_attr_put_u32(message, IFA_LOCAL, htonl(address));
	mnl_attr_put_u32(message, IFA_ADDRESS, htonl(address));
	return body->ifa_index ? talk_one(wire, message) : errno;
}

/* Known beforehand: a question asked before the link is up (it takes a while,
 * net/core/link_watch.c) would be repeated only after a second. */
static int add_neighbour(struct wire *wire, const char *name, uint32_t address)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX];
	struct nlmsghdr *message =
			wire_message(wire, buffer, RTM_NEWNEIGH, NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE);
	struct ndmsg *body = mnl_nlmsg_put_extra_header(message, sizeof *body);
	body->ndm_family = AF_INET;
	body->ndm_state = NUD_PERMANENT;
	body->ndm_ifindex = (int)if_nametoindex(name);
	mnl_attr_put_u32(message, NDA_DST, htonl(address));
	put_hardware(message, NDA_LLADDR, address);
	return body->ndm_ifindex ? talk_one(wire, message) : errno;
}

static int add_default_route(struct wire *wire, uint32_t gateway)
{
	_Alignas(struct nlmsghdr) char buffer[MESSAGE_MAX];
	struct nlmsghdr *message =
			wire_message(wire, buffer, RTM_NEWROUTE, NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL);
	struct rtmsg *body = mnl_nlmsg_put_extra_header(message, sizeof *body);
	*body = (struct rtmsg){.rtm_family = AF_INET,
			.rtm_table = RT_TABLE_MAIN,
			.rtm_protocol = RTPROT_BOOT,
			.rtm_scope = RT_SCOPE_UNIVERSE,
			.rtm_type = RTN_UNICAST};
	mnl_attr_put_u32(message, RTA_GATEWAY, htonl(gateway));
	return talk_one(wire, message);
}

/* One end of the row, from its own namespace: the link to the router. */
static int make_end(const struct router *router, enum station station)
{
	const struct end *end = &ends[station];
	struct wire wire;
	int error = router_enter(router, station);
	if (error || (error = wire_open(&wire, NETLINK_ROUTE)) != 0)
		return error;
	error = add_veth(&wire, end, router->stations[STATION_ROUTER]);
	if (!error)
		error = set_up(&wire, "lo");
	if (!error)
		error = add_address(&wire, end->name, end->address);
	if (!error)
		error = set_up(&wire, end->name);
	if (!error)
		error = add_neighbour(&wire, end->name, end->gateway);
	wire_close(&wire);
	return error;
}

static int make_middle(const struct router *router)
{
	struct wire wire;
	int error = router_enter(router, STATION_ROUTER);
	if (error || (error = wire_open(&wire, NETLINK_ROUTE)) != 0)
		return error;
	error = set_up(&wire, "lo");
	for (enum station i = 0; i < STATIONS && !error; i++) {
		const struct end *end = &ends[i];
		if (!end->peer)
			continue;
		error = add_address(&wire, end->peer, end->gateway);
		if (!error)
			error = set_up(&wire, end->peer);
		if (!error)
			error = add_neighbour(&wire, end->peer, end->address);
	}
	wire_close(&wire);
	return error ? error : setting_write("/proc/sys/net/ipv4/ip_forward", "1");
}

/* The way to the other end; the link must be up on both sides. */
static int add_way(const struct router *router, enum station station)
{
	struct wire wire;
	int error = router_enter(router, station);
	if (error || (error = wire_open(&wire, NETLINK_ROUTE)) != 0)
		return error;
	error = add_default_route(&wire, ends[station].gateway);
	wire_close(&wire);
	return error;
}

static int make_namespaces(struct router *router)
{
	for (enum station i = 0; i < STATIONS; i++) {
		if (i > 0 && unshare(CLONE_NEWNET) != 0)
			return errno;
		router->stations[i] = here();
		if (router->stations[i] < 0)
			return errno;
	}
	return 0;
}

int router_make(struct router *router, const char **ret_step)
{
	*router = (struct router){.stations = {-1, -1, -1}};
	*ret_step = "two more network namespaces";
	int error = make_namespaces(router);
	if (error)
		return error;
	*ret_step = "a link between network namespaces (veth)";
	error = make_end(router, STATION_CLIENT);
	if (!error)
		error = make_end(router, STATION_SERVER);
	if (error)
		return error;
	*ret_step = "a router";
	error = make_middle(router);
	if (!error)
		error = add_way(router, STATION_SERVER);
	if (!error)
		error = add_way(router, STATION_CLIENT);
	return error ? error : router_enter(router, STATION_CLIENT);
}
