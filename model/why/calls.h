/* Failing system calls, counted by process, call, error and destination. The caller passes the
 * kernel's records one by one, in order of time; nothing is read here. Memory is bounded: records
 * that do not fit are counted and reported. */
#ifndef HEADROOM_MODEL_WHY_CALLS_H
#define HEADROOM_MODEL_WHY_CALLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/address.h"
#include "base/arena.h"

enum {
	CALLS_NAME_MAX = 16,       /* of a process, with the final NUL (TASK_COMM_LEN) */
	CALLS_ROWS_MAX = 4096,     /* different failures */
	CALLS_ROWS_SHARED = 256,   /* of these for processes that are too many to be told apart */
	CALLS_OTHERS = -1,         /* the `pid` of such a row */
	CALLS_PROCESSES_MAX = 8192 /* processes that are followed at one time */
};

enum call_kind {
	CALL_FAILED,      /* a call of thread `tid` in process `pid` ended with `error` */
	CALL_UNCONNECTED, /* a TCP socket went from SYN_SENT to CLOSE while `tid` was in the kernel */
	CALL_FORKED,      /* process `parent` made process `pid` */
	CALL_NAMED,       /* process `pid` is now called `name` */
	CALL_ENDED        /* process `pid` is over */
};

/* One thing that the kernel told. What the kind does not name above is not looked at. */
struct call_record {
	uint64_t time_ns; /* of one clock for all records */
	enum call_kind kind;
	int pid, tid, parent;
	const char *call; /* "connect"; lives longer than the counts */
	int error;        /* an errno */
	struct address to;
	unsigned to_port;
	bool has_port;   /* the socket had a local port when it was closed */
	bool interrupts; /* it was closed by an interrupt: `tid` has nothing to do with it */
	char name[CALLS_NAME_MAX];
};

/* One failure. */
struct call_row {
	int pid; /* CALLS_OTHERS: of many; 0: of one that has no number in this namespace */
	const char *call;
	int error;
	double count;
	struct address to; /* family 0: not known, or the call has none */
	unsigned to_port;
	char name[CALLS_NAME_MAX]; /* of the process; "" if it is not known */
};

struct calls;

/* tree: only processes named by calls_follow() and their descendants count; else all do. The counts
 * live in the arena. */
struct calls *calls_new(struct arena *arena, bool tree);

/* Process `pid` counts; name: as the kernel cut it, may be "". */
void calls_follow(struct calls *calls, int pid, const char *name);
/* Has this process a name yet? (Who asks may look it up and call calls_name().) */
bool calls_has_name(const struct calls *calls, int pid);
void calls_name(struct calls *calls, int pid, const char *name);

void calls_add(struct calls *calls, const struct call_record *record);

/* The rows, the largest count first (ties: by pid, call, error), in the arena. */
size_t calls_rows(struct calls *calls, struct arena *arena, const struct call_row **ret_rows);
/* Failures that no row had room for. */
double calls_uncounted(const struct calls *calls);
/* A process of the tree could not be followed: counts may be too low. */
bool calls_crowded(const struct calls *calls);

#endif
