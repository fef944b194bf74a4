/* The figures of a tool's result, as rules name them, and where a rule finds them. */
#ifndef HEADROOM_MODEL_TOOL_FIGURES_H
#define HEADROOM_MODEL_TOOL_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "model/tool/parts.h"

/* The words are tool_figure_words, in this order. */
enum tool_figure {
	RESULT_REQUESTS,    /* all that ended, with an answer or without */
	RESULT_ANSWERS,     /* that got an answer, of any kind */
	RESULT_ERRORS,      /* that got none: connect, socket, timeout */
	RESULT_FAILURES,    /* errors and answers that the tool takes for failed, in one number */
	RESULT_LOST,        /* connections that could not be opened */
	RESULT_CONNECTIONS, /* that were to be opened */
	RESULT_DROPPED,     /* requests or iterations that were never started */
	RESULT_RATE,        /* per second, of `requests` */
	RESULT_ANSWER_RATE, /* per second, of `answers` */
	RESULT_ASKED_RATE,  /* per second, that was asked for */
	RESULT_SECONDS,     /* that all of it took */
	RESULT_FIGURES
};

extern const char *const tool_figure_words[]; /* NULL-terminated */

/* Of a result file: the option that names it. */
struct tool_result_file {
	const char *names;  /* as they are typed, with a blank between: "-o --output" */
	const char *path;   /* "{}_stats.csv": what the option says is put in; NULL: that is the path */
	const char *prefix; /* only if it begins with this text, and then what follows it: "json="; or
	                       NULL */
	const char *environment; /* a variable that counts where the option is not given; or NULL */
};

/* One place of a figure. All places of a figure are added up. */
struct tool_result_row {
	enum tool_figure figure;
	const char *text; /* of a line: "# requests in"; # is the number, * anything */
	const char *json; /* of a document: "result/count"; a part that ends with a star: all that begin
	                     so */
	const char *after;  /* only in lines after one with this text, up to the next empty line */
	const char *unless; /* not in a line with this text */
	double scale;       /* of its number; 0: 1 */
	bool last;          /* only the last place counts: a total that is printed again and again */
};

/* Results that are rows of one request each, or that no such place finds (probes/result/forms.c).
 * The words are tool_form_words, in this order. */
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
	const char *hint; /* how it is written where it can be read: "-json FILE"; NULL: redirect it */
};

#endif
