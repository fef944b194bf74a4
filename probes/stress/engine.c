/* Counts before and after each connection; the median of the differences is the answer, because
 * other traffic of the host moves the count too. Sends no data, starts nothing, and closes by FIN
 * as a client would. */
#include "probes/stress/engine.h"

#include <errno.h>
#include <math.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/sort.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/endpoint.h"
#include "probes/stress/settings.h"

enum {
	CONNECTIONS = 16,
	WAIT_MS = 500,
	SETTLE_NS = 5000000
};

static double entries(void)
{
	char text[64];
	uint64_t number;
	int error = setting_read("/proc/sys/net/netfilter/nf_conntrack_count", text, sizeof text);
	return !error && parse_whole(text, &number) ? (double)number : NAN;
}

static socklen_t engine_name_of(const struct endpoint *at, struct sockaddr_storage *ret)
{
	memset(ret, 0, sizeof *ret);
	ret->ss_family = at->family == 6 ? AF_INET6 : AF_INET;
	if (at->family == 6) {
		struct sockaddr_in6 *six = (struct sockaddr_in6 *)(void *)ret;
		six->sin6_port = htons(at->port);
		memcpy(&six->sin6_addr, at->address, sizeof six->sin6_addr);
		return sizeof *six;
	}
	struct sockaddr_in *four = (struct sockaddr_in *)(void *)ret;
	four->sin_port = htons(at->port);
	memcpy(&four->sin_addr, at->address, sizeof four->sin_addr);
	return sizeof *four;
}

/* Entries that one connection brings; NAN and an errno if it fails. */
static double one_connection(const struct endpoint *at, int *ret_error)
{
	const struct timeval wait = {.tv_usec = WAIT_MS * 1000};
	struct sockaddr_storage name;
	socklen_t length = engine_name_of(at, &name);
	double before = entries();
	int fd = socket(name.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
	*ret_error = fd < 0 || setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait) != 0 ||
					connect(fd, (const struct sockaddr *)&name, length) != 0
			? errno
			: 0;
	/* A proxy opens its own connection a moment later. */
	(void)nanosleep(&(struct timespec){.tv_nsec = SETTLE_NS}, NULL);
	double after = entries();
	if (fd >= 0)
		close(fd);
	return *ret_error ? (double)NAN : after - before;
}

void engine_measure(struct worker *worker)
{
	const char *target = worker->request->published;
	struct endpoint at;
	double more[CONNECTIONS];
	int error = 0;
	if (!target || !endpoint_parse(target, &at)) {
		worker_text(worker,
				"engine",
				"not run: %s",
				worker->request->published_why ? worker->request->published_why
											   : "not asked for (--published)");
		return;
	}
	if (isnan(entries())) {
		worker_text(worker, "engine", "not run: nf_conntrack_count cannot be read here");
		return;
	}
	for (size_t i = 0; i < CONNECTIONS && !error; i++)
		more[i] = one_connection(&at, &error);
	if (error) {
		worker_text(worker,
				"engine",
				"not run: a connection to %s fails (%s)",
				target,
				error == EINPROGRESS ? "no answer" : strerrorname_np(error));
		return;
	}
	sort_numbers(more, CONNECTIONS);
	worker_text(worker,
			"engine",
			"%s: median of %d connections from this host",
			target,
			CONNECTIONS);
	worker_number(worker,
			"entries_engine",
			fmax((more[CONNECTIONS / 2 - 1] + more[CONNECTIONS / 2]) / 2, 0));
}
