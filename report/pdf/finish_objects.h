/* What PDF/UA wants of pages, links and fonts, and cairo 1.16 leaves out. */
#ifndef HEADROOM_REPORT_PDF_FINISH_OBJECTS_H
#define HEADROOM_REPORT_PDF_FINISH_OBJECTS_H

#include <qpdf/qpdf-c.h>
#include <stdbool.h>

#include "base/error.h"

/* Of the objects below `end`: content without a place in the structure becomes an artifact, the
 * order of tabs is that of the structure, links say where they lead, fonts say how their glyphs are
 * numbered. False with err: a page is not as cairo writes it. */
bool finish_objects(qpdf_data pdf, int end, struct error *err);

#endif
