/* Writes a bound page that is both well-formed XML and valid HTML. */
#ifndef HEADROOM_REPORT_RENDER_HTML_H
#define HEADROOM_REPORT_RENDER_HTML_H

#include <libxml/tree.h>

#include "base/text.h"
#include "report/chart/theme.h"

void html_write(const xmlDoc *doc, const struct theme *theme, struct text *out);

#endif
