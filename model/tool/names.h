/* The names that formulas and texts of a tool's rule may use: its options and words with their
 * properties, its "let" terms, the host, and what the user says about the plan. */
#ifndef HEADROOM_MODEL_TOOL_NAMES_H
#define HEADROOM_MODEL_TOOL_NAMES_H

#include "base/error.h"
#include "model/tool/tool.h"

/* Properties of a term, such as "connections.given". */
enum term_part {
	PART_VALUE,
	PART_GIVEN,    /* it is on the command line, or in its environment variable */
	PART_COUNT,    /* how often it is given */
	PART_PLACE,    /* position among the command's options, from 1, of its last use; 0: not given */
	PART_ITEMS,    /* number of comma-separated parts of the text */
	PART_FIRST,    /* the first of these parts */
	PART_PATH,     /* it is a path: "/run/s" */
	PART_SCHEME,   /* of a URL: "https"; "" if it has none */
	PART_HOST,     /* of a URL */
	PART_PORT,     /* of a URL: as given, or by its scheme; unknown if it has neither */
	PART_HAS_PATH, /* of a URL: a slash follows its host */
	PART_SHOWN     /* as written ("-c 400"), else the tool's default; in texts only */
};

/* Names besides terms. */
enum tool_own {
	OWN_PROCESSORS, /* number of processors where the tool will run */
	OWN_NOFILE_SOFT,
	OWN_NOFILE_HARD,
	OWN_TLS,      /* all connections are encrypted */
	OWN_LOOPBACK, /* a connection goes to this host */
	OWN_KEPT,     /* connections are kept open: "per_request" is not true */
	OWN_PROGRAM,  /* text: the program as called, without its path */
	OWN_NAMES
};

enum name_kind {
	NAME_NONE,
	NAME_OPTION, /* index: the option */
	NAME_WORD,
	NAME_LET,
	NAME_SOURCE, /* index: the term of the rule's source */
	NAME_OWN,    /* index: enum tool_own */
	NAME_GIVEN   /* workload.FIELD, as given by the user's flags; index: the field */
};

struct tool_name {
	enum name_kind kind;
	size_t index;
	enum term_part part;
	enum unit unit; /* not known for NAME_LET */
};

/* Finds the meaning of a name. "let" terms with an index of `let_count` or more are not visible
 * yet. */
struct tool_name tool_name_find(const struct tool_reading *reading,
		const char *name,
		size_t let_count);

/* Returns the field of the plan with this JSON name, or WORKLOAD_FIELDS if there is none. */
enum workload_field tool_field(const char *name);

/* Checks everything that needs no command: names, dimensions, fields, repeated options. false with
 * err, which does not name the tool. Reading a rule that passes cannot fail. */
bool tool_check(const struct tool_reading *reading, struct error *err);
/* Checks the places of a result's figures (check_results.c). tool_check() includes this. */
bool tool_results_check(const struct tool_results *results, struct error *err);

#endif
