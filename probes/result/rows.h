/* Results that have a row for each request: which column says what. */
#ifndef HEADROOM_PROBES_RESULT_ROWS_H
#define HEADROOM_PROBES_RESULT_ROWS_H

#include "probes/result/forms.h"

enum {
	ROW_COLUMNS = 4
};

struct rows {
	enum tool_form form;
	struct score *score;
	const struct row_table *table; /* whose header came; NULL: none yet */
	size_t columns[ROW_COLUMNS];   /* where the columns are; beyond the table: missing */
	/* Of the JSON document that is being read (k6, vegeta). */
	char metric[RESULT_NAME_MAX], error[RESULT_CELL_MAX];
	double value, code, status;
	bool is_point, has_error;
	/* Of vegeta's results: when the first and the last request began. */
	double first_s, last_s, count;
};

void rows_init(struct rows *ret_rows, enum tool_form form, struct score *score);
/* A row of CSV. */
void rows_take_cells(struct rows *rows, const struct csv_form *form);
/* A value of a JSON document with one request, and its end. */
void rows_take_value(struct rows *rows,
		const struct json_form *form,
		const struct json_value *value);
void rows_take_document(struct rows *rows);
/* A line of an XML log. */
void rows_take_line(struct rows *rows, const char *line, size_t length);
/* Adds one result of vegeta. The code 0 means that no answer came. */
void rows_take_hit(struct rows *rows, double code, double at_s, const char *error, size_t length);
/* Sets the figures that are only known at the end. */
void rows_end(struct rows *rows);

#endif
