/* The pages of what is no audit: a sizing, the history, what changed, why something fails, what a
 * repository has. All have one frame: head line, question, answer, tiles, parts. A part has texts,
 * a table, steps with their commands, facts. HTML, PDF and Markdown show the same. */
#ifndef HEADROOM_REPORT_ANSWER_ANSWER_H
#define HEADROOM_REPORT_ANSWER_ANSWER_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"

enum {
	ANSWER_ROWS_MAX = 200
};

/* Fills `page` from a document that document_check_answer() has passed (report/document/open.h).
 * `rows_max`: how many rows a table may have; what is left out is counted. Texts are cleaned. */
void answer_page(struct arena *arena, const cJSON *root, size_t rows_max, cJSON *page);

#endif
