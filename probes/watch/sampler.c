/* One sample after another. Counts with the socket tally of probes/host; keeps open what can stay
 * open. */
#include "probes/watch/sampler.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/array.h"
#include "base/memory.h"
#include "base/os/clock.h"
#include "base/text.h"
#include "probes/host/counters.h"
#include "probes/host/namespace.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/source/source.h"
#include "probes/watch/family.h"
#include "probes/watch/socket_watch.h"

struct sampler {
	struct arena *arena;
	struct source *source;
	struct sampler_options options;
	struct family *family;
	struct family_totals totals;
	struct socket_watch *sockets;
	struct namespace namespace;
	bool moved;
	uint64_t own_namespace;
	double started_s, started_cpu_s;
	double family_spent_s; /* processor time of looking at the processes */
};

/* Looking at the processes may take this part of a processor, beside so much at first. */
static const double family_share = 0.01, family_first_s = 0.1;

static uint64_t namespace_here(void)
{
	struct stat status;
	if (stat("/proc/self/ns/net", &status) != 0)
		return 0;
	return (uint64_t)status.st_ino;
}

struct sampler *sampler_open(struct arena *arena,
		const struct sampler_options *options,
		struct error *err)
{
	struct source *source = source_live(arena, 0, err);
	if (!source)
		return NULL;
	struct sampler *sampler = memory_new(sizeof *sampler);
	sampler->arena = arena;
	sampler->source = source;
	sampler->options = *options;
	sampler->namespace = NAMESPACE_NONE;
	sampler->own_namespace = namespace_here();
	if (options->root)
		sampler->family =
				family_new(arena, source, options->root, options->with_root, options->by_size);
	sampler->sockets = socket_watch_open(arena, &sampler->options, sampler->family);
	sampler->started_s = clock_now_s();
	sampler->started_cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	return sampler;
}

void sampler_close(struct sampler *sampler)
{
	struct error ignored = {0};
	if (!sampler)
		return;
	socket_watch_close(sampler->sockets);
	family_release(sampler->family);
	source_close(sampler->source);
	(void)namespace_leave(&sampler->namespace, &ignored);
	free(sampler);
}

double sampler_seconds(const struct sampler *sampler)
{
	return clock_now_s() - sampler->started_s;
}

double sampler_cpu_s(const struct sampler *sampler)
{
	return clock_read_s(CLOCK_PROCESS_CPUTIME_ID) - sampler->started_cpu_s;
}

/* --- tables of the kernel ------------------------------------------------------------------------
 */

static bool sampler_read_number(const struct observed_row *row,
		const char *text,
		uint64_t *ret_number)
{
	int line;
	if (strstr(row->path, "sockstat"))
		return counters_word(text, row->section, row->counter, ret_number, &line);
	if (row->section)
		return counters_pair(text, row->section, row->counter, ret_number, &line);
	if (row->counter)
		return counters_column(text,
				row->counter,
				strcmp(row->counter, "entries") != 0,
				ret_number);
	if (strstr(row->path, "softnet"))
		return counters_index(text, 1, ret_number);
	return parse_field(text, 0, ret_number);
}

/* Each file is read once. */
static void put_tables(struct sampler *sampler, struct observation *sample)
{
	static const char *const paths[] = {
			"proc/sys/net/netfilter/nf_conntrack_count",
			"proc/sys/fs/file-nr",
			"proc/net/sockstat",
			"proc/net/stat/arp_cache",
			"proc/net/snmp",
			"proc/net/netstat",
			"proc/net/softnet_stat",
			"proc/net/stat/nf_conntrack",
	};
	for (size_t p = 0; p < COUNT_OF(paths); p++) {
		const char *text;
		size_t length;
		if (source_read_bytes(sampler->source, paths[p], &text, &length) != 0)
			continue;
		for (size_t i = 0; i < OBSERVED; i++) {
			uint64_t number;
			const struct observed_row *row = &observed_rows[i];
			if (row->path && !strcmp(row->path, paths[p]) &&
					sampler_read_number(row, text, &number))
				sample->values[i] = (double)number;
		}
	}
}

static void put_host(struct sampler *sampler, struct observation *sample)
{
	const char *text;
	size_t length;
	uint64_t number;
	int line;
	if (source_read_bytes(sampler->source, "proc/loadavg", &text, &length) == 0 &&
			(text = strchr(text, '/'))) {
		text++;
		if (parse_u64(&text, &number))
			sample->values[O_THREADS] = (double)number;
	}
	if (source_read_bytes(sampler->source, "proc/meminfo", &text, &length) == 0 &&
			parse_named(text, "MemAvailable", &number, &line))
		sample->values[O_MEMORY_AVAILABLE] = (double)number * 1024;
}

/* Without a command: the time that the processors were busy, all but idle and iowait (proc(5),
 * /proc/stat). */
static void put_busy(struct sampler *sampler, struct observation *sample)
{
	enum {
		HEAD = 256,
		FIELDS = 8,
		IDLE = 3,
		IOWAIT = 4
	};
	const char *text;
	size_t length;
	double ticks = 0;
	if (sampler->family ||
			source_read_head(sampler->source, "proc/stat", HEAD, &text, &length) != 0 ||
			!text_begins_with(text, "cpu "))
		return;
	text += 4;
	for (int i = 0; i < FIELDS; i++) {
		uint64_t number;
		text += strspn(text, " ");
		if (!parse_u64(&text, &number))
			return;
		if (i != IDLE && i != IOWAIT)
			ticks += (double)number;
	}
	sample->values[O_CPU_S] = ticks / (double)sysconf(_SC_CLK_TCK);
}

/* --- the command
 * ---------------------------------------------------------------------------------- */

/* What its children used that are gone already stands at this process, which waited for them. */
static double waited_for_s(const struct sampler *sampler)
{
	struct rusage usage;
	if (sampler->options.with_root || getrusage(RUSAGE_CHILDREN, &usage) != 0)
		return 0;
	return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
			(double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

/* What only grows: as it was last, once nobody is left. */
static void put_used(const struct family_totals *totals, struct observation *sample)
{
	sample->values[O_CPU_WAIT_S] = totals->wait_s;
	sample->values[O_THROTTLED_S] = totals->throttled_s;
	sample->values[O_CPU_S] = totals->cpu_s;
	sample->values[O_CPU_UNSEEN_S] = totals->unseen_s;
	sample->values[O_THREAD_CPU_S] = totals->thread_cpu_s;
}

/* false: the last look was too dear for another one now. */
static bool may_look(const struct sampler *sampler)
{
	return sampler->family_spent_s <= family_first_s + sampler_seconds(sampler) * family_share;
}

static void put_family(struct sampler *sampler, bool all, struct observation *sample)
{
	struct family_totals *totals = &sampler->totals;
	if (!sampler->family || (!all && !may_look(sampler)))
		return;
	double cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	const struct family_totals before = *totals;
	bool there = family_read(sampler->family, totals);
	if (!there)
		*totals = before;
	else
		totals->thread_cpu_s = fmax(totals->thread_cpu_s, before.thread_cpu_s);
	if (there)
		totals->cpu_s = fmax(totals->cpu_s + waited_for_s(sampler), before.cpu_s);
	else
		totals->cpu_s = fmax(waited_for_s(sampler), before.cpu_s);
	totals->unseen_s = fmax(before.unseen_s, totals->cpu_s - totals->seen_s);
	sampler->family_spent_s += clock_read_s(CLOCK_PROCESS_CPUTIME_ID) - cpu_s;
	put_used(totals, sample);
	sample->values[O_PROCESSES] = 0;
	if (!there)
		return;
	sample->values[O_PROCESSES] = totals->processes;
	sample->values[O_OWN_THREADS] = totals->threads;
	sample->values[O_FDS] = totals->fds;
	if (totals->fullest) {
		sample->values[O_FDS_MOST] = totals->fds_most;
		sample->values[O_FDS_LIMIT] = totals->fds_limit;
	}
	sample->values[O_RESIDENT] = totals->resident_bytes;
}

void sampler_read(struct sampler *sampler, bool all, struct observation *ret_sample)
{
	ret_sample->t_s = sampler_seconds(sampler);
	for (size_t i = 0; i < OBSERVED; i++)
		ret_sample->values[i] = (double)NAN;
	put_family(sampler, all, ret_sample);
	if (socket_watch_count(sampler->sockets, all))
		socket_watch_put(sampler->sockets, ret_sample);
	put_tables(sampler, ret_sample);
	put_host(sampler, ret_sample);
	put_busy(sampler, ret_sample);
}

void sampler_start(struct sampler *sampler)
{
	socket_watch_start(sampler->sockets);
	sampler->started_s = clock_now_s();
	sampler->started_cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
}

int sampler_elsewhere(const struct sampler *sampler)
{
	const struct family_totals *totals = &sampler->totals;
	bool other = !sampler->moved && sampler->family && totals->namespace &&
			totals->namespace != sampler->own_namespace;
	/* A short one (ip, mount) may be gone by now; another look finds who stays. */
	if (!other || family_namespace(sampler->family, totals->namespace_pid) != totals->namespace)
		return 0;
	return totals->namespace_pid;
}

enum sampler_move sampler_move(struct sampler *sampler, int pid)
{
	struct error ignored = {0};
	bool denied;
	if (!namespace_enter(&sampler->namespace, pid, &denied, &ignored) || denied) {
		if (!source_exists(sampler->source, arena_printf(sampler->arena, "proc/%d", pid)))
			return MOVE_GONE;
		sampler->moved = true;
		return MOVE_DENIED;
	}
	sampler->moved = true; /* once: whoever moves on is not followed */
	socket_watch_close(sampler->sockets);
	sampler->options.low = sampler->options.high = 0; /* that namespace has a range of its own */
	sampler->sockets = socket_watch_open(sampler->arena, &sampler->options, sampler->family);
	return MOVE_DONE;
}

size_t sampler_destinations(const struct sampler *sampler, const struct seen_destination **ret_seen)
{
	return socket_watch_seen(sampler->sockets, ret_seen);
}

size_t sampler_now(const struct sampler *sampler,
		struct arena *arena,
		const struct seen_destination **ret_seen)
{
	const struct socket_tally *tally = socket_watch_tally(sampler->sockets);
	const struct destination **top;
	size_t count = 0;
	if (tally)
		count = tally_top(arena, tally, SAMPLER_DESTINATIONS, &top);
	struct seen_destination *seen = arena_alloc(arena, (count + 1) * sizeof *seen);
	for (size_t i = 0; i < count; i++)
		seen[i] = (struct seen_destination){
				.to = endpoint_text(arena, &top[i]->to),
				.live = (double)top[i]->sockets - (double)top[i]->time_wait,
				.time_wait = top[i]->time_wait,
		};
	*ret_seen = seen;
	return count;
}

double sampler_state(const struct sampler *sampler, int state)
{
	const struct socket_tally *tally = socket_watch_tally(sampler->sockets);
	if (!tally || state <= 0 || state >= STATES)
		return (double)NAN;
	return (double)tally->states[state];
}

const char *sampler_runs_elsewhere(const struct sampler *sampler)
{
	if (!sampler->family)
		return "";
	return family_elsewhere(sampler->family);
}
