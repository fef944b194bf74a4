/* "page" of a report about many hosts (headroom.fleet/1). */
#ifndef HEADROOM_REPORT_RENDER_PAGE_FLEET_H
#define HEADROOM_REPORT_RENDER_PAGE_FLEET_H

#include <cjson/cJSON.h>
#include <stdbool.h>

#include "base/arena.h"

bool page_is_fleet(const cJSON *root);

/* Fills the page, which has words and the command line already. */
void page_fleet(struct arena *arena, const cJSON *root, cJSON *page);

#endif
