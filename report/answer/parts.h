/* The parts of the pages of report/answer/. Adding a row to a full table returns NULL, and adding
 * anything to NULL does nothing. */
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
/* "50,000 WebSockets": what the answer is about. */
void answer_note(const struct answer *a, const char *text);
/* `verdict`: pass, fail, unknown, or none for a document without a verdict. */
void answer_badge(const struct answer *a, const char *word, const char *kind, const char *verdict);
void answer_is(const struct answer *a, const char *text);
void answer_also(const struct answer *a, const char *text);
void answer_tile(const struct answer *a, const char *name, const char *strong, const char *text);

/* `id` is a word of its own on the page. */
cJSON *answer_part(const struct answer *a, const char *id, const char *title);
/* The drawing of report/chart/ that belongs here, if there is one. */
void answer_chart(cJSON *part, const char *name);
void answer_text(cJSON *part, const char *text);
void answer_fact(cJSON *part, const char *name, const char *value);

/* A fact for each text of a list. */
void answer_facts(const struct answer *a, cJSON *part, const char *name, const cJSON *texts);

/* The columns end with one without a title. */
void answer_table(cJSON *part, const char *caption, const struct answer_column *columns);
cJSON *answer_row(const struct answer *a, cJSON *part, const char *name);
void answer_cell(const cJSON *part, cJSON *row, const char *text);
/* A row whose cells are texts of the node, at paths that end with NULL. */
cJSON *answer_row_of(const struct answer *a,
		cJSON *part,
		const char *name,
		const cJSON *node,
		const char *const *paths);
/* One for each item of a list; `name` is a path as well. */
void answer_rows(const struct answer *a,
		cJSON *part,
		const cJSON *items,
		const char *name,
		const char *const *paths);

/* What to do: its blocks have a label, and a text, commands (a line each) or lines of a file. */
cJSON *answer_step(const struct answer *a, cJSON *part, const char *title);
void answer_step_text(cJSON *step, const char *label, const char *text);
/* Texts of a node; the rows end with one without a label. */
struct answer_label {
	const char *label, *path;
};
void answer_step_texts(const struct answer *a,
		cJSON *step,
		const cJSON *node,
		const struct answer_label *rows);
/* One for each text of a list. */
void answer_step_each(const struct answer *a, cJSON *step, const char *label, const cJSON *texts);
/* Commands of a document ("words"), or texts where it has no words. */
void answer_step_commands(const struct answer *a,
		cJSON *step,
		const char *label,
		const cJSON *commands);
/* One command that is a text. */
void answer_step_line(const struct answer *a, cJSON *step, const char *label, const cJSON *line);
/* {kind, path, lines} of a document. */
void answer_step_file(const struct answer *a, cJSON *step, const char *label, const cJSON *file);

/* A text of the document, fit to show. */
const char *answer_said(const struct answer *a, const cJSON *node, const char *path);
/* The same, and a number, from the root of the document. */
const char *answer_of(const struct answer *a, const char *path);
double answer_number(const struct answer *a, const char *path);
const cJSON *answer_list(const struct answer *a, const char *path);
const cJSON *answer_object(const struct answer *a, const char *path);
/* As arena_printf. */
const char *answer_printf(const struct answer *a, const char *format, ...)
		__attribute__((format(printf, 2, 3)));
/* A number of the document; of `number`, counted. */
const char *answer_figure(const struct answer *a,
		const cJSON *node,
		const char *path,
		enum unit unit);
const char *answer_count(const struct answer *a, double number);
/* "1 host", "20 hosts". */
const char *answer_plural(const struct answer *a, double count, const char *noun);
const char *answer_or_dash(const char *text);
/* "1,024 → 34,000", or one of them where they are the same. */
const char *answer_arrow(const struct answer *a, const char *from, const char *to);

#endif
