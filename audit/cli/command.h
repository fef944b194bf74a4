/* The commands, one row each. To add one, write one file and add one row to commands.c. */
#ifndef HEADROOM_AUDIT_CLI_COMMAND_H
#define HEADROOM_AUDIT_CLI_COMMAND_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/document/verdict.h"

struct foreign_list;
struct options;

enum command_id {
	COMMAND_AUDIT,
	COMMAND_GATE,
	COMMAND_FIX,
	COMMAND_SIZE,
	COMMAND_FLEET,
	COMMAND_CALIBRATE,
	COMMAND_WHY,
	COMMAND_WATCH,
	COMMAND_EXPLAIN,
	COMMAND_WORKLOAD,
	COMMAND_FACTS,
	COMMAND_LINT,
	COMMAND_REPORT,
	COMMAND_HISTORY,
	COMMAND_ATTACH,
	COMMAND_SIGN,
	COMMAND_VERIFY,
	COMMAND_RULES,
	COMMAND_SCHEMA,
	COMMAND_HELP,
	COMMAND_VERSION,
	COMMANDS
};

/* Exit codes of gate. They are numbers that load tests do not use themselves. */
enum gate_exit_code {
	EXIT_GATE_FAIL = 121,
	EXIT_GATE_UNKNOWN = 122,
	EXIT_GATE_NOT_CERTIFIED = 123,
	EXIT_GATE_TIMED_OUT = 124,
	EXIT_GATE_BROKEN = 125
};

/* Memory that is used until the end of the run is not freed, because the end of the process frees
 * it faster. Builds with a sanitizer free it (RUN_FREES), so that they report only real leaks. */
#if defined(__SANITIZE_ADDRESS__)
#define RUN_FREES 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RUN_FREES 1
#endif
#endif
#ifndef RUN_FREES
#define RUN_FREES 0
#endif

/* What this process inherited and had to change. It is restored for commands that headroom runs. */
struct inherited {
	unsigned closed;   /* bit 1 << fd of each standard descriptor that was closed */
	bool pipe_ignored; /* SIGPIPE was ignored */
};

/* One run of the program. */
struct run {
	struct arena *arena;
	const struct options *options;
	int argc; /* the whole command line, for the document */
	char *const *argv;
	struct inherited inherited;
	struct foreign_list *foreign; /* filled in on the way */
};

/* Does the work of a command. *ret_exit is EXIT_PASS when it is called. If it returns false, main
 * prints err and exits with 2 for an error in the input and 1 for any other error. */
typedef bool command_fn(const struct run *run, int *ret_exit, struct error *err);

struct command_row {
	const char *name;
	const char *usage;    /* the words after "headroom NAME" */
	const char *summary;  /* what it is for, in one line */
	const char *about;    /* paragraphs; each is one line that ends with \n, help wraps it */
	const char *examples; /* command lines that can be pasted, each behind two blanks */
	bool takes_workload;  /* accepts the workload flags */
	bool takes_text;      /* a word with a blank is not an option, even if it begins with "-" */
	bool takes_command;   /* the words after "--" are a load test's command line */
	bool takes_loads;     /* "+" between words begins another load */
	int failure;          /* exit code if the command itself fails; 0: EXIT_USAGE or EXIT_BROKEN */
	command_fn *run;
};

extern const struct command_row command_rows[COMMANDS];

/* Returns COMMANDS if no command has this name. */
enum command_id command_find(const char *name);

command_fn command_fix, command_fleet, command_schema, command_sign, command_verify;
command_fn command_audit, command_gate, command_watch, command_why, command_lint, command_workload,
		command_size, command_calibrate, command_explain, command_facts, command_report,
		command_history, command_attach, command_rules, command_help, command_version;

#endif
