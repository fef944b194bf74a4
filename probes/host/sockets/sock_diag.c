/* TCP sockets over netlink (sock_diag(7), linux/inet_diag.h). Each socket is counted and forgotten.
 * The large buffer halves the number of system calls. */
#include "probes/host/sockets/sock_diag.h"

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

enum {
	BUFFER_BYTES = 256 * 1024,
	SEQUENCE = 1
};

struct socket_dump {
	struct mnl_socket *socket;
	char *buffer;
};

struct receiver {
	socket_fn *each;
	void *context;
};

static struct endpoint make_endpoint(unsigned family, const __be32 address[4], __be16 port)
{
	struct endpoint endpoint = {.family = 4, .port = ntohs(port)};
	if (family == AF_INET6) {
		memcpy(endpoint.address, address, sizeof endpoint.address);
		endpoint_set_six(&endpoint);
	} else {
		memcpy(endpoint.address, address, sizeof address[0]);
	}
	return endpoint;
}

/* INET_DIAG_SKMEMINFO: what the listener dropped, be it that its accept queue was full, be it that
 * no more handshakes were taken (tcp_listendrop() in include/net/tcp.h). */
static void read_drops(const struct nlattr *attribute, struct tally_socket *socket)
{
	uint32_t words[SK_MEMINFO_DROPS + 1];
	if (mnl_attr_get_payload_len(attribute) < sizeof words)
		return; /* a kernel before 4.12, which does not count them */
	memcpy(words, mnl_attr_get_payload(attribute), sizeof words);
	socket->drops = words[SK_MEMINFO_DROPS];
	socket->drops_known = true;
}

static int on_attribute(const struct nlattr *attribute, void *context)
{
	struct tally_socket *socket = context;
	uint16_t type = mnl_attr_get_type(attribute);
	/* Linux 5.8, of each socket that is not in TIME_WAIT (inet_diag_msg_attrs_fill()). */
	if (type == INET_DIAG_CGROUP_ID && mnl_attr_get_payload_len(attribute) >= sizeof(uint64_t))
		socket->cgroup = mnl_attr_get_u64(attribute);
	if (type == INET_DIAG_SKMEMINFO)
		read_drops(attribute, socket);
	/* The kernel adds it for listening and bound IPv6 sockets. */
	if (type == INET_DIAG_SKV6ONLY && mnl_attr_get_payload_len(attribute) >= 1)
		socket->six_only = mnl_attr_get_u8(attribute) != 0 && socket->local.family == 6;
	return MNL_CB_OK;
}

static void read_attributes(const struct nlmsghdr *header, struct tally_socket *socket)
{
	if (socket->state == STATE_TIME_WAIT)
		return; /* it has none that are wanted */
	(void)mnl_attr_parse(header, sizeof(struct inet_diag_msg), on_attribute, socket);
}

static int sock_diag_on_message(const struct nlmsghdr *header, void *context)
{
	const struct receiver *receiver = context;
	const struct inet_diag_msg *message = mnl_nlmsg_get_payload(header);
	if (mnl_nlmsg_get_payload_len(header) < sizeof *message)
		return MNL_CB_OK;
	unsigned family = message->idiag_family;
	struct tally_socket socket = {
			.state = message->idiag_state,
			.local = make_endpoint(family, message->id.idiag_src, message->id.idiag_sport),
			.remote = make_endpoint(family, message->id.idiag_dst, message->id.idiag_dport),
			.rqueue = message->idiag_rqueue,
			.wqueue = message->idiag_wqueue, /* of a listener: its backlog (tcp_diag_get_info) */
			.inode = message->idiag_inode,
			.backlog_known = true,
	};
	if (socket.state == STATE_TIME_WAIT)
		socket.expires_ms = message->idiag_expires;
	if (socket.state == STATE_LISTEN)
		socket.interface = message->id.idiag_if;
	read_attributes(header, &socket);
	receiver->each(receiver->context, &socket);
	return MNL_CB_OK;
}

/* What one request asks for. */
struct question {
	uint32_t states; /* a bit for each */
	uint8_t more;    /* attributes: a bit for each */
};

/* Two requests: the memory of a socket, where its drops are, would cost as much as the rest for
 * each connected socket. Bits 1 to 13 are states. Bit 13 is TCP_BOUND_INACTIVE, which kernels
 * before 6.8 ignore (commit 91051f003948). Bit 7 is left out: closed sockets that have no port. */
static const struct question questions[] = {
		{.states = 1u << STATE_LISTEN, .more = 1u << (INET_DIAG_SKMEMINFO - 1)},
		{.states = 0x3FFE & ~(1u << STATE_CLOSE) & ~(1u << STATE_LISTEN)},
};

/* TCPDIAG_GETSOCK, the older request, answers for both families in one walk through the socket
 * table. That costs half of two requests SOCK_DIAG_BY_FAMILY (net/ipv4/inet_diag.c,
 * inet_diag_dump_compat). */
static int request(struct mnl_socket *socket, const struct question *question)
{
	char buffer[256];
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = TCPDIAG_GETSOCK;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	header->nlmsg_seq = SEQUENCE;
	struct inet_diag_req *body = mnl_nlmsg_put_extra_header(header, sizeof *body);
	body->idiag_states = question->states;
	body->idiag_ext = question->more;
	if (mnl_socket_sendto(socket, header, header->nlmsg_len) < 0)
		return errno;
	return 0;
}

/* The next datagram; an end without one is EIO. 0 or an errno. */
static int receive_one(const struct socket_dump *dump, size_t *ret_length)
{
	ssize_t length;
	do {
		length = mnl_socket_recvfrom(dump->socket, dump->buffer, BUFFER_BYTES);
	} while (length < 0 && errno == EINTR);
	if (length < 0)
		return errno;
	if (length == 0)
		return EIO;
	*ret_length = (size_t)length;
	return 0;
}

static int receive(const struct socket_dump *dump, struct receiver *receiver)
{
	unsigned port = mnl_socket_get_portid(dump->socket);
	const char *buffer = dump->buffer;
	int more = MNL_CB_OK;
	while (more > MNL_CB_STOP) {
		size_t length = 0;
		int error = receive_one(dump, &length);
		if (error)
			return error;
		more = mnl_cb_run(buffer, length, SEQUENCE, port, sock_diag_on_message, receiver);
		if (more < 0)
			return errno;
	}
	return 0;
}

void socket_dump_close(struct socket_dump *dump)
{
	if (!dump)
		return;
	if (dump->socket)
		mnl_socket_close(dump->socket);
	free(dump->buffer);
	free(dump);
}

struct socket_dump *socket_dump_open(int *ret_error)
{
	struct socket_dump *dump = memory_new(sizeof *dump);
	dump->buffer = memory_get(BUFFER_BYTES);
	dump->socket = mnl_socket_open2(NETLINK_SOCK_DIAG, SOCK_CLOEXEC);
	if (dump->socket && mnl_socket_bind(dump->socket, 0, MNL_SOCKET_AUTOPID) == 0)
		return dump;
	*ret_error = errno;
	socket_dump_close(dump);
	return NULL;
}

int socket_dump_read(struct socket_dump *dump, socket_fn *each, void *context)
{
	struct receiver receiver = {each, context};
	for (size_t i = 0; i < COUNT_OF(questions); i++) {
		int error = request(dump->socket, &questions[i]);
		if (error == 0)
			error = receive(dump, &receiver);
		if (error)
			return error;
	}
	return 0;
}

struct counting {
	struct arena *arena;
	struct socket_tally *tally;
};

static void sock_diag_count_socket(void *context, const struct tally_socket *socket)
{
	struct counting *counting = context;
	tally_add(counting->arena, counting->tally, socket);
}

int sock_diag_read(struct arena *arena, struct socket_tally *tally)
{
	struct counting counting = {arena, tally};
	int error = 0;
	struct socket_dump *dump = socket_dump_open(&error);
	if (dump)
		error = socket_dump_read(dump, sock_diag_count_socket, &counting);
	socket_dump_close(dump);
	return error;
}
