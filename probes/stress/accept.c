/* accept: how many connections the workload's listener completes while nobody accepts, and what a
 * burst leaves behind. Found by the kernel's counters (ListenOverflows), not by waiting.
 *
 * Queue: clients connect one after another until the counter moves. Each client resets its end at
 * once: the entry stays in the queue until accept() takes it (measured), so that no descriptors are
 * needed. Where several sockets share the listener's address (SO_REUSEPORT), clients go on until
 * every queue is full; a hash sends each to one of them.
 *
 * Burst, at one socket alone: a filter on the listener drops the last packet of every handshake, so
 * that all clients are under way at the same time, as within one round trip; then the filter goes
 * and each client sends a byte. The clients believe to be connected; what accept() returns is what
 * the server has. The difference are ghosts. */
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
	TEXT_MAX = 65536,
	SOCKETS_MAX = 1024,
	UNEVEN = 16 /* tries for each place of a queue, before a group is given up */
};

struct accept_run {
	struct worker *worker;
	struct client client;
	struct route route;
	int fds[SOCKETS_MAX]; /* the sockets that listen */
	size_t count;
	char *text;
};

/* How far the queues came. */
struct filling {
	double completed;
	double before_first; /* completed when the first one was not; NAN: all were */
	int error;           /* 0: the queues were full; else what came between */
};

static const char somaxconn_path[] = "/proc/sys/net/core/somaxconn";
static const char cookies_path[] = "/proc/sys/net/ipv4/tcp_syncookies";

static double counter(struct accept_run *run, const char *name)
{
	uint64_t number;
	int line;
	const char *text = file_text("/proc/self/net/netstat", run->text, TEXT_MAX);
	if (!counters_pair(text, "TcpExt", name, &number, &line))
		return (double)NAN;
	return (double)number;
}

static double accept_setting(const char *path)
{
	char text[32];
	if (setting_read(path, text, sizeof text) != 0)
		return (double)NAN;
	return strtod(text, NULL);
}

static bool tcp_info(int fd, struct tcp_info *ret)
{
	socklen_t length = sizeof *ret;
	memset(ret, 0, sizeof *ret);
	return getsockopt(fd, IPPROTO_TCP, TCP_INFO, ret, &length) == 0;
}

/* What waits in all queues, and what their sockets say they may hold. */
static double queue_length(const struct accept_run *run, double *ret_limit)
{
	struct tcp_info info;
	double length = 0;
	*ret_limit = 0;
	for (size_t i = 0; i < run->count; i++) {
		(void)tcp_info(run->fds[i], &info);
		length += info.tcpi_unacked;
		*ret_limit += info.tcpi_sacked;
	}
	return length;
}

/* A full queue has one more than its limit. */
static bool all_full(const struct accept_run *run)
{
	for (size_t i = 0; i < run->count; i++) {
		struct tcp_info info;
		if (!tcp_info(run->fds[i], &info) || info.tcpi_unacked <= info.tcpi_sacked)
			return false;
	}
	return true;
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

static void show_filling(struct accept_run *run, double count, double most)
{
	if ((unsigned long)count % 1024 != 0)
		return;
	worker_sample(run->worker, worker_seconds(run->worker), count);
	worker_progress(run->worker, count, most);
}

/* One more client. false: the queues are full, or something came between. */
static bool fill_once(struct accept_run *run, struct filling *filling)
{
	bool established;
	int fd = connect_now(run, &established);
	if (fd < 0) {
		filling->error = errno;
		return false;
	}
	close(fd);
	if (established) {
		filling->completed++;
		return true;
	}
	if (isnan(filling->before_first))
		filling->before_first = filling->completed;
	return run->count > 1 && !all_full(run);
}

static struct filling fill_queues(struct accept_run *run, double most)
{
	struct filling filling = {.before_first = (double)NAN};
	double tries = 0;
	while (fill_once(run, &filling)) {
		if (worker_stopped(run->worker))
			filling.error = ECANCELED;
		if (filling.completed > most || tries++ > most * UNEVEN)
			filling.error = EOVERFLOW;
		if (filling.error)
			return filling;
		show_filling(run, filling.completed, most);
	}
	return filling;
}

static double accept_all(const struct accept_run *run)
{
	double count = 0;
	for (size_t i = 0; i < run->count; i++) {
		for (int fd; (fd = accept4(run->fds[i], NULL, NULL, SOCK_CLOEXEC)) >= 0; count++)
			close(fd);
	}
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

/* Clients of a burst: `before` are through when the others begin. */
struct burst {
	size_t before, size; /* all of them */
	int *fds;
	size_t opened;
	double believing, accepted;
};

static void open_clients(struct accept_run *run, struct burst *burst, size_t upto)
{
	bool established;
	while (burst->opened < upto) {
		int fd = connect_now(run, &established);
		if (fd < 0)
			return;
		burst->fds[burst->opened++] = fd;
	}
}

/* A client that was reset (tcp_abort_on_overflow) knows better. */
static void count_believing(struct burst *burst)
{
	for (size_t i = 0; i < burst->opened; i++)
		burst->believing += send(burst->fds[i], "", 1, MSG_NOSIGNAL) == 1;
	for (size_t i = 0; i < burst->opened; i++) {
		struct tcp_info info;
		if (tcp_info(burst->fds[i], &info) && info.tcpi_state == TCP_CLOSE)
			burst->believing--;
	}
}

/* false: it could not be made. */
static bool make_burst(struct accept_run *run, struct burst *burst)
{
	int listener = run->client.listener, unused = 0;
	burst->fds = calloc(burst->size, sizeof *burst->fds);
	if (!burst->fds)
		return false;
	open_clients(run, burst, burst->before);
	bool held = hold_handshakes(listener) == 0;
	if (held)
		open_clients(run, burst, burst->size);
	(void)setsockopt(listener, SOL_SOCKET, SO_DETACH_FILTER, &unused, sizeof unused);
	count_believing(burst);
	burst->accepted = accept_all(run);
	for (size_t i = 0; i < burst->opened; i++)
		close(burst->fds[i]);
	free(burst->fds);
	return held && burst->opened == burst->size;
}

/* As many clients as the queue holds and some more, if there are descriptors for them. */
static double burst_size(double held)
{
	size_t room = holders_room((size_t)held + BURST_MORE + 2 * SPARE_FDS);
	double size = held + fmin(held + 64, BURST_MORE);
	if ((double)room >= size + SPARE_FDS)
		return size;
	if (room <= 2 * SPARE_FDS)
		return 0;
	return (double)(room - SPARE_FDS);
}

/* More handshakes at once than the backlog make the kernel write a line to the host's log
 * (tcp_syn_flood_action() in net/ipv4/tcp_input.c). It writes none where every handshake gets a
 * cookie; without cookies no more are under way than the backlog allows, and the others of the
 * burst come before. false: no burst can overflow the queue in silence. */
static bool keep_silent(struct burst *burst, double held)
{
	double cookies = accept_setting(cookies_path);
	if (cookies == 1)
		(void)setting_write(cookies_path, "2");
	if (cookies > 0)
		return accept_setting(cookies_path) == 2;
	burst->before = (size_t)fmin((double)burst->size - held, held - 1);
	burst->size = burst->before + (size_t)held;
	return burst->before > 0;
}

static void tell_burst(struct accept_run *run, double held)
{
	struct burst burst = {.size = (size_t)burst_size(held)};
	if ((double)burst.size <= held || !keep_silent(&burst, held))
		return; /* it could not overflow the queue */
	double before = counter(run, "ListenOverflows"), cookies = counter(run, "SyncookiesSent");
	if (!make_burst(run, &burst))
		return;
	worker_number(run->worker, "burst", (double)burst.size);
	worker_number(run->worker, "burst_connected", burst.believing);
	worker_number(run->worker, "burst_accepted", burst.accepted);
	worker_number(run->worker, "ghosts", fmax(burst.believing - burst.accepted, 0));
	worker_number(run->worker, "burst_overflows", counter(run, "ListenOverflows") - before);
	worker_number(run->worker, "burst_cookies", counter(run, "SyncookiesSent") - cookies);
}

/* The listener that is there may have asked for more than this kernel allows now. */
static void check_backlog(struct worker *worker, double limit)
{
	double wanted = worker->request->backlog;
	if (!worker->request->listens || limit >= wanted)
		return;
	worker_incomparable(worker,
			"not comparable: the listener here has a backlog of %.0f, and the sandbox's could have "
			"no more than %.0f",
			wanted,
			limit);
}

static void tell_queues(struct accept_run *run, const struct filling *filling, double overflows)
{
	struct worker *worker = run->worker;
	double limit, length = queue_length(run, &limit), held = filling->completed;
	double taken = accept_all(run), sockets = (double)run->count;
	worker_number(worker, "listen_overflows", overflows);
	worker_number(worker, "queue_length", length);
	worker_number(worker, "queue_limit", limit);
	worker_number(worker, "accepted", taken);
	worker_number(worker, "backlog", limit / sockets);
	worker_number(worker, "sockets", sockets);
	if (run->count > 1)
		worker_number(worker, "before_first_drop", filling->before_first);
	if (taken < held || taken > held || !(overflows >= 1))
		worker_incomparable(worker,
				"not comparable: %.0f connections completed, accept() returned %.0f, "
				"ListenOverflows moved by %.0f",
				held,
				taken,
				overflows);
	check_backlog(worker, limit / sockets);
	if (worker->request->backlogs_differ)
		worker_incomparable(worker,
				"not comparable: the sockets of the listener have different backlogs; the "
				"sandbox's "
				"all have the smallest");
	if (overflows >= 1)
		worker_measured(worker, held, 0, "ListenOverflows");
	else
		worker_measured(worker, held, 0, "none");
}

static void accept_measure(struct accept_run *run, double backlog)
{
	struct worker *worker = run->worker;
	double most = (double)run->count * (fmin(backlog, 1e7) + 16);
	double before = counter(run, "ListenOverflows"), start = worker_seconds(worker);
	struct filling filling = fill_queues(run, most);
	double spent = worker_seconds(worker) - start;
	double overflows = counter(run, "ListenOverflows") - before;
	worker_reached(worker, filling.completed);
	worker_sample(worker, worker_seconds(worker), filling.completed);
	if (filling.error && filling.error != ECANCELED)
		(void)worker_refuse(worker,
				"ended early for a reason other than the queue: %s",
				strerrorname_np(filling.error));
	if (filling.error)
		return;
	tell_queues(run, &filling, overflows);
	if (spent > 0)
		worker_rate(worker, filling.completed / spent);
	if (run->count == 1)
		tell_burst(run, filling.completed);
}

/* Of a listener that is there already: what its listen() was granted, whatever somaxconn is now. */
static void keep_backlog(double backlog)
{
	char text[32];
	(void)snprintf(text, sizeof text, "%.0f", backlog);
	(void)setting_write(somaxconn_path, text);
}

/* Ports are not what this is about: the widest range there is. */
static void widen_ports(void)
{
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	(void)setting_write("/proc/sys/net/ipv4/ip_unprivileged_port_start", "0");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_port_range", "1025 65534");
}

/* The listener, or the sockets that share its address. */
static bool open_listeners(struct accept_run *run, int backlog)
{
	const struct calibrate_request *request = run->worker->request;
	if (!client_init(&run->client, run->worker, backlog))
		return false;
	run->count = 1;
	run->fds[0] = run->client.listener;
	if (!(request->listening_sockets > 1))
		return true;
	if (request->listening_sockets > SOCKETS_MAX)
		return worker_refuse(run->worker,
				"not run: %.0f sockets share the listener's address, more than %d",
				request->listening_sockets,
				SOCKETS_MAX);
	run->count = (size_t)request->listening_sockets;
	int error = client_share_listener(&run->client, backlog, run->count, run->fds);
	if (!error)
		return true;
	return worker_refuse(run->worker,
			"not possible: %zu sockets cannot share an address here (%s)",
			run->count,
			strerrorname_np(error));
}

static double wanted_backlog(const struct calibrate_request *request)
{
	if (isnan(request->backlog))
		return BACKLOG_LIBC;
	return fmin(request->backlog, INT32_MAX);
}

static void accept_in(struct accept_run *run)
{
	struct worker *worker = run->worker;
	double backlog = wanted_backlog(worker->request);
	widen_ports();
	if (worker->request->listens)
		keep_backlog(backlog);
	double limit = fmin(backlog, accept_setting(somaxconn_path));
	if (!open_listeners(run, (int)backlog))
		return;
	int error = client_route(&run->client, 0, 0, false, &run->route);
	if (error)
		(void)worker_refuse(worker,
				"not possible: the sandbox cannot have an address (%s)",
				strerrorname_np(error));
	else if (budget_allows(worker, limit * (double)run->count * 2 + BURST_MORE, 1))
		accept_measure(run, limit);
}

static void run_accept(struct worker *worker)
{
	struct accept_run *run = calloc(1, sizeof *run);
	if (run)
		run->text = malloc(TEXT_MAX);
	if (run && run->text) {
		run->worker = worker;
		accept_in(run);
		free(run->text);
	} else {
		(void)worker_refuse(worker, "not possible: too little memory");
	}
	free(run);
}

const struct calibrator calibrator_accept = {
		.id = "accept",
		.title = "connections in the accept queue",
		.unit = "connections",
		.matters = SETTING(SOMAXCONN) | SETTING(SYNCOOKIES) | SETTING(ABORT_ON_OVERFLOW) |
				SETTING(MAX_SYN_BACKLOG),
		.run = run_accept,
};
