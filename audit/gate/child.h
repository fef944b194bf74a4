/* Runs a command as if headroom were not there: with its own standard streams, place in the process
 * group and on the terminal, signals and exit status. */
#ifndef HEADROOM_AUDIT_GATE_CHILD_H
#define HEADROOM_AUDIT_GATE_CHILD_H

#include <stdbool.h>

#include "audit/cli/command.h"
#include "audit/gate/front.h"

enum {
	CHILD_CANNOT_EXECUTE = 126,
	CHILD_NOT_FOUND = 127
};

/* Returns 0 if the command can probably be run, else 126 or 127 with err. */
int child_find(struct arena *arena, const char *command, struct error *err);

struct child_plan {
	char *const *argv;             /* NULL-terminated */
	const struct inherited *given; /* the state in which this process was started */
	struct front *front;           /* this process is the worker of this front */
	double soft_nofile;            /* NAN: unchanged */
	int output_fd;                 /* standard output of the command; -1: that of headroom */
	double limit_s;                /* kills its whole tree after this many seconds; 0: never */
	/* Called from time to time while the command runs; returns the seconds until the next call.
	 * `end`: the command has just ended. */
	double (*tick)(void *context, bool end);
	void (*started)(void *context);   /* called once, after the start */
	void (*timed_out)(void *context); /* called after limit_s, before the command is killed */
	void *context;
};

struct child_end {
	int status; /* as a shell reports it: 128 + n after signal n; 126 or 127 if it could not be
	               executed */
	int signal; /* the signal that ended it; 0: none */
	bool ran, timed_out;
	double run_s;
};

/* Returns false with err if no process could be created or the command could not be executed. */
bool child_run(const struct child_plan *plan, struct child_end *ret_end, struct error *err);

#endif
