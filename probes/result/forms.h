/* The forms that results have: lines of text, one JSON document, rows. Each takes bytes as they
 * come and adds to one set of figures. */
#ifndef HEADROOM_PROBES_RESULT_FORMS_H
#define HEADROOM_PROBES_RESULT_FORMS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/tool/figures.h"

enum {
	RESULT_LINE_MAX = 8192, /* of a line; what is longer is cut off */
	RESULT_PIECES = 8,      /* of a pattern */
	RESULT_ROWS_MAX = 64,   /* of a rule */
	RESULT_DEPTH_MAX = 64,  /* of JSON; deeper values have no figure in them */
	RESULT_NAME_MAX = 256,  /* of a member's name */
	RESULT_CELL_MAX = 512,  /* of a cell of CSV; what is longer is cut off */
	RESULT_CELLS_MAX = 64,  /* of a row; more are passed over */
	RESULT_CAUSES = 8       /* kinds of errors that are told apart */
};

/* What has been found so far. */
struct score {
	double figures[RESULT_FIGURES]; /* NAN: none yet */
	bool found;                     /* something of the form was there */
	bool by_text, by_json;          /* requests were counted by these places of the rule */
	double causes[RESULT_CAUSES];   /* how many errors are of each kind */
};

void score_init(struct score *ret_score);
void score_add(struct score *score, enum tool_figure figure, double number);
/* A number at a place of the rule. */
void score_take(struct score *score, const struct tool_result_row *row, double number);
/* What a rule has a place for, and what stood beside it was there: then there was none of it. */
void score_absent(struct score *score, const struct tool_results *results);
/* `count` errors that the tool wrote so: the kind is looked for in the text. */
void score_cause(struct score *score, const char *text, size_t length, double count);
/* The most frequent kind, in our words; NULL: none is known. */
const char *score_most(const struct score *score);

/* --- numbers --- */

/* A number at the start of these bytes: 12, 1.5e3, 2k, 1,234. Returns how many bytes it has; 0:
 * there is none. */
size_t result_number_at(const char *bytes, size_t length, double *ret_number);
/* The same for a number that is a time: 3.02ms, 1m30s; in seconds. */
size_t result_time_at(const char *bytes, size_t length, double *ret_seconds);

/* --- lines of text --- */

enum line_section {
	SECTION_NONE,
	SECTION_TITLE, /* its title came */
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
	const char *text; /* as written, without the quotes, cut off at RESULT_LINE_MAX */
	size_t length;
};

struct json_form {
	/* Called for each value; names[0…depth) lead there, an element of an array has the name "". */
	void (*value)(void *context, const struct json_form *form, const struct json_value *value);
	/* Called when a document has ended; NULL: not called. */
	void (*end)(void *context);
	void *context;
	char names[RESULT_DEPTH_MAX][RESULT_NAME_MAX];
	size_t depth;                 /* how deep it is; may be more than RESULT_DEPTH_MAX */
	char opens[RESULT_DEPTH_MAX]; /* { or [ */
	bool in_text, escaped, is_name, broken;
	char token[RESULT_LINE_MAX];
	size_t token_length;
	size_t documents; /* that have ended */
};

void json_form_add(struct json_form *form, const char *bytes, size_t length);
/* Call at the end of the text: finishes a number that ends there. */
void json_form_end(struct json_form *form);
/* Does the path of a rule, "a/b*", match the current position? */
bool json_form_is_at(const struct json_form *form, const char *path);

/* --- rows of CSV --- */

struct csv_form {
	/* Called for each row. */
	void (*row)(void *context, const struct csv_form *form);
	void *context;
	char cells[RESULT_CELLS_MAX][RESULT_CELL_MAX];
	size_t lengths[RESULT_CELLS_MAX];
	size_t count; /* of cells in this row */
	bool quoted, quote_before, any;
};

void csv_form_add(struct csv_form *form, const char *bytes, size_t length);
void csv_form_end(struct csv_form *form);
/* The rest of a row that was cut in two is no row. */
void csv_form_drop(struct csv_form *form);
const char *csv_cell(const struct csv_form *form, size_t index);

#endif
