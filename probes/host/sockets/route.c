/* rtnetlink(7): RTM_GETROUTE asks for one route, and sends nothing to the network. */
#include "probes/host/sockets/route.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "base/memory.h"

enum {
	ROUTE_BUFFER = 8192
};

struct route_query {
	struct mnl_socket *socket;
	unsigned sequence;
};

/* The answer as it is read. */
struct route_answer {
	struct address source;
	bool found;
};

void route_close(struct route_query *query)
{
	if (!query)
		return;
	if (query->socket)
		mnl_socket_close(query->socket);
	free(query);
}

struct route_query *route_open(void)
{
	struct route_query *query = memory_new(sizeof *query);
	query->socket = mnl_socket_open2(NETLINK_ROUTE, SOCK_CLOEXEC);
	if (query->socket && mnl_socket_bind(query->socket, 0, MNL_SOCKET_AUTOPID) == 0)
		return query;
	route_close(query);
	return NULL;
}

static size_t route_address_size(const struct address *address)
{
	if (address->family == 6)
		return 16;
	return 4;
}

static int route_on_attribute(const struct nlattr *attribute, void *context)
{
	struct route_answer *answer = context;
	size_t size = route_address_size(&answer->source);
	if (mnl_attr_get_type(attribute) != RTA_PREFSRC)
		return MNL_CB_OK;
	if (mnl_attr_get_payload_len(attribute) != size)
		return MNL_CB_OK;
	memcpy(answer->source.bytes, mnl_attr_get_payload(attribute), size);
	answer->found = true;
	return MNL_CB_OK;
}

static int route_on_message(const struct nlmsghdr *header, void *context)
{
	if (header->nlmsg_type == RTM_NEWROUTE)
		(void)mnl_attr_parse(header, sizeof(struct rtmsg), route_on_attribute, context);
	return MNL_CB_STOP;
}

static bool route_ask(struct route_query *query, const struct address *to)
{
	char buffer[256];
	size_t size = route_address_size(to);
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = RTM_GETROUTE;
	header->nlmsg_flags = NLM_F_REQUEST;
	header->nlmsg_seq = ++query->sequence;
	struct rtmsg *body = mnl_nlmsg_put_extra_header(header, sizeof *body);
	body->rtm_family = AF_INET;
	if (to->family == 6)
		body->rtm_family = AF_INET6;
	body->rtm_dst_len = (unsigned char)(size * 8);
	mnl_attr_put(header, RTA_DST, size, to->bytes);
	return mnl_socket_sendto(query->socket, header, header->nlmsg_len) >= 0;
}

bool route_source(struct route_query *query, const struct address *to, struct address *ret_source)
{
	char buffer[ROUTE_BUFFER];
	struct route_answer answer = {.source = {.family = to->family}};
	ssize_t length;
	if (!route_ask(query, to))
		return false;
	do {
		length = mnl_socket_recvfrom(query->socket, buffer, sizeof buffer);
	} while (length < 0 && errno == EINTR);
	if (length <= 0)
		return false;
	unsigned port = mnl_socket_get_portid(query->socket);
	(void)mnl_cb_run(buffer, (size_t)length, query->sequence, port, route_on_message, &answer);
	*ret_source = answer.source;
	return answer.found;
}
