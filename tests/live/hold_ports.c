/* Takes TCP ports and holds them until its standard input ends: makes a host "as found" for the
 * live tests.
 *
 *   hold_ports KIND:PORT …     listen (0.0.0.0), local (listens on 127.0.0.5), own (listens on
 * 127.0.0.1), six (listens on [::], v6 only), dual (listens on [::] for both families), bound
 * (bind() to 127.0.0.6 without listen)
 *
 * Prints "ready" when all are taken. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct kind {
	const char *name;
	const char *address; /* NULL: [::] */
	bool listens, dual;
};

static const struct kind kinds[] = {
		{.name = "listen", .address = "0.0.0.0", .listens = true},
		{.name = "local", .address = "127.0.0.5", .listens = true},
		{.name = "own", .address = "127.0.0.1", .listens = true},
		{.name = "six", .address = NULL, .listens = true},
		{.name = "dual", .address = NULL, .listens = true, .dual = true},
		{.name = "bound", .address = "127.0.0.6", .listens = false},
};

static int open_four(const char *address, unsigned short port)
{
	struct sockaddr_in name = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || inet_pton(AF_INET, address, &name.sin_addr) != 1 ||
			bind(fd, (const struct sockaddr *)&name, sizeof name))
		return -1;
	return fd;
}

static int open_six(unsigned short port, bool dual)
{
	const int only = !dual;
	struct sockaddr_in6 name = {.sin6_family = AF_INET6,
			.sin6_port = htons(port),
			.sin6_addr = in6addr_any};
	int fd = socket(AF_INET6, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only, sizeof only) ||
			bind(fd, (const struct sockaddr *)&name, sizeof name))
		return -1;
	return fd;
}

static bool hold(const char *argument)
{
	const char *colon = strchr(argument, ':');
	unsigned long port = colon ? strtoul(colon + 1, NULL, 10) : 0;
	if (!colon || port == 0 || port > 65535)
		return false;
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		const struct kind *kind = &kinds[i];
		if (strlen(kind->name) != (size_t)(colon - argument) ||
				strncmp(kind->name, argument, strlen(kind->name)) != 0)
			continue;
		int fd = kind->address ? open_four(kind->address, (unsigned short)port)
							   : open_six((unsigned short)port, kind->dual);
		return fd >= 0 && (!kind->listens || listen(fd, 16) == 0);
	}
	return false;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++)
		if (!hold(argv[i])) {
			fprintf(stderr, "hold_ports: %s: %s\n", argv[i], strerror(errno));
			return 1;
		}
	puts("ready");
	fflush(stdout);
	char byte;
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return 0;
}
