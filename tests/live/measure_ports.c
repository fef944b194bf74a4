/* Counts how many TCP connections a client really gets out of the kernel, in the current network
 * namespace. Independent of headroom: no project code, no formula, only socket calls until the
 * kernel refuses.
 *
 *   measure_ports none|address|wildcard|noport[+reuse][xSOURCES] [DESTINATION …]      (default
 * 127.0.0.1)
 *
 * none: plain connect(). address: bind(127.0.0.1, 0) first. wildcard: bind(0.0.0.0, 0) first.
 * noport: as address, with IP_BIND_ADDRESS_NO_PORT. +reuse: SO_REUSEADDR on every client. x3: from
 * 127.0.0.1, .2 and .3 (address and noport). It listens on port 1000 of each destination (root,
 * outside the ephemeral range), fills one destination after the other, and prints "total=N
 * refused=ERRNO", and per destination "ADDRESS=N". It does not measure TIME_WAIT: every socket
 * stays open until the end and is then reset. */
#include <arpa/inet.h>
#include <errno.h>
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
	LISTEN_PORT = 1000
};

enum mode {
	MODE_NONE,
	MODE_ADDRESS,
	MODE_WILDCARD,
	MODE_NOPORT,
	MODE_COUNT
};
static const char *const mode_names[MODE_COUNT] = {
		[MODE_NONE] = "none",
		[MODE_ADDRESS] = "address",
		[MODE_WILDCARD] = "wildcard",
		[MODE_NOPORT] = "noport",
};

struct way {
	enum mode mode;
	bool reuse;
	unsigned sources;
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
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
			reset_on_close(fd) || bind(fd, (const struct sockaddr *)address, sizeof *address) ||
			listen(fd, 128))
		return -1;
	return fd;
}

/* The client's end, or -1 with errno. */
static int client_open(const struct way *way,
		unsigned number,
		const struct sockaddr_in *destination)
{
	const int one = 1;
	enum mode mode = way->mode;
	struct sockaddr_in source = address_of(mode == MODE_WILDCARD ? "0.0.0.0" : "127.0.0.1", 0);
	if (mode != MODE_WILDCARD)
		source.sin_addr.s_addr = htonl(INADDR_LOOPBACK + number);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0)
		return -1;
	bool ok = reset_on_close(fd) == 0;
	if (ok && way->reuse)
		ok = setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) == 0;
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

/* Connects from one source until refused; *ret_errno says why it ended. Both ends stay open. */
static unsigned fill_from(const struct way *way,
		unsigned number,
		int listener,
		const struct sockaddr_in *destination,
		int *ret_errno)
{
	for (unsigned count = 0;; count++) {
		if (client_open(way, number, destination) < 0) {
			*ret_errno = errno;
			return count;
		}
		if (accept(listener, NULL, NULL) < 0) {
			*ret_errno = errno;
			return count + 1;
		}
	}
}

static bool is_refusal(int error)
{
	return error == EADDRNOTAVAIL || error == EADDRINUSE;
}

static unsigned fill(const struct way *way, const struct sockaddr_in *destination, int *ret_errno)
{
	int listener = listener_open(destination);
	if (listener < 0) {
		*ret_errno = errno;
		return 0;
	}
	unsigned total = 0;
	*ret_errno = EADDRNOTAVAIL;
	for (unsigned i = 0; i < way->sources && is_refusal(*ret_errno); i++)
		total += fill_from(way, i, listener, destination, ret_errno);
	return total;
}

static bool way_parse(const char *text, struct way *ret_way)
{
	size_t length = strcspn(text, "+x");
	*ret_way = (struct way){.mode = MODE_COUNT, .sources = 1};
	for (unsigned i = 0; i < MODE_COUNT; i++)
		if (strlen(mode_names[i]) == length && strncmp(text, mode_names[i], length) == 0)
			ret_way->mode = (enum mode)i;
	const char *rest = text + length;
	if (strncmp(rest, "+reuse", 6) == 0) {
		ret_way->reuse = true;
		rest += 6;
	}
	if (*rest == 'x')
		ret_way->sources = (unsigned)strtoul(rest + 1, (char **)&rest, 10);
	return ret_way->mode != MODE_COUNT && *rest == '\0' && ret_way->sources > 0 &&
			ret_way->sources < 200;
}

static int measure(const struct way *way, const char *const *destinations, int count)
{
	unsigned total = 0;
	int why = 0;
	for (int i = 0; i < count; i++) {
		struct sockaddr_in destination = address_of(destinations[i], LISTEN_PORT);
		if (destination.sin_family != AF_INET) {
			fprintf(stderr, "measure_ports: %s is not an IPv4 address\n", destinations[i]);
			return 2;
		}
		unsigned found = fill(way, &destination, &why);
		total += found;
		printf("%s=%u\n", destinations[i], found);
		if (!is_refusal(why)) {
			fprintf(stderr,
					"measure_ports: stopped by something else than ports: %s\n",
					strerror(why));
			return 1;
		}
	}
	printf("total=%u refused=%s\n", total, strerrorname_np(why));
	return 0;
}

int main(int argc, char **argv)
{
	static const char *const loopback[] = {"127.0.0.1"};
	struct way way;
	if (argc < 2 || !way_parse(argv[1], &way)) {
		fprintf(stderr,
				"usage: measure_ports none|address|wildcard|noport[+reuse][xSOURCES] [DESTINATION "
				"...]\n");
		return 2;
	}
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &files);
	}
	if (argc > 2)
		return measure(&way, (const char *const *)argv + 2, argc - 2);
	return measure(&way, loopback, 1);
}
