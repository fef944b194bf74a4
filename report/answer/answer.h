/* The pages of all documents except audits: a sizing, the history, a comparison, the cause of a
 * failure, the check of a repository. All have the same frame: head line, question, answer, tiles,
 * parts. A part consists of texts, a table, steps with their commands, or facts. HTML, PDF and
 * Markdown show the same content. */
#ifndef HEADROOM_REPORT_ANSWER_ANSWER_H
#define HEADROOM_REPORT_ANSWER_ANSWER_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	ANSWER_ROWS_MAX = 200
};

/* Fills `page` from a document that document_check_answer() has accepted (report/document/open.h).
 * A table has at most `rows_max` rows; the page says how many more there are. Texts are cleaned. */
void answer_page(struct arena *arena, const cJSON *root, size_t rows_max, cJSON *page);

#endif
