/* Values of the document as text for a page: numbers in their units, texts cleaned. */
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
/* A number of the document. */
double page_say_number(const struct page_say *f, const char *path);
const char *page_say_whole(const struct page_say *f, double number);
/* "1 host", "2 proxies". */
const char *page_say_plural(const struct page_say *f, double count, const char *noun);
/* A share, from `multiples_from` on as a multiple: "19×". */
const char *page_say_share(const struct page_say *f, double share, double multiples_from);
/* "24 h", "3 days". */
const char *page_say_age(const struct page_say *f, double seconds);
/* "2026-11-30 05:40 UTC" of a time of the document. */
const char *page_say_minute(const struct page_say *f, const char *path);
/* Two texts separated by `between`; the second alone if the first is empty. */
const char *page_say_join(const struct page_say *f,
		const char *first,
		const char *between,
		const char *second);
/* A text of the document, fit to show. */
const char *page_say_said(const struct page_say *f, const cJSON *node, const char *path);
/* The text, or a dash if there is none. */
const char *page_say_or_dash(const char *text);

#endif
