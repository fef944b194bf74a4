/* The member "page", with everything that a page needs beyond the document: counts, choices,
 * orders and sentences. Every number in it is also in the document. */
#ifndef HEADROOM_REPORT_RENDER_PAGE_H
#define HEADROOM_REPORT_RENDER_PAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* How much of the evidence is shown. If `rows` is less than PAGE_ROWS_FEW, every list of the page
 * is cut to that many rows, so that the page keeps its size whatever the document contains. The
 * document inside the page loses its long members until it has at most `island` bytes. */
enum {
	PAGE_ROWS_FEW = 60
};

struct page_budget {
	size_t rows, bytes; /* bytes of JSON text */
	size_t island;      /* bytes for the document inside the page */
};

/* Adds "page" to the root of the document, or replaces it. Fails if this is not an audit document.
 * `words` (words.h) are referred to, not copied; NULL: the built-in ones. */
bool page_prepare(struct arena *arena,
		cJSON *root,
		cJSON *words,
		const struct page_budget *budget,
		struct error *err);

/* Shared by the files of this page: a load as text, by the formatter of the templates; one element
 * of an array as a member of a row (null if there is none); the step between samples that shows at
 * most `most` of them. */
const char *page_load_text(struct arena *arena, const cJSON *root, const cJSON *load);
void page_add_sample(cJSON *row, const char *name, const cJSON *values, int index);
int page_sample_step(int size, int most);

/* page.badge, page.notes, page.safe and page.hosts: what each output says first. */
void page_trust(struct arena *arena, const cJSON *root, cJSON *page);

/* page.charts: the rows of each chart and what it shows, in words. A chart without data is left
 * out. */
void page_charts(struct arena *arena, cJSON *root, cJSON *page);

/* What each limit allowed at an earlier audit, and what it allows now. */
void page_drift(struct arena *arena, const cJSON *root, cJSON *charts);

/* The use of the limits during the plan. */
void page_time(struct arena *arena, const cJSON *root, cJSON *charts);

/* What was predicted and what was measured. */
void page_calibration(struct arena *arena, const cJSON *root, cJSON *charts);

/* The limits against the plan among them. */
void page_headroom(struct arena *arena, const cJSON *root, cJSON *charts);

/* What a host can carry without a plan, by the kind of load. */
void page_roles(struct arena *arena, const cJSON *root, cJSON *charts);

/* The capacity map: of this host, and of one that is to be ordered. */
void page_map(struct arena *arena, const cJSON *root, cJSON *charts);
void page_map_order(struct arena *arena, const cJSON *root, cJSON *charts);

/* Earlier audits. */
void page_history(struct arena *arena, const cJSON *root, cJSON *charts);

/* Hosts over load. */
void page_changes(struct arena *arena, const cJSON *root, cJSON *charts);

/* page.assumed, page.findings and page.read_at: lists as short as a page needs them. */
void page_lists(const cJSON *root, cJSON *page);
/* When most facts were read. */
const char *page_read_at(const cJSON *root);

/* The command that audits again and says what changed. */
const char *page_again(struct arena *arena, const cJSON *root);
/* What the gate saw during the run. */
void page_run(struct arena *arena, const cJSON *root, cJSON *charts);

/* The charts of report/answer/'s pages. */
void page_answer(struct arena *arena, const cJSON *root, cJSON *page);

/* The port map among them. */
void page_ports(struct arena *arena, const cJSON *root, cJSON *charts);

#endif
