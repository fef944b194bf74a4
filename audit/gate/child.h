/* Running a command as if headroom were not there: its standard streams, its place in the process
 * group and on the terminal, its signals and its status are its own. */
#ifndef HEADROOM_AUDIT_GATE_CHILD_H
#define HEADROOM_AUDIT_GATE_CHILD_H

#include <stdbool.h>

#include "audit/cli/command.h"
#include "audit/gate/front.h"

enum {
	CHILD_CANNOT_EXECUTE = 126,
	CHILD_NOT_FOUND = 127
};

/* Returns 0 if the command can probably be run; else 126 or 127 with err. */
int child_find(struct arena *arena, const char *command, struct error *err);

struct child_plan {
	char *const *argv;             /* NULL-terminated */
	const struct inherited *given; /* what this process was started with */
	struct front *front;           /* this process is its worker */
	double soft_nofile;            /* NAN: unchanged */
	int output_fd;                 /* its standard output; -1: that of headroom */
	double limit_s;                /* its whole tree is ended after this time; 0: never */
	/* Called now and then while the command runs; returns the seconds until it wants to be called
	 * again. `end`: the command has just ended. */
	double (*tick)(void *context, bool end);
	void (*started)(void *context);   /* called once, when it has been started */
	void (*timed_out)(void *context); /* called when limit_s is over, before it is ended */
	void *context;
};

struct child_end {
	int status; /* as a shell has it: 128 + n if a signal ended it; 126, 127 if it could not be
	               executed */
	int signal; /* that ended it, or 0 */
	bool ran, timed_out;
	double run_s;
};

/* Fails if no process could be made, and if it could not be executed. */
bool child_run(const struct child_plan *plan, struct child_end *ret_end, struct error *err);

#endif
