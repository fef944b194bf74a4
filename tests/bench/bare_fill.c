/* The least work that filling a port range takes: socket, bind() to each port in turn, connect(),
 * by one thread per processor, nobody accepts. The yardstick for the calibration's fill in make
 * bench: the kernel's own speed. Independent of headroom: no project code. Meant for a private
 * network namespace.
 *
 *   bare_fill THREADS
 *
 * Each thread has descriptor tables of its own (unshare), a new one when one is full. Fills the
 * namespace's ip_local_port_range towards 127.0.0.1:1000 and prints "CONNECTIONS SECONDS".
 * Everything is reset when it ends. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	LISTEN_PORT = 1000,
	THREADS_MAX = 64,
	SPARE_FILES = 50
};

struct lane {
	pthread_t thread;
	unsigned from, to;
	int error;
};

/* A thread that ended would close what it holds, so each only says that it is through. */
static sem_t through;
static atomic_uint made;

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static struct sockaddr_in address_of(unsigned port)
{
	return (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons((unsigned short)port),
			.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
}

static int socket_open(unsigned port)
{
	const int one = 1;
	const struct linger reset = {.l_onoff = 1, .l_linger = 0};
	const struct sockaddr_in name = address_of(port);
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset) ||
			bind(fd, (const struct sockaddr *)&name, sizeof name))
		return -1;
	return fd;
}

/* The lane's next ports into a table of its own. 0 when it is through, EMFILE when the table is
 * full. */
static int fill_table(struct lane *lane)
{
	const struct sockaddr_in server = address_of(LISTEN_PORT);
	if (unshare(CLONE_FILES) || close_range(3, ~0U, 0))
		return errno;
	for (; lane->from < lane->to; lane->from++) {
		int fd = socket_open(lane->from);
		if (fd < 0 || connect(fd, (const struct sockaddr *)&server, sizeof server))
			return errno;
		made++;
	}
	return 0;
}

/* Goes on in a further thread, with an empty table, when this one's is full. */
static void *fill(void *argument)
{
	struct lane *lane = argument;
	unsigned from = lane->from;
	lane->error = fill_table(lane);
	bool more = lane->error == EMFILE && lane->from > from;
	if (!more || (lane->error = pthread_create(&lane->thread, NULL, fill, lane)) != 0)
		sem_post(&through);
	for (;;)
		pause();
	return NULL;
}

static bool read_range(unsigned *ret_low, unsigned *ret_high)
{
	FILE *file = fopen("/proc/sys/net/ipv4/ip_local_port_range", "r");
	bool good = file && fscanf(file, "%5u %5u", ret_low, ret_high) == 2 && *ret_low > LISTEN_PORT &&
			*ret_low <= *ret_high;
	if (file)
		fclose(file);
	return good;
}

static int listener_open(void)
{
	int fd = socket_open(LISTEN_PORT);
	FILE *limit = fopen("/proc/sys/net/core/somaxconn", "w");
	if (fd < 0 || !limit || fputs("1000000", limit) < 0 || fclose(limit) || listen(fd, 1000000))
		return -1;
	return fd;
}

int main(int argc, char **argv)
{
	static struct lane lanes[THREADS_MAX];
	unsigned low, high, threads = argc == 2 ? (unsigned)strtoul(argv[1], NULL, 10) : 0;
	struct rlimit files;
	if (threads < 1 || threads > THREADS_MAX || !read_range(&low, &high)) {
		fprintf(stderr,
				"usage: bare_fill THREADS, in a namespace whose port range begins above %d\n",
				LISTEN_PORT);
		return 2;
	}
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)!setrlimit(RLIMIT_NOFILE, &files);
	}
	if (listener_open() < 0) {
		perror("bare_fill");
		return 1;
	}
	sem_init(&through, 0, 0);
	double start = now();
	for (unsigned i = 0, ports = high - low + 1; i < threads; i++) {
		lanes[i].from = low + ports * i / threads;
		lanes[i].to = low + ports * (i + 1) / threads;
		if (pthread_create(&lanes[i].thread, NULL, fill, &lanes[i]))
			return 1;
	}
	int error = 0;
	for (unsigned i = 0; i < threads; i++)
		while (sem_wait(&through))
			;
	double spent = now() - start;
	for (unsigned i = 0; i < threads; i++)
		error = lanes[i].error ? lanes[i].error : error;
	if (error)
		fprintf(stderr, "bare_fill: %s\n", strerror(error));
	else
		printf("%u %.6f\n", (unsigned)made, spent);
	fflush(stdout);
	_exit(error ? 1 : 0);
}
