/* The files that a template names: style sheets and scripts become inline, images data addresses
 * (and a drawing, for the PDF). Decodes no image. */
#ifndef HEADROOM_REPORT_RENDER_ASSET_H
#define HEADROOM_REPORT_RENDER_ASSET_H

#include <libxml/tree.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "report/chart/theme.h"
#include "report/render/template.h"

/* The file that a link, script or img names; "" if none. */
const char *asset_name(const xmlNode *node);
/* Whether it exists and may become part of the page. */
bool asset_check(const struct template_set *set, const xmlNode *node, struct error *err);
/* Puts the file's content into the element; before a style sheet the theme, unless NULL. False: an
 * optional file that is not there. */
bool asset_include(struct arena *arena,
		const struct template_set *set,
		const struct theme *theme,
		xmlNode *node);

#endif
