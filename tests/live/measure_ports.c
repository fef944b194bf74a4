/* Counts how many TCP connections a client really gets out of the kernel, in the current network namespace.
 * Independent of headroom: no project code, no formula, only socket calls until the kernel refuses.
 *
 *   measure_ports none|address|wildcard|noport [DESTINATION …]      (default 127.0.0.1)
 *
 * none: plain connect(). address: bind(127.0.0.1, 0) first. wildcard: bind(0.0.0.0, 0) first. noport: as address, with
 * IP_BIND_ADDRESS_NO_PORT. It listens on port 1000 of each destination (root, outside the ephemeral range),
 * fills one destination after the other, and prints "total=N refused=ERRNO", and per destination "ADDRESS=N".
 * It does not measure TIME_WAIT: every socket stays open until the end and is then reset. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#ifndef IP_BIND_ADDRESS_NO_PORT
#define IP_BIND_ADDRESS_NO_PORT 24 /* linux/in.h */
#endif

enum { LISTEN_PORT = 1000 };

enum mode { MODE_NONE, MODE_ADDRESS, MODE_WILDCARD, MODE_NOPORT, MODE_COUNT };
static const char *const mode_names[MODE_COUNT] = {
	[MODE_NONE] = "none", [MODE_ADDRESS] = "address", [MODE_WILDCARD] = "wildcard", [MODE_NOPORT] = "noport",
};

static struct sockaddr_in address_of(const char *text, unsigned port)
{
	struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
	if (inet_pton(AF_INET, text, &address.sin_addr) != 1)
		address.sin_family = AF_UNSPEC;
	return address;
}

static int reset_on_close(int fd)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	return setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
}

static int listener_open(const struct sockaddr_in *address)
{
	const int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) || reset_on_close(fd) ||
	    bind(fd, (const struct sockaddr *)address, sizeof *address) || listen(fd, 128))
		return -1;
	return fd;
}

/* The client's end, or -1 with errno. */
static int client_open(enum mode mode, const struct sockaddr_in *destination)
{
	const int one = 1;
	const struct sockaddr_in source = address_of(mode == MODE_WILDCARD ? "0.0.0.0" : "127.0.0.1", 0);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	bool ok = reset_on_close(fd) == 0;
	if (ok && mode == MODE_NOPORT)
		ok = setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one, sizeof one) == 0;
	if (ok && mode != MODE_NONE)
		ok = bind(fd, (const struct sockaddr *)&source, sizeof source) == 0;
	if (ok)
		ok = connect(fd, (const struct sockaddr *)destination, sizeof *destination) == 0;
	if (ok)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}

/* Connects until refused; *ret_errno says why it ended. Both ends stay open. */
static unsigned fill(enum mode mode, const struct sockaddr_in *destination, int *ret_errno)
{
	int listener = listener_open(destination);
	if (listener < 0) {
		*ret_errno = errno;
		return 0;
	}
	for (unsigned count = 0;; count++) {
		if (client_open(mode, destination) < 0) {
			*ret_errno = errno;
			return count;
		}
		if (accept(listener, NULL, NULL) < 0) {
			*ret_errno = errno;
			return count + 1;
		}
	}
}

static bool mode_parse(const char *text, enum mode *ret_mode)
{
	for (unsigned i = 0; i < MODE_COUNT; i++)
		if (strcmp(text, mode_names[i]) == 0) {
			*ret_mode = (enum mode)i;
			return true;
		}
	return false;
}

static int measure(enum mode mode, const char *const *destinations, int count)
{
	unsigned total = 0;
	int why = 0;
	for (int i = 0; i < count; i++) {
		struct sockaddr_in destination = address_of(destinations[i], LISTEN_PORT);
		if (destination.sin_family != AF_INET) {
			fprintf(stderr, "measure_ports: %s is not an IPv4 address\n", destinations[i]);
			return 2;
		}
		unsigned found = fill(mode, &destination, &why);
		total += found;
		printf("%s=%u\n", destinations[i], found);
		if (why != EADDRNOTAVAIL && why != EADDRINUSE) {
			fprintf(stderr, "measure_ports: stopped by something else than ports: %s\n", strerror(why));
			return 1;
		}
	}
	printf("total=%u refused=%s\n", total, strerrorname_np(why));
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const loopback[] = {"127.0.0.1"};
	enum mode mode;
	if (argc < 2 || !mode_parse(argv[1], &mode)) {
		fprintf(stderr, "usage: measure_ports none|address|wildcard|noport [DESTINATION ...]\n");
		return 2;
	}
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &files);
	}
	if (argc > 2)
		return measure(mode, (const char *const *)argv + 2, argc - 2);
	return measure(mode, loopback, 1);
}
