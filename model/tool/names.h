/* The names that formulas and texts of a tool may use: terms of its options and words, what is
 * known of each, terms of "let", the host, and what the user says of the plan. */
#ifndef HEADROOM_MODEL_TOOL_NAMES_H
#define HEADROOM_MODEL_TOOL_NAMES_H

#include "base/error.h"
#include "model/tool/tool.h"

/* What is asked of a term: "connections.given". */
enum term_part {
	PART_VALUE,
	PART_GIVEN,    /* was it on the command line, or in its variable? */
	PART_COUNT,    /* how often */
	PART_PLACE,    /* which option of the command it is, counted from 1; 0: none. The last one's */
	PART_ITEMS,    /* how many parts the text has, with commas between */
	PART_FIRST,    /* the first of these parts */
	PART_PATH,     /* is it a path: "/run/s"? */
	PART_SCHEME,   /* of a URL: "https"; "" where it has none */
	PART_HOST,     /* of a URL */
	PART_PORT,     /* of a URL, its scheme's if it names none; unknown without a scheme */
	PART_HAS_PATH, /* of a URL: does a slash follow its host? */
	PART_SHOWN     /* as it was written: "-c 400"; else the tool's default. In texts only */
};

/* Names beside terms. */
enum tool_own {
	OWN_PROCESSORS, /* where the tool will run */
	OWN_NOFILE_SOFT,
	OWN_NOFILE_HARD,
	OWN_TLS,      /* are all connections encrypted? */
	OWN_LOOPBACK, /* does one go to this host? */
	OWN_KEPT,     /* connections are kept: "per_request" is not true */
	OWN_PROGRAM,  /* a text: the program as it was called, without its path */
	OWN_NAMES
};

enum name_kind {
	NAME_NONE,
	NAME_OPTION, /* index: of the option; part */
	NAME_WORD,
	NAME_LET,
	NAME_SOURCE, /* index: of the term of the rule's source */
	NAME_OWN,    /* index: enum tool_own */
	NAME_GIVEN   /* workload.FIELD: what the user's flags say; index: the field */
};

struct tool_name {
	enum name_kind kind;
	size_t index;
	enum term_part part;
	enum unit unit; /* of a NAME_LET: not known here */
};

/* What a name means. Terms of "let" from `let_count` on are not yet there. */
struct tool_name tool_name_find(const struct tool_reading *reading,
		const char *name,
		size_t let_count);

/* The field of the plan with this JSON name, or WORKLOAD_FIELDS if there is no such field. */
enum workload_field tool_field(const char *name);

/* Checks all that can be checked without a command: names, dimensions, fields, options that are
 * there twice. err says what is wrong, without the tool's name. A rule that passes is read without
 * surprises. */
bool tool_check(const struct tool_reading *reading, struct error *err);
/* The same for the places of a result's figures (check_results.c); tool_check() includes it. */
bool tool_results_check(const struct tool_results *results, struct error *err);

#endif
