/* How to read the command line of a load generator, as data: its options, what follows from them,
 * and how certain that is. audit/rules/member_tool.c has the JSON members; probes/plan/data
 * evaluates them. All strings and formulas live in the arena of the rule set. */
#ifndef HEADROOM_MODEL_TOOL_TOOL_H
#define HEADROOM_MODEL_TOOL_TOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "model/expr/expr.h"
#include "model/load/workload.h"
#include "model/tool/figures.h"
#include "model/tool/parts.h"

/* How options are written. tool_styles has their words, in this order. */
enum tool_style {
	STYLE_GETOPT_LONG, /* GNU: -n5, -n 5, --name=5, --nam 5; options may follow other words */
	STYLE_GETOPT,      /* -n5, -n 5; the first other word ends the options */
	STYLE_GETOPT_MIX,  /* the same, but options may follow other words */
	STYLE_GO,          /* Go's flag: -name 5, -name=5, --name=5 */
	STYLE_KINGPIN,     /* -n5, --name=5, --no-name; options may follow other words */
	STYLE_PFLAG,       /* like STYLE_KINGPIN, also -n=5 and --name=false */
	STYLE_CLAP,        /* GNU style, also -n=5 */
	STYLE_NODE,        /* minimist: -n=5, --name=false, --no-name, [ -a 1 ] */
	STYLE_ARGPARSE,    /* Python: --nam=5, -n=5; options may follow other words */
	STYLE_FLEXIBLE,    /* like STYLE_ARGPARSE, and --a_name is the same as --a-name */
	STYLE_EXACT,       /* whole words only: -n 5, --name 5; the first other word ends the options */
	STYLE_ASSIGNED,    /* --name=5 only, --name is a switch; other words are ignored (sysbench) */
	STYLES
};

/* What an option takes, which decides what its term is in formulas. tool_takes_words has their
 * words, in this order. */
enum tool_takes {
	TOOL_NOTHING,      /* true if the option is given */
	TOOL_TEXT,         /* a text, or unknown */
	TOOL_URL,          /* a text that is, or begins with, a host */
	TOOL_GRPC_NAME,    /* dns:///host, passthrough:///host:port, host:port */
	TOOL_URL_FILE,     /* a file; the text is its first line, unknown if that is not known */
	TOOL_HEADER,       /* true if one of the headers asks to close the connection */
	TOOL_CLOSING_FILE, /* true if the file sets such a header */
	TOOL_MANY,         /* all words up to the next option; the text is the first of them */
	TOOL_MAYBE,        /* an optional text in the same word; true if the option is given */
	TOOL_COUNTS, /* all words up to the next option, or comma-separated parts: the largest number */
	TOOL_COUNT,
	TOOL_DECIMAL,
	TOOL_SIGNED, /* a decimal that may be below 0 */
	TOOL_RANGE,  /* 5 or 5:10, of which the smaller counts */
	TOOL_RATE,   /* per second */
	TOOL_SECONDS,
	TOOL_MILLISECONDS, /* seconds in formulas */
	TOOL_BYTES,
	TOOL_METRIC, /* 400, 20k, 1M with decimal prefixes */
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
	TOOL_LONG_TIME, /* 3s, 0.05m, 2h, 1d; a bare number is seconds */
	TOOL_TAKES
};

struct tool_option {
	/* Spellings separated by blanks: "-c --connections". A name without a dash is valid only in the
	 * file of options. */
	const char *names;
	/* The key that this row reads, for an option written kind=constant,rate=30; NULL: the whole
	 * argument. All keys of an option have the same names and follow each other. */
	const char *key;
	enum tool_takes takes;
	const char *term;            /* its name in formulas; NULL: no formula needs it */
	const struct expr *fallback; /* value if the option is not given; NULL: unknown, or false */
	const char *environment;     /* a variable that counts if the option is not given; NULL: none */
	/* For names that count as several items in TERM.items: "lrange", "5", …, NULL. */
	const char **worth;
};

/* A word that is no option, such as the URL; in the order on the command line. */
struct tool_word {
	const char *term;
	enum tool_takes takes;
	const char *shown; /* its name in errors: "URL"; NULL: the term */
	bool needed;
	bool many; /* stands for all remaining words */
};

/* A text that counts if a condition is true: an error, or the tool's name in that case. */
struct tool_text {
	const struct expr *when; /* NULL: always */
	const char *text;        /* may contain {TERM} and {TERM.shown} */
	bool idle;               /* for an error: the command makes no load, but nothing is wrong */
};

/* One value of the plan. */
struct tool_row {
	const char *field;       /* field of the workload: "connections" */
	const struct expr *when; /* NULL: always */
	const struct expr *value;
	enum confidence confidence;
	const char *from; /* where the value comes from; NULL: the options in the formula */
};

/* Files that are more than a list of options, read in C (probes/plan/data/sources.c); their content
 * becomes terms. tool_source_words has their words, in this order. */
enum tool_source {
	SOURCE_NONE,
	SOURCE_VEGETA_TARGETS, /* the targets from -targets or standard input; also sets the
	                          destinations */
	SOURCE_SIEGERC,        /* siege's configuration (its file of options) and its list of URLs */
	SOURCES
};

enum {
	SOURCE_TERMS_MAX = 8
};

struct tool_source_term {
	const char *name;
	enum unit unit;
};

/* How the tool finds a proxy. tool_proxies has their words, in this order. */
enum tool_proxy {
	PROXY_NONE,
	PROXY_OF_ENVIRONMENT, /* like Go: HTTP_PROXY or HTTPS_PROXY by the URL's scheme, and NO_PROXY */
	PROXY_HTTPS           /* HTTPS_PROXY for every scheme, and NO_PROXY */
};

/* Where the connections go: the first row counts whose condition is true and whose texts are
 * known. */
struct tool_target {
	const struct expr *when;
	const char *url;                /* a term */
	const struct expr *host, *port; /* instead of url */
	enum tool_proxy proxy;          /* for a url */
	const char *from;               /* where it comes from; NULL: the option as written */
};

/* When the tool closes a connection after a few requests and opens a new one. */
struct tool_closing {
	const struct expr *when;        /* NULL: it always keeps its connections */
	const struct expr *requests;    /* requests per connection; NULL: one */
	const struct expr *most_opened; /* the most connections it opens within one second; unknown: no
	                                   such bound */
	const struct expr *closer;      /* NULL: probably the server */
	const struct expr *by_client;   /* true: the tool itself certainly closes first */
	enum confidence confidence;     /* confidence in the closer */
	const char *why;                /* why the rate must be asked for */
	const char *from;
};

/* A question that only the user can answer. */
struct tool_question {
	const struct expr *when;
	struct rule_text_list fields; /* fields of the workload, any one of which answers it */
	const char *why;
};

struct tool_finding {
	const struct expr *when;
	const char *id, *severity, *where, *text;
};

enum tool_truth {
	TRUTH_READ, /* from its documentation or source; nothing was measured */
	TRUTH_MEASURED
};

/* What the formulas are based on. */
struct tool_basis {
	enum tool_truth how;
	const char *version, *date, *error;
};

/* How to read one tool. A tool without programs has no command line, only figures. */
struct tool_reading {
	struct rule_text_list programs; /* "wrk", "fortio load", "python -m sglang.bench_serving" */
	struct rule_text_list images;   /* container images that start the first program */
	const char *runtime, *role;     /* of the plan; NULL: native and client */
	enum tool_style style;
	struct tool_option *options;
	size_t option_count;
	const char *program_options; /* options with an argument that may precede the second word of the
	                                program */
	enum tool_source source;
	const char *settings; /* the term of the option that names a file of options; NULL: none */
	const char *switches, *values; /* options that decide nothing, without and with an argument */
	struct tool_word *words;
	size_t word_count;
	bool ignores_words;   /* further words are no error */
	bool ignores_options; /* unknown options are no error, unless they resemble a known one */
	struct rule_let *lets;
	size_t let_count;
	struct tool_text *names; /* names such as "wrk2" */
	size_t name_count;
	struct tool_text *errors;
	size_t error_count;
	struct tool_target *targets;
	size_t target_count;
	const struct expr *tls; /* NULL: depends on the URL */
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
/* The terms of each source; a term without a name ends the list. */
extern const struct tool_source_term tool_source_terms[SOURCES][SOURCE_TERMS_MAX];
enum unit tool_takes_unit(enum tool_takes takes);
/* Returns true if this option is another key of the previous one. */
bool tool_is_next_key(const struct tool_reading *reading, size_t option);
/* Returns true if an argument follows the option. */
bool tool_takes_argument(enum tool_takes takes);

#endif
