/* The forms of results: lines of text, JSON documents, rows. Each accepts bytes as they arrive and
 * adds to one set of figures. */
#ifndef HEADROOM_PROBES_RESULT_FORMS_H
#define HEADROOM_PROBES_RESULT_FORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tool/figures.h"

enum {
	RESULT_LINE_MAX = 8192, /* bytes per line; the rest is cut off */
	RESULT_PIECES = 8,      /* per pattern */
	RESULT_ROWS_MAX = 64,   /* per rule */
	RESULT_DEPTH_MAX = 64,  /* nesting of JSON; deeper values are no figures */
	RESULT_NAME_MAX = 256,  /* bytes of a member's name */
	RESULT_CELL_MAX = 512,  /* bytes per CSV cell; the rest is cut off */
	RESULT_CELLS_MAX = 64,  /* per row; further cells are ignored */
	RESULT_CAUSES = 8       /* number of kinds of errors */
};

/* What was found so far. */
struct score {
	double figures[RESULT_FIGURES]; /* NAN: none yet */
	bool found;                     /* something in this form was there */
	bool by_text, by_json;          /* requests were counted by lines of text; by JSON */
	double causes[RESULT_CAUSES];   /* number of errors of each kind */
};

void score_init(struct score *ret_score);
void score_add(struct score *score, enum tool_figure figure, double number);
/* Takes a number found at a place of the rule. */
void score_take(struct score *score, const struct tool_result_row *row, double number);
/* Sets figures to 0 that the rule has a place for and that are missing although their neighbors
 * were there. */
void score_absent(struct score *score, const struct tool_results *results);
/* Counts `count` errors with the tool's text, which decides their kind. */
void score_cause(struct score *score, const char *text, size_t length, double count);
/* Returns the most frequent kind in headroom's words, or NULL if none is known. */
const char *score_most(const struct score *score);

/* --- numbers --- */

/* Reads a number at the start of these bytes: 12, 1.5e3, 2k, 1,234. Returns how many bytes it has,
 * or 0 if there is none. */
size_t result_number_at(const char *bytes, size_t length, double *ret_number);
/* The same for a time in seconds: 3.02ms, 1m30s. */
size_t result_time_at(const char *bytes, size_t length, double *ret_seconds);

/* --- lines of text --- */

enum line_section {
	SECTION_NONE,
	SECTION_TITLE, /* its title was found */
	SECTION_INSIDE
};

struct line_form {
	const struct tool_results *results;
	struct score *score;
	enum line_section sections[RESULT_ROWS_MAX];
};

void line_form_add(struct line_form *form, const char *line, size_t length);

/* --- one JSON document, or several, one after another --- */

enum json_kind {
	JSON_NUMBER,
	JSON_TEXT,
	JSON_TRUTH
};

struct json_value {
	enum json_kind kind;
	double number;
	const char *text; /* as written, without the quotes, cut at RESULT_LINE_MAX */
	size_t length;
};

struct json_form {
	/* Called for each value. names[0…depth) is its path; elements of an array have the name "". */
	void (*value)(void *context, const struct json_form *form, const struct json_value *value);
	/* Called when a document has ended; NULL: not called. */
	void (*end)(void *context);
	void *context;
	char names[RESULT_DEPTH_MAX][RESULT_NAME_MAX];
	size_t depth;                 /* current nesting; may exceed RESULT_DEPTH_MAX */
	char opens[RESULT_DEPTH_MAX]; /* { or [ */
	bool in_text, escaped, is_name, broken;
	char token[RESULT_LINE_MAX];
	size_t token_length;
	size_t documents; /* number of documents that have ended */
};

void json_form_add(struct json_form *form, const char *bytes, size_t length);
/* Call at the end of the text, to finish a number that ends there. */
void json_form_end(struct json_form *form);
/* Returns true if the path of a rule ("a/b*") matches the current position. */
bool json_form_is_at(const struct json_form *form, const char *path);

/* --- rows of CSV --- */

struct csv_form {
	/* Called for each row. */
	void (*row)(void *context, const struct csv_form *form);
	void *context;
	char cells[RESULT_CELLS_MAX][RESULT_CELL_MAX];
	size_t lengths[RESULT_CELLS_MAX];
	size_t count; /* cells in this row */
	bool quoted, quote_before, any;
};

void csv_form_add(struct csv_form *form, const char *bytes, size_t length);
void csv_form_end(struct csv_form *form);
/* Drops the rest of a row that was cut. */
void csv_form_drop(struct csv_form *form);
const char *csv_cell(const struct csv_form *form, size_t index);

#endif
