/* Adds what PDF/UA requires of pages, links and fonts and cairo 1.16 leaves out. */
#ifndef HEADROOM_REPORT_PDF_FINISH_OBJECTS_H
#define HEADROOM_REPORT_PDF_FINISH_OBJECTS_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#include "base/error.h"

/* For all objects below `end`: marks content outside of the structure as artifacts, orders tabs by
 * the structure, describes where links lead, and states how fonts number their glyphs. Returns
 * false with err if a page is not in cairo's form. */
bool finish_objects(qpdf_data pdf, int end, struct error *err);

#endif
