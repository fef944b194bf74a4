/* scale: how many loopback connections this host holds at once within a budget of memory.
 *
 * Beforehand every bound is turned into connections (memory, fs.file-max, descriptor tables,
 * ports); the least is the prediction, and the filling goes up to it. Both ends are on this host
 * and nobody accepts: a pair of sockets, one descriptor. Many 127/8 destinations, each with all
 * ports; descriptor tables of their own per thread; a hash table of its own. It does not send data,
 * and does not push the host beyond the reserve of budget.h. */
#include <errno.h>
#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/client.h"

enum {
	QUEUE = 1 << 24,
	FDS_SPARE = 40,
	GAUGE_EVERY = 16384
};

enum bound {
	BOUND_MEMORY,
	BOUND_FILES,
	BOUND_TABLES,
	BOUND_PORTS,
	BOUNDS
};

struct bound_name {
	const char *field, *stopped_by, *text;
};

static const struct bound_name bound_names[BOUNDS] = {
		[BOUND_MEMORY] = {"bound_memory", "memory_budget", "the memory budget"},
		[BOUND_FILES] = {"bound_files", "fs.file-max", "80% of fs.file-max"},
		[BOUND_TABLES] = {"bound_tables",
				"nofile_tables",
				"the thread budget, each with RLIMIT_NOFILE open files"},
		[BOUND_PORTS] = {"bound_ports",
				"ports",
				"the addresses of the sandbox, each with all ports"},
};

struct scale_run {
	struct worker *worker;
	struct client client;
	struct holders *holders;
	struct route *routes;
	double ports; /* of one route */
	double bounds[BOUNDS];
	enum bound least;
	double spare_bytes, budget_bytes;
	atomic_bool over_budget;
};

/* Checked now and then while filling; 0 or an errno. The supervisor looks too, ten times a second.
 */
static int gauge(struct scale_run *run)
{
	double spare = budget_memory();
	if (spare <= 0 || run->spare_bytes - spare > run->budget_bytes) {
		run->over_budget = true;
		return ENOMEM;
	}
	return budget_files() <= 0 ? ENFILE : 0;
}

static int hold_one(void *context, size_t index)
{
	struct scale_run *run = context;
	size_t ports = (size_t)run->ports;
	if (index % GAUGE_EVERY == 0 && (errno = gauge(run)) != 0)
		return HOLDER_STOP;
	int fd = client_open(&run->client,
			&run->routes[index / ports],
			run->client.low + (unsigned)(index % ports),
			0);
	return fd >= 0 ? fd : errno == EMFILE ? HOLDER_FULL : HOLDER_STOP;
}

static bool scale_make_routes(struct scale_run *run, size_t count)
{
	run->routes = calloc(count, sizeof *run->routes);
	for (size_t i = 0; run->routes && i < count; i++) {
		int error = client_route(&run->client, 0, i, false, &run->routes[i]);
		if (error)
			return worker_refuse(run->worker,
					"not possible: the sandbox cannot have another address (%s)",
					strerrorname_np(error));
	}
	return run->routes || worker_refuse(run->worker, "not possible: too little memory");
}

/* Every bound in connections. */
static void find_bounds(struct scale_run *run, double room)
{
	const struct calibrate_request *request = run->worker->request;
	run->spare_bytes = budget_memory();
	run->budget_bytes = fmin(request->bytes, run->spare_bytes);
	run->bounds[BOUND_MEMORY] = floor(run->budget_bytes / BUDGET_PAIR_BYTES);
	run->bounds[BOUND_FILES] = floor(budget_files());
	run->bounds[BOUND_TABLES] = fmax(request->processes - 2, 0) * (room - FDS_SPARE);
	run->bounds[BOUND_PORTS] = run->ports * ROUTES_MAX;
	for (enum bound i = 0; i < BOUNDS; i++) {
		worker_number(run->worker, bound_names[i].field, run->bounds[i]);
		if (run->bounds[i] < run->bounds[run->least])
			run->least = i;
	}
}

static bool scale_prepare(struct scale_run *run, double *ret_goal)
{
	/* The queue takes every connection, and all ports are there for a client. */
	(void)setting_write("/proc/sys/net/core/somaxconn", "16777216");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_port_range", "1025 65534");
	if (!client_init(&run->client, run->worker, QUEUE))
		return false;
	run->client.bind = CALIBRATE_BIND_NONE;
	run->ports = run->client.high - run->client.low + 1;
	double room = (double)holders_room(1 << 20);
	if (room < 4 * FDS_SPARE)
		return worker_refuse(run->worker,
				"not possible: a limit of %.0f open files is too low for it",
				room);
	find_bounds(run, room);
	*ret_goal = run->bounds[run->least];
	if (*ret_goal < 1)
		return worker_refuse(run->worker,
				"not run: %s leaves no room",
				bound_names[run->least].text);
	worker_predicted(run->worker, *ret_goal);
	run->holders = holders_new(run->worker, (size_t)ceil(*ret_goal / (room - FDS_SPARE)) + 4, 0);
	return scale_make_routes(run, (size_t)ceil(*ret_goal / run->ports));
}

static void tell_stop(struct scale_run *run, int error)
{
	struct worker *worker = run->worker;
	if (run->over_budget && error == ENOMEM) {
		worker_stopped_by(worker, bound_names[BOUND_MEMORY].stopped_by);
		worker_incomparable(worker,
				"stopped: connections take more memory than planned, and the budget is used up");
	} else {
		worker_stopped_by(worker, strerrorname_np(error));
		worker_incomparable(worker,
				"ended early: %s",
				error == EAGAIN ? "no further thread can be started (EAGAIN)"
								: strerrorname_np(error));
	}
}

static void scale_tell(struct scale_run *run, int error)
{
	struct worker *worker = run->worker;
	double held = (double)holders_held(run->holders), used = run->spare_bytes - budget_memory();
	if (error && error != ECANCELED)
		tell_stop(run, error);
	if (!error) {
		worker_measured(worker, held, 0, bound_names[run->least].stopped_by);
		if (run->least != BOUND_FILES)
			worker_incomparable(worker,
					"stopped by %s, not by the kernel: it can carry more",
					bound_names[run->least].text);
	}
	holders_report(run->holders);
	worker_number(worker, "budget_bytes", run->budget_bytes);
	worker_number(worker, "planned_bytes_per_connection", BUDGET_PAIR_BYTES);
	if (held > 100000 && used > 0)
		worker_number(worker, "bytes_per_connection", used / held);
	worker_number(worker, "threads", (double)holders_threads(run->holders));
	worker_number(worker, "sockets", 2 * held);
}

static void run_scale(struct worker *worker)
{
	struct scale_run *run = calloc(1, sizeof *run);
	double goal = 0;
	if (!run) {
		(void)worker_refuse(worker, "not possible: too little memory");
		return;
	}
	run->worker = worker;
	if (scale_prepare(run, &goal))
		scale_tell(run, holders_fill(run->holders, (size_t)goal, hold_one, run, goal));
}

const struct calibrator calibrator_scale = {
		.id = "scale",
		.title = "connections that this host can carry within a memory budget",
		.unit = "connections",
		.hash_entries = 1 << 21,
		.seconds_usual = 120,
		.run = run_scale,
};
