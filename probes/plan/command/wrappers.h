/* Removes the words in front of a tool (env, sudo, nice, timeout, prlimit, sh -c, docker run …) and
 * records what they change for the tool. Executes nothing; returns an error for anything it does
 * not understand. */
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

/* The cost of reading a command so far: scripts may call each other, and print files repeatedly. */
struct peel_budget {
	unsigned texts; /* shell texts read */
	size_t bytes;   /* bytes of files and of printed text */
	bool idle;      /* the last text searched starts no load test and no unknown program */
	bool absent;    /* the last compose file asked for is not here, or makes no load */
};

/* The state while wrappers are removed; the command is changed in place. */
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
/* The same for a command inside others. */
bool wrappers_peel(struct peel *peel);

/* Returns true if the command begins with a wrapper. */
bool wrappers_know(const struct plan_command *command);

/* For the files below: keeps only these words of the command. false with err if there are none. */
bool peel_rest(struct peel *peel, const char *const *words, size_t count);
void peel_variable(struct peel *peel, const char *assignment);
/* Returns the number of CPUs in a list such as "0,2-5"; 0 if it is not a list of CPUs. */
double peel_count_cpus(const char *list);
/* Reads a limit of open files: "soft:hard", "N", "soft:", ":hard", "unlimited", "-1". false with
 * err. */
bool peel_nofile(struct peel *peel, const char *text, const char *from);

/* Each reads one kind of wrapper; words[0] is the wrapper. sh, bash …: wrap_shell.c; docker run,
 * podman run: wrap_container.c. They return false with err. */
/* Records the text of a file that the command itself writes before its load test reads it. */
void peel_written(struct peel *peel, const char *path, const char *text);
/* Records how many containers of this kind are started: "3". */
void peel_copies(struct peel *peel, const char *count);
bool peel_shell(struct peel *peel);
/* Returns true if the command is a shell script that can be read here (./bench.sh); peel_script
 * then reads it. */
bool peel_is_script(const struct peel *peel);
bool peel_script(struct peel *peel);
bool peel_container(struct peel *peel);
/* Reads a container from the words after `docker run`. `engine`: the name of what starts it. */
bool peel_run(struct peel *peel, const char *engine, const char *const *words, size_t count);
/* Reads the words after `docker compose` (compose.c). */
bool peel_compose(struct peel *peel, const char *const *words, size_t count);
/* Reads npm run, uvx … (wrap_runner.c). */
bool peel_runner(struct peel *peel);
/* Reads kubectl (kubernetes.c). */
bool peel_kubectl(struct peel *peel);

#endif
