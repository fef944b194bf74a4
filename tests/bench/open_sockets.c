/* Opens many loopback TCP connections and holds them: load for make bench. Meant for a private
 * network namespace. Independent of headroom: no project code.
 *
 *   open_sockets SOCKETS
 *
 * SOCKETS counts both ends. As many processes as the descriptor limit asks for; process i connects
 * from 127.77.i.1 to its own listener on 127.88.i.1:1000 with explicit source ports (no port
 * search), accepts each. Prints "ready SOCKETS" when all are open, ends when its standard input
 * does. Every socket is reset when it closes, so nothing stays behind; the children die with the
 * parent. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	LISTEN_PORT = 1000,
	FIRST_PORT = 1024,
	PROCESSES_MAX = 200,
	SPARE_FILES = 100
};

static struct sockaddr_in address_of(unsigned second, unsigned process, unsigned port)
{
	return (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons((unsigned short)port),
			.sin_addr.s_addr = htonl(127U << 24 | second << 16 | process << 8 | 1),
	};
}

static int socket_open(const struct sockaddr_in *address)
{
	const int one = 1;
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) ||
			bind(fd, (const struct sockaddr *)address, sizeof *address))
		return -1;
	return fd;
}

static bool open_pairs(unsigned process, unsigned pairs)
{
	const struct sockaddr_in server = address_of(88, process, LISTEN_PORT);
	int listener = socket_open(&server);
	if (listener < 0 || listen(listener, 128))
		return false;
	for (unsigned i = 0; i < pairs; i++) {
		const struct sockaddr_in source = address_of(77, process, FIRST_PORT + i);
		int fd = socket_open(&source);
		if (fd < 0 || connect(fd, (const struct sockaddr *)&server, sizeof server) ||
				accept(listener, NULL, NULL) < 0)
			return false;
	}
	return true;
}

/* Opens its share, reports one byte over the pipe, and waits to be killed. */
static void worker(unsigned process, unsigned pairs, int report)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	char ok = open_pairs(process, pairs) ? 'y' : 'n';
	if (ok == 'n')
		fprintf(stderr, "open_sockets: process %u: %s\n", process, strerror(errno));
	(void)!write(report, &ok, 1);
	if (ok == 'n')
		_exit(1);
	for (;;)
		pause();
}

static unsigned pairs_per_process(void)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files))
		return 400;
	files.rlim_cur = files.rlim_max;
	(void)!setrlimit(RLIMIT_NOFILE, &files);
	rlim_t pairs = (files.rlim_max - SPARE_FILES) / 2;
	return pairs > 20000 ? 20000 : (unsigned)pairs;
}

static void finish(const pid_t *pids, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		kill(pids[i], SIGKILL);
	for (unsigned i = 0; i < count; i++)
		waitpid(pids[i], NULL, 0);
}

int main(int argc, char **argv)
{
	pid_t pids[PROCESSES_MAX];
	int report[2];
	unsigned left = argc == 2 ? (unsigned)strtoul(argv[1], NULL, 10) / 2 : 0;
	unsigned each = pairs_per_process(), count = 0, opened = left * 2;
	bool ok = left > 0 && left / each < PROCESSES_MAX && pipe(report) == 0;
	if (!ok) {
		fprintf(stderr, "usage: open_sockets SOCKETS\n");
		return 2;
	}
	for (; left > 0; count++) {
		unsigned pairs = left < each ? left : each;
		pids[count] = fork();
		if (pids[count] == 0)
			worker(count, pairs, report[1]);
		left -= pairs;
	}
	char byte;
	for (unsigned i = 0; i < count; i++)
		ok = read(report[0], &byte, 1) == 1 && byte == 'y' && ok;
	if (ok) {
		printf("ready %u\n", opened);
		fflush(stdout);
		while (read(STDIN_FILENO, &byte, 1) > 0)
			;
	}
	finish(pids, count);
	return ok ? 0 : 1;
}
