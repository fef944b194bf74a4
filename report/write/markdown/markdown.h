/* The parts of the Markdown view of an audit, in their order: a page that can be read alone, then
 * folded parts with the headings of the HTML page. */
#ifndef HEADROOM_REPORT_WRITE_MARKDOWN_MARKDOWN_H
#define HEADROOM_REPORT_WRITE_MARKDOWN_MARKDOWN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* Bounds that keep a comment on GitHub below its 65,536 characters; the number of omitted items is
 * shown. */
enum {
	MARKDOWN_FIXES_MAX = 12,
	MARKDOWN_ITEMS_MAX = 20
};

struct markdown {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

/* The first page. */
void markdown_front(const struct markdown *m);  /* question, answer, basis, tiles */
void markdown_decide(const struct markdown *m); /* the changes to approve */
void markdown_trust(const struct markdown *m);  /* what was judged, the rules, checking again */
void markdown_holds(const struct markdown *m);  /* if no plan was given: what the host can carry */

/* … what to change first, and how to get a verdict. */
void markdown_first_changes(const struct markdown *m);

/* Folded parts. Each writes nothing if it has no content. */
void markdown_run(const struct markdown *m);
void markdown_drift(const struct markdown *m);
void markdown_limits(const struct markdown *m);
void markdown_changes(const struct markdown *m);
void markdown_found(const struct markdown *m);
void markdown_method(const struct markdown *m);
void markdown_facts(const struct markdown *m);
void markdown_again(const struct markdown *m);

/* Begins and ends a folded part. A tracker that does not know <details> shows it open. */
void markdown_fold(const struct markdown *m, const char *title);
void markdown_unfold(const struct markdown *m);

/* Return text with Markdown escaped and without the blank before "%": any text, a member of a node,
 * its load, a number, a list. */
const char *markdown_escaped(const struct markdown *m, const char *text);
const char *markdown_string(const struct markdown *m,
		const cJSON *node,
		const char *path,
		size_t max_chars);
const char *markdown_load(const struct markdown *m, const cJSON *node, const char *path);
const char *markdown_figure(const struct markdown *m, const cJSON *node, const char *path);
const char *markdown_joined(const struct markdown *m, const cJSON *texts);
/* Writes "* label: text", or nothing if there is no text. */
void markdown_item(const struct markdown *m, const char *label, const char *text);
/* Writes a block of commands to paste. Returns false if there are none. */
bool markdown_script(const struct markdown *m, const cJSON *fix, const char *name);
/* Writes "5 more in the audit document." */
void markdown_rest(const struct markdown *m, size_t count, size_t shown);

#endif
