/* A real Erlang VM in the sandbox: started under the workload's limits, it opens connections until
 * it cannot. Its answers are lines "WORD NUMBER NUMBER [WORD]" and are untrusted. */
#ifndef HEADROOM_PROBES_STRESS_VM_H
#define HEADROOM_PROBES_STRESS_VM_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "probes/stress/worker.h"

enum vm_word {
	VM_PID,   /* first: its process, as /proc names it */
	VM_READY, /* first: the port limit, second: ports in use; it then waits */
	VM_AT,    /* first: connections, second: microseconds since the first */
	VM_END,   /* the same, text: why ("most": as many as it was told to) */
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

/* One line, without its newline. false: not an answer. */
bool vm_parse(const char *line, struct vm_answer *ret);

/* 0 or an errno. `soft`: RLIMIT_NOFILE of the VM; it connects to `port` on 127/8 addresses, `most`
 * times at most. */
int vm_start(struct vm *vm,
		const struct calibrate_request *request,
		double soft,
		unsigned port,
		double most);
/* Lets it begin. */
bool vm_go(const struct vm *vm);
/* Waits for its next answer. Returns false if it has ended, if it sent something else, or if the
 * worker has to stop. */
bool vm_read(struct vm *vm, const struct worker *worker, struct vm_answer *ret);
void vm_end(struct vm *vm);

#endif
