/* The least work that a look at every TCP socket takes: one sock_diag dump per address family
 * through libmnl, counting messages. The yardstick for headroom's own dump in make bench. No
 * project code. Prints the number of sockets. */
#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

enum {
	BUFFER_BYTES = 64 * 1024,
	ALL_STATES = -1
};

static int count_one(const struct nlmsghdr *message, void *context)
{
	(void)message;
	++*(unsigned long *)context;
	return MNL_CB_OK;
}

static int dump(struct mnl_socket *netlink, unsigned char family, unsigned long *count)
{
	static char buffer[BUFFER_BYTES] __attribute__((aligned(16)));
	struct nlmsghdr *header = mnl_nlmsg_put_header(buffer);
	header->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	header->nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
	struct inet_diag_req_v2 *request = mnl_nlmsg_put_extra_header(header, sizeof *request);
	request->sdiag_family = family;
	request->sdiag_protocol = IPPROTO_TCP;
	request->idiag_states = (unsigned)ALL_STATES;
	if (mnl_socket_sendto(netlink, header, header->nlmsg_len) < 0)
		return -1;
	int result = MNL_CB_OK;
	while (result == MNL_CB_OK) {
		ssize_t bytes = mnl_socket_recvfrom(netlink, buffer, sizeof buffer);
		if (bytes < 0)
			return -1;
		result = mnl_cb_run(buffer, (size_t)bytes, 0, 0, count_one, count);
	}
	return result;
}

int main(void)
{
	unsigned long count = 0;
	struct mnl_socket *netlink = mnl_socket_open(NETLINK_SOCK_DIAG);
	if (!netlink || mnl_socket_bind(netlink, 0, MNL_SOCKET_AUTOPID) < 0 ||
			dump(netlink, AF_INET, &count) < 0 || dump(netlink, AF_INET6, &count) < 0) {
		perror("bare_dump");
		return 1;
	}
	mnl_socket_close(netlink);
	printf("%lu\n", count);
	return 0;
}
