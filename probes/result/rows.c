#include "probes/result/rows.h"

#include <math.h>
#include <string.h>

#include "base/array.h"
#include "base/text.h"

/* A table is known by its columns; the first one is always its first. */
struct row_table {
	enum tool_form form;
	const char *names[ROW_COLUMNS];
	void (*take)(struct rows *rows, const struct csv_form *form);
};

static const char *cell_of(const struct rows *rows, const struct csv_form *form, size_t column)
{
	return csv_cell(form, rows->columns[column]);
}

static double cell_number(const char *text)
{
	double number;
	if (result_number_at(text, strlen(text), &number) == 0)
		return (double)NAN;
	return number;
}

static void add_error(struct rows *rows, double count, const char *text)
{
	score_add(rows->score, RESULT_ERRORS, count);
	score_cause(rows->score, text, strlen(text), count);
}

/* --- JMeter --- */

static bool is_no_answer(const char *code)
{
	return text_begins_with(code, "Non HTTP response code");
}

static void take_jmeter(struct rows *rows, const struct csv_form *form)
{
	const char *code = cell_of(rows, form, 1), *message = cell_of(rows, form, 2);
	if (isnan(cell_number(csv_cell(form, 0))))
		return;
	score_add(rows->score, RESULT_REQUESTS, 1);
	score_add(rows->score, RESULT_ERRORS, 0);
	if (is_no_answer(code))
		add_error(rows, 1, *message ? message : code);
}

void rows_take_line(struct rows *rows, const char *line, size_t length)
{
	static const char no_answer[] = " rc=\"Non HTTP response code";
	char text[RESULT_LINE_MAX + 1];
	if (length > RESULT_LINE_MAX)
		length = RESULT_LINE_MAX;
	memcpy(text, line, length);
	text[length] = '\0';
	if (strlen(text) < length || (!strstr(text, "<httpSample ") && !strstr(text, "<sample ")))
		return;
	score_add(rows->score, RESULT_REQUESTS, 1);
	score_add(rows->score, RESULT_ERRORS, 0);
	if (strstr(text, no_answer))
		add_error(rows, 1, text);
}

/* --- k6 --- */

/* 1400 to 1599 are statuses of HTTP, and from 1700 on an answer was of no use. */
static bool is_k6_error(double code, double status)
{
	if (isnan(code))
		return status == 0;
	return (code >= 1000 && code < 1400) || (code >= 1600 && code < 1700);
}

static void take_sample(struct rows *rows)
{
	rows->score->found = true;
	if (!strcmp(rows->metric, "dropped_iterations"))
		score_add(rows->score, RESULT_DROPPED, rows->value);
	if (strcmp(rows->metric, "http_reqs") != 0)
		return;
	score_add(rows->score, RESULT_REQUESTS, rows->value);
	score_add(rows->score, RESULT_ERRORS, 0);
	if (is_k6_error(rows->code, rows->status))
		add_error(rows, rows->value, rows->error);
}

static void copy_cut(char *to, size_t size, const char *from, size_t length)
{
	if (length >= size)
		length = size - 1;
	memcpy(to, from, length);
	to[length] = '\0';
}

static void take_k6(struct rows *rows, const struct csv_form *form)
{
	const char *name = cell_of(rows, form, 0), *error = cell_of(rows, form, 3);
	copy_cut(rows->metric, sizeof rows->metric, name, strlen(name));
	copy_cut(rows->error, sizeof rows->error, error, strlen(error));
	rows->value = cell_number(cell_of(rows, form, 1));
	rows->code = cell_number(cell_of(rows, form, 2));
	rows->status = (double)NAN;
	if (!isnan(rows->value))
		take_sample(rows);
}

/* --- vegeta --- */

void rows_take_hit(struct rows *rows, double code, double at_s, const char *error, size_t length)
{
	struct score *score = rows->score;
	score_add(score, RESULT_REQUESTS, 1);
	score_add(score, RESULT_ERRORS, code == 0);
	if (code == 0)
		score_cause(score, error, length, 1);
	if (isnan(at_s))
		return;
	rows->first_s = fmin(rows->first_s, at_s);
	rows->last_s = fmax(rows->last_s, at_s);
	rows->count++;
}

/* No header: time in ns, code, latency, bytes out, bytes in, error, … */
static bool take_vegeta(struct rows *rows, const struct csv_form *form)
{
	double at_ns = cell_number(csv_cell(form, 0)), code = cell_number(csv_cell(form, 1));
	const char *error = csv_cell(form, 5);
	if (form->count < 11 || isnan(at_ns) || isnan(code))
		return false;
	rows_take_hit(rows, code, at_ns / 1e9, error, strlen(error));
	return true;
}

/* --- Locust --- */

static void take_locust_requests(struct rows *rows, const struct csv_form *form)
{
	double requests = cell_number(cell_of(rows, form, 2));
	double failures = cell_number(cell_of(rows, form, 3));
	if (strcmp(cell_of(rows, form, 1), "Aggregated") != 0 || isnan(requests))
		return;
	score_add(rows->score, RESULT_REQUESTS, requests);
	score_add(rows->score, RESULT_FAILURES, failures);
	if (failures == 0)
		score_add(rows->score, RESULT_ERRORS, 0);
}

/* An exception of the network. What a status or the user's own check made of an answer is none. */
static bool is_exception(const char *error)
{
	static const char *const names[] = {"OSError(",
			"ConnectionError(",
			"ConnectionRefusedError(",
			"ConnectionResetError(",
			"ConnectionAbortedError(",
			"BrokenPipeError(",
			"gaierror(",
			"timeout(",
			"TimeoutError(",
			"ConnectTimeout(",
			"ReadTimeout(",
			"SSLError(",
			"RemoteDisconnected(",
			"ProtocolError(",
			"MaxRetryError(",
			"NewConnectionError(",
			"ChunkedEncodingError("};
	for (size_t i = 0; i < COUNT_OF(names); i++)
		if (text_begins_with(error, names[i]))
			return true;
	return false;
}

static void take_locust_failures(struct rows *rows, const struct csv_form *form)
{
	const char *error = cell_of(rows, form, 2);
	double count = cell_number(cell_of(rows, form, 3));
	if (isnan(count))
		return;
	score_add(rows->score, RESULT_ERRORS, 0);
	if (is_exception(error))
		add_error(rows, count, error);
}

/* --- only what was answered --- */

static void take_answer(struct rows *rows, const struct csv_form *form)
{
	if (!isnan(cell_number(csv_cell(form, 0))))
		score_add(rows->score, RESULT_ANSWERS, 1);
}

static const struct row_table tables[] = {
		{
				.form = FORM_JMETER,
				.names =
						{
								"timeStamp",
								"responseCode",
								"responseMessage",
						},
				.take = take_jmeter,
		},
		{
				.form = FORM_K6,
				.names =
						{
								"metric_name",
								"metric_value",
								"error_code",
								"error",
						},
				.take = take_k6,
		},
		{
				.form = FORM_LOCUST,
				.names =
						{
								"Type",
								"Name",
								"Request Count",
								"Failure Count",
						},
				.take = take_locust_requests,
		},
		{
				.form = FORM_LOCUST,
				.names =
						{
								"Method",
								"Name",
								"Error",
								"Occurrences",
						},
				.take = take_locust_failures,
		},
		{
				.form = FORM_HEY,
				.names =
						{
								"response-time",
								"status-code",
						},
				.take = take_answer,
		},
		{
				.form = FORM_OHA,
				.names =
						{
								"request-start",
								"status",
						},
				.take = take_answer,
		},
};

/* --- headers --- */

static size_t column_named(const struct csv_form *form, const char *name)
{
	for (size_t i = 0; i < form->count; i++)
		if (!strcmp(form->cells[i], name))
			return i;
	return RESULT_CELLS_MAX;
}

static bool is_header_of(struct rows *rows,
		const struct row_table *table,
		const struct csv_form *form)
{
	if (table->form != rows->form || strcmp(csv_cell(form, 0), table->names[0]) != 0)
		return false;
	for (size_t i = 0; i < ROW_COLUMNS; i++) {
		rows->columns[i] = RESULT_CELLS_MAX;
		if (table->names[i])
			rows->columns[i] = column_named(form, table->names[i]);
	}
	return rows->columns[1] < RESULT_CELLS_MAX;
}

static bool rows_take_header(struct rows *rows, const struct csv_form *form)
{
	for (size_t i = 0; i < COUNT_OF(tables); i++) {
		const struct row_table *table = &tables[i];
		if (!is_header_of(rows, table, form))
			continue;
		rows->table = table;
		rows->score->found = true;
		return true;
	}
	return false;
}

void rows_take_cells(struct rows *rows, const struct csv_form *form)
{
	if (rows->form == FORM_VEGETA) {
		(void)take_vegeta(rows, form);
		return;
	}
	bool header = rows_take_header(rows, form);
	if (!header && rows->table)
		rows->table->take(rows, form);
}

/* --- documents, one for each request --- */

static bool stands_at(const struct json_form *form, const char *k6, const char *vegeta, bool is_k6)
{
	return json_form_is_at(form, is_k6 ? k6 : vegeta);
}

static double json_number_of(const struct json_value *value)
{
	double number;
	if (value->kind == JSON_NUMBER)
		return value->number;
	if (value->kind != JSON_TEXT || result_number_at(value->text, value->length, &number) == 0)
		return (double)NAN;
	return number;
}

void rows_take_value(struct rows *rows,
		const struct json_form *form,
		const struct json_value *value)
{
	bool k6 = rows->form == FORM_K6;
	if (stands_at(form, "metric", "-", k6))
		copy_cut(rows->metric, sizeof rows->metric, value->text, value->length);
	else if (stands_at(form, "data/value", "-", k6))
		rows->value = json_number_of(value);
	else if (stands_at(form, "data/tags/error_code", "code", k6))
		rows->code = json_number_of(value);
	else if (stands_at(form, "data/tags/status", "-", k6))
		rows->status = json_number_of(value);
	else if (stands_at(form, "data/tags/error", "error", k6))
		copy_cut(rows->error, sizeof rows->error, value->text, value->length);
	else if (stands_at(form, "type", "latency", k6))
		rows->is_point = !k6 || (value->length == 5 && !memcmp(value->text, "Point", 5));
}

static void rows_clear(struct rows *rows)
{
	rows->metric[0] = rows->error[0] = '\0';
	rows->value = rows->code = rows->status = (double)NAN;
	rows->is_point = false;
}

void rows_take_document(struct rows *rows)
{
	if (rows->is_point && rows->form == FORM_K6 && !isnan(rows->value))
		take_sample(rows);
	if (rows->is_point && rows->form == FORM_VEGETA && !isnan(rows->code))
		rows_take_hit(rows, rows->code, (double)NAN, rows->error, strlen(rows->error));
	rows_clear(rows);
}

void rows_init(struct rows *ret_rows, enum tool_form form, struct score *score)
{
	*ret_rows = (struct rows){.form = form, .score = score, .first_s = HUGE_VAL, .last_s = -1};
	rows_clear(ret_rows);
}

void rows_end(struct rows *rows)
{
	double took_s = rows->last_s - rows->first_s;
	if (rows->count > 1 && took_s > 0)
		score_add(rows->score, RESULT_RATE, (rows->count - 1) / took_s);
	rows->count = 0;
}
