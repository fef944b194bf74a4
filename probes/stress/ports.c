/* ports: how many connections the kernel gives the workload's client, over all destinations of the
 * plan.
 *
 * 1. Every port of the range is tried once per route, with the program's own system calls, in a
 * socket confined to that port (client.c): 100,000 and more per second, at the same rate to the
 * end.
 * 2. The result is confirmed with ordinary connect(): it must fail; with one known port freed it
 * must take exactly that port; then fail again. An ordinary connect() that succeeds is counted, so
 * the count is the kernel's.
 * 3. On the way, a few ordinary connect()s at both sides of half the range measure the knee of the
 * port search. Nobody accepts: the server's ends wait in the queue of one listener. It does not
 * measure TIME_WAIT (churn does). */
#include <errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/os/clock.h"
#include "base/sort.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/client.h"

enum {
	KNEE_BLOCK = 512,
	KNEE_SAMPLES = 15,
	CONFIRM_MAX = 8,
	EXTRA_MAX = 4096,
	QUEUE = 1 << 24,
	FDS_SPARE = 40,
	SAMPLE_ROUTES = 4
};

/* What a slow or busy machine fills, for planning. */
static const double slow_rate_per_s = 40000;

struct ports_run {
	struct worker *worker;
	struct client client;
	struct holders *holders;
	struct route *routes;
	size_t route_count;
	unsigned *order;          /* ports in the order in which they are tried */
	size_t order_count, half; /* order[0 … half) are of the parity connect() takes first */
	struct portset taken;     /* on route 0, by the knee's ordinary connects */
	unsigned known;           /* kept by the first thread, on the first CONFIRM_MAX routes */
	int known_fds[CONFIRM_MAX];
	size_t base, routes_base; /* of the running fill */
	size_t room;              /* descriptors of one table */
	double total, elsewhere;  /* elsewhere: held on addresses that this plan does not bind */
	const char *stopped_by;
};

/* The port and the number of the route of a job. */
static unsigned job_port(const struct ports_run *run, size_t index, size_t *ret_number)
{
	*ret_number = run->routes_base + index / (run->order_count - run->base);
	return run->order[run->base + index % (run->order_count - run->base)];
}

static bool is_skipped(const struct ports_run *run, size_t number, unsigned port)
{
	if (port == run->known && number < CONFIRM_MAX)
		return true;
	if (number == 0 && portset_has(&run->taken, port))
		return true;
	/* An explicit bind() would take what no client gets by itself. */
	if (!run->client.by_range && portset_has(&run->client.reserved, port))
		return true;
	return !run->client.by_range && run->elsewhere < 1 && !client_usable(&run->client, port);
}

static int fill_one(void *context, size_t index)
{
	struct ports_run *run = context;
	size_t number;
	unsigned port = job_port(run, index, &number);
	if (is_skipped(run, number, port))
		return HOLDER_NOTHING;
	int fd = client_open(&run->client, &run->routes[number], port, 0);
	if (fd >= 0)
		return fd;
	if (errno == EMFILE)
		return HOLDER_FULL;
	if (client_ends_with(errno))
		return HOLDER_NOTHING;
	return HOLDER_STOP;
}

/* Tries order[from … to) on route `number`. */
static int fill_part(struct ports_run *run, size_t number, size_t from, size_t to)
{
	size_t all = run->order_count;
	run->base = from;
	run->routes_base = number;
	run->order_count = to;
	int error = to > from ? holders_fill(run->holders, to - from, fill_one, run, run->total) : 0;
	run->order_count = all;
	return error;
}

static int fill_rest(struct ports_run *run)
{
	run->base = 0;
	run->routes_base = 1;
	return run->route_count > 1 ? holders_fill(run->holders,
										  (run->route_count - 1) * run->order_count,
										  fill_one,
										  run,
										  run->total)
								: 0;
}

/* Median time of a few ordinary connects on route 0; NAN if they fail. They stay open. */
static double sample_connects(struct ports_run *run)
{
	double times[KNEE_SAMPLES];
	for (unsigned i = 0; i < KNEE_SAMPLES; i++) {
		double start = clock_now_s();
		int fd = client_open(&run->client, &run->routes[0], 0, 0);
		if (fd < 0)
			return NAN;
		times[i] = clock_now_s() - start;
		portset_add(&run->taken, client_port(fd), client_port(fd));
		holders_count(run->holders, 1);
	}
	sort_numbers(times, KNEE_SAMPLES);
	return times[KNEE_SAMPLES / 2];
}

/* Route 0, with the knee where the range is wide enough to have one. bind() chooses ports in
 * another order, so it is measured for connect() alone. */
static int fill_first(struct ports_run *run)
{
	bool connects = run->client.bind == CALIBRATE_BIND_NONE ||
			run->client.bind == CALIBRATE_BIND_NOPORT;
	if (!connects || run->half < 4 * KNEE_BLOCK || run->room < 2 * KNEE_SAMPLES + FDS_SPARE)
		return fill_part(run, 0, 0, run->order_count);
	size_t before = run->half - KNEE_BLOCK;
	int error = fill_part(run, 0, 0, before);
	if (error)
		return error;
	double below_s = sample_connects(run);
	error = fill_part(run, 0, before, run->half);
	if (error)
		return error;
	double above_s = sample_connects(run);
	worker_number(run->worker, "connect_us_before_half", below_s * 1e6);
	worker_number(run->worker, "connect_us_after_half", above_s * 1e6);
	return fill_part(run, 0, run->half, run->order_count);
}

/* Ordinary connects until refused; returns how many succeeded, *ret_error why it ended. They stay
 * open. */
static size_t connect_until_refused(struct ports_run *run, size_t number, int *ret_error)
{
	size_t count = 0;
	while (count < EXTRA_MAX && !worker_stopped(run->worker)) {
		if (client_open(&run->client, &run->routes[number], 0, 0) < 0) {
			*ret_error = errno;
			return count;
		}
		count++;
	}
	*ret_error = worker_stopped(run->worker) ? ECANCELED : EOVERFLOW;
	return count;
}

/* One route: full, then exactly the freed port, then full again. */
static bool confirm_route(struct ports_run *run, size_t number)
{
	int error;
	size_t more = connect_until_refused(run, number, &error);
	holders_count(run->holders, more);
	run->stopped_by = strerrorname_np(error);
	if (!client_ends_with(error))
		return false;
	if (run->known == 0)
		return true;
	close(run->known_fds[number]);
	int fd = client_open(&run->client, &run->routes[number], 0, 0);
	bool same = fd >= 0 && client_port(fd) == run->known;
	if (fd < 0)
		holders_count(run->holders, (size_t)-1);
	return same && connect_until_refused(run, number, &error) == 0 && client_ends_with(error);
}

static size_t confirmed_routes(const struct ports_run *run)
{
	/* Explicit binds of one route keep the port from plain connects of all others. */
	size_t most = run->client.by_range ? CONFIRM_MAX : 1;
	return run->route_count < most ? run->route_count : most;
}

static bool ports_confirm(struct ports_run *run)
{
	bool good = true;
	if (!run->client.by_range && run->route_count > 1) {
		worker_text(run->worker,
				"confirmed",
				"no: several routes, and this kernel has no IP_LOCAL_PORT_RANGE");
		run->stopped_by = "EADDRNOTAVAIL";
		return true;
	}
	for (size_t i = 0; i < confirmed_routes(run); i++)
		good = confirm_route(run, i) && good;
	worker_text(run->worker, "confirmed", good ? "yes" : "no");
	if (!good)
		worker_incomparable(run->worker,
				"not comparable: plain connect() did not confirm the count (%s)",
				run->stopped_by);
	return good;
}

/* The port in the middle of the range that a client can get: it is reached whatever the parity. */
static unsigned middle_port(const struct client *client)
{
	unsigned middle = client->low + (client->high - client->low) / 2;
	for (unsigned away = 0; away <= client->high - client->low; away++) {
		if (middle + away <= client->high && client_usable(client, middle + away))
			return middle + away;
		if (middle >= client->low + away && client_usable(client, middle - away))
			return middle - away;
	}
	return 0;
}

static bool keep_known(struct ports_run *run)
{
	run->known = run->client.by_range || run->route_count == 1 ? middle_port(&run->client) : 0;
	for (size_t i = 0; i < confirmed_routes(run) && run->known; i++) {
		run->known_fds[i] = client_open(&run->client, &run->routes[i], run->known, 0);
		if (run->known_fds[i] < 0)
			return worker_refuse(run->worker,
					"not possible: the first connection fails (%s)",
					strerrorname_np(errno));
		holders_count(run->holders, 1);
	}
	return true;
}

/* The parity of the range's first port first, as connect() does (__inet_hash_connect). */
static void order_ports(struct ports_run *run)
{
	const struct client *client = &run->client;
	run->order = calloc(client->high - client->low + 1, sizeof *run->order);
	for (unsigned parity = 0; run->order && parity < 2; parity++) {
		for (unsigned port = client->low + parity; port <= client->high; port += 2)
			run->order[run->order_count++] = port;
		if (parity == 0)
			run->half = run->order_count;
	}
}

/* All of them if memory, files and time allow; else a few, as a sample: filling more would prove no
 * more. */
static double routes_that_fit(const struct ports_run *run, double wanted)
{
	const struct calibrate_request *request = run->worker->request;
	double spare = fmin(fmin(budget_memory(), request->bytes) / BUDGET_PAIR_BYTES, budget_files());
	spare = fmin(spare, request->seconds * slow_rate_per_s);
	double fit = run->client.usable > 0 ? floor(spare / run->client.usable) : ROUTES_MAX;
	return wanted <= fmin(fit, ROUTES_MAX) ? wanted : fmin(fmax(fit, 1), SAMPLE_ROUTES);
}

/* none: per destination. noport: per source and destination. address: per source, whatever the
 * destinations. wildcard: once. */
static bool ports_make_routes(struct ports_run *run, double *ret_wanted)
{
	const struct calibrate_request *request = run->worker->request;
	double sources = run->client.bind == CALIBRATE_BIND_NOPORT ||
					run->client.bind == CALIBRATE_BIND_ADDRESS
			? request->sources
			: 1;
	double targets = run->client.bind == CALIBRATE_BIND_NONE ||
					run->client.bind == CALIBRATE_BIND_NOPORT
			? request->destinations
			: 1;
	*ret_wanted = sources * targets;
	double count = routes_that_fit(run, *ret_wanted);
	run->routes = calloc((size_t)count, sizeof *run->routes);
	for (run->route_count = 0; run->routes && (double)run->route_count < count;
			run->route_count++) {
		size_t i = run->route_count;
		int error = client_route(&run->client,
				i % (size_t)fmin(sources, ROUTES_MAX),
				i / (size_t)fmin(sources, ROUTES_MAX),
				false,
				&run->routes[i]);
		if (error)
			return worker_refuse(run->worker,
					"not possible: the sandbox cannot have an address of the plan (%s)",
					strerrorname_np(error));
	}
	return run->routes || worker_refuse(run->worker, "not possible: too little memory");
}

static bool ports_prepare(struct ports_run *run, double *ret_wanted)
{
	/* The queue must take every connection: this calibrator is not about it. */
	(void)setting_write("/proc/sys/net/core/somaxconn", "16777216");
	if (!client_init(&run->client, run->worker, QUEUE) || !ports_make_routes(run, ret_wanted))
		return false;
	order_ports(run);
	if (!run->order)
		return worker_refuse(run->worker, "not possible: too little memory");
	for (size_t i = 0; i < run->route_count; i++)
		run->elsewhere += client_elsewhere(&run->client, &run->routes[i]);
	run->total = run->client.usable * (double)run->route_count + run->elsewhere;
	double descriptors = run->total + (double)run->client.blockers;
	run->room = holders_room((size_t)descriptors + 4 * FDS_SPARE);
	double tables = ceil(descriptors / fmax((double)run->room - 16, 1)) + 2;
	if (run->room < FDS_SPARE)
		return worker_refuse(run->worker,
				"not possible: a limit of %zu open files is too low for it",
				run->room);
	if (!budget_allows(run->worker, run->total, tables))
		return false;
	run->holders = holders_new(run->worker, (size_t)tables, 0);
	int error = client_block(&run->client, run->holders);
	if (error && error != ECANCELED)
		return worker_refuse(run->worker,
				"not possible: the target's listeners cannot be imitated (%s)",
				strerrorname_np(error));
	holders_reset(run->holders);
	return !error && keep_known(run);
}

/* The model knows ports, not addresses: it counts every held port as in the way, and the verdict
 * stays with that. What this very plan's bind() will get is known before the run. */
static void predict(struct ports_run *run, double wanted)
{
	struct worker *worker = run->worker;
	bool binds = run->client.bind == CALIBRATE_BIND_WILDCARD ||
			run->client.bind == CALIBRATE_BIND_ADDRESS;
	/* Which of them are in the way of an IPv6 bind() is left to the kernel. */
	if (binds && run->client.family == AF_INET6 && run->client.blockers > 0)
		worker_at_least(worker);
	if (run->elsewhere < 1 || wanted > (double)run->route_count ||
			isnan(worker->request->predicted))
		return;
	worker_number(worker, "held_on_other_addresses", run->elsewhere);
	worker_number(worker, "modelled", worker->request->predicted);
	worker_predicted(worker, worker->request->predicted + run->elsewhere);
}

static void ports_tell(struct ports_run *run, int error, double wanted)
{
	if (!error && ports_confirm(run)) {
		if (wanted > (double)run->route_count)
			worker_incomparable(run->worker,
					"only %zu of %.0f routes fit into the budget",
					run->route_count,
					wanted);
		else
			worker_measured(run->worker,
					(double)holders_held(run->holders),
					run->client.odd ? (double)run->route_count : 0,
					run->stopped_by);
	} else if (error && error != ECANCELED) {
		worker_incomparable(run->worker,
				"ended early for a reason other than ports: %s",
				error == EAGAIN ? "no further thread can be started (EAGAIN)"
								: strerrorname_np(error));
		worker_stopped_by(run->worker, strerrorname_np(error));
	}
	holders_report(run->holders);
	worker_number(run->worker, "usable_ports", run->client.usable);
	worker_number(run->worker, "routes", (double)run->route_count);
	worker_number(run->worker, "listen_or_bound_in_range", (double)run->client.blockers);
	worker_number(run->worker, "threads", (double)holders_threads(run->holders));
	worker_text(run->worker,
			"method",
			run->client.by_range ? "IP_LOCAL_PORT_RANGE" : "explicit bind");
}

static void run_ports(struct worker *worker)
{
	struct ports_run *run = calloc(1, sizeof *run);
	double wanted = 0;
	if (!run) {
		(void)worker_refuse(worker, "not possible: too little memory");
		return;
	}
	run->worker = worker;
	run->stopped_by = "none";
	if (!ports_prepare(run, &wanted))
		return;
	predict(run, wanted);
	client_check_sources(&run->client, run->route_count);
	int error = fill_first(run);
	if (!error)
		error = fill_rest(run);
	ports_tell(run, error, wanted);
}

const struct calibrator calibrator_ports = {
		.id = "ports",
		.title = "connections until no port is left",
		.unit = "connections",
		.matters = SETTING(PORT_RANGE) | SETTING(RESERVED_PORTS) | SETTING(PORT_START) |
				SETTING(AUTOBIND_REUSE) | SETTING(PORT_STEP),
		.hash_entries = 131072,
		.run = run_ports,
};
