/* churn: how fast a client can open and close when its own TIME_WAITs hold the ports, with the
 * target's tcp_tw_reuse, on an address that is not a loopback one unless the workload's
 * destinations are.
 *
 * Quick: every port of the range gets a connection that is opened confined to that port (client.c)
 * and closed by FIN: all ports in TIME_WAIT in a second. Then plain connect(): if it is refused,
 * the count of ports is what a client gets per life of a TIME_WAIT, 60 s (TCP_TIMEWAIT_LEN); if
 * not, what it sustains is measured. Verified on 6.18 with tcp_tw_reuse 0, 1, 2, loopback and not,
 * timestamps off: as plain churn, which needs 14 s to fill. An explicit bind would not do: it
 * leaves the ports blocked for connect() even where reuse is on. Full: waits for the first
 * TIME_WAIT to end and measures its life. */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/os/clock.h"
#include "base/os/file.h"
#include "probes/host/counters.h"
#include "probes/host/kernel.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/client.h"

enum {
	QUEUE = 4096,
	FILL_STEP = 256
};

static const double timer_slack_s = 5.2; /* the timer wheel's step at HZ=100, kernel/time/timer.c */
static const double sustain_s = 1.0;

struct churn_run {
	struct worker *worker;
	struct client client;
	struct route route;
	struct holders *holders; /* of the blockers only */
	double filled, first_close_s, spent_s;
};

/* TIME_WAITs of this namespace. */
static double time_waits(void)
{
	char text[2048];
	int line;
	uint64_t number;
	(void)file_read_path("/proc/self/net/sockstat", text, sizeof text);
	return counters_word(text, "TCP", "tw", &number, &line) ? (double)number : NAN;
}

/* One connection opened and closed, the client first. 0 or an errno. */
static int churn_once(struct churn_run *run, unsigned port)
{
	int client = client_open(&run->client, &run->route, port, -1);
	if (client < 0)
		return errno;
	int server = accept4(run->client.listener, NULL, NULL, SOCK_CLOEXEC),
		error = server < 0 ? errno : 0;
	close(client);
	if (server >= 0)
		close(server);
	return error;
}

/* Every port once. 0, ECANCELED, or the errno that is not about ports. */
static int churn_fill(struct churn_run *run)
{
	double start = worker_seconds(run->worker);
	for (unsigned port = run->client.low; port <= run->client.high; port++) {
		int error = client_usable(&run->client, port) || run->client.by_range
				? churn_once(run, port)
				: EADDRINUSE;
		if (error && !client_ends_with(error))
			return error;
		if (error)
			continue;
		if (run->filled < 1)
			run->first_close_s = worker_seconds(run->worker);
		run->filled++;
		if ((unsigned long)run->filled % FILL_STEP == 0) {
			worker_progress(run->worker, run->filled, run->client.usable);
			if (worker_stopped(run->worker))
				return ECANCELED;
		}
	}
	run->spent_s = worker_seconds(run->worker) - start;
	return 0;
}

/* Without the option: ordinary connects until refused; past half the range each takes a
 * millisecond. */
static int fill_slowly(struct churn_run *run)
{
	double start = worker_seconds(run->worker);
	int error = 0;
	while (!worker_stopped(run->worker) && (error = churn_once(run, 0)) == 0) {
		if (run->filled < 1)
			run->first_close_s = worker_seconds(run->worker);
		run->filled++;
		worker_progress(run->worker, run->filled, run->client.usable);
		if (run->filled > 2 * run->client.usable)
			break; /* reuse is at work */
	}
	run->spent_s = worker_seconds(run->worker) - start;
	return worker_stopped(run->worker) ? ECANCELED : client_ends_with(error) ? 0 : error;
}

static bool nap(struct churn_run *run, double seconds)
{
	for (double end = clock_now_s() + seconds; clock_now_s() < end;) {
		if (worker_stopped(run->worker))
			return false;
		(void)usleep(5000);
	}
	return true;
}

static double setting_number(const char *path)
{
	char text[64];
	return setting_read(path, text, sizeof text) == 0 ? strtod(text, NULL) : NAN;
}

/* Waits until the first port could be reused if tcp_tw_reuse lets it: tcp_tw_reuse_delay (1 s where
 * there is no such setting), a second more where time stamps count in seconds. */
static bool wait_for_reuse(struct churn_run *run)
{
	double delay_ms = setting_number("/proc/sys/net/ipv4/tcp_tw_reuse_delay");
	double delay_s = isnan(delay_ms) ? 2.05 : delay_ms / 1000 + 0.05;
	if (setting_number("/proc/sys/net/ipv4/tcp_tw_reuse") < 1)
		return true;
	return nap(run, fmax(run->first_close_s + delay_s - worker_seconds(run->worker), 0));
}

/* Churns for a while at full speed; NAN if stopped. Refusals are waited out. */
static double sustain(struct churn_run *run, double seconds, int *ret_error)
{
	double start = clock_now_s(), count = 0, refused = 0;
	*ret_error = 0;
	while (clock_now_s() - start < seconds) {
		if (worker_stopped(run->worker)) {
			*ret_error = ECANCELED;
			return NAN;
		}
		int error = churn_once(run, 0);
		if (error && !client_ends_with(error)) {
			*ret_error = error;
			return NAN;
		}
		count += error == 0;
		refused += error != 0;
		if (error)
			(void)usleep(1000);
	}
	worker_number(run->worker, "refused", refused);
	return count / (clock_now_s() - start);
}

/* The model counts with the range in each of two lives, which a client gets at least; it may get
 * nearly twice that. On a slow machine one client's own speed falls short of it: half is no
 * disagreement. */
static double reuse_tolerance(const struct churn_run *run)
{
	double predicted = run->worker->request->predicted;
	return isnan(predicted) ? 0 : predicted / 2;
}

static void tell_sustained(struct churn_run *run)
{
	int error;
	/* As long as a port is held twice over, so that those freed meanwhile count as they will later.
	 */
	double rate = sustain(run, run->worker->request->full ? 5 : sustain_s, &error);
	if (error) {
		if (error != ECANCELED)
			(void)worker_refuse(run->worker, "ended early: %s", strerrorname_np(error));
		return;
	}
	worker_text(run->worker, "reuse", "yes: plain connect() takes ports in TIME_WAIT");
	worker_text(run->worker, "hold_from", "measured");
	worker_number(run->worker, "hold_s", run->filled / rate);
	worker_at_least(run->worker);
	worker_measured(run->worker, rate, reuse_tolerance(run), "none");
}

/* Waits for the first TIME_WAIT to end. NAN if stopped. */
static double measure_life(struct churn_run *run)
{
	double start_count = time_waits();
	while (worker_seconds(run->worker) <
			run->first_close_s + KERNEL_TIME_WAIT_S + 2 * timer_slack_s) {
		if (time_waits() < start_count)
			return worker_seconds(run->worker) - run->first_close_s;
		worker_progress(run->worker,
				worker_seconds(run->worker) - run->first_close_s,
				KERNEL_TIME_WAIT_S);
		if (!nap(run, 0.02))
			return NAN;
	}
	return NAN;
}

static void tell_refused(struct churn_run *run, const char *why)
{
	double hold_s = KERNEL_TIME_WAIT_S;
	worker_text(run->worker, "reuse", "no: plain connect() is refused");
	if (run->worker->request->full) {
		hold_s = measure_life(run);
		if (isnan(hold_s))
			return;
	}
	worker_text(run->worker,
			"hold_from",
			"%s",
			run->worker->request->full ? "measured" : "constant");
	worker_number(run->worker, "hold_s", hold_s);
	/* The timer adds up to its step to the measured life; a range of odd width may give one port
	 * less. */
	double rate = run->filled / hold_s, tolerance = run->client.odd ? 1 / hold_s : 0;
	if (run->worker->request->full)
		tolerance += run->filled / KERNEL_TIME_WAIT_S -
				run->filled / (KERNEL_TIME_WAIT_S + timer_slack_s);
	worker_measured(run->worker, rate, tolerance + 1e-6, why);
}

static void churn_judge(struct churn_run *run)
{
	struct worker *worker = run->worker;
	double waiting = time_waits();
	worker_reached(worker, run->filled);
	worker_number(worker, "closes", run->filled);
	worker_number(worker, "time_wait", waiting);
	if (run->spent_s > 0)
		worker_rate(worker, run->filled / run->spent_s);
	worker_text(worker, "method", run->client.by_range ? "IP_LOCAL_PORT_RANGE" : "plain connect");
	if (!wait_for_reuse(run))
		return;
	int error = churn_once(run, 0);
	if (error == 0)
		tell_sustained(run);
	else if (client_ends_with(error))
		tell_refused(run, strerrorname_np(error));
	else
		(void)worker_refuse(worker,
				"ended early for a reason other than ports: %s",
				strerrorname_np(error));
}

/* The model knows ports, not addresses: those held on other addresses are free for this plan. */
static void churn_predict(struct churn_run *run)
{
	double predicted = run->worker->request->predicted, usable = run->client.usable;
	double elsewhere = client_elsewhere(&run->client, &run->route);
	client_check_sources(&run->client, 1);
	if (isnan(predicted) || elsewhere < 1 || usable < 1)
		return;
	worker_number(run->worker, "held_on_other_addresses", elsewhere);
	worker_number(run->worker, "modelled", predicted);
	worker_predicted(run->worker, predicted * (usable + elsewhere) / usable);
}

static void run_churn(struct worker *worker)
{
	struct churn_run run = {.worker = worker};
	(void)setting_write("/proc/sys/net/core/somaxconn", "4096");
	if (!client_init(&run.client, worker, QUEUE))
		return;
	/* The accepted ends close by FIN, or there would be no TIME_WAIT. */
	const struct linger graceful = {.l_onoff = 0};
	(void)setsockopt(run.client.listener, SOL_SOCKET, SO_LINGER, &graceful, sizeof graceful);
	int error = client_route(&run.client, 0, 0, !worker->request->loopback, &run.route);
	if (error) {
		(void)worker_refuse(worker,
				"not possible: the sandbox cannot have an address (%s)",
				strerrorname_np(error));
		return;
	}
	/* A connection in TIME_WAIT takes half a KiB; two lives are the most that can stand at once. */
	double room = (double)holders_room((size_t)run.client.blockers + 64);
	double tables = ceil((double)run.client.blockers / fmax(room - 16, 1)) + 2;
	if (!budget_allows(worker, run.client.usable / 8, tables))
		return;
	churn_predict(&run);
	run.holders = holders_new(worker, (size_t)tables, 1);
	error = client_block(&run.client, run.holders);
	if (!error)
		error = run.client.by_range ? churn_fill(&run) : fill_slowly(&run);
	if (!error)
		churn_judge(&run);
	else if (error != ECANCELED)
		(void)worker_refuse(worker,
				"ended early for a reason other than ports: %s",
				strerrorname_np(error));
	else
		worker_reached(worker, run.filled);
}

const struct calibrator calibrator_churn = {
		.id = "churn",
		.title = "opening and closing with ports in TIME_WAIT",
		.unit = "closes per second",
		.matters = SETTING(PORT_RANGE) | SETTING(RESERVED_PORTS) | SETTING(PORT_START) |
				SETTING(PORT_STEP) | SETTING(TW_REUSE) | SETTING(TW_REUSE_DELAY) |
				SETTING(TW_TIMEOUT) | SETTING(MAX_TW_BUCKETS) | SETTING(TIMESTAMPS),
		.hash_entries = 131072,
		.seconds_full = 75,
		.run = run_churn,
};
