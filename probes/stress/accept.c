/* accept: how many connections a listener of the workload's backlog completes while nobody accepts,
 * and what a burst leaves behind. Found by the kernel's counters (ListenOverflows), not by waiting.
 *
 * Queue: clients connect one after another until the counter moves. Each client resets its end at
 * once: the entry stays in the queue until accept() takes it (measured), so that no descriptors are
 * needed. Burst: a filter on the listener drops the last packet of every handshake, so that all
 * clients are under way at the same time, as within one round trip; then the filter goes and each
 * client sends a byte. The clients believe to be connected; what accept() returns is what the
 * server has. The difference are ghosts. */
#include <errno.h>
#include <linux/filter.h>
#include <math.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "probes/host/counters.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/client.h"

enum {
	BACKLOG_LIBC = 4096,
	BURST_MORE = 1000,
	SPARE_FDS = 32,
	TEXT_MAX = 65536
};

struct accept_run {
	struct worker *worker;
	struct client client;
	struct route route;
	char *text;
};

static double counter(struct accept_run *run, const char *name)
{
	uint64_t number;
	int line;
	const char *text = file_text("/proc/self/net/netstat", run->text, TEXT_MAX);
	return counters_pair(text, "TcpExt", name, &number, &line) ? (double)number : NAN;
}

static bool tcp_info(int fd, struct tcp_info *ret)
{
	socklen_t length = sizeof *ret;
	memset(ret, 0, sizeof *ret);
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, ret, &length) == 0;
}

/* A client that does not wait: on lo the handshake is over when connect() returns, or it will not
 * be. */
static int connect_now(const struct accept_run *run, bool *ret_established)
{
	const struct linger reset = {.l_onoff = 1};
	struct tcp_info info;
	int fd = socket(run->client.family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	*ret_established = false;
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	if (connect(fd, (const struct sockaddr *)&run->route.destination, run->route.length) != 0 &&
			errno != EINPROGRESS) {
		int saved = errno;
		close(fd);
		errno = saved;
		return -1;
	}
	*ret_established = tcp_info(fd, &info) && info.tcpi_state == TCP_ESTABLISHED;
	return fd;
}

/* *ret_error: 0 the queue was full; else what came between. */
static double fill_queue(struct accept_run *run, double most, int *ret_error)
{
	double count = 0;
	*ret_error = 0;
	while (!worker_stopped(run->worker)) {
		bool established;
		int fd = connect_now(run, &established);
		if (fd < 0) {
			*ret_error = errno;
			return count;
		}
		close(fd);
		if (!established)
			return count;
		if (count++ > most) {
			*ret_error = EOVERFLOW;
			return count;
		}
		if ((unsigned long)count % 1024 == 0) {
			worker_sample(run->worker, worker_seconds(run->worker), count);
			worker_progress(run->worker, count, most);
		}
	}
	*ret_error = ECANCELED;
	return count;
}

static double accept_calibrator_all(int listener)
{
	double count = 0;
	for (int fd; (fd = accept4(listener, NULL, NULL, SOCK_CLOEXEC)) >= 0; count++)
		close(fd);
	return count;
}

/* Lets packets with the SYN flag through and nothing else (byte 13 of the TCP header). */
static int hold_handshakes(int listener)
{
	struct sock_filter code[] = {
			BPF_STMT(BPF_LD | BPF_B | BPF_ABS, 13),
			BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, 0x02, 0, 1),
			BPF_STMT(BPF_RET | BPF_K, 0xffffffff),
			BPF_STMT(BPF_RET | BPF_K, 0),
	};
	const struct sock_fprog program = {.len = COUNT_OF(code), .filter = code};
	return setsockopt(listener, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof program);
}

/* A burst of `size` clients at once; *ret_accepted is what the server gets. Returns the clients
 * that believe to be connected, NAN if it could not be made. */
static double burst(struct accept_run *run, size_t size, double *ret_accepted)
{
	int *fds = calloc(size, sizeof *fds), listener = run->client.listener, unused = 0;
	double believing = 0;
	size_t count = 0;
	if (!fds || hold_handshakes(listener) != 0) {
		free(fds);
		return NAN;
	}
	for (bool established; count < size && (fds[count] = connect_now(run, &established)) >= 0;
			count++)
		;
	(void)setsockopt(listener, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
	for (size_t i = 0; i < count; i++)
		believing += send(fds[i], "", 1, MSG_NOSIGNAL) == 1;
	/* A client that was reset (tcp_abort_on_overflow) knows better. */
	for (size_t i = 0; i < count; i++) {
		struct tcp_info info;
		if (tcp_info(fds[i], &info) && info.tcpi_state == TCP_CLOSE)
			believing--;
	}
	*ret_accepted = accept_calibrator_all(listener);
	for (size_t i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
	return count == size ? believing : NAN;
}

static void tell_burst(struct accept_run *run, double held)
{
	size_t room = holders_room((size_t)held + BURST_MORE + 2 * SPARE_FDS);
	double size = held + fmin(held + 64, BURST_MORE), accepted = NAN;
	if (room < (size_t)size + SPARE_FDS)
		size = room > 2 * SPARE_FDS ? (double)(room - SPARE_FDS) : 0;
	if (!(size > held))
		return; /* it could not overflow the queue */
	double before = counter(run, "ListenOverflows"), cookies = counter(run, "SyncookiesSent");
	double believing = burst(run, (size_t)size, &accepted);
	if (isnan(believing))
		return;
	worker_number(run->worker, "burst", size);
	worker_number(run->worker, "burst_connected", believing);
	worker_number(run->worker, "burst_accepted", accepted);
	worker_number(run->worker, "ghosts", fmax(believing - accepted, 0));
	worker_number(run->worker, "burst_overflows", counter(run, "ListenOverflows") - before);
	worker_number(run->worker, "burst_cookies", counter(run, "SyncookiesSent") - cookies);
}

static void accept_measure(struct accept_run *run, int backlog)
{
	struct worker *worker = run->worker;
	struct tcp_info info;
	int error;
	double before = counter(run, "ListenOverflows"), start = worker_seconds(worker);
	double held = fill_queue(run, fmin(backlog, 1e7) + 16, &error),
		   spent = worker_seconds(worker) - start;
	double overflows = counter(run, "ListenOverflows") - before;
	worker_reached(worker, held);
	worker_sample(worker, worker_seconds(worker), held);
	if (error && error != ECANCELED)
		(void)worker_refuse(worker,
				"ended early by something else than the queue: %s",
				strerrorname_np(error));
	if (error)
		return;
	(void)tcp_info(run->client.listener, &info);
	double taken = accept_calibrator_all(run->client.listener);
	worker_number(worker, "listen_overflows", overflows);
	worker_number(worker, "queue_length", info.tcpi_unacked);
	worker_number(worker, "queue_limit", info.tcpi_sacked);
	worker_number(worker, "accepted", taken);
	worker_number(worker, "backlog", backlog);
	if (taken < held || taken > held || !(overflows >= 1))
		worker_incomparable(worker,
				"not comparable: %.0f connections completed, accept() returned %.0f, "
				"ListenOverflows moved by %.0f",
				held,
				taken,
				overflows);
	if (worker->request->listens && info.tcpi_sacked < worker->request->backlog)
		worker_incomparable(worker,
				"not comparable: the listener here has a backlog of %.0f, and the sandbox's could "
				"have no more than %u",
				worker->request->backlog,
				info.tcpi_sacked);
	worker_measured(worker, held, 0, overflows >= 1 ? "ListenOverflows" : "none");
	if (spent > 0)
		worker_rate(worker, held / spent);
	tell_burst(run, held);
}

/* Of a listener that is there already: what its listen() was granted, whatever somaxconn is now. */
static void keep_backlog(double backlog)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%.0f", backlog);
	(void)setting_write("/proc/sys/net/core/somaxconn", text);
}

static void run_accept(struct worker *worker)
{
	struct accept_run run = {.worker = worker, .text = malloc(TEXT_MAX)};
	double backlog = isnan(worker->request->backlog) ? BACKLOG_LIBC
													 : fmin(worker->request->backlog, INT32_MAX);
	char text[32];
	/* Ports are not what this is about: the widest range there is. */
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	(void)setting_write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_port_range", "1024 65534");
	if (worker->request->listens)
		keep_backlog(backlog);
	double limit = setting_read("/proc/sys/net/core/somaxconn", text, sizeof text) == 0
			? strtod(text, NULL)
			: NAN;
	if (!run.text || !client_init(&run.client, worker, (int)backlog))
		return;
	int error = client_route(&run.client, 0, 0, false, &run.route);
	if (error)
		(void)worker_refuse(worker,
				"not possible: the sandbox cannot have an address (%s)",
				strerrorname_np(error));
	else if (budget_allows(worker, fmin(backlog, limit) * 2 + BURST_MORE, 1))
		accept_measure(&run, (int)fmin(backlog, limit));
	free(run.text);
}

const struct calibrator calibrator_accept = {
		.id = "accept",
		.title = "connections in the accept queue",
		.unit = "connections",
		.matters = SETTING(SOMAXCONN) | SETTING(SYNCOOKIES) | SETTING(ABORT_ON_OVERFLOW) |
				SETTING(MAX_SYN_BACKLOG),
		.run = run_accept,
};
