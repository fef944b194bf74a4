/* erlang: how many connections the real VM opens under the workload's descriptor limit and port
 * flags, and what stops it: emfile (descriptors), system_limit (its table of ports), a timeout.
 *
 * The prediction is made from the started VM, before its first connection: its limit less the
 * descriptors really open below it, and its table less the ports in use. The sandbox has the
 * server, which never accepts, and all ports, so that neither ends it. It tells nothing of memory
 * and schedulers under traffic. */
#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/array.h"
#include "base/os/file.h"
#include "probes/host/parse.h"
#include "probes/host/processes/beam.h"
#include "probes/stress/budget.h"
#include "probes/stress/calibrator.h"
#include "probes/stress/client.h"
#include "probes/stress/vm.h"

/* STEP: as the VM's program reports. VM_BYTES: user memory of the VM for a socket. PORT_BYTES: of
 * an entry of its table (1.5 GB were reported for 2^27 ports). BASE_BYTES: the VM itself. */
enum {
	REST_READINGS = 5,
	QUEUE = 1 << 24,
	STEP = 500,
	VM_BYTES = 2600,
	PORT_BYTES = 16,
	BASE_BYTES = 64 << 20,
	CONNECTIONS_MAX = 3000000,
};

struct milestone {
	const char *name;
	double connections;
};

static const struct milestone milestones[] = {{"1k", 1000},
		{"10k", 10000},
		{"50k", 50000},
		{"64k", 64000}};
enum {
	MILESTONES = COUNT_OF(milestones)
};

struct erlang_run {
	struct worker *worker;
	struct calibrate_request request; /* with the port limit that is to hold */
	struct client client;
	struct vm vm;
	double soft, below, port_limit, ports_used, most;
	double pid;
	double started_s; /* when the first connection began */
	double last_at;   /* the latest sample */
	double reached_s[MILESTONES];
	double *times_s; /* of the 500th, 1,000th, … connection; 0 first */
	size_t times;
};

static bool erlang_supported(const struct calibrate_request *request, const char **ret_reason)
{
	if (isnan(request->nofile_soft) || request->nofile_soft < 1)
		*ret_reason = "not run: the workload's limit of open files is not known";
	else if (!request->erl && request->erl_why)
		*ret_reason = request->erl_why;
	else if (!request->erl)
		*ret_reason = "not run: erl is not installed (no such program on PATH)";
	return *ret_reason == NULL;
}

/* Descriptors of a process numbered below `limit`; NAN if they cannot be seen. */
static double descriptors_below(double pid, double limit)
{
	char path[64];
	(void)snprintf(path, sizeof path, "/proc/%.0f/fd", pid);
	DIR *directory = file_open_directory(path);
	double count = 0;
	if (!directory)
		return NAN;
	for (struct dirent *entry; (entry = readdir(directory));) {
		uint64_t number;
		count += parse_whole(entry->d_name, &number) && (double)number < limit;
	}
	(void)closedir(directory);
	return count;
}

/* At rest: the VM closes the socket of its warming-up a little later, when its poll thread has let
 * go of it. */
static double descriptors_at_rest(const struct worker *worker, double pid, double limit)
{
	double last = -1;
	unsigned same = 0;
	for (unsigned i = 0; i < REST_READINGS * 20 && same < REST_READINGS && !worker_stopped(worker);
			i++) {
		double now = descriptors_below(pid, limit);
		if (isnan(now))
			return NAN;
		same = fabs(now - last) < 0.5 ? same + 1 : 0;
		last = now;
		(void)nanosleep(&(struct timespec){.tv_nsec = 10000000}, NULL);
	}
	return last;
}

static void note_progress(struct erlang_run *run, const struct vm_answer *answer)
{
	double at = answer->first, t_s = answer->second / 1e6;
	for (size_t i = 0; i < MILESTONES; i++)
		if (run->reached_s[i] < 0 && at >= milestones[i].connections && answer->word == VM_AT)
			run->reached_s[i] = t_s;
	if (run->times_s && at >= (double)(run->times * STEP) &&
			(double)(run->times * STEP) <= run->most)
		run->times_s[run->times++] = t_s;
	/* At most 200 samples. */
	double step = fmax(run->most / 150, 500);
	if (at - run->last_at >= step) {
		worker_sample(run->worker, run->started_s + t_s, at);
		run->last_at = at;
	}
	worker_progress(run->worker, at, run->most);
}

static double time_at(const struct erlang_run *run, double count)
{
	size_t step = (size_t)(count / STEP);
	if (step + 1 >= run->times)
		return run->times_s[run->times - 1];
	return run->times_s[step] +
			(count / STEP - (double)step) * (run->times_s[step + 1] - run->times_s[step]);
}

static void tell_deciles(const struct erlang_run *run)
{
	double all = run->times_s ? (double)((run->times - 1) * STEP) : 0;
	for (unsigned i = 0; i < CALIBRATION_DECILES && all >= 10 * STEP; i++) {
		double spent = time_at(run, all * (i + 1) / 10) - time_at(run, all * i / 10);
		if (spent > 0)
			worker_decile(run->worker, i, all / 10 / spent);
	}
}

static void tell_milestones(struct erlang_run *run)
{
	for (size_t i = 0; i < MILESTONES; i++) {
		char name[32];
		if (run->reached_s[i] < 0)
			continue;
		(void)snprintf(name, sizeof name, "milestone_%s_s", milestones[i].name);
		worker_number(run->worker, name, run->reached_s[i]);
		(void)snprintf(name, sizeof name, "milestone_%s_per_s", milestones[i].name);
		if (run->reached_s[i] > 0)
			worker_number(run->worker, name, milestones[i].connections / run->reached_s[i]);
	}
}

static void tell_end(struct erlang_run *run, const struct vm_answer *end)
{
	struct worker *worker = run->worker;
	bool of_itself = strcmp(end->text, "emfile") == 0 || strcmp(end->text, "system_limit") == 0;
	worker_reached(worker, end->first);
	worker_sample(worker, run->started_s + end->second / 1e6, end->first);
	if (end->second > 0)
		worker_rate(worker, end->first / (end->second / 1e6));
	tell_milestones(run);
	tell_deciles(run);
	if (of_itself) {
		worker_measured(worker, end->first, 0, end->text);
		return;
	}
	worker_stopped_by(worker, strcmp(end->text, "most") == 0 ? "memory_budget" : end->text);
	(void)worker_refuse(worker,
			"ended early for a reason other than the VM's limits: %s",
			strcmp(end->text, "most") == 0 ? "the memory budget" : end->text);
}

static void tell_start(struct erlang_run *run)
{
	struct worker *worker = run->worker;
	double descriptors = run->soft - run->below, ports = run->port_limit - run->ports_used;
	worker_number(worker, "port_limit", run->port_limit);
	worker_number(worker, "ports_at_start", run->ports_used);
	worker_number(worker, "soft_limit", run->soft);
	worker_number(worker, "open_below_limit", run->below);
	if (isnan(run->below)) {
		worker_incomparable(worker, "not comparable: the VM's descriptors cannot be seen in /proc");
		return;
	}
	worker_predicted(worker, fmax(fmin(descriptors, ports), 0));
	worker_text(worker, "binding", descriptors <= ports ? "descriptors" : "ports of the VM");
}

/* The VM under way to its end. */
static void erlang_follow(struct erlang_run *run)
{
	struct vm_answer answer = {.word = VM_WORDS};
	run->started_s = worker_seconds(run->worker);
	if (vm_go(&run->vm))
		while (vm_read(&run->vm, run->worker, &answer) && answer.word == VM_AT)
			note_progress(run, &answer);
	if (answer.word == VM_END) {
		tell_end(run, &answer);
		return;
	}
	worker_reached(run->worker, run->last_at);
	tell_milestones(run);
	if (!worker_stopped(run->worker))
		(void)worker_refuse(run->worker, "ended early: the Erlang VM ended without an answer");
}

static void erlang_measure(struct erlang_run *run)
{
	struct vm_answer answer;
	int error = vm_start(&run->vm, &run->request, run->soft, run->client.listen_port, run->most);
	if (error) {
		(void)worker_refuse(run->worker,
				"not possible: erl cannot be started (%s)",
				strerrorname_np(error));
		return;
	}
	bool good = vm_read(&run->vm, run->worker, &answer) && answer.word == VM_PID;
	run->pid = good ? answer.first : NAN;
	good = good && vm_read(&run->vm, run->worker, &answer) && answer.word == VM_READY;
	if (good) {
		run->port_limit = answer.first;
		run->ports_used = answer.second;
		run->below = descriptors_at_rest(run->worker, run->pid, run->soft);
		worker_number(run->worker, "vm_start_s", worker_seconds(run->worker));
		tell_start(run);
		erlang_follow(run);
	} else if (!worker_stopped(run->worker)) {
		(void)worker_refuse(run->worker,
				"not possible: the Erlang VM does not start here (%.0f open files, +Q %.0f; it "
				"also needs about 30 threads)",
				run->soft,
				run->request.erlang_ports);
	}
	vm_end(&run->vm);
}

/* The limit as the VM gets it; false: it cannot. */
static bool find_soft(struct erlang_run *run)
{
	const struct calibrate_request *request = run->worker->request;
	double soft = request->nofile_soft;
	if (isinf(soft))
		soft = facts_number(request->facts, "fs.nr_open");
	double room = isnan(soft) ? 0 : (double)holders_room((size_t)fmin(soft, 1e12));
	run->soft = soft;
	if (isnan(soft))
		return worker_refuse(run->worker,
				"not run: the open-files limit is not known, or too high to be reached");
	if (room < soft)
		return worker_refuse(run->worker,
				"not run: the workload's soft limit of %.0f open files is above this "
				"process's hard limit, which cannot be raised here",
				soft);
	return true;
}

/* What the request does not say, the target does: the tightest VM that runs there, or its erl's
 * flags. 0: the environment's ERL_ variables, or the VM's default, which follows the descriptor
 * limit above 65,536. */
static double target_ports(const struct facts *facts)
{
	size_t first, count = facts_instances(facts, "beam.port_limit", &first);
	double least = INFINITY, flags = facts_number(facts, "erlang.port_limit");
	for (size_t i = first; i < first + count; i++)
		if (facts->items[i]->status == FACT_KNOWN)
			least = fmin(least, facts->items[i]->number);
	if (isfinite(least))
		return least;
	return isnan(flags) || fabs(flags - BEAM_PORTS_DEFAULT) < 0.5 ? 0 : flags;
}

static bool find_most(struct erlang_run *run)
{
	const struct calibrate_request *request = &run->request;
	double table = fmax(fmax(request->erlang_ports, request->erlang_max_ports), run->soft);
	double spare = fmin(request->bytes, budget_memory()) - BASE_BYTES - 2 * table * PORT_BYTES;
	run->most = floor(
			fmin(fmin(spare / (BUDGET_PAIR_BYTES + VM_BYTES), budget_files()), CONNECTIONS_MAX));
	run->most = fmin(run->most, run->soft + 1);
	return run->most >= 1 ||
			worker_refuse(run->worker,
					"not run: the VM's tables need more memory than the budget allows");
}

static void run_erlang(struct worker *worker)
{
	struct erlang_run run = {.worker = worker,
			.request = *worker->request,
			.reached_s = {-1, -1, -1, -1}};
	if (!(run.request.erlang_ports > 0) && !(run.request.erlang_max_ports > 0))
		run.request.erlang_ports = target_ports(worker->request->facts);
	(void)setting_write("/proc/sys/net/core/somaxconn", "16777216");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_reserved_ports", "");
	(void)setting_write("/proc/sys/net/ipv4/ip_local_port_range", "1025 65534");
	if (!find_soft(&run) || !find_most(&run) || !client_init(&run.client, worker, QUEUE))
		return;
	run.times_s = calloc((size_t)(run.most / STEP) + 2, sizeof *run.times_s);
	run.times = 1;
	erlang_measure(&run);
	free(run.times_s);
}

const struct calibrator calibrator_erlang = {
		.id = "erlang",
		.title = "connections of an Erlang VM",
		.unit = "connections",
		.hash_entries = 131072,
		.own_pids = true,
		.supported = erlang_supported,
		.run = run_erlang,
};
