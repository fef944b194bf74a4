/* k6's command line and variables: which options there are, and which of several values counts.
 * Sources (k6 2.2.0): internal/cmd/{run,options,config}.go. */
#include <string.h>

#include "base/array.h"
#include "probes/plan/k6/k6.h"

static const struct argument_option options[K6_OPTIONS] = {
		[K6_O_VUS] =
				{
						.name = "vus",
						.letter = 'u',
						.takes = TAKES_TEXT,
				},
		[K6_O_DURATION] =
				{
						.name = "duration",
						.letter = 'd',
						.takes = TAKES_TEXT,
				},
		[K6_O_ITERATIONS] =
				{
						.name = "iterations",
						.letter = 'i',
						.takes = TAKES_TEXT,
				},
		[K6_O_STAGE] =
				{
						.name = "stage",
						.letter = 's',
						.takes = TAKES_TEXT,
				},
		[K6_O_SEGMENT] =
				{
						.name = "execution-segment",
						.takes = TAKES_TEXT,
				},
		[K6_O_SEGMENTS] =
				{
						.name = "execution-segment-sequence",
						.takes = TAKES_TEXT,
				},
		[K6_O_PAUSED] =
				{
						.name = "paused",
						.letter = 'p',
						.takes = TAKES_NOTHING,
				},
		[K6_O_NO_SETUP] =
				{
						.name = "no-setup",
						.takes = TAKES_NOTHING,
				},
		[K6_O_NO_TEARDOWN] =
				{
						.name = "no-teardown",
						.takes = TAKES_NOTHING,
				},
		[K6_O_REDIRECTS] =
				{
						.name = "max-redirects",
						.takes = TAKES_TEXT,
				},
		[K6_O_BATCH] =
				{
						.name = "batch",
						.takes = TAKES_TEXT,
				},
		[K6_O_PER_HOST] =
				{
						.name = "batch-per-host",
						.takes = TAKES_TEXT,
				},
		[K6_O_RPS] =
				{
						.name = "rps",
						.takes = TAKES_TEXT,
				},
		[K6_O_AGENT] =
				{
						.name = "user-agent",
						.takes = TAKES_TEXT,
				},
		[K6_O_DEBUG] =
				{
						.name = "http-debug",
						.takes = TAKES_ATTACHED,
				},
		[K6_O_INSECURE] =
				{
						.name = "insecure-skip-tls-verify",
						.takes = TAKES_NOTHING,
				},
		[K6_O_NO_REUSE] =
				{
						.name = "no-connection-reuse",
						.takes = TAKES_NOTHING,
				},
		[K6_O_NO_VU_REUSE] =
				{
						.name = "no-vu-connection-reuse",
						.takes = TAKES_NOTHING,
				},
		[K6_O_MIN_ITERATION] =
				{
						.name = "min-iteration-duration",
						.takes = TAKES_TEXT,
				},
		[K6_O_THROW] =
				{
						.name = "throw",
						.letter = 'w',
						.takes = TAKES_NOTHING,
				},
		[K6_O_BLACKLIST] =
				{
						.name = "blacklist-ip",
						.takes = TAKES_TEXT,
				},
		[K6_O_BLOCK] =
				{
						.name = "block-hostnames",
						.takes = TAKES_TEXT,
				},
		[K6_O_TREND] =
				{
						.name = "summary-trend-stats",
						.takes = TAKES_TEXT,
				},
		[K6_O_TIME_UNIT] =
				{
						.name = "summary-time-unit",
						.takes = TAKES_TEXT,
				},
		[K6_O_SYSTEM_TAGS] =
				{
						.name = "system-tags",
						.takes = TAKES_TEXT,
				},
		[K6_O_TAG] =
				{
						.name = "tag",
						.takes = TAKES_TEXT,
				},
		[K6_O_CONSOLE] =
				{
						.name = "console-output",
						.takes = TAKES_TEXT,
				},
		[K6_O_DISCARD] =
				{
						.name = "discard-response-bodies",
						.takes = TAKES_NOTHING,
				},
		[K6_O_LOCAL_IPS] =
				{
						.name = "local-ips",
						.takes = TAKES_TEXT,
				},
		[K6_O_DNS] =
				{
						.name = "dns",
						.takes = TAKES_TEXT,
				},
		[K6_O_SYSTEM_ENV] =
				{
						.name = "include-system-env-vars",
						.takes = TAKES_NOTHING,
				},
		[K6_O_COMPATIBILITY] =
				{
						.name = "compatibility-mode",
						.takes = TAKES_TEXT,
				},
		[K6_O_TYPE] =
				{
						.name = "type",
						.letter = 't',
						.takes = TAKES_TEXT,
				},
		[K6_O_ENV] =
				{
						.name = "env",
						.letter = 'e',
						.takes = TAKES_TEXT,
				},
		[K6_O_NO_THRESHOLDS] =
				{
						.name = "no-thresholds",
						.takes = TAKES_NOTHING,
				},
		[K6_O_NO_SUMMARY] =
				{
						.name = "no-summary",
						.takes = TAKES_NOTHING,
				},
		[K6_O_SUMMARY] =
				{
						.name = "summary-export",
						.takes = TAKES_TEXT,
				},
		[K6_O_SUMMARY_MODE] =
				{
						.name = "summary-mode",
						.takes = TAKES_TEXT,
				},
		[K6_O_TRACES] =
				{
						.name = "traces-output",
						.takes = TAKES_TEXT,
				},
		[K6_O_OUT] =
				{
						.name = "out",
						.letter = 'o',
						.takes = TAKES_TEXT,
				},
		[K6_O_LINGER] =
				{
						.name = "linger",
						.letter = 'l',
						.takes = TAKES_NOTHING,
				},
		[K6_O_NO_REPORT] =
				{
						.name = "no-usage-report",
						.takes = TAKES_NOTHING,
				},
		[K6_O_CONFIG] =
				{
						.name = "config",
						.letter = 'c',
						.takes = TAKES_TEXT,
				},
		[K6_O_LOG] =
				{
						.name = "log-output",
						.takes = TAKES_TEXT,
				},
		[K6_O_LOG_FORMAT] =
				{
						.name = "log-format",
						.takes = TAKES_TEXT,
				},
		[K6_O_VERBOSE] =
				{
						.name = "verbose",
						.letter = 'v',
						.takes = TAKES_NOTHING,
				},
		[K6_O_QUIET] =
				{
						.name = "quiet",
						.letter = 'q',
						.takes = TAKES_NOTHING,
				},
		[K6_O_ADDRESS] =
				{
						.name = "address",
						.letter = 'a',
						.takes = TAKES_TEXT,
				},
		[K6_O_NO_COLOR] =
				{
						.name = "no-color",
						.takes = TAKES_NOTHING,
				},
		[K6_O_PROFILING] =
				{
						.name = "profiling-enabled",
						.takes = TAKES_NOTHING,
				},
		[K6_O_SECRETS] =
				{
						.name = "secret-source",
						.takes = TAKES_TEXT,
				},
		[K6_O_CLOUD_LOGS] =
				{
						.name = "show-cloud-logs",
						.takes = TAKES_NOTHING,
				},
		[K6_O_LOCAL] =
				{
						.name = "local-execution",
						.takes = TAKES_NOTHING,
				},
		[K6_O_NEW_SUMMARY] =
				{
						.name = "new-machine-readable-summary",
						.takes = TAKES_NOTHING,
				},
		[K6_O_HELP] =
				{
						.name = "help",
						.letter = 'h',
						.takes = TAKES_NOTHING,
				},
};

const struct argument_syntax k6_syntax = {"k6",
		ARGUMENTS_LONG | ARGUMENTS_PERMUTE | ARGUMENTS_PFLAG,
		options,
		K6_OPTIONS};

const struct k6_row k6_rows[K6_ROWS] = {
		{
				.option = K6_O_VUS,
				.variable = "K6_VUS",
				.member = "vus",
		},
		{
				.option = K6_O_DURATION,
				.variable = "K6_DURATION",
				.member = "duration",
		},
		{
				.option = K6_O_ITERATIONS,
				.variable = "K6_ITERATIONS",
				.member = "iterations",
		},
		{
				.option = K6_O_STAGE,
				.variable = "K6_STAGES",
				.member = "stages",
		},
		{
				.option = K6_O_BATCH,
				.variable = "K6_BATCH",
				.member = "batch",
		},
		{
				.option = K6_O_PER_HOST,
				.variable = "K6_BATCH_PER_HOST",
				.member = "batchPerHost",
		},
		{
				.option = K6_O_RPS,
				.variable = "K6_RPS",
				.member = "rps",
		},
		{
				.option = K6_O_NO_REUSE,
				.variable = "K6_NO_CONNECTION_REUSE",
				.member = "noConnectionReuse",
		},
		{
				.option = K6_O_NO_VU_REUSE,
				.variable = "K6_NO_VU_CONNECTION_REUSE",
				.member = "noVUConnectionReuse",
		},
		{
				.option = K6_O_LOCAL_IPS,
				.variable = "K6_LOCAL_IPS",
		},
		{
				.option = K6_O_MIN_ITERATION,
				.variable = "K6_MIN_ITERATION_DURATION",
				.member = "minIterationDuration",
		},
		{
				.option = K6_O_SEGMENT,
				.variable = "K6_EXECUTION_SEGMENT",
				.member = "executionSegment",
		},
		{
				.option = K6_O_SEGMENTS,
				.variable = "K6_EXECUTION_SEGMENT_SEQUENCE",
				.member = "executionSegmentSequence",
		},
};

/* The value in force: flag, variable, script; NULL if none. */
const char *k6_setting(const struct k6 *k6, size_t option, const char **ret_from)
{
	const struct k6_row *row = k6_rows;
	while (row->option != option)
		row++;
	*ret_from = NULL;
	const struct argument *flag = arguments_last(&k6->arguments, option);
	if (flag) {
		*ret_from = flag->shown;
		return arguments_text(&k6->arguments, option, "true");
	}
	const char *variable = plan_environment(k6->context, k6->command, row->variable);
	if (variable) {
		*ret_from = row->variable;
		return variable;
	}
	const struct tree_node *member = NULL;
	if (row->member && k6->options)
		member = tree_child(k6->options, row->member);
	if (!member)
		return NULL;
	*ret_from = arena_printf(k6->arena, "%s: %s", k6->source, row->member);
	return member->text;
}

bool k6_is_on(const struct k6 *k6, size_t option, const char **ret_from)
{
	const char *text = k6_setting(k6, option, ret_from);
	return text && (strcmp(text, "true") == 0 || strcmp(text, "1") == 0);
}

bool k6_number(const struct k6 *k6, size_t option, double *ret, const char **ret_from)
{
	const char *text = k6_setting(k6, option, ret_from);
	struct error inner;
	return !text || !*text || quantity_read(text, &quantity_decimal, ret, &inner) ||
			error_set(k6->err, "k6: %s: %s", *ret_from, inner.text);
}

const char *k6_joined(const struct k6 *k6, size_t option)
{
	const char *all = NULL;
	size_t cursor = 0;
	for (const struct argument *flag; (flag = arguments_next(&k6->arguments, option, &cursor));) {
		const char *text = "true";
		if (flag->text)
			text = flag->text;
		if (all)
			all = arena_printf(k6->arena, "%s,%s", all, text);
		else
			all = text;
	}
	return all;
}

/* -e NAME=VALUE; -e NAME takes it from k6's own environment. */
static const char *named_env(const struct k6 *k6, const char *name, bool *ret_named)
{
	size_t length = strlen(name), cursor = 0;
	const char *value = NULL;
	for (const struct argument *flag; (flag = arguments_next(&k6->arguments, K6_O_ENV, &cursor));) {
		if (strncmp(flag->text, name, length) != 0)
			continue;
		if (flag->text[length] == '=')
			value = flag->text + length + 1;
		*ret_named |= flag->text[length] == '\0';
	}
	return value;
}

/* What scenarios set for their own VUs, where those that do agree. */
static const char *scenario_env(const struct k6 *k6, const char *name)
{
	const char *found = NULL;
	const struct tree_node *scenarios = NULL;
	if (k6->options && k6->has_load)
		scenarios = tree_child(k6->options, "scenarios");
	if (!scenarios)
		return NULL;
	for (const struct tree_node *at = scenarios->child; at; at = at->next) {
		const struct tree_node *env = tree_child(at, "env");
		const char *value = NULL;
		if (env)
			value = tree_text(env, name);
		if (found && value && strcmp(found, value) != 0)
			return NULL;
		if (value)
			found = value;
	}
	return found;
}

const char *k6_env(const struct k6 *k6, const char *name)
{
	bool named = false;
	const char *value = named_env(k6, name, &named);
	const struct argument *own = arguments_last(&k6->arguments, K6_O_SYSTEM_ENV);
	bool passes_on = !own || arguments_given(&k6->arguments, K6_O_SYSTEM_ENV);
	if (!value && (named || passes_on))
		value = plan_environment(k6->context, k6->command, name);
	if (!value && k6->archived_env)
		value = tree_text(k6->archived_env, name);
	if (!value)
		value = scenario_env(k6, name);
	return value;
}
