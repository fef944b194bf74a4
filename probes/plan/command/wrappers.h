/* Looks through the words in front of a tool: env, sudo, nice, timeout, prlimit, sh -c, docker run
 * … Keeps what they change for the tool. Executes nothing; what it does not understand is an error
 * that says so. */
#ifndef HEADROOM_PROBES_PLAN_COMMAND_WRAPPERS_H
#define HEADROOM_PROBES_PLAN_COMMAND_WRAPPERS_H

#include "probes/plan/command/arguments.h"
#include "probes/plan/plan.h"

enum {
	WRAPPERS_DEPTH_MAX = 16,
	WRAPPERS_TEXTS_MAX = 64,
	WRAPPERS_FILES_MAX = 1000,
	WRAPPERS_BYTES_MAX = 64 * 1024 * 1024
};

/* What reading a command has cost so far: scripts may call each other, and print files again and
 * again. */
struct peel_budget {
	unsigned texts; /* of shells */
	size_t bytes;   /* of files and of what commands print */
	bool idle;      /* the last text that was searched starts no load test and no unknown program */
	bool absent;    /* the last compose file that was asked for is not here, or makes no load */
};

/* What is being taken off: the command so far, in place. */
struct peel {
	const struct plan_context *context;
	struct plan_command *command;
	int depth;
	struct peel_budget *budget;
	struct error *err;
};

bool wrappers_take_off(const struct plan_context *context,
		const char *const *argv,
		size_t count,
		struct plan_command *ret_command,
		struct error *err);
/* The same for a command that is inside others already. */
bool wrappers_peel(struct peel *peel);

/* True if the command begins with a wrapper. */
bool wrappers_know(const struct plan_command *command);

/* For the files below: makes the rest of the words the command. Returns false with err if no word
 * is left. */
bool peel_rest(struct peel *peel, const char *const *words, size_t count);
void peel_variable(struct peel *peel, const char *assignment);
/* "0,2-5": how many CPUs; 0 if it is not a list of CPUs. */
double peel_count_cpus(const char *list);
/* "soft:hard", "N", "soft:", ":hard", "unlimited", "-1". */
bool peel_nofile(struct peel *peel, const char *text, const char *from);

/* sh, bash … (wrap_shell.c); docker run, podman run (wrap_container.c). words[0] is the wrapper. */
/* Notes the text of a file that the command itself writes before its load test reads it. */
void peel_written(struct peel *peel, const char *path, const char *text);
/* How many containers of the kind are started: "3". */
void peel_copies(struct peel *peel, const char *count);
bool peel_shell(struct peel *peel);
/* ./bench.sh: is the command a shell script that can be read here? Then its text is the command. */
bool peel_is_script(const struct peel *peel);
bool peel_script(struct peel *peel);
bool peel_container(struct peel *peel);
/* Reads a container from the words of `docker run`, those after "run". `engine` names what starts
 * it. */
bool peel_run(struct peel *peel, const char *engine, const char *const *words, size_t count);
/* Reads the words after "compose" of docker compose (compose.c). */
bool peel_compose(struct peel *peel, const char *const *words, size_t count);
/* npm run, uvx … (wrap_runner.c) */
bool peel_runner(struct peel *peel);
/* kubectl (kubernetes.c) */
bool peel_kubectl(struct peel *peel);

#endif
