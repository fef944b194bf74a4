/* One `k6 run` as it is read: its command line, where its options come from, and its script. */
#ifndef HEADROOM_PROBES_PLAN_K6_K6_H
#define HEADROOM_PROBES_PLAN_K6_K6_H

#include "probes/plan/command/arguments.h"
#include "probes/plan/document.h"
#include "probes/plan/tool/k6_scenarios.h"
#include "probes/plan/tool/k6_script.h"

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
	K6_ROWS = 11,
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
	struct document document;        /* the options' */
	const struct tree_node *options; /* NULL: not known */
	const char *source;              /* "k6 inspect" */
	struct k6_load load;
	struct k6_script script;
	bool has_script, has_load;
	bool unknown; /* how many connections there will be: asked for */
	double hosts; /* NAN: not known */
};

/* The value in force: flag, variable, script; NULL if none. */
const char *k6_setting(const struct k6 *k6, size_t option, const char **ret_from);
bool k6_is_on(const struct k6 *k6, size_t option, const char **ret_from);
/* *ret is left alone where the option is not set. */
bool k6_number(const struct k6 *k6, size_t option, double *ret, const char **ret_from);
/* All flags of one option with commas between them, as K6_STAGES writes them; NULL if none. */
const char *k6_joined(const struct k6 *k6, size_t option);

/* Sets k6->options from JSON: the options alone, or an archive's metadata. */
bool k6_use_options(struct k6 *k6,
		const char *path,
		const char *bytes,
		size_t length,
		const char *source);
/* Asks k6 itself, where that is allowed. k6->options stays NULL where there is no answer. */
bool k6_inspect(struct k6 *k6);
/* Reads the script, the archive or the saved answer that the command names. */
bool k6_read_source(struct k6 *k6);

#endif
