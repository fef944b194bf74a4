/* headroom.why/1 as a list of blocks, which each output format writes in its form. */
#ifndef HEADROOM_REPORT_WRITE_WHY_PAGE_H
#define HEADROOM_REPORT_WRITE_WHY_PAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "report/document/why_next.h"
#include "report/write/pen.h"

enum why_block_kind {
	WHY_BLOCK_CAUSE,   /* label: the mark, "✗ NOW FULL"; text: the finding, one sentence */
	WHY_BLOCK_NAME,    /* text: for a limit, its id and where to read more */
	WHY_BLOCK_LINE,    /* label: "Evidence", or "" for another line of it; text: a sentence */
	WHY_BLOCK_COMMAND, /* label as above; text: shell commands to paste, one per line */
	WHY_BLOCK_FILE,    /* label as above; text: where these lines belong */
	WHY_BLOCK_TITLE    /* text: the heading of the following blocks */
};

struct why_block {
	enum why_block_kind kind;
	enum tone tone; /* for a cause */
	const char *label, *text;
	const cJSON *file; /* for WHY_BLOCK_FILE: the lines of the file */
};

struct why_page {
	struct why_block *blocks;
	size_t count, capacity;
};

/* The words for the strength of the evidence: for a limit, and for a cause that is not a limit. */
struct why_mark {
	const char *strength, *limit, *other;
	enum tone tone;
};

const struct why_mark *why_mark_of(const cJSON *cause);
/* Returns "✗ NOW FULL" or a similar mark. */
const char *why_mark_text(const cJSON *cause);
/* Returns "ephemeral-ports (limit): for details, run headroom explain ephemeral-ports". */
const char *why_name_text(struct arena *arena, const cJSON *cause);

/* Returns the page, cleaned and in the arena. `all`: with every fix and everything that was ruled
 * out. */
struct why_page why_page_of(struct arena *arena, const cJSON *document, bool all);

/* Return the headings of the other causes that the text names, and of the limits that it does not
 * name. */
const char *why_rest_title(const cJSON *document);
const char *why_also_title(const cJSON *document);

/* Returns the full list of watched calls, and the process that was asked about. */
struct why_page why_page_more(struct arena *arena, const cJSON *document);

#endif
