/* Makes many system calls: load for make bench. Meant for a private network namespace. Independent
 * of headroom: no project code.
 *
 *   many_calls calls NUMBER         the cheapest call there is, so many times
 *   many_calls connections NUMBER   connections over loopback, one after the other: socket(),
 *                                   connect(), accept(), a byte there and back, close()
 *
 * Every connection is reset when it closes, so nothing stays behind. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Noreturn void give_up(const char *what)
{
	perror(what);
	exit(1);
}

static int listen_somewhere(struct sockaddr_in *ret_address)
{
	socklen_t length = sizeof *ret_address;
	int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*ret_address = (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	if (listener < 0 || bind(listener, (struct sockaddr *)ret_address, length) != 0 ||
			listen(listener, 16) != 0 ||
			getsockname(listener, (struct sockaddr *)ret_address, &length) != 0)
		give_up("listen");
	return listener;
}

static void connect_once(int listener, const struct sockaddr_in *address)
{
	const struct linger reset = {.l_onoff = 1};
	char byte = 'x';
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (client < 0 || connect(client, (const struct sockaddr *)address, sizeof *address) != 0)
		give_up("connect");
	int server = accept(listener, NULL, NULL);
	if (server < 0 || write(client, &byte, 1) != 1 || read(server, &byte, 1) != 1 ||
			write(server, &byte, 1) != 1 || read(client, &byte, 1) != 1)
		give_up("accept");
	(void)setsockopt(client, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	close(client);
	close(server);
}

int main(int argc, char **argv)
{
	struct sockaddr_in address;
	if (argc != 3) {
		fputs("usage: many_calls calls|connections NUMBER\n", stderr);
		return 2;
	}
	long number = strtol(argv[2], NULL, 10);
	if (strcmp(argv[1], "calls") == 0) {
		for (long i = 0; i < number; i++)
			(void)syscall(SYS_getppid);
		return 0;
	}
	int listener = listen_somewhere(&address);
	for (long i = 0; i < number; i++)
		connect_once(listener, &address);
	return 0;
}
