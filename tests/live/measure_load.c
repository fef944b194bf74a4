/* Opens and closes TCP connections at given seconds, in the current network namespace, until the
 * kernel refuses one or the list is over. Independent of headroom: no project code, no formula.
 *
 *   measure_load ADDRESS client|server|reset|silent <EVENTS
 *
 * It listens on port 1000 of ADDRESS, which must be one of this namespace. Each line of EVENTS is
 * "SECOND open ID" or "SECOND close ID [CLOSER]", in order of time. Who closes first is the last
 * word, or the second argument; of a silent peer nothing is heard again. Prints
 * "opened=N refused=ERRNO asked=S late=S": the second for which the last open was asked, and how
 * much later than asked the latest one came; refused=none if the list was over first, ETIME if it
 * cannot keep up. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum {
	LISTEN_PORT = 1000,
	QUEUE = 128,
	IDS_MOST = 1000000
};

struct pair {
	int client, server;
};

/* A server's socket that will never be heard again. */
struct leaving {
	int fd;
	double due;
};

static const double acknowledged_s = 0.5;
static const double hopeless_s = 2; /* the machine does not keep up */

struct load {
	struct leaving *leaving;
	size_t closed, silent;
	int listener;
	struct sockaddr_in address;
	const char *closer;
	struct pair *pairs; /* by id */
	double start, asked, late;
	unsigned opened;
};

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static void wait_until(double moment)
{
	struct timespec time = {.tv_sec = (time_t)moment};
	time.tv_nsec = (long)((moment - (double)time.tv_sec) * 1e9);
	while (clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &time, NULL) == EINTR)
		;
}

static int load_listen(const struct sockaddr_in *address)
{
	const int one = 1;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) ||
			bind(fd, (const struct sockaddr *)address, sizeof *address) || listen(fd, QUEUE))
		return -1;
	return fd;
}

/* 0 or an errno. */
static int load_open(struct load *load, struct pair *pair)
{
	pair->client = socket(AF_INET, SOCK_STREAM, 0);
	if (pair->client < 0)
		return errno;
	if (connect(pair->client, (const struct sockaddr *)&load->address, sizeof load->address))
		return errno;
	pair->server = accept(load->listener, NULL, NULL);
	if (pair->server < 0)
		return errno;
	load->opened++;
	return 0;
}

/* A socket under repair goes without a word; but only when it has acknowledged the other's FIN,
 * which it does late. */
static void fall_silent(struct load *load)
{
	const int on = 1;
	while (load->silent < load->closed && load->leaving[load->silent].due < now()) {
		int fd = load->leaving[load->silent++].fd;
		if (setsockopt(fd, IPPROTO_TCP, TCP_REPAIR, &on, sizeof on))
			perror("measure_load: TCP_REPAIR");
		close(fd);
	}
}

static void load_close(struct load *load, const struct pair *pair, const char *closer)
{
	const struct linger at_once = {.l_onoff = 1};
	int first = pair->client, second = pair->server;
	if (!strcmp(closer, "server")) {
		first = pair->server;
		second = pair->client;
	}
	if (!strcmp(closer, "reset"))
		(void)setsockopt(first, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
	close(first);
	if (!strcmp(closer, "silent"))
		load->leaving[load->closed++] = (struct leaving){second, now() + acknowledged_s};
	else
		close(second);
}

/* One event; an errno ends the run. */
static int load_event(struct load *load,
		double second,
		const char *what,
		size_t id,
		const char *closer)
{
	wait_until(load->start + second);
	fall_silent(load);
	if (*what == 'c' && load->pairs[id].client == 0)
		return EINVAL; /* was never opened */
	if (*what == 'c') {
		load_close(load, &load->pairs[id], closer);
		return 0;
	}
	double late = now() - load->start - second;
	load->asked = second;
	if (late > load->late)
		load->late = late;
	if (late > hopeless_s)
		return ETIME;
	return load_open(load, &load->pairs[id]);
}

static void allow_files(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit))
		return;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &limit);
}

static int run(struct load *load)
{
	char line[80];
	int error = 0;
	load->start = now();
	while (!error && fgets(line, sizeof line, stdin)) {
		double second;
		char what[8], closer[8];
		size_t id;
		int words = sscanf(line, "%lf %7s %zu %7s", &second, what, &id, closer);
		if (words < 3 || id >= IDS_MOST)
			break;
		error = load_event(load, second, what, id, words == 4 ? closer : load->closer);
	}
	return error;
}

int main(int argc, char **argv)
{
	static struct load load;
	load.address.sin_family = AF_INET;
	load.address.sin_port = htons(LISTEN_PORT);
	if (argc != 3 || inet_pton(AF_INET, argv[1], &load.address.sin_addr) != 1) {
		fprintf(stderr, "usage: measure_load ADDRESS client|server|reset|silent <EVENTS\n");
		return 2;
	}
	allow_files();
	load.closer = argv[2];
	load.pairs = calloc(IDS_MOST, sizeof *load.pairs);
	load.listener = load_listen(&load.address);
	load.leaving = calloc(IDS_MOST, sizeof *load.leaving);
	if (!load.pairs || !load.leaving || load.listener < 0) {
		perror("measure_load");
		return 1;
	}
	int error = run(&load);
	printf("opened=%u refused=%s asked=%.4f late=%.4f\n",
			load.opened,
			error ? strerrorname_np(error) : "none",
			load.asked,
			load.late);
	free(load.pairs);
	free(load.leaving);
	return error && error != EADDRNOTAVAIL && error != ETIME;
}
