/* Cleans up the links of the bound page. */
#ifndef HEADROOM_REPORT_RENDER_LINKS_H
#define HEADROOM_REPORT_RENDER_LINKS_H

#include <libxml/tree.h>

#include "base/arena.h"

/* Removes duplicate ids, and links to missing ids or to addresses that may be harmful. */
void links_tidy(struct arena *arena, xmlDoc *doc);

#endif
