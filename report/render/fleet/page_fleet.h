/* The member "page" of a report about many hosts (headroom.fleet/1). */
#ifndef HEADROOM_REPORT_RENDER_PAGE_FLEET_H
#define HEADROOM_REPORT_RENDER_PAGE_FLEET_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

struct page_say;

/* Returns the setting in which a class differs from most: "512, not 65536". */
const char *page_fleet_deviation(const struct page_say *f, const cJSON *deviation);
/* Returns true if the deviation is a setting: not the status of a limit, and not the age of
 * facts. */
bool page_fleet_is_setting(const cJSON *deviation);

/* Fill parts of the page. */
void page_fleet_badge(const struct page_say *f);
void page_fleet_classes(const struct page_say *f);
void page_fleet_decide(const struct page_say *f);

/* Fills the page, which must have its words and its command line already. */
void page_fleet(struct arena *arena, const cJSON *root, cJSON *page);

#endif
