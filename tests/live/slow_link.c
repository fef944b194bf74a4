/* A network with delay between two network namespaces, also where the kernel has no netem: a TUN
 * device in each, and this program between them, which holds every packet. Independent of headroom.
 *
 *   slow_link NAMESPACE NAMESPACE MILLISECONDS SECONDS
 *
 * NAMESPACE is a path (/proc/PID/ns/net), MILLISECONDS the delay one way. Prints "up" when the
 * device slow0 is there in both, without addresses, and ends after SECONDS. Needs root. A packet
 * for which there is no room is lost, and said at the end. */
#include <errno.h>
#include <fcntl.h>
#include <linux/if.h>
#include <linux/if_tun.h>
#include <poll.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

enum {
	PACKETS_MAX = 65536, /* under way at a time, one way */
	PACKET_BYTES_MAX = 65536,
	AT_ONCE = 256 /* are taken from one device before the other has its turn */
};

static const int64_t idle_ns = 5000000;

struct packet {
	int64_t due_ns;
	size_t length;
	unsigned char *bytes;
};

/* One way: what came in at `from` goes out at `to`. */
struct way {
	int from, to;
	struct packet packets[PACKETS_MAX];
	uint32_t first, next; /* count on without end; the place is the remainder */
	unsigned long lost;
};

static struct way ways[2];

static int64_t now_ns(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec * INT64_C(1000000000) + time.tv_nsec;
}

static int link_fail(const char *what)
{
	(void)fprintf(stderr, "slow_link: %s: %s\n", what, strerror(errno));
	return -1;
}

/* A TUN device in this namespace; the process stays in it. */
static int device_open(const char *namespace)
{
	struct ifreq request = {.ifr_flags = IFF_TUN | IFF_NO_PI, .ifr_name = "slow0"};
	int place = open(namespace, O_RDONLY | O_CLOEXEC);
	if (place < 0 || setns(place, CLONE_NEWNET) != 0)
		return link_fail(namespace);
	(void)close(place);
	int device = open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
	if (device < 0 || ioctl(device, TUNSETIFF, &request) != 0)
		return link_fail("/dev/net/tun");
	return device;
}

static struct packet *way_place(struct way *way, uint32_t at)
{
	return &way->packets[at % PACKETS_MAX];
}

static void take_in(struct way *way, int64_t delay_ns)
{
	static unsigned char bytes[PACKET_BYTES_MAX];
	for (int i = 0; i < AT_ONCE; i++) {
		ssize_t length = read(way->from, bytes, sizeof bytes);
		if (length <= 0)
			return;
		unsigned char *copy = malloc((size_t)length);
		if (!copy || way->next - way->first == PACKETS_MAX) {
			free(copy);
			way->lost++;
			continue;
		}
		memcpy(copy, bytes, (size_t)length);
		*way_place(way, way->next++) = (struct packet){now_ns() + delay_ns, (size_t)length, copy};
	}
}

/* Sends what is due; returns how long nothing more is. */
static int64_t send_out(struct way *way)
{
	while (way->first != way->next) {
		struct packet *packet = way_place(way, way->first);
		int64_t wait_ns = packet->due_ns - now_ns();
		if (wait_ns > 0)
			return wait_ns;
		ssize_t sent = write(way->to, packet->bytes, packet->length);
		if (sent < 0 && errno == EAGAIN)
			return 0;
		free(packet->bytes);
		way->first++;
	}
	return idle_ns;
}

static void relay(int64_t delay_ns, int64_t end_ns)
{
	while (now_ns() < end_ns) {
		int64_t wait_ns = idle_ns;
		for (int i = 0; i < 2; i++) {
			int64_t own_ns = send_out(&ways[i]);
			if (own_ns < wait_ns)
				wait_ns = own_ns;
		}
		struct pollfd polled[2] = {{.fd = ways[0].from, .events = POLLIN},
				{.fd = ways[1].from, .events = POLLIN}};
		const struct timespec wait = {.tv_nsec = (long)wait_ns};
		(void)ppoll(polled, 2, &wait, NULL);
		for (int i = 0; i < 2; i++)
			take_in(&ways[i], delay_ns);
	}
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		(void)fprintf(stderr, "usage: slow_link NAMESPACE NAMESPACE MILLISECONDS SECONDS\n");
		return 2;
	}
	double delay_ms = strtod(argv[3], NULL), seconds = strtod(argv[4], NULL);
	int one = device_open(argv[1]);
	int other = device_open(argv[2]);
	if (one < 0 || other < 0)
		return 1;
	ways[0].from = ways[1].to = one;
	ways[1].from = ways[0].to = other;
	(void)printf("up\n");
	(void)fflush(stdout);
	relay((int64_t)(delay_ms * 1e6), now_ns() + (int64_t)(seconds * 1e9));
	unsigned long lost = ways[0].lost + ways[1].lost;
	if (lost)
		(void)fprintf(stderr, "slow_link: %lu packets lost: there was no room\n", lost);
	return lost != 0;
}
