/* Netlink, as libmnl has it. */
#include "probes/stress/wire.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>

int wire_open(struct wire *wire, int bus)
{
	const struct timeval second = {.tv_sec = 1};
	*wire = (struct wire){.socket = mnl_socket_open2(bus, SOCK_CLOEXEC)};
	if (!wire->socket)
		return errno;
	if (setsockopt(mnl_socket_get_fd(wire->socket),
				SOL_SOCKET,
				SO_RCVTIMEO,
				&second,
				sizeof second) == 0 &&
			mnl_socket_bind(wire->socket, 0, MNL_SOCKET_AUTOPID) == 0)
		return 0;
	int saved = errno;
	wire_close(wire);
	return saved;
}

void wire_close(struct wire *wire)
{
	if (wire->socket)
		(void)mnl_socket_close(wire->socket);
	wire->socket = NULL;
}

struct nlmsghdr *wire_message(struct wire *wire, void *buffer, unsigned type, unsigned flags)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(buffer);
	message->nlmsg_type = (uint16_t)type;
	message->nlmsg_flags = (uint16_t)(NLM_F_REQUEST | flags);
	message->nlmsg_seq = ++wire->sequence;
	return message;
}

/* One datagram of answers. 1: `last` is among them; 0: not yet; else -errno. */
static int take_answers(const void *bytes, int length, uint32_t last)
{
	const struct nlmsghdr *message = bytes;
	int done = 0;
	for (; mnl_nlmsg_ok(message, length); message = mnl_nlmsg_next(message, &length)) {
		if (message->nlmsg_type != NLMSG_ERROR ||
				mnl_nlmsg_get_payload_len(message) < sizeof(struct nlmsgerr))
			continue;
		const struct nlmsgerr *answer = mnl_nlmsg_get_payload(message);
		if (answer->error)
			return answer->error;
		done |= message->nlmsg_seq == last;
	}
	return done;
}

int wire_talk(struct wire *wire, const void *bytes, size_t length, uint32_t last)
{
	_Alignas(struct nlmsghdr) char answers[16384];
	if (mnl_socket_sendto(wire->socket, bytes, length) < 0)
		return errno;
	for (;;) {
		ssize_t got = mnl_socket_recvfrom(wire->socket, answers, sizeof answers);
		if (got < 0 && errno != EINTR)
			return errno == EAGAIN ? ETIMEDOUT : errno;
		int done = got > 0 ? take_answers(answers, (int)got, last) : 0;
		if (done)
			return done > 0 ? 0 : -done;
	}
}
