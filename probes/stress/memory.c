/* memory: kernel bytes of an idle connection, from what grows while many are held.
 *
 * Loopback connections are opened (first nobody accepts, then all are accepted) and the kernel's
 * object caches are counted before, between and after: objects times their room, padding included.
 * Caches that grew by less than a quarter object per connection are other programs' business. The
 * result is one end of an accepted connection: socket, inode, file, dentry. It does not count
 * queued data, epoll, TLS, or the programs' own memory. Without root /proc/slabinfo cannot be read:
 * then all slab memory is compared, which other programs move too. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/os/file.h"
#include "base/text.h"
#include "probes/host/parse.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/client.h"
#include "probes/stress/slabs.h"

enum {
	PAIRS = 10000,
	WARM = 2000,
	QUEUE = 1 << 20,
	FDS_SPARE = 40,
	TEXT_MAX = 262144,
	SETTLES = 20
};

/* Sizes of objects differ from kernel to kernel by some of their fields (lockdep, security modules,
 * cgroups): an eighth of the model's 4 KiB is no disagreement. */
static const double tolerance_bytes = 512;

/* Both ends of `Slab:` may be off by other programs and by slabs that were partly free: what a run
 * may be wrong by. */
static const double coarse_error_ratio = 0.25;

struct memory_run {
	struct worker *worker;
	struct client client;
	struct route route;
	struct holders *holders;
	char *text;
	bool exact; /* /proc/slabinfo can be read */
	struct slabs before, between, after;
	double coarse[3]; /* "Slab:" of /proc/meminfo, bytes */
};

static bool take_slabs(struct memory_run *run, struct slabs *ret)
{
	return slabs_parse(file_text("/proc/slabinfo", run->text, TEXT_MAX),
			(double)sysconf(_SC_PAGESIZE),
			ret);
}

static double all_slabs(struct memory_run *run)
{
	uint64_t kib;
	int line;
	return parse_named(file_text("/proc/meminfo", run->text, TEXT_MAX), "Slab", &kib, &line)
			? (double)kib * 1024
			: NAN;
}

static double sockets_active(const struct slabs *slabs)
{
	double sum = 0;
	for (size_t i = 0; i < slabs->count; i++)
		if (text_begins_with(slabs->items[i].name, "TCP") ||
				strcmp(slabs->items[i].name, "sock_inode_cache") == 0)
			sum += slabs->items[i].active;
	return sum;
}

/* Sockets closed just before (by another calibration) are freed some milliseconds later, after an
 * RCU grace period: waits until their number stands still. */
static void memory_settle(struct memory_run *run)
{
	double last = -1;
	for (int i = 0; i < SETTLES && !worker_stopped(run->worker); i++) {
		if (!take_slabs(run, &run->before) || fabs(sockets_active(&run->before) - last) < 16)
			return;
		last = sockets_active(&run->before);
		(void)nanosleep(&(struct timespec){.tv_nsec = 25000000}, NULL);
	}
}

static bool memory_look(struct memory_run *run, unsigned when)
{
	static const char *const names[] = {"before", "between", "after"};
	struct slabs *const slabs[] = {&run->before, &run->between, &run->after};
	run->coarse[when] = all_slabs(run);
	if (run->exact ? take_slabs(run, slabs[when]) : !isnan(run->coarse[when]))
		return true;
	return worker_refuse(run->worker,
			"not possible: the kernel's memory cannot be read (%s the connections)",
			names[when]);
}

static int open_one(void *context, size_t index)
{
	struct memory_run *run = context;
	(void)index;
	int fd = client_open(&run->client, &run->route, 0, 0);
	return fd >= 0 ? fd : errno == EMFILE ? HOLDER_FULL : HOLDER_STOP;
}

/* By the first thread: a holder has closed its copy of the listener. */
static int memory_accept_all(struct memory_run *run, size_t count)
{
	for (size_t i = 0; i < count && !worker_stopped(run->worker); i++)
		if (accept4(run->client.listener, NULL, NULL, SOCK_CLOEXEC) < 0)
			return errno;
	return worker_stopped(run->worker) ? ECANCELED : 0;
}

struct listing {
	struct worker *worker;
	double pairs;
	unsigned count;
};

static void list_slab(void *context, const char *name, double more, double object_bytes)
{
	struct listing *listing = context;
	char field[16];
	if (listing->count >= 16)
		return;
	(void)snprintf(field, sizeof field, "slab_%u", ++listing->count);
	worker_text(listing->worker,
			field,
			"%s: %.2f objects of %.0f bytes per connection",
			name,
			more / listing->pairs,
			object_bytes);
}

static double exact_bytes(struct memory_run *run,
		const struct slabs *end,
		double pairs,
		bool bare,
		bool tell)
{
	struct listing listing = {.worker = run->worker, .pairs = pairs};
	return slabs_growth(&run->before, end, pairs / 4, bare, tell ? list_slab : NULL, &listing) /
			pairs;
}

static void memory_tell(struct memory_run *run, double pairs)
{
	struct worker *worker = run->worker;
	double unaccepted = run->exact ? exact_bytes(run, &run->between, pairs, false, false)
								   : (run->coarse[1] - run->coarse[0]) / pairs;
	double accepted = run->exact ? exact_bytes(run, &run->after, pairs, false, true)
								 : (run->coarse[2] - run->coarse[0]) / pairs;
	worker_number(worker, "bytes_unaccepted", fmax(unaccepted, 0));
	worker_number(worker, "bytes_accepted", fmax(accepted, 0));
	worker_number(worker, "connections", pairs);
	worker_text(worker,
			"method",
			run->exact ? "objects of /proc/slabinfo" : "Slab: of /proc/meminfo");
	if (run->exact)
		worker_number(worker,
				"bytes_accepted_without_padding",
				exact_bytes(run, &run->after, pairs, true, false));
	else
		worker_incomparable(worker,
				"not comparable: only root can read /proc/slabinfo, and the sum of all slabs is "
				"uncertain by about %.0f%%",
				coarse_error_ratio * 100);
	if (accepted > 0)
		worker_measured(worker,
				accepted / 2,
				run->exact ? tolerance_bytes : accepted / 2 * coarse_error_ratio,
				"none");
	else
		(void)worker_refuse(worker,
				"not possible: other programs freed more memory meanwhile than was measured");
}

/* Fills the partly free slabs first where only whole slabs are seen. */
static int warm(struct memory_run *run, size_t room)
{
	if (run->exact)
		return 0;
	for (size_t i = 0; i < WARM && i < room / 4; i++)
		if (client_open(&run->client, &run->route, 0, 0) < 0 ||
				accept4(run->client.listener, NULL, NULL, SOCK_CLOEXEC) < 0)
			return errno;
	return 0;
}

static void memory_measure(struct memory_run *run, size_t pairs, size_t room)
{
	struct worker *worker = run->worker;
	memory_settle(run);
	int error = warm(run, room);
	if (!error && !memory_look(run, 0))
		return;
	if (!error)
		error = holders_fill(run->holders, pairs, open_one, run, (double)pairs);
	if (!error && !memory_look(run, 1))
		return;
	if (!error)
		error = memory_accept_all(run, pairs);
	if (!error && !memory_look(run, 2))
		return;
	holders_report(run->holders);
	if (!error)
		memory_tell(run, (double)pairs);
	else if (error != ECANCELED)
		(void)worker_refuse(worker,
				"not possible: the connections cannot be held (%s)",
				strerrorname_np(error));
}

static bool memory_prepare(struct memory_run *run, size_t *ret_pairs, size_t *ret_room)
{
	struct worker *worker = run->worker;
	(void)setting_write("/proc/sys/net/core/somaxconn", "1048576");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_port_range", "1025 65534");
	if (!client_init(&run->client, worker, QUEUE))
		return false;
	run->client.bind = CALIBRATE_BIND_NONE;
	int error = client_route(&run->client, 0, 0, false, &run->route);
	if (error)
		return worker_refuse(worker,
				"not possible: the sandbox cannot have an address (%s)",
				strerrorname_np(error));
	/* Accepted ends are held by the first thread, clients by the holders' tables. */
	*ret_room = holders_room(2 * PAIRS);
	*ret_pairs = *ret_room < PAIRS + WARM * 2 + FDS_SPARE ? *ret_room * 2 / 5 : PAIRS;
	if (*ret_pairs < 400)
		return worker_refuse(worker,
				"not possible: with a limit of %zu open files there are too few connections to "
				"tell",
				*ret_room);
	if (!budget_allows(worker, (double)(*ret_pairs + WARM) * 1.2, 4))
		return false;
	run->holders = holders_new(worker, 4, 1);
	return true;
}

static void run_memory(struct worker *worker)
{
	struct memory_run *run = arena_alloc(arena_new(),
			sizeof *run); /* lives as long as the worker */
	size_t pairs = 0, room = 0;
	run->text = malloc(TEXT_MAX);
	if (!run->text) {
		(void)worker_refuse(worker, "not possible: too little memory");
		return;
	}
	run->worker = worker;
	run->exact = take_slabs(run, &run->before);
	if (memory_prepare(run, &pairs, &room))
		memory_measure(run, pairs, room);
}

const struct calibrator calibrator_memory = {
		.id = "memory",
		.title = "kernel memory of one idle connection",
		.unit = "bytes",
		.run = run_memory,
};
