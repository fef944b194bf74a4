/* sock_diag(7) for UDP: one dump for each family. */
#include "probes/host/sockets/udp_diag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/array.h"
#include "base/memory.h"

enum {
	UDP_BUFFER = 64 * 1024,
	UDP_STATE_CLOSED = 7 /* TCP_CLOSE: the state of a UDP socket that is not connected */
};

struct udp_receiver {
	udp_socket_fn *each;
	void *context;
};

static int udp_on_attribute(const struct nlattr *attribute, void *context)
{
	bool *only = context;
	if (mnl_attr_get_type(attribute) != INET_DIAG_SKV6ONLY)
		return MNL_CB_OK;
	if (mnl_attr_get_payload_len(attribute) >= 1)
		*only = mnl_attr_get_u8(attribute) != 0;
	return MNL_CB_OK;
}

static int udp_on_message(const struct nlmsghdr *header, void *context)
{
	const struct udp_receiver *receiver = context;
	const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
	if (mnl_nlmsg_get_payload_len(header) < sizeof *message)
		return MNL_CB_OK;
	struct udp_socket socket = {
			.at = {.family = 4, .port = ntohs(message->id.idiag_sport)},
			.to = {.family = 4, .port = ntohs(message->id.idiag_dport)},
			.inode = message->idiag_inode,
			.connected = message->idiag_state != UDP_STATE_CLOSED,
	};
	if (message->idiag_family == AF_INET6) {
		memcpy(socket.at.address, message->id.idiag_src, sizeof socket.at.address);
		memcpy(socket.to.address, message->id.idiag_dst, sizeof socket.to.address);
		endpoint_set_six(&socket.at);
		endpoint_set_six(&socket.to);
		(void)mnl_attr_parse(header, sizeof *message, udp_on_attribute, &socket.six_only);
	} else {
		memcpy(socket.at.address, message->id.idiag_src, sizeof message->id.idiag_src[0]);
		memcpy(socket.to.address, message->id.idiag_dst, sizeof message->id.idiag_dst[0]);
	}
	receiver->each(receiver->context, &socket);
	return MNL_CB_OK;
}

static int udp_request(struct mnl_socket *socket, unsigned family)
{
	char buffer[256];
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = family;
	struct inet_diag_req_v2 *body = mnl_nlmsg_put_extra_header(header, sizeof *body);
	body->sdiag_family = (unsigned char)family;
	body->sdiag_protocol = IPPROTO_UDP;
	body->idiag_states = ~0U;
	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return errno;
	return 0;
}

static int udp_receive(struct mnl_socket *socket,
		unsigned family,
		char *buffer,
		struct udp_receiver *receiver)
{
	unsigned port = mnl_socket_get_portid(socket);
	int more = MNL_CB_OK;
	while (more > MNL_CB_STOP) {
		ssize_t length = mnl_socket_recvfrom(socket, buffer, UDP_BUFFER);
		if (length < 0 && errno == EINTR)
			continue;
		if (length < 0)
			return errno;
		if (length == 0)
			return EIO;
		more = mnl_cb_run(buffer, (size_t)length, family, port, udp_on_message, receiver);
		if (more < 0)
			return errno;
	}
	return 0;
}

static int udp_dump(struct mnl_socket *socket, struct udp_receiver *receiver)
{
	static const unsigned families[] = {AF_INET, AF_INET6};
	char *buffer = memory_get(UDP_BUFFER);
	int error = 0;
	for (size_t i = 0; i < COUNT_OF(families) && error == 0; i++) {
		error = udp_request(socket, families[i]);
		if (error == 0)
			error = udp_receive(socket, families[i], buffer, receiver);
	}
	free(buffer);
	return error;
}

int udp_diag_read(udp_socket_fn *each, void *context)
{
	struct udp_receiver receiver = {each, context};
	struct mnl_socket *socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	int error = 0;
	if (!socket)
		return errno;
	if (mnl_socket_bind(socket, 0, MNL_SOCKET_AUTOPID) != 0)
		error = errno;
	if (error == 0)
		error = udp_dump(socket, &receiver);
	mnl_socket_close(socket);
	return error;
}
