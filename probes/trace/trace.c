/* Reads the buffers of all processors some ten times a second, puts what they hold in the order of
 * time, and counts it. */
#include "probes/trace/trace.h"

#include <elf.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"
#include "base/os/clock.h"
#include "probes/trace/events.h"
#include "probes/trace/tree.h"

enum {
	QUEUE_MAX = 65536, /* records that wait for their turn */
	ROUND_MS = 100
};

/* A record shows up in its buffer this long after its time at the latest. */
static const double settled_s = 0.02;

struct queued {
	struct call_record record;
	size_t number; /* as it came: the order of those of one moment */
};

struct trace {
	struct arena *arena;
	struct source *source;
	int pid, own_pid;
	struct events events;
	struct calls *calls;
	struct queued *queue;
	size_t queued, capacity, number;
	double seen;       /* failures whose records were kept */
	bool lost_records; /* of whatever kind */
	bool crowded;      /* not all processes of the tree were found */
};

/* --- the queue
 * ---------------------------------------------------------------------------------------- */

static int compare_queued(const void *a, const void *b)
{
	const struct queued *one = a, *other = b;
	uint64_t left = one->record.time_ns, right = other->record.time_ns;
	if (left == right) {
		left = one->number;
		right = other->number;
	}
	return (left > right) - (left < right);
}

/* Of the whole host, processes that were there before have no name yet. */
static void name_process(struct trace *trace, int pid)
{
	char path[64];
	const char *text;
	size_t length;
	(void)snprintf(path, sizeof path, "proc/%d/comm", pid);
	if (pid <= 0 || trace->pid || calls_has_name(trace->calls, pid) ||
			source_read_bytes(trace->source, path, &text, &length) != 0)
		return;
	char *name = arena_copy(trace->arena, text, strcspn(text, "\n"));
	calls_name(trace->calls, pid, name);
}

static void count_record(struct trace *trace, const struct call_record *record)
{
	if (record->kind == CALL_FAILED && record->pid == trace->own_pid)
		return; /* headroom itself */
	if (record->kind == CALL_FAILED)
		name_process(trace, record->pid);
	calls_add(trace->calls, record);
}

/* Counts what happened up to this moment. */
static void count_until(struct trace *trace, uint64_t time_ns)
{
	size_t done = 0;
	if (trace->queued == 0)
		return;
	qsort(trace->queue, trace->queued, sizeof *trace->queue, compare_queued);
	while (done < trace->queued && trace->queue[done].record.time_ns <= time_ns)
		count_record(trace, &trace->queue[done++].record);
	trace->queued -= done;
	memmove(trace->queue, trace->queue + done, trace->queued * sizeof *trace->queue);
}

static struct queued *make_room(struct trace *trace)
{
	if (trace->queued == QUEUE_MAX)
		count_until(trace, UINT64_MAX);
	if (trace->queued == trace->capacity) {
		trace->capacity = 2 * trace->capacity + 1024;
		trace->queue = memory_resize(trace->queue, trace->capacity * sizeof *trace->queue);
	}
	return &trace->queue[trace->queued++];
}

static void on_record(void *context, const unsigned char *bytes, size_t size)
{
	struct trace *trace = context;
	struct call_record record;
	uint64_t lost;
	switch (record_read(&trace->events.layout, bytes, size, &record, &lost)) {
	case RECORD_CALL:
		trace->seen += record.kind == CALL_FAILED;
		*make_room(trace) = (struct queued){record, trace->number++};
		break;
	case RECORD_LOST:
		trace->lost_records = true;
		break;
	case RECORD_OTHER:
		break;
	}
}

static void read_rings(struct trace *trace)
{
	for (size_t i = 0; i < trace->events.count; i++)
		ring_read(&trace->events.cpus[i].ring, on_record, trace);
}

/* --- opening and closing
 * ------------------------------------------------------------------------------ */

struct trace *trace_open(struct arena *arena,
		struct source *source,
		int pid,
		struct trace_refusal *ret_refusal)
{
	struct trace *trace = memory_new(sizeof *trace);
	*trace = (struct trace){
			.arena = arena,
			.source = source,
			.pid = pid,
			.own_pid = (int)getpid(),
	};
	if (!events_open(arena, source, &trace->events, ret_refusal)) {
		free(trace);
		return NULL;
	}
	/* The processes are looked for when births are already told: none is missed. */
	trace->calls = calls_new(arena, pid > 0);
	if (pid > 0)
		trace->crowded = tree_follow(arena, source, pid, trace->calls);
	return trace;
}

void trace_close(struct trace *trace)
{
	if (!trace)
		return;
	events_close(&trace->events);
	free(trace->queue);
	free(trace);
}

/* --- watching
 * ---------------------------------------------------------------------------------------- */

static void read_round(struct trace *trace)
{
	double settled = clock_now_s() - settled_s;
	read_rings(trace);
	count_until(trace, (uint64_t)(settled * 1e9));
}

/* Until a buffer is half full. A processor that went offline is not waited for again: its event
 * would be ready at once, for ever. */
static void wait_for_records(const struct events *events, int wait_ms)
{
	if (poll(events->groups, (nfds_t)events->count, wait_ms) <= 0)
		return;
	for (size_t i = 0; i < events->count; i++) {
		struct pollfd *group = &events->groups[i];
		if (group->revents & ~POLLIN)
			group->fd = -1;
	}
}

double trace_run(struct trace *trace, double seconds, bool (*stopped)(void *), void *context)
{
	double start = clock_now_s(), left = seconds;
	while (left > 0 && !stopped(context)) {
		int wait_ms = (int)fmin(ROUND_MS, ceil(left * 1000));
		wait_for_records(&trace->events, wait_ms);
		read_round(trace);
		left = start + seconds - clock_now_s();
	}
	return clock_now_s() - start;
}

/* The kernel's events of calls leave out those of programs for the 32-bit architecture
 * (ARCH_TRACE_IGNORE_COMPAT_SYSCALLS). */
static bool is_compat(struct trace *trace)
{
	char path[64];
	unsigned char start[EI_CLASS + 1];
	(void)snprintf(path, sizeof path, "proc/%d/exe", trace->pid);
	int file = source_open(trace->source, path, O_RDONLY);
	if (file < 0)
		return false;
	ssize_t got = read(file, start, sizeof start);
	close(file);
	return got == (ssize_t)sizeof start && memcmp(start, ELFMAG, SELFMAG) == 0 &&
			start[EI_CLASS] == ELFCLASS32 && sizeof(long) == 8;
}

void trace_finish(struct trace *trace, struct trace_seen *ret_seen)
{
	events_stop(&trace->events);
	read_rings(trace);
	count_until(trace, UINT64_MAX);
	*ret_seen = (struct trace_seen){0};
	ret_seen->count = calls_rows(trace->calls, trace->arena, &ret_seen->rows);
	for (size_t i = 0; i < ret_seen->count; i++)
		ret_seen->calls += ret_seen->rows[i].count;
	double lost = events_counted(&trace->events) - trace->seen;
	ret_seen->lost = fmax(lost, 0) + calls_uncounted(trace->calls);
	ret_seen->at_least = ret_seen->lost > 0 || trace->lost_records || trace->crowded ||
			calls_crowded(trace->calls) || events_cpus_changed(&trace->events, trace->source);
	if (trace->pid && is_compat(trace))
		ret_seen->blind = "the program is 32-bit, and the kernel does not report its calls";
}
