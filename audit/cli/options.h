/* The command line after reading, filled in by option_reader.h. */
#ifndef HEADROOM_AUDIT_CLI_OPTIONS_H
#define HEADROOM_AUDIT_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "audit/cli/command.h"
#include "base/list.h"
#include "model/load/workload.h"

struct vantage;

enum {
	OPTIONS_MAX = 128
};

/* A load before a "+" on the command line. */
struct load_words {
	struct name_list arguments; /* words that are not options */
	struct workload workload;   /* the workload flags */
	size_t workload_flags;      /* how many were given */
};

/* The change that a document is made for. */
struct request_options {
	const char *ticket, *requested_by;
	double valid_for_s; /* counted from the audit; 0: not given */
};

/* Strings point into argv or the arena. Unless a comment says otherwise, a text that was not given
 * is NULL, a number 0, and a list empty. */
struct options {
	/* Options of all commands, or of most of them. */
	struct name_list rules_dirs; /* --rules */
	const char *color;           /* auto always never */
	bool no_color;               /* --no-color: overrides --color */
	bool all, quiet, help;
	bool no_history;
	bool redact;                /* placeholders for hosts, addresses, users and processes */
	bool no_config;             /* read no headroom.json and no workload.lock.json */
	struct name_list outputs;   /* -o, in the order given */
	bool outputs_below;         /* headroom.json named them, so they must be below this directory */
	const char *template_dir;   /* --template */
	struct name_list emits;     /* --emit of fix and size, split at commas */
	const char *directory;      /* --dir of fix and size */
	bool dry_run;               /* fix and attach */
	bool force;                 /* gate and fix */
	double interval_s;          /* gate and watch */
	struct name_list arguments; /* words that are not options */
	int first_word; /* position of the first of them among the words after the command, from 1; 0:
	                   only options */
	struct name_list child; /* words after "--" */

	/* The host to read. */
	const char *facts_path;    /* --facts */
	const char *image;         /* --image; NULL: this host */
	const char *host_root;     /* --host-root; NULL: this root directory */
	bool host_root_first;      /* … and no process was named, so process 1 is judged */
	struct name_list sets;     /* --set KEY=VALUE */
	struct name_list resolves; /* --resolve HOST:PORT:ADDRESS */
	double pid;                /* --pid */
	const char *unit;          /* --unit */
	const char *container;     /* --container */
	const struct vantage
			*vantage; /* found by main for --unit or --container; NULL: neither given */

	/* The plan. */
	struct load_words *loads;  /* the loads before the last "+"; the last load is in arguments,
	                              workload and child */
	size_t load_count;         /* how many of them; 0: no "+" */
	struct workload workload;  /* the workload flags */
	size_t workload_flags;     /* how many were given */
	struct workload described; /* what headroom.json in this directory says about the plan */
	bool is_described;
	const char *described_name; /* the preset that it names instead; NULL: none */
	bool inspect;               /* ask the tool about its plan even if it is in a checkout */
	bool no_inspect;            /* never ask it */

	/* How to judge it. */
	double max_use;           /* 0 to 1; default 0.75 */
	struct name_list ignores; /* --ignore, split at commas */
	const char *waivers_path;
	const char *planning_constants; /* on off */
	bool pessimistic;
	double max_age_s; /* --max-age; 0: any age */
	bool calibrate;   /* audit, size and gate */
	bool map;         /* audit */

	struct request_options request; /* --ticket, --requested-by, --valid-for */

	/* For one command only. */
	const char *against; /* audit: last, a number in the history, or a file */
	struct {
		const char *config_path;
		const char *certify; /* on off strict */
		double wait_s;
		bool fix_soft, learn;
		/* What a certificate tolerates, 0 to 1. */
		double max_errors;   /* of the tool's attempts */
		double min_rate;     /* of the requested rate */
		double min_reached;  /* of the connections or the rate that the plan gives exactly */
		double max_cpu_wait; /* of the run's time, in which a thread waits for a processor */
	} gate;
	struct {
		const char *prometheus_path;
		bool once, json;
	} watch;
	struct {
		double for_s; /* 0: not given */
	} why;
	struct {
		const char *root; /* --root; NULL: this host */
		bool apply, undo, verify, yes;
	} fix;
	struct {
		const char *hosts; /* --hosts */
		const char *split; /* weight or capacity; NULL: weight */
	} fleet;
	struct {
		const char *catalogue; /* file of VM types */
		const char *provider;  /* use only its types; NULL: all */
		bool image_chosen;     /* no option named the image to judge */
	} size;
	struct {
		const char *published; /* ADDR:PORT, PORT or "auto" */
		double seconds;        /* --time */
		double memory_bytes;
		bool full, overflow;
	} calibration;
	struct {
		const char *snapshot_dir;
		bool keys;
	} facts;
	struct {
		const char *keep, *older_than; /* prune */
	} history;
	double time_limit_s; /* for gate and attach; 0: not given */
	struct {
		const char *url, *token_file;
		bool comment, insecure;
	} attach;
	struct {
		const char *key;      /* sign: secret; verify: public */
		const char *identity; /* verify: one of the allowed signers */
	} evidence;
	struct {
		bool man, bash, zsh, fish; /* print the manual page, the completion */
		const char *words;         /* --words KIND: print the words that can be completed */
	} help_for;

	bool given[OPTIONS_MAX]; /* for each of option_rows: it was given */
};

#endif
