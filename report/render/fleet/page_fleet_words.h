/* Texts that the parts of a fleet's page share (page_fleet.h). */
#ifndef HEADROOM_REPORT_RENDER_PAGE_FLEET_WORDS_H
#define HEADROOM_REPORT_RENDER_PAGE_FLEET_WORDS_H

#include <cjson/cJSON.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/unit.h"
#include "report/render/page_say.h"

/* Returns "93 clients" or "4 hosts". */
const char *fleet_page_hosts(const struct page_say *f, double count, const char *role);

/* Returns 0 if the class fails, 1 if that is not known, 2 if it passes. */
int fleet_page_rank(const cJSON *class);
/* Returns all classes in the order of their rank. */
const cJSON **fleet_page_classes(const struct page_say *f, size_t *ret_count);
/* Returns the hosts whose `member` equals `of`: "gen-012, gen-037 and 4 more". */
const char *fleet_page_names(const struct page_say *f, const char *member, const char *of);
/* Returns "37,400 (3.7%)", beginning with `at_most` if an unknown limit may lower it; "" if no
 * limit is reached or it is unknown. */
const char *fleet_page_reach(const struct page_say *f, const cJSON *reach, const char *at_most);
size_t fleet_page_count(const struct page_say *f, const char *state);

#endif
