/* Links of the bound page. */
#ifndef HEADROOM_REPORT_RENDER_LINKS_H
#define HEADROOM_REPORT_RENDER_LINKS_H

#include <libxml/tree.h>

#include "base/arena.h"

/* Removes second ids and links to ids that are not there or to addresses that are not harmless. */
void links_tidy(struct arena *arena, xmlDoc *doc);

#endif
