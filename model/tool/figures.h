/* The figures in a tool's result: their names in rules, and how a rule finds them. */
#ifndef HEADROOM_MODEL_TOOL_FIGURES_H
#define HEADROOM_MODEL_TOOL_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/tool/parts.h"

/* tool_figure_words has their words, in this order. */
enum tool_figure {
	RESULT_REQUESTS,    /* requests that ended, with or without an answer */
	RESULT_ANSWERS,     /* requests that got an answer of any kind */
	RESULT_ERRORS,      /* requests without an answer: connect, socket, timeout */
	RESULT_FAILURES,    /* one number for errors and for answers that the tool counts as failed */
	RESULT_LOST,        /* connections that could not be opened */
	RESULT_CONNECTIONS, /* connections that were to be opened */
	RESULT_DROPPED,     /* requests or iterations that were never started */
	RESULT_RATE,        /* requests per second */
	RESULT_ANSWER_RATE, /* answers per second */
	RESULT_ASKED_RATE,  /* the requested rate per second */
	RESULT_SECONDS,     /* duration of the run */
	RESULT_FIGURES
};

extern const char *const tool_figure_words[]; /* NULL-terminated */

/* The option that names a result file. */
struct tool_result_file {
	const char *names; /* spellings, separated by blanks: "-o --output" */
	const char *path; /* path with {} for the option's value: "{}_stats.csv"; NULL: the value is the
	                     path */
	const char *prefix; /* the value must begin with this, and the rest of it counts: "json="; NULL:
	                       any value */
	const char *environment; /* a variable that counts if the option is missing; NULL: none */
};

/* One place of a figure. If a figure has several places, their numbers are added. */
struct tool_result_row {
	enum tool_figure figure;
	const char *text;   /* of a line: "# requests in"; # stands for the number, * for anything */
	const char *json;   /* of a JSON document: "result/count"; a part that ends with a star matches
	                       every name that begins so */
	const char *after;  /* only in lines after a line with this text, up to the next empty line */
	const char *unless; /* not in lines with this text */
	double scale;       /* factor for the number; 0 means 1 */
	bool last;          /* only the last place counts: for a total that is printed repeatedly */
};

/* Results with one row per request, or that cannot be read by places (probes/result/forms.c).
 * tool_form_words has their words, in this order. */
enum tool_form {
	FORM_NONE,
	FORM_JMETER, /* JTL: CSV or XML */
	FORM_VEGETA, /* gob, JSON lines or CSV */
	FORM_LOCUST, /* PREFIX_stats.csv, PREFIX_failures.csv */
	FORM_K6,     /* --out json, --out csv */
	FORM_HEY,    /* -o csv */
	FORM_OHA,    /* --output-format csv */
	FORMS
};

extern const char *const tool_form_words[]; /* NULL-terminated */

struct tool_results {
	enum tool_form form;
	struct tool_result_file *files;
	size_t file_count;
	struct tool_result_row *rows;
	size_t row_count;
	const char *hint; /* the option that writes a readable result: "-json FILE"; NULL: redirect the
	                     output */
};

#endif
