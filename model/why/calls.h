/* Counts failing system calls by process, call, error and destination. The caller passes the
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
	CALLS_NAME_MAX = 16,       /* name of a process with the final NUL (TASK_COMM_LEN) */
	CALLS_ROWS_MAX = 4096,     /* different failures */
	CALLS_ROWS_SHARED = 256,   /* of these, for processes beyond those told apart */
	CALLS_OTHERS = -1,         /* the `pid` of such a row */
	CALLS_PROCESSES_MAX = 8192 /* processes followed at one time */
};

enum call_kind {
	CALL_FAILED,      /* a call by thread `tid` of process `pid` failed with `error` */
	CALL_UNCONNECTED, /* a TCP socket went from SYN_SENT to CLOSE while `tid` was in the kernel */
	CALL_FORKED,      /* process `parent` created process `pid` */
	CALL_NAMED,       /* process `pid` is now called `name` */
	CALL_ENDED        /* process `pid` has ended */
};

/* One record from the kernel. Only the fields that its kind names above are used. */
struct call_record {
	uint64_t time_ns; /* all records use the same clock */
	enum call_kind kind;
	int pid, tid, parent;
	const char *call; /* "connect"; must live longer than the counts */
	int error;        /* an errno */
	struct address to;
	unsigned to_port;
	bool has_port;   /* the socket had a local port when it was closed */
	bool interrupts; /* closed by an interrupt, so `tid` did not cause it */
	char name[CALLS_NAME_MAX];
};

/* Failures of one process, call, error and destination. */
struct call_row {
	int pid; /* CALLS_OTHERS: many processes; 0: a process without a PID in this namespace */
	const char *call;
	int error;
	double count;
	struct address to; /* family 0: not known, or the call has none */
	unsigned to_port;
	char name[CALLS_NAME_MAX]; /* name of the process; "" if not known */
};

struct calls;

/* Creates the counts, in the arena. tree: only processes named by calls_follow() and their
 * descendants count; else all. */
struct calls *calls_new(struct arena *arena, bool tree);

/* Starts counting process `pid`. `name`: as the kernel truncates it; may be "". */
void calls_follow(struct calls *calls, int pid, const char *name);
/* Returns true if the name of this process is known. If not, the caller may look it up and call
 * calls_name(). */
bool calls_has_name(const struct calls *calls, int pid);
void calls_name(struct calls *calls, int pid, const char *name);

void calls_add(struct calls *calls, const struct call_record *record);

/* Gives the rows, allocated in the arena, sorted by count in descending order (then by pid, call,
 * error). Returns their number. */
size_t calls_rows(struct calls *calls, struct arena *arena, const struct call_row **ret_rows);
/* Returns the number of failures that found no room in a row. */
double calls_uncounted(const struct calls *calls);
/* Returns true if a process of the tree could not be followed, so that counts may be too low. */
bool calls_crowded(const struct calls *calls);

#endif
