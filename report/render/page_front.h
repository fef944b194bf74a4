/* page.front: the content of the first page in reading order. Its sentences are made from members
 * of the document; nothing is judged here. */
#ifndef HEADROOM_REPORT_RENDER_PAGE_FRONT_H
#define HEADROOM_REPORT_RENDER_PAGE_FRONT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "report/render/page_say.h"

/* Fills head line, question, answer, reasons, tiles, decisions, ways out and trust. Call it after
 * page.safe, page.after, page.basis and page.counts are there. */
void page_front(struct arena *arena, const cJSON *root, cJSON *page);

/* Fills page.front.crowded: true if page 1 has no room for the chart, which then follows on the
 * next page. Call it after page.charts is there. */
void page_front_room(const cJSON *root, cJSON *page);

/* State for filling page.front of an audit. */
struct front {
	struct page_say say; /* its `page` is page.front */
	const cJSON *root, *page;
	const char *word; /* word of the badge */
	bool of_run;      /* the verdict is the result of a watched run */
	bool fits_after;  /* the plan fits after the changes */
	size_t changes;   /* number of changes in the ladder */
	size_t unknown;   /* number of unknown limits that count */
};

/* Fills the changes, the alternatives, and what happens if nothing is changed. */
void page_front_decide(const struct front *front);
/* Fills how far to trust the result, and the command that tries again. */
void page_front_trust(const struct front *front);
/* If no plan was given: fill .answer, .why, .break and .after, and the tiles; return how far to
 * trust it. */
void page_carry_answer(const struct front *front);
void page_carry_tiles(const struct front *front, cJSON *tiles);
const char *page_carry_trust(const struct front *front);
/* Returns a load in the unit of the plan: "15,740", "250/s", "unlimited", "at most 44,990"; "" if
 * not known. */
const char *page_front_load(const struct front *front, const cJSON *load);
/* Returns "connections" or "new connections". */
const char *page_front_noun(const struct front *front);

#endif
