/* Turns values of the document into text for a page: numbers with units, cleaned texts. */
#ifndef HEADROOM_REPORT_RENDER_PAGE_SAY_H
#define HEADROOM_REPORT_RENDER_PAGE_SAY_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

struct page_say {
	struct arena *arena;
	const cJSON *root;
	cJSON *page;
};

void page_say_text(cJSON *object, const char *name, const char *text);
const char *page_say_figure(const struct page_say *f, double number, enum unit unit);
/* Returns a number of the document. */
double page_say_number(const struct page_say *f, const char *path);
const char *page_say_whole(const struct page_say *f, double number);
/* Returns "1 host" or "2 proxies". */
const char *page_say_plural(const struct page_say *f, double count, const char *noun);
/* Returns a share as a percentage, or from `multiples_from` on as a multiple: "19×". */
const char *page_say_share(const struct page_say *f, double share, double multiples_from);
/* Returns "24 h" or "3 days". */
const char *page_say_age(const struct page_say *f, double seconds);
/* Returns a time of the document as "2026-11-30 05:40 UTC". */
const char *page_say_minute(const struct page_say *f, const char *path);
/* Joins two texts with `between`; returns the second alone if the first is empty. */
const char *page_say_join(const struct page_say *f,
		const char *first,
		const char *between,
		const char *second);
/* Returns a text of the document, fit to show. */
const char *page_say_said(const struct page_say *f, const cJSON *node, const char *path);
/* Returns the text, or a dash if it is empty. */
const char *page_say_or_dash(const char *text);

#endif
