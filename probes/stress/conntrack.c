/* conntrack: entries in a router's table per connection through it, in each form of tracking, and
 * what the table takes: real connections through namespaces client – router – server, counted by
 * the kernel.
 *
 * The table's limit (nf_conntrack_max, one number for all namespaces, but counted in each) is
 * approached by entries that no connection has, then by real connections, and left alone when the
 * count is the limit: an overflow would be noted in the host's log, so it is tried only where the
 * request says so. No setting of the host is written. A container engine's own published port is
 * measured apart (engine.c). */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

#include "base/os/file.h"
#include "probes/host/counters.h"
#include "probes/host/parse.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/engine.h"
#include "probes/stress/holders.h"
#include "probes/stress/router.h"
#include "probes/stress/tracking.h"

enum {
	FORM_CONNECTIONS = 250,
	LIMIT_CONNECTIONS = 500,
	SERVER_PORT = 5000,
	PUBLISHED_PORT = 8080,
	PROXY_PORT = 8081,
	FDS_NEEDED = LIMIT_CONNECTIONS + 64,
	ADD_BLOCK = 4096,
	ENTRY_BYTES = 400,
	ADD_PER_S = 150000,
	WAIT_MS = 1000,
	PROBE_WAIT_MS = 20,
	PROBES = 250,
	OVERFLOW_WAIT_MS = 60,
	TEXT_MAX = 65536,
};

/* ENTRY_BYTES: 256 per entry on 6.18, up to 128 more with extensions. ADD_PER_S: 390,000 were
 * measured. */

struct conntrack_run {
	struct worker *worker;
	struct router router;
	struct wire wire;     /* nfnetlink of the router */
	int counts[STATIONS]; /* nf_conntrack_count of each, open */
	int fds[2 * LIMIT_CONNECTIONS];
	size_t fd_count;
	double max;
	char *text;
};

static const struct published published = {
		.port = PUBLISHED_PORT,
		.address = ROUTER_SERVER,
		.server_port = SERVER_PORT,
};

static double count_of(const struct conntrack_run *run, enum station station)
{
	char text[32] = "";
	uint64_t number;
	ssize_t got = pread(run->counts[station], text, sizeof text - 1, 0);
	return got > 0 && parse_whole(text, &number) ? (double)number : NAN;
}

/* A column of the router's /proc/net/stat/nf_conntrack. The worker must be there. */
static double stat_of(struct conntrack_run *run, const char *name, bool sum)
{
	uint64_t number;
	const char *text = file_text("/proc/thread-self/net/stat/nf_conntrack", run->text, TEXT_MAX);
	return counters_column(text, name, sum, &number) ? (double)number : NAN;
}

static struct sockaddr_in conntrack_address_of(uint32_t address, unsigned port)
{
	return (struct sockaddr_in){.sin_family = AF_INET,
			.sin_port = htons((uint16_t)port),
			.sin_addr = {htonl(address)}};
}

/* Reset on close: no TIME_WAIT, and an entry that goes. -1 and errno. */
static int open_socket(unsigned wait_ms)
{
	const struct linger reset = {.l_onoff = 1};
	const struct timeval wait = {.tv_sec = wait_ms / 1000, .tv_usec = (wait_ms % 1000) * 1000};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof reset);
	if (fd >= 0)
		(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &wait, sizeof wait);
	return fd;
}

static int listen_on(unsigned port)
{
	struct sockaddr_in name = conntrack_address_of(INADDR_ANY, port);
	int fd = open_socket(WAIT_MS);
	if (fd < 0 || bind(fd, (const struct sockaddr *)&name, sizeof name) != 0 ||
			listen(fd, 4096) != 0)
		return -1;
	return fd;
}

/* From the namespace this process is in; the socket is kept. 0 or an errno. */
static int connect_to(struct conntrack_run *run, uint32_t address, unsigned port, unsigned wait_ms)
{
	struct sockaddr_in name = conntrack_address_of(address, port);
	int fd = open_socket(wait_ms);
	if (fd < 0)
		return errno;
	run->fds[run->fd_count++] = fd;
	return connect(fd, (const struct sockaddr *)&name, sizeof name) == 0 ? 0 : errno;
}

static void close_all(struct conntrack_run *run)
{
	while (run->fd_count > 0)
		close(run->fds[--run->fd_count]);
}

/* A userland proxy on the router: each client's connection is followed by one of its own. */
static int connect_by_proxy(struct conntrack_run *run)
{
	int error = connect_to(run, ROUTER_ADDRESS, PROXY_PORT, WAIT_MS);
	if (!error)
		error = router_enter(&run->router, STATION_ROUTER);
	if (!error)
		error = connect_to(run, ROUTER_SERVER, SERVER_PORT, WAIT_MS);
	if (!error)
		error = router_enter(&run->router, STATION_CLIENT);
	return error;
}

static int connect_form(struct conntrack_run *run, enum tracking_form form)
{
	switch (form) {
	case TRACKING_PUBLISH:
		return connect_to(run, ROUTER_ADDRESS, PUBLISHED_PORT, WAIT_MS);
	case TRACKING_INPUT:
		return connect_by_proxy(run);
	default:
		return connect_to(run, ROUTER_SERVER, SERVER_PORT, WAIT_MS);
	}
}

struct form_name {
	const char *field, *text;
};

static const struct form_name form_names[TRACKING_FORMS] = {
		[TRACKING_PLAIN] = {"entries_plain", "a rule on the connection's state"},
		[TRACKING_MASQUERADE] = {"entries_masquerade", "masquerade"},
		[TRACKING_PUBLISH] = {"entries_publish", "a published port"},
		[TRACKING_INPUT] = {"entries_proxy", "a proxy on the router"},
};

/* Entries per connection in the router's table; NAN: it failed, and the reason was told. */
static double measure_form(struct conntrack_run *run, enum tracking_form form)
{
	int error = tracking_rules(&run->wire, form, &published);
	if (error) {
		(void)worker_refuse(run->worker,
				"not run: the kernel accepts no nf_tables rule for %s here (%s)",
				form_names[form].text,
				strerrorname_np(error));
		return NAN;
	}
	double before = count_of(run, STATION_ROUTER);
	size_t made = 0;
	for (; made < FORM_CONNECTIONS && !error && !worker_stopped(run->worker); made += !error)
		error = connect_form(run, form);
	double after = count_of(run, STATION_ROUTER);
	if (form == TRACKING_PUBLISH) {
		worker_number(run->worker,
				"entries_client",
				count_of(run, STATION_CLIENT) / FORM_CONNECTIONS);
		worker_number(run->worker,
				"entries_server",
				count_of(run, STATION_SERVER) / FORM_CONNECTIONS);
	}
	close_all(run);
	if (error || made < FORM_CONNECTIONS) {
		if (error)
			(void)worker_refuse(run->worker,
					"not possible: a connection through the sandbox's router fails (%s, %s)",
					form_names[form].text,
					strerrorname_np(error));
		return NAN;
	}
	(void)tracking_flush(&run->wire);
	worker_number(run->worker, form_names[form].field, (after - before) / (double)made);
	return (after - before) / (double)made;
}

static bool measure_forms(struct conntrack_run *run, double *ret_entries)
{
	double start = worker_seconds(run->worker);
	*ret_entries = 0;
	for (enum tracking_form form = 0; form < TRACKING_FORMS; form++) {
		double entries = measure_form(run, form);
		if (isnan(entries))
			return false;
		/* A proxy is another thing: it makes two connections of one. */
		if (form != TRACKING_INPUT)
			*ret_entries = fmax(*ret_entries, entries);
		worker_progress(run->worker, form + 1, TRACKING_FORMS);
	}
	double spent = worker_seconds(run->worker) - start;
	worker_number(run->worker, "connections_per_form", FORM_CONNECTIONS);
	worker_rate(run->worker, (TRACKING_FORMS + 1) * FORM_CONNECTIONS / spent);
	return true;
}

/* Closed connections keep their entries for this long here. */
static const double collector_timeout_s = 1;
/* The kernel's collector comes by after 60 s at most (nf_conntrack_core.c, GC_SCAN_INTERVAL_MAX),
 * and takes its time for a large table. */
static const double collector_most_s = 65;

/* The moment at which the last entry is gone; NAN: the time was over before. */
static double await_collector(struct conntrack_run *run, double since)
{
	const struct timespec pause = {.tv_nsec = 20 * 1000 * 1000};
	double now = since;
	while (now - since < collector_timeout_s + collector_most_s && !worker_stopped(run->worker)) {
		if (count_of(run, STATION_ROUTER) == 0)
			return now;
		(void)nanosleep(&pause, NULL);
		now = worker_seconds(run->worker);
		worker_progress(run->worker, now - since, collector_most_s);
	}
	return (double)NAN;
}

/* How long expired entries count until the collector comes by. It is one for all namespaces: the
 * more that expires soon in any of them, the sooner it comes. */
static void measure_collector(struct conntrack_run *run)
{
	static const char path[] = "/proc/sys/net/netfilter/nf_conntrack_tcp_timeout_close";
	int error = router_enter(&run->router, STATION_ROUTER);
	if (!error)
		error = setting_write(path, "1");
	(void)router_enter(&run->router, STATION_CLIENT);
	if (!error)
		error = tracking_rules(&run->wire, TRACKING_PLAIN, &published);
	for (size_t i = 0; i < FORM_CONNECTIONS && !error; i++)
		error = connect_form(run, TRACKING_PLAIN);
	close_all(run);
	if (error)
		return;
	double closed = worker_seconds(run->worker);
	double gone = await_collector(run, closed);
	if (!isnan(gone))
		worker_number(run->worker, "collector_s", fmax(0, gone - closed - collector_timeout_s));
	(void)tracking_flush(&run->wire);
}

/* Entries up to `goal`. 0 or an errno. */
static int add_entries(struct conntrack_run *run, double goal)
{
	size_t added = 0;
	double start = worker_seconds(run->worker);
	int error = 0;
	while ((double)added < goal && !error && !worker_stopped(run->worker)) {
		added += tracking_add(&run->wire,
				added,
				(size_t)fmin(goal - (double)added, ADD_BLOCK),
				&error);
		if (added / ADD_BLOCK % 4 == 0)
			worker_progress(run->worker, (double)added, run->max);
	}
	double spent = worker_seconds(run->worker) - start;
	worker_sample(run->worker, worker_seconds(run->worker), (double)added);
	if (spent > 0 && added > 0)
		worker_number(run->worker, "added_per_s", (double)added / spent);
	worker_number(run->worker, "added_entries", (double)added);
	return worker_stopped(run->worker) ? ECANCELED : error;
}

/* One connection more than the table takes: it must fail, and the counter must say why. */
static void overflow(struct conntrack_run *run)
{
	(void)router_enter(&run->router, STATION_ROUTER);
	double before = stat_of(run, "drop", true);
	(void)router_enter(&run->router, STATION_CLIENT);
	int error = connect_to(run, ROUTER_SERVER, SERVER_PORT, OVERFLOW_WAIT_MS);
	(void)router_enter(&run->router, STATION_ROUTER);
	worker_number(run->worker, "overflow_drops", stat_of(run, "drop", true) - before);
	/* A send timeout ends connect() with EINPROGRESS (inet_wait_for_connect): the client hangs. */
	const char *seen = error == EINPROGRESS ? "the client hangs"
			: error                         ? strerrorname_np(error)
											: "let through";
	worker_text(run->worker, "overflow", "%s", seen);
	(void)router_enter(&run->router, STATION_CLIENT);
}

/* Connections one by one until the count is the limit. */
static bool fill_up(struct conntrack_run *run, double goal)
{
	int error = 0;
	size_t made = 0;
	double count = count_of(run, STATION_ROUTER);
	while (count < run->max && (double)made < goal + 8 && !error && !worker_stopped(run->worker)) {
		error = connect_to(run, ROUTER_SERVER, SERVER_PORT, OVERFLOW_WAIT_MS * 4);
		made += !error;
		count = count_of(run, STATION_ROUTER);
	}
	worker_sample(run->worker, worker_seconds(run->worker), count);
	worker_number(run->worker, "connections_at_limit", (double)made);
	worker_number(run->worker, "connections_expected", goal);
	worker_number(run->worker, "count_at_stop", count);
	(void)router_enter(&run->router, STATION_ROUTER);
	worker_number(run->worker, "stat_entries", stat_of(run, "entries", false));
	(void)router_enter(&run->router, STATION_CLIENT);
	if (error)
		worker_text(run->worker,
				"limit",
				"a connection failed before the limit: %s",
				strerrorname_np(error));
	return !error && !(count < run->max);
}

/* Why the table is not to be filled here; NULL: it can be. */
static const char *why_not(const struct conntrack_run *run)
{
	const struct calibrate_request *request = run->worker->request;
	double left = request->seconds - worker_seconds(run->worker);
	if (run->max < 1)
		return "not approached: nf_conntrack_max is 0, there is no limit";
	if (run->max * ENTRY_BYTES > fmin(request->bytes, budget_memory()))
		return "not approached: so many entries need more memory than the budget allows";
	if (run->max / ADD_PER_S > left * 0.6)
		return "not approached: so many entries need more time than the budget allows";
	return NULL;
}

/* Told in fields; the table's limit is another number than the result. Returns what stopped it. */
static const char *approach_limit(struct conntrack_run *run)
{
	const char *reason = why_not(run);
	if (reason) {
		worker_text(run->worker, "limit", "%s", reason);
		return "none";
	}
	int error = tracking_rules(&run->wire, TRACKING_PLAIN, &published);
	double there = count_of(run, STATION_ROUTER), goal = fmin(run->max - there, LIMIT_CONNECTIONS);
	if (!error)
		error = add_entries(run, run->max - there - goal);
	if (error == ECANCELED)
		return "none";
	if (error) {
		worker_text(run->worker,
				"limit",
				"not approached: entries cannot be added (%s)",
				strerrorname_np(error));
		return "none";
	}
	if (!fill_up(run, goal))
		return "none";
	worker_text(run->worker, "limit", "met: the count is nf_conntrack_max");
	if (run->worker->request->overflow)
		overflow(run);
	return "nf_conntrack_max";
}

static bool open_counts(struct conntrack_run *run)
{
	for (enum station i = 0; i < STATIONS; i++) {
		int error = router_enter(&run->router, i);
		run->counts[i] = error
				? -1
				: open("/proc/sys/net/netfilter/nf_conntrack_count", O_RDONLY | O_CLOEXEC);
		if (run->counts[i] < 0)
			return worker_refuse(run->worker,
					"not possible: nf_conntrack_count cannot be read in a namespace (%s)",
					strerrorname_np(error ? error : errno));
	}
	return true;
}

/* The listeners stay open until the worker ends. */
static int open_servers(struct conntrack_run *run)
{
	int error = router_enter(&run->router, STATION_SERVER);
	if (!error && listen_on(SERVER_PORT) < 0)
		return errno;
	if (!error)
		error = router_enter(&run->router, STATION_ROUTER);
	if (!error && listen_on(PROXY_PORT) < 0)
		return errno;
	if (!error)
		error = wire_open(&run->wire, NETLINK_NETFILTER);
	return error ? error : router_enter(&run->router, STATION_CLIENT);
}

/* A new link drops packets until the kernel has noted that it is up, which it may put off for a
 * second (net/core/link_watch.c). Nothing is tracked yet. */
static int await_way(struct conntrack_run *run)
{
	int error = ETIMEDOUT;
	for (unsigned i = 0; i < PROBES && error && !worker_stopped(run->worker); i++) {
		error = connect_to(run, ROUTER_SERVER, SERVER_PORT, PROBE_WAIT_MS);
		close_all(run);
	}
	return error;
}

static bool read_max(struct conntrack_run *run)
{
	char text[64];
	uint64_t max;
	int error = setting_read("/proc/sys/net/netfilter/nf_conntrack_max", text, sizeof text);
	if (error == ENOENT)
		return worker_refuse(run->worker, "not run: nf_conntrack is not loaded in this kernel");
	if (error || !parse_whole(text, &max) || !parse_to_double(max, false, &run->max))
		return worker_refuse(run->worker,
				"not run: nf_conntrack_max cannot be read (%s)",
				error ? strerrorname_np(error) : text);
	worker_number(run->worker, "max", run->max);
	return true;
}

static bool conntrack_prepare(struct conntrack_run *run)
{
	const char *step;
	if (!read_max(run))
		return false;
	if (holders_room(FDS_NEEDED) < FDS_NEEDED)
		return worker_refuse(run->worker,
				"not possible: a limit of open files below %d is too low for it",
				FDS_NEEDED);
	/* The client's ports are not what this is about. */
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_port_range", "10001 65534");
	int error = router_make(&run->router, &step);
	if (error)
		return worker_refuse(run->worker,
				"not possible: the sandbox cannot have %s (%s)",
				step,
				strerrorname_np(error));
	if (!open_counts(run))
		return false;
	error = open_servers(run);
	if (error)
		return worker_refuse(run->worker,
				"not possible: the sandbox's servers cannot be opened (%s)",
				strerrorname_np(error));
	error = await_way(run);
	return !error ||
			worker_refuse(run->worker,
					"not possible: nothing passes the sandbox's router (%s)",
					strerrorname_np(error));
}

static void run_conntrack(struct worker *worker)
{
	struct conntrack_run *run = arena_alloc(arena_new(),
			sizeof *run); /* lives as long as the worker */
	double entries;
	run->text = malloc(TEXT_MAX);
	if (!run->text) {
		(void)worker_refuse(worker, "not possible: too little memory");
		return;
	}
	run->worker = worker;
	if (!conntrack_prepare(run) || !measure_forms(run, &entries))
		return;
	if (worker->request->full)
		measure_collector(run);
	const char *stopped_by = approach_limit(run);
	worker_reached(worker, entries);
	worker_measured(worker, entries, 0, stopped_by);
}

const struct calibrator calibrator_conntrack = {
		.id = "conntrack",
		.title = "conntrack entries of one connection",
		.unit = "entries",
		.seconds_full = 90,
		.outside = engine_measure,
		.run = run_conntrack,
};
