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

/* An option with an environment variable; `member`: its name in the JSON of options, or NULL. */
struct k6_row {
	size_t option;
	const char *variable, *member;
};

enum {
	K6_ROWS = 13,
	K6_ROWS_OF_LOAD = 4 /* those at the beginning: vus, duration, iterations, stages */
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
	struct document document;        /* the document of the options, for their places */
	const struct tree_node *options; /* from the config file and the script; NULL: none known */
	const char *source;              /* source of the options: "k6 inspect", "script.js" */
	bool asked;                      /* k6 itself has answered, so the options are complete */
	bool saved;                      /* k6's answer was saved earlier, or is in an archive */
	const char *archive;             /* bytes of a `k6 archive`; NULL: none */
	size_t archive_length;
	const struct tree_node *archived_env;
	struct k6_unread_list unread; /* options whose values the text does not show */
	struct k6_load load;
	const char *load_from;
	struct k6_script script;
	/* One for each scenario; NULL: there is no script. */
	const struct k6_root *roots[K6_SCENARIOS_MAX];
	struct k6_root all; /* all of them together */
	bool has_load;
	bool by_text;    /* the load depends on the script's text, so it is likely, not certain */
	bool rate_asked; /* the user is asked how often connections open */
	double browsers; /* number of VUs that are browsers */
	bool timed;      /* the load's duration is known */
	bool unknown;    /* the user is asked how many connections there will be */
	double hosts;    /* number of hosts that a VU connects to; NAN: not known */
};

/* Returns the value in force, from flag, variable or script, in this order; NULL: not set. */
const char *k6_setting(const struct k6 *k6, size_t option, const char **ret_from);
bool k6_is_on(const struct k6 *k6, size_t option, const char **ret_from);
/* Reads a number; leaves *ret unchanged if the option is not set. false with err. */
bool k6_number(const struct k6 *k6, size_t option, double *ret, const char **ret_from);
/* Returns all flags of one option joined by commas, in the form of K6_STAGES; NULL: none. */
const char *k6_joined(const struct k6 *k6, size_t option);

/* Returns the value of -e NAME=VALUE, or else what k6 takes from its environment; NULL: not set. */
const char *k6_env(const struct k6 *k6, const char *name);

/* Merges options over the known ones, from JSON alone or from an archive's metadata. false with
 * err. */
bool k6_use_options(struct k6 *k6,
		const char *path,
		const char *bytes,
		size_t length,
		const char *source);
/* Asks k6 itself if that is allowed, and sets k6->asked if it answered. false with err. */
bool k6_inspect(struct k6 *k6);
/* Reads the script, archive or saved answer that the command names, and the file of --config. false
 * with err. */
bool k6_read_source(struct k6 *k6);

/* Finds how many VUs there are over time, or why that is not known, and what each scenario runs.
 * false with err. */
bool k6_read_load(struct k6 *k6);
/* Returns the part of the test in --execution-segment; 1 if there is none. */
double k6_part_of_test(const struct k6 *k6, const char **ret_from);
/* Returns how many of `whole` VUs belong to the segment, counted like k6; rounded up if the segment
 * has no plain fractions. */
double k6_segment_of(const struct k6 *k6, double whole);

/* Sets the destinations. false with err. */
bool k6_set_hosts(struct k6 *k6);
/* Sets the number of connections, who closes them, and how often they open. false with err. */
bool k6_set_connections(struct k6 *k6);
/* Returns groups of scenarios that share the sockets of their VUs, or NULL if a number is
 * malformed. *ret_from says by what the VUs are multiplied (" × 2 hosts"). */
struct k6_group *k6_groups(struct k6 *k6, size_t *ret_count, const char **ret_from);
/* Returns how many connections a VU opens to that many hosts; NAN: a number is malformed. */
double k6_sockets(const struct k6 *k6, const struct k6_root *root, double hosts);
/* Returns how many connections http.batch keeps to one host at most (batchPerHost). */
double k6_idle_per_host(const struct k6 *k6);

#endif
