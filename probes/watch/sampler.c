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
#include "probes/host/kernel.h"
#include "probes/host/namespace.h"
#include "probes/host/parse.h"
#include "probes/host/sockets/sock_diag.h"
#include "probes/host/sockets/tally.h"
#include "probes/host/source/source.h"
#include "probes/watch/family.h"

/* Counting sockets may take this part of a processor. */
static const double count_share = 0.01;

enum {
	OWN_MAX = 64
};

struct own_listener {
	uint32_t inode;
	bool own;
};

struct sampler {
	struct arena *arena;
	struct source *source;
	struct sampler_options options;
	struct family *family;
	struct family_totals totals;
	struct socket_dump *dump;
	struct namespace namespace;
	bool moved;
	uint64_t own_namespace;
	double started_s, started_cpu_s, next_count_s;
	struct arena *last_arena;   /* of the last count */
	struct socket_tally last;   /* the last count; table of outgoing sockets only */
	bool counted;               /* there is one */
	struct socket_tally before; /* the count when the command started; its table alone */
	double accepted_before, accepted_time_wait_before, outside_before, outside_time_wait_before;
	struct portset listened; /* every port that was a listener's at some time */
	double accepted, accepted_time_wait;
	double outside, outside_time_wait; /* opened here from ports outside the ephemeral range: bound
	                                      to them by name */
	struct own_listener own[OWN_MAX];
	size_t own_count;
	struct seen_destination seen[SAMPLER_DESTINATIONS];
	struct endpoint seen_at[SAMPLER_DESTINATIONS];
	size_t seen_count;
};

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
	int error = 0;
	struct source *source = source_live(arena, 0, err);
	if (!source)
		return NULL;
	struct sampler *sampler = memory_new(sizeof *sampler);
	sampler->arena = arena;
	sampler->source = source;
	sampler->options = *options;
	sampler->namespace = NAMESPACE_NONE;
	sampler->own_namespace = namespace_here();
	sampler->dump = socket_dump_open(
			&error); /* without it the states are unknown, the rest is not */
	if (options->root)
		sampler->family =
				family_new(arena, source, options->root, options->with_root, options->by_size);
	sampler->started_s = clock_now_s();
	sampler->started_cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	return sampler;
}

static void forget_count(struct sampler *sampler)
{
	tally_release(&sampler->last);
	if (sampler->last_arena)
		arena_free(sampler->last_arena);
	sampler->last_arena = NULL;
	sampler->counted = false;
}

void sampler_close(struct sampler *sampler)
{
	struct error ignored = {0};
	if (!sampler)
		return;
	forget_count(sampler);
	tally_release(&sampler->before);
	socket_dump_close(sampler->dump);
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

/* --- sockets ------------------------------------------------------------------------------------
 */

static void count_outside(struct sampler *sampler, const struct tally_socket *socket)
{
	bool opened = socket->state != STATE_LISTEN && socket->state != STATE_CLOSE &&
			socket->state != STATE_BOUND;
	if (!opened || sampler->options.high == 0 ||
			(socket->local.port >= sampler->options.low &&
					socket->local.port <= sampler->options.high))
		return;
	sampler->outside += socket->state != STATE_TIME_WAIT;
	sampler->outside_time_wait += socket->state == STATE_TIME_WAIT;
}

/* Listeners come first in a dump, so that accepted sockets are told from those opened here. */
static void sampler_count_socket(void *context, const struct tally_socket *socket)
{
	struct sampler *sampler = context;
	struct socket_tally *tally = &sampler->last;
	bool accepted = socket->state != STATE_LISTEN &&
			portset_has(&sampler->listened, socket->local.port);
	if (socket->state == STATE_LISTEN)
		portset_add(&sampler->listened, socket->local.port, socket->local.port);
	if (!accepted || socket->state >= STATES || socket->state <= 0) {
		tally_add(sampler->last_arena, tally, socket);
		count_outside(sampler, socket);
		return;
	}
	int state = (int)socket->state;
	if (state == STATE_NEW_SYN_RECV)
		state = STATE_SYN_RECV;
	tally->states[state]++;
	sampler->accepted += socket->state == STATE_ESTABLISHED || socket->state == STATE_CLOSE_WAIT;
	sampler->accepted_time_wait += socket->state == STATE_TIME_WAIT;
}

static bool count_sockets(struct sampler *sampler, bool all)
{
	double at = clock_now_s(), cpu = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
	if (!sampler->dump || (!all && at < sampler->next_count_s))
		return false;
	forget_count(sampler);
	sampler->last_arena = arena_new();
	sampler->last = (struct socket_tally){.low = sampler->options.low,
			.high = sampler->options.high};
	sampler->accepted = sampler->accepted_time_wait = sampler->outside =
			sampler->outside_time_wait = 0;
	sampler->counted = socket_dump_read(sampler->dump, sampler_count_socket, sampler) == 0;
	sampler->next_count_s = at + (clock_read_s(CLOCK_PROCESS_CPUTIME_ID) - cpu) / count_share;
	return sampler->counted;
}

/* TIME_WAIT of before runs out evenly; the rest of it at t. */
static double left_of_before(double before, double t_s)
{
	return ceil(before * fmax(0, 1 - t_s / KERNEL_TIME_WAIT_S));
}

static double sampler_live_of(const struct destination *destination)
{
	if (!destination)
		return 0;
	return (double)destination->sockets - (double)destination->time_wait;
}

/* Connections and TIME_WAIT that came since sampler_start(). */
static void put_opened(const struct sampler *sampler, struct observation *sample)
{
	double live = fmax(0, sampler->outside - sampler->outside_before);
	double time_wait = fmax(0,
			sampler->outside_time_wait -
					left_of_before(sampler->outside_time_wait_before, sample->t_s));
	const struct socket_tally *tally = &sampler->last;
	for (size_t i = 0; i < tally->table_size; i++) {
		const struct destination *now = &tally->table[i], *then;
		double before = 0;
		if (!now->sockets)
			continue;
		then = tally_destination(&sampler->before, &now->to);
		if (then)
			before = then->time_wait;
		double left = left_of_before(before, sample->t_s);
		live += fmax(0, sampler_live_of(now) - sampler_live_of(then));
		time_wait += fmax(0, (double)now->time_wait - left);
	}
	sample->values[O_LIVE] = live;
	sample->values[O_TIME_WAIT] = time_wait;
	sample->values[O_ACCEPTED] = fmax(0, sampler->accepted - sampler->accepted_before);
	sample->values[O_ACCEPTED_TIME_WAIT] = fmax(0,
			sampler->accepted_time_wait -
					left_of_before(sampler->accepted_time_wait_before, sample->t_s));
	sample->values[O_CONNECTING] = (double)tally->states[STATE_SYN_SENT];
	sample->values[O_CLOSING] = (double)tally->states[STATE_FIN_WAIT1] +
			(double)tally->states[STATE_FIN_WAIT2] + (double)tally->states[STATE_CLOSING] +
			(double)tally->states[STATE_LAST_ACK];
}

static double seen_sockets(const struct sampler *sampler, size_t slot)
{
	const struct seen_destination *seen = &sampler->seen[slot];
	return seen->live + seen->time_wait;
}

static struct seen_destination *seen_slot(struct sampler *sampler,
		const struct endpoint *to,
		double sockets)
{
	size_t least = 0;
	for (size_t i = 0; i < sampler->seen_count; i++) {
		if (!memcmp(&sampler->seen_at[i], to, sizeof *to))
			return &sampler->seen[i];
		if (seen_sockets(sampler, i) < seen_sockets(sampler, least))
			least = i;
	}
	if (sampler->seen_count < SAMPLER_DESTINATIONS)
		least = sampler->seen_count++;
	else if (seen_sockets(sampler, least) >= sockets)
		return NULL;
	sampler->seen_at[least] = *to;
	sampler->seen[least] = (struct seen_destination){.to = endpoint_text(sampler->arena, to)};
	return &sampler->seen[least];
}

static bool is_loopback(const struct endpoint *to)
{
	static const unsigned char loopback6[16] = {[15] = 1};
	if (to->family == 4)
		return to->address[0] == 127;
	return !memcmp(to->address, loopback6, sizeof loopback6);
}

/* ip-sysctl: tcp_tw_reuse 2 is loopback only. */
static bool may_reuse(const struct sampler *sampler, const struct endpoint *to)
{
	if (sampler->options.reuse == 2)
		return is_loopback(to);
	return sampler->options.reuse == 1;
}

/* TIME_WAIT that a new connection may take over does not count. */
static double ports_used(const struct sampler *sampler, const struct destination *destination)
{
	double live = sampler_live_of(destination);
	if (may_reuse(sampler, &destination->to))
		return live;
	return live + destination->time_wait;
}

static void sampler_put_destinations(struct sampler *sampler, struct observation *sample)
{
	const struct destination **top;
	size_t count = tally_top(sampler->last_arena, &sampler->last, SAMPLER_DESTINATIONS, &top);
	sample->values[O_PORTS_USED] = sample->values[O_BUSIEST_LIVE] =
			sample->values[O_BUSIEST_TIME_WAIT] = 0;
	for (size_t i = 0; i < count; i++) {
		struct seen_destination *seen = seen_slot(sampler, &top[i]->to, top[i]->sockets);
		double used = ports_used(sampler, top[i]);
		if (i == 0 || used > sample->values[O_PORTS_USED]) {
			sample->values[O_PORTS_USED] = used;
			sample->values[O_BUSIEST_LIVE] = sampler_live_of(top[i]);
			sample->values[O_BUSIEST_TIME_WAIT] = top[i]->time_wait;
		}
		if (seen && sampler_live_of(top[i]) > seen->live)
			seen->at_s = sample->t_s;
		if (seen) {
			seen->live = fmax(seen->live, sampler_live_of(top[i]));
			seen->time_wait = fmax(seen->time_wait, top[i]->time_wait);
		}
	}
}

static bool is_own(struct sampler *sampler, uint32_t inode)
{
	for (size_t i = 0; i < sampler->own_count; i++)
		if (sampler->own[i].inode == inode)
			return sampler->own[i].own;
	if (sampler->own_count == OWN_MAX)
		return false;
	bool own = inode && family_holds(sampler->family, inode);
	sampler->own[sampler->own_count++] = (struct own_listener){inode, own};
	return own;
}

/* A listener of several sockets is own if one of them is. */
static void find_own_listeners(struct sampler *sampler)
{
	struct socket_tally *tally = &sampler->last;
	if (!sampler->options.own_listeners || !sampler->family)
		return;
	for (size_t i = 0; i < tally->listener_socket_count; i++) {
		const struct listener_socket *socket = &tally->listener_sockets[i];
		struct listener *listener = &tally->listeners[socket->listener];
		listener->own = listener->own || is_own(sampler, socket->inode);
	}
}

static void put_queues(struct sampler *sampler, struct observation *sample)
{
	double worst = -1;
	bool any_own = false;
	find_own_listeners(sampler);
	for (size_t i = 0; i < sampler->last.listener_count; i++) {
		const struct listener *listener = &sampler->last.listeners[i];
		double room = (double)listener->fullest_backlog + 1, use = listener->fullest_queue / room;
		bool own = listener->own;
		if ((any_own && !own) || (use <= worst && (any_own || !own)))
			continue;
		any_own |= own;
		worst = use;
		sample->values[O_QUEUE] = listener->fullest_queue;
		sample->values[O_QUEUE_LIMIT] = room;
	}
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

static void put_family(struct sampler *sampler, struct observation *sample)
{
	struct family_totals *totals = &sampler->totals;
	if (!sampler->family)
		return;
	double thread_cpu_s = totals->thread_cpu_s;
	if (!family_read(sampler->family, totals)) {
		sample->values[O_PROCESSES] = 0;
		totals->thread_cpu_s = thread_cpu_s;
		return;
	}
	totals->thread_cpu_s = fmax(totals->thread_cpu_s, thread_cpu_s);
	sample->values[O_PROCESSES] = totals->processes;
	sample->values[O_FDS] = totals->fds;
	if (totals->fullest) {
		sample->values[O_FDS_MOST] = totals->fds_most;
		sample->values[O_FDS_LIMIT] = totals->fds_limit;
	}
	sample->values[O_RESIDENT] = totals->resident_bytes;
	sample->values[O_CPU_S] = totals->cpu_s + waited_for_s(sampler);
	sample->values[O_THREAD_CPU_S] = totals->thread_cpu_s;
}

void sampler_read(struct sampler *sampler, bool all, struct observation *ret_sample)
{
	ret_sample->t_s = sampler_seconds(sampler);
	for (size_t i = 0; i < OBSERVED; i++)
		ret_sample->values[i] = (double)NAN;
	put_family(sampler, ret_sample);
	if (count_sockets(sampler, all)) {
		put_opened(sampler, ret_sample);
		sampler_put_destinations(sampler, ret_sample);
		put_queues(sampler, ret_sample);
	}
	put_tables(sampler, ret_sample);
	put_host(sampler, ret_sample);
	put_busy(sampler, ret_sample);
}

void sampler_start(struct sampler *sampler)
{
	tally_release(&sampler->before);
	(void)count_sockets(sampler, true);
	sampler->before = (struct socket_tally){.table = sampler->last.table,
			.table_size = sampler->last.table_size,
			.destinations = sampler->last.destinations};
	sampler->accepted_before = sampler->accepted;
	sampler->accepted_time_wait_before = sampler->accepted_time_wait;
	sampler->outside_before = sampler->outside;
	sampler->outside_time_wait_before = sampler->outside_time_wait;
	sampler->last.table = NULL; /* handed over */
	sampler->last.table_size = sampler->last.destinations = 0;
	sampler->started_s = clock_now_s();
	sampler->started_cpu_s = clock_read_s(CLOCK_PROCESS_CPUTIME_ID);
}

int sampler_elsewhere(const struct sampler *sampler)
{
	const struct family_totals *totals = &sampler->totals;
	bool other = !sampler->moved && sampler->family && totals->namespace &&
			totals->namespace != sampler->own_namespace;
	if (!other)
		return 0;
	return totals->namespace_pid;
}

bool sampler_move(struct sampler *sampler, int pid)
{
	struct error ignored = {0};
	bool denied;
	int error = 0;
	sampler->moved = true; /* once: whoever moves on is not followed */
	if (!namespace_enter(&sampler->namespace, pid, &denied, &ignored) || denied)
		return false;
	socket_dump_close(sampler->dump);
	sampler->dump = socket_dump_open(&error);
	forget_count(sampler);
	tally_release(&sampler->before);
	sampler->accepted_before = sampler->accepted_time_wait_before = 0;
	sampler->outside_before = sampler->outside_time_wait_before = 0;
	sampler->options.low = sampler->options.high = 0; /* that namespace has a range of its own */
	sampler->seen_count = sampler->own_count = 0;
	sampler->next_count_s = 0;
	return true;
}

size_t sampler_destinations(const struct sampler *sampler, const struct seen_destination **ret_seen)
{
	*ret_seen = sampler->seen;
	return sampler->seen_count;
}

size_t sampler_now(const struct sampler *sampler,
		struct arena *arena,
		const struct seen_destination **ret_seen)
{
	const struct destination **top;
	size_t count = tally_top(arena, &sampler->last, SAMPLER_DESTINATIONS, &top);
	struct seen_destination *seen = arena_alloc(arena, (count + 1) * sizeof *seen);
	for (size_t i = 0; i < count; i++)
		seen[i] = (struct seen_destination){endpoint_text(arena, &top[i]->to),
				sampler_live_of(top[i]),
				top[i]->time_wait,
				0};
	*ret_seen = seen;
	return count;
}

double sampler_state(const struct sampler *sampler, int state)
{
	bool known = sampler->counted && state > 0 && state < STATES;
	if (!known)
		return (double)NAN;
	return (double)sampler->last.states[state];
}
