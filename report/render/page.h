/* The member "page": everything that a page needs beyond the document, such as counts, choices,
 * orders and sentences. Every number in it is also in the document. */
#ifndef HEADROOM_REPORT_RENDER_PAGE_H
#define HEADROOM_REPORT_RENDER_PAGE_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

/* If `rows` is less than PAGE_ROWS_FEW, every list of the page is cut to that many rows, so that
 * the page stays small whatever the document contains. */
enum {
	PAGE_ROWS_FEW = 60
};

struct page_budget {
	size_t rows, bytes; /* bytes: of JSON text */
	size_t island; /* most bytes of the document inside the page, which loses its long members until
	                  it fits */
};

/* Adds "page" to the root of the document, or replaces it. Returns false with err if this is not an
 * audit document. `words` (words.h) are kept by reference; NULL: the built-in ones. */
bool page_prepare(struct arena *arena,
		cJSON *root,
		cJSON *words,
		const struct page_budget *budget,
		struct error *err);

/* Shared by the files of this page. page_load_text: a load as the templates' formatter shows it.
 * page_add_sample: adds one element of an array to a row, null if there is none. page_sample_step:
 * the step with which at most `most` of `size` samples are shown. */
const char *page_load_text(struct arena *arena, const cJSON *root, const cJSON *load);
void page_add_sample(cJSON *row, const char *name, const cJSON *values, int index);
int page_sample_step(int size, int most);

/* Fills page.badge, page.notes, page.safe and page.hosts: what each output says first. */
void page_trust(struct arena *arena, const cJSON *root, cJSON *page);

/* Fills page.charts: the rows of each chart, and in words what it shows. Charts without data are
 * left out. */
void page_charts(struct arena *arena, cJSON *root, cJSON *page);

/* Adds the chart of what each limit allowed at an earlier audit, and allows now. */
void page_drift(struct arena *arena, const cJSON *root, cJSON *charts);

/* Adds the chart of the use of limits during the plan. */
void page_time(struct arena *arena, const cJSON *root, cJSON *charts);

/* Adds the chart of predictions and measurements. */
void page_calibration(struct arena *arena, const cJSON *root, cJSON *charts);

/* Adds the chart of the limits against the plan. */
void page_headroom(struct arena *arena, const cJSON *root, cJSON *charts);

/* Adds the chart of what a host can carry of each kind of load, if no plan was given. */
void page_roles(struct arena *arena, const cJSON *root, cJSON *charts);

/* Add the capacity map of this host, and of a host to be ordered. */
void page_map(struct arena *arena, const cJSON *root, cJSON *charts);
void page_map_order(struct arena *arena, const cJSON *root, bool new_machine, cJSON *charts);

/* Adds the chart of earlier audits. */
void page_history(struct arena *arena, const cJSON *root, cJSON *charts);

/* Adds the chart of hosts by load. */
void page_changes(struct arena *arena, const cJSON *root, cJSON *charts);

/* Fills page.assumed, page.unsaid, page.idle, page.findings and page.read_at: lists shortened for a
 * page. */
void page_lists(struct arena *arena, const cJSON *root, cJSON *page);
/* Returns the time at which most facts were read. */
const char *page_read_at(const cJSON *root);

/* Returns the command that audits again and says what changed. */
const char *page_again(struct arena *arena, const cJSON *root);
/* Adds the chart of what the gate observed during the run. */
void page_run(struct arena *arena, const cJSON *root, cJSON *charts);

/* Adds the charts for the pages of report/answer/. */
void page_answer(struct arena *arena, const cJSON *root, cJSON *page);

/* Adds the map of ports. */
void page_ports(struct arena *arena, const cJSON *root, cJSON *charts);

#endif
