/* A server that never accepts, and clients of its own that count what its queues take, in the
 * current network namespace. Independent of headroom: no project code, no formula.
 *
 *   measure_queue ADDRESS PORT BACKLOG…        one listening socket, or a group (SO_REUSEPORT)
 *
 * Prints "ready", then obeys lines on standard input, each answered by one line:
 *   listen N   calls listen(N) again, on all sockets          "listening"
 *   wait N     N connections come and wait                    "waiting N dropped D"
 *   first      connects until one does not complete           "first N": those that did
 *   all        goes on until every queue is full              "all N more M dropped D"
 *   syn        handshakes that are kept without their last
 *              packet, at one socket with an empty queue      "syn N"
 *   drain      accepts what is there                          "drained N"
 * It ends with its input.
 *
 * A client that is through resets its end and is forgotten: its entry waits on. A connect() that
 * completes is not proof that the server has it (SYN cookies make ghosts), so "drain" says what
 * there really is. */
#include <arpa/inet.h>
#include <errno.h>
#include <linux/filter.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	SOCKETS_MAX = 64,
	HANDSHAKES_MAX = 16384,
	SYN_RECEIVED = 3 /* include/net/tcp_states.h */
};

static int sockets[SOCKETS_MAX];
static int count, clients[HANDSHAKES_MAX];
static struct sockaddr_storage name;
static socklen_t name_length;
static unsigned port;

static void stop(const char *what)
{
	fprintf(stderr, "measure_queue: %s: %s\n", what, strerror(errno));
	exit(1);
}

static void set_name(const char *address)
{
	struct sockaddr_in *four = (void *)&name;
	struct sockaddr_in6 *six = (void *)&name;
	name.ss_family = AF_INET;
	name_length = sizeof *four;
	four->sin_port = htons((unsigned short)port);
	if (inet_pton(AF_INET, address, &four->sin_addr) == 1)
		return;
	name.ss_family = AF_INET6;
	name_length = sizeof *six;
	six->sin6_port = htons((unsigned short)port);
	if (inet_pton(AF_INET6, address, &six->sin6_addr) != 1) {
		errno = EINVAL;
		stop(address);
	}
}

static int server(int backlog)
{
	const int one = 1;
	const struct linger reset = {.l_onoff = 1};
	int fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &one, sizeof one) ||
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) ||
			bind(fd, (struct sockaddr *)&name, name_length) || listen(fd, backlog))
		stop("listen");
	return fd;
}

static bool info_of(int fd, struct tcp_info *info)
{
	socklen_t length = sizeof *info;
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, info, &length) == 0;
}

/* On loopback the handshake is over when connect() returns, or will not be now. */
static int client(bool *completed)
{
	const struct linger reset = {.l_onoff = 1};
	struct tcp_info info;
	int fd = socket(name.ss_family, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset))
		stop("socket");
	if (connect(fd, (struct sockaddr *)&name, name_length) && errno != EINPROGRESS)
		stop("connect");
	*completed = info_of(fd, &info) && info.tcpi_state == TCP_ESTABLISHED;
	return fd;
}

static bool one_more(void)
{
	bool completed;
	close(client(&completed));
	return completed;
}

static unsigned long first(void)
{
	unsigned long completed = 0;
	while (one_more())
		completed++;
	return completed;
}

/* Of a listening socket tcpi_unacked is what waits, and tcpi_sacked its backlog. */
static bool all_full(void)
{
	for (int i = 0; i < count; i++) {
		struct tcp_info info;
		if (!info_of(sockets[i], &info) || info.tcpi_unacked <= info.tcpi_sacked)
			return false;
	}
	return true;
}

static unsigned long drain(void)
{
	unsigned long accepted = 0;
	for (int i = 0; i < count; i++)
		for (int fd; (fd = accept(sockets[i], NULL, NULL)) >= 0; accepted++)
			close(fd);
	return accepted;
}

/* Those of a listener on this port that is gone stay for a second: take a port of its own. */
static unsigned long handshakes_in(void)
{
	const char *path = name.ss_family == AF_INET ? "/proc/net/tcp" : "/proc/net/tcp6";
	char line[512];
	unsigned local, state;
	unsigned long found = 0;
	FILE *file = fopen(path, "r");
	while (file && fgets(line, sizeof line, file))
		if (sscanf(line, " %*d: %*[^:]:%x %*s %x", &local, &state) == 2 && local == port)
			found += state == SYN_RECEIVED;
	if (file)
		fclose(file);
	return found;
}

static double now_s(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* A filter at the listener drops what has no SYN flag: the last packet of each handshake. */
static unsigned long handshakes_once(void)
{
	struct sock_filter code[] = {
			BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
			BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
			BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog filter = {.len = 4, .filter = code};
	unsigned long kept = 0, before = 0;
	int opened = 0, unused = 0;
	bool completed;
	if (setsockopt(sockets[0], SOL_SOCKET, SO_ATTACH_FILTER, &filter, sizeof filter))
		stop("filter");
	do {
		before = kept;
		for (int i = 0; i < 256 && opened < HANDSHAKES_MAX; i++)
			clients[opened++] = client(&completed);
		kept = handshakes_in();
	} while (kept == before + 256 && opened < HANDSHAKES_MAX);
	for (int i = 0; i < opened; i++)
		close(clients[i]);
	(void)setsockopt(sockets[0], SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
	return kept;
}

/* After a second the kernel sends again what was not answered, and its queue changes under a client
 * that a busy machine has kept waiting: then all of it is counted once more, in an empty queue. */
static unsigned long handshakes(void)
{
	const double unchanged_s = 0.9;
	const int tries_most = 20;
	unsigned long kept = 0;
	for (int i = 0; i < tries_most; i++) {
		double begun_s = now_s();
		kept = handshakes_once();
		if (now_s() - begun_s < unchanged_s)
			break;
		while (handshakes_in())
			usleep(50000);
	}
	return kept;
}

static void all(void)
{
	unsigned long completed = 0, dropped = 0;
	while (!all_full()) {
		if (one_more())
			completed++;
		else
			dropped++;
	}
	printf("all %d more %lu dropped %lu\n", count, completed, dropped);
}

static void obey(const char *line)
{
	int number;
	if (sscanf(line, "listen %d", &number) == 1) {
		for (int i = 0; i < count; i++)
			if (listen(sockets[i], number))
				stop("listen");
		puts("listening");
	} else if (sscanf(line, "wait %d", &number) == 1) {
		int waiting = 0;
		while (waiting < number && one_more())
			waiting++;
		printf("waiting %d dropped %d\n", waiting, waiting < number);
	} else if (strcmp(line, "first\n") == 0) {
		printf("first %lu\n", first());
	} else if (strcmp(line, "all\n") == 0) {
		all();
	} else if (strcmp(line, "syn\n") == 0) {
		printf("syn %lu\n", handshakes());
	} else if (strcmp(line, "drain\n") == 0) {
		printf("drained %lu\n", drain());
	} else {
		printf("what is %s", line);
	}
	fflush(stdout);
}

int main(int argc, char **argv)
{
	struct rlimit files;
	char line[64];
	if (argc < 4 || argc > SOCKETS_MAX + 3) {
		fprintf(stderr, "usage: measure_queue ADDRESS PORT BACKLOG...\n");
		return 2;
	}
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &files);
	}
	port = (unsigned)atoi(argv[2]);
	set_name(argv[1]);
	for (int i = 3; i < argc; i++)
		sockets[count++] = server(atoi(argv[i]));
	puts("ready");
	fflush(stdout);
	while (fgets(line, sizeof line, stdin))
		obey(line);
	return 0;
}
