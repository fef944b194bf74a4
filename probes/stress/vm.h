/* A real Erlang VM in the sandbox. Started with the workload's limits, it opens connections until
 * it cannot. Its answers are lines "WORD NUMBER NUMBER [WORD]" and are not trusted. */
#ifndef HEADROOM_PROBES_STRESS_VM_H
#define HEADROOM_PROBES_STRESS_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "probes/stress/worker.h"

enum vm_word {
	VM_PID,   /* first: its PID in /proc */
	VM_READY, /* first: the port limit; second: ports in use. It then waits */
	VM_AT,    /* first: connections; second: microseconds since the first one */
	VM_END,   /* like VM_AT, with the reason in text ("most": as many as requested) */
	VM_WORDS
};

struct vm_answer {
	enum vm_word word;
	double first, second;
	char text[48];
};

struct vm {
	pid_t pid; /* in the worker's pid namespace */
	int to, from;
	size_t length;
	char line[256];
};

/* Reads one line without its newline. Returns false if it is not an answer. */
bool vm_parse(const char *line, struct vm_answer *ret);

/* Starts the VM with RLIMIT_NOFILE `soft`, to connect to `port` on 127/8 addresses at most `most`
 * times. Returns 0 or an errno. */
int vm_start(struct vm *vm,
		const struct calibrate_request *request,
		double soft,
		unsigned port,
		double most);
/* Lets it begin. Returns false if it cannot be reached. */
bool vm_go(const struct vm *vm);
/* Waits for its next answer. Returns false if the VM has ended or sent something else, or if the
 * worker must stop. */
bool vm_read(struct vm *vm, const struct worker *worker, struct vm_answer *ret);
void vm_end(struct vm *vm);

#endif
