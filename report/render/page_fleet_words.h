/* What the parts of a fleet's page share (page_fleet.h). */
#ifndef HEADROOM_REPORT_RENDER_PAGE_FLEET_WORDS_H
#define HEADROOM_REPORT_RENDER_PAGE_FLEET_WORDS_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"

struct fleet_page {
	struct arena *arena;
	const cJSON *root;
	cJSON *page;
};

void fleet_page_text(cJSON *object, const char *name, const char *text);
const char *fleet_page_figure(const struct fleet_page *f, double number, enum unit unit);
/* A number of the document. */
double fleet_page_number(const struct fleet_page *f, const char *path);
const char *fleet_page_whole(const struct fleet_page *f, double number);
/* "1 host", "2 proxies". */
const char *fleet_page_plural(const struct fleet_page *f, double count, const char *noun);
/* "93 clients", "4 hosts". */
const char *fleet_page_hosts(const struct fleet_page *f, double count, const char *role);
/* A share, from `multiples_from` on as a multiple: "19×". */
const char *fleet_page_share(const struct fleet_page *f, double share, double multiples_from);
/* "24 h", "3 days". */
const char *fleet_page_age(const struct fleet_page *f, double seconds);
/* "2026-11-30 05:40 UTC" of a time of the document. */
const char *fleet_page_minute(const struct fleet_page *f, const char *path);

/* 0: the class fails, 1: it is not known, 2: it passes. */
int fleet_page_rank(const cJSON *class);
/* All classes in the order of their rank. */
const cJSON **fleet_page_classes(const struct fleet_page *f, size_t *ret_count);
/* "gen-012, gen-037 and 4 more": the hosts whose `member` is `of`. */
const char *fleet_page_names(const struct fleet_page *f, const char *member, const char *of);
/* Two texts with `between` between them; the second alone where the first is empty. */
const char *fleet_page_join(const struct fleet_page *f,
		const char *first,
		const char *between,
		const char *second);
/* A text of the document, fit to show. */
const char *fleet_page_said(const struct fleet_page *f, const cJSON *node, const char *path);
/* The text, or a dash. */
const char *fleet_page_or_dash(const char *text);
/* "37,400 (3.7 %)"; "": nothing stops it, or nothing is known. `at_most` stands in front where what
 * is not known may make it less. */
const char *fleet_page_reach(const struct fleet_page *f, const cJSON *reach, const char *at_most);
size_t fleet_page_count(const struct fleet_page *f, const char *state);

#endif
