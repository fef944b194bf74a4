/* The words for styles and for what options take, and the units of their terms. */
#include "model/tool/own_rate.h"
#include "model/tool/tool.h"

#include <string.h>

/* In the order of enum tool_style. */
const char *const tool_styles[] = {
		"getopt-long",
		"getopt",
		"getopt-mix",
		"go",
		"kingpin",
		"pflag",
		"clap",
		"node",
		"argparse",
		"flexible",
		"exact",
		"assigned",
		NULL,
};

/* In the order of enum tool_takes. */
const char *const tool_takes_words[] = {
		"nothing",
		"text",
		"url",
		"grpc-name",
		"url-file",
		"header",
		"closing-file",
		"many",
		"maybe",
		"counts",
		"count",
		"decimal",
		"signed",
		"range",
		"rate",
		"seconds",
		"milliseconds",
		"bytes",
		"metric",
		"metric-rate",
		"wrk-time",
		"h2load-time",
		"siege-time",
		"tcpkali-count",
		"tcpkali-rate",
		"tcpkali-time",
		"go-duration",
		"vegeta-rate",
		"locust-time",
		"long-time",
		NULL,
};

/* In the order of enum tool_source. */
const char *const tool_source_words[] = {"none", "vegeta-targets", "siegerc", NULL};

const struct tool_source_term tool_source_terms[SOURCES][SOURCE_TERMS_MAX] = {
		[SOURCE_VEGETA_TARGETS] =
				{
						{"target_count", UNIT_COUNT},       /* of one round */
						{"target_closing", UNIT_COUNT},     /* that end their connection */
						{"target_closing_at", UNIT_TEXT},   /* the first of them */
						{"target_pools", UNIT_COUNT},       /* of idle connections */
						{"target_tls", UNIT_BOOL},          /* all of them */
						{"target_without_host", UNIT_BOOL}, /* one of them */
				},
		[SOURCE_SIEGERC] =
				{
						{"rc_unseen", UNIT_BOOL}, /* it is on the host where siege will run */
						{"rc_keeps", UNIT_BOOL},  /* connection = keep-alive */
						{"rc_parses", UNIT_BOOL}, /* parser is not switched off */
						{"rc_limit", UNIT_COUNT}, /* of users; unknown: it names none */
						{"rc_reps", UNIT_COUNT},  /* of the command, or there; unknown: none */
				},
};

/* In the order of enum own_rate_thing and own_rate_place. */
const char *const own_rate_things[] = {"users", "requests", NULL};
const char *const own_rate_places[] = {"core", "host", NULL};

/* In the order of enum tool_proxy. */
const char *const tool_proxies[] = {"none", "environment", "https", NULL};

enum unit tool_takes_unit(enum tool_takes takes)
{
	switch (takes) {
	case TOOL_NOTHING:
	case TOOL_HEADER:
	case TOOL_CLOSING_FILE:
	case TOOL_MAYBE:
		return UNIT_BOOL;
	case TOOL_TEXT:
	case TOOL_URL:
	case TOOL_URL_FILE:
	case TOOL_GRPC_NAME:
	case TOOL_MANY:
		return UNIT_TEXT;
	case TOOL_COUNTS:
	case TOOL_COUNT:
	case TOOL_DECIMAL:
	case TOOL_SIGNED:
	case TOOL_RANGE:
	case TOOL_METRIC:
	case TOOL_TCPKALI_COUNT:
		return UNIT_COUNT;
	case TOOL_RATE:
	case TOOL_VEGETA_RATE:
	case TOOL_METRIC_RATE:
	case TOOL_TCPKALI_RATE:
		return UNIT_PER_S;
	case TOOL_BYTES:
		return UNIT_BYTES;
	default:
		return UNIT_SECONDS;
	}
}

bool tool_is_next_key(const struct tool_reading *reading, size_t option)
{
	const struct tool_option *options = reading->options;
	if (option == 0 || !options[option].key || !options[option - 1].key)
		return false;
	return strcmp(options[option].names, options[option - 1].names) == 0;
}

bool tool_takes_argument(enum tool_takes takes)
{
	return takes != TOOL_NOTHING && takes != TOOL_MAYBE;
}
