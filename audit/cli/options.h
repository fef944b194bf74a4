/* The options, as rows: the one source for parsing, --help, the man page and the completion. */
#ifndef HEADROOM_AUDIT_CLI_OPTIONS_H
#define HEADROOM_AUDIT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/cli/command.h"
#include "model/load/workload.h"
#include "model/result.h"

/* What was said on the command line. Strings point into argv or the arena. */
struct options {
	struct name_list outputs;    /* -o, in order */
	struct name_list rules_dirs; /* --rules */
	struct name_list sets;       /* --set KEY=VALUE */
	struct name_list ignores;    /* --ignore, split at commas */
	const char *facts_path, *waivers_path, *snapshot_dir, *template_dir;
	const char *against;            /* an earlier audit: last, a number, a file */
	const char *keep, *older_than;  /* history prune */
	const char *color;              /* auto always never */
	const char *planning_constants; /* on off */
	double max_use;                 /* 0..1 */
	double pid;                     /* 0: not given */
	double seconds;                 /* --time; 0: not given */
	const char *published;          /* --published: ADDR:PORT, PORT or "auto"; NULL: not given */
	double memory_bytes;            /* --memory; 0: not given */
	bool calibrate, full, overflow, no_inspect;
	const char *config_path;   /* gate */
	const char *certify;       /* on off strict */
	double wait_s, interval_s; /* 0: not given */
	bool force, fix_soft, learn;
	const char *prometheus_path; /* watch */
	bool once, json;
	uint64_t given; /* bit 1 << index of each option row that was set */
	bool pessimistic, all, no_history, quiet, help, keys, man, bash;
	struct workload workload;            /* the workload flags */
	size_t workload_flags;               /* how many were given */
	struct name_list emits;              /* --emit, split at commas */
	const char *directory, *root, *unit; /* --dir, --root, --unit of fix */
	bool apply, undo, verify, dry_run, yes;
	const char *catalogue;         /* of VM types; size */
	const char *container;         /* --container */
	const struct vantage *vantage; /* of --unit and --container, found by main; NULL */
	bool comment, insecure;        /* attach */
	const char *url, *token_file;  /* attach */
	struct name_list arguments;
	struct name_list child; /* after "--" */
};

enum option_kind {
	OPTION_SWITCH, /* bool */
	OPTION_TEXT,   /* const char * */
	OPTION_CHOICE, /* const char *, one of `choices` */
	OPTION_LIST,   /* struct name_list, may be repeated */
	OPTION_COMMAS, /* struct name_list, may be repeated and holds several with commas */
	OPTION_NUMBER  /* double, in `unit`, more than 0 */
};

struct option_row {
	const char *name;     /* long name, without "--" */
	char letter;          /* short name, or 0 */
	const char *argument; /* as --help shows it; NULL: takes none */
	enum option_kind kind;
	enum unit unit; /* of OPTION_NUMBER */
	size_t offset;  /* of its member in struct options */
	const char *const *choices;
	unsigned commands; /* bit 1 << command_id of each command that takes it */
	bool hidden;       /* for building only, not in --help */
	const char *help;  /* one line */
};

extern const struct option_row option_rows[];
extern const size_t option_rows_count;

/* All defaults. */
void options_init(struct options *ret_options);
/* Sets one option of this command by its long name, from a text; `shown` begins errors. */
bool options_set(struct arena *arena,
		enum command_id command,
		const char *name,
		const char *text,
		const char *shown,
		struct options *options,
		struct error *err);
/* What was given in `over` replaces what is in `under`, lists as a whole; workload flags and
 * arguments likewise. */
void options_merge(struct options *under, const struct options *over);

bool option_applies(const struct option_row *row, enum command_id command);

/* Reads the arguments that follow the command's name. err names the option and what to do. */
bool options_parse(struct arena *arena,
		enum command_id command,
		int argc,
		char *const *argv,
		struct options *ret_options,
		struct error *err);

#endif
