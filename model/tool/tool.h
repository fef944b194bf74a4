/* How the command line of a load generator is read, as data: its options, what follows from them,
 * and how sure that is. The JSON members are in audit/rules/member_tool.c, what evaluates them is
 * probes/plan/data. All strings and formulas live in the arena of the rule set. */
#ifndef HEADROOM_MODEL_TOOL_TOOL_H
#define HEADROOM_MODEL_TOOL_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "model/expr/expr.h"
#include "model/load/workload.h"
#include "model/tool/figures.h"
#include "model/tool/parts.h"

/* How options are written. The words are tool_styles, in this order. */
enum tool_style {
	STYLE_GETOPT_LONG, /* GNU: -n5, -n 5, --name=5, --nam 5; options may follow other words */
	STYLE_GETOPT,      /* -n5, -n 5; the first other word ends the options */
	STYLE_GETOPT_MIX,  /* the same, but options may follow other words */
	STYLE_GO,          /* Go's flag: -name 5, -name=5, --name=5 */
	STYLE_KINGPIN,     /* -n5, --name=5, --no-name; options may follow */
	STYLE_PFLAG,       /* -n=5 as well, --name=false */
	STYLE_CLAP,        /* -n=5 as well */
	STYLE_NODE,        /* minimist: -n=5, --name=false, --no-name, [ -a 1 ] */
	STYLE_ARGPARSE,    /* Python: --nam=5, -n=5; options may follow */
	STYLE_FLEXIBLE,    /* the same, and --a_name is --a-name */
	STYLE_EXACT,       /* whole words only: -n 5, --name 5; the first other word ends them */
	STYLE_ASSIGNED,    /* --name=5 only, --name is a switch; others are passed over (sysbench) */
	STYLES
};

/* What an option takes, and so what its term is in formulas. The words are tool_takes_words, in
 * this order. */
enum tool_takes {
	TOOL_NOTHING,      /* a truth: was it given? */
	TOOL_TEXT,         /* a text, or unknown */
	TOOL_URL,          /* a text that is or begins with a host */
	TOOL_GRPC_NAME,    /* dns:///host, passthrough:///host:port, host:port */
	TOOL_URL_FILE,     /* a file: the text of its first line, unknown where that is not known */
	TOOL_HEADER,       /* a truth: does one of them ask to close the connection? */
	TOOL_CLOSING_FILE, /* a truth: does the file that it names set such a header? */
	TOOL_MANY,         /* all words up to the next option; a text, the first of them */
	TOOL_MAYBE,        /* a text in the same word, or none: a truth */
	TOOL_COUNTS, /* all words up to the next option, or parts with commas: the largest number */
	TOOL_COUNT,
	TOOL_DECIMAL,
	TOOL_SIGNED, /* a decimal that may be below 0 */
	TOOL_RANGE,  /* 5, or 5:10, of which the smaller counts */
	TOOL_RATE,   /* per second */
	TOOL_SECONDS,
	TOOL_MILLISECONDS, /* in a formula seconds */
	TOOL_BYTES,
	TOOL_METRIC, /* 400, 20k, 1M: decimal */
	TOOL_METRIC_RATE,
	TOOL_WRK_TIME,
	TOOL_H2LOAD_TIME,
	TOOL_SIEGE_TIME,
	TOOL_TCPKALI_COUNT,
	TOOL_TCPKALI_RATE,
	TOOL_TCPKALI_TIME,
	TOOL_GO_DURATION,
	TOOL_VEGETA_RATE, /* 50, 50/1s, 3000/m; per second */
	TOOL_LOCUST_TIME,
	TOOL_LONG_TIME, /* 3s, 0.05m, 2h, 1d; a bare number: seconds */
	TOOL_TAKES
};

struct tool_option {
	/* As they are typed, separated by blanks: "-c --connections". A name without a dash is only
	 * valid in the file of options. */
	const char *names;
	/* For an option that is written kind=constant,rate=30: which of these keys this is. NULL:
	 * the whole argument. All keys of an option have the same names and follow each other. */
	const char *key;
	enum tool_takes takes;
	const char *term;            /* its name in formulas; NULL: it decides nothing */
	const struct expr *fallback; /* of an option that is not given; NULL: unknown, or false */
	const char *environment;     /* a variable that counts where the option is not given; or NULL */
	/* "lrange", "5", …, NULL: as how many TERM.items an item of a name counts. */
	const char **worth;
};

/* What is no option, in order: the URL. */
struct tool_word {
	const char *term;
	enum tool_takes takes;
	const char *shown; /* in errors: "URL"; NULL: the term */
	bool needed;
	bool many; /* this and all that follow */
};

/* A text that counts if a condition is true: an error, or a name that the tool then has. */
struct tool_text {
	const struct expr *when; /* NULL: always */
	const char *text;        /* with {TERM} and {TERM.shown} in it */
	bool idle;               /* of an error: this command makes no load, and nothing is wrong */
};

/* A value of the plan. */
struct tool_row {
	const char *field;       /* of the workload: "connections" */
	const struct expr *when; /* NULL: always */
	const struct expr *value;
	enum confidence confidence;
	const char *from; /* NULL: the options whose terms are in the formula */
};

/* Files that are more than options, read in C (probes/plan/data/sources.c): what they say is terms.
 * The words are tool_source_words, in this order. */
enum tool_source {
	SOURCE_NONE,
	SOURCE_VEGETA_TARGETS, /* of -targets, or standard input; sets the destinations, too */
	SOURCE_SIEGERC, /* siege's configuration, which is its file of options; its list of URLs, too */
	SOURCES
};

enum {
	SOURCE_TERMS_MAX = 8
};

struct tool_source_term {
	const char *name;
	enum unit unit;
};

/* Whom the tool asks for a proxy before it connects. The words are tool_proxies, in this order. */
enum tool_proxy {
	PROXY_NONE,
	PROXY_OF_ENVIRONMENT, /* as Go: HTTP_PROXY or HTTPS_PROXY by the URL's scheme, NO_PROXY */
	PROXY_HTTPS           /* HTTPS_PROXY for every scheme, NO_PROXY */
};

/* Where the connections go: the first row whose condition is true and whose texts are known. */
struct tool_target {
	const struct expr *when;
	const char *url;                /* a term */
	const struct expr *host, *port; /* instead of it */
	enum tool_proxy proxy;          /* of a url */
	const char *from;               /* NULL: the option as written */
};

/* When the tool closes a connection after one or a few requests and opens a new one. */
struct tool_closing {
	const struct expr *when;        /* NULL: connections are kept, always */
	const struct expr *requests;    /* of a connection; NULL: one */
	const struct expr *most_opened; /* in all, at most within a second; unknown: no such bound */
	const struct expr *closer;      /* NULL: the server, likely */
	const struct expr *by_client;   /* if this is true, the tool itself closes first, for certain */
	enum confidence confidence;     /* of the closer */
	const char *why;                /* the rate is asked for */
	const char *from;
};

/* What only the user can say. */
struct tool_question {
	const struct expr *when;
	struct rule_text_list fields; /* of the workload: any of them answers */
	const char *why;
};

struct tool_finding {
	const struct expr *when;
	const char *id, *severity, *where, *text;
};

enum tool_truth {
	TRUTH_READ, /* from its documentation or source; nothing was counted */
	TRUTH_MEASURED
};

/* What the formulas were checked against. */
struct tool_basis {
	enum tool_truth how;
	const char *version, *date, *error;
};

/* A tool without programs has no command line: only figures. */
struct tool_reading {
	struct rule_text_list programs; /* "wrk", "fortio load", "python -m sglang.bench_serving" */
	struct rule_text_list images;   /* of containers that start the first program */
	const char *runtime, *role;     /* of the plan; NULL: native, client */
	enum tool_style style;
	struct tool_option *options;
	size_t option_count;
	const char *program_options; /* with an argument, before the second word of the program */
	enum tool_source source;
	const char *settings;          /* a term: of the option that names a file of options; or NULL */
	const char *switches, *values; /* options that decide nothing: without and with an argument */
	struct tool_word *words;
	size_t word_count;
	bool ignores_words;   /* further words there are no error */
	bool ignores_options; /* nor are other options, unless they are like one that is named */
	struct rule_let *lets;
	size_t let_count;
	struct tool_text *names; /* "wrk2" */
	size_t name_count;
	struct tool_text *errors;
	size_t error_count;
	struct tool_target *targets;
	size_t target_count;
	const struct expr *tls; /* NULL: as the URL says */
	struct tool_closing closing;
	struct tool_row *rows;
	size_t row_count;
	struct tool_question *questions;
	size_t question_count;
	struct tool_finding *findings;
	size_t finding_count;
	struct tool_basis basis;
	struct tool_results results;
};

extern const char *const tool_styles[];       /* NULL-terminated */
extern const char *const tool_takes_words[];  /* NULL-terminated */
extern const char *const tool_proxies[];      /* NULL-terminated */
extern const char *const tool_source_words[]; /* NULL-terminated */
/* What a source knows, up to a term without a name. */
extern const struct tool_source_term tool_source_terms[SOURCES][SOURCE_TERMS_MAX];
enum unit tool_takes_unit(enum tool_takes takes);
/* Is this option another key of the one before? */
bool tool_is_next_key(const struct tool_reading *reading, size_t option);
/* Does an argument follow it? */
bool tool_takes_argument(enum tool_takes takes);

#endif
