/* One pass over the processes: running Erlang VMs, Docker's port forwarders, the Kubernetes node
 * agents. Reads every comm, and the command line of those only. */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/array.h"
#include "base/portset.h"
#include "base/text.h"
#include "probes/host/beam.h"
#include "probes/host/descriptors.h"
#include "probes/host/erlang.h"
#include "probes/host/kube_proxy.h"
#include "probes/host/limits.h"
#include "probes/host/parse.h"
#include "probes/host/probing.h"
#include "probes/host/put.h"

enum {
	PROCESSES_MAX = 32768
};

struct scan {
	struct probing *probing;
	struct portset published;
	unsigned beams, kubernetes;
	bool sizes; /* the size of /proc/PID/fd is the number of files */
};

static void keep_words(struct probing *probing, const char *path, const struct text *text)
{
	source_keep(probing->source, path, text_string(text), text->length);
}

/* Keeps "beam.smp -Q N -P N -- -sname NAME": what the parser needs, and no cookie. */
static void keep_flags(struct probing *probing, const char *path, const struct beam_flags *flags)
{
	struct text text = {0};
	char number[NUMBER_TEXT_MAX];
	text_add_bytes(&text, "beam.smp", 9);
	const struct {
		const char *flag;
		double number;
	} rows[] = {{"-Q", flags->ports}, {"-P", flags->processes}};
	for (size_t i = 0; i < 2; i++) {
		if (isnan(rows[i].number))
			continue;
		text_add_bytes(&text, rows[i].flag, 3);
		text_add(&text, text_plain_number(number, rows[i].number));
		text_add_bytes(&text, "", 1);
	}
	if (flags->name) {
		text_add_bytes(&text, "--\0-sname", 10);
		text_add(&text, flags->name);
		text_add_bytes(&text, "", 1);
	}
	keep_words(probing, path, &text);
	text_release(&text);
}

static double read_max_ports(struct probing *probing, const char *path, int *ret_error)
{
	const char *bytes;
	size_t length;
	*ret_error = source_read_bytes(probing->source, path, &bytes, &length);
	const char *text = *ret_error ? NULL
								  : beam_environ(probing->arena, bytes, length, "ERL_MAX_PORTS");
	double ports = text ? beam_parse_number(text) : (double)NAN;
	if (isnan(ports))
		return ports;
	char number[NUMBER_TEXT_MAX];
	const char *kept =
			arena_printf(probing->arena, "ERL_MAX_PORTS=%s", text_plain_number(number, ports));
	source_keep(probing->source, path, kept, strlen(kept) + 1);
	return ports;
}

static void processes_put_ports(struct probing *probing,
		const char *instance,
		struct beam_flags *flags,
		const char *path)
{
	const char *environ_path = arena_printf(probing->arena, "proc/%s/environ", instance);
	int error = 0;
	bool given = !isnan(flags->ports);
	if (!given) {
		flags->ports = read_max_ports(probing, environ_path, &error);
		path = environ_path;
	}
	if (isnan(flags->ports) && error && put_status_of(error) != FACT_ABSENT) {
		put_errno_of(probing, "beam.port_limit_requested", instance, UNIT_COUNT, path, error);
		put_errno_of(probing, "beam.port_limit", instance, UNIT_COUNT, path, error);
		return;
	}
	if (isnan(flags->ports) && flags->bad) {
		put_malformed_of(probing,
				"beam.port_limit",
				instance,
				UNIT_COUNT,
				path,
				NULL,
				"a flag holds no number it takes");
		return;
	}
	bool fallback = isnan(flags->ports);
	double ports = fallback ? BEAM_PORTS_DEFAULT : flags->ports;
	struct fact *asked = put_number_of(probing,
			"beam.port_limit_requested",
			instance,
			ports,
			UNIT_COUNT,
			path,
			NULL);
	struct fact *limit = put_number_of(probing,
			"beam.port_limit",
			instance,
			beam_round(ports),
			UNIT_COUNT,
			path,
			NULL);
	if (!fallback) {
		limit->origin = ORIGIN_DERIVED;
		return;
	}
	asked->origin = limit->origin = ORIGIN_CONSTANT;
	limit->note = "neither +Q nor ERL_MAX_PORTS: the default of Erlang/OTP";
}

static void put_processes(struct probing *probing,
		const char *instance,
		const struct beam_flags *flags,
		const char *path)
{
	if (isnan(flags->processes) && flags->bad) {
		put_malformed_of(probing,
				"beam.process_limit",
				instance,
				UNIT_COUNT,
				path,
				NULL,
				"a flag holds no number it takes");
		return;
	}
	bool fallback = isnan(flags->processes);
	double processes = fallback ? BEAM_PROCESSES_DEFAULT : flags->processes;
	if (!fallback)
		put_number_of(probing,
				"beam.process_limit_requested",
				instance,
				processes,
				UNIT_COUNT,
				path,
				NULL);
	struct fact *limit = put_number_of(probing,
			"beam.process_limit",
			instance,
			beam_round(processes),
			UNIT_COUNT,
			path,
			NULL);
	limit->origin = fallback ? ORIGIN_CONSTANT : ORIGIN_DERIVED;
	if (fallback)
		limit->note = "no +P: the default up to OTP 26 (OTP 27 has 1,048,576)";
}

static void put_files(struct probing *probing, const char *instance)
{
	char *text;
	int line;
	double soft = NAN, hard;
	struct descriptors found;
	const char *path = arena_printf(probing->arena, "proc/%s/limits", instance);
	int error = probing_read_text(probing, path, &text);
	if (error)
		put_errno_of(probing, "beam.nofile.soft", instance, UNIT_COUNT, path, error);
	else if (limits_find(text, "Max open files", &soft, &hard, &line))
		put_number_of(probing, "beam.nofile.soft", instance, soft, UNIT_COUNT, path, NULL)->line =
				line;
	else
		put_malformed_of(probing,
				"beam.nofile.soft",
				instance,
				UNIT_COUNT,
				path,
				NULL,
				"no line Max open files");
	path = arena_printf(probing->arena, "proc/%s/fd", instance);
	error = descriptors_read(probing->source, path, false, soft, &found);
	if (error)
		put_errno_of(probing, "beam.fds_open", instance, UNIT_COUNT, path, error);
	else
		put_number_of(probing, "beam.fds_open", instance, found.open, UNIT_COUNT, path, NULL);
}

static void found_beam(struct scan *scan, int pid)
{
	struct probing *probing = scan->probing;
	struct beam_flags flags = {.ports = NAN, .processes = NAN};
	const char *instance = arena_printf(probing->arena, "%d", pid), *bytes;
	const char *path = arena_printf(probing->arena, "proc/%d/cmdline", pid);
	size_t length;
	int error = source_read_bytes(probing->source, path, &bytes, &length);
	scan->beams++;
	if (error) {
		source_keep_error(probing->source, path, error);
		put_errno_of(probing, "beam.port_limit", instance, UNIT_COUNT, path, error);
		return;
	}
	beam_parse_cmdline(probing->arena, bytes, length, &flags);
	keep_flags(probing, path, &flags);
	put_text_of(probing, "beam.name", instance, flags.name ? flags.name : "nonode", path, NULL);
	processes_put_ports(probing, instance, &flags, path);
	put_processes(probing, instance, &flags, path);
	put_files(probing, instance);
}

/* docker-proxy -proto tcp -host-ip 0.0.0.0 -host-port 8080 … (moby cmd/docker-proxy) */
static void found_proxy(struct scan *scan, int pid)
{
	struct probing *probing = scan->probing;
	const char *path = arena_printf(probing->arena, "proc/%d/cmdline", pid), *bytes, *previous = "";
	size_t length;
	uint64_t port;
	if (source_read_bytes(probing->source, path, &bytes, &length) != 0)
		return;
	char *copy = arena_copy(probing->arena, bytes, length);
	source_keep(probing->source, path, bytes, length);
	for (size_t at = 0; at < length; at += strlen(copy + at) + 1) {
		const char *word = copy + at;
		if (strcmp(previous, "-host-port") == 0 && parse_whole(word, &port) && port <= 65535)
			portset_add(&scan->published, (unsigned)port, (unsigned)port);
		previous = word;
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

/* Kernel threads have no files; since 6.2 the size of their fd directory says so (f1f1f2569901). */
static bool is_kernel_thread(const struct scan *scan, int pid)
{
	char path[64];
	if (!scan->sizes)
		return false;
	(void)snprintf(path, sizeof path, "proc/%d/fd", pid);
	return source_size_is_zero(scan->probing->source, path);
}

static void processes_look_at(struct scan *scan, int pid)
{
	char path[64], name[32];
	const char *comm;
	size_t length;
	if (is_kernel_thread(scan, pid))
		return;
	(void)snprintf(path, sizeof path, "proc/%d/comm", pid);
	if (source_read_bytes(scan->probing->source, path, &comm, &length) != 0 ||
			length >= sizeof name)
		return;
	(void)snprintf(name, sizeof name, "%.*s", (int)strcspn(comm, "\n"), comm);
	for (size_t i = 0; i < COUNT_OF(process_rows); i++) {
		if (strcmp(name, process_rows[i].comm) != 0)
			continue;
		source_keep(scan->probing->source, path, comm, length);
		process_rows[i].found(scan, pid);
		return;
	}
}

static void processes_put_found(struct scan *scan, const char *note)
{
	struct probing *probing = scan->probing;
	struct text text = {0};
	portset_print(&scan->published, &text);
	const char *ports = text_take(probing->arena, &text);
	struct fact *published = facts_put_text(probing->facts,
			"ports.published",
			NULL,
			ports,
			"docker-proxy command lines, nft rules");
	struct fact *node = facts_put_number(probing->facts,
			"kubernetes.node",
			NULL,
			scan->kubernetes > 0,
			UNIT_BOOL,
			"/proc/*/comm");
	published->note = node->note = note;
	published->read_at = node->read_at = probing->read_at;
}

static void processes_run(struct probing *probing)
{
	struct scan *scan = arena_alloc(probing->arena, sizeof *scan);
	const int *pids;
	size_t count;
	bool more;
	scan->probing = probing;
	scan->sizes = probing->live && facts_number(probing->facts, "kernel.version") >= 6002;
	int error = source_pids(probing->source, PROCESSES_MAX, &pids, &count, &more);
	if (error) {
		put_errno(probing, "ports.published", UNIT_TEXT, "proc", error);
		put_errno(probing, "kubernetes.node", UNIT_BOOL, "proc", error);
		return;
	}
	for (size_t i = 0; i < count; i++)
		processes_look_at(scan, pids[i]);
	processes_put_found(scan,
			more ? "more than 32,768 processes: the rest was not looked at" : NULL);
	if (scan->beams == 0)
		erlang_on_path(probing);
}

const struct probe probe_processes = {.name = "processes", .run = processes_run};
