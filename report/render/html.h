/* Writes a bound page so that it is well-formed XML and valid HTML at the same time. */
#ifndef HEADROOM_REPORT_RENDER_HTML_H
#define HEADROOM_REPORT_RENDER_HTML_H

#include <libxml/tree.h>

#include "base/text.h"
#include "report/chart/theme.h"

void html_write(const xmlDoc *doc, const struct theme *theme, struct text *out);

#endif
