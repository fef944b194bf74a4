/* Inserts the files that a template names: style sheets and scripts become inline, images become
 * data addresses (for the PDF a drawing). Decodes no images. */
#ifndef HEADROOM_REPORT_RENDER_ASSET_H
#define HEADROOM_REPORT_RENDER_ASSET_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/chart/theme.h"
#include "report/render/template.h"

/* Returns the name of the file in a link, script or img, or "" if there is none. */
const char *asset_name(const xmlNode *node);
/* Returns false with err if the file does not exist or must not become part of the page. */
bool asset_check(const struct template_set *set, const xmlNode *node, struct error *err);
/* Puts the file's content into the element, with the theme before a style sheet unless it is NULL.
 * Returns false if an optional file does not exist. */
bool asset_include(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		xmlNode *node);

#endif
