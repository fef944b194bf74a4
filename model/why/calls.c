/* Counts failing system calls. A failed connect() and the address it went to come from two events
 * of the kernel: the socket is closed just before the call returns, by the thread that called. */
#include "model/why/calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/memory.h"

enum {
	PENDING = 1024,       /* threads whose last closed socket is remembered */
	PROCESS_SLOTS = 16384 /* a power of two, twice CALLS_PROCESSES_MAX: searches end */
};

/* Between the closing and the return nothing waits; a busy processor may come in between. */
static const uint64_t pairing_ns = 20000000;

struct process {
	int pid; /* 0: free */
	bool ended, named;
	bool out; /* its number went to a process outside the tree */
	char name[CALLS_NAME_MAX];
};

struct closed {
	uint64_t time_ns;
	int tid; /* 0: free */
	bool has_port;
	struct address to;
	unsigned to_port;
};

struct calls {
	bool tree, crowded;
	double uncounted;
	struct process *processes; /* open addressing, linear */
	size_t process_count;
	struct closed pending[PENDING];
	struct call_row *rows;
	size_t row_count;
	uint16_t row_slots[2 * CALLS_ROWS_MAX]; /* index + 1 into rows; 0: free */
};

struct calls *calls_new(struct arena *arena, bool tree)
{
	struct calls *calls = arena_alloc(arena, sizeof *calls);
	calls->tree = tree;
	calls->processes = arena_alloc(arena, PROCESS_SLOTS * sizeof *calls->processes);
	calls->rows = arena_alloc(arena, CALLS_ROWS_MAX * sizeof *calls->rows);
	return calls;
}

static size_t mix(uint64_t number)
{
	return (size_t)((number * 0x9E3779B97F4A7C15u) >> 32);
}

/* --- processes
 * ------------------------------------------------------------------------------------- */

/* The slot of the process, or the free one where it would stand. */
static struct process *slot_of(const struct calls *calls, int pid)
{
	size_t at = mix((uint64_t)pid) % PROCESS_SLOTS;
	while (calls->processes[at].pid != 0 && calls->processes[at].pid != pid)
		at = (at + 1) % PROCESS_SLOTS;
	return &calls->processes[at];
}

static struct process *find_process(const struct calls *calls, int pid)
{
	struct process *process = slot_of(calls, pid);
	if (process->pid == 0)
		return NULL;
	return process;
}

/* Lets go of those that have ended: the table is filled anew with the others. */
static void forget_ended(struct calls *calls)
{
	struct process *old = memory_get(PROCESS_SLOTS * sizeof *old);
	memcpy(old, calls->processes, PROCESS_SLOTS * sizeof *old);
	memset(calls->processes, 0, PROCESS_SLOTS * sizeof *old);
	calls->process_count = 0;
	for (size_t i = 0; i < PROCESS_SLOTS; i++) {
		if (!old[i].pid || old[i].ended)
			continue;
		*slot_of(calls, old[i].pid) = old[i];
		calls->process_count++;
	}
	free(old);
}

/* NULL: there is no room. */
static struct process *add_process(struct calls *calls, int pid)
{
	struct process *process = find_process(calls, pid);
	if (process || pid <= 0)
		return process;
	if (calls->process_count == CALLS_PROCESSES_MAX)
		forget_ended(calls);
	if (calls->process_count == CALLS_PROCESSES_MAX) {
		calls->crowded |= calls->tree;
		return NULL;
	}
	process = slot_of(calls, pid);
	*process = (struct process){.pid = pid};
	calls->process_count++;
	return process;
}

static void set_name(struct process *process, const char *name)
{
	size_t length = strnlen(name, CALLS_NAME_MAX - 1);
	memset(process->name, 0, sizeof process->name);
	memcpy(process->name, name, length);
	process->named = length > 0;
}

void calls_follow(struct calls *calls, int pid, const char *name)
{
	struct process *process = add_process(calls, pid);
	if (!process)
		return;
	process->ended = process->out = false;
	set_name(process, name);
}

bool calls_has_name(const struct calls *calls, int pid)
{
	const struct process *process = find_process(calls, pid);
	return process && process->named;
}

/* Rows that were counted before the name was known get it, too. */
static void name_rows(struct calls *calls, const struct process *process)
{
	for (size_t i = 0; i < calls->row_count; i++)
		if (calls->rows[i].pid == process->pid && !calls->rows[i].name[0])
			memcpy(calls->rows[i].name, process->name, sizeof process->name);
}

void calls_name(struct calls *calls, int pid, const char *name)
{
	struct process *process = find_process(calls, pid);
	if (!process && !calls->tree)
		process = add_process(calls, pid);
	if (!process)
		return;
	set_name(process, name);
	name_rows(calls, process);
}

/* A child is called as its parent until it is named. A number that is used again stands for the
 * new process alone. */
static void add_child(struct calls *calls, const struct call_record *record)
{
	const struct process *parent = find_process(calls, record->parent);
	struct process *child = find_process(calls, record->pid);
	if (calls->tree && (!parent || parent->out)) {
		if (child)
			child->ended = child->out = true;
		return;
	}
	if (!child)
		child = add_process(calls, record->pid);
	if (!child)
		return;
	child->ended = child->out = false;
	set_name(child, "");
	if (parent && parent != child)
		set_name(child, parent->name);
}

static void end_process(const struct calls *calls, int pid)
{
	struct process *process = find_process(calls, pid);
	if (process)
		process->ended = true;
}

/* --- rows
 * ------------------------------------------------------------------------------------------- */

static bool is_row(const struct call_row *row, const struct call_row *key)
{
	return row->pid == key->pid && row->error == key->error && strcmp(row->call, key->call) == 0 &&
			row->to_port == key->to_port && address_is_same(&row->to, &key->to) &&
			strcmp(row->name, key->name) == 0;
}

static uint64_t hash_row(const struct call_row *row)
{
	uint64_t hash = (uint64_t)row->pid * 31 + (uint64_t)row->error;
	for (const char *at = row->call; *at; at++)
		hash = hash * 31 + (unsigned char)*at;
	for (size_t i = 0; i < sizeof row->to.bytes; i++)
		hash = hash * 31 + row->to.bytes[i];
	return hash * 31 + row->to_port;
}

/* The row, or a new one if there are fewer than `most`; NULL: there is no room. */
static struct call_row *row_for(struct calls *calls, const struct call_row *key, size_t most)
{
	const size_t slots = COUNT_OF(calls->row_slots);
	size_t at = mix(hash_row(key)) % slots;
	while (calls->row_slots[at]) {
		struct call_row *row = &calls->rows[calls->row_slots[at] - 1];
		if (is_row(row, key))
			return row;
		at = (at + 1) % slots;
	}
	if (calls->row_count >= most)
		return NULL;
	struct call_row *added = &calls->rows[calls->row_count];
	*added = *key;
	calls->row_slots[at] = (uint16_t)++calls->row_count;
	return added;
}

/* Where processes are too many to be told apart, what failed is still counted. */
static void count_row(struct calls *calls, const struct call_row *key)
{
	struct call_row shared = *key;
	struct call_row *row = row_for(calls, key, CALLS_ROWS_MAX - CALLS_ROWS_SHARED);
	if (!row) {
		shared.pid = CALLS_OTHERS;
		memset(shared.name, 0, sizeof shared.name);
		row = row_for(calls, &shared, CALLS_ROWS_MAX);
	}
	if (row)
		row->count++;
	else
		calls->uncounted++;
}

/* --- destinations
 * ----------------------------------------------------------------------------------- */

static struct closed *pending_of(struct calls *calls, int tid)
{
	return &calls->pending[mix((uint64_t)tid) % PENDING];
}

static void keep_closed(struct calls *calls, const struct call_record *record)
{
	if (record->interrupts)
		return;
	*pending_of(calls, record->tid) = (struct closed){.time_ns = record->time_ns,
			.tid = record->tid,
			.has_port = record->has_port,
			.to = record->to,
			.to_port = record->to_port};
}

/* Of which failures is a socket that goes from SYN_SENT to CLOSE the cause or the effect? Without a
 * local port it is only that none was free, or no memory (tcp_v4_connect() in net/ipv4/tcp_ipv4.c).
 */
static bool fits(const struct closed *closed, int error)
{
	if (error == EADDRNOTAVAIL || error == ENOMEM || error == ENOBUFS)
		return true;
	return closed->has_port &&
			(error == ECONNREFUSED || error == ETIMEDOUT || error == EHOSTUNREACH ||
					error == ENETUNREACH || error == ECONNRESET);
}

static void add_destination(struct calls *calls,
		const struct call_record *record,
		struct call_row *row)
{
	struct closed *closed = pending_of(calls, record->tid);
	if (closed->tid != record->tid || strcmp(record->call, "connect") != 0)
		return;
	if (fits(closed, record->error) && record->time_ns >= closed->time_ns &&
			record->time_ns - closed->time_ns <= pairing_ns) {
		row->to = closed->to;
		row->to_port = closed->to_port;
	}
	closed->tid = 0;
}

static void add_failure(struct calls *calls, const struct call_record *record)
{
	const struct process *process = find_process(calls, record->pid);
	struct call_row row = {.pid = record->pid, .call = record->call, .error = record->error};
	if (calls->tree && (!process || process->out))
		return;
	if (process)
		memcpy(row.name, process->name, sizeof row.name);
	add_destination(calls, record, &row);
	count_row(calls, &row);
}

void calls_add(struct calls *calls, const struct call_record *record)
{
	switch (record->kind) {
	case CALL_FAILED:
		add_failure(calls, record);
		break;
	case CALL_UNCONNECTED:
		keep_closed(calls, record);
		break;
	case CALL_FORKED:
		add_child(calls, record);
		break;
	case CALL_NAMED:
		calls_name(calls, record->pid, record->name);
		break;
	case CALL_ENDED:
		end_process(calls, record->pid);
		break;
	}
}

/* --- the result
 * ------------------------------------------------------------------------------------- */

static int compare_rows(const void *a, const void *b)
{
	const struct call_row *one = a, *other = b;
	int order = (one->count < other->count) - (one->count > other->count);
	if (order == 0)
		order = one->pid - other->pid;
	if (order == 0)
		order = strcmp(one->call, other->call);
	if (order == 0)
		order = one->error - other->error;
	if (order == 0)
		order = memcmp(&one->to, &other->to, sizeof one->to);
	if (order == 0)
		order = (int)one->to_port - (int)other->to_port;
	return order;
}

size_t calls_rows(struct calls *calls, struct arena *arena, const struct call_row **ret_rows)
{
	struct call_row *rows = arena_alloc(arena, calls->row_count * sizeof *rows);
	memcpy(rows, calls->rows, calls->row_count * sizeof *rows);
	qsort(rows, calls->row_count, sizeof *rows, compare_rows);
	*ret_rows = rows;
	return calls->row_count;
}

double calls_uncounted(const struct calls *calls)
{
	return calls->uncounted;
}

bool calls_crowded(const struct calls *calls)
{
	return calls->crowded;
}
