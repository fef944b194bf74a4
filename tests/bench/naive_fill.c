/* What a program gets that opens connections the plain way: connect(), accept(), one pair after
 * another, until the kernel has no port left. The floor that the calibration's fill is compared
 * with in make bench. Independent of headroom: no project code. Meant for a private network
 * namespace.
 *
 *   naive_fill
 *
 * Both ends in one process; as many processes, one after another, as the descriptor limit asks for
 * (each takes its share and sleeps). Prints "CONNECTIONS SECONDS". Everything is reset when it
 * ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
	LISTEN_PORT = 1000,
	SPARE_FILES = 50,
	PROCESSES_MAX = 1000
};

struct share {
	double seconds;
	unsigned pairs;
	bool full; /* no port was left */
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct sockaddr_in server_address(void)
{
	return (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons(LISTEN_PORT),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int socket_open(void)
{
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset))
		return -1;
	return fd;
}

static int listener_open(void)
{
	const struct sockaddr_in server = server_address();
	int fd = socket_open();
	if (fd < 0 || bind(fd, (const struct sockaddr *)&server, sizeof server) || listen(fd, 128))
		return -1;
	return fd;
}

/* Until the share is done, or refused. */
static struct share fill(int listener, unsigned most)
{
	const struct sockaddr_in server = server_address();
	struct share share = {.pairs = 0};
	double start = now();
	for (; share.pairs < most; share.pairs++) {
		int fd = socket_open();
		if (fd < 0 || connect(fd, (const struct sockaddr *)&server, sizeof server)) {
			share.full = errno == EADDRNOTAVAIL;
			if (!share.full)
				perror("naive_fill");
			break;
		}
		if (accept(listener, NULL, NULL) < 0)
			break;
	}
	share.seconds = now() - start;
	return share;
}

static void work(int listener, unsigned most, int report)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	struct share share = fill(listener, most);
	(void)!write(report, &share, sizeof share);
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
	return files.rlim_max > 400000 ? 200000 : (unsigned)(files.rlim_max - SPARE_FILES) / 2;
}

int main(void)
{
	pid_t pids[PROCESSES_MAX];
	int report[2], listener = listener_open(), count = 0;
	struct share share = {.full = false}, all = {.pairs = 0};
	unsigned most = pairs_per_process();
	if (listener < 0 || pipe(report)) {
		perror("naive_fill");
		return 1;
	}
	while (!share.full && count < PROCESSES_MAX) {
		pids[count] = fork();
		if (pids[count] == 0)
			work(listener, most, report[1]);
		if (pids[count++] < 0 || read(report[0], &share, sizeof share) != (ssize_t)sizeof share)
			break;
		all.pairs += share.pairs;
		all.seconds += share.seconds;
		if (share.pairs < most && !share.full)
			break;
	}
	if (share.full)
		printf("%u %.6f\n", all.pairs, all.seconds);
	for (int i = 0; i < count; i++)
		if (pids[i] > 0)
			kill(pids[i], SIGKILL);
	while (wait(NULL) > 0)
		;
	return share.full ? 0 : 1;
}
