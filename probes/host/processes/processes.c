/* One pass over the processes. It looks for running Erlang VMs, the port forwarders of Docker and
 * the Kubernetes node agents. Reads every comm, and command lines only of those. */
#include <stdio.h>
#include <string.h>

#include "base/array.h"
#include "base/portset.h"
#include "base/text.h"
#include "probes/host/engines/engines.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/processes/erlang.h"
#include "probes/host/processes/erlang_vm.h"
#include "probes/host/processes/inotify.h"
#include "probes/host/processes/kube_proxy.h"
#include "probes/host/processes/open_files.h"
#include "probes/host/processes/user_threads.h"
#include "probes/host/put.h"

enum {
	PROCESSES_MAX = 32768,
	BEAMS_MAX = 1024, /* more are counted, not looked at */
	COMM_BYTES = 32
};

struct scan {
	struct probing *probing;
	struct portset published;
	unsigned beams, kubernetes;
	unsigned found; /* processes that matter */
	bool sizes;     /* the size of /proc/PID/fd is the number of files */
	bool lost;      /* the snapshot lacks the name of a process */
	struct most_open_files most;
	struct fullest_files fullest;
};

/* How many processes a snapshot keeps: one that is lost would otherwise not be missed. */
static const char found_file[] = "processes";

static void found_beam(struct scan *scan, int pid)
{
	if (scan->beams++ >= BEAMS_MAX)
		return;
	erlang_vm_found(scan->probing, pid);
}

static void add_port(struct portset *set, const char *text)
{
	uint64_t port;
	if (parse_whole(text, &port) && port <= 65535)
		portset_add(set, (unsigned)port, (unsigned)port);
}

/* docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 … (moby cmd/docker-proxy) */
static void found_proxy(struct scan *scan, int pid)
{
	struct probing *probing = scan->probing;
	const char *path = arena_printf(probing->arena, "proc/%d/cmdline", pid);
	const char *bytes, *previous = "";
	size_t length;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return;
	const char *word = arena_copy(probing->arena, bytes, length);
	const char *end = word + length;
	source_keep(probing->source, path, bytes, length);
	while (word < end) {
		if (strcmp(previous, "-host-port") == 0)
			add_port(&scan->published, word);
		previous = word;
		word += strlen(word) + 1;
	}
}

static void found_kubernetes(struct scan *scan, int pid)
{
	(void)pid;
	scan->kubernetes++;
}

static void found_kube_proxy(struct scan *scan, int pid)
{
	scan->kubernetes++;
	kube_proxy_found(scan->probing, pid);
}

/* Names as in comm: at most 15 bytes (TASK_COMM_LEN). */
struct process_row {
	const char *comm;
	void (*found)(struct scan *scan, int pid);
};

static const struct process_row process_rows[] = {
		{"beam.smp", found_beam},
		{"beam", found_beam},
		{"docker-proxy", found_proxy},
		{"kubelet", found_kubernetes},
		{"kube-proxy", found_kube_proxy},
};

/* Kernel threads have no files. Since 6.2 the size of their fd directory says so (commit
 * f1f1f2569901). */
static bool is_kernel_thread(struct scan *scan, int pid)
{
	char path[64];
	double files;
	if (!scan->sizes)
		return false;
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	if (!source_size(scan->probing->source, path, &files))
		return false;
	open_files_note(&scan->most, pid, files);
	open_files_ask(scan->probing, &scan->fullest, pid, files);
	return files == 0;
}

/* The first line of the process's comm, into name[COMM_BYTES]. false: it cannot be read. */
static bool read_comm(struct scan *scan, const char *path, char *name)
{
	const char *comm;
	size_t length;
	int error = source_read_bytes(scan->probing->source, path, &comm, &length);
	if (error == SOURCE_NOT_COLLECTED)
		scan->lost = true;
	if (error)
		return false;
	if (length >= COMM_BYTES)
		return false;
	size_t size = strcspn(comm, "\n");
	memcpy(name, comm, size);
	name[size] = '\0';
	return true;
}

static const struct process_row *processes_find_row(const char *name)
{
	for (size_t i = 0; i < COUNT_OF(process_rows); i++) {
		if (strcmp(name, process_rows[i].comm) == 0)
			return &process_rows[i];
	}
	return NULL;
}

static void processes_look_at(struct scan *scan, int pid)
{
	char path[64], name[COMM_BYTES];
	if (is_kernel_thread(scan, pid))
		return;
	(void)snprintf(path, sizeof path, "proc/%d/comm", pid);
	if (!read_comm(scan, path, name))
		return;
	const struct process_row *row = processes_find_row(name);
	if (!row)
		return;
	const char *kept = arena_printf(scan->probing->arena, "%s\n", name);
	source_keep(scan->probing->source, path, kept, strlen(kept));
	scan->found++;
	row->found(scan, pid);
}

static void processes_put_found(struct scan *scan, const char *note)
{
	static const char published_from[] = "docker-proxy command lines, nft rules";
	struct probing *probing = scan->probing;
	struct text text = {0};
	portset_print(&scan->published, &text);
	const char *ports = text_take(probing->arena, &text);
	bool node = scan->kubernetes > 0;
	struct fact *fact;
	fact = facts_put_text(probing->facts, "ports.published", NULL, ports, published_from);
	fact->note = note;
	fact->read_at = probing->read_at;
	fact = facts_put_number(probing->facts,
			"kubernetes.node",
			NULL,
			node,
			UNIT_BOOL,
			"/proc/*/comm");
	fact->note = note;
	fact->read_at = probing->read_at;
}

static void processes_keep_count(const struct scan *scan)
{
	struct probing *probing = scan->probing;
	const char *kept = arena_printf(probing->arena, "%u\n", scan->found);
	source_keep(probing->source, found_file, kept, strlen(kept));
}

/* Are all processes there that the snapshot kept? 0.1 did not count them. */
static bool processes_are_all(const struct scan *scan)
{
	struct probing *probing = scan->probing;
	char *text;
	uint64_t count;
	if (scan->lost)
		return false;
	if (probing->live || source_is_of_first_release(probing->source))
		return true;
	if (probing_read_text(probing, found_file, &text) != 0)
		return false;
	const char *cursor = text;
	return parse_u64(&cursor, &count) && count == scan->found;
}

/* What --container new reads of a snapshot. */
static void keep_engines(struct probing *probing)
{
	struct engines engines;
	if (source_keeps(probing->source))
		engines_read(probing->arena, probing->source, &engines);
}

static void processes_run(struct probing *probing)
{
	struct scan *scan = arena_alloc(probing->arena, sizeof *scan);
	const int *pids;
	const char *note = NULL;
	size_t count;
	bool more;
	scan->probing = probing;
	scan->sizes = probing->live && facts_number(probing->facts, "kernel.version") >= 6002;
	int error = source_pids(probing->source, PROCESSES_MAX, &pids, &count, &more);
	if (error) {
		put_errno(probing, "ports.published", UNIT_TEXT, "proc", error);
		put_errno(probing, "kubernetes.node", UNIT_BOOL, "proc", error);
		put_lists(probing, "beam.", LIST_SKIPPED, error);
		return;
	}
	for (size_t i = 0; i < count; i++)
		processes_look_at(scan, pids[i]);
	if (more)
		note = "more than 32,768 processes: the rest was not looked at";
	processes_put_found(scan, note);
	user_threads_put(probing, pids, count, more);
	inotify_put(probing, pids, count, more);
	open_files_put(probing, &scan->most, &scan->fullest, scan->sizes);
	enum list_state beams = LIST_COMPLETE;
	if (more || scan->beams > BEAMS_MAX)
		beams = LIST_PARTIAL;
	processes_keep_count(scan);
	if (!processes_are_all(scan))
		beams = LIST_SKIPPED;
	put_lists(probing, "beam.", beams, 0);
	erlang_put(probing, scan->beams > 0);
	keep_engines(probing);
}

const struct probe probe_processes = {.name = "processes", .run = processes_run};
