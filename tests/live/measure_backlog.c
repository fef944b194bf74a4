/* Counts the connections a listener really holds while nobody accepts, in the current network
 * namespace. Independent of headroom: no project code, no formula.
 *
 *   measure_backlog BACKLOG
 *
 * Connects until a connect() does not complete within 200 ms, then accepts what is there and counts
 * that: a connect() that returned is not proof (SYN cookies make ghosts). Every client has its own
 * source address (127.1.x.y, no port taken by bind), so that a small port range does not end the
 * count first. Prints "held=N connected=N". */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24 /* linux/in.h */
#endif

enum {
	LISTEN_PORT = 1001,
	TIMEOUT_US = 200000
};

static struct sockaddr_in address_of(unsigned long address, unsigned port)
{
	return (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons((unsigned short)port),
			.sin_addr.s_addr = htonl((unsigned)address),
	};
}

static int listener_open(int backlog)
{
	const int one = 1;
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	const struct sockaddr_in address = address_of(INADDR_LOOPBACK, LISTEN_PORT);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) ||
			bind(fd, (const struct sockaddr *)&address, sizeof address) || listen(fd, backlog))
		return -1;
	return fd;
}

/* true if the connection completed in time. The socket stays open either way. */
static bool client_connects(unsigned number)
{
	const int one = 1;
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	const struct timeval timeout = {.tv_usec = TIMEOUT_US};
	const struct sockaddr_in source = address_of(0x7f010001UL + number, 0);
	const struct sockaddr_in destination = address_of(INADDR_LOOPBACK, LISTEN_PORT);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	return fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) == 0 &&
			setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof timeout) == 0 &&
			setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one) == 0 &&
			bind(fd, (const struct sockaddr *)&source, sizeof source) == 0 &&
			connect(fd, (const struct sockaddr *)&destination, sizeof destination) == 0;
}

static unsigned accept_all(int listener)
{
	unsigned count = 0;
	if (fcntl(listener, F_SETFL, O_NONBLOCK) < 0)
		return 0;
	for (int fd; (fd = accept(listener, NULL, NULL)) >= 0; count++)
		close(fd);
	return count;
}

int main(int argc, char **argv)
{
	char *end = NULL;
	long backlog = argc == 2 ? strtol(argv[1], &end, 10) : -1;
	if (argc != 2 || end == argv[1] || *end || backlog < 0 || backlog > 1000000) {
		fprintf(stderr, "usage: measure_backlog BACKLOG\n");
		return 2;
	}
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &files);
	}
	int listener = listener_open((int)backlog);
	if (listener < 0) {
		fprintf(stderr,
				"measure_backlog: cannot listen on port %d: %s\n",
				LISTEN_PORT,
				strerror(errno));
		return 1;
	}
	unsigned connected = 0;
	while (client_connects(connected))
		connected++;
	if (errno != EINPROGRESS && errno != EAGAIN) {
		fprintf(stderr,
				"measure_backlog: stopped by something else than the queue: %s\n",
				strerror(errno));
		return 1;
	}
	printf("held=%u connected=%u\n", accept_all(listener), connected);
	return 0;
}
