/* One `k6 run` command: its command line, the sources of its options, and its script. */
#ifndef HEADROOM_PROBES_PLAN_K6_K6_H
#define HEADROOM_PROBES_PLAN_K6_K6_H

#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/k6/options.h"
#include "probes/plan/k6/scenarios.h"
#include "probes/plan/k6/script.h"

enum k6_option {
	K6_O_VUS,
	K6_O_DURATION,
	K6_O_ITERATIONS,
	K6_O_STAGE,
	K6_O_SEGMENT,
	K6_O_SEGMENTS,
	K6_O_PAUSED,
	K6_O_NO_SETUP,
	K6_O_NO_TEARDOWN,
	K6_O_REDIRECTS,
	K6_O_BATCH,
	K6_O_PER_HOST,
	K6_O_RPS,
	K6_O_AGENT,
	K6_O_DEBUG,
	K6_O_INSECURE,
	K6_O_NO_REUSE,
	K6_O_NO_VU_REUSE,
	K6_O_MIN_ITERATION,
	K6_O_THROW,
	K6_O_BLACKLIST,
	K6_O_BLOCK,
	K6_O_TREND,
	K6_O_TIME_UNIT,
	K6_O_SYSTEM_TAGS,
	K6_O_TAG,
	K6_O_CONSOLE,
	K6_O_DISCARD,
	K6_O_LOCAL_IPS,
	K6_O_DNS,
	K6_O_SYSTEM_ENV,
	K6_O_COMPATIBILITY,
	K6_O_TYPE,
	K6_O_ENV,
	K6_O_NO_THRESHOLDS,
	K6_O_NO_SUMMARY,
	K6_O_SUMMARY,
	K6_O_SUMMARY_MODE,
	K6_O_TRACES,
	K6_O_OUT,
	K6_O_LINGER,
	K6_O_NO_REPORT,
	K6_O_CONFIG,
	K6_O_LOG,
	K6_O_LOG_FORMAT,
	K6_O_VERBOSE,
	K6_O_QUIET,
	K6_O_ADDRESS,
	K6_O_NO_COLOR,
	K6_O_PROFILING,
	K6_O_SECRETS,
	K6_O_CLOUD_LOGS,
	K6_O_LOCAL,
	K6_O_NEW_SUMMARY,
	K6_O_HELP,
	K6_OPTIONS
};

/* An option with an environment variable, and its name in the JSON of options or NULL. */
struct k6_row {
	size_t option;
	const char *variable, *member;
};

enum {
	K6_ROWS = 13,
	K6_ROWS_OF_LOAD = 4 /* the first rows: vus, duration, iterations, stages */
};

extern const struct argument_syntax k6_syntax;
extern const struct k6_row k6_rows[K6_ROWS];

struct k6 {
	const struct plan_context *context;
	const struct plan_command *command;
	struct plan *plan;
	struct arena *arena;
	struct error *err;
	struct arguments arguments;
	const char *path;
	struct document document;        /* the options', for their places */
	const struct tree_node *options; /* of the config file and the script; NULL: none are known */
	const char *source;              /* "k6 inspect", "script.js" */
	bool asked;                      /* k6 itself has answered: its options are all there are */
	bool saved;                      /* it has answered before, or made an archive */
	const char *archive;             /* `k6 archive`: its bytes, or NULL */
	size_t archive_length;
	const struct tree_node *archived_env;
	struct k6_unread_list unread; /* what the script's options do not say */
	struct k6_load load;
	const char *load_from;
	struct k6_script script;
	const struct k6_root *roots[K6_SCENARIOS_MAX]; /* of each scenario; NULL: there is no script */
	struct k6_root all;                            /* of them together */
	bool has_load;
	bool by_text;    /* the script's text decides about the load: likely, not sure */
	bool rate_asked; /* how often connections open is asked for */
	double browsers; /* VUs that are browsers */
	bool timed;      /* the load's duration is known */
	bool unknown;    /* how many connections there will be: asked for */
	double hosts;    /* that a VU talks to; NAN: not known */
};

/* The value in force: flag, variable, script; NULL if none. */
const char *k6_setting(const struct k6 *k6, size_t option, const char **ret_from);
bool k6_is_on(const struct k6 *k6, size_t option, const char **ret_from);
/* *ret is left alone where the option is not set. */
bool k6_number(const struct k6 *k6, size_t option, double *ret, const char **ret_from);
/* All flags of one option with commas between them, as K6_STAGES writes them; NULL if none. */
const char *k6_joined(const struct k6 *k6, size_t option);

/* -e NAME=VALUE, else what k6 passes on from its environment; NULL: not set. */
const char *k6_env(const struct k6 *k6, const char *name);

/* Puts options over those that are known: from JSON, alone or in an archive's metadata. */
bool k6_use_options(struct k6 *k6,
		const char *path,
		const char *bytes,
		size_t length,
		const char *source);
/* Asks k6 itself, if that is allowed. Sets k6->asked if k6 has answered. */
bool k6_inspect(struct k6 *k6);
/* Reads the script, the archive or the saved answer that the command names, and what --config
 * does. */
bool k6_read_source(struct k6 *k6);

/* How many VUs there are over time, or why that is not known, and what each scenario runs. */
bool k6_read_load(struct k6 *k6);
/* The part of the test that --execution-segment says; 1 if it says none. */
double k6_part_of_test(const struct k6 *k6, const char **ret_from);
/* How many of `whole` VUs belong to the segment, counted as k6 does it. If the part cannot be read
 * as fractions, the number is rounded up. */
double k6_segment_of(const struct k6 *k6, double whole);

/* Where connections go to. */
bool k6_set_hosts(struct k6 *k6);
/* Sets how many connections there are, who closes them, and how often. */
bool k6_set_connections(struct k6 *k6);
/* Sockets that VUs keep, as groups of scenarios that share them; NULL: a number is malformed.
 * *ret_from says what a VU's VUs are multiplied by (" × 2 hosts"). */
struct k6_group *k6_groups(struct k6 *k6, size_t *ret_count, const char **ret_from);
/* How many connections a VU opens to that many hosts; NAN: a number is malformed. */
double k6_sockets(const struct k6 *k6, const struct k6_root *root, double hosts);
/* How many http.batch keeps to one host, at most (batchPerHost). */
double k6_idle_per_host(const struct k6 *k6);

#endif
