/* fds: how many descriptors a program of the workload can still open under its soft limit. The
 * worker's own table is made like the program's (as many descriptors below the limit), then sockets
 * are opened until EMFILE. Where the limit is large the rest are copies of one descriptor, which
 * cost no memory and count alike (alloc_fd in fs/file.c counts numbers, not files). */
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/os/open.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/worker.h"

enum {
	SOCKETS_MAX = 16384
};

/* A descriptor table holds a pointer and some bits per number, and is copied when it doubles
 * (expand_fdtable). */
static const double table_bytes = 24;

/* To read a file, headroom needs one descriptor for the root directory and one for the file. */
static bool two_are_left(void)
{
	int first = dup(STDIN_FILENO), second = dup(STDIN_FILENO);
	bool refused = (first < 0 || second < 0) && errno == EMFILE;
	if (first >= 0)
		close(first);
	if (second >= 0)
		close(second);
	return !refused;
}

static bool fds_supported(const struct calibrate_request *request, const char **ret_reason)
{
	if (!isnan(request->nofile_soft) && request->nofile_soft >= 1)
		return true;
	*ret_reason = "not run: the workload's limit of open files is not known";
	if (!two_are_left())
		*ret_reason =
				"not run: headroom needs two open files to measure, but this process may open "
				"fewer";
	return false;
}

/* The limit as a number the kernel takes: fs.nr_open is the highest. */
static double fds_limit_of(struct worker *worker)
{
	double soft = worker->request->nofile_soft;
	if (isinf(soft))
		soft = facts_number(worker->request->facts, "fs.nr_open");
	return soft;
}

static bool set_limit(struct worker *worker, double soft)
{
	struct rlimit files;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0)
		return worker_refuse(worker, "not possible: the limit of open files cannot be read");
	files.rlim_cur = (rlim_t)soft;
	if (files.rlim_max < files.rlim_cur)
		files.rlim_max = files.rlim_cur;
	if (setrlimit(RLIMIT_NOFILE, &files) != 0)
		return worker_refuse(worker,
				"not run: the workload's soft limit of %.0f open files is above this process's "
				"hard "
				"limit, which cannot be raised here (%s)",
				soft,
				strerrorname_np(errno));
	return true;
}

/* The pipe moves above the limit, where it does not count, if the hard limit has room there.
 * Returns how many of the worker's own descriptors stay numbered below the limit. */
static int move_pipe(struct worker *worker, double soft)
{
	struct rlimit files;
	if (worker->out >= soft)
		return 0;
	if (getrlimit(RLIMIT_NOFILE, &files) != 0 || (double)files.rlim_max <= soft)
		return 1;
	files.rlim_cur = (rlim_t)soft + 1;
	int moved = setrlimit(RLIMIT_NOFILE, &files) == 0
			? fcntl(worker->out, F_DUPFD_CLOEXEC, (int)soft)
			: -1;
	if (moved < 0)
		return 1;
	close(worker->out);
	worker->out = moved;
	return 0;
}

/* Exactly `below` descriptors numbered below the limit. The numbers 0, 1, 2 are open; those of
 * them that are too many are closed, to make room for the worker's own. */
static bool occupy(struct worker *worker, double below, int own)
{
	for (int fd = (int)fmin(below - own, 3); fd < 3; fd++)
		close(fd);
	for (int have = 3 + own; have < below; have++)
		if (open_nothing(O_RDONLY | O_CLOEXEC) < 0)
			return worker_refuse(worker,
					"not possible: the program's %.0f open descriptors cannot be imitated (%s)",
					below,
					strerrorname_np(errno));
	return true;
}

static double fds_fill(struct worker *worker, double most, int *ret_error)
{
	double count = 0;
	int model = -1;
	for (; count < most && !worker_stopped(worker); count++) {
		int fd = count < SOCKETS_MAX ? socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) : dup(model);
		if (fd < 0) {
			*ret_error = errno;
			return count;
		}
		model = fd;
		if ((unsigned long)count % 65536 == 0)
			worker_progress(worker, count, most);
	}
	*ret_error = worker_stopped(worker) ? ECANCELED : 0;
	return count;
}

static void fds_tell(struct worker *worker, double found, double spent_s, int error)
{
	worker_reached(worker, found);
	if (error == EMFILE)
		worker_measured(worker, found, 0, "EMFILE");
	else if (error != ECANCELED)
		(void)worker_refuse(worker,
				"ended early for a reason other than the limit: %s",
				error ? strerrorname_np(error) : "no refusal");
	if (spent_s > 0)
		worker_rate(worker, found / spent_s);
	worker_number(worker, "sockets", fmin(found, SOCKETS_MAX));
}

/* With the limit still wide, the table as the program has it; then the limit. */
static void fds_measure(struct worker *worker, double soft, double below)
{
	int own = move_pipe(worker, soft), error = 0;
	if (own > below) {
		(void)worker_refuse(worker,
				"not possible: with a limit of %.0f the worker's own descriptor is in the way",
				soft);
		return;
	}
	if (!occupy(worker, below, own) || !set_limit(worker, soft))
		return;
	double start = worker_seconds(worker), found = fds_fill(worker, soft + 1, &error);
	fds_tell(worker, found, worker_seconds(worker) - start, error);
	worker_number(worker, "soft_limit", soft);
	worker_number(worker, "open_below_limit", below);
}

static void run_fds(struct worker *worker)
{
	double soft = fds_limit_of(worker), below = worker->request->open_below;
	if (isnan(below)) {
		worker_not_copied(worker, "process.fds_below_soft");
		below = 3;
	}
	below = fmin(below, soft); /* a lower limit leaves no more of them below it */
	if (isnan(soft) || soft > 1 << 30)
		(void)worker_refuse(worker,
				"not run: the open-files limit is not known, or too high to be reached");
	else if (soft * table_bytes > fmin(worker->request->bytes, budget_memory()))
		(void)worker_refuse(worker,
				"not run: a table of %.0f descriptors needs more memory than the budget allows",
				soft);
	else
		fds_measure(worker, soft, below);
}

const struct calibrator calibrator_fds = {
		.id = "fds",
		.title = "open files until EMFILE",
		.unit = "descriptors",
		.no_network = true,
		.supported = fds_supported,
		.run = run_fds,
};
