/* Results with a row for each request: what each column means. */
#ifndef HEADROOM_PROBES_RESULT_ROWS_H
#define HEADROOM_PROBES_RESULT_ROWS_H

#include "probes/result/forms.h"

enum {
	ROW_COLUMNS = 4
};

struct rows {
	enum tool_form form;
	struct score *score;
	const struct row_table *table; /* the table whose header was found; NULL: none yet */
	size_t columns[ROW_COLUMNS];   /* index of each column; beyond the last cell: missing */
	/* State of the current JSON document (k6, vegeta). */
	char metric[RESULT_NAME_MAX], error[RESULT_CELL_MAX];
	double value, code, status;
	bool is_point, has_error;
	/* For vegeta: when the first and the last request began. */
	double first_s, last_s, count;
};

void rows_init(struct rows *ret_rows, enum tool_form form, struct score *score);
/* Takes a row of CSV. */
void rows_take_cells(struct rows *rows, const struct csv_form *form);
/* Take a value of a JSON document about one request, and the end of that document. */
void rows_take_value(struct rows *rows,
		const struct json_form *form,
		const struct json_value *value);
void rows_take_document(struct rows *rows);
/* Takes a line of an XML log. */
void rows_take_line(struct rows *rows, const char *line, size_t length);
/* Takes one result of vegeta. A code of 0 means that no answer came. */
void rows_take_hit(struct rows *rows, double code, double at_s, const char *error, size_t length);
/* Sets the figures that are known only at the end. */
void rows_end(struct rows *rows);

#endif
