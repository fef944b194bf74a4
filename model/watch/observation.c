/* The table of what is observed, and the bounded series of samples. Reads nothing. */
#include "model/watch/observation.h"

#include <math.h>
#include <string.h>

#define NETSTAT "proc/net/netstat"
#define SNMP    "proc/net/snmp"

const struct observed_row observed_rows[OBSERVED] = {
		[O_LIVE] = {.name = "live", .title = "Connections opened from here"},
		[O_TIME_WAIT] = {.name = "time_wait", .title = "TIME_WAIT of connections opened from here"},
		[O_CONNECTING] = {.name = "connecting", .title = "Connections being opened (SYN_SENT)"},
		[O_ACCEPTED] = {.name = "accepted", .title = "Connections accepted here"},
		[O_ACCEPTED_TIME_WAIT] = {.name = "accepted_time_wait",
				.title = "TIME_WAIT of accepted connections"},
		[O_CLOSING] = {.name = "closing", .title = "Connections being closed"},
		[O_UNSURE] = {.name = "unsure", .title = "Sockets whose process was not found"},
		[O_OTHERS_LIVE] = {.name = "others_live", .title = "Connections of other programs"},
		[O_TIME_WAIT_ALL] = {.name = "time_wait_all",
				.title = "TIME_WAIT of the network namespace"},
		[O_PORTS_USED] = {.name = "ports_used", .title = "Ports in use to the busiest destination"},
		[O_PORTS_OWN] = {.name = "ports_own", .title = "Ports of the command among them"},
		[O_SOURCE_PORTS] = {.name = "source_ports", .title = "Ports in use of its local address"},
		[O_SOURCE_OWN] = {.name = "source_own", .title = "Ports of the command among those"},
		[O_BUSIEST_LIVE] = {.name = "busiest_live",
				.title = "Connections to the busiest destination"},
		[O_BUSIEST_TIME_WAIT] = {.name = "busiest_time_wait",
				.title = "TIME_WAIT to the busiest destination"},
		[O_QUEUE] = {.name = "accept_queue", .title = "Longest accept queue"},
		[O_QUEUE_LIMIT] = {.name = "accept_queue_limit", .title = "Size of that accept queue"},
		[O_CONNTRACK] = {.name = "conntrack",
				.title = "Conntrack entries",
				.path = "proc/sys/net/netfilter/nf_conntrack_count"},
		[O_FILES] = {.name = "files",
				.title = "Open files of the host",
				.path = "proc/sys/fs/file-nr"},
		[O_ORPHANS] = {.name = "orphans",
				.title = "Orphaned sockets",
				.path = "proc/net/sockstat",
				.section = "TCP",
				.counter = "orphan"},
		[O_TCP_PAGES] = {.name = "tcp_memory_pages",
				.title = "TCP memory, pages",
				.path = "proc/net/sockstat",
				.section = "TCP",
				.counter = "mem"},
		[O_NEIGHBOURS] = {.name = "neighbours",
				.title = "Neighbor table entries",
				.path = "proc/net/stat/arp_cache",
				.counter = "entries"},
		[O_THREADS] = {.name = "threads", .title = "Threads of the host"},
		[O_MEMORY_AVAILABLE] = {.name = "memory_available_bytes",
				.title = "Available memory",
				.unit = UNIT_BYTES},
		[O_PROCESSES] = {.name = "processes", .title = "Processes of the command"},
		[O_OWN_THREADS] = {.name = "own_threads", .title = "Threads of the command"},
		[O_FDS] = {.name = "fds", .title = "Open files of the command"},
		[O_FDS_MOST] = {.name = "fds_most", .title = "Open files of its fullest process"},
		[O_FDS_LIMIT] = {.name = "fds_limit", .title = "Soft limit of that process"},
		[O_RESIDENT] = {.name = "resident_bytes",
				.title = "Memory of the command",
				.unit = UNIT_BYTES},
		[O_CPU_S] = {.name = "cpu_s", .title = "CPU time of the command", .unit = UNIT_SECONDS},
		[O_THREAD_CPU_S] = {.name = "thread_cpu_s",
				.title = "CPU time of its busiest thread",
				.unit = UNIT_SECONDS},
		[O_CPU_WAIT_S] = {.name = "cpu_wait_s",
				.title = "Time that a thread of it waited for a CPU",
				.unit = UNIT_SECONDS},
		[O_CPU_UNSEEN_S] = {.name = "cpu_unseen_s",
				.title = "CPU time of threads that were not sampled",
				.unit = UNIT_SECONDS},
		[O_THROTTLED_S] = {.name = "throttled_s",
				.title = "Time that its CPU quota stopped it",
				.unit = UNIT_SECONDS},
		[O_OTHERS_OPENED] = {.name = "others_opened",
				.title = "Connections opened by other programs"},
		[O_OPENS] = {.name = "opens",
				.title = "Connections tried",
				.path = SNMP,
				.section = "Tcp",
				.counter = "ActiveOpens"},
		[O_ACCEPTS] = {.name = "accepts",
				.title = "Connections accepted",
				.path = SNMP,
				.section = "Tcp",
				.counter = "PassiveOpens"},
		[O_ATTEMPT_FAILS] = {.name = "attempt_fails",
				.title = "Attempts to connect that failed",
				.path = SNMP,
				.section = "Tcp",
				.counter = "AttemptFails"},
		[O_RESETS] = {.name = "resets",
				.title = "Established connections that were reset",
				.path = SNMP,
				.section = "Tcp",
				.counter = "EstabResets"},
		[O_RETRANSMITS] = {.name = "retransmits",
				.title = "Retransmits",
				.path = SNMP,
				.section = "Tcp",
				.counter = "RetransSegs"},
		[O_SYN_RETRANSMITS] = {.name = "syn_retransmits",
				.title = "SYN retransmits",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "TCPSynRetrans"},
		[O_TIMEOUTS] = {.name = "timeouts",
				.title = "TCP timeouts",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "TCPTimeouts"},
		[O_LISTEN_OVERFLOWS] = {.name = "listen_overflows",
				.title = "Accept queue overflows",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "ListenOverflows"},
		[O_LISTEN_DROPS] = {.name = "listen_drops",
				.title = "SYNs dropped by listeners",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "ListenDrops"},
		[O_TIME_WAIT_ENDED] = {.name = "time_wait_ended",
				.title = "TIME_WAIT expired",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "TW"},
		[O_TIME_WAIT_REUSED] = {.name = "time_wait_reused",
				.title = "TIME_WAIT reused by a new connection",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "TWRecycled"},
		[O_TIME_WAIT_OVERFLOW] = {.name = "time_wait_overflow",
				.title = "TIME_WAIT dropped (tcp_max_tw_buckets)",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "TCPTimeWaitOverflow"},
		[O_ABORT_ON_MEMORY] = {.name = "abort_on_memory",
				.title = "Connections reset for lack of memory",
				.path = NETSTAT,
				.section = "TcpExt",
				.counter = "TCPAbortOnMemory"},
		[O_SOFTNET_DROPPED] = {.name = "softnet_dropped",
				.title = "Packets dropped before TCP saw them",
				.path = "proc/net/softnet_stat"},
		[O_CONNTRACK_DROP] = {.name = "conntrack_drop",
				.title = "Packets dropped by conntrack",
				.path = "proc/net/stat/nf_conntrack",
				.counter = "drop"},
		[O_CONNTRACK_INSERT_FAILED] = {.name = "conntrack_insert_failed",
				.title = "Conntrack entries that did not fit",
				.path = "proc/net/stat/nf_conntrack",
				.counter = "insert_failed"},
};

enum observed observed_find(const char *name)
{
	for (size_t i = 0; i < OBSERVED; i++)
		if (!strcmp(name, observed_rows[i].name))
			return (enum observed)i;
	return OBSERVED;
}

const char *const *observed_names(void)
{
	static const char *names[OBSERVED + 1];
	for (size_t i = 0; i < OBSERVED; i++)
		names[i] = observed_rows[i].name;
	return names;
}

/* Seconds of processor time in a second are a number of processors. */
enum unit observed_unit(enum observed what)
{
	enum unit unit = observed_rows[what].unit;
	if (!observed_counts(what))
		return unit;
	if (unit == UNIT_SECONDS)
		return UNIT_COUNT;
	return UNIT_PER_S;
}

double observed_value(enum observed what,
		const struct observation *before,
		const struct observation *now)
{
	if (!observed_counts(what))
		return now->values[what];
	if (!before || !(now->t_s > before->t_s))
		return (double)NAN;
	double growth = now->values[what] - before->values[what];
	return growth / (now->t_s - before->t_s);
}

void observations_init(struct arena *arena, struct observations *ret_observations)
{
	*ret_observations = (struct observations){
			.items = arena_alloc(arena, OBSERVATIONS_MAX * sizeof(struct observation)),
			.every = 1,
	};
}

/* fmax() prefers what is known to NAN. */
static void observation_merge(struct observation *into, const struct observation *later)
{
	into->t_s = later->t_s;
	for (size_t i = 0; i < OBSERVED; i++) {
		double value = later->values[i];
		if (!observed_counts((enum observed)i))
			into->values[i] = fmax(into->values[i], value);
		else if (!isnan(value))
			into->values[i] = value;
	}
}

/* The first stays by itself: it is what was there before the command. */
static void halve(struct observations *observations)
{
	size_t kept = 1;
	for (size_t i = 1; i < observations->count; i += 2) {
		struct observation item = observations->items[i];
		if (i + 1 < observations->count)
			observation_merge(&item, &observations->items[i + 1]);
		observations->items[kept++] = item;
	}
	observations->count = kept;
	observations->every *= 2;
	observations->pending = observations->every;
}

/* A connection whose process was not found at one look counts as the command's; where the next look
 * finds that it is another program's, it was so before. */
static void settle_last(struct observations *observations, const struct observation *sample)
{
	const struct unsettled *last = &observations->last;
	double found = sample->values[O_OTHERS_OPENED] - last->others;
	if (!observations->count || !(last->unsure > 0) || !(found > 0))
		return;
	double live = last->live - fmin(found, last->unsure);
	observations->items[observations->count - 1].values[O_LIVE] = fmax(live, last->beside);
}

static struct unsettled unsettled_of(const struct observation *sample)
{
	return (struct unsettled){
			.live = sample->values[O_LIVE],
			.unsure = sample->values[O_UNSURE],
			.others = sample->values[O_OTHERS_OPENED],
			.beside = (double)NAN,
	};
}

void observations_add(struct observations *observations, const struct observation *sample)
{
	settle_last(observations, sample);
	observations->last = unsettled_of(sample);
	observations->samples++;
	if (observations->count > 1 && observations->pending < observations->every) {
		struct observation *item = &observations->items[observations->count - 1];
		observations->last.beside = item->values[O_LIVE];
		observation_merge(item, sample);
		observations->pending++;
		return;
	}
	if (observations->count == OBSERVATIONS_MAX)
		halve(observations);
	observations->items[observations->count++] = *sample;
	observations->pending = 1;
}

double observations_peak(const struct observations *observations,
		enum observed what,
		double *ret_at_s)
{
	double peak = (double)NAN;
	for (size_t i = 0; i < observations->count; i++) {
		double value = observations->items[i].values[what];
		if (isnan(value) || value <= peak)
			continue;
		peak = value;
		if (ret_at_s)
			*ret_at_s = observations->items[i].t_s;
	}
	return peak;
}

double observations_growth(const struct observations *observations, enum observed what)
{
	if (!observations->count)
		return (double)NAN;
	return observations->items[observations->count - 1].values[what] -
			observations->items[0].values[what];
}
