/* The parts of the Markdown view of an audit, in their order: a page that can be read alone, then
 * folded parts under the headings of the HTML page. */
#ifndef HEADROOM_REPORT_WRITE_MARKDOWN_MARKDOWN_H
#define HEADROOM_REPORT_WRITE_MARKDOWN_MARKDOWN_H

#include <cjson/cJSON.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"

/* A comment on GitHub has at most 65,536 characters; the rest is left out and counted. */
enum {
	MARKDOWN_FIXES_MAX = 12,
	MARKDOWN_ITEMS_MAX = 20
};

struct markdown {
	const cJSON *document;
	struct arena *arena;
	struct text *out;
};

/* Page 1. */
void markdown_front(const struct markdown *m);  /* question, answer, what it rests on, tiles */
void markdown_decide(const struct markdown *m); /* the changes to approve */
void markdown_trust(const struct markdown *m);  /* what was judged, with what, how to check again */
void markdown_holds(const struct markdown *m);  /* without a plan: what the host carries */

/* … what to change first, and how to get a verdict. */
void markdown_first_changes(const struct markdown *m);

/* Folded parts; each writes nothing if it has no content. */
void markdown_run(const struct markdown *m);
void markdown_drift(const struct markdown *m);
void markdown_limits(const struct markdown *m);
void markdown_changes(const struct markdown *m);
void markdown_found(const struct markdown *m);
void markdown_method(const struct markdown *m);
void markdown_facts(const struct markdown *m);
void markdown_again(const struct markdown *m);

/* A folded part. A tracker that does not know <details> shows it open. */
void markdown_fold(const struct markdown *m, const char *title);
void markdown_unfold(const struct markdown *m);

/* Text without markup and without the blank before "%"; a member of a node; its load. */
const char *markdown_escaped(const struct markdown *m, const char *text);
const char *markdown_string(const struct markdown *m,
		const cJSON *node,
		const char *path,
		size_t max_chars);
const char *markdown_load(const struct markdown *m, const cJSON *node, const char *path);
const char *markdown_figure(const struct markdown *m, const cJSON *node, const char *path);
const char *markdown_joined(const struct markdown *m, const cJSON *texts);
/* "* label: text"; nothing without a text. */
void markdown_item(const struct markdown *m, const char *label, const char *text);
/* A block of commands to paste; false: there are none, and nothing was written. */
bool markdown_script(const struct markdown *m, const cJSON *fix, const char *name);
/* "5 more in the audit document." */
void markdown_rest(const struct markdown *m, size_t count, size_t shown);

#endif
