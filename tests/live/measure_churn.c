/* Opens and closes TCP connections one after another, the client first, in the current network
 * namespace, until the kernel refuses one or the time is over. Independent of headroom: no project
 * code, no formula.
 *
 *   measure_churn ADDRESS SECONDS
 *
 * It listens on port 1000 of ADDRESS, which must be one of this namespace. Plain connect(), closed
 * by FIN: each leaves a TIME_WAIT. Prints "closed=N refused=ERRNO seconds=S", refused=none if the
 * time was over first. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	LISTEN_PORT = 1000
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static int listener_open(const struct sockaddr_in *address)
{
	const int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
			bind(fd, (const struct sockaddr *)address, sizeof *address) || listen(fd, 16))
		return -1;
	return fd;
}

/* 0 or an errno. */
static int once(int listener, const struct sockaddr_in *address)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	int error = fd < 0 || connect(fd, (const struct sockaddr *)address, sizeof *address) ? errno
																						 : 0;
	int other = error ? -1 : accept(listener, NULL, NULL);
	if (!error && other < 0)
		error = errno;
	if (fd >= 0)
		close(fd);
	if (other >= 0)
		close(other);
	return error;
}

int main(int argc, char **argv)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(LISTEN_PORT)};
	double seconds = argc == 3 ? strtod(argv[2], NULL) : 0;
	if (seconds <= 0 || inet_pton(AF_INET, argv[1], &address.sin_addr) != 1) {
		fprintf(stderr, "usage: measure_churn ADDRESS SECONDS\n");
		return 2;
	}
	int listener = listener_open(&address), error = 0;
	if (listener < 0) {
		perror("measure_churn");
		return 1;
	}
	unsigned closed = 0;
	double start = now();
	while (now() - start < seconds && (error = once(listener, &address)) == 0)
		closed++;
	printf("closed=%u refused=%s seconds=%.3f\n",
			closed,
			error ? strerrorname_np(error) : "none",
			now() - start);
	return error && error != EADDRNOTAVAIL;
}
