/* Building blocks of the pages of report/answer/. Adding a row to a full table returns NULL, and
 * adding anything to NULL does nothing. */
#ifndef HEADROOM_REPORT_ANSWER_PARTS_H
#define HEADROOM_REPORT_ANSWER_PARTS_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

struct answer {
	struct arena *arena;
	const cJSON *root;
	size_t rows_max;
	cJSON *page;
};

/* `class`: "num", "nowrap" or "". */
struct answer_column {
	const char *title, *class;
};

void answer_put(cJSON *object, const char *name, const char *text);

void answer_head(const struct answer *a, const char *kind, const char *question);
/* What the answer is about: "50,000 WebSockets". */
void answer_note(const struct answer *a, const char *text);
/* `verdict`: pass, fail, unknown, or none if the document has no verdict. */
void answer_badge(const struct answer *a, const char *word, const char *kind, const char *verdict);
void answer_is(const struct answer *a, const char *text);
void answer_also(const struct answer *a, const char *text);
void answer_tile(const struct answer *a, const char *name, const char *strong, const char *text);

/* Adds a part. Its `id` must be unique on the page. */
cJSON *answer_part(const struct answer *a, const char *id, const char *title);
/* Adds the chart with this name (report/chart/) to the part, if it can be drawn. */
void answer_chart(cJSON *part, const char *name);
void answer_text(cJSON *part, const char *text);
void answer_fact(cJSON *part, const char *name, const char *value);

/* Adds a fact for each text of a list. */
void answer_facts(const struct answer *a, cJSON *part, const char *name, const cJSON *texts);

/* Begins a table; a column without a title ends `columns`. */
void answer_table(cJSON *part, const char *caption, const struct answer_column *columns);
cJSON *answer_row(const struct answer *a, cJSON *part, const char *name);
void answer_cell(const cJSON *part, cJSON *row, const char *text);
/* Adds a row whose cells are texts of the node at these paths, which end with NULL. */
cJSON *answer_row_of(const struct answer *a,
		cJSON *part,
		const char *name,
		const cJSON *node,
		const char *const *paths);
/* Adds a row for each item of a list; `name` is a path too. */
void answer_rows(const struct answer *a,
		cJSON *part,
		const cJSON *items,
		const char *name,
		const char *const *paths);

/* Adds a step: something to do. Its blocks have a label, and a text, commands (one per line) or
 * lines of a file. */
cJSON *answer_step(const struct answer *a, cJSON *part, const char *title);
void answer_step_text(cJSON *step, const char *label, const char *text);
/* Adds texts of a node to a step; a row without a label ends `rows`. */
struct answer_label {
	const char *label, *path;
};
void answer_step_texts(const struct answer *a,
		cJSON *step,
		const cJSON *node,
		const struct answer_label *rows);
/* Adds each text of a list. */
void answer_step_each(const struct answer *a, cJSON *step, const char *label, const cJSON *texts);
/* Adds commands of a document ("words"), or texts if it has no words. */
void answer_step_commands(const struct answer *a,
		cJSON *step,
		const char *label,
		const cJSON *commands);
/* Adds one command that is given as a text. */
void answer_step_line(const struct answer *a, cJSON *step, const char *label, const cJSON *line);
/* Adds a file of the document, {kind, path, lines}. */
void answer_step_file(const struct answer *a, cJSON *step, const char *label, const cJSON *file);

/* Returns a text of the document, fit to show. */
const char *answer_said(const struct answer *a, const cJSON *node, const char *path);
/* Return texts, numbers, lists and objects at a path from the root of the document. */
const char *answer_of(const struct answer *a, const char *path);
double answer_number(const struct answer *a, const char *path);
const cJSON *answer_list(const struct answer *a, const char *path);
const cJSON *answer_object(const struct answer *a, const char *path);
/* Like arena_printf. */
const char *answer_printf(const struct answer *a, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
/* Format a number of the document, and any number as a count. */
const char *answer_figure(const struct answer *a,
		const cJSON *node,
		const char *path,
		enum unit unit);
const char *answer_count(const struct answer *a, double number);
/* Returns "1 host" or "20 hosts". */
const char *answer_plural(const struct answer *a, double count, const char *noun);
const char *answer_or_dash(const char *text);
/* Returns "1,024 → 34,000", or one of them if they are equal. */
const char *answer_arrow(const struct answer *a, const char *from, const char *to);

#endif
