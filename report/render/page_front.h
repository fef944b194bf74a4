/* page.front: the content of the first page, in reading order. The sentences are made from members
 * of the document; nothing is judged here. */
#ifndef HEADROOM_REPORT_RENDER_PAGE_FRONT_H
#define HEADROOM_REPORT_RENDER_PAGE_FRONT_H

#include <cjson/cJSON.h>

#include "base/arena.h"
#include "report/render/page_say.h"

/* Head line, question, answer, reasons, tiles, decisions, ways out, trust. After page.safe,
 * page.after, page.basis and page.counts. */
void page_front(struct arena *arena, const cJSON *root, cJSON *page);

/* page.front.crowded: page 1 has no room for the chart, so the chart follows on the next page.
 * Call it after page.charts. */
void page_front_room(const cJSON *root, cJSON *page);

/* The parts of it, for an audit: `front` is page.front. */
struct front {
	struct page_say say; /* its `page` is page.front */
	const cJSON *root, *page;
	const char *word; /* of the badge */
	bool of_run;      /* the verdict is that of a watched run */
	bool fits_after;  /* the plan fits after the changes */
	size_t changes;   /* in the ladder */
	size_t unknown;   /* unknown limits that count */
};

/* The changes, the alternatives, and the consequence of changing nothing. */
void page_front_decide(const struct front *front);
/* How far to trust it, and the command that tries again. */
void page_front_trust(const struct front *front);
/* Without a plan: .answer, .why, .break and .after; its tiles; how far to trust it. */
void page_carry_answer(const struct front *front);
void page_carry_tiles(const struct front *front, cJSON *tiles);
const char *page_carry_trust(const struct front *front);
/* A load in the unit of the plan: "15,740", "250/s", "unlimited", "at most 44,990"; "" where it is
 * not known. */
const char *page_front_load(const struct front *front, const cJSON *load);
/* "connections" or "new connections". */
const char *page_front_noun(const struct front *front);

#endif
