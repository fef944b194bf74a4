/* What is used of each limit, from samples and facts. */
#include "model/watch/watched.h"

#include <math.h>
#include <string.h>

const struct watched_row watched_rows[WATCHED] = {
		[WATCH_PORTS] = {"ephemeral-ports", "Ephemeral ports", "ports", true, OBSERVED},
		[WATCH_PROCESS_FDS] = {"process-fds", "Open files of a process", "files", true, OBSERVED},
		[WATCH_SYSTEM_FDS] = {"system-fds", "Open files of the host", "files", true, OBSERVED},
		[WATCH_CONNTRACK] = {"conntrack", "Connection tracking", "entries", true, O_CONNTRACK_DROP},
		[WATCH_ACCEPT_QUEUE] =
				{"accept-queue", "Accept queue", "connections", true, O_LISTEN_OVERFLOWS},
		[WATCH_TIME_WAIT] =
				{"time-wait-buckets", "TIME_WAIT", "sockets", false, O_TIME_WAIT_OVERFLOW},
		[WATCH_TCP_MEMORY] = {"tcp-memory", "TCP buffers", "pages", true, O_ABORT_ON_MEMORY},
		[WATCH_ORPHANS] = {"orphans", "Orphaned sockets", "sockets", false, OBSERVED},
		[WATCH_NEIGHBOURS] = {"neighbour-table", "Neighbour table", "entries", true, OBSERVED},
		[WATCH_THREADS] = {"threads", "Threads and processes", "threads", true, OBSERVED},
		[WATCH_CPU] = {"cpu", "Processors", "cores", true, OBSERVED},
		[WATCH_THREAD_CPU] = {"thread-cpu", "Its busiest thread", "cores", true, OBSERVED},
};

static int reuse_of(const struct facts *facts)
{
	double reuse = facts_number(facts, "net.ipv4.tcp_tw_reuse");
	if (!(facts_number(facts, "net.ipv4.tcp_timestamps") > 0))
		return 0;
	return reuse == 1 ? 1 : reuse == 2 ? 2 : 0;
}

struct watched_room watched_room_of(const struct facts *facts, double cores)
{
	struct watched_room room = {.reuse = reuse_of(facts)};
	const double unknown = (double)NAN;
	const double of[WATCHED] = {
			[WATCH_PORTS] = facts_number(facts, "ports.usable"),
			[WATCH_PROCESS_FDS] = unknown,
			[WATCH_SYSTEM_FDS] = facts_number(facts, "fs.file-max"),
			[WATCH_CONNTRACK] = facts_number(facts, "net.netfilter.nf_conntrack_max"),
			[WATCH_ACCEPT_QUEUE] = unknown,
			[WATCH_TIME_WAIT] = facts_number(facts, "net.ipv4.tcp_max_tw_buckets"),
			[WATCH_TCP_MEMORY] = facts_number(facts, "net.ipv4.tcp_mem.max"),
			[WATCH_ORPHANS] = facts_number(facts, "net.ipv4.tcp_max_orphans"),
			[WATCH_NEIGHBOURS] = facts_number(facts, "net.ipv4.neigh.default.gc_thresh3"),
			[WATCH_THREADS] = fmin(facts_number(facts, "kernel.pid_max"),
					facts_number(facts, "kernel.threads-max")),
			[WATCH_CPU] = cores > 0 ? cores : unknown,
			[WATCH_THREAD_CPU] = 1,
	};
	memcpy(room.of, of, sizeof of);
	return room;
}

void watched_room_of_plan(struct watched_room *room, const struct result *plan)
{
	const char *bind = plan->workload.values[W_BIND].text;
	room->all_destinations = bind && (!strcmp(bind, "wildcard") || !strcmp(bind, "address"));
	for (size_t i = 0; i < plan->resource_count; i++) {
		const struct judgement *worst = &plan->resources[i].worst;
		bool known = worst->status != STATUS_NOT_APPLICABLE && !isnan(worst->capacity);
		if (known && !strcmp(worst->rule->id, watched_rows[WATCH_PORTS].id))
			room->of[WATCH_PORTS] = worst->capacity;
	}
}

/* Growth of a counter per second. */
static double watched_rate(enum observed what,
		const struct observation *before,
		const struct observation *now)
{
	if (!before || !(now->t_s > before->t_s))
		return (double)NAN;
	return (now->values[what] - before->values[what]) / (now->t_s - before->t_s);
}

static double used_of(enum watched what,
		const struct watched_room *room,
		const struct observation *before,
		const struct observation *now)
{
	const double *v = now->values;
	switch (what) {
	case WATCH_PORTS:
		return room->all_destinations ? v[O_LIVE] + v[O_TIME_WAIT] : v[O_PORTS_USED];
	case WATCH_PROCESS_FDS:
		return v[O_FDS_MOST];
	case WATCH_SYSTEM_FDS:
		return v[O_FILES];
	case WATCH_CONNTRACK:
		return v[O_CONNTRACK];
	case WATCH_ACCEPT_QUEUE:
		return v[O_QUEUE];
	case WATCH_TIME_WAIT:
		return v[O_TIME_WAIT] + v[O_ACCEPTED_TIME_WAIT];
	case WATCH_TCP_MEMORY:
		return v[O_TCP_PAGES];
	case WATCH_ORPHANS:
		return v[O_ORPHANS];
	case WATCH_NEIGHBOURS:
		return v[O_NEIGHBOURS];
	case WATCH_THREADS:
		return v[O_THREADS];
	case WATCH_CPU:
		return watched_rate(O_CPU_S, before, now);
	case WATCH_THREAD_CPU:
		return watched_rate(O_THREAD_CPU_S, before, now);
	case WATCHED:
		break;
	}
	return (double)NAN;
}

struct watched_use watched_use(enum watched what,
		const struct watched_room *room,
		const struct observation *before,
		const struct observation *now)
{
	double capacity = what == WATCH_PROCESS_FDS ? now->values[O_FDS_LIMIT]
			: what == WATCH_ACCEPT_QUEUE        ? now->values[O_QUEUE_LIMIT]
												: room->of[what];
	double used = used_of(what, room, before, now);
	return (struct watched_use){used,
			capacity,
			isinf(capacity) && !isnan(used) ? 0 : used / capacity};
}
