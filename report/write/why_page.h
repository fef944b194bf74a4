/* headroom.why/1 as a list of blocks; each output format writes them in its own form. */
#ifndef HEADROOM_REPORT_WRITE_WHY_PAGE_H
#define HEADROOM_REPORT_WRITE_WHY_PAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "report/write/pen.h"

enum why_block_kind {
	WHY_BLOCK_CAUSE,   /* label: the mark, "✗ NOW FULL"; text: what is found, a sentence */
	WHY_BLOCK_NAME,    /* text: what a cause that is a limit is called, and where to read more */
	WHY_BLOCK_LINE,    /* label: "Evidence", or "" for one more of the same; text: a sentence */
	WHY_BLOCK_COMMAND, /* label as above; text: shell commands, a line each, to be pasted */
	WHY_BLOCK_FILE,    /* label as above; text: where these lines belong */
	WHY_BLOCK_TITLE    /* text: the heading of the following blocks */
};

struct why_block {
	enum why_block_kind kind;
	enum tone tone; /* of a cause */
	const char *label, *text;
	const cJSON *file; /* of its kind: its lines */
};

struct why_page {
	struct why_block *blocks;
	size_t count, capacity;
};

/* How strong the evidence for a cause is: the words for a limit, or for a cause that is not a
 * limit. */
struct why_mark {
	const char *strength, *limit, *other;
	enum tone tone;
};

const struct why_mark *why_mark_of(const cJSON *cause);
/* "✗ NOW FULL" */
const char *why_mark_text(const cJSON *cause);
/* "ephemeral-ports (limit): for details, run headroom explain ephemeral-ports" */
const char *why_name_text(struct arena *arena, const cJSON *cause);

/* Everything is cleaned and lives in the arena. `all`: every fix, and everything that was ruled
 * out. */
struct why_page why_page_of(struct arena *arena, const cJSON *document, bool all);

/* Of an answer that found nothing: how many limits were hit since boot, and have room now. */
size_t why_hit_before(const cJSON *document);
/* The headings of the other causes that the text names, and of the limits that it does not name. */
const char *why_rest_title(const cJSON *document);
const char *why_also_title(const cJSON *document);

/* What to do where the answer found limits that were hit at an unknown time. false: nothing. */
struct why_next {
	const char *text, *command;
};
bool why_next_of(struct arena *arena, const cJSON *document, struct why_next *ret_next);

/* The watched calls, and the process of the question, in full. */
struct why_page why_page_more(struct arena *arena, const cJSON *document);

#endif
